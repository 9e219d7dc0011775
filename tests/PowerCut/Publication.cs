using System.Collections.Generic;

namespace Femto.PowerCut
{
    /// <summary>A message that a client published, or has as its will.</summary>
    public sealed class Publication
    {
        public string Id;           // its payload
        public string Topic;
        public int Qos;
        public bool Retain;
        public bool Cleared;        // retained with an empty payload
        public bool Again;          // sent a second time
        public int Index;           // among those of its topic, for retained ones
        public CutClient From;
        public int Session;         // of the publisher, when it was first sent
        public long Sent = -1;      // step at which it was first sent
        public long Accepted = -1;  // step at which PUBACK or PUBREC came
        public bool Refused;
        public bool Will;
        public bool Unheard;        // nobody had subscribed to it, said its broker

        // The sender's state.
        public int PacketId;
        public bool Released;       // PUBREC has come

        /// <summary>By client and session: how often it was delivered, and how often of these at QoS 2.</summary>
        public readonly Dictionary<string, int> Came = new();
        public readonly Dictionary<string, int> CameAtTwo = new();
    }
}
