using System;
using System.Collections.Generic;
using System.Linq;
using Femto.Mqtt;
using Femto.Mqtt.Unit;

namespace Femto.Fuzz
{
    /// <summary>One broker, hostile clients, and two that behave: what those exchange must arrive whatever the others
    /// do. All of it follows from the seed.</summary>
    public sealed class World : IAccess, IBrokerLog
    {
        private const string GoodTopic = "well/behaved";

        /// <summary>Bytes that the broker allocated after its construction.</summary>
        public long Allocated;
        /// <summary>Of all that came out: must be the same whatever stood around the bytes fed.</summary>
        public ulong OutputHash = 14695981039346656037;
        public int Packets, Refusals, Delivered, Closes;

        private readonly int seed;
        private readonly byte fill;
        private readonly Dice dice;
        private readonly Mutator mutator;
        private readonly Broker broker;
        private readonly Limits limits;
        private readonly Peer[] peers;
        private readonly int hostile;
        private readonly HashSet<int> accepted = new();
        private readonly List<int> got = new();
        private readonly int[] later;
        private Peer publisher, subscriber, feeding;
        private bool ticking;
        private string wrong;
        private int now = 1000, published, waitsSince = -1, hook;
        private byte[] last = { 0x30, 0 };

        public World(int seed, byte fill)
        {
            this.seed = seed;
            this.fill = fill;
            dice = new Dice(seed);
            limits = Size(dice);
            mutator = new Mutator(dice, limits.PacketBytes);
            hook = dice.Next(3);
            broker = new Broker(limits, seed) { Log = this };
            if (hook == 2) broker.Access = this;
            peers = new Peer[limits.Connections];
            later = new int[limits.Connections];
            hostile = Math.Min(limits.Connections - 2, 1 + dice.Next(8));
        }

        private static Limits Size(Dice d)
        {
            Limits l = d.Next(5) switch
            {
                0 => Limits.Esp32(),
                1 => d.One(3) ? Limits.Esp32Psram() : Limits.Tiny(),
                _ => Limits.Tiny(),
            };
            if (d.One(2))
            {
                l.Connections += d.Next(6);
                l.Sessions = Math.Max(l.Sessions, l.Connections + l.LocalClients + d.Next(3));
                l.ReceiveBuffers = 1 + d.Next(3);
                l.AckQueue = 1 + d.Next(4);
                l.SendWindow = 1 + d.Next(4);
                l.QueueFull = d.Next(3);
                l.TopicAliasesIn = d.Next(4);
                l.TopicAliasesOut = d.Next(4);
                l.SendBytes += d.Next(100);
                l.RememberedTopicBytes = d.Of(0, 8, 16);
            }
            l.HoldMs = d.Of(50, 500, 2000);
            string complaint = BrokerMemory.Check(l);
            if (complaint != null) throw new InvalidOperationException(complaint);
            return l;
        }

        /// <summary>Null, or what is wrong.</summary>
        public string Play()
        {
            try
            {
                Run();
            }
            catch (Exception e)
            {
                Say(e.ToString());
            }
            Watchdog.Leave();
            return wrong;
        }

        private void Run()
        {
            subscriber = Open(true, dice.Of(4, 5), Fuzz.Packets.Connect(4, "well-s", true, null, null));
            publisher = Open(true, 5, Fuzz.Packets.Connect(5, "well-p", true, null, null));
            subscriber.Packet = Received;
            publisher.Packet = Answered;
            Send(subscriber, Fuzz.Packets.Subscribe(subscriber.Version, 1, 1, new byte[0], GoodTopic));
            Turn();
            if (wrong == null && (subscriber.Connack != 0 || publisher.Connack != 0)) Say("the good ones are refused");
            int steps = 100 + dice.Next(400);
            for (int i = 0; i < steps && wrong == null; i++)
            {
                Hostile();
                if (dice.One(4)) Publish();
                now += dice.One(20) ? dice.Next(900) : dice.Next(20);
                Turn();
            }
            // The hostile ones stop; what the good ones have begun must end.
            for (int i = 0; wrong == null && (i < 20 || waitsSince >= 0 && now - waitsSince < Patience()); i++)
            {
                now += 500;
                Turn();
            }
            if (wrong != null) return;
            if (waitsSince >= 0) Say($"a publication was never answered: {Where(publisher)}");
            foreach (int n in accepted)
            {
                if (!got.Contains(n)) Say($"publication {n} was acknowledged and never delivered");
            }
            foreach (Peer p in peers) if (p != null) Gone(p);
            broker.Tick(now += 1000);
            Watchdog.Leave();
            broker.Invariants();
        }

