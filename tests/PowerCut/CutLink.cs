using System;
using Femto.Mqtt;
using Femto.Simulation;

namespace Femto.PowerCut
{
    /// <summary>The bridge's transport to the broker upstream, which keeps its power.</summary>
    public sealed class CutLink : ITransport
    {
        private readonly CutWorld world;
        private readonly Broker upstream;
        private readonly ByteQueue up = new(), down = new();
        private int connection = -1;
        private int state = TransportState.Closed;

        public CutLink(CutWorld world, Broker upstream)
        {
            this.world = world;
            this.upstream = upstream;
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
            n = Math.Min(n, down.Count);
            if (n == 0) return 0;
            Array.Copy(down.Data, down.Start, b, o, n);
            down.Take(n);
            return n;
        }

        public int Send(byte[] b, int o, int n)
        {
            if (state != TransportState.Open) return -1;
            n = Math.Min(n, 300 - up.Count);
            if (n <= 0) return 0;
            up.Add(b, o, n);
            return n;
        }

        public void Close()
        {
            if (connection >= 0) upstream.Closed(connection, world.NowMs);
            connection = -1;
            state = TransportState.Closed;
            up.Clear();
            down.Clear();
        }

        /// <summary>The power is gone here: what went out before still arrives, or some of it.</summary>
        public void Cut()
        {
            if (connection >= 0) Feed(world.Dice.Of(0, 5, 100000));
            Close();
        }

        /// <summary>Bytes move.</summary>
        public void Move(int most)
        {
            if (state == TransportState.Connecting)
            {
                connection = upstream.Open(world.NowMs, 1, null, 0, 0);
                state = connection < 0 ? TransportState.Closed : TransportState.Open;
            }
            if (connection < 0) return;
            Feed(most);
            int n = upstream.Pending(connection, out byte[] data, out int offset, out bool close);
            if (n == 0 && close)
            {
                Close();
                return;
            }
            n = Math.Min(n, most);
            down.Add(data, offset, n);
            upstream.Sent(connection, n, world.NowMs);
        }

        private void Feed(int most)
        {
            int n = Math.Min(most, up.Count);
            if (n == 0) return;
            byte[] copy = new byte[n];
            Array.Copy(up.Data, up.Start, copy, 0, n);
            up.Take(upstream.Feed(connection, copy, 0, n, world.NowMs));
        }
    }
}
