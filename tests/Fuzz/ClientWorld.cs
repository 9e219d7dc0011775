using System;
using Femto.Mqtt;
using Femto.Mqtt.Unit;

namespace Femto.Fuzz
{
    /// <summary>A client session and a hostile server.</summary>
    public sealed class ClientWorld : IClientSink
    {
        private static readonly byte[] topic = { (byte)'a', (byte)'/', (byte)'b' };
        private readonly Dice dice;
        private readonly Mutator mutator;
        private readonly ClientOptions options = new();
        private readonly ClientSession session;
        private readonly byte fill;
        private readonly int seed;
        private string wrong;
        private int now = 1000, open;
        private byte[] buffer = new byte[4096];
        private int count;

        public long Allocated;

        public ClientWorld(int seed, byte fill)
        {
            this.seed = seed;
            this.fill = fill;
            dice = new Dice(seed);
            ClientLimits l = ClientLimits.Small();
            if (dice.One(2))
            {
                l.PacketBytes = 256;
                l.SendBytes = 96;
                l.TextBytes = 32;
                l.Messages = 8;
                l.Blocks = 12;
                l.BlockBytes = 32;
                l.SendWindow = 4;
                l.ReceiveMaximum = 3;
                l.ReceiveIds = 4;
                l.TopicLength = 48;
                l.Requests = 2;
            }
            mutator = new Mutator(dice, l.PacketBytes);
            options.Version = dice.Of(4, 5);
            options.ClientId = new[] { (byte)'c' };
            session = new ClientSession(l, options, this, seed);
        }

        public string Play()
        {
            try
            {
                for (int i = 0; i < 150 && wrong == null; i++) Step();
            }
            catch (Exception e)
            {
                wrong = "client: " + e;
            }
            Watchdog.Leave();
            return wrong;
        }

        private void Step()
        {
            now += dice.Next(30);
            if (open == 0)
            {
                count = 0;
                open = 1;
                Watchdog.Enter(seed);
                session.Opened(now);
                Output();
                if (!dice.One(10))
                {
                    Feed(options.Version == 5 ? new byte[] { 0x20, 3, 0, 0, 0 } : new byte[] { 0x20, 2, 0, 0 });
                }
                return;
            }
            switch (dice.Next(8))
            {
                case 0:
                    session.Publish(topic, 0, 3, topic, 0, 3, dice.Next(3), false, null, 0, 0, MessagePool.Never);
                    break;
                case 1: session.Subscribe(topic, 0, 3, dice.Next(3), 0); break;
                case 2: session.Tick(now); break;
                case 3: if (dice.One(8)) Lose(); break;
                default:
                    byte[] packet = Server();
                    Feed(dice.One(2) ? mutator.Break(packet, packet) : packet);
                    break;
            }
            if (open != 0) Output();
            Watchdog.Leave();
            session.Invariants();
        }

        private byte[] Server()
        {
            int id = dice.One(2) ? 1 + dice.Next(8) : 65473 + dice.Next(4);
            switch (dice.Next(6))
            {
                case 0: return mutator.Vector(options.Version, false);
                case 1: return mutator.Vector(options.Version);
                case 2: return Packets.Ack(dice.Of(4, 5, 6, 7), id);
                case 3: return options.Version == 5 ? new byte[] { 0x90, 4, (byte)(id >> 8), (byte)id, 0, 0 }
                    : new byte[] { 0x90, 3, (byte)(id >> 8), (byte)id, 0 };
                default: return Packets.Publish(options.Version, "a/b", dice.Next(3) << 1, 1 + dice.Next(6), topic,
                    options.Version == 5 && dice.One(2) ? new byte[] { 0x23, 0, 1 } : new byte[0]);
            }
        }

        private void Feed(byte[] bytes)
        {
            int front = dice.Next(8);
            byte[] area = new byte[front + bytes.Length + dice.Next(8)];
            Array.Fill(area, fill);
            bytes.CopyTo(area, front);
            int done = 0;
            for (int tries = 0; tries < 50 && done < bytes.Length && open != 0; tries++)
            {
                int n = dice.One(3) ? 1 + dice.Next(bytes.Length - done) : bytes.Length - done;
                Watchdog.Enter(seed);
                long before = GC.GetAllocatedBytesForCurrentThread();
                int taken = session.Feed(area, front + done, n, now);
                Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                if (taken < 0 || taken > n) wrong = $"client took {taken} of {n}";
                done += taken;
                Output();
            }
        }

        private void Output()
        {
            for (int i = 0; open != 0 && wrong == null; i++)
            {
                if (i == 1000) wrong = "the client never comes to rest";
                int n = session.Pending(out byte[] from, out int offset, out bool close);
                if (n == 0)
                {
                    if (close) Lose();
                    return;
                }
                if (count + n > buffer.Length) Array.Resize(ref buffer, 2 * (count + n));
                Array.Copy(from, offset, buffer, count, n);
                count += n;
                session.Sent(n, now);
                int at = 0;
                while (wrong == null)
                {
                    int head = FixedHeader.Decode(buffer, at, count - at, out int remaining);
                    if (head < 0) wrong = "client: a length that is none";
                    if (head <= 0 || head + remaining > count - at) break;
                    Fault f = PacketCodec.Take(buffer, at, head + remaining, options.Version);
                    if (f != Fault.None)
                    {
                        wrong = $"client sent {f}: " + Convert.ToHexString(buffer, at, head + remaining);
                    }
                    at += head + remaining;
                }
                Array.Copy(buffer, at, buffer, 0, count - at);
                count -= at;
            }
        }

        private void Lose()
        {
            open = 0;
            session.Closed(now);
        }

        public void Connected(ClientSession c, bool sessionPresent)
        {
        }

        public void Disconnected(ClientSession c, int reason)
        {
        }

        public int Message(ClientSession c, ClientMessage m) => 0;

        public void Discarded(ClientSession c, byte[] from, int offset, int length, int qos, int bytes)
        {
            if (offset < 0 || offset + length > from.Length || bytes <= 0) wrong = "a discarded message out of bounds";
        }

        public void Answer(ClientSession c, int request, int reason)
        {
        }

        public void Acknowledged(ClientSession c, int message, int reason)
        {
        }

        public int Auth(ClientSession c, int reason, byte[] data, int offset, int length, AuthReply reply) =>
            dice.One(3) ? ReasonCode.NotAuthorized : 0;
    }
}