        private void Say(string what)
        {
            if (wrong == null) wrong = what;
        }

        private Peer Open(bool good, int version, byte[] connect)
        {
            Enter();
            int c = broker.Open(now, 0, null, 0, 0);
            Leave();
            if (c < 0) return null;
            if (peers[c] != null) Say("a connection was given to two");
            Peer p = new(new Judge(limits)) { Connection = c, Good = good, Version = version };
            if (good && version == 5)
            {
                connect = Fuzz.Packets.Connect(5, connect[^1] == 's' ? "well-s" : "well-p", true, null, null);
            }
            peers[c] = p;
            Send(p, connect);
            return p;
        }

        private void Hostile()
        {
            int open = peers.Count(p => p != null && !p.Good);
            if (open < hostile && dice.One(3))
            {
                int version = dice.Of(4, 5);
                byte[] connect = mutator.Connect(version);
                if (dice.One(4)) connect = mutator.Break(connect, last);
                Peer fresh = Open(false, version, connect);
                if (fresh != null && dice.One(6)) fresh.Reads = false;
                return;
            }
            if (open == 0) return;
            int at = dice.Next(peers.Length);
            while (peers[at] == null || peers[at].Good) at = (at + 1) % peers.Length;
            Peer p = peers[at];
            if (dice.One(60))
            {
                Gone(p); // without a word, in the middle of anything
                return;
            }
            if (later[at] != 0 && dice.One(4))
            {
                later[at] = 0;
                int decision = dice.Of(0, 0, ReasonCode.NotAuthorized);
                Enter();
                broker.Complete(at, decision, now);
                Leave();
            }
            for (int n = dice.One(4) ? 1 + dice.Next(8) : 1; n > 0; n--)
            {
                byte[] packet = mutator.Valid(p.Version);
                byte[] broken = dice.One(3) ? mutator.Break(packet, last) : packet;
                Packets++;
                int version = p.Version;
                if (fill == Mutator.Poison && dice.Next(2) == 0)
                {
                    string codec = CodecFuzz.Check(broken, version);
                    if (codec != null) Say("codec: " + codec + " " + Convert.ToHexString(broken));
                }
                else if (fill != Mutator.Poison) dice.Next(2);
                last = packet;
                Send(p, broken);
            }
        }

        private void Publish()
        {
            if (waitsSince >= 0)
            {
                if (now - waitsSince > Patience()) Say($"a publication is not answered: {Where(publisher)}");
                return;
            }
            waitsSince = now;
            published++;
            byte[] payload = { (byte)(published >> 8), (byte)published, 1, 2, 3, 4, 5, 6, 7, 8 };
            Send(publisher, Fuzz.Packets.Publish(5, GoodTopic, 2, 1 + published % 100, payload));
        }

        private void Answered(Peer p, byte[] packet, int type)
        {
            if (type != PacketType.Puback) return;
            int reason = PacketCodec.Ack.Reason;
            if (waitsSince < 0 || PacketCodec.Ack.PacketId != 1 + published % 100) Say("an answer to nothing");
            waitsSince = -1;
            if (reason == ReasonCode.QuotaExceeded) Refusals++;
            else if (reason != 0) Say($"a good publication is refused, 0x{reason:X2}");
            else accepted.Add(published);
        }

        private void Received(Peer p, byte[] packet, int type)
        {
            if (type != PacketType.Publish) return;
            Femto.Mqtt.Publish m = PacketCodec.Publish;
            string topic = System.Text.Encoding.UTF8.GetString(packet, m.TopicOffset, m.TopicLength);
            int at = m.PayloadOffset;
            if (topic != GoodTopic && topic != "" || m.PayloadLength != 10 || packet[at + 9] != 8)
            {
                Say("not for the good one: " + topic);
            }
            int n = packet[at] << 8 | packet[at + 1];
            if (n > published || got.Count > 0 && n <= got[^1]) Say($"publication {n} behind {got.LastOrDefault()}");
            got.Add(n);
            Delivered++;
            Send(p, Fuzz.Packets.Ack(PacketType.Puback, m.PacketId));
        }

