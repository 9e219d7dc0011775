using System;
using System.Collections.Generic;
using System.Text;

namespace Femto.PowerCut
{
    /// <summary>Packets of a client, written without the codec under test.</summary>
    public static class Wire
    {
        public static byte[] Connect(int version, string id, bool clean, string willTopic, string will, int willQos,
            int delay)
        {
            var b = new List<byte>();
            Text(b, "MQTT");
            b.Add((byte)version);
            int flags = clean ? 2 : 0;
            if (willTopic != null) flags |= 4 | willQos << 3;
            b.Add((byte)flags);
            Short(b, 0);
            if (version == 5) b.AddRange(new byte[] { 5, 0x11, 0xFF, 0xFF, 0xFF, 0xFE });
            Text(b, id);
            if (willTopic != null)
            {
                if (version == 5) b.AddRange(new byte[] { 5, 0x18, 0, 0, (byte)(delay >> 8), (byte)delay });
                Text(b, willTopic);
                Text(b, will);
            }
            return Packet(0x10, b);
        }

        public static byte[] Publish(int version, string topic, string payload, int qos, bool retain, bool dup, int id)
        {
            var b = new List<byte>();
            Text(b, topic);
            if (qos != 0) Short(b, id);
            if (version == 5) b.Add(0);
            b.AddRange(Encoding.ASCII.GetBytes(payload));
            return Packet(0x30 | (dup ? 8 : 0) | qos << 1 | (retain ? 1 : 0), b);
        }

        public static byte[] Ack(int first, int id)
        {
            return new[] { (byte)first, (byte)2, (byte)(id >> 8), (byte)id };
        }

        public static byte[] Subscribe(int version, int id, string filter, int qos)
        {
            var b = new List<byte>();
            Short(b, id);
            if (version == 5) b.Add(0);
            Text(b, filter);
            if (qos >= 0) b.Add((byte)qos);
            return Packet(qos >= 0 ? 0x82 : 0xA2, b);
        }

        private static byte[] Packet(int first, List<byte> body)
        {
            var b = new List<byte> { (byte)first };
            int n = body.Count;
            while (n > 127)
            {
                b.Add((byte)(n | 128));
                n >>= 7;
            }
            b.Add((byte)n);
            b.AddRange(body);
            return b.ToArray();
        }

        private static void Text(List<byte> b, string text)
        {
            Short(b, text.Length);
            b.AddRange(Encoding.ASCII.GetBytes(text));
        }

        private static void Short(List<byte> b, int value)
        {
            b.Add((byte)(value >> 8));
            b.Add((byte)value);
        }

        /// <summary>Bytes of the first packet, 0: it is not whole.</summary>
        public static int Whole(byte[] data, int start, int count, out int header)
        {
            int length = 0;
            header = 0;
            for (int i = 1; i < count && i < 5; i++)
            {
                length |= (data[start + i] & 127) << 7 * (i - 1);
                if (data[start + i] >= 128) continue;
                header = i + 1;
                return header + length <= count ? header + length : 0;
            }
            return 0;
        }
    }
}
