using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// Carries topics between the broker here and one elsewhere. The spool is a session of the broker here (see
    /// <see cref="Femto.Mqtt.Uplink"/>); a client session sends from it over a transport. Never blocks; called from the
    /// broker's thread alone, and allocates nothing after its constructor.
    /// </summary>
    /// <remarks>
    /// The broker's loop calls <see cref="Turn"/> after <see cref="Broker.Tick"/> and before it asks
    /// <see cref="Broker.NextReady"/>, and waits no longer than <see cref="Wait"/> says right before it waits.
    /// </remarks>
    public sealed class Bridge : ITurn
    {
        /// <summary>One row for each constant of <see cref="BridgeCounter"/>.</summary>
        public readonly int[] Counters = new int[BridgeCounter.Count];
        /// <summary>The broker's end: the spool.</summary>
        public readonly Uplink Uplink;
        /// <summary>The upstream's end.</summary>
        public readonly ClientSession Session;
        /// <summary>What it was built from.</summary>
        public readonly BridgeOptions Options;
        /// <summary>What connects it.</summary>
        public readonly ITransport Transport;
        /// <summary>Another transport of its own, with which the first address is tried while the bridge is connected
        /// to another one; null: the bridge goes back to the first when the other is lost. Set before the first Turn.
        /// </summary>
        public ITransport Probe;
        /// <summary>The time of day for results of aggregation: whoever knows it sets it. Null without rules. May be
        /// replaced, before the first Turn, by one that several share.</summary>
        public WallClock Clock;
        /// <summary>Gets a call when something happens; may be null.</summary>
        public readonly IBridgeLog Log;
        /// <summary>The address in use or tried next: index in <see cref="BridgeOptions.Hosts"/>.</summary>
        public int Address;
        /// <summary>The bridge has ended: by <see cref="Stop"/>, or because it was to connect once.</summary>
        public bool Stopped;
        /// <summary>Bytes of nanoFramework's heap that this bridge takes, its uplink and client session included.
        /// </summary>
        public readonly int RamBytes;
        /// <summary>Those of them that aggregation takes.</summary>
        public readonly int AggregateBytes;

        // Phases.
        private const int Waiting = 0;  // for a time, or for messages
        private const int Opening = 1;  // the transport connects
        private const int Open = 2;

        private const int ProbeMs = 5000;
        private const int DroppedMs = 10000;
        private const int Rounds = 16;
        private const int Retained = 32;  // retained messages in one call

        private readonly Broker broker;
        private readonly BridgeSink sink;
        private readonly Aggregator aggregator; // null: no rules
        private readonly ClientOptions connect;
        private readonly TransportOptions transportOptions;
        private readonly TransportOptions probeOptions;
        private readonly byte[] buffer;
        private readonly int pollMs;        // how often the transport must be asked
        private int phase;
        private bool timed;                 // Waiting for dueMs, else for messages
        private bool begun;
        private int dueMs;
        private int sinceMs;                // the attempt or the connection began
        private int failures;               // attempts since the last round over all addresses
        private int delayMs;                // the last one
        private uint random;
        private bool stopping, leaving;     // for good; because of a better address or for want of messages
        private int trafficMs;
        private bool again;                 // there is more to do at once
        private int tickMs;                 // the client session's deadline
        private bool ticking;
        private int heldSinceMs, heldFreed, triedMs;
        private bool held;
        private int probeMs;
        private bool probing;
        private int dropped, droppedMs;     // last told
        private bool plain;                 // this address does not take a bridge that says so

        /// <summary>Builds a bridge. At boot, before the broker's first connection.</summary>
        /// <param name="broker">The broker here.</param>
        /// <param name="options">See <see cref="Check"/>.</param>
        /// <param name="transport">The bridge's own.</param>
        /// <param name="log">May be null.</param>
        /// <param name="seed">Random: for jitter and packet identifiers.</param>
        /// <exception cref="ArgumentException">The options do not hold, or a table of the broker is full.</exception>
        public Bridge(Broker broker, BridgeOptions options, ITransport transport, IBridgeLog log, int seed)
        {
            Limits limits = broker.Limits;
            string wrong = Check(options, limits);
            if (wrong != null) throw new ArgumentException(wrong);
            this.broker = broker;
            Options = options;
            Transport = transport;
            Log = log;
            random = (uint)seed | 1;
            TopicMap map = new TopicMap(options.Topics, limits.TopicLength);
            byte[] status = BridgeSetup.Utf8(options.StatusTopic);
            if (status != null && !map.Carries(status, status.Length)) options.StatusTopic = null;
            connect = BridgeSetup.Connect(options);
            transportOptions = BridgeSetup.Transport(options);
            if (options.Hosts.Length > 1 && !options.RoundRobin) probeOptions = BridgeSetup.Transport(options);
            ClientLimits sizes = BridgeSetup.Sizes(options, limits);
            BridgeSetup.SetWill(connect, options, map, limits);
            int messages = options.SpoolMessages != 0 ? options.SpoolMessages : limits.QueueMessages;
            int blocks = options.SpoolBytes != 0
                ? (options.SpoolBytes + limits.BlockBytes - 1) / limits.BlockBytes : limits.QueueBlocks;
            byte[] id = BridgeSetup.Utf8(BridgeSetup.LocalClientId(options));
            int loops = options.LoopMessages;
            if (BridgeSetup.IsSmall(limits) && loops > 16) loops = 16;
            Uplink = new Uplink(broker, id, messages, blocks, options.SpoolFull, loops);
            Uplink.Online = options.StartType == BridgeStart.Lazy;
            sink = new BridgeSink(this, options, connect, Uplink, map, sizes.Requests);
            Session = new ClientSession(sizes, connect, sink, seed, Uplink.Pool, Uplink.Deliveries, Uplink.Session,
                Uplink.Scratch);
            Session.Topics = sink;
            if (Uplink.Kept) Uplink.Received = Session.Keep(Uplink.Changes);
            buffer = new byte[BufferBytes(sizes)];
            pollMs = transport is IWakingTransport ? 1000 : 10;
            SubscribeHere(map);
            if (options.Aggregates.Length != 0)
            {
                aggregator = new Aggregator(this, Uplink, options, limits);
                Uplink.Filter = aggregator;
                Clock = new WallClock();
                AggregateBytes = Aggregator.Bytes(options, limits) + WallClock.Bytes();
            }
            timed = options.StartType != BridgeStart.Lazy;
            delayMs = options.RestartBaseMs;
            // The outbox of the client session is the broker's, and what it has a packet in.
            int shared = MessagePool.Bytes(sizes.Messages, sizes.Blocks, sizes.BlockBytes)
                + Deliveries.Bytes(1, sizes.Messages) + PacketScratch.Bytes(sizes.TopicLength);
            RamBytes = AggregateBytes + Heap.Object(41) + Heap.Array(BridgeCounter.Count, 4)
                + Uplink.Bytes(limits, loops)
                + ClientSession.Bytes(sizes) - shared - SharedStatics
                + sink.Bytes() + map.Bytes() + Heap.Array(buffer.Length, 1)
                + Heap.Object(ClientOptionsFields) + BridgeSetup.TextBytes(connect)
                + (probeOptions == null ? 1 : 2) * Heap.Object(TransportOptionsFields);
        }

        private const int ClientOptionsFields = 19;
        private const int TransportOptionsFields = 9;
        private const int SharedStatics = 588; // of the codec: they are the broker's

        private static int BufferBytes(ClientLimits sizes)
        {
            int bytes = sizes.PacketBytes / 4;
            return bytes < 64 ? 64 : bytes > 16384 ? 16384 : bytes;
        }

        private void SubscribeHere(TopicMap map)
        {
            for (int i = 0; i < map.Count; i++)
            {
                if (!map.Goes(i, BridgeTopic.Out)) continue;
                int length;
                int at = map.LocalFilter(i, out length);
                // Retain as published.
                Fault fault = Uplink.Subscribe(map.Text, at, length, map.Qos(i) | 8);
                if (fault != Fault.None) throw new ArgumentException(Options.Name + ": no room to subscribe");
            }
        }

        /// <summary>Says what is wrong with options, for a broker of these limits.</summary>
        /// <returns>Null: nothing; else a line for people.</returns>
        public static string Check(BridgeOptions options, Limits limits)
        {
            return BridgeSetup.Check(options, limits);
        }

        /// <summary>The upstream has accepted the connection, and it stands.</summary>
        public bool Connected
        {
            get { return Session.State == ClientState.Connected; }
        }

        /// <summary>Messages in the spool.</summary>
        public int SpoolLength()
        {
            return Uplink.Deliveries.Count[Uplink.Session];
        }

        /// <summary>Does everything that is due.</summary>
        /// <returns>What <see cref="Wait"/> says now.</returns>
        public int Turn(int nowMs)
        {
            if (Stopped) return int.MaxValue;
            if (!begun) Begin(nowMs);
            Session.Uptime = Uplink.Uptime();
            if (aggregator != null)
            {
                Clock.Advance(nowMs);
                aggregator.Turn(nowMs);
            }
            again = false;
            if (phase == Waiting) MayOpen(nowMs);
            if (phase == Opening) Connecting(nowMs);
            if (phase == Open) Exchange(nowMs);
            if (phase == Open && probeOptions != null && Probe != null) TryFirst(nowMs);
            TellDropped(nowMs);
            return Wait(nowMs);
        }

        private void Begin(int nowMs)
        {
            begun = true;
            dueMs = nowMs;
            droppedMs = nowMs - DroppedMs;
            sink.PublishState('0');
        }

        /// <summary>Milliseconds until Turn must be called again at the latest, 0 and above. Whoever uses a transport
        /// that wakes nobody is asked to come often.</summary>
        public int Wait(int nowMs)
        {
            if (Stopped) return int.MaxValue;
            if (!begun) return 0;
            int wait = Exchanges(nowMs);
            if (aggregator != null && wait != 0)
            {
                int next = aggregator.WaitMs(nowMs);
                if (next < wait) wait = next;
            }
            return wait;
        }

        private int Exchanges(int nowMs)
        {
            int wait = pollMs;
            if (phase == Waiting)
            {
                if (!timed) return Lazy() ? 0 : int.MaxValue;
                wait = dueMs - nowMs;
                return wait < 0 ? 0 : wait;
            }
            if (again || phase == Open && Uplink.Arrived) return 0;
            if (ticking && tickMs - nowMs < wait) wait = tickMs - nowMs;
            if (held)
            {
                if (heldFreed != Uplink.Freed()) return 0;
                int late = broker.Limits.HoldMs - (nowMs - heldSinceMs);
                if (late <= 0) late = 100;
                if (late < wait) wait = late;
            }
            return wait < 0 ? 0 : wait;
        }

        /// <summary>Ends the bridge: says so to the upstream, and Turn carries on until <see cref="Stopped"/>, for a
        /// few seconds at most. The spool stays where it is.</summary>
        public void Stop(int nowMs)
        {
            if (Stopped || stopping) return;
            if (aggregator != null)
            {
                aggregator.Flush(nowMs);
                if (phase == Open) Exchange(nowMs); // QoS 0 is not kept: it goes now or never
            }
            stopping = true;
            if (phase == Open && Session.State != ClientState.Offline)
            {
                Leave(nowMs);
                return;
            }
            if (phase != Waiting) Transport.Close();
            phase = Waiting;
            Uplink.Offline();
            Stopped = true;
        }

        // The upstream is to hear that the bridge is down: the will says it.
        private void Leave(int nowMs)
        {
            Session.Disconnect(connect.WillTopic == null ? 0 : 4, nowMs);
            again = true;
        }

        private bool Lazy()
        {
            return SpoolLength() >= Options.Threshold;
        }

        private void MayOpen(int nowMs)
        {
            if (timed ? nowMs - dueMs < 0 : !Lazy()) return;
            if (timed && Options.StartType == BridgeStart.Lazy && !Lazy())
            {
                timed = false; // the pause is over, and nothing is urgent
                Uplink.Online = true;
                return;
            }
            transportOptions.Host = Options.Hosts[Address];
            transportOptions.Port = Options.Ports[Address];
            Counters[BridgeCounter.Attempts]++;
            phase = Opening;
            sinceMs = nowMs;
            sink.Up = false;
            sink.Reason = (int)Fault.Closed;
            leaving = false;
            if (Log != null) Log.Connecting(this);
            Transport.Open(transportOptions);
        }

        private void Connecting(int nowMs)
        {
            int state = Transport.State();
            ticking = false;
            if (state == TransportState.Connecting && nowMs - sinceMs < transportOptions.ConnectMs) return;
            if (state != TransportState.Open)
            {
                Down(nowMs);
                return;
            }
            phase = Open;
            sinceMs = nowMs;
            trafficMs = nowMs;
            probeMs = nowMs + ProbeMs;
            Session.Opened(nowMs);
        }

        private void Exchange(int nowMs)
        {
            if (Uplink.Arrived)
            {
                Uplink.Arrived = false;
                Session.Arrived(nowMs);
            }
            if (held) TryHeld(nowMs);
            bool moved = true;
            for (int round = 0; moved && round < Rounds; round++)
            {
                moved = false;
                int room = Session.Room();
                if (room > buffer.Length) room = buffer.Length;
                int n = room == 0 ? 0 : Transport.Receive(buffer, 0, room);
                if (n > 0)
                {
                    Session.Feed(buffer, 0, n, nowMs); // all of it: Room said so
                    moved = true;
                }
                if (sink.Asking && Session.State == ClientState.Connected) sink.Ask(Session);
                int sent = Send(nowMs);
                if (n < 0 || sent < 0)
                {
                    Down(nowMs);
                    return;
                }
                if (sent > 0) moved = true;
            }
            again = moved;
            WatchHeld(nowMs);
            if (Session.State == ClientState.Connected) Idle(nowMs);
            int left = Session.Tick(nowMs);
            ticking = left != int.MaxValue;
            tickMs = nowMs + left;
            if (Send(nowMs) < 0) Down(nowMs);
        }

        // Bytes that went; -1: the connection is at its end.
        private int Send(int nowMs)
        {
            int all = 0;
            while (true)
            {
                byte[] data;
                int offset;
                bool close;
                int n = Session.Pending(out data, out offset, out close);
                if (n == 0) return close ? -1 : all;
                int taken = Transport.Send(data, offset, n);
                if (taken < 0) return -1;
                if (taken == 0) return all;
                Session.Sent(taken, nowMs);
                all += taken;
                if (taken < n || all > 1 << 20) return all;
            }
        }

        // Retained messages follow when everything else is on its way; a lazy bridge has done its work.
        private void Idle(int nowMs)
        {
            int pulled = 0;
            int session = Uplink.Session;
            while (Uplink.Deliveries.NextToSend(session) == 0 && Uplink.Pull())
            {
                Session.Arrived(nowMs);
                if (++pulled == Retained) break;
            }
            if (pulled != 0)
            {
                again = true;
                Uplink.Arrived = false;
            }
            if (sink.Traffic)
            {
                sink.Traffic = false;
                trafficMs = nowMs;
                return;
            }
            if (Options.StartType != BridgeStart.Lazy || leaving || SpoolLength() != 0) return;
            if (nowMs - trafficMs < Options.IdleSeconds * 1000) return;
            leaving = true;
            Leave(nowMs);
        }

        private void WatchHeld(int nowMs)
        {
            if (sink.Holding && !held)
            {
                held = true;
                heldSinceMs = nowMs;
                triedMs = nowMs;
                heldFreed = Uplink.Freed();
            }
            else if (!sink.Holding)
            {
                held = false;
            }
        }

        private void TryHeld(int nowMs)
        {
            int freed = Uplink.Freed();
            bool late = nowMs - heldSinceMs >= broker.Limits.HoldMs;
            if (freed == heldFreed && !(late && nowMs - triedMs >= 100)) return;
            heldFreed = freed;
            triedMs = nowMs;
            sink.Late = late;
            int held = Counters[BridgeCounter.CameDown] + Counters[BridgeCounter.RefusedDown];
            Session.Resume(nowMs);
            sink.Late = false;
            if (held != Counters[BridgeCounter.CameDown] + Counters[BridgeCounter.RefusedDown]) heldSinceMs = nowMs;
        }

        // The connection, or the attempt, is over.
        private void Down(int nowMs)
        {
            Transport.Close();
            bool closing = Session.State == ClientState.Closing;
            Session.Closed(nowMs);
            bool up = sink.Up;
            bool mute = phase == Open && !up && sink.Reason == (int)Fault.Closed; // no answer to CONNECT
            bool own = stopping || leaving && closing;
            bool idle = own && !stopping && Address == 0 && Options.StartType == BridgeStart.Lazy;
            if (idle) Uplink.Online = true;
            else Uplink.Offline();
            held = false;
            ticking = false;
            if (probing) Probe.Close();
            probing = false;
            phase = Waiting;
            if (up && !own) Counters[BridgeCounter.Lost]++;
            if (!up && sink.Reason >= ReasonCode.UnspecifiedError) Counters[BridgeCounter.Refused]++;
            int reason = sink.Reason;
            if (own) reason = 0;
            else if (reason < (int)Fault.Closed) reason = (int)Fault.Closed; // the upstream's goodbye
            if (Log != null) Log.Disconnected(this, reason);
            if (stopping)
            {
                Stopped = true;
                return;
            }
            bool lived = up && nowMs - sinceMs >= Options.RestartBaseMs;
            if (lived) delayMs = Options.RestartBaseMs;
            Next(nowMs, up, mute, own, idle);
        }

        // When and where to go on.
        private void Next(int nowMs, bool up, bool mute, bool own, bool idle)
        {
            timed = true;
            dueMs = nowMs;
            int addresses = Options.Hosts.Length;
            // Who does not know the private level refuses it, or closes without a word, as RabbitMQ does.
            bool unknown = sink.Reason == ReasonCode.UnsupportedProtocolVersion || mute && connect.Version == 4;
            if (!up && unknown && Options.TryPrivate && !plain)
            {
                plain = true; // the same address at once, as an ordinary client
                connect.TryPrivate = false;
                return;
            }
            plain = false;
            connect.TryPrivate = Options.TryPrivate;
            if (idle)
            {
                timed = false;
                return;
            }
            if (own)
            {
                Address = 0; // which is there again
                return;
            }
            if (up)
            {
                failures = 0;
                if (Options.StartType == BridgeStart.Once) Stopped = true;
                if (Options.RoundRobin) Address = Address + 1 == addresses ? 0 : Address + 1;
                else Address = 0;
                dueMs = nowMs + Delay();
                return;
            }
            Address = Address + 1 == addresses ? 0 : Address + 1;
            failures++;
            if (failures < addresses)
            {
                Counters[BridgeCounter.Failovers]++;
                return;
            }
            failures = 0;
            if (Options.StartType == BridgeStart.Once) Stopped = true;
            dueMs = nowMs + Delay();
        }

        // Decorrelated jitter: between the base and three times the last one.
        private int Delay()
        {
            int least = Options.RestartBaseMs;
            int cap = Options.RestartCapMs;
            if (cap <= least) return least;
            uint x = random;
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            random = x;
            int most = delayMs > cap / 3 ? cap : delayMs * 3;
            if (most < least) most = least;
            int delay = least + (int)((x >> 1) % (uint)(most - least + 1));
            delayMs = delay;
            return delay;
        }

        // While another address serves: is the first one there again?
        private void TryFirst(int nowMs)
        {
            if (Address == 0 || leaving || Session.State != ClientState.Connected) return;
            if (!probing)
            {
                if (nowMs - probeMs < 0) return;
                probing = true;
                Probe.Open(probeOptions);
                return;
            }
            int state = Probe.State();
            if (state == TransportState.Connecting && nowMs - probeMs < 2 * ProbeMs) return;
            Probe.Close();
            probing = false;
            probeMs = nowMs + ProbeMs;
            if (state != TransportState.Open) return;
            Counters[BridgeCounter.Returns]++;
            leaving = true;
            Leave(nowMs);
        }

        private void TellDropped(int nowMs)
        {
            if (Log == null) return;
            int now = broker.DroppedOf(Uplink.Session);
            if (now == dropped || nowMs - droppedMs < DroppedMs) return;
            droppedMs = nowMs;
            Log.Dropped(this, now - dropped);
            dropped = now;
        }
    }
}
