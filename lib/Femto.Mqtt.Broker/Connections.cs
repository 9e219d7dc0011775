namespace Femto.Mqtt
{
    /// <summary>What the broker knows of each network connection: one row for each index.</summary>
    internal sealed class Connections
    {
        // States.
        public const int Free = 0;
        public const int Opened = 1;    // waiting for CONNECT
        public const int Connected = 2;
        public const int Closing = 3;   // what is in the send buffer still goes out, then the socket is closed

        // Why the packet at the head of the receive buffer waits.
        public const int NoHold = 0;
        public const int HoldRoom = 1;   // for room in the pool or in a subscriber's queue
        public const int HoldOutput = 2; // for room in this connection's own send buffer
        public const int HoldAccess = 3; // for the answer of the access hook
        public const int HoldReplay = 4; // for the retained messages of the subscription before

        public readonly int Rows;
        public readonly int PeerBytes;
        public readonly byte[] State;
        public readonly byte[] Version;
        public readonly ushort[] Session;
        public readonly ushort[] Listener;

        public readonly byte[] Hold;
        public readonly int[] HoldSinceMs;
        public int HeldCount;
        public readonly byte[] Decision;     // the access hook's answer to CONNECT, or one of these; while closing the
                                             // reason code that an MQTT 5 client is still to be told, 0 for none
        public const int NotAsked = 0xFE;    // the hook has not seen it
        public const int NoDecision = 0xFF;  // the hook has not answered yet

        public readonly int[] LastReceivedMs;
        public readonly int[] LastProgressMs; // the peer took a byte or acknowledged a message
        public readonly int[] KeepAliveMs;    // one and a half times the keep-alive, 0 for none
        public readonly int[] CloseMs;        // when a closing connection is cut off

        public readonly int[] ReceiveMaximum; // of the client
        public readonly int[] MaximumPacket;  // of the client
        public readonly ushort[] AliasesOut;  // aliases the broker may set
        public readonly int[] SendSinceMs;    // since when bytes to send have been seen waiting; 0: none are
        public readonly ushort[] Unacknowledged; // QoS 1 publications whose PUBACK has not left yet

        public readonly int[] AuthMethod;     // hash of the method that CONNECT named, odd; 0 for none
        public readonly byte[] Traits;
        public const int NoReasons = 1;       // the client wants no reason strings but in CONNACK and DISCONNECT
        public const int Bridge = 2;          // it says that it is a bridge
        public readonly byte[] PeerLength;
        public readonly byte[] Peer;

        public Connections(Limits limits)
        {
            int n = limits.Connections;
            Rows = n;
            PeerBytes = limits.PeerBytes;
            State = new byte[n];
            Version = new byte[n];
            Session = new ushort[n];
            Listener = new ushort[n];
            Hold = new byte[n];
            HoldSinceMs = new int[n];
            Decision = new byte[n];
            LastReceivedMs = new int[n];
            LastProgressMs = new int[n];
            KeepAliveMs = new int[n];
            CloseMs = new int[n];
            ReceiveMaximum = new int[n];
            MaximumPacket = new int[n];
            AliasesOut = new ushort[n];
            SendSinceMs = new int[n];
            Unacknowledged = new ushort[n];
            AuthMethod = new int[n];
            Traits = new byte[n];
            PeerLength = new byte[n];
            Peer = new byte[n * PeerBytes];
        }

        public static int Bytes(Limits limits)
        {
            int n = limits.Connections;
            return Heap.Object(23)
                + Heap.Array(n, 1) * 6  // State, Version, Hold, Decision, Traits, PeerLength
                + Heap.Array(n, 2) * 4  // Session, Listener, AliasesOut, Unacknowledged
                + Heap.Array(n, 4) * 9  // HoldSince, Last 2, KeepAlive, Close, SendSince, ReceiveM.., MaximumP, AuthM
                + Heap.Array(n * limits.PeerBytes, 1);
        }

        /// <summary>Takes a free row, or -1.</summary>
        public int Take()
        {
            byte[] state = State;
            for (int c = 0; c < state.Length; c++)
            {
                if (state[c] == Free) return c;
            }
            return -1;
        }

        public void SetHold(int c, int kind)
        {
            if (Hold[c] != NoHold) HeldCount--;
            if (kind != NoHold) HeldCount++;
            Hold[c] = (byte)kind;
        }

        public void Reset(int c, int nowMs)
        {
            State[c] = Opened;
            Version[c] = 4;
            Session[c] = 0;
            SetHold(c, NoHold);
            Decision[c] = NotAsked;
            LastReceivedMs[c] = nowMs;
            LastProgressMs[c] = nowMs;
            KeepAliveMs[c] = 0;
            ReceiveMaximum[c] = 65535;
            MaximumPacket[c] = int.MaxValue;
            AliasesOut[c] = 0;
            SendSinceMs[c] = 0;
            Unacknowledged[c] = 0;
            AuthMethod[c] = 0;
            Traits[c] = 0;
        }
    }
}
