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
            List<byte> body = Text(new List<byte>(), "MQTT");
            body.Add((byte)version);
            int flags = (clean ? 2 : 0) | (will != null ? 0x0C : 0) | (password != null ? 0xC0 : 0);
            body.Add((byte)flags);
            Two(body, 0);
            Block(body, version, p);
            Text(body, id);
            if (will != null)
            {
                Block(body, version, new byte[0]);
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

        public static byte[] Ack(int type, int id)
        {
            return new byte[] { (byte)(type << 4 | (type == PacketType.Pubrel ? 2 : 0)), 2, (byte)(id >> 8), (byte)id };
        }
    }
}
