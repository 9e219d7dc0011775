using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// A client's half of MQTT 3.1.1 and 5.0, without sockets, clock or threads: one thread calls it. The owner
    /// connects a transport, calls <see cref="Opened"/>, then in turn gives what arrives to <see cref="Feed"/>, sends
    /// what <see cref="Pending"/> shows and says so by <see cref="Sent"/>, calls <see cref="Tick"/> when it is due,
    /// and <see cref="Closed"/> when the connection is gone or <see cref="Pending"/> said to close it.
    /// </summary>
    public sealed class ClientSession
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

        /// <summary>A session with an outbox of its own.</summary>
        /// <param name="limits">Not changed after.</param>
        /// <param name="options">Read at each <see cref="Opened"/>.</param>
        /// <param name="seed">A random number: where packet identifiers begin.</param>
        public ClientSession(ClientLimits limits, ClientOptions options, IClientSink sink, int seed)
        {
            Texts = new byte[limits.TextBytes];
            Pool = new MessagePool(limits.Messages, limits.Blocks, limits.BlockBytes);
            Deliveries = new Deliveries(1, limits.Messages, Pool);
            Session = 1;
        }

        /// <summary>A session that sends what somebody else queues: its outbox is one session of the tables
        /// given.</summary>
        public ClientSession(ClientLimits limits, ClientOptions options, IClientSink sink, int seed, MessagePool pool,
            Deliveries deliveries, int session)
        {
            Texts = new byte[limits.TextBytes];
            Pool = pool;
            Deliveries = deliveries;
            Session = session;
        }

        /// <summary>Bytes of nanoFramework's heap that a session with its own outbox takes.</summary>
        public static int Bytes(ClientLimits limits)
        {
            return 0;
        }

        /// <summary>The transport is there: CONNECT goes out.</summary>
        public void Opened(int nowMs)
        {
        }

        /// <summary>Bytes that the next <see cref="Feed"/> is sure to take; 0: do not read now.</summary>
        public int Room()
        {
            return 0;
        }

        /// <summary>Bytes arrived.</summary>
        /// <returns>How many were taken. Fewer than offered: keep the rest, and offer it again after
        /// <see cref="Resume"/> or <see cref="Sent"/>.</returns>
        public int Feed(byte[] buffer, int offset, int count, int nowMs)
        {
            return count;
        }

        /// <summary>Bytes to send. The run is valid until the next call of the session.</summary>
        /// <param name="close">Close the connection when all is sent, and call <see cref="Closed"/>.</param>
        /// <returns>How many.</returns>
        public int Pending(out byte[] buffer, out int offset, out bool close)
        {
            buffer = null;
            offset = 0;
            close = false;
            return 0;
        }

        /// <summary>So many of the pending bytes went out.</summary>
        public void Sent(int count, int nowMs)
        {
        }

        /// <summary>The connection is gone. What was not acknowledged is sent again in the next one.</summary>
        public void Closed(int nowMs)
        {
        }

        /// <summary>Keep-alive and time limits.</summary>
        /// <returns>Milliseconds to the next deadline.</returns>
        public int Tick(int nowMs)
        {
            return int.MaxValue;
        }

        /// <summary>
        /// Publishes, or puts the message into the outbox: it is sent when the connection allows. All bytes are
        /// copied before the call returns. When the outbox is full the newest is refused, QoS 0 first: it may use
        /// three quarters of the outbox.
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
            return Fault.PoolFull;
        }

        /// <summary>Sends SUBSCRIBE for one filter.</summary>
        /// <param name="options">As in the packet: QoS, no local 4, retain as published 8, retain handling 0x10 and
        /// 0x20; 3.1.1 takes the QoS alone.</param>
        /// <param name="subscriptionId">0: none.</param>
        /// <returns>The request's number, which comes back in Answer; 0: no room for one more request now, or not
        /// connected; below 0: never, the negative reason code (TopicFilterInvalid, WildcardSubscriptionsNotSupported,
        /// SharedSubscriptionsNotSupported, SubscriptionIdentifiersNotSupported, PacketTooLarge).</returns>
        public int Subscribe(byte[] filter, int offset, int length, int options, int subscriptionId)
        {
            return 0;
        }

        /// <summary>Sends UNSUBSCRIBE for one filter.</summary>
        /// <returns>As <see cref="Subscribe"/>.</returns>
        public int Unsubscribe(byte[] filter, int offset, int length)
        {
            return 0;
        }

        /// <summary>Sends DISCONNECT and ends the connection.</summary>
        /// <param name="reason">A reason code of MQTT 5, 0 for a normal end, 4 to have the will published.</param>
        public void Disconnect(int reason, int nowMs)
        {
        }

        /// <summary>Begins a re-authentication (section 4.12.1).</summary>
        /// <returns>None; BufferFull: no room now; ProtocolError: CONNECT named no authentication method.</returns>
        public Fault Reauthenticate(byte[] data, int offset, int length, int nowMs)
        {
            return Fault.BufferFull;
        }

        /// <summary>Somebody else queued a message to the outbox: it is sent if it can be.</summary>
        public void Arrived(int nowMs)
        {
        }

        /// <summary>The message that the sink held is offered again.</summary>
        public void Resume(int nowMs)
        {
        }

        /// <summary>Checks that tables agree. For tests.</summary>
        /// <exception cref="InvalidOperationException">Names what is wrong.</exception>
        public void Invariants()
        {
        }
    }
}
