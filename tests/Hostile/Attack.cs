using System;
using System.Threading;
using Femto.Fuzz;

namespace Femto.Hostile
{
    /// <summary>One kind of bad manners, kept up for a while on a thread of its own.</summary>
    public abstract class Attack
    {
        /// <summary>As it stands in the table.</summary>
        public readonly string Name;
        /// <summary>What <see cref="Count"/> counts.</summary>
        public readonly string Unit;
        public long Count;
        /// <summary>The first thing that the broker did wrong; null.</summary>
        public string Wrong;
        /// <summary>The broker may be full: to be turned away is no fault.</summary>
        public bool Crowded;

        protected readonly Dice Dice = new(1);
        private int port;
        private long untilMs;

        protected Attack(string name, string unit)
        {
            Name = name;
            Unit = unit;
        }

        protected bool On => Environment.TickCount64 < untilMs && Wrong == null;

        protected abstract void Run();

        public Thread Start(int port, double seconds)
        {
            this.port = port;
            untilMs = Environment.TickCount64 + (long)(seconds * 1000);
            Thread thread = new(Guard) { Name = Name };
            thread.Start();
            return thread;
        }

        private void Guard()
        {
            try
            {
                Run();
            }
            catch (Exception e)
            {
                Say(e.ToString());
            }
        }

        protected void Say(string what)
        {
            Wrong ??= Name + ": " + what;
        }

        protected Peer Open(int receiveBytes = 0) => new(port, receiveBytes);

        /// <summary>A client that has its CONNACK; null when it was turned away, which is wrong unless
        /// crowded.</summary>
        protected Peer Connected(int version, string id, params byte[] properties)
        {
            Peer peer = Open();
            bool sent = peer.Send(Packets.Connect(version, id, true, null, null, properties));
            byte[] answer = sent ? peer.Packet() : null;
            if (answer != null && answer[0] == 0x20 && answer[3] == 0) return peer;
            if (!Crowded) Say(answer == null ? "closed instead of CONNACK" : "CONNECT got " + Hex(answer));
            peer.Dispose();
            return null;
        }

        /// <summary>The next packet must begin with this byte.</summary>
        protected bool Expect(Peer peer, int first, string what)
        {
            byte[] packet = peer.Packet();
            if (packet != null && packet[0] == first) return true;
            if (!Crowded || packet != null) Say($"{what} expected, got {Hex(packet)}");
            return false;
        }

        protected static string Hex(byte[] packet) => packet == null ? "the end" : Convert.ToHexString(packet);
    }
}
