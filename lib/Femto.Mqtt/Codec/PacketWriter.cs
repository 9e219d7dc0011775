using System;
using System.Diagnostics;

namespace Femto.Mqtt
{
    /// <summary>
    /// Writes fields into the caller's buffer. The caller asks a packet for its Size first and gives that
    /// much room: too little is a programmer's mistake, asserted only.
    /// </summary>
    public sealed class PacketWriter
    {
        /// <summary>The caller's buffer.</summary>
        public byte[] Buffer;
        /// <summary>Where the next byte goes.</summary>
        public int Offset;
        /// <summary>The first byte behind the room.</summary>
        public int End;

        /// <summary>Begins at <paramref name="offset"/> with room for <paramref name="count"/>
        /// bytes.</summary>
        public void Open(byte[] buffer, int offset, int count)
        {
            Buffer = buffer;
            Offset = offset;
            End = offset + count;
        }

        /// <summary>The low eight bits of <paramref name="value"/>.</summary>
        public void Byte(int value)
        {
            Debug.Assert(Offset < End);
            Buffer[Offset++] = (byte)value;
        }

        /// <summary>A two byte integer.</summary>
        public void UInt16(int value)
        {
            int o = Offset;
            Debug.Assert(End - o >= 2);
            byte[] buffer = Buffer;
            buffer[o] = (byte)(value >> 8);
            buffer[o + 1] = (byte)value;
            Offset = o + 2;
        }

        /// <summary>A four byte integer.</summary>
        public void UInt32(uint value)
        {
            int o = Offset;
            Debug.Assert(End - o >= 4);
            byte[] buffer = Buffer;
            buffer[o] = (byte)(value >> 24);
            buffer[o + 1] = (byte)(value >> 16);
            buffer[o + 2] = (byte)(value >> 8);
            buffer[o + 3] = (byte)value;
            Offset = o + 4;
        }

        /// <summary>A variable byte integer, 0 to 268,435,455.</summary>
        public void VarInt(int value)
        {
            int o = Offset;
            Debug.Assert(value >= 0 && value <= FixedHeader.RemainingLengthMax);
            Debug.Assert(End - o >= FixedHeader.LengthSize(value));
            byte[] buffer = Buffer;
            while (value >= 0x80)
            {
                buffer[o++] = (byte)(value | 0x80);
                value >>= 7;
            }
            buffer[o++] = (byte)value;
            Offset = o;
        }

        /// <summary>Bytes as they are.</summary>
        public void Copy(byte[] source, int offset, int length)
        {
            int o = Offset;
            Debug.Assert(End - o >= length);
            if (length > 0)
            {
                Array.Copy(source, offset, Buffer, o, length);
                Offset = o + length;
            }
        }

        /// <summary>Bytes behind their two byte length, at most 65,535: binary data or a UTF-8 encoded
        /// string.</summary>
        public void Binary(byte[] source, int offset, int length)
        {
            Debug.Assert(length >= 0 && length <= 0xFFFF);
            UInt16(length);
            Copy(source, offset, length);
        }
    }
}
