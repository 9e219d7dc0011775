namespace Femto.Mqtt
{
    // byte 1       1111 0000
    // byte 2..     remaining length
    // reason code  0x00, 0x18 or 0x19
    // properties   an authentication method is a must; both may be left out when the reason is 0
    //
    /// <summary>AUTH (section 3.15), of MQTT 5 only.</summary>
    public sealed class Auth
    {
        /// <summary>A <see cref="ReasonCode"/>: 0x00, 0x18 or 0x19.</summary>
        public int Reason;
        public readonly Properties Properties;

        public Auth(Properties properties)
        {
            Properties = properties;
        }

        /// <summary>Reads and checks the whole packet. Faults: MalformedPacket, ProtocolError.</summary>
        /// <param name="flags">The low four bits of the packet's first byte.</param>
        public Fault Decode(PacketReader r, int flags)
        {
            if (flags != 0 || r.Version != 5)
            {
                return Fault.MalformedPacket; // [MQTT-3.15.1-1]; type 15 is reserved in 3.1.1
            }
            Reason = 0;
            Properties.Clear();
            if (r.Offset == r.End)
            {
                return Fault.None; // 3.15.2.1: success without a word
            }
            Reason = r.Byte();
            Properties.Decode(r, PacketType.Auth);
            if (r.Fault != Fault.None)
            {
                return r.Fault;
            }
            if (r.Offset != r.End)
            {
                return Fault.MalformedPacket;
            }
            if (!Reasons.Allowed(PacketType.Auth, Reason))
            {
                return Fault.ProtocolError; // [MQTT-3.15.2-1]
            }
            // 3.15.2.2.2: "It is a Protocol Error to omit the Authentication Method"
            return (Properties.Present & Has.AuthMethod) != 0 ? Fault.None : Fault.ProtocolError;
        }

        private int RemainingLength()
        {
            return Reason == 0 && Properties.Present == 0 ? 0 : 1 + Properties.Size(PacketType.Auth);
        }

        /// <summary>Bytes of the whole packet.</summary>
        public int Size(int version)
        {
            int length = RemainingLength();
            return 1 + FixedHeader.LengthSize(length) + length;
        }

        /// <summary>Writes the whole packet: <see cref="Size"/> bytes.</summary>
        public void Encode(PacketWriter w, int version)
        {
            int length = RemainingLength();
            w.Byte(PacketType.Auth << 4);
            w.VarInt(length);
            if (length > 0)
            {
                w.Byte(Reason);
                Properties.Encode(w, PacketType.Auth);
            }
        }
    }
}