        // Each of the others may keep a receive buffer as long as DESIGN.md says.
        private int Patience()
        {
            return 10000 + (hostile + 1) * (limits.HoldMs + limits.PacketMs + limits.SendMs);
        }

        private string Where(Peer p)
        {
            return $"{p.ToSend.Count} bytes to send, blocked {p.Blocked}, held {broker.Holds(p.Connection)}, "
                + $"room {broker.Room(p.Connection)}, waiting since {now - waitsSince} ms, limit {limits.HoldMs}";
        }

        private static void Send(Peer p, byte[] bytes)
        {
            p.ToSend.AddRange(bytes);
        }

        // What the transport does: feed, tick, and all that is ready.
        private void Turn()
        {
            foreach (Peer p in peers) if (p != null && !p.Blocked && p.ToSend.Count > 0) Feed(p);
            for (int rounds = 0; wrong == null; rounds++)
            {
                if (rounds == 2000) Say("the broker never comes to rest");
                Enter();
                ticking = true;
                int wait = broker.Tick(now);
                ticking = false;
                Leave();
                if (wait < 0) Say("a negative wait");
                bool any = Drain();
                if (!any && wait > 0) break;
                if (!any && rounds > 200) break; // waits for who does not read
            }
            Watchdog.Leave();
            broker.Invariants();
        }

        private bool Drain()
        {
            bool any = false;
            for (int n = 0; wrong == null; n++)
            {
                if (n == 10000) Say("NextReady never ends");
                Enter();
                int c = broker.NextReady();
                Leave();
                if (c < 0) return any;
                any = true;
                Peer p = peers[c];
                if (p == null) continue;
                Flush(p);
                if (peers[c] != p) continue;
                p.Blocked = false;
                if (p.ToSend.Count > 0) Feed(p);
            }
            return any;
        }

        private void Feed(Peer p)
        {
            while (p.ToSend.Count > 0 && wrong == null && peers[p.Connection] == p)
            {
                int n = dice.One(3) ? Math.Min(p.ToSend.Count, 1 + dice.Next(20)) : Math.Min(p.ToSend.Count, 3000);
                if (p.Good) n = p.ToSend.Count;
                int front = dice.Next(16);
                byte[] area = new byte[front + n + dice.Next(16)];
                Array.Fill(area, fill);
                p.ToSend.CopyTo(0, area, front, n);
                p.Judge.Offer(area, front, n);
                Enter();
                feeding = p;
                int room = broker.Room(p.Connection);
                int taken = broker.Feed(p.Connection, area, front, n, now);
                feeding = null;
                Leave();
                p.Judge.Took(taken);
                Look(p);
                if (taken < 0 || taken > n) Say($"took {taken} of {n}");
                if (taken < n && n <= room) Say($"had room for {room}, took {taken} of {n}");
                p.ToSend.RemoveRange(0, taken);
                Flush(p);
                if (taken < n)
                {
                    p.Blocked = true;
                    return;
                }
                if (!p.Good && dice.One(4)) return;
            }
        }

        private void Flush(Peer p)
        {
            while (wrong == null)
            {
                Enter();
                int n = broker.Pending(p.Connection, out byte[] buffer, out int offset, out bool close);
                Leave();
                if (n < 0) Say("a negative run");
                if (!p.Reads && n > 0)
                {
                    if (dice.One(3)) n = 1 + dice.Next(n);
                    else n = 0;
                    if (n == 0 && close) Gone(p);
                    if (n == 0) return;
                }
                if (n == 0)
                {
                    if (!close) return;
                    Ended(p);
                    Gone(p);
                    return;
                }
                if (!p.Good) p.Version = broker.VersionOf(p.Connection) == 5 ? 5 : 4;
                for (int i = 0; i < n; i++) OutputHash = (OutputHash ^ buffer[offset + i]) * 1099511628211;
                string said = p.Take(buffer, offset, n);
                if (said != null) Say(said);
                Enter();
                broker.Sent(p.Connection, n, now);
                Leave();
                if (!p.Reads) return;
            }
        }

