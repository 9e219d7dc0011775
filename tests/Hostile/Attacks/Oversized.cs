namespace Femto.Hostile
{
    /// <summary>Remaining lengths of 256 MB, and some that are none, before CONNECT and behind it. MQTT 5 clients must
    /// be told why, all must be closed.</summary>
    public sealed class Oversized : Attack
    {
        private static readonly byte[] huge = { 0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0, 1, 120 };
        private static readonly byte[] none = { 0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 1, 120 };

        public Oversized()
            : base("oversized remaining length", "closed for it")
        {
        }

        protected override void Run()
        {
            while (On)
            {
                bool large = Dice.One(2);
                byte[] bytes = large ? huge : none;
                if (Dice.One(3)) Before((byte[])bytes.Clone());
                else if (Dice.One(2)) Behind(4, bytes, 0);
                else Behind(5, bytes, large ? 0x95 : 0x81);
            }
        }

        private void Before(byte[] bytes)
        {
            using Peer peer = Open();
            bytes[0] = 0x10;
            peer.Send(bytes);
            if (peer.Ends()) Count++;
            else Say("a CONNECT with such a length is not closed");
        }

        private void Behind(int version, byte[] bytes, int reason)
        {
            using Peer peer = Connected(version, "large-" + Dice.Next(50));
            if (peer == null) return;
            peer.Send(bytes);
            peer.Send(new byte[Dice.Next(2000)]);
            byte[] last = peer.Packet();
            bool told = last == null ? version == 4 : last.Length > 2 && last[0] == 0xE0 && last[2] == reason;
            if (!told) Say($"DISCONNECT 0x{reason:X2} expected, got {Hex(last)}");
            else if (last != null && !peer.Ends()) Say("told why, and not closed");
            else Count++;
        }
    }
}
