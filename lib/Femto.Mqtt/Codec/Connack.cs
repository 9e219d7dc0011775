namespace Femto.Mqtt
{
    // byte 1       0010 0000
    // byte 2..     remaining length
    // flags        0000 000 session present
    // reason code  in 3.1.1 a return code, 0 to 5
    // properties   MQTT 5
    //
    /// <summary>CONNACK (section 3.2).</summary>
    public sealed class Connack
    {
        public bool SessionPresent;
        /// <summary>A <see cref="ReasonCode"/> in MQTT 5; in 3.1.1 a return code, 0 to 5, as it stands in the
        /// packet.</summary>
        public int Reason;
        public readonly Properties Properties;

        public Connack(Properties properties)
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
            int acknowledge = r.Byte();
            SessionPresent = (acknowledge & 1) != 0;
            Reason = r.Byte();
            Properties.Decode(r, PacketType.Connack);
            if (r.Fault != Fault.None)
            {
                return r.Fault;
            }
            if (r.Offset != r.End)
            {
                return Fault.MalformedPacket;
            }
            if (acknowledge > 1)
            {
                return Fault.MalformedPacket; // [MQTT-3.2.2-1]
            }
            if (SessionPresent && Reason != 0)
            {
                return Fault.ProtocolError; // [MQTT-3.2.2-6], in 3.1.1 [MQTT-3.2.2-4]
            }
            bool known = r.Version == 5 ? Reasons.Allowed(PacketType.Connack, Reason) : Reason <= 5;
            return known ? Fault.None : Fault.ProtocolError; // [MQTT-3.2.2-8], in 3.1.1 [MQTT-3.2.2-6]
        }

        private int RemainingLength(int version)
        {
            return version == 5 ? 2 + Properties.Size(PacketType.Connack) : 2;
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
            w.Byte(PacketType.Connack << 4);
            w.VarInt(RemainingLength(version));
            w.Byte(SessionPresent ? 1 : 0);
            w.Byte(Reason);
            if (version == 5)
            {
                Properties.Encode(w, PacketType.Connack);
            }
        }
    }
}
