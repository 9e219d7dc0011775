namespace Femto.Mqtt
{
    /// <summary>Which reason codes stand in which packets: table 2-6 of MQTT 5 and the table of each
    /// packet.</summary>
    internal static class Reasons
    {
        private const int Connack = 1 << PacketType.Connack;
        private const int Pub = 1 << PacketType.Puback | 1 << PacketType.Pubrec;
        private const int Rel = 1 << PacketType.Pubrel | 1 << PacketType.Pubcomp;
        private const int Suback = 1 << PacketType.Suback;
        private const int Unsuback = 1 << PacketType.Unsuback;
        private const int Disconnect = 1 << PacketType.Disconnect;
        private const int Auth = 1 << PacketType.Auth;
        private const int Acks = Pub | Suback | Unsuback;
        private const int Ends = Connack | Disconnect;

        // The codes in use, and beside each the packets that may carry it.
        private static readonly byte[] codes = new byte[]
        {
            0x00, 0x01, 0x02, 0x04, 0x10, 0x11, 0x18, 0x19,
        };
        private static readonly int[] low = new int[]
        {
            Connack | Pub | Rel | Suback | Unsuback | Disconnect | Auth, Suback, Suback, Disconnect,
            Pub, Unsuback, Auth, Auth,
        };
        private static readonly int[] high = new int[]
        {
            /* 80 */ Ends | Acks, Ends, Ends, Ends | Acks,
            /* 84 */ Connack, Connack, Connack, Ends | Acks,
            /* 88 */ Connack, Ends, Connack, Disconnect,
            /* 8C */ Ends, Disconnect, Disconnect, Suback | Unsuback | Disconnect,
            /* 90 */ Ends | Pub, Acks, Rel, Disconnect,
            /* 94 */ Disconnect, Ends, Disconnect, Ends | Pub | Suback,
            /* 98 */ Disconnect, Ends | Pub, Ends, Ends,
            /* 9C */ Ends, Ends, Suback | Disconnect, Ends,
            /* A0 */ Disconnect, Suback | Disconnect, Suback | Disconnect,
        };

        /// <summary>Whether a packet of MQTT 5 may carry the reason code.</summary>
        public static bool Allowed(int packet, int reason)
        {
            int packets = 0;
            if (reason >= 0x80)
            {
                if (reason < 0x80 + high.Length)
                {
                    packets = high[reason - 0x80];
                }
            }
            else
            {
                for (int i = 0; i < codes.Length; i++)
                {
                    if (codes[i] == reason)
                    {
                        packets = low[i];
                    }
                }
            }
            return (packets >> packet & 1) != 0;
        }
    }
}
