using System.Collections.Generic;
using Femto.Mqtt;

namespace Femto.CostMeter
{
    /// <summary>
    /// Whole rounds through the broker's surface, as a transport makes them: Feed, then NextReady, Pending and Sent
    /// until nothing is left to do. Rights are asked; sixty subscriptions stand in the table.
    /// </summary>
    internal static class BrokerOperations
    {
        public static IEnumerable<Operation> All()
        {
            yield return new Publish("publish qos 0, Feed alone", 4, 0, false, 0, CodecOperations.Topic);
            yield return new Publish("publish qos 0", 4, 0, true, 8000, CodecOperations.Topic);
            yield return new Publish("publish qos 0, topics in turn", 4, 0, true, 0, CodecOperations.Topic,
                "building/floor-07/humidity", "device/7/cmd", "building/floor-07/light/3");
            yield return new Publish("publish qos 0 mqtt 5", 5, 0, true, 0, CodecOperations.Topic);
            yield return new Publish("publish qos 0 to nobody", 4, 0, true, 0, "building/floor-07/fan");
            yield return new Publish("publish qos 1, with both PUBACK", 4, 1, true, 0, CodecOperations.Topic);
            yield return new Publish("publish qos 2, both handshakes", 4, 2, true, 0, CodecOperations.Topic);
            yield return new Ping();
            yield return new SubscribeUnsubscribe();
            yield return new Connect("connect", 4);
            yield return new Connect("connect mqtt 5", 5);
            yield return new Tick();
        }

        /// <summary>A message from the publisher to one subscriber, until both have let go of it.</summary>
        private sealed class Publish : Operation
        {
            private readonly World _world;
            private readonly byte[][] _packets;
            private readonly int _qos;
            private readonly bool _drain;
            private readonly bool _toNobody;
            private readonly byte[] _puback = World.Ack(0x40, 0), _pubrec = World.Ack(0x50, 0);
            private readonly byte[] _pubrel = World.Ack(0x62, 1000), _pubcomp = World.Ack(0x70, 0);
            private int _turn;

            public Publish(string name, int version, int qos, bool drain, double targetNs, params string[] topics)
                : base(name, targetNs)
            {
                _world = new World(version);
                _qos = qos;
                _drain = drain;
                _toNobody = topics[0].EndsWith("fan");
                _packets = new byte[topics.Length][];
                for (int i = 0; i < topics.Length; i++)
                {
                    _packets[i] = CodecOperations.Packet(topics[i], qos, version, 1000);
                }
            }

            public override void Before()
            {
                _turn = (_turn + 1) % _packets.Length;
            }

            public override void Run()
            {
                _world.FeedAndCheck(_world.Publisher, _packets[_turn]);
                if (_drain)
                {
                    _world.Drain();
                }

                if (_qos > 0)
                {
                    Acknowledge();
                }
            }

            public override void After()
            {
                if (!_drain)
                {
                    _world.Drain();
                }

                if (_qos == 0)
                {
                    List<byte> sent = _world.Sent[_world.Subscriber];
                    Expect(_toNobody ? sent.Count == 0 : sent.Count >= _packets[_turn].Length && sent[0] == 0x30,
                        "PUBLISH to the subscriber");
                }
            }

            private void Acknowledge()
            {
                List<byte> got = _world.Sent[_world.Subscriber];
                int id = 4 + CodecOperations.Topic.Length;
                Expect(got.Count > id && got[0] == (0x30 | _qos << 1), "PUBLISH to the subscriber");
                byte high = got[id], low = got[id + 1];
                ExpectFirst(_world.Publisher, _qos == 1 ? 0x40 : 0x50);
                if (_qos == 1)
                {
                    SetId(_puback, high, low);
                    _world.FeedAndCheck(_world.Subscriber, _puback);
                    _world.Drain();
                    return;
                }

                _world.FeedAndCheck(_world.Publisher, _pubrel);
                _world.Drain();
                ExpectFirst(_world.Publisher, 0x70);
                SetId(_pubrec, high, low);
                _world.FeedAndCheck(_world.Subscriber, _pubrec);
                _world.Drain();
                ExpectFirst(_world.Subscriber, 0x62);
                SetId(_pubcomp, high, low);
                _world.FeedAndCheck(_world.Subscriber, _pubcomp);
                _world.Drain();
            }

            private void ExpectFirst(int connection, int first)
            {
                List<byte> sent = _world.Sent[connection];
                Expect(sent.Count > 0 && sent[0] == first, "a packet of first byte " + first);
            }

            private static void SetId(byte[] ack, byte high, byte low)
            {
                ack[2] = high;
                ack[3] = low;
            }
        }

        private sealed class Ping : Operation
        {
            private readonly World _world = new World(4);
            private readonly byte[] _packet = { 0xC0, 0 };

            public Ping()
                : base("pingreq")
            {
            }

            public override void Run()
            {
                _world.FeedAndCheck(_world.Publisher, _packet);
                _world.Drain();
            }

            public override void After()
            {
                Expect(_world.Sent[_world.Publisher].Count == 2, "PINGRESP");
            }
        }

        private sealed class SubscribeUnsubscribe : Operation
        {
            private readonly World _world = new World(4);
            private readonly byte[] _subscribe = World.Subscribe("building/floor-12/tempsensor", 1, 4);
            private readonly byte[] _unsubscribe = World.Unsubscribe("building/floor-12/tempsensor", 4);

            public SubscribeUnsubscribe()
                : base("subscribe and unsubscribe")
            {
            }

            public override void Run()
            {
                _world.FeedAndCheck(_world.Publisher, _subscribe);
                _world.Drain();
                Expect(_world.Sent[_world.Publisher].Count == 5, "SUBACK");
                _world.FeedAndCheck(_world.Publisher, _unsubscribe);
                _world.Drain();
            }

            public override void After()
            {
                Expect(_world.Sent[_world.Publisher].Count == 4, "UNSUBACK");
            }
        }

        /// <summary>Open and CONNECT with a clean session; its end is not counted.</summary>
        private sealed class Connect : Operation
        {
            private readonly World _world;
            private readonly byte[] _connect;
            private readonly byte[] _disconnect = { 0xE0, 0 };
            private int _connection;

            public Connect(string name, int version)
                : base(name)
            {
                _world = new World(version);
                _connect = World.Connect(version, "newcomer");
            }

            public override void Run()
            {
                _connection = _world.Broker.Open(_world.NowMs, 0, null, 0, 0);
                _world.FeedAndCheck(_connection, _connect);
                _world.Drain();
            }

            public override void After()
            {
                List<byte> sent = _world.Sent[_connection];
                Expect(sent.Count >= 4 && sent[0] == 0x20 && sent[3] == 0, "CONNACK");
                _world.FeedAndCheck(_connection, _disconnect);
                _world.Drain();
                _world.Broker.Closed(_connection, _world.NowMs);
            }
        }

        /// <summary>A Tick in which nothing is due, with eleven clients connected.</summary>
        private sealed class Tick : Operation
        {
            private readonly World _world = new World(4);

            public Tick()
                : base("tick with nothing due")
            {
                _world.Broker.Tick(++_world.NowMs);
            }

            public override void Run()
            {
                _world.Broker.Tick(++_world.NowMs);
            }
        }
    }
}
