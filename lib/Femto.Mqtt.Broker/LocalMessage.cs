namespace Femto.Mqtt
{
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
