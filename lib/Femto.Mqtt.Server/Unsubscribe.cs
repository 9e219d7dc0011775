namespace Femto.Mqtt
{
    // byte 1            1010 0010
    // byte 2..          remaining length
    // packet identifier two bytes
    // properties        MQTT 5
    // topic filter      UTF-8, one or more times
    //
    /// <summary>UNSUBSCRIBE (section 3.10).</summary>
    public sealed class Unsubscribe
    {
        /// <summary>What the filters refer to: the packet's buffer after decoding, the caller's for
        /// encoding.</summary>
        public byte[] Buffer;
        /// <summary>1 to 65,535.</summary>
        public int PacketId;
        /// <summary>How many filters there are, at least 1.</summary>
        public int Count;
        /// <summary>The filters as they are encoded: from here to <see cref="FiltersEnd"/>.</summary>
        public int FiltersOffset;
        public int FiltersEnd;
        public readonly Properties Properties;

        /// <summary>The filter that <see cref="Next"/> has come to.</summary>
        public int FilterOffset;
        public int FilterLength;

        private int cursor;

        public Unsubscribe(Properties properties)
        {
            Properties = properties;
        }

        /// <summary>
        /// Reads and checks the whole packet, so that <see cref="Next"/> cannot fail; whether a filter is
        /// valid is left to <see cref="TopicPath.Filter"/>. Faults: MalformedPacket, ProtocolError.
        /// </summary>
        /// <param name="flags">The low four bits of the packet's first byte.</param>
        public Fault Decode(PacketReader r, int flags)
        {
            if (flags != 2)
            {
                return Fault.MalformedPacket; // [MQTT-3.10.1-1]
            }
            Buffer = r.Buffer;
            PacketId = r.UInt16();
            Properties.Decode(r, PacketType.Unsubscribe);
            FiltersOffset = r.Offset;
            FiltersEnd = r.End;
            Count = 0;
            while (r.Offset < r.End)
            {
                r.Text(out int _); // [MQTT-3.10.3-1]
                Count++;
            }
            Rewind();
            if (r.Fault != Fault.None)
            {
                return r.Fault;
            }
            if (PacketId == 0)
            {
                return Fault.ProtocolError; // [MQTT-2.2.1-3], in 3.1.1 [MQTT-2.3.1-1]
            }
            return Count > 0 ? Fault.None : Fault.ProtocolError; // [MQTT-3.10.3-2]
        }

        /// <summary>Goes back before the first filter.</summary>
        public void Rewind()
        {
            cursor = FiltersOffset;
        }

        /// <summary>Goes on to the next filter; false when there is no more.</summary>
        public bool Next()
        {
            int o = cursor;
            if (o >= FiltersEnd)
            {
                return false;
            }
            byte[] buffer = Buffer;
            FilterOffset = o + 2;
            FilterLength = buffer[o] << 8 | buffer[o + 1];
            cursor = FilterOffset + FilterLength;
            return true;
        }

        private int RemainingLength(int version)
        {
            int length = 2 + FiltersEnd - FiltersOffset;
            return version == 5 ? length + Properties.Size(PacketType.Unsubscribe) : length;
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
            w.Byte(PacketType.Unsubscribe << 4 | 2);
            w.VarInt(RemainingLength(version));
            w.UInt16(PacketId);
            if (version == 5)
            {
                Properties.Encode(w, PacketType.Unsubscribe);
            }
            w.Copy(Buffer, FiltersOffset, FiltersEnd - FiltersOffset);
        }
    }
}
