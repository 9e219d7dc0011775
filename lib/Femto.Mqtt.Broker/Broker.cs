using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// An MQTT 5.0 and 3.1.1 broker without sockets, clock, threads or files. A transport calls it from one thread:
    /// <see cref="Open"/>, <see cref="Feed"/>, <see cref="Pending"/>, <see cref="Sent"/>, <see cref="Closed"/> and
    /// <see cref="Tick"/>, and asks <see cref="NextReady"/> what to do next. All memory is taken in the constructor.
    /// </summary>
    /// <remarks>
    /// The transport's loop: wait for sockets, at most as long as <see cref="Wait"/> says right before; Feed what
    /// arrived; Tick; then, while NextReady names a connection: send what Pending gives, tell by Sent, close when told
    /// to, and read again if it was held back. <c>nowMs</c> is any millisecond clock that does not go backwards; it may
    /// wrap.
    /// </remarks>
    public sealed class Broker
    {
        /// <summary>Rights; null allows everything. Set before the first connection.</summary>
        public IAccess Access;
        /// <summary>Gets a call for each connection made, ended or refused; may be null.</summary>
        public IBrokerLog Log;
        /// <summary>Wakes the transport's thread for local clients; may be null when Tick is called often.</summary>
        public IWakeup Wakeup;
        /// <summary>Data for AUTH and CONNACK, filled by the access hook.</summary>
        public readonly AuthReply AuthReply = new AuthReply();
        /// <summary>The ledger: one row for each constant of <see cref="Counter"/>.</summary>
        public readonly int[] Counters = new int[Counter.Count];
        /// <summary>The sizes this broker was built with. Not to be changed.</summary>
        public readonly Limits Limits;

        /// <summary>Seconds since the broker was built.</summary>
        public uint Uptime;
        /// <summary>Bytes of nanoFramework's heap that this broker takes, ever.</summary>
        public readonly int RamBytes;
        /// <summary>Clients connected now, local ones not counted.</summary>
        public int ClientsConnected;

        internal Changes Changes;  // null: nothing survives a loss of power
        internal Uplink[] Uplinks; // null: none
        internal int NowMs;
        internal readonly TextTable Texts;
        internal readonly TopicTable Topics;
        internal readonly MessagePool Pool;
        internal readonly Deliveries Deliveries;
        internal readonly ReceivedIds Received;
        internal readonly Connections Connections;
        internal readonly Sessions Sessions;
        internal readonly ReceiveBuffers ReceiveBuffers;
        internal readonly SendBuffers SendBuffers;
        internal readonly AliasTable Aliases;
        internal readonly TopicMemory Memory;
        internal readonly RetainedStore Retained;
        internal readonly Replay Replay;
        internal readonly Sender Sender;
        internal readonly Router Router;
        internal readonly Receiver Receiver;
        internal readonly Lifecycle Lifecycle;
        internal readonly SysTopics Sys;
        internal readonly LocalClients Locals;
        internal readonly TopicPath Path;       // of the packet being handled
        internal readonly TopicPath SidePath;   // of wills, $SYS and whatever is not that packet
        internal readonly PacketScratch Scratch; // of the packet being handled; bridges use it in their turns
        internal readonly byte[] SideScratch;
        internal readonly Outgoing Outgoing = new Outgoing();
        internal readonly ReasonTexts ReasonTexts = new ReasonTexts();
        // Of packets the broker makes; while CONNECT is read, the will's.
        internal readonly Properties Answer = new Properties();

        private readonly ushort[] ready;        // ring of connections that want attention
        private readonly byte[] isReady;
        private int readyFirst;
        private int readyCount;
        internal int SecondMs;                  // when the present second of Uptime began
        private bool started;
        private bool stopping;

        /// <summary>Builds a broker. Everything it will ever need is allocated here.</summary>
        /// <param name="limits">Sizes; see <see cref="BrokerMemory.Check"/> for what must hold between them.</param>
        /// <param name="seed">For hashes and assigned client identifiers: random, unknown to clients.</param>
        public Broker(Limits limits, int seed)
        {
            string wrong = BrokerMemory.Check(limits);
            if (wrong != null) throw new ArgumentException(wrong);
            Limits = limits;
            RamBytes = BrokerMemory.RamBytes(limits);
            Path = new TopicPath(limits.TopicLevels, seed);
            SidePath = new TopicPath(limits.TopicLevels, Path);
            Scratch = new PacketScratch(limits.TopicLength);
            SideScratch = new byte[limits.TopicLength];
            Texts = new TextTable(limits.Texts, limits.TextBytes);
            Topics = new TopicTable(limits, Texts);
            Pool = new MessagePool(limits.Messages, limits.Blocks, limits.BlockBytes);
            Deliveries = new Deliveries(limits.Sessions, limits.Deliveries, Pool);
            Received = new ReceivedIds(limits.Sessions, limits.ReceiveIds);
            Connections = new Connections(limits);
            Sessions = new Sessions(limits, Texts);
            ReceiveBuffers = new ReceiveBuffers(limits);
            SendBuffers = new SendBuffers(limits);
            Aliases = new AliasTable(limits, Texts, Path);
            Memory = new TopicMemory(limits, Topics);
            Retained = new RetainedStore(limits, Topics, Pool);
            Replay = new Replay(this, limits);
            Sender = new Sender(this, limits);
            Router = new Router(this, limits);
            Lifecycle = new Lifecycle(this, limits);
            Receiver = new Receiver(this, limits, seed);
            Sys = new SysTopics(this);
            Locals = new LocalClients(this, limits);
            ready = new ushort[limits.Connections];
            isReady = new byte[limits.Connections];
        }

        /// <summary>A connection exists.</summary>
        /// <param name="nowMs">Milliseconds.</param>
        /// <param name="listener">Number of the listener it came through, 0 to 65,535; the access hook may ask.</param>
        /// <param name="peer">Address of the peer as text, for logs; <see cref="Limits.PeerBytes"/> of it are copied.
        /// May be null.</param>
        /// <param name="peerOffset">Where the text begins.</param>
        /// <param name="peerLength">Its bytes.</param>
        /// <returns>Its index, 0 to <see cref="Limits.Connections"/> - 1, or -1: refused, close the socket.</returns>
        public int Open(int nowMs, int listener, byte[] peer, int peerOffset, int peerLength)
        {
            Now(nowMs);
            int c = stopping ? -1 : Connections.Take();
            if (c < 0)
            {
                Counters[Counter.ConnectsRefused]++;
                if (Log != null) Log.Refused(-1, ReasonCode.ServerBusy);
                return -1;
            }
            Connections.Reset(c, nowMs);
            Connections.Listener[c] = (ushort)listener;
            if (peerLength > Connections.PeerBytes) peerLength = Connections.PeerBytes;
            Connections.PeerLength[c] = (byte)peerLength;
            if (peerLength > 0) Array.Copy(peer, peerOffset, Connections.Peer, c * Connections.PeerBytes, peerLength);
            ReceiveBuffers.Clear(c);
            Sender.Open(c);
            Memory.Clear(c);
            Lifecycle.Deadline(nowMs + Limits.ConnectMs);
            return c;
        }

        /// <summary>Bytes that the next <see cref="Feed"/> is sure to take; 0: do not read this socket now.</summary>
        public int Room(int connection)
        {
            return Receiver.Room(connection);
        }

        /// <summary>
        /// Whether bytes that Feed took still wait to be handled. When a peer has closed its side the transport waits
        /// with <see cref="Closed"/> until NextReady names the connection and this is false: what came before the
        /// end of the stream is not lost.
        /// </summary>
        public bool Holds(int connection)
        {
            return Connections.Hold[connection] != Connections.NoHold;
        }

        /// <summary>Bytes arrived.</summary>
        /// <returns>How many were taken. When fewer than offered, keep the rest, stop reading the socket, and feed
        /// the rest when <see cref="NextReady"/> names the connection.</returns>
        public int Feed(int connection, byte[] buffer, int offset, int count, int nowMs)
        {
            Now(nowMs);
            int taken = Receiver.Feed(connection, buffer, offset, count);
            Counters[Counter.BytesReceived] += taken;
            return taken;
        }

        /// <summary>What is to be sent on a connection.</summary>
        /// <param name="connection">The connection.</param>
        /// <param name="buffer">The broker's own buffer; the bytes stand until the next call of the broker.</param>
        /// <param name="offset">Where they begin.</param>
        /// <param name="close">Close the socket once all of them are sent (at once when there are none).</param>
        /// <returns>How many there are.</returns>
        public int Pending(int connection, out byte[] buffer, out int offset, out bool close)
        {
            int start = SendBuffers.Start[connection];
            buffer = SendBuffers.Data;
            offset = start;
            int end = SendBuffers.End[connection];
            int visible = Changes == null ? end : Changes.Visible(connection, end);
            close = Connections.State[connection] == Connections.Closing && visible == end
                && Lifecycle.Said(connection);
            return visible - start;
        }

        /// <summary>So many of the pending bytes were sent.</summary>
        public void Sent(int connection, int count, int nowMs)
        {
            if (count == 0) return;
            Now(nowMs);
            Counters[Counter.BytesSent] += count;
            SendBuffers.Take(connection, count);
            Connections.LastProgressMs[connection] = nowMs;
            if (Connections.State[connection] != Connections.Connected)
            {
                if (Connections.State[connection] == Connections.Closing) Lifecycle.Farewell(connection);
                return;
            }
            Sender.Pump(connection);
            Lifecycle.Progress(connection);
        }

        /// <summary>The socket is gone. Called exactly once for each connection that was opened.</summary>
        public void Closed(int connection, int nowMs)
        {
            Now(nowMs);
            Lifecycle.Closed(connection);
        }

        /// <summary>Lets time pass: timers, local clients, work put off.</summary>
        /// <returns>What <see cref="Wait"/> says now.</returns>
        public int Tick(int nowMs)
        {
            Now(nowMs);
            Replay.Unfinished = false;
            Locals.Run();
            Lifecycle.Tick();
            Work();
            if (Changes != null) Changes.Keeper.Tick(nowMs);
            return Wait(nowMs);
        }

        /// <summary>Milliseconds until Tick must be called again at the latest, 0 and above. Asked right before the
        /// transport waits: what it did since Tick may have set an earlier deadline, or left work to do.</summary>
        public int Wait(int nowMs)
        {
            if (Locals.Waiting || Replay.Unfinished || Lifecycle.Waiting()) return 0;
            int wait = Lifecycle.WaitMs(nowMs);
            if (Changes == null) return wait;
            int keep = Changes.Keeper.Wait(nowMs);
            return keep < wait ? keep : wait;
        }

        /// <summary>A connection that wants to be written, closed or read again, or -1.</summary>
        public int NextReady()
        {
            if (readyCount == 0) Work();
            if (readyCount == 0) return -1;
            int c = ready[readyFirst];
            readyFirst = readyFirst + 1 == ready.Length ? 0 : readyFirst + 1;
            readyCount--;
            isReady[c] = 0;
            return c;
        }

        /// <summary>Ends all connections; MQTT 5 clients are told by DISCONNECT 0x8B. Wills are published to who is
        /// left, sessions are kept. No connection is taken any more.</summary>
        public void Shutdown(int nowMs)
        {
            Now(nowMs);
            stopping = true;
            for (int c = 0; c < Connections.Rows; c++)
            {
                if (Connections.State[c] == Connections.Free) continue;
                Lifecycle.Disconnect(c, ReasonCode.ServerShuttingDown);
            }
        }

        /// <summary>The access hook's answer to a CONNECT that it wanted to answer later.</summary>
        /// <param name="connection">The connection.</param>
        /// <param name="reason">Success or a reason code of 0x80 and above.</param>
        /// <param name="nowMs">Milliseconds.</param>
        public void Complete(int connection, int reason, int nowMs)
        {
            Now(nowMs);
            if (Connections.State[connection] != Connections.Opened) return;
            if (Connections.Hold[connection] != Connections.HoldAccess) return;
            Connections.Decision[connection] = (byte)reason;
            Receiver.Resume(connection, true);
        }

        /// <summary>The client identifier of a connection: bytes that stand until the broker is called again.</summary>
        /// <returns>Their number; 0 before CONNECT and after the session has ended.</returns>
        public int ClientIdOf(int connection, out byte[] buffer, out int offset)
        {
            int session = connection < 0 ? 0 : Connections.Session[connection];
            return ClientIdOfSession(session, out buffer, out offset);
        }

        /// <summary>The client identifier of a session, as <see cref="ClientIdOf"/>.</summary>
        public int ClientIdOfSession(int session, out byte[] buffer, out int offset)
        {
            buffer = Texts.Arena;
            offset = 0;
            if (session == 0 || Sessions.ClientId[session] == 0) return 0;
            int text = Sessions.ClientId[session];
            offset = Texts.Start[text];
            return Texts.Length[text];
        }

        /// <summary>The user name of a session, as <see cref="ClientIdOf"/>; 0 bytes when it has none.</summary>
        public int UserNameOfSession(int session, out byte[] buffer, out int offset)
        {
            buffer = Texts.Arena;
            offset = 0;
            int text = session == 0 ? 0 : Sessions.UserName[session];
            if (text == 0) return 0;
            offset = Texts.Start[text];
            return Texts.Length[text];
        }

        /// <summary>The peer's address as it was given to <see cref="Open"/>.</summary>
        public int PeerOf(int connection, out byte[] buffer, out int offset)
        {
            buffer = Connections.Peer;
            offset = connection * Connections.PeerBytes;
            return Connections.PeerLength[connection];
        }

        /// <summary>The protocol version of a connection: 4 for MQTT 3.1.1, 5 for 5.0.</summary>
        public int VersionOf(int connection)
        {
            return Connections.Version[connection];
        }

        /// <summary>The listener a connection came through.</summary>
        public int ListenerOf(int connection)
        {
            return Connections.Listener[connection];
        }

        /// <summary>Messages a session has lost since it began, by whatever cause.</summary>
        public int DroppedOf(int session)
        {
            return Sessions.Dropped[session];
        }

        /// <summary>The session of a client identifier, or 0.</summary>
        public int FindSession(byte[] clientId, int offset, int length)
        {
            return Sessions.Find(clientId, offset, length, Path.HashOf(clientId, offset, length));
        }

        /// <summary>Sessions, connected or not, local ones included.</summary>
        public int SessionCount()
        {
            return Sessions.Count;
        }

        /// <summary>Checks that tables, lists and counts agree. For tests.</summary>
        /// <exception cref="InvalidOperationException">Names what is wrong.</exception>
        public void Invariants()
        {
            Pool.Invariants();
            Deliveries.Invariants();
            Texts.Invariants();
            Topics.Invariants();
            Sender.Invariants();
        }

        /// <summary>The same, and when idle: that no connection, session or retained message is left and that every
        /// table is as it was at boot. For tests without local clients.</summary>
        /// <exception cref="InvalidOperationException">Names what is wrong.</exception>
        public void Invariants(bool idle)
        {
            Invariants();
            if (!idle) return;
            for (int c = 0; c < Connections.Rows; c++) Left(Connections.State[c], "a connection");
            for (int s = 0; s <= Sessions.Rows; s++) Left(Received.Count[s], "identifiers received at QoS 2");
            Left(ClientsConnected, "clients connected");
            Left(Sessions.Count, "sessions");
            Left(Topics.SubscriptionCount, "subscriptions");
            Left(Topics.GroupCount, "share groups");
            Left(Topics.RetainedCount + Retained.Blocks, "retained messages");
            Left(Replay.Active, "replays");
            Left(Topics.NodeCount, "topic nodes");
            Left(Texts.Count, "texts");
            Left(Limits.Deliveries - Deliveries.Free, "deliveries");
            Left(Limits.Messages - Pool.FreeMessages, "messages");
            Left(Limits.Blocks - Pool.FreeBlocks, "blocks");
            Left(Limits.ReceiveBuffers - ReceiveBuffers.FreeLarge, "receive buffers");
            Left(ReceiveBuffers.WaitingCount, "connections that wait for a receive buffer");
        }

        private static void Left(int count, string what)
        {
            if (count != 0) throw new InvalidOperationException("left: " + what);
        }

        internal void MarkReady(int c)
        {
            if (isReady[c] != 0) return;
            isReady[c] = 1;
            int at = readyFirst + readyCount;
            if (at >= ready.Length) at -= ready.Length;
            ready[at] = (ushort)c;
            readyCount++;
        }

        /// <summary>A full queue ends the session, once the message at hand is through.</summary>
        internal void Doom(int session)
        {
            Lifecycle.Doom(session);
        }

        internal void ReplayDone(int session)
        {
            int c = Sessions.Connection[session];
            if (c >= 0 && Connections.Hold[c] == Connections.HoldReplay) Lifecycle.Retry = true;
        }

        /// <summary>A retained message was found to be over its time.</summary>
        internal void ClearExpired(int message)
        {
            int length = Pool.TopicLength[message];
            Pool.Seek(message);
            Pool.Read(SideScratch, 0, length);
            if (SidePath.Name(SideScratch, 0, length) != Fault.None) return;
            Retained.Clear(SidePath);
            Counters[Counter.DroppedExpired]++;
        }

        /// <summary>Asks the access hook whether a session may get a message of the pool.</summary>
        internal bool MayDeliver(int session, int message)
        {
            if (Access == null) return true;
            int length = Pool.TopicLength[message];
            Pool.Seek(message);
            Pool.Read(SideScratch, 0, length);
            return Access.Deliver(this, session, SideScratch, 0, length);
        }

        /// <summary>Asks the access hook whether a session may publish its will: it needs the right to its topic like
        /// any other message.</summary>
        internal bool MayPublish(int session, int message)
        {
            if (Access == null) return true;
            int length = Pool.TopicLength[message];
            Pool.Seek(message);
            Pool.Read(SideScratch, 0, length);
            bool retain = Sessions.WillRetain[session] != 0;
            return Access.Publish(this, session, SideScratch, 0, length, Pool.Qos[message], retain);
        }

        /// <summary>The second of uptime that comes next: what is counted from here ends late rather than early.
        /// </summary>
        internal uint SecondsSoon()
        {
            return NowMs == SecondMs ? Uptime : Uptime + 1;
        }

        /// <summary>The second of uptime so many seconds from now, and never MessagePool.Never.</summary>
        internal uint Later(uint seconds)
        {
            uint at = Uptime + seconds;
            return at < seconds || at == MessagePool.Never ? MessagePool.Never - 1 : at;
        }

        /// <summary>What was held back may leave: all that was marked is durable.</summary>
        internal void Released()
        {
            for (int c = 0; c < Connections.Rows; c++)
            {
                if (Changes.Held[c] >= 0) MarkReady(c);
            }
            Lifecycle.Retry = true;
            Locals.Answers();
        }

        /// <summary>What was held back can never leave: the device failed. Who waits for it is told and comes
        /// again.</summary>
        internal void Unkept()
        {
            Changes.Off = true;
            for (int c = 0; c < Connections.Rows; c++)
            {
                int held = Changes.Held[c];
                if (held < 0 || Changes.HeldSync[c] != Changes.Synced) continue;
                Changes.Held[c] = -1;
                SendBuffers.End[c] = held;
                if (Connections.State[c] == Connections.Connected) Lifecycle.Fail(c);
                else MarkReady(c);
            }
            Locals.Answers();
        }

        private void Work()
        {
            Lifecycle.Work();
        }

        private void Now(int nowMs)
        {
            if (!started)
            {
                started = true;
                SecondMs = nowMs;
                Lifecycle.Begin(nowMs);
            }
            NowMs = nowMs;
            int passed = nowMs - SecondMs;
            if (passed < 1000) return;
            int seconds = passed / 1000;
            Uptime += (uint)seconds;
            SecondMs += seconds * 1000;
        }
    }
}
