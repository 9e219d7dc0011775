namespace Femto.Mqtt
{
    /// <summary>
    /// Reads fields from one packet in the caller's buffer. Never reads outside <see cref="Offset"/> to
    /// <see cref="End"/>, never throws. The first fault sticks: after it every read yields 0, so that a
    /// decoder can read straight down and look at <see cref="Fault"/> once.
    /// </summary>
    public sealed class PacketReader
    {
        /// <summary>The caller's buffer; not copied.</summary>
        public byte[] Buffer;
        /// <summary>The next byte to read.</summary>
        public int Offset;
        /// <summary>The first byte behind what may be read.</summary>
        public int End;
        /// <summary>4 for MQTT 3.1.1, 5 for 5.0.</summary>
        public int Version;
        /// <summary>The first fault found, <see cref="Femto.Mqtt.Fault.None"/> so far.</summary>
        public Fault Fault;

        /// <summary>Begins a packet.</summary>
        /// <param name="offset">The first byte after the fixed header.</param>
        /// <param name="length">The remaining length.</param>
        /// <param name="version">4 or 5; CONNECT finds its own.</param>
        public void Open(byte[] buffer, int offset, int length, int version)
        {
            Buffer = buffer;
            Offset = offset;
            End = offset + length;
            Version = version;
            Fault = Fault.None;
        }

        /// <summary>Records a fault unless there is one already, and ends the packet. Returns 0.</summary>
        public int Fail(Fault fault)
        {
            if (Fault == Fault.None)
            {
                Fault = fault;
            }
            Offset = End;
            return 0;
        }

        /// <summary>A byte.</summary>
        public int Byte()
        {
            int o = Offset;
            if (o >= End)
            {
                return Fail(Fault.MalformedPacket);
            }
            Offset = o + 1;
            return Buffer[o];
        }

        /// <summary>A two byte integer (section 1.5.2).</summary>
        public int UInt16()
        {
            int o = Offset;
            if (End - o < 2)
            {
                return Fail(Fault.MalformedPacket);
            }
            Offset = o + 2;
            byte[] buffer = Buffer;
            return buffer[o] << 8 | buffer[o + 1];
        }

        /// <summary>A four byte integer (section 1.5.3).</summary>
        public uint UInt32()
        {
            int o = Offset;
            if (End - o < 4)
            {
                return (uint)Fail(Fault.MalformedPacket);
            }
            Offset = o + 4;
            byte[] buffer = Buffer;
            return (uint)(buffer[o] << 24 | buffer[o + 1] << 16 | buffer[o + 2] << 8 | buffer[o + 3]);
        }

        /// <summary>A variable byte integer in its shortest form, 0 to 268,435,455 (section 1.5.5).</summary>
        public int VarInt()
        {
            int value = 0;
            for (int shift = 0; shift < 28; shift += 7)
            {
                int o = Offset;
                if (o >= End)
                {
                    return Fail(Fault.MalformedPacket);
                }
                Offset = o + 1;
                int b = Buffer[o];
                value |= (b & 0x7F) << shift;
                if (b < 0x80)
                {
                    if (b == 0 && shift > 0)
                    {
                        return Fail(Fault.MalformedPacket); // [MQTT-1.5.5-1]
                    }
                    return value;
                }
            }
            return Fail(Fault.MalformedPacket);
        }

        /// <summary>Binary data (section 1.5.6): returns the offset in <see cref="Buffer"/>.</summary>
        public int Binary(out int length)
        {
            int o = Offset;
            int room = End - o - 2;
            if (room >= 0)
            {
                byte[] buffer = Buffer;
                length = buffer[o] << 8 | buffer[o + 1];
                if (length <= room)
                {
                    o += 2;
                    Offset = o + length;
                    return o;
                }
            }
            length = 0;
            return Fail(Fault.MalformedPacket);
        }

        /// <summary>A UTF-8 encoded string (section 1.5.4), checked: returns the offset in
        /// <see cref="Buffer"/>.</summary>
        public int Text(out int length)
        {
            int o = Binary(out length);
            if (length > 0 && !Utf8.IsValid(Buffer, o, length))
            {
                length = 0;
                return Fail(Fault.MalformedPacket); // [MQTT-1.5.4-1] [MQTT-1.5.4-2]
            }
            return o;
        }

        /// <summary>All that is left: returns the offset in <see cref="Buffer"/>.</summary>
        public int Rest(out int length)
        {
            int o = Offset;
            length = End - o;
            Offset = End;
            return o;
        }
    }
}
