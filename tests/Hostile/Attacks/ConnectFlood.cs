using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Femto.Fuzz;

namespace Femto.Hostile
{
    /// <summary>More clients than the broker has connections, all at once and all staying: those above the limit must
    /// be turned away, and once the crowd has left the next one must get in.</summary>
    public sealed class ConnectFlood : Attack
    {
        /// <summary>Connections of the broker's preset `host`.</summary>
        public const int Limit = 2048;
        private const int Peers = Limit + 500;

        public ConnectFlood()
            : base("CONNECT flood above the limit", "turned away")
        {
            Crowded = true;
        }

        protected override void Run()
        {
            while (On)
            {
                List<Peer> all = new();
                for (int i = 0; i < Peers; i++)
                {
                    Peer peer = Open();
                    peer.Send(Packets.Connect(4 + i % 2, "flood-" + i, true, null, null));
                    all.Add(peer);
                }
                int accepted = all.Count(p => p.Packet()?[0] == 0x20);
                if (accepted > Limit) Say($"{accepted} connections at once, {Limit} are the limit");
                Count += Peers - accepted;
                foreach (Peer peer in all)
                {
                    if (Dice.One(2)) peer.Reset();
                    else peer.Dispose();
                }
                Next();
            }
        }

        // The crowd has left, as soon as the broker has noticed.
        private void Next()
        {
            for (int tries = 0; tries < 2000 && Wrong == null; tries++)
            {
                using Peer peer = Connected(5, "flood-next");
                if (peer != null) return;
                Thread.Sleep(10);
            }
            Say("nobody gets in when the crowd has left");
        }
    }
}
