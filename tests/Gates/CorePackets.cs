using System.Collections.Generic;
using System.Text;

namespace Femto.Gates
{
    /// <summary>Packets for <see cref="CoreDrive"/>, made by hand before the counting begins.</summary>
    public static class CorePackets
    {
        public static byte[] Connect(int version, string id, bool clean, string willTopic)
        {
            var body = new List<byte> { 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', (byte)version };
            body.Add((byte)((clean ? 2 : 0) | (willTopic != null ? 0x0C : 0)));
            body.AddRange(new byte[] { 0, 60 });
            if (version == 5)
            {
                // Session expiry 100 s, receive maximum 4, topic alias maximum 2.
                body.AddRange(new byte[] { 11, 0x11, 0, 0, 0, 100, 0x21, 0, 4, 0x22, 0, 2 });
            }

            Text(body, id);
            if (willTopic != null)
            {
                if (version == 5)
                {
                    body.Add(0);
                }

                Text(body, willTopic);
                Text(body, "gone");
            }

            return Packet(0x10, body);
        }

        public static byte[] Publish(
            int version, string topic, int qos, bool retain, int id, string payload, params byte[] properties)
        {
            var body = new List<byte>();
            Text(body, topic);
            if (qos > 0)
            {
                body.AddRange(new byte[] { (byte)(id >> 8), (byte)id });
            }

            if (version == 5)
            {
                body.Add((byte)properties.Length);
                body.AddRange(properties);
            }

            body.AddRange(Encoding.UTF8.GetBytes(payload));
            return Packet(0x30 | qos << 1 | (retain ? 1 : 0), body);
        }

        /// <summary>SUBSCRIBE, or UNSUBSCRIBE when there are no options.</summary>
        public static byte[] Subscribe(int version, int id, int options, params string[] filters)
        {
            var body = new List<byte> { (byte)(id >> 8), (byte)id };
            if (version == 5)
            {
                body.Add(0);
            }

            foreach (string filter in filters)
            {
                Text(body, filter);
                if (options >= 0)
                {
                    body.Add((byte)options);
                }
            }

            return Packet(options >= 0 ? 0x82 : 0xA2, body);
        }

        private static void Text(List<byte> body, string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            body.AddRange(new byte[] { (byte)(bytes.Length >> 8), (byte)bytes.Length });
            body.AddRange(bytes);
        }

        private static byte[] Packet(int first, List<byte> body)
        {
            if (body.Count > 127)
            {
                body.InsertRange(0, new[] { (byte)first, (byte)(body.Count & 127 | 128), (byte)(body.Count >> 7) });
            }
            else
            {
                body.InsertRange(0, new[] { (byte)first, (byte)body.Count });
            }

            return body.ToArray();
        }
    }
}
