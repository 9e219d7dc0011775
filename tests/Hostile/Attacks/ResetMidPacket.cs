using Femto.Fuzz;

namespace Femto.Hostile
{
    /// <summary>A reset in the middle of a PUBLISH, a CONNECT or a SUBSCRIBE.</summary>
    public sealed class ResetMidPacket : Attack
    {
        public ResetMidPacket()
            : base("reset in mid-packet", "resets")
        {
        }

        protected override void Run()
        {
            byte[] publish = Packets.Publish(5, "cut", 2, 1, new byte[5000]);
            byte[] subscribe = Packets.Subscribe(5, 1, 1, new byte[0], "cut/a", "cut/b");
            byte[] connect = Packets.Connect(5, "reset", true, "cut/will", null);
            while (On)
            {
                if (Dice.One(4))
                {
                    Peer early = Open();
                    early.Send(connect[..(1 + Dice.Next(connect.Length - 1))]);
                    early.Reset();
                    Count++;
                    continue;
                }
                using Peer peer = Connected(5, "reset-" + Dice.Next(100));
                if (peer == null) continue;
                byte[] packet = Dice.One(2) ? publish : subscribe;
                peer.Send(packet[..(1 + Dice.Next(packet.Length - 1))]);
                peer.Reset();
                Count++;
            }
        }
    }
}
