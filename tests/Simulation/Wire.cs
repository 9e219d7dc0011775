using System.Collections.Generic;
using System.Text;
using Femto.Mqtt;

namespace Femto.Simulation
{
    /// <summary>Writes packets byte by byte, without the codec under test.</summary>
    public sealed class Wire
    {
        private readonly List<byte> bytes = new();

        public int Count => bytes.Count;

        public static byte[] Packet(int first, Wire body)
        {
            Wire w = new();
            w.Byte(first).VarInt(body.Count);
            w.bytes.AddRange(body.bytes);
            return w.bytes.ToArray();
        }

        public byte[] ToArray() => bytes.ToArray();

        public Wire Byte(int value)
        {
            bytes.Add((byte)value);
            return this;
        }

        public Wire Two(int value) => Byte(value >> 8).Byte(value);

        public Wire Four(uint value) => Two((int)(value >> 16)).Two((int)(value & 0xFFFF));

        public Wire VarInt(int value)
        {
            for (; value > 127; value >>= 7) Byte(value & 127 | 128);
            return Byte(value);
        }

        public Wire Raw(byte[] data)
        {
            bytes.AddRange(data);
            return this;
        }

        public Wire Data(byte[] data) => Two(data.Length).Raw(data);

        public Wire Text(string text) => Data(Encoding.UTF8.GetBytes(text));

        /// <summary>A block of properties behind its length; nothing below MQTT 5.</summary>
        public Wire Block(int version, Wire properties)
        {
            if (version != 5) return this;
            return VarInt(properties.Count).Raw(properties.ToArray());
        }

        public static byte[] Ack(int type, int id)
        {
            return Packet(type << 4 | (type == PacketType.Pubrel ? 2 : 0), new Wire().Two(id));
        }
    }
}
