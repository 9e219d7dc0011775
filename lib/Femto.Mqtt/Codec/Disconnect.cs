namespace Femto.Mqtt
{
    // byte 1       1110 0000
    // byte 2..     remaining length; always 0 in 3.1.1
    // reason code  MQTT 5; may be left out when 0 and without properties
    // properties   MQTT 5; may be left out when there are none
    //
    /// <summary>DISCONNECT (section 3.14).</summary>
    public sealed class Disconnect
    {
        /// <summary>A <see cref="ReasonCode"/>; always 0 in 3.1.1.</summary>
        public int Reason;
        public readonly Properties Properties;

        public Disconnect(Properties properties)
        {
            Properties = properties;
        }

        /// <summary>
        /// Reads and checks the whole packet. Which side may send which reason, and that only a client may
        /// send a session expiry [MQTT-3.14.2-2], is left to the receiver. Faults: MalformedPacket,
        /// ProtocolError.
        /// </summary>
        /// <param name="flags">The low four bits of the packet's first byte.</param>
        public Fault Decode(PacketReader r, int flags)
        {
            if (flags != 0)
            {
                return Fault.MalformedPacket; // [MQTT-3.14.1-1]
            }
            Reason = 0;
            Properties.Clear();
            if (r.Version == 5 && r.Offset < r.End)
            {
                Reason = r.Byte();
                if (r.Offset < r.End) // 3.14.2.2.1: below a remaining length of 2 there are no properties
                {
                    Properties.Decode(r, PacketType.Disconnect);
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
            if (Reason != 0 && !Reasons.Allowed(PacketType.Disconnect, Reason))
            {
                return Fault.ProtocolError; // [MQTT-3.14.2-1]
            }
            return Fault.None;
        }

        // 0, 1 or more: the shortest form.
        private int RemainingLength(int version)
        {
            if (version == 5)
            {
                if (Properties.Present != 0)
                {
                    return 1 + Properties.Size(PacketType.Disconnect);
                }
                if (Reason != 0)
                {
                    return 1;
                }
            }
            return 0;
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
            w.Byte(PacketType.Disconnect << 4);
            w.VarInt(length);
            if (length > 0)
            {
                w.Byte(Reason);
            }
            if (length > 1)
            {
                Properties.Encode(w, PacketType.Disconnect);
            }
        }
    }
}
