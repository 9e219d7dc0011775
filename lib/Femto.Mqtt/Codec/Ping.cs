namespace Femto.Mqtt
{
    // byte 1  1100 0000 PINGREQ, 1101 0000 PINGRESP
    // byte 2  remaining length 0
    //
    /// <summary>PINGREQ and PINGRESP (sections 3.12 and 3.13).</summary>
    public static class Ping
    {
        /// <summary>Bytes of either packet.</summary>
        public const int Size = 2;
        /// <summary>A whole PINGREQ; not to be changed.</summary>
        public static readonly byte[] Request = new byte[] { PacketType.Pingreq << 4, 0 };
        /// <summary>A whole PINGRESP; not to be changed.</summary>
        public static readonly byte[] Response = new byte[] { PacketType.Pingresp << 4, 0 };

        /// <summary>Checks either packet, which has nothing to say. Fault: MalformedPacket.</summary>
        /// <param name="flags">The low four bits of the packet's first byte.</param>
        public static Fault Decode(PacketReader r, int flags)
        {
            if (flags != 0 || r.Offset != r.End)
            {
                return Fault.MalformedPacket; // [MQTT-2.1.3-1]
            }
            return Fault.None;
        }

        /// <summary>Writes the whole packet: <see cref="Size"/> bytes.</summary>
        /// <param name="type"><see cref="PacketType.Pingreq"/> or <see cref="PacketType.Pingresp"/>.</param>
        public static void Encode(PacketWriter w, int type)
        {
            w.Byte(type << 4);
            w.Byte(0);
        }
    }
}
