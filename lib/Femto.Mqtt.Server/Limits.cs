namespace Femto.Mqtt
{
    /// <summary>
    /// Every size the broker has. One object is filled before the broker is built and not changed after:
    /// each table is made once, from these numbers, and nothing is allocated later.
    /// </summary>
    public sealed class Limits
    {
        /// <summary>Fields of this class, for <see cref="Heap"/>.</summary>
        public const int Fields = 42;

        /// <summary>Network connections at one time, 1 to 32,767.</summary>
        public int Connections;
        /// <summary>Sessions, connected or kept for later, 1 to 65,534. Not below <see cref="Connections"/>.</summary>
        public int Sessions;
        /// <summary>
        /// Programs in the same process, each with a session of its own (counted in <see cref="Sessions"/>).
        /// </summary>
        public int LocalClients;
        /// <summary>Bytes kept of a peer's address as text, 0 to 255.</summary>
        public int PeerBytes = 48;
        /// <summary>Bytes of the inbox through which local clients call the broker.</summary>
        public int InboxBytes;

        /// <summary>Subscriptions of all sessions together, 1 to 65,534.</summary>
        public int Subscriptions;
        /// <summary>Subscriptions of one network client, so that it cannot take the whole table; 0: no limit.</summary>
        public int SubscriptionsPerSession;
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
        /// <summary>Bytes of the longest topic that is remembered as a connection's last, 0 to 255.</summary>
        public int RememberedTopicBytes;
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

        /// <summary>QoS 1 and 2 messages on the way to one client at one time, 1 to 65,472.</summary>
        public int SendWindow;
        /// <summary>
        /// QoS 1 and 2 messages on the way from one client: the receive maximum announced, 1 to 65,535.
        /// </summary>
        public int ReceiveMaximum;
        /// <summary>The same for 3.1.1 clients, which cannot be told and commonly send 20 at once: not below
        /// <see cref="ReceiveMaximum"/>.</summary>
        public int ReceiveIds;
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

        /// <summary>For tests: every limit is reached within a few packets.</summary>
        public static Limits Tiny()
        {
            Limits l = new Limits();
            l.Connections = 4;
            l.Sessions = 6;
            l.LocalClients = 1;
            l.InboxBytes = 256;
            l.Subscriptions = 8;
            l.SubscriptionsPerSession = 6;
            l.SharedGroups = 2;
            l.Retained = 4;
            l.RetainedBlocks = 6;
            l.TopicNodes = 24;
            l.Texts = 24;
            l.TextBytes = 256;
            l.TopicLevels = 4;
            l.TopicLength = 48;
            l.RememberedTopicBytes = 16;
            l.ClientIdLength = 23;
            l.PacketBytes = 256;
            l.ReceiveSmallBytes = 16;
            l.ReceiveBuffers = 2;
            l.SendBytes = 128;
            l.AckQueue = 2;
            l.SendWindow = 2;
            l.ReceiveMaximum = 3;
            l.ReceiveIds = 3;
            l.QueueMessages = 4;
            l.QueueBlocks = 12;
            l.Deliveries = 12;
            l.Messages = 10;
            l.Blocks = 24;
            l.BlockBytes = 32;
            l.TopicAliasesIn = 2;
            l.TopicAliasesOut = 2;
            l.SessionSeconds = 3600;
            return l;
        }

        /// <summary>An ESP32 without PSRAM: within 40,960 bytes.</summary>
        public static Limits Esp32()
        {
            Limits l = new Limits();
            l.Connections = 6;
            l.PeerBytes = 22; // an IPv4 address and port
            l.Sessions = 12;
            l.LocalClients = 2;
            l.InboxBytes = 180;
            l.Subscriptions = 64;
            l.SubscriptionsPerSession = 48;
            l.SharedGroups = 4;
            l.Retained = 32;
            l.RetainedBlocks = 32;
            l.TopicNodes = 104;
            l.Texts = 84;
            l.TextBytes = 884;
            l.TopicLevels = 8;
            l.TopicLength = 128;
            l.RememberedTopicBytes = 30;
            l.ClientIdLength = 64;
            l.PacketBytes = 1024;
            l.ReceiveSmallBytes = 32;
            l.ReceiveBuffers = 2;
            l.SendBytes = 288;
            l.AckQueue = 6;
            l.SendWindow = 8;
            l.ReceiveMaximum = 8;
            l.ReceiveIds = 20;
            l.QueueMessages = 64;
            l.QueueBlocks = 96;
            l.Deliveries = 96;
            l.Messages = 88;
            l.Blocks = 159;
            l.BlockBytes = 64;
            l.TopicAliasesIn = 4;
            l.TopicAliasesOut = 4;
            l.SessionSeconds = 7 * 24 * 3600;
            l.KeepAliveSeconds = 600; // a place taken by a peer that is gone is free after 15 minutes
            return l;
        }

        /// <summary>An ESP32 with PSRAM: within 1 MB.</summary>
        public static Limits Esp32Psram()
        {
            Limits l = new Limits();
            l.Connections = 14;
            l.Sessions = 64;
            l.LocalClients = 4;
            l.InboxBytes = 8192;
            l.Subscriptions = 512;
            l.SubscriptionsPerSession = 256;
            l.SharedGroups = 32;
            l.Retained = 512;
            l.RetainedBlocks = 1024;
            l.TopicNodes = 2048;
            l.Texts = 1024;
            l.TextBytes = 24576;
            l.TopicLevels = 16;
            l.TopicLength = 512;
            l.RememberedTopicBytes = 128;
            l.ClientIdLength = 128;
            l.PacketBytes = 16384;
            l.ReceiveSmallBytes = 512;
            l.ReceiveBuffers = 6;
            l.SendBytes = 8192;
            l.AckQueue = 32;
            l.SendWindow = 32;
            l.ReceiveMaximum = 32;
            l.ReceiveIds = 64;
            l.QueueMessages = 1000;
            l.QueueBlocks = 1024;
            l.Deliveries = 4096;
            l.Messages = 3072;
            l.Blocks = 3072;
            l.BlockBytes = 128;
            l.TopicAliasesIn = 16;
            l.TopicAliasesOut = 16;
            l.SessionSeconds = 7 * 24 * 3600;
            l.KeepAliveSeconds = 600; // a place taken by a peer that is gone is free after 15 minutes
            return l;
        }

        /// <summary>A PC.</summary>
        public static Limits Host()
        {
            Limits l = new Limits();
            l.Connections = 2048;
            l.Sessions = 4096;
            l.LocalClients = 16;
            l.InboxBytes = 1048576;
            l.Subscriptions = 32768;
            l.SubscriptionsPerSession = 16384;
            l.SharedGroups = 1024;
            l.Retained = 16384;
            l.RetainedBlocks = 32768;
            l.TopicNodes = 60000;
            l.Texts = 60000;
            l.TextBytes = 2097152;
            l.TopicLevels = 128;
            l.TopicLength = 4096;
            l.RememberedTopicBytes = 128;
            l.ClientIdLength = 512;
            l.PacketBytes = 262144;
            l.ReceiveSmallBytes = 1024;
            l.ReceiveBuffers = 64;
            l.SendBytes = 131072;
            l.AckQueue = 1024;
            l.SendWindow = 1024;
            l.ReceiveMaximum = 1024;
            l.ReceiveIds = 1024;
            l.QueueMessages = 4096;
            l.QueueBlocks = 16384;
            l.Deliveries = 65534;
            l.Messages = 65534;
            l.Blocks = 65534;
            l.BlockBytes = 512;
            l.TopicAliasesIn = 32;
            l.TopicAliasesOut = 32;
            // A PC's receive buffer opens in steps of a megabyte and more: one who reads slowly takes nothing for
            // seconds and still makes progress.
            l.StallMs = 5000;
            l.HoldMs = 5000;
            return l;
        }
    }
}
