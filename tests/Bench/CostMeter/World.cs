using System;
using System.Collections.Generic;
using System.Text;
using Femto.Micro;
using Femto.Mqtt;

namespace Femto.CostMeter
{
    /// <summary>
    /// A broker with ten subscribers of six filters each (see <see cref="TopicOperations.Filters"/>) and a publisher,
    /// all connected, and what a transport does with it.
    /// </summary>
    internal sealed class World
    {
        public readonly Broker Broker = new Broker(TopicOperations.Limits(), 12345);
        public readonly int Publisher;
        /// <summary>The connection that gets <see cref="CodecOperations.Topic"/>.</summary>
        public readonly int Subscriber;
        /// <summary>Milliseconds; a millisecond passes with each call of the transport.</summary>
        public int NowMs = 1000;

        /// <summary>What the last <see cref="Drain"/> sent on each connection.</summary>
        public readonly List<byte>[] Sent;

        public World(int version)
        {
            Broker.Access = new AllowAll();
            Sent = new List<byte>[Broker.Limits.Connections];
            for (int i = 0; i < Sent.Length; i++)
            {
                Sent[i] = new List<byte>();
            }

            for (int session = 1; session <= TopicOperations.Sessions; session++)
            {
                int c = Open(version, "subscriber-" + session);
                foreach (string filter in TopicOperations.Filters(session))
                {
                    FeedAndCheck(c, Subscribe(filter, 2, version));
                    Drain();
                    Check(Sent[c].Count > 0 && Sent[c][0] == 0x90, "SUBACK");
                }

                if (session == 8)
                {
                    Subscriber = c;
                }
            }

            Publisher = Open(version, "publisher");
        }

        public int Open(int version, string clientId)
        {
            int c = Broker.Open(NowMs, 0, null, 0, 0);
            Check(c >= 0, "a free connection");
            FeedAndCheck(c, Connect(version, clientId));
            Drain();
            Check(Sent[c].Count >= 4 && Sent[c][0] == 0x20 && Sent[c][3] == 0, "CONNACK");
            return c;
        }

        /// <summary>The transport: bytes arrived.</summary>
        public int Feed(int connection, byte[] packet)
        {
            return Broker.Feed(connection, packet, 0, packet.Length, ++NowMs);
        }

        public void FeedAndCheck(int connection, byte[] packet)
        {
            Check(Feed(connection, packet) == packet.Length, "everything taken");
        }

        /// <summary>The transport: sends all there is, and remembers it.</summary>
        public void Drain()
        {
            foreach (List<byte> sent in Sent)
            {
                sent.Clear();
            }

            int c;
            while ((c = Broker.NextReady()) >= 0)
            {
                int count = Broker.Pending(c, out byte[] buffer, out int offset, out bool close);
                if (count > 0)
                {
                    Sent[c].AddRange(new ArraySegment<byte>(buffer, offset, count));
                    Broker.Sent(c, count, ++NowMs);
                }
            }
        }

        public static byte[] Connect(int version, string clientId)
        {
            var body = new List<byte> { 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', (byte)version, 2, 0, 60 };
            if (version == 5)
            {
                body.Add(0);
            }

            Text(body, clientId);
            return Packet(0x10, body);
        }

        public static byte[] Subscribe(string filter, int qos, int version)
        {
            var body = new List<byte> { 0, 77 };
            if (version == 5)
            {
                body.Add(0);
            }

            Text(body, filter);
            body.Add((byte)qos);
            return Packet(0x82, body);
        }

        public static byte[] Unsubscribe(string filter, int version)
        {
            var body = new List<byte> { 0, 78 };
            if (version == 5)
            {
                body.Add(0);
            }

            Text(body, filter);
            return Packet(0xA2, body);
        }

        public static byte[] Ack(int first, int packetId)
        {
            return new[] { (byte)first, (byte)2, (byte)(packetId >> 8), (byte)packetId };
        }

        private static void Text(List<byte> body, string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            body.Add((byte)(bytes.Length >> 8));
            body.Add((byte)bytes.Length);
            body.AddRange(bytes);
        }

        private static byte[] Packet(int first, List<byte> body)
        {
            body.InsertRange(0, new[] { (byte)first, (byte)body.Count });
            return body.ToArray();
        }

        private static void Check(bool truth, string what)
        {
            if (!truth)
            {
                throw new InvalidOperationException("expected " + what);
            }
        }
    }
}
