using System.Collections.Generic;

namespace Femto.Simulation
{
    /// <summary>A connection: bytes both ways, chopped, late, stalled or cut.</summary>
    public sealed class Link
    {
        public int Number;
        public int Connection;
        public Client Client;
        public int Version;
        public readonly ByteQueue Up = new();
        public readonly ByteQueue Down = new();
        public bool BrokerOpen = true;
        public bool ClientOpen = true;
        public bool WantWrite;      // NextReady named it and not all has been sent
        public bool Blocked;        // the broker took fewer bytes than offered
        public bool StallUp;
        public bool StallDown;

        public bool Connected;      // CONNACK came
        public bool CleanStart;
        public uint Expiry;
        public int KeepAlive;
        public int AskedKeepAlive;
        public int LastSentMs;
        public int OpenedMs;
        public int DetachedMs;
        public int ReceiveMaximum = 65535;
        public int MaximumPacket = int.MaxValue;
        public int AliasMaximum;
        public bool Leaving;        // DISCONNECT was sent
        public string Method;       // of authentication
        public bool Authenticates;  // again
        public int Reason = -1;     // of the broker's DISCONNECT
        public bool Accepted;       // by the broker
        public int BrokerKeepAlive; // seconds, what is in force there
        public bool Held;
        public int HeardMs;         // bytes were fed, or it was held back
        public Publication Will;
        public long ConnectedAt;    // step
        public readonly Dictionary<int, string> AliasesIn = new();
        public readonly Dictionary<int, string> AliasesOut = new();
        public readonly HashSet<int> Unacknowledged = new(); // QoS 1 and 2 from the broker

        public override string ToString() => $"link {Number}";
    }
}
