using Femto.Fuzz;

namespace Femto.Hostile
{
    /// <summary>The fuzzer's packets, whole and broken, over a socket; answers are thrown away.</summary>
    public sealed class BrokenPackets : Attack
    {
        private const int Largest = 262144; // of the broker's preset `host`

        public BrokenPackets()
            : base("broken packets", "packets")
        {
        }

        protected override void Run()
        {
            Mutator mutator = new(Dice, Largest);
            byte[] last = { 0xC0, 0 };
            while (On)
            {
                int version = Dice.Of(4, 5);
                using Peer peer = Open();
                byte[] connect = mutator.Connect(version);
                if (Dice.One(4)) connect = mutator.Break(connect, last);
                bool open = peer.Send(connect);
                for (int n = Dice.Next(40); n > 0 && open && On; n--)
                {
                    byte[] packet = mutator.Valid(version);
                    open = peer.Send(Dice.One(3) ? mutator.Break(packet, last) : packet) && !peer.Closed();
                    last = packet;
                    Count++;
                }
                if (Dice.One(3)) peer.Reset();
            }
        }
    }
}
