namespace Femto.Mqtt
{
    // byte 1            1001 0000 SUBACK, 1011 0000 UNSUBACK
    // byte 2..          remaining length
    // packet identifier two bytes
    // properties        MQTT 5
    // reason codes      a byte for each filter, in the order of the request; none in 3.1.1's UNSUBACK
    //
    /// <summary>SUBACK and UNSUBACK (sections 3.9 and 3.11): one form, two types.</summary>
    public sealed class Suback
    {
        /// <summary><see cref="PacketType.Suback"/> or <see cref="PacketType.Unsuback"/>; set it before
        /// decoding and before encoding.</summary>
        public int Type = PacketType.Suback;
        /// <summary>What the reason codes refer to: the packet's buffer after decoding, the caller's for
        /// encoding.</summary>
        public byte[] Buffer;
        /// <summary>1 to 65,535.</summary>
        public int PacketId;
        /// <summary>Where the reason codes stand in <see cref="Buffer"/>, a byte each.</summary>
        public int ReasonsOffset;
        /// <summary>How many there are; 0 in 3.1.1's UNSUBACK, which has none (they are not encoded
        /// then).</summary>
        public int Count;
        public readonly Properties Properties;

        public Suback(Properties properties)
        {
            Properties = properties;
        }

        /// <summary>Reads and checks the whole packet. Faults: MalformedPacket, ProtocolError.</summary>
        /// <param name="flags">The low four bits of the packet's first byte.</param>
        public Fault Decode(PacketReader r, int flags)
        {
            if (flags != 0)
            {
                return Fault.MalformedPacket; // [MQTT-2.1.3-1]
            }
            Buffer = r.Buffer;
            PacketId = r.UInt16();
            Properties.Decode(r, Type);
            ReasonsOffset = r.Rest(out Count);
            if (r.Fault != Fault.None)
            {
                return r.Fault;
            }
            if (Type == PacketType.Unsuback && r.Version == 4)
            {
                if (Count != 0)
                {
                    return Fault.MalformedPacket; // 3.1.1, 3.11.3: no payload
                }
            }
            else if (Count == 0)
            {
                return Fault.ProtocolError; // [MQTT-3.8.4-6]: one for each filter, and there is one
            }
            if (PacketId == 0)
            {
                return Fault.ProtocolError; // [MQTT-2.2.1-6]
            }
            return CheckReasons(r.Version);
        }

        private Fault CheckReasons(int version)
        {
            for (int i = 0; i < Count; i++)
            {
                int reason = Buffer[ReasonsOffset + i];
                bool known = version == 5 ? Reasons.Allowed(Type, reason) : reason <= 2 || reason == 0x80;
                if (!known)
                {
                    return Fault.ProtocolError; // [MQTT-3.9.3-2] [MQTT-3.11.3-2]
                }
            }
            return Fault.None;
        }

        private int RemainingLength(int version)
        {
            if (version == 5)
            {
                return 2 + Properties.Size(Type) + Count;
            }
            return Type == PacketType.Unsuback ? 2 : 2 + Count;
        }

        /// <summary>Bytes of the whole packet.</summary>
        public int Size(int version)
        {
            int length = RemainingLength(version);
            return 1 + FixedHeader.LengthSize(length) + length;
        }

        /// <summary>Writes the whole packet: <see cref="Size"/> bytes.</summary>
        public void Encode(PacketWriter w, int version)
        {
            w.Byte(Type << 4);
            w.VarInt(RemainingLength(version));
            w.UInt16(PacketId);
            if (version == 5)
            {
                Properties.Encode(w, Type);
            }
            if (version == 5 || Type == PacketType.Suback)
            {
                w.Copy(Buffer, ReasonsOffset, Count);
            }
        }
    }
}
