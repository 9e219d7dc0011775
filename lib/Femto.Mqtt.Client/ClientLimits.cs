namespace Femto.Mqtt
{
    /// <summary>
    /// Every size a client session has. Filled before the session is built and not changed after: all memory is
    /// taken once, from these numbers.
    /// </summary>
    public sealed class ClientLimits
    {
        /// <summary>Bytes of the largest packet taken, fixed header included: announced to an MQTT 5 server. A larger
        /// message of a 3.1.1 server is discarded (<see cref="IClientSink.Discarded"/>).</summary>
        public int PacketBytes;
        /// <summary>Bytes of the send buffer. Holds the head of any packet; payloads stream through it.</summary>
        public int SendBytes;
        /// <summary>Bytes kept of what the server says about itself: assigned client identifier, response
        /// information, server reference, reason string.</summary>
        public int TextBytes;

        /// <summary>Messages of the outbox, waiting or on the way, 1 to 65,534.</summary>
        public int Messages;
        /// <summary>Blocks of the outbox, 1 to 65,534.</summary>
        public int Blocks;
        /// <summary>Bytes of one block.</summary>
        public int BlockBytes;

        /// <summary>QoS 1 and 2 messages on the way to the server at one time, 1 to 65,472.</summary>
        public int SendWindow;
        /// <summary>QoS 1 and 2 messages on the way from the server: the receive maximum that an MQTT 5 server is told,
        /// 1 to 65,535.</summary>
        public int ReceiveMaximum;
        /// <summary>Room for packet identifiers of QoS 2 messages on the way from the server: this many, or this many
        /// runs of consecutive ones. Not below <see cref="ReceiveMaximum"/>, 32,767 at most. What finds no room waits.
        /// </summary>
        public int ReceiveIds;

        /// <summary>Bytes of a topic name that is sent, and of one that a server may put behind an alias.</summary>
        public int TopicLength;
        /// <summary>Topic aliases the server may set, 0 to 65,535.</summary>
        public int TopicAliasesIn;
        /// <summary>Topic aliases the client sets, 0 to 65,535.</summary>
        public int TopicAliasesOut;
        /// <summary>SUBSCRIBE and UNSUBSCRIBE that may wait for their answer together, 1 to 63.</summary>
        public int Requests;

        /// <summary>Milliseconds from the open connection to CONNACK, and for each step of an authentication.</summary>
        public int ConnectMs = 10000;
        /// <summary>Milliseconds from PINGREQ, or from the last byte received after it, to PINGRESP.</summary>
        public int PingMs = 10000;

        /// <summary>A board without PSRAM.</summary>
        public static ClientLimits Small()
        {
            ClientLimits l = new ClientLimits();
            l.PacketBytes = 1024;
            l.SendBytes = 256;
            l.TextBytes = 128;
            l.Messages = 32;
            l.Blocks = 48;
            l.BlockBytes = 64;
            l.SendWindow = 8;
            l.ReceiveMaximum = 8;
            l.ReceiveIds = 20;
            l.TopicLength = 128;
            l.TopicAliasesIn = 4;
            l.TopicAliasesOut = 4;
            l.Requests = 4;
            return l;
        }

        /// <summary>A PC, or a board with PSRAM and much to say.</summary>
        public static ClientLimits Large()
        {
            ClientLimits l = new ClientLimits();
            l.PacketBytes = 65536;
            l.SendBytes = 16384;
            l.TextBytes = 1024;
            l.Messages = 4096;
            l.Blocks = 8192;
            l.BlockBytes = 128;
            l.SendWindow = 256;
            l.ReceiveMaximum = 256;
            l.ReceiveIds = 256;
            l.TopicLength = 1024;
            l.TopicAliasesIn = 16;
            l.TopicAliasesOut = 16;
            l.Requests = 32;
            return l;
        }
    }
}
