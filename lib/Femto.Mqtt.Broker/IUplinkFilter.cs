namespace Femto.Mqtt
{
    /// <summary>
    /// Stands between the routing and an uplink's queue: takes messages out of the stream, for results that it
    /// publishes there itself. Called on the broker's thread, inside the routing: neither method may call the broker.
    /// </summary>
    public interface IUplinkFilter
    {
        /// <summary>Whether a message is taken; then it is not queued, and counts as delivered. Nothing is changed yet:
        /// the routing may still refuse the message, and come again.</summary>
        /// <param name="topic">Holds the topic name.</param>
        /// <param name="buffer">Holds the payload.</param>
        /// <param name="qos">0 to 2, that of the delivery.</param>
        /// <param name="retain">The message was published with RETAIN.</param>
        /// <param name="nowMs">Milliseconds.</param>
        bool Takes(byte[] topic, int topicOffset, int topicLength, byte[] buffer, int payloadOffset, int payloadLength,
            int qos, bool retain, int nowMs);

        /// <summary>The message last looked at was routed: it was taken, or it stands in the queue. Not called for one
        /// that the queue lost.</summary>
        void Routed();
    }
}
