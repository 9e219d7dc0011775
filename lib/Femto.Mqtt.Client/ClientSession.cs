using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// A client's half of MQTT 3.1.1 and 5.0, without sockets, clock or threads: one thread calls it. The owner
    /// connects a transport, calls <see cref="Opened"/>, then in turn gives what arrives to <see cref="Feed"/>, sends
    /// what <see cref="Pending"/> shows and says so by <see cref="Sent"/>, calls <see cref="Tick"/> when it is due,
    /// and <see cref="Closed"/> when the connection is gone or <see cref="Pending"/> said to close it.
    /// </summary>
    public sealed partial class ClientSession
    {
        /// <summary>What a sink's Message returns to keep the message for later.</summary>
        public const int Hold = -1;

        /// <summary>May rewrite topic names on the way out; null: none.</summary>
        public IClientTopics Topics;
        /// <summary>A constant of <see cref="ClientState"/>.</summary>
        public int State;
        /// <summary>Second of the clock that the pool's expiries count in. With an outbox of its own the session keeps
        /// it; else the owner sets it before each call.</summary>
        public uint Uptime;
        /// <summary>Encoded user properties that go with SUBSCRIBE and UNSUBSCRIBE; null: none. MQTT 5.</summary>
        public byte[] RequestProperties;

        /// <summary>What CONNACK said.</summary>
        public bool SessionPresent;
        /// <summary>Seconds in force; 0: none.</summary>
        public int ServerKeepAlive;
        /// <summary>QoS 1 and 2 messages that may be on the way to the server.</summary>
        public int ServerReceiveMaximum;
        /// <summary>0 to 2. What has more is sent with this.</summary>
        public int ServerMaximumQos;
        /// <summary>If not, messages are sent without RETAIN.</summary>
        public bool ServerRetain;
        /// <summary>Bytes of the largest packet the server takes; int.MaxValue: no limit.</summary>
        public int ServerPacketBytes;
        /// <summary>Topic aliases the server takes.</summary>
        public int ServerTopicAliases;
        /// <summary>Wildcards in filters are allowed.</summary>
        public bool ServerWildcards;
        /// <summary>Subscription identifiers are allowed.</summary>
        public bool ServerSubscriptionIds;
        /// <summary>Shared subscriptions are allowed.</summary>
        public bool ServerShared;
        /// <summary>Seconds the server keeps the session, 0xFFFFFFFF for ever.</summary>
        public uint ServerSessionExpiry;

        /// <summary>Texts of the server's; the following lie in it. Kept until the next <see cref="Opened"/>,
        /// the assigned client identifier until another is given.</summary>
        public readonly byte[] Texts;
        /// <summary>Bytes of the identifier the server gave to this client, at the beginning of
        /// <see cref="Texts"/>; 0: none.</summary>
        public int AssignedClientIdLength;
        public int ResponseInformationOffset, ResponseInformationLength;
        /// <summary>Of CONNACK or DISCONNECT: another server.</summary>
        public int ServerReferenceOffset, ServerReferenceLength;
        /// <summary>Of CONNACK or DISCONNECT.</summary>
        public int ReasonStringOffset, ReasonStringLength;

        /// <summary>Messages of QoS 1 and 2 on the way that had to be published anew, because the server had lost the
        /// session [MQTT-3.2.2-5]: they may arrive twice.</summary>
        public int Renewed;
        /// <summary>QoS 2 messages that the server sent again and that were not given to the sink again.</summary>
        public int Duplicates;
        /// <summary>Messages of a 3.1.1 server that were larger than <see cref="ClientLimits.PacketBytes"/>:
        /// acknowledged, and their content let go.</summary>
        public int Discarded;
        /// <summary>Own messages dropped: expired before they were sent.</summary>
        public int DroppedExpired;
        /// <summary>Own messages dropped: larger than the server takes, or the topic not to be rewritten.</summary>
        public int DroppedTooLarge;
        /// <summary>Own messages sent with less QoS or without RETAIN, as the server demanded.</summary>
        public int Downgraded;
        /// <summary>Publish calls refused because the outbox was full.</summary>
        public int Refused;
        /// <summary>Set by Publish: the message's handle in the pool, as Acknowledged will name it; 0 when it was
        /// written at once.</summary>
        public int LastMessage;

        /// <summary>Where the outbox's messages are.</summary>
        public readonly MessagePool Pool;
        /// <summary>The outbox.</summary>
        public readonly Deliveries Deliveries;
        /// <summary>The session of <see cref="Deliveries"/> that is sent.</summary>
        public readonly int Session;

        internal int Version; // 4 or 5, of this connection

        private readonly ClientOptions options;
        private readonly IClientSink sink;
        private readonly ClientOutput output;
        private readonly ClientInput input;
        private readonly ClientConnection connection;
        private readonly int topicLengthMax, connectMs, pingMs;
        private byte[] knownTopic;        // the topic name checked last
        private int knownOffset, knownLength;
        private readonly bool ownClock;   // Uptime is counted here
        private int secondMs;             // when the present second of it began
        private bool started;
        private int nowMs;
        private int sinceMs;              // when the present state, or step of authentication, began
        private int lastSentMs, pingSinceMs, heldSinceMs;
        private bool pinging, pingWritten;
        private int endReason;
        private bool leaving;             // DISCONNECT is still to be written
        private bool busy, resumeWanted;  // Resume was called by the sink

        /// <summary>A session with an outbox of its own.</summary>
        /// <param name="limits">Not changed after.</param>
        /// <param name="options">Read at each <see cref="Opened"/>.</param>
        /// <param name="seed">A random number: where packet identifiers begin, so that a server that kept the session
        /// over a restart of this program does not take new messages for old ones.</param>
        public ClientSession(ClientLimits limits, ClientOptions options, IClientSink sink, int seed)
            : this(limits, options, sink, seed, new MessagePool(limits.Messages, limits.Blocks, limits.BlockBytes),
                null, 1, new PacketScratch(limits.TopicLength))
        {
        }

        /// <summary>A session that sends what somebody else queues: its outbox is one session of the tables
        /// given.</summary>
        /// <param name="scratch">May be shared with whoever is not called while a call of this session runs. Its topic
        /// has <see cref="ClientLimits.TopicLength"/> bytes.</param>
        public ClientSession(ClientLimits limits, ClientOptions options, IClientSink sink, int seed, MessagePool pool,
            Deliveries deliveries, int session, PacketScratch scratch)
        {
            if (limits.SendBytes < ClientOutput.HeadMax + limits.TopicLength || limits.TopicLength < 1
                || limits.ReceiveIds < limits.ReceiveMaximum || limits.ReceiveMaximum < 1 || limits.SendWindow < 1
                || limits.Requests < 1 || limits.Requests > 63 || limits.PacketBytes < 16)
            {
                throw new ArgumentException("limits");
            }
            this.options = options;
            this.sink = sink;
            Texts = new byte[limits.TextBytes];
            Pool = pool;
            ownClock = deliveries == null;
            Deliveries = ownClock ? new Deliveries(1, limits.Messages, pool) : deliveries;
            Session = session;
            Deliveries.StartAfter(session, (seed & 0x7FFF) + 1);
            topicLengthMax = limits.TopicLength;
            connectMs = limits.ConnectMs;
            pingMs = limits.PingMs;
            ServerPacketBytes = int.MaxValue;
            ServerMaximumQos = 2;
            ServerRetain = true;
            output = new ClientOutput(this, limits, sink, scratch.Topic);
            output.PacketMax = int.MaxValue;
            output.V5 = options.Version == 5;
            connection = new ClientConnection(this, limits, options, sink, output, scratch);
            input = new ClientInput(this, limits, sink, output, connection, scratch);
        }

        // Static tables: of the codec's properties and reason codes; topic name, bridge mark, return codes here.
        private const int StaticBytes = 948;

        /// <summary>Bytes of nanoFramework's heap that a session with its own outbox takes.</summary>
        public static int Bytes(ClientLimits limits)
        {
            return Heap.Object(60) + Heap.Array(limits.TextBytes, 1)
                + MessagePool.Bytes(limits.Messages, limits.Blocks, limits.BlockBytes)
                + Deliveries.Bytes(1, limits.Messages)
                + PacketScratch.Bytes(limits.TopicLength)
                + StaticBytes
                + ClientOutput.Bytes(limits) + ClientConnection.Bytes(limits) + ClientInput.Bytes(limits);
        }

        /// <summary>The transport is there: CONNECT goes out.</summary>
        public void Opened(int nowMs)
        {
            if (State != ClientState.Offline) return;
            Now(nowMs);
            State = ClientState.Connecting;
            sinceMs = nowMs;
            lastSentMs = nowMs;
            Version = options.Version;
            output.V5 = Version == 5;
            input.V5 = output.V5;
            ServerPacketBytes = int.MaxValue;
            output.PacketMax = int.MaxValue;
            ResponseInformationLength = 0;
            ServerReferenceLength = 0;
            ReasonStringLength = 0;
            int wrong = CheckOptions();
            if (wrong == 0 && !connection.Connect(input.Buffer)) wrong = (int)Fault.PacketTooLarge;
            if (wrong != 0) End(wrong);
        }

        /// <summary>What the specification does not allow in the options as they are now; a connection that is opened
        /// with them is closed with this reason before a byte is sent.</summary>
        /// <returns>0: nothing. ClientIdentifierNotValid: not UTF-8 or, in 3.1.1, empty without
        /// <see cref="ClientOptions.CleanStart"/>. BadUserNameOrPassword: the user name is not UTF-8 or, in 3.1.1,
        /// missing beside a password. TopicNameInvalid: the will's topic is no topic name. QosNotSupported: the will's
        /// QoS. BadAuthenticationMethod: not UTF-8. UnsupportedProtocolVersion.</returns>
        public int CheckOptions()
        {
            return OptionRules.Check(options, AssignedClientIdLength != 0);
        }

        /// <summary>Bytes that the next <see cref="Feed"/> is sure to take; 0: do not read now.</summary>
        public int Room()
        {
            return output.Data == input.Buffer ? 0 : input.Buffer.Length - input.Count;
        }

        /// <summary>Bytes arrived.</summary>
        /// <returns>How many were taken. Fewer than offered: keep the rest, and offer it again after
        /// <see cref="Resume"/> or <see cref="Sent"/>.</returns>
        public int Feed(byte[] buffer, int offset, int count, int nowMs)
        {
            if (State != ClientState.Connected)
            {
                if (State != ClientState.Connecting) return count;
                if (output.Data == input.Buffer) return 0; // CONNECT is not out
            }
            this.nowMs = nowMs;
            if ((uint)(nowMs - secondMs) >= 1000) Seconds();
            if (pinging) pingSinceMs = nowMs;
            busy = true;
            int end = offset + count;
            int at = input.Take(buffer, offset, end);
            if (input.Held == ClientInput.HoldIds) at = input.Freed(buffer, at, end);
            busy = false;
            if (resumeWanted) at = Again(buffer, at, end);
            return at - offset;
        }

        // The sink resumed from within a call: what could not be taken can now.
        private int Again(byte[] buffer, int at, int end)
        {
            while (resumeWanted)
            {
                TryAgain();
                busy = true;
                if (at < end && input.Held == ClientInput.NoHold)
                {
                    at = input.Take(buffer, at, end);
                    if (input.Held == ClientInput.HoldIds) at = input.Freed(buffer, at, end);
                }
                busy = false;
            }
            return State == ClientState.Closing ? end : at;
        }

        private void TryAgain()
        {
            busy = true;
            resumeWanted = false;
            if (State == ClientState.Connected || State == ClientState.Connecting) input.Resume();
            busy = false;
        }

        /// <summary>Bytes to send. The run is valid until the next call of the session.</summary>
        /// <param name="close">Close the connection when all is sent, and call <see cref="Closed"/>.</param>
        /// <returns>How many.</returns>
        public int Pending(out byte[] buffer, out int offset, out bool close)
        {
            ClientOutput o = output;
            int start = o.Start;
            buffer = o.Data;
            offset = start;
            int end = o.Changes == null ? o.End : o.Visible();
            close = State == ClientState.Closing && !leaving && end == o.End;
            return end - start;
        }

        /// <summary>So many of the pending bytes went out.</summary>
        public void Sent(int count, int nowMs)
        {
            this.nowMs = nowMs;
            if ((uint)(nowMs - secondMs) >= 1000) Seconds();
            lastSentMs = nowMs;
            ClientOutput o = output;
            int start = o.Start + count;
            o.Start = start;
            if (start == o.End)
            {
                o.Start = 0;
                o.End = 0;
                o.Held = -1;
            }
            if (o.More) GoOn();
        }

        private void GoOn()
        {
            if (output.End == 0) output.Own();
            if (!pingWritten) pinging = false; // what kept PINGREQ back goes on
            if (leaving) Farewell();
            output.Pump();
            if (input.Held >= ClientInput.HoldOutput) TryAgain();
        }

        /// <summary>The connection is gone. What was not acknowledged is sent again in the next one.</summary>
        public void Closed(int nowMs)
        {
            if (State == ClientState.Offline) return;
            Now(nowMs);
            int reason = State == ClientState.Closing ? endReason : (int)Fault.Closed;
            State = ClientState.Offline;
            leaving = false;
            pinging = false;
            resumeWanted = false;
            Deliveries.Rewind(Session);
            output.Clear();
            input.Clear();
            connection.Lost();
            sink.Disconnected(this, reason);
        }

        /// <summary>Keep-alive and time limits.</summary>
        /// <returns>Milliseconds to the next deadline.</returns>
        public int Tick(int nowMs)
        {
            Now(nowMs);
            if (State == ClientState.Connected) return KeepAlive();
            if (State == ClientState.Offline) return int.MaxValue;
            bool connecting = State == ClientState.Connecting;
            int left = (connecting ? connectMs : pingMs) - (nowMs - sinceMs);
            if (left > 0) return left;
            if (connecting) End(ReasonCode.ServerUnavailable);
            // A server that does not even take our last bytes.
            leaving = false;
            output.Clear();
            return int.MaxValue;
        }

        private int KeepAlive()
        {
            int left = int.MaxValue;
            if (input.Held == ClientInput.HoldIds)
            {
                left = pingMs - (nowMs - heldSinceMs);
                if (left <= 0)
                {
                    Fail(Fault.ReceiveMaximumExceeded); // what it waits for does not come
                    return int.MaxValue;
                }
            }
            if (pinging)
            {
                if (input.Held != ClientInput.NoHold) pingSinceMs = nowMs; // the answer may wait at our door
                int answer = pingMs - (nowMs - pingSinceMs);
                if (answer <= 0)
                {
                    End(ReasonCode.KeepAliveTimeout); // 3.1.2.10
                    return int.MaxValue;
                }
                if (answer < left) left = answer;
            }
            if (ServerKeepAlive == 0) return left;
            int intervalMs = ServerKeepAlive * 875; // a little before the time is over [MQTT-3.1.2-20]
            int idle = intervalMs - (nowMs - lastSentMs);
            if (idle <= 0)
            {
                pingWritten = output.WriteShort(PacketType.Pingreq << 4, 0);
                if (!pinging)
                {
                    pinging = true;
                    pingSinceMs = nowMs;
                    if (pingMs < left) left = pingMs;
                }
                lastSentMs = nowMs;
                idle = intervalMs;
            }
            return idle < left ? idle : left;
        }

        /// <summary>
        /// Publishes, or puts the message into the outbox: it is sent when the connection allows. All bytes are
        /// copied before the call returns. When the outbox is full the newest is refused, QoS 0 first: it may use
        /// three quarters of the outbox. A topic is checked once for each place it stands in: who changes the bytes
        /// there answers for them.
        /// </summary>
        /// <param name="qos">0 to 2.</param>
        /// <param name="properties">Encoded MQTT 5 properties without expiry and alias; null: none.</param>
        /// <param name="expirySeconds">Message expiry; <see cref="MessagePool.Never"/>: none.</param>
        /// <returns>None; PoolFull: refused, the outbox is full; TooLarge: it can never be sent (the server's limit,
        /// or the outbox as a whole); TopicNameInvalid, MalformedPacket: no topic name.</returns>
        public Fault Publish(byte[] topic, int topicOffset, int topicLength, byte[] payload, int payloadOffset,
            int payloadLength, int qos, bool retain, byte[] properties, int propertiesOffset, int propertiesLength,
            uint expirySeconds)
        {
            if (topic != knownTopic || topicOffset != knownOffset || topicLength != knownLength)
            {
                Fault fault = Check(topic, topicOffset, topicLength);
                if (fault != Fault.None) return fault;
            }
            ClientOutput o = output;
            if (expirySeconds != MessagePool.Never) expirySeconds = Later(expirySeconds);
            int forwarded = propertiesLength == 0 || !o.V5 ? 0 : propertiesLength;
            if (o.PacketMax != int.MaxValue
                && o.Size(topicLength, qos, forwarded, payloadLength, expirySeconds) > o.PacketMax)
            {
                return Fault.TooLarge; // [MQTT-3.2.2-15]
            }
            int flags = retain ? qos | 4 : qos;
            bool direct = !o.More && Topics == null && o.Fits(topicLength + forwarded + payloadLength, qos, retain);
            LastMessage = 0;
            if (qos != 0 || !direct)
            {
                Fault fault = o.Store(topic, topicOffset, topicLength, payload, payloadOffset, payloadLength, flags,
                    properties, propertiesOffset, propertiesLength, expirySeconds);
                if (fault != Fault.None) return fault;
            }
            if (!direct) o.Pump();
            else o.Direct(topic, topicOffset, topicLength, payload, payloadOffset, payloadLength, flags, properties,
                propertiesOffset, forwarded, expirySeconds);
            return Fault.None;
        }

        // A topic that stands where the last one stood is not looked at again.
        private Fault Check(byte[] topic, int offset, int length)
        {
            Fault fault = TopicName.Check(topic, offset, length);
            if (fault != Fault.None) return fault;
            if (length > topicLengthMax) return Fault.TooLarge;
            knownTopic = topic;
            knownOffset = offset;
            knownLength = length;
            return Fault.None;
        }

        // The second of uptime so many seconds from now, and never MessagePool.Never.
        private uint Later(uint seconds)
        {
            uint at = Uptime + seconds;
            return at < seconds || at == MessagePool.Never ? MessagePool.Never - 1 : at;
        }

        /// <summary>Sends SUBSCRIBE for one filter.</summary>
        /// <param name="options">As in the packet: QoS, no local 4, retain as published 8, retain handling 0x10 and
        /// 0x20; 3.1.1 takes the QoS alone.</param>
        /// <param name="subscriptionId">0: none.</param>
        /// <returns>The request's number, which comes back in Answer; 0: no room for one more request now, or not
        /// connected; below 0: never, the negative reason code (TopicFilterInvalid,
        /// WildcardSubscriptionsNotSupported, SharedSubscriptionsNotSupported, SubscriptionIdentifiersNotSupported,
        /// PacketTooLarge, ProtocolError for no local on a shared subscription).</returns>
        public int Subscribe(byte[] filter, int offset, int length, int options, int subscriptionId)
        {
            if (Version != 5) subscriptionId = 0;
            int refused = connection.Refused(filter, offset, length, options, subscriptionId);
            if (refused != 0) return -refused;
            return connection.Request(PacketType.Subscribe, filter, offset, length, options, subscriptionId);
        }

        /// <summary>Sends UNSUBSCRIBE for one filter.</summary>
        /// <returns>As <see cref="Subscribe"/>.</returns>
        public int Unsubscribe(byte[] filter, int offset, int length)
        {
            bool valid = TopicName.CheckFilter(filter, offset, length, out bool _) == Fault.None;
            if (!valid) return -ReasonCode.TopicFilterInvalid;
            return connection.Request(PacketType.Unsubscribe, filter, offset, length, 0, 0);
        }

        /// <summary>Sends DISCONNECT and ends the connection, after a message that is half sent.</summary>
        /// <param name="reason">A reason code of MQTT 5, 0 for a normal end, 4 to have the will published.</param>
        public void Disconnect(int reason, int nowMs)
        {
            if (State == ClientState.Offline) return;
            Now(nowMs);
            Leave(reason, reason == 0 || Version == 5);
        }

        // The server broke a rule. 3.1.1 has no way to say so.
        internal void Fail(Fault fault)
        {
            Leave((int)fault, Version == 5);
        }

        private void Leave(int reason, bool word)
        {
            if (State == ClientState.Closing) return;
            State = ClientState.Closing;
            output.More = true;
            endReason = reason;
            sinceMs = nowMs;
            leaving = word;
            if (word) Farewell();
            else output.Clear();
        }

        private void Farewell()
        {
            if (output.Data == input.Buffer || !output.Finish()) return;
            int at = output.Reserve(3);
            if (at < 0) return;
            leaving = false;
            byte[] data = output.Data;
            data[at] = PacketType.Disconnect << 4;
            data[at + 1] = (byte)(endReason == 0 ? 0 : 1); // 3.14.2.1
            data[at + 2] = (byte)endReason;
            output.End = at + (endReason == 0 ? 2 : 3);
        }

        // The end without a word: the server has said it, or does not listen.
        internal void End(int reason)
        {
            Leave(reason, false);
        }

        /// <summary>Begins a re-authentication (section 4.12.1).</summary>
        /// <returns>None; BufferFull: no room now; ProtocolError: CONNECT named no authentication method.</returns>
        public Fault Reauthenticate(byte[] data, int offset, int length, int nowMs)
        {
            if (State != ClientState.Connected || Version != 5 || options.AuthMethod == null
                || connection.Reauthenticating) return Fault.ProtocolError;
            Now(nowMs);
            if (!connection.Send(ReasonCode.Reauthenticate, data, offset, length)) return Fault.BufferFull;
            connection.Reauthenticating = true;
            return Fault.None;
        }

        /// <summary>Somebody else queued a message to the outbox: it is sent if it can be.</summary>
        public void Arrived(int nowMs)
        {
            Now(nowMs);
            output.Pump();
        }

        /// <summary>The message that the sink held is offered again. From within a call of the sink it is when that
        /// call has returned.</summary>
        public void Resume(int nowMs)
        {
            if (input.Held != ClientInput.HoldSink) return;
            resumeWanted = true;
            if (busy) return;
            Now(nowMs);
            while (resumeWanted) TryAgain();
        }

        /// <summary>Checks that tables agree. For tests.</summary>
        /// <exception cref="InvalidOperationException">Names what is wrong.</exception>
        public void Invariants()
        {
            Pool.Invariants();
            Deliveries.Invariants();
            output.Invariants();
            input.Invariants();
            if (State == ClientState.Offline && output.Start != output.End)
            {
                throw new InvalidOperationException("offline with bytes to send");
            }
        }

        // CONNACK was good.
        internal void Accepted(bool sessionPresent)
        {
            SessionPresent = sessionPresent;
            State = ClientState.Connected;
            if (!sessionPresent)
            {
                // [MQTT-3.2.2-5]: the state is void; what was not acknowledged is published anew.
                Renewed += Deliveries.Renew(Session);
                input.Received.Clear();
            }
            sink.Connected(this, sessionPresent);
            output.PacketMax = ServerPacketBytes; // the sink may want less
            output.Pump();
        }

        // A message waits for a place among the identifiers, from now on.
        internal void HoldBegins()
        {
            heldSinceMs = nowMs;
        }

        internal void PingDone()
        {
            pinging = false;
        }

        // The exchange goes on: the server has its time anew.
        internal void StepDone()
        {
            sinceMs = nowMs;
        }

        private void Now(int nowMs)
        {
            this.nowMs = nowMs;
            if ((uint)(nowMs - secondMs) >= 1000) Seconds();
        }

        private void Seconds()
        {
            int passed = (nowMs - secondMs) / 1000;
            if (started && ownClock) Uptime += (uint)passed;
            secondMs = started ? secondMs + passed * 1000 : nowMs;
            started = true;
        }
    }
}
