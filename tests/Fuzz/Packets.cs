using System.Collections.Generic;
using System.Text;
using Femto.Mqtt;

namespace Femto.Fuzz
{
    /// <summary>Valid packets, to be sent as they are or broken.</summary>
    public static class Packets
    {
        public static List<byte> Text(List<byte> body, string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return Two(body, bytes.Length, bytes);
        }

        public static List<byte> Two(List<byte> body, int value, params byte[] rest)
        {
            body.Add((byte)(value >> 8));
            body.Add((byte)value);
            body.AddRange(rest);
            return body;
        }

        public static void VarInt(List<byte> body, int value)
        {
            do
            {
                body.Add((byte)(value & 127 | (value > 127 ? 128 : 0)));
                value >>= 7;
            }
            while (value > 0);
        }

        public static byte[] Packet(int first, List<byte> body)
        {
            List<byte> packet = new() { (byte)first };
            VarInt(packet, body.Count);
            packet.AddRange(body);
            return packet.ToArray();
        }

        private static void Block(List<byte> body, int version, byte[] properties)
        {
            if (version != 5) return;
            VarInt(body, properties.Length);
            body.AddRange(properties);
        }

        public static byte[] Connect(int version, string id, bool clean, string will, byte[] password, params byte[] p)
        {
            return Connect(version, id, clean, 0, will, 0x0C, new byte[0], password, p);
        }

        /// <summary>CONNECT with all that it may have.</summary>
        /// <param name="level">4, 5; 0x84 is a bridge of 3.1.1.</param>
        /// <param name="willFlags">Will flag, QoS and retain as they stand in the flags.</param>
        public static byte[] Connect(int level, string id, bool clean, int keepAlive, string will, int willFlags,
            byte[] ofWill, byte[] password, byte[] p)
        {
            int version = level & 15;
            List<byte> body = Text(new List<byte>(), "MQTT");
            body.Add((byte)level);
            int flags = (clean ? 2 : 0) | (will != null ? willFlags : 0) | (password != null ? 0xC0 : 0);
            body.Add((byte)flags);
            Two(body, keepAlive);
            Block(body, version, p);
            Text(body, id);
            if (will != null)
            {
                Block(body, version, ofWill);
                Text(body, will);
                Text(body, "gone");
            }
            if (password != null)
            {
                Text(body, "user");
                Two(body, password.Length, password);
            }
            return Packet(0x10, body);
        }

        public static byte[] Publish(int version, string topic, int flags, int id, byte[] payload, params byte[] p)
        {
            List<byte> body = Text(new List<byte>(), topic);
            if ((flags & 6) != 0) Two(body, id);
            Block(body, version, p);
            body.AddRange(payload);
            return Packet(0x30 | flags, body);
        }

        /// <summary>SUBSCRIBE, or UNSUBSCRIBE when there are no options.</summary>
        public static byte[] Subscribe(int version, int id, int options, byte[] p, params string[] filters)
        {
            List<byte> body = Two(new List<byte>(), id);
            Block(body, version, p);
            foreach (string filter in filters)
            {
                Text(body, filter);
                if (options >= 0) body.Add((byte)options);
            }
            return Packet(options >= 0 ? 0x82 : 0xA2, body);
        }

        public static byte[] Ack(int type, int id, params byte[] reason)
        {
            return Packet(type << 4 | (type == PacketType.Pubrel ? 2 : 0), Two(new List<byte>(), id, reason));
        }

        /// <summary>AUTH or DISCONNECT of MQTT 5.</summary>
        public static byte[] Reason(int type, int reason, params byte[] p)
        {
            List<byte> body = new() { (byte)reason };
            Block(body, 5, p);
            return Packet(type << 4, body);
        }
    }
}
