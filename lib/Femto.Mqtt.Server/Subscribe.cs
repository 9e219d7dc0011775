namespace Femto.Mqtt
{
    // byte 1            1000 0010
    // byte 2..          remaining length
    // packet identifier two bytes
    // properties        MQTT 5
    // then one or more times:
    //   topic filter    UTF-8
    //   options         00, retain handling (2), retain as published, no local, QoS (2); in 3.1.1 only QoS
    //
    /// <summary>SUBSCRIBE (section 3.8).</summary>
    public sealed class Subscribe
    {
        /// <summary>What the filters refer to: the packet's buffer after decoding, the caller's for
        /// encoding.</summary>
        public byte[] Buffer;
        /// <summary>1 to 65,535.</summary>
        public int PacketId;
        /// <summary>How many filters there are, at least 1.</summary>
        public int Count;
        /// <summary>The filters with their options as they are encoded: from here to
        /// <see cref="FiltersEnd"/>.</summary>
        public int FiltersOffset;
        public int FiltersEnd;
        public readonly Properties Properties;

        /// <summary>The filter that <see cref="Next"/> has come to.</summary>
        public int FilterOffset;
        public int FilterLength;
        /// <summary>Its options as one byte.</summary>
        public int Options;
        /// <summary>0, 1 or 2.</summary>
        public int Qos;
        public bool NoLocal;
        public bool RetainAsPublished;
        /// <summary>0, 1 or 2.</summary>
        public int RetainHandling;

        private int cursor;

        public Subscribe(Properties properties)
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
                return Fault.MalformedPacket; // [MQTT-3.8.1-1]
            }
            Buffer = r.Buffer;
            PacketId = r.UInt16();
            Properties.Decode(r, PacketType.Subscribe);
            FiltersOffset = r.Offset;
            FiltersEnd = r.End;
            Count = 0;
            Fault broken = Fault.None;
            while (r.Offset < r.End)
            {
                int filter = r.Text(out int length); // [MQTT-3.8.3-1]
                int options = r.Byte();
                if (r.Fault == Fault.None && broken == Fault.None)
                {
                    broken = CheckOptions(r, options, filter, length);
                }
                Count++;
            }
            Rewind();
            if (r.Fault != Fault.None)
            {
                return r.Fault;
            }
            if (broken != Fault.None)
            {
                return broken;
            }
            if (PacketId == 0)
            {
                return Fault.ProtocolError; // [MQTT-2.2.1-3], in 3.1.1 [MQTT-2.3.1-1]
            }
            return Count > 0 ? Fault.None : Fault.ProtocolError; // [MQTT-3.8.3-2], in 3.1.1 [MQTT-3.8.3-3]
        }

        private static Fault CheckOptions(PacketReader r, int options, int filter, int length)
        {
            if (r.Version == 4)
            {
                return options > 2 ? Fault.MalformedPacket : Fault.None; // 3.1.1's [MQTT-3.8.3-4]
            }
            if ((options & 0xC0) != 0)
            {
                return Fault.MalformedPacket; // [MQTT-3.8.3-5]
            }
            if ((options & 0x03) == 0x03 || (options & 0x30) == 0x30)
            {
                return Fault.ProtocolError; // 3.8.3.1: QoS 3, retain handling 3
            }
            if ((options & 0x04) != 0 && TopicText.IsShared(r.Buffer, filter, length))
            {
                return Fault.ProtocolError; // [MQTT-3.8.3-4] no local on a shared subscription
            }
            return Fault.None;
        }

        /// <summary>Goes back before the first filter.</summary>
        public void Rewind()
        {
            cursor = FiltersOffset;
        }

        /// <summary>Goes on to the next filter and its options; false when there is no more.</summary>
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
            o = FilterOffset + FilterLength;
            int options = buffer[o];
            Options = options;
            Qos = options & 3;
            NoLocal = (options & 0x04) != 0;
            RetainAsPublished = (options & 0x08) != 0;
            RetainHandling = options >> 4 & 3;
            cursor = o + 1;
            return true;
        }

        private int RemainingLength(int version)
        {
            int length = 2 + FiltersEnd - FiltersOffset;
            return version == 5 ? length + Properties.Size(PacketType.Subscribe) : length;
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
            w.Byte(PacketType.Subscribe << 4 | 2);
            w.VarInt(RemainingLength(version));
            w.UInt16(PacketId);
            if (version == 5)
            {
                Properties.Encode(w, PacketType.Subscribe);
            }
            w.Copy(Buffer, FiltersOffset, FiltersEnd - FiltersOffset);
        }
    }
}
