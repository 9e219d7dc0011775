using System;
using System.Collections.Generic;
using System.Text;
using Femto.Mqtt;

namespace Femto.CostMeter
{
    /// <summary>PUBLISH between bytes and fields: a topic of 28 bytes in three levels, a payload of 16.</summary>
    internal static class CodecOperations
    {
        public const string Topic = "building/floor-07/tempsensor";
        public const int PayloadBytes = 16;

        public static IEnumerable<Operation> All()
        {
            yield return new Encode("encode publish qos 0", 0, 4, 600);
            yield return new Encode("encode publish qos 1", 1, 4, 0);
            yield return new Encode("encode publish qos 0 mqtt 5", 0, 5, 0);
            yield return new Decode("decode publish qos 0", 0, 4, 2200);
            yield return new Decode("decode publish qos 1", 1, 4, 0);
            yield return new Decode("decode publish qos 0 mqtt 5", 0, 5, 0);
        }

        /// <summary>The whole packet, made by hand: the codec is not to be measured against itself.</summary>
        public static byte[] Packet(string topic, int qos, int version, int id, int payloadBytes = PayloadBytes)
        {
            var body = new List<byte>();
            byte[] name = Encoding.UTF8.GetBytes(topic);
            body.Add((byte)(name.Length >> 8));
            body.Add((byte)name.Length);
            body.AddRange(name);
            if (qos > 0)
            {
                body.Add((byte)(id >> 8));
                body.Add((byte)id);
            }

            if (version == 5)
            {
                body.Add(0);
            }

            for (int i = 0; i < payloadBytes; i++)
            {
                body.Add((byte)('0' + i % 10));
            }

            body.InsertRange(0, new[] { (byte)(0x30 | qos << 1), (byte)body.Count });
            return body.ToArray();
        }

        private sealed class Encode : Operation
        {
            private readonly Publish _publish = new Publish(new Properties(), null);
            private readonly PacketWriter _writer = new PacketWriter();
            private readonly byte[] _buffer = new byte[128];
            private readonly byte[] _expected;
            private readonly int _version;

            public Encode(string name, int qos, int version, double targetNs)
                : base(name, targetNs)
            {
                _version = version;
                _expected = Packet(Topic, qos, version, 1000);
                _publish.Buffer = _expected;
                _publish.Qos = qos;
                _publish.PacketId = qos > 0 ? 1000 : 0;
                _publish.TopicOffset = 4;
                _publish.TopicLength = Topic.Length;
                _publish.PayloadOffset = _expected.Length - PayloadBytes;
                _publish.PayloadLength = PayloadBytes;
            }

            public override void Before()
            {
                Array.Clear(_buffer);
                _writer.Open(_buffer, 0, _buffer.Length);
            }

            public override void Run()
            {
                _publish.Encode(_writer, _version);
            }

            public override void After()
            {
                Expect(_buffer.AsSpan(0, _writer.Offset).SequenceEqual(_expected), "the packet's bytes");
            }
        }

        private sealed class Decode : Operation
        {
            private readonly Publish _publish = new Publish(new Properties(), new TopicPath(8, 12345));
            private readonly PacketReader _reader = new PacketReader();
            private readonly byte[] _packet;
            private readonly int _version;
            private Fault _fault;
            private int _remaining;

            public Decode(string name, int qos, int version, double targetNs)
                : base(name, targetNs)
            {
                _version = version;
                _packet = Packet(Topic, qos, version, 1000);
            }

            /// <summary>From the first byte on: the fixed header and its flags are part of it.</summary>
            public override void Run()
            {
                int head = FixedHeader.Decode(_packet, 0, _packet.Length, out _remaining);
                _fault = FixedHeader.CheckFlags(_packet[0], _version);
                _reader.Open(_packet, head, _remaining, _version);
                _fault = _publish.Decode(_reader, _packet[0] & 15);
            }

            public override void After()
            {
                Expect(_fault == Fault.None && _publish.Path.Levels == 3 && _publish.PayloadLength == PayloadBytes
                    && _publish.TopicLength == Topic.Length, "the packet's fields");
            }
        }
    }
}
