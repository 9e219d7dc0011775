using System;
using System.Diagnostics;
using System.Threading;
using Femto.Fuzz;

namespace Femto.Hostile
{
    /// <summary>Two thousand connects a second: some are reset at once, some after CONNECT or half of it, some wait for
    /// CONNACK and take their leave.</summary>
    public sealed class ConnectStorm : Attack
    {
        public const int Rate = 2000;

        /// <summary>Of the last run.</summary>
        public double Reached;

        public ConnectStorm()
            : base("2,000 connects a second", "connects")
        {
        }

        protected override void Run()
        {
            byte[] connect = Packets.Connect(5, "storm", true, null, null);
            Stopwatch watch = Stopwatch.StartNew();
            while (On)
            {
                if (Count > watch.Elapsed.TotalSeconds * Rate)
                {
                    Thread.Sleep(1);
                    continue;
                }
                One(connect);
                Count++;
            }
            Reached = Count / watch.Elapsed.TotalSeconds;
        }

        private void One(byte[] connect)
        {
            switch (Count % 4)
            {
                case 0:
                    Open().Reset();
                    break;
                case 1:
                    Peer half = Open();
                    half.Send(connect[..10]);
                    half.Dispose();
                    break;
                case 2:
                    Peer whole = Open();
                    whole.Send(connect);
                    whole.Reset();
                    break;
                default:
                    using (Peer polite = Connected(4, "storm-" + Count % 100)) polite?.Send(0xE0, 0);
                    break;
            }
        }
    }
}
