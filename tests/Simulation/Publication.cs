namespace Femto.Simulation
{
    /// <summary>An application message of the world: what was sent and what became of it.</summary>
    public sealed class Publication
    {
        public int Number;
        public Client From;
        public bool Will;
        public string Topic;
        public byte[] Payload;
        public int Qos;
        public bool Retain;
        public uint Expiry;         // seconds, 0 for none
        public string Signature;    // its properties that subscribers get unchanged
        public byte[] Properties;   // the same, encoded

        // The broker routed it at some step from Sent to Done.
        public long Sent;
        public int SentMs;
        public long Done = long.MaxValue;
        public int Sends;
        public bool Accepted;       // for certain
        public bool Refused;
        public bool Denied;         // its publisher has no right to the topic
        public bool NoMatch;        // acknowledged with 0x10
        public bool Forbidden;      // a will that its client took back
        public bool Ended;          // a will whose connection has ended

        // The publisher's side of QoS 1 and 2.
        public int PacketId;
        public bool Released;
        public Link Link;

        public override string ToString() =>
            $"#{Number}{(Will ? " will" : "")} {Topic} q{Qos}{(Retain ? " retain" : "")} of {From.Id}";
    }
}
