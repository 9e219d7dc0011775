namespace Femto.Mqtt
{
    // byte 1            0100 0000 PUBACK, 0101 0000 PUBREC, 0110 0010 PUBREL, 0111 0000 PUBCOMP
    // byte 2..          remaining length
    // packet identifier two bytes
    // reason code       MQTT 5; may be left out when 0 and without properties
    // properties        MQTT 5; may be left out when there are none
    //
    /// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7): one form, four types.</summary>
    public sealed class Ack
    {
        /// <summary><see cref="PacketType.Puback"/> to <see cref="PacketType.Pubcomp"/>; set it before
        /// decoding and before encoding.</summary>
        public int Type;
        /// <summary>1 to 65,535.</summary>
        public int PacketId;
        /// <summary>A <see cref="ReasonCode"/>; always 0 in 3.1.1.</summary>
        public int Reason;
        public readonly Properties Properties;

        public Ack(Properties properties)
        {
            Properties = properties;
        }

        /// <summary>Reads and checks the whole packet. Faults: MalformedPacket, ProtocolError.</summary>
        /// <param name="flags">The low four bits of the packet's first byte.</param>
        public Fault Decode(PacketReader r, int flags)
        {
            if (flags != (Type == PacketType.Pubrel ? 2 : 0))
            {
                return Fault.MalformedPacket; // [MQTT-3.6.1-1] [MQTT-2.1.3-1]
            }
            PacketId = r.UInt16();
            Reason = 0;
            Properties properties = Properties;
            if (properties.Present != 0)
            {
                properties.Clear();
            }
            if (r.Version == 5 && r.Offset < r.End)
            {
                Reason = r.Byte();
                if (r.Offset < r.End) // 3.4.2.2.1: below a remaining length of 4 there are no properties
                {
                    properties.Decode(r, Type);
                }
            }
            if (r.Fault != Fault.None)
            {
                return r.Fault;
            }
            if (r.Offset != r.End)
            {
                return Fault.MalformedPacket;
            }
            if (PacketId == 0)
            {
                return Fault.ProtocolError; // [MQTT-2.2.1-5]: no PUBLISH had it
            }
            if (Reason != 0 && !Reasons.Allowed(Type, Reason))
            {
                // [MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.6.2-1] [MQTT-3.7.2-1]
                return Fault.ProtocolError;
            }
            return Fault.None;
        }

        // 2, 3 or more: the shortest form.
        private int RemainingLength(int version)
        {
            if (version == 5)
            {
                if (Properties.Present != 0)
                {
                    return 3 + Properties.Size(Type);
                }
                if (Reason != 0)
                {
                    return 3;
                }
            }
            return 2;
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
            int length = RemainingLength(version);
            w.Byte(Type << 4 | (Type == PacketType.Pubrel ? 2 : 0));
            w.VarInt(length);
            w.UInt16(PacketId);
            if (length > 2)
            {
                w.Byte(Reason);
            }
            if (length > 3)
            {
                Properties.Encode(w, Type);
            }
        }
    }
}