        private void Ended(Peer p)
        {
            Closes++;
            if (p.Good) Say("the broker closed a good connection, " + p.Farewell);
            if (!p.Reads) return;
            if (p.Begun > 0 && p.Farewell >= 0) Say("half a packet behind the last");
            string untold = p.Judge.Told(broker.VersionOf(p.Connection), p.Connack, p.Farewell);
            if (untold != null) Say(untold);
        }

        private void Look(Peer p)
        {
            string said = p.Judge.Look(broker.Holds(p.Connection));
            p.MaximumPacket = p.Judge.MaximumPacket;
            if (said != null) Say(said);
        }

        private void Gone(Peer p)
        {
            if (peers[p.Connection] != p) return;
            peers[p.Connection] = null;
            later[p.Connection] = 0;
            Enter();
            broker.Closed(p.Connection, now);
            Leave();
        }

        private long before;

        private void Enter()
        {
            Watchdog.Enter(seed);
            before = GC.GetAllocatedBytesForCurrentThread();
        }

        private void Leave()
        {
            Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            Watchdog.Leave();
            foreach (Peer p in peers) if (p != null) Look(p);
        }

        // The hook: answers some of the hostile ones later, goes on with AUTH, forbids a little.
        public int Connect(Broker b, int connection, Connect packet)
        {
            if (peers[connection] == null || peers[connection].Good) return 0;
            if ((packet.Properties.Present & Has.AuthMethod) != 0)
            {
                Reply(b);
                Properties p = packet.Properties;
                int first = p.AuthMethodLength == 0 ? 0 : packet.Buffer[p.AuthMethodOffset];
                return first == 'N' ? 0 : ReasonCode.ContinueAuthentication;
            }
            if (packet.ClientIdLength == 0) return 0;
            int kind = (packet.ClientIdLength + packet.Buffer[packet.ClientIdOffset]) % 5;
            if (packet.Buffer[packet.ClientIdOffset + packet.ClientIdLength - 1] % 3 != 0 || kind == 0) return 0;
            later[connection] = 1;
            return AccessAnswer.Later;
        }

        public int Authenticate(Broker b, int connection, Auth packet)
        {
            Reply(b);
            Properties p = packet.Properties;
            bool data = (p.Present & Has.AuthData) != 0;
            bool last = data && p.AuthDataLength > 1 && p.Buffer[p.AuthDataOffset + 1] == 0;
            return last ? 0 : packet.Reason == 0x18 ? dice.Of(codes) : ReasonCode.ContinueAuthentication;
        }

        private static readonly int[] codes = { 0, ReasonCode.NotAuthorized, ReasonCode.ContinueAuthentication };
        private static readonly byte[] challenge = new byte[40];

        private void Reply(Broker b)
        {
            b.AuthReply.Buffer = dice.One(2) ? challenge : null;
            b.AuthReply.Length = dice.Next(40);
        }

        // The log only notes: what the broker is being asked for is measured.
        public void Connected(int connection)
        {
            Peer p = peers[connection];
            p.Judge.Connected = true;
            p.Judge.Version = broker.VersionOf(connection);
        }

        public void Disconnected(int connection, int reason, int cause)
        {
            Peer p = connection < 0 ? null : peers[connection];
            if (p == null) return;
            if (cause == DisconnectCause.Broker) Note(p, reason);
            else p.Judge.Over = true;
        }

        public void Refused(int connection, int reason)
        {
            Peer p = connection < 0 ? null : peers[connection];
            if (p != null) Note(p, reason);
        }

        private void Note(Peer p, int reason)
        {
            p.Judge.Reason = reason;
            p.Judge.Held = broker.Holds(p.Connection);
            p.Judge.Outside = feeding != p;
            p.Judge.Timer = ticking;
        }

        public void Gone(Broker b, int connection) => later[connection] = 0;

        public bool Publish(Broker b, int session, byte[] topic, int offset, int length, int qos, bool retain)
        {
            return length != 5;
        }

        public bool Deliver(Broker b, int session, byte[] topic, int offset, int length) => length != 3;

        public int Subscribe(Broker b, int session, byte[] filter, int offset, int length, int options)
        {
            return length == 6 ? 0x87 : 0;
        }
    }
}
