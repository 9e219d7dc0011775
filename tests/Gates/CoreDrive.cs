using System;
using Femto.Mqtt;

namespace Femto.Gates
{
    /// <summary>
    /// Clients of both versions around one broker, that publish, subscribe, acknowledge, vanish, come back, take each
    /// other over and break rules. Allocates nothing itself once it is made.
    /// </summary>
    public sealed class CoreDrive : ILocalSink, IAccess, IBrokerLog
    {
        private const int Clients = 4;

        public readonly Broker Broker;
        public int Fed, PublishedToUs, Released, LocalMessages, LocalAnswers, Logged, Denied;

        private readonly LocalClient _local;
        private readonly int[] _connection = new int[Clients];
        private readonly int[] _owner;
        private readonly byte[][] _input;
        private readonly int[] _inputCount;
        private readonly byte[][] _connect = new byte[Clients][];
        private readonly byte[][] _subscribe = new byte[Clients][];
        private readonly byte[][] _unsubscribe = new byte[Clients][];
        private readonly byte[][][] _publish = new byte[2][][];
        private readonly byte[] _answer = { 0, 2, 0, 0 };
        private readonly byte[] _ping = { 0xC0, 0 };
        private readonly byte[] _disconnect = { 0xE0, 0 };
        private readonly byte[][] _bad =
        {
            new byte[] { 0x36, 4, 0, 1, (byte)'a', 0 },
            new byte[] { 0x82, 3, 0, 0, 0 },
            new byte[] { 0x30, 0x80, 0x80, 0x80, 0x80, 1 },
            new byte[] { 0x30, 5, 0, 3, (byte)'a', 0xC0, 0x80 },
            new byte[] { 0x10, 0 },
        };

        private readonly byte[] _localTopic = { (byte)'s', (byte)'/', (byte)'l' };
        private readonly byte[] _localFilter = { (byte)'s', (byte)'/', (byte)'#' };
        private int _now = 1000, _step;

        public CoreDrive(Limits limits)
        {
            Broker = new Broker(limits, 77) { Access = this, Log = this };
            _local = new LocalClient(Broker, new[] { (byte)'L' }, this);
            _owner = new int[limits.Connections];
            _inputCount = new int[limits.Connections];
            _input = new byte[limits.Connections][];
            for (int c = 0; c < limits.Connections; c++)
            {
                _input[c] = new byte[4096];
            }

            for (int i = 0; i < Clients; i++)
            {
                int version = VersionOf(i);
                _connection[i] = -1;
                _connect[i] = CorePackets.Connect(version, "c" + i, i == 0, i == 1 ? "s/will" : null);
                _subscribe[i] = CorePackets.Subscribe(version, 5, i % 3, "s/" + i, i < 2 ? "s/+" : "$share/g/s/#");
                _unsubscribe[i] = CorePackets.Subscribe(version, 6, -1, "s/" + i);
            }

            for (int v = 0; v < 2; v++)
            {
                int version = v + 4;
                _publish[v] = new[]
                {
                    CorePackets.Publish(version, "s/0", 0, false, 0, "21.5"),
                    CorePackets.Publish(version, "s/1", 1, false, 10, "a payload longer than one block"),
                    CorePackets.Publish(version, "s/2", 2, false, 11, "x"),
                    CorePackets.Publish(version, "s/3", 1, true, 12, "kept"),
                    CorePackets.Publish(version, "s/3", 0, true, 0, ""),
                    CorePackets.Publish(version, "denied", 1, false, 13, "no"),
                    v == 0 ? CorePackets.Publish(4, "t/a/b", 0, true, 0, "kept too")
                        : CorePackets.Publish(5, "s/1", 1, false, 14, "late", 2, 0, 0, 0, 1, 0x26, 0, 1, 65, 0, 1, 66),
                    v == 0 ? CorePackets.Publish(4, "nobody", 2, false, 15, "")
                        : CorePackets.Publish(5, "s/2", 0, false, 0, "alias", 0x23, 0, 1),
                };
            }
        }

        /// <summary>Feeds so many packets.</summary>
        public void Run(int packets)
        {
            int end = Fed + packets;
            while (Fed < end)
            {
                Step(_step++);
                Drain();
                if (_step % 8 == 0)
                {
                    Broker.Tick(_now);
                    Drain();
                }
            }
        }

        public void Message(LocalClient client, LocalMessage message) => LocalMessages++;

        public void Answer(LocalClient client, int call, int reason) => LocalAnswers++;

        public int Connect(Broker broker, int connection, Connect packet) => ReasonCode.Success;

        public int Authenticate(Broker broker, int connection, Auth packet) => ReasonCode.NotAuthorized;

        public void Gone(Broker broker, int connection)
        {
        }

        public bool Publish(Broker broker, int session, byte[] buffer, int offset, int length, int qos, bool retain)
        {
            bool denied = length == 6 && buffer[offset] == 'd';
            Denied += denied ? 1 : 0;
            return !denied;
        }

        public bool Deliver(Broker broker, int session, byte[] buffer, int offset, int length) => true;

        public int Subscribe(Broker broker, int session, byte[] buffer, int offset, int length, int options) => 0;

        public void Connected(int connection) => Logged++;

        public void Disconnected(int connection, int reason, int cause) => Logged++;

