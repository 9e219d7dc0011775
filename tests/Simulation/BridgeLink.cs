using System;
using Femto.Mqtt;

namespace Femto.Simulation
{
    /// <summary>The bridge's transport to the other broker: bytes in pieces, late, stalled or cut.</summary>
    public sealed class BridgeLink : ITransport
    {
        public bool Refuses;
        public bool Stalled;
        public int Cuts;

        private readonly BridgeWorld world;
        private readonly Broker upstream;
        private readonly Dice dice;
        private readonly ByteQueue up = new();
        private readonly ByteQueue down = new();
        private int connection = -1;
        private int state = TransportState.Closed;

        public BridgeLink(BridgeWorld world, Broker upstream, Dice dice)
        {
            this.world = world;
            this.upstream = upstream;
            this.dice = dice;
        }

        public string Error => null;

        public bool Empty => up.Count == 0 && down.Count == 0;

        public void Open(TransportOptions options)
        {
            state = TransportState.Connecting;
        }

        public int State() => state;

        public int Receive(byte[] b, int o, int n)
        {
            if (state != TransportState.Open) return -1;
            n = Math.Min(Piece(n), down.Count);
            if (Stalled || n == 0) return 0;
            Array.Copy(down.Data, down.Start, b, o, n);
            down.Take(n);
            return n;
        }

        public int Send(byte[] b, int o, int n)
        {
            if (state != TransportState.Open) return -1;
            n = Math.Min(Piece(n), 300 - up.Count);
            if (Stalled || n <= 0) return 0;
            up.Add(b, o, n);
            return n;
        }

        public void Close()
        {
            // What Send took still goes out, like a socket that is closed.
            while (connection >= 0 && up.Count != 0 && Feed(up.Count))
            {
            }
            Drop();
        }

        /// <summary>The connection breaks, and what is under way is lost.</summary>
        public void Cut()
        {
            if (connection >= 0) Cuts++;
            Drop();
        }

        private void Drop()
        {
            if (connection >= 0) upstream.Closed(connection, world.NowMs);
            connection = -1;
            state = TransportState.Closed;
            up.Clear();
            down.Clear();
        }

        private int Piece(int n) => world.Healing ? n : Math.Min(n, dice.Of(1, 7, 40, 1000));

        /// <summary>Bytes move.</summary>
        public void Move()
        {
            if (state == TransportState.Connecting)
            {
                connection = Refuses ? -1 : upstream.Open(world.NowMs, 1, null, 0, 0);
                state = connection < 0 ? TransportState.Closed : TransportState.Open;
            }
            if (connection < 0 || Stalled) return;
            Feed(Piece(up.Count));
            int n = upstream.Pending(connection, out byte[] data, out int offset, out bool close);
            if (n == 0 && close)
            {
                Cut();
                return;
            }
            n = Piece(n);
            down.Add(data, offset, n);
            upstream.Sent(connection, n, world.NowMs);
        }

        private bool Feed(int n)
        {
            n = Math.Min(n, up.Count);
            if (n == 0) return false;
            byte[] copy = new byte[n];
            Array.Copy(up.Data, up.Start, copy, 0, n);
            int taken = upstream.Feed(connection, copy, 0, n, world.NowMs);
            up.Take(taken);
            return taken != 0;
        }
    }
}
