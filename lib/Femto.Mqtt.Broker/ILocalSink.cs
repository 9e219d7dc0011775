namespace Femto.Mqtt
{
    /// <summary>What a program on the same board gets from the broker. Called only inside
    /// <see cref="Broker.Tick"/>, on the broker's thread; may call any method of its <see cref="LocalClient"/>.</summary>
    public interface ILocalSink
    {
        /// <summary>A message arrived. When the call returns it counts as acknowledged.</summary>
        /// <param name="client">The client it is for.</param>
        /// <param name="message">Reused: copy what is needed later.</param>
        void Message(LocalClient client, LocalMessage message);

        /// <summary>What became of a call, in the order of the calls: of each Subscribe, Unsubscribe and Close, of
        /// each Publish at QoS 1 or 2, and of a Publish at QoS 0 that failed.</summary>
        /// <param name="client">The client that called.</param>
        /// <param name="call">A constant of <see cref="LocalCall"/>.</param>
        /// <param name="reason">Reason code as in PUBACK, SUBACK or UNSUBACK.</param>
        void Answer(LocalClient client, int call, int reason);
    }

    /// <summary>The calls of <see cref="LocalClient"/> that are answered.</summary>
    public static class LocalCall
    {
        public const int Publish = 1;
        public const int Subscribe = 2;
        public const int Unsubscribe = 3;
        /// <summary>Also answered unasked, with 0x97, when the session ended because its queue was full.</summary>
        public const int Close = 4;
    }

    /// <summary>A message for a local client, in the broker's buffer. One reused object.</summary>
    public sealed class LocalMessage
    {
        /// <summary>The broker's buffer; it stands until the sink returns.</summary>
        public byte[] Buffer;
        public int TopicOffset;
        public int TopicLength;
        /// <summary>MQTT 5 properties as in PUBLISH, without alias, expiry and subscription identifiers.</summary>
        public int PropertiesOffset;
        public int PropertiesLength;
        public int PayloadOffset;
        public int PayloadLength;
        /// <summary>QoS of this delivery, 0 to 2.</summary>
        public int Qos;
        /// <summary>It was retained and answers a new subscription.</summary>
        public bool Retain;
    }
}
