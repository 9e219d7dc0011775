namespace Femto.Mqtt
{
    /// <summary>
    /// Every size the broker has. One object is filled before the broker is built and not changed after:
    /// each table is made once, from these numbers, and nothing is allocated later.
    /// </summary>
    public sealed class Limits
    {
        /// <summary>Network connections at one time, 1 to 32,767.</summary>
        public int Connections;
        /// <summary>Sessions, connected or kept for later, 1 to 65,534. Not below <see cref="Connections"/>.</summary>
        public int Sessions;
        /// <summary>
        /// Programs in the same process, each with a session of its own (counted in <see cref="Sessions"/>).
        /// </summary>
        public int LocalClients;
        /// <summary>Bytes of the inbox through which local clients call the broker.</summary>
        public int InboxBytes;

        /// <summary>Subscriptions of all sessions together, 1 to 65,534.</summary>
        public int Subscriptions;
        /// <summary>Groups of shared subscriptions, 1 to 65,534.</summary>
        public int SharedGroups;
        /// <summary>Retained messages, 1 to 65,534.</summary>
        public int Retained;
        /// <summary>Message blocks that retained messages may use together.</summary>
        public int RetainedBlocks;
        /// <summary>Nodes of the topic tree, 1 to 65,534: one for each level in use.</summary>
        public int TopicNodes;
        /// <summary>Distinct texts: level names, client identifiers, share names, topics behind an alias.</summary>
        public int Texts;
        /// <summary>Bytes of all those texts together.</summary>
        public int TextBytes;
        /// <summary>Levels of a topic name or filter.</summary>
        public int TopicLevels;
        /// <summary>Bytes of a topic name or filter.</summary>
        public int TopicLength;
        /// <summary>Bytes of a client identifier, 23 or more.</summary>
        public int ClientIdLength;

        /// <summary>Bytes of the largest packet taken or sent, fixed header included.</summary>
        public int PacketBytes;
        /// <summary>
        /// Bytes that every connection has for a packet cut in two; a longer one waits for a receive buffer.
        /// </summary>
        public int ReceiveSmallBytes;
        /// <summary>Buffers of a whole packet each, shared by the connections whose packets arrive in pieces.</summary>
        public int ReceiveBuffers;
        /// <summary>
        /// Bytes of a connection's send buffer. Holds the head of any packet; payloads stream through it.
        /// </summary>
        public int SendBytes;
        /// <summary>Acknowledgements that may wait in a connection for room or durability.</summary>
        public int AckQueue;

        /// <summary>QoS 1 and 2 messages on the way to one client at one time, 1 to 65,535.</summary>
        public int SendWindow;
        /// <summary>
        /// QoS 1 and 2 messages on the way from one client: the receive maximum announced, 1 to 65,535.
        /// </summary>
        public int ReceiveMaximum;
        /// <summary>Messages waiting or on the way in one session.</summary>
        public int QueueMessages;
        /// <summary>Message blocks that one session's messages may hold.</summary>
        public int QueueBlocks;
        /// <summary>What a full queue does: a constant of <see cref="QueuePolicy"/>.</summary>
        public int QueueFull;
        /// <summary>Deliveries (a message in a session's queue) of all sessions together, 1 to 65,534.</summary>
        public int Deliveries;
        /// <summary>Messages in the pool, 1 to 65,534.</summary>
        public int Messages;
        /// <summary>Blocks of the message pool, 1 to 65,534.</summary>
        public int Blocks;
        /// <summary>Bytes of one block.</summary>
        public int BlockBytes;

        /// <summary>Topic aliases a client may set, 0 to 65,535.</summary>
        public int TopicAliasesIn;
        /// <summary>Topic aliases the broker sets towards one client, 0 to 65,535.</summary>
        public int TopicAliasesOut;

        /// <summary>Milliseconds a new connection has to send CONNECT.</summary>
        public int ConnectMs = 10000;
        /// <summary>Milliseconds a PUBLISH is held back for room before it is refused.</summary>
        public int HoldMs = 2000;
        /// <summary>Milliseconds without a byte taken after which a subscriber is no longer waited for.</summary>
        public int StallMs = 1000;
        /// <summary>Milliseconds without a byte taken after which a connection with bytes to send is closed.</summary>
        public int SendMs = 60000;
        /// <summary>Milliseconds a cut packet may keep a shared receive buffer when others wait for one.</summary>
        public int PacketMs = 10000;
        /// <summary>
        /// Longest keep-alive in seconds; clients that ask for more or for none are told this one. 0: as they
        /// ask.
        /// </summary>
        public int KeepAliveSeconds;
        /// <summary>
        /// Seconds a disconnected session is kept at most, 0xFFFFFFFF without end:
        /// <c>persistent_client_expiration</c>.
        /// </summary>
        public uint SessionSeconds = 0xFFFFFFFF;
        /// <summary>Seconds between publications under <c>$SYS</c> while somebody subscribes; 0: none.</summary>
        public int SysSeconds = 10;
    }
}