        public void Refused(int connection, int reason) => Logged++;

        private static int VersionOf(int client) => 4 + client % 2;

        private void Step(int i)
        {
            _now += 3;
            int client = i % Clients;
            if (_connection[client] < 0 && !Open(client))
            {
                return;
            }

            switch (i / Clients % 31)
            {
                case 1:
                    Send(client, _subscribe[client]);
                    break;
                case 3:
                    Send(client, _ping);
                    break;
                case 7:
                    Send(client, _unsubscribe[client]);
                    break;
                case 11 when i % 3 == 0:
                    Lose(client);
                    break;
                case 13 when i % 5 == 0:
                    Send(client, _disconnect);
                    break;
                case 17 when i % 7 == 0:
                    Send(client, _bad[i % _bad.Length]);
                    break;
                case 19 when i % 3 == 1:
                    Open(client);
                    break;
                case 23:
                    _local.Publish(_localTopic, 0, 3, _ping, 0, 2, i % 3, false);
                    break;
                case 24:
                    _local.Subscribe(_localFilter, 0, 3, i % 3);
                    break;
                case 29 when i % 2 == 0:
                    _local.Unsubscribe(_localFilter, 0, 3);
                    break;
                default:
                    Send(client, _publish[VersionOf(client) - 4][i / 3 % 8]);
                    break;
            }
        }

        private bool Open(int client)
        {
            int c = Broker.Open(_now, 0, _localTopic, 0, 3);
            if (c < 0)
            {
                _now += 1000;
                return false;
            }

            _connection[client] = c;
            _owner[c] = client;
            _inputCount[c] = 0;
            Send(client, _connect[client]);
            return true;
        }

        private void Lose(int client)
        {
            int c = _connection[client];
            _connection[client] = -1;
            _owner[c] = -1;
            Broker.Closed(c, _now);
        }

        private void Send(int client, byte[] packet)
        {
            Fed++;
            Feed(_connection[client], client, packet, packet.Length);
        }

        /// <summary>Feeds in two pieces now and then; a client that is held back for long hangs up.</summary>
        private void Feed(int c, int client, byte[] bytes, int count)
        {
            int offset = 0;
            int piece = _step % 5 == 0 && count > 2 ? count / 2 : count;
            for (int tries = 0; offset < count; tries++)
            {
                if (_connection[client] != c)
                {
                    return;
                }

                if (tries == 200)
                {
                    Lose(client);
                    return;
                }

                int taken = Broker.Feed(c, bytes, offset, piece - offset, _now);
                offset += taken;
                if (offset == piece)
                {
                    piece = count;
                }
                else if (tries > 1)
                {
                    _now += 20;
                    Broker.Tick(_now);
                }

                if (tries > 0)
                {
                    Drain();
                }
            }
        }

        private void Drain()
        {
            for (int c = Broker.NextReady(); c >= 0; c = Broker.NextReady())
            {
                Flush(c);
            }
        }

        private void Flush(int c)
        {
            while (true)
            {
                int count = Broker.Pending(c, out byte[] buffer, out int offset, out bool close);
                if (count == 0)
                {
                    if (close)
                    {
                        Forget(c);
                    }

                    return;
                }

                Array.Copy(buffer, offset, _input[c], _inputCount[c], count);
                _inputCount[c] += count;
                Broker.Sent(c, count, _now);
                Take(c);
            }
        }

        private void Forget(int c)
        {
            int client = _owner[c];
            if (client >= 0 && _connection[client] == c)
            {
                _connection[client] = -1;
            }

            _owner[c] = -1;
            Broker.Closed(c, _now);
        }

        /// <summary>Answers the whole packets that have arrived.</summary>
        private void Take(int c)
        {
            byte[] input = _input[c];
            int at = 0;
            while (true)
            {
                int head = FixedHeader.Decode(input, at, _inputCount[c] - at, out int remaining);
                if (head <= 0 || head + remaining > _inputCount[c] - at)
                {
                    break;
                }

                Answer(c, input, at, at + head);
                at += head + remaining;
            }

            Array.Copy(input, at, input, 0, _inputCount[c] - at);
            _inputCount[c] -= at;
        }

        private void Answer(int c, byte[] input, int start, int body)
        {
            int qos = input[start] >> 1 & 3;
            switch (input[start] >> 4)
            {
                case PacketType.Publish:
                    PublishedToUs++;
                    int id = body + 2 + (input[body] << 8 | input[body + 1]);
                    if (qos > 0)
                    {
                        Acknowledge(c, qos == 1 ? 0x40 : 0x50, input[id], input[id + 1]);
                    }

                    break;
                case PacketType.Pubrec:
                    Acknowledge(c, 0x62, input[body], input[body + 1]);
                    break;
                case PacketType.Pubrel:
                    Released++;
                    Acknowledge(c, 0x70, input[body], input[body + 1]);
                    break;
            }
        }

        private void Acknowledge(int c, int first, byte high, byte low)
        {
            int client = _owner[c];
            if (client < 0 || _connection[client] != c)
            {
                return;
            }

            _answer[0] = (byte)first;
            _answer[2] = high;
            _answer[3] = low;
            Fed++;
            if (Broker.Feed(c, _answer, 0, 4, _now) != 4)
            {
                Lose(client);
            }
        }
    }
}
