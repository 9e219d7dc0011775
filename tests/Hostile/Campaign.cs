using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Femto.Fuzz;

namespace Femto.Hostile
{
    /// <summary>A broker, a client that behaves, and one attack after the other, then all together.</summary>
    public sealed class Campaign : IDisposable
    {
        /// <summary>A line of the table.</summary>
        public sealed class Row
        {
            public string Attack, Did;
            public double[] Trips;
            public long Resident, Live;

            public override string ToString()
            {
                return FormattableString.Invariant($"| {Attack} | {Did} | {Trips[0]:0} | {Trips[1]:0.00} | ")
                    + FormattableString.Invariant($"{Trips[2]:0.00} | {Trips[3]:0.0} | {Trips[4]:0.0} | ")
                    + FormattableString.Invariant($"{Resident / 1048576.0:0.0} | {Live / 1048576.0:0.0} |");
            }
        }

        /// <summary>The attack of the row in which all come together.</summary>
        public const string Together = "all at once";

        public const string Head = "| attack | how much of it | round trips | median ms | p99 | p99.9 | longest | "
            + "resident MiB | managed MiB |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |";

        // The PC program keeps a connection so long whose peer has left while the broker held a packet of his.
        private const int LeaveMs = 60000 + Peer.PatienceMs;

        public readonly Victim Victim = new();
        public readonly List<Row> Rows = new();
        private readonly Witness witness;

        public Campaign()
        {
            witness = new Witness(Victim.Port);
        }

        public static Attack[] Attacks()
        {
            return new Attack[]
            {
                new SlowConnects(), new OneByteWrites(), new HalfOpen(), new ResetMidPacket(), new ConnectStorm(),
                new DeafSubscribers(), new ConnectFlood(), new Oversized(), new BrokenPackets(),
            };
        }

        /// <summary>Each attack alone, then all at once; writes the table as it goes.</summary>
        public void Round(double seconds)
        {
            Play("none", seconds);
            foreach (Attack attack in Attacks()) Play(attack.Name, seconds, attack);
            Attack[] all = Attacks();
            foreach (Attack attack in all) attack.Crowded = true;
            Play(Together, seconds, all);
        }

        private void Play(string name, double seconds, params Attack[] attacks)
        {
            witness.Begin();
            Thread[] threads = attacks.Select(a => a.Start(Victim.Port, seconds)).ToArray();
            if (attacks.Length == 0) Thread.Sleep((int)(seconds * 1000));
            long resident = 0;
            do
            {
                if (!Victim.Lives) throw new InvalidOperationException(name + ": the broker has ended");
                resident = Math.Max(resident, Victim.Resident());
            }
            while (threads.Any(t => !t.Join(50)));
            double[] trips = witness.End();
            string wrong = attacks.Select(a => a.Wrong).FirstOrDefault(w => w != null);
            if (wrong != null) throw new InvalidOperationException(wrong);
            string did = attacks.Length == 1 ? $"{attacks[0].Count:N0} {attacks[0].Unit}" : "";
            if (attacks.FirstOrDefault() is ConnectStorm storm && attacks.Length == 1) did += $", {storm.Reached:N0}/s";
            long live = Victim.Heap().Live;
            Rows.Add(new Row { Attack = name, Did = did, Trips = trips, Resident = resident, Live = live });
            Console.WriteLine(Rows[^1]);
        }

        /// <summary>How many clients the broker says are connected: waits until it is this many.</summary>
        public void Alone()
        {
            const string Topic = "$SYS/broker/clients/connected";
            string last = "";
            for (long since = Environment.TickCount64; Environment.TickCount64 - since < LeaveMs;)
            {
                using Peer peer = new(Victim.Port);
                peer.Send(Packets.Connect(4, "counter", true, null, null));
                if (peer.Packet() == null) continue;
                peer.Send(Packets.Subscribe(4, 1, 0, new byte[0], Topic));
                byte[] suback = peer.Packet(), value = peer.Packet();
                if (suback == null || value == null) continue;
                last = System.Text.Encoding.ASCII.GetString(value)[(4 + Topic.Length)..];
                if (last == "2") return; // the well-behaved one, and this one
                Thread.Sleep(100);
            }
            throw new InvalidOperationException($"{last} clients are connected, two are there");
        }

        public void Dispose()
        {
            witness.Dispose();
            Victim.Dispose();
        }
    }
}
