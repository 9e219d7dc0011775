namespace Femto.Mqtt
{
    // byte 1    type (bits 7-4), flags (bits 3-0)
    // byte 2..5 remaining length: seven bits a byte, least significant first, bit 7 set when more follow
    //
    /// <summary>The first two to five bytes of every packet (section 2.1).</summary>
    public static class FixedHeader
    {
        /// <summary>The largest remaining length that four bytes can say.</summary>
        public const int RemainingLengthMax = 268435455;

        /// <summary>
        /// Reads the fixed header that begins at <paramref name="offset"/> and looks at no byte past
        /// <paramref name="offset"/> + <paramref name="count"/>.
        /// </summary>
        /// <param name="remainingLength">Bytes of the packet after its fixed header; 0 when none is known
        /// yet.</param>
        /// <returns>Bytes of the fixed header, 2 to 5; 0 when more bytes are needed; -1 when the remaining
        /// length is malformed: longer than four bytes, or not in its shortest form.</returns>
        public static int Decode(byte[] buffer, int offset, int count, out int remainingLength)
        {
            if (count < 2)
            {
                remainingLength = 0;
                return 0;
            }
            int b = buffer[offset + 1];
            if (b < 0x80)
            {
                remainingLength = b;
                return 2;
            }
            remainingLength = 0;
            int value = b & 0x7F;
            int size = 2;
            for (int shift = 7; shift < 28; shift += 7)
            {
                if (size == count)
                {
                    return 0;
                }
                b = buffer[offset + size];
                size++;
                value |= (b & 0x7F) << shift;
                if (b < 0x80)
                {
                    if (b == 0)
                    {
                        return -1; // [MQTT-1.5.5-1] the shortest form
                    }
                    remainingLength = value;
                    return size;
                }
            }
            return -1; // a fifth byte of length does not exist
        }

        /// <summary>Bytes that <paramref name="value"/> takes as a variable byte integer, 1 to 4 (section
        /// 1.5.5).</summary>
        public static int LengthSize(int value)
        {
            if (value < 0x80)
            {
                return 1;
            }
            if (value < 0x4000)
            {
                return 2;
            }
            return value < 0x200000 ? 3 : 4;
        }

        /// <summary>
        /// Checks a packet's first byte before the rest has arrived: the type exists in this version and its
        /// reserved flags have their values. The flags of PUBLISH are left to <c>Publish</c>.
        /// </summary>
        /// <param name="first">The first byte of the packet.</param>
        /// <param name="version">4 (3.1.1) or 5.</param>
        public static Fault CheckFlags(int first, int version)
        {
            int type = first >> 4;
            if (type == PacketType.Publish)
            {
                return Fault.None;
            }
            int flags = first & 0x0F;
            switch (type)
            {
                case 0:
                    return Fault.MalformedPacket;
                case PacketType.Pubrel: // [MQTT-3.6.1-1]
                case PacketType.Subscribe: // [MQTT-3.8.1-1]
                case PacketType.Unsubscribe: // [MQTT-3.10.1-1]
                    return flags == 2 ? Fault.None : Fault.MalformedPacket;
                case PacketType.Auth: // [MQTT-3.15.1-1]
                    return flags == 0 && version == 5 ? Fault.None : Fault.MalformedPacket;
                default:
                    return flags == 0 ? Fault.None : Fault.MalformedPacket; // [MQTT-2.1.3-1]
            }
        }
    }
}
