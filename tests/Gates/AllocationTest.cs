using System;
using System.Linq;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Gates
{
    /// <summary>Nothing is allocated after boot: counted while packets run, on the PC.</summary>
    [TestClass]
    public class AllocationTest
    {
        private const int Packets = 100000;

        private const int Malformed = 4;

        /// <summary>Version and packet: every type, with and without properties; the last four malformed.</summary>
        private static readonly (int Version, byte[] Bytes)[] s_packets =
        {
            P(4, "10 17 00 04 4D 51 54 54 04 C2 00 3C 00 02 63 31 00 01 75 00 04 70 61 73 73"),
            P(4, "20 02 00 00"),
            P(4, "30 0A 00 05 61 2F 62 2F 63 31 32 33"),
            P(4, "32 0C 00 05 61 2F 62 2F 63 00 0A 31 32 33"),
            P(4, "3D 0C 00 05 61 2F 62 2F 63 00 0A 31 32 33"),
            P(4, "40 02 00 0A"),
            P(4, "50 02 00 0A"),
            P(4, "62 02 00 0A"),
            P(4, "70 02 00 0A"),
            P(4, "82 0E 00 0B 00 03 61 2F 2B 00 00 03 62 2F 23 01"),
            P(4, "90 04 00 0B 00 80"),
            P(4, "A2 0C 00 0C 00 03 61 2F 2B 00 03 62 2F 23"),
            P(4, "B0 02 00 0C"),
            P(4, "C0 00"),
            P(4, "D0 00"),
            P(4, "E0 00"),
            P(5, "10 1E 00 04 4D 51 54 54 05 02 00 3C 10 11 00 00 0E 10 21 00 0A 26 00 01 61 00 02 62 63 00 01 63"),
            P(5, "20 09 00 00 06 21 00 14 22 00 05"),
            P(5, "30 19 00 05 61 2F 62 2F 63 0F 01 01 02 00 00 00 3C 26 00 01 61 00 02 62 63 31 32"),
            P(5, "34 0F 00 05 61 2F 62 2F 63 00 0A 02 0B 07 78 79 7A"),
            P(5, "40 03 00 0A 10"),
            P(5, "50 09 00 0A 97 05 1F 00 02 68 69"),
            P(5, "62 02 00 0A"),
            P(5, "70 02 00 0A"),
            P(5, "82 0B 00 0B 02 0B 05 00 03 61 2F 2B 2D"),
            P(5, "90 04 00 0B 00 01"),
            P(5, "A2 08 00 0C 00 00 03 61 2F 2B"),
            P(5, "B0 04 00 0C 00 11"),
            P(5, "C0 00"),
            P(5, "D0 00"),
            P(5, "E0 00"),
            P(5, "E0 02 8E 00"),
            P(5, "F0 09 18 07 15 00 04 73 63 72 61"),
            P(5, "36 0C 00 05 61 2F 62 2F 63 00 0A 31 32 33"),
            P(5, "30 09 00 03 61 2F 2B 00 78 79 7A"),
            P(5, "30 09 00 03 61 C0 80 00 78 79 7A"),
            P(5, "20 07 00 00 04 22 00 05 00"),
        };

        [TestMethod]
        public void CodecAllocatesNothing()
        {
            var codec = new Codec();
            codec.Run(2000);
            long before = GC.GetAllocatedBytesForCurrentThread();
            int good = codec.Run(Packets);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Gate.Note($"codec: {Packets} mixed packets decoded, {good} of them valid and encoded again: {bytes} bytes");
            Assert.AreEqual(0, bytes);
            Assert.AreEqual(
                Enumerable.Range(0, Packets).Count(i => i % s_packets.Length < s_packets.Length - Malformed), good);
        }

        /// <summary>Sessions, all QoS, retained, wills, shared subscriptions, local clients, faults.</summary>
        [DataRow("Tiny")]
        [DataRow("Esp32")]
        [DataRow("Esp32Psram")]
        [TestMethod]
        public void CoreAllocatesNothing(string preset)
        {
            var drive = new CoreDrive((Limits)typeof(Limits).GetMethod(preset).Invoke(null, null));
            drive.Run(10000);
            drive.Broker.Invariants();
            long before = GC.GetAllocatedBytesForCurrentThread();
            drive.Run(Packets);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            drive.Broker.Invariants();
            int[] counters = drive.Broker.Counters;
            Gate.Note($"core, {preset}: {Packets} mixed packets fed, {drive.PublishedToUs} PUBLISH got: {bytes} bytes");
            Assert.AreEqual(0, bytes);
            Assert.IsTrue(drive.PublishedToUs > 1000 && drive.Released > 100 && drive.Denied > 100, "deliveries");
            Assert.IsTrue(drive.LocalMessages > 100 && drive.LocalAnswers > 100 && drive.Logged > 100, "hooks");
            int refused = counters[Counter.TakenOver] + counters[Counter.ConnectsRefused];
            Assert.IsTrue(refused > 10 && counters[Counter.ProtocolErrors] > 10, "faults");
        }

        /// <summary>A client's whole surface: all QoS, requests, AUTH, holding, lost and broken connections.</summary>
        [DataRow(4, false)]
        [DataRow(5, false)]
        [DataRow(5, true)]
        [TestMethod]
        public void ClientAllocatesNothing(int version, bool large)
        {
            var drive = new ClientDrive(version, large);
            drive.Run(5000);
            drive.Session.Invariants();
            long before = GC.GetAllocatedBytesForCurrentThread();
            drive.Run(Packets);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            drive.Session.Invariants();
            Gate.Note($"client, version {version}: {Packets} messages got, {drive.Done} done, "
                + $"{drive.Connects} connects, {drive.Auths} AUTH: {bytes} bytes");
            Assert.AreEqual(0, bytes);
            Assert.IsTrue(drive.Connects > 20 && drive.Ends > 20 && drive.Answers > 1000, "connections and requests");
            Assert.IsTrue(drive.Done > 1000 && drive.Held > 100 && drive.Faults > 100, "messages");
            Assert.IsTrue(version == 5 || drive.Discarded > 10, "too large");
            Assert.IsTrue(version == 4 || drive.Auths > 100 && drive.Refused > 100, "MQTT 5");
        }

        /// <summary>The client for people: publish and own receive, each QoS, a request and its reply.</summary>
        [DataRow(4)]
        [DataRow(5)]
        [TestMethod]
        public void ClientForPeopleAllocatesNothing(int version)
        {
            var broker = new Broker(Limits.Esp32Psram(), 1);
            var sink = new CountingSink();
            var client = new MqttClient(new BrokerTransport(broker), new TransportOptions(),
                new ClientOptions { Version = version, ClientId = new byte[] { 99 } }, ClientLimits.Small(), 4);
            client.Subscribe("a/+", 2, sink);
            var requests = new MqttRequests(client, new byte[] { 114 }, 2);
            client.Connect(5000);
            byte[] topic = { 97, 47, 98 };
            byte[] payload = new byte[16];
            Run(1000);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(Packets / 10);
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            Gate.Note($"MqttClient, MQTT {version}: {sink.Messages} messages, {sink.Replies} replies: {bytes} bytes");
            Assert.AreEqual(0, bytes);
            // The first requests are not sent: their reply topic is not yet subscribed to.
            Assert.IsTrue(sink.Messages > Packets / 10 * 4, "messages");
            Assert.IsTrue(version == 4 || sink.Replies > Packets / 10 * 9 / 10, "replies");
            Assert.IsTrue(client.Close(1000));

            void Run(int rounds)
            {
                for (int i = 0; i < rounds; i++)
                {
                    for (int qos = 0; qos < 3; qos++)
                    {
                        client.Publish(topic, 0, 3, payload, 0, 16, qos, false, null, 0, 0, 1000);
                    }

                    requests.Send(topic, 0, 3, payload, 0, 16, 1, 0, version == 5 ? 60000 : 0, sink);
                    int most = 1000;
                    do
                    {
                        client.Loop(0);
                    }
                    while (client.Queued() > 0 && --most > 0);
                    client.Loop(0);
                    client.Loop(0);
                }
            }
        }

        private sealed class CountingSink : IMessageSink, IReplySink
        {
            public int Messages, Replies;

            public int Message(MqttClient client, ClientMessage m)
            {
                Messages++;
                if (client.Options.Version == 5)
                {
                    client.Reply(m, m.Buffer, m.PayloadOffset, m.PayloadLength);
                }

                return 0;
            }

            public void Reply(int request, ClientMessage reply) => Replies += reply == null ? 0 : 1;
        }

        /// <summary>The count sees what it is there to see.</summary>
        [TestMethod]
        public void OneObjectIsSeen()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            object made = new byte[1];
            Assert.IsTrue(GC.GetAllocatedBytesForCurrentThread() - before > 0);
            GC.KeepAlive(made);
        }

        private static (int, byte[]) P(int version, string hex) =>
            (version, Convert.FromHexString(hex.Replace(" ", "")));

        /// <summary>Every packet's object, made once.</summary>
        private sealed class Codec
        {
            private readonly PacketReader _reader = new();
            private readonly PacketWriter _writer = new();
            private readonly byte[] _out = new byte[256];
            private readonly Connect _connect;
            private readonly Connack _connack;
            private readonly Publish _publish;
            private readonly Ack _ack;
            private readonly Subscribe _subscribe;
            private readonly Suback _suback;
            private readonly Unsubscribe _unsubscribe;
            private readonly Disconnect _disconnect;
            private readonly Auth _auth;

            public Codec()
            {
                var properties = new Properties();
                _connect = new Connect(properties, new Properties());
                _connack = new Connack(properties);
                _publish = new Publish(properties, new TopicPath(8, 7));
                _ack = new Ack(properties);
                _subscribe = new Subscribe(properties);
                _suback = new Suback(properties);
                _unsubscribe = new Unsubscribe(properties);
                _disconnect = new Disconnect(properties);
                _auth = new Auth(properties);
            }

            /// <summary>Decodes so many packets and encodes the valid ones; returns how many these were.</summary>
            public int Run(int packets)
            {
                int good = 0;
                for (int i = 0; i < packets; i++)
                {
                    (int version, byte[] bytes) = s_packets[i % s_packets.Length];
                    good += One(bytes, version) ? 1 : 0;
                }

                return good;
            }

            private bool One(byte[] bytes, int version)
            {
                int first = bytes[0];
                int flags = first & 15;
                int type = first >> 4;
                int head = FixedHeader.Decode(bytes, 0, bytes.Length, out int remaining);
                if (head + remaining != bytes.Length || FixedHeader.CheckFlags(first, version) != Fault.None)
                {
                    return false;
                }

                _reader.Open(bytes, head, remaining, version);
                _writer.Open(_out, 0, _out.Length);
                switch (type)
                {
                    case PacketType.Connect:
                        if (_connect.Decode(_reader, flags) != Fault.None) return false;
                        _connect.Encode(_writer, version);
                        break;
                    case PacketType.Connack:
                        if (_connack.Decode(_reader, flags) != Fault.None) return false;
                        _connack.Encode(_writer, version);
                        break;
                    case PacketType.Publish:
                        if (_publish.Decode(_reader, flags) != Fault.None) return false;
                        _publish.Encode(_writer, version);
                        break;
                    case PacketType.Subscribe:
                        if (_subscribe.Decode(_reader, flags) != Fault.None) return false;
                        while (_subscribe.Next())
                        {
                            _publish.Path.Filter(bytes, _subscribe.FilterOffset, _subscribe.FilterLength);
                        }

                        _subscribe.Encode(_writer, version);
                        break;
                    case PacketType.Unsubscribe:
                        if (_unsubscribe.Decode(_reader, flags) != Fault.None) return false;
                        while (_unsubscribe.Next())
                        {
                            _publish.Path.Filter(bytes, _unsubscribe.FilterOffset, _unsubscribe.FilterLength);
                        }

                        _unsubscribe.Encode(_writer, version);
                        break;
                    case PacketType.Suback:
                    case PacketType.Unsuback:
                        _suback.Type = type;
                        if (_suback.Decode(_reader, flags) != Fault.None) return false;
                        _suback.Encode(_writer, version);
                        break;
                    case PacketType.Pingreq:
                    case PacketType.Pingresp:
                        if (Ping.Decode(_reader, flags) != Fault.None) return false;
                        Ping.Encode(_writer, type);
                        break;
                    case PacketType.Disconnect:
                        if (_disconnect.Decode(_reader, flags) != Fault.None) return false;
                        _disconnect.Encode(_writer, version);
                        break;
                    case PacketType.Auth:
                        if (_auth.Decode(_reader, flags) != Fault.None) return false;
                        _auth.Encode(_writer, version);
                        break;
                    default:
                        _ack.Type = type;
                        if (_ack.Decode(_reader, flags) != Fault.None) return false;
                        _ack.Encode(_writer, version);
                        break;
                }

                return _writer.Offset > 0;
            }
        }
    }
}
