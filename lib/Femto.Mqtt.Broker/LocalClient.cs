using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// A program in the same process as a client: it publishes and subscribes without a socket, under the same
    /// rules and limits as any other. Its calls may come from any thread: they go through an inbox of fixed size,
    /// in order, and are carried out by the next <see cref="Broker.Tick"/>.
    /// </summary>
    public sealed class LocalClient
    {
        internal readonly ILocalSink Sink;
        internal int Session;   // 0: closed; LocalClients.Untold: ended by itself, and the sink does not know yet
        internal bool ClosePending;
        internal readonly int Index;
        private readonly LocalClients clients;

        /// <summary>Makes a client and its session. At boot, on the thread that will run the broker.</summary>
        /// <param name="broker">The broker; its limits say how many local clients there may be.</param>
        /// <param name="clientId">UTF-8, unique.</param>
        /// <param name="sink">Gets messages and answers; may be null for a client that only publishes.</param>
        /// <exception cref="ArgumentException">The identifier is taken or a table is full.</exception>
        public LocalClient(Broker broker, byte[] clientId, ILocalSink sink)
        {
            Sink = sink;
            clients = broker.Locals;
            Index = clients.Add(this, clientId);
        }

        /// <summary>Publishes a message.</summary>
        /// <param name="topic">UTF-8 topic name; copied, like the payload.</param>
        /// <param name="topicOffset">Where it begins.</param>
        /// <param name="topicLength">Its bytes.</param>
        /// <param name="payload">The payload; may be null when empty.</param>
        /// <param name="payloadOffset">Where it begins.</param>
        /// <param name="payloadLength">Its bytes.</param>
        /// <param name="qos">0 to 2.</param>
        /// <param name="retain">Keep it as the topic's retained message.</param>
        /// <returns>None; InboxFull (call again after a Tick); TooLarge; TopicNameInvalid; Closed.</returns>
        public Fault Publish(byte[] topic, int topicOffset, int topicLength,
            byte[] payload, int payloadOffset, int payloadLength, int qos, bool retain)
        {
            return Publish(topic, topicOffset, topicLength, null, 0, 0, payload, payloadOffset, payloadLength,
                qos, retain);
        }

        /// <summary>Publishes a message with MQTT 5 properties.</summary>
        /// <param name="properties">Encoded as in PUBLISH, without their length, alias, expiry interval or
        /// subscription identifiers: <see cref="Properties.EncodeContent"/> writes them. May be null.</param>
        /// <returns>As the other Publish.</returns>
        public Fault Publish(byte[] topic, int topicOffset, int topicLength,
            byte[] properties, int propertiesOffset, int propertiesLength,
            byte[] payload, int payloadOffset, int payloadLength, int qos, bool retain)
        {
            if (ClosePending) return Fault.Closed;
            if (!TopicText.IsName(topic, topicOffset, topicLength)) return Fault.TopicNameInvalid;
            int flags = qos | (retain ? 4 : 0);
            return clients.Post(LocalCall.Publish, Index, flags, topic, topicOffset, topicLength,
                properties, propertiesOffset, propertiesLength, payload, payloadOffset, payloadLength);
        }

        /// <summary>Subscribes; the answer comes to the sink.</summary>
        /// <param name="filter">UTF-8 topic filter.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="length">Its bytes.</param>
        /// <param name="options">As in SUBSCRIBE (MQTT 5.0 section 3.8.3.1): maximum QoS in bits 0 and 1.</param>
        /// <returns>None; InboxFull; TooLarge; Closed.</returns>
        public Fault Subscribe(byte[] filter, int offset, int length, int options)
        {
            if (ClosePending) return Fault.Closed;
            return clients.Post(LocalCall.Subscribe, Index, options, filter, offset, length, null, 0, 0, null, 0, 0);
        }

        /// <summary>Unsubscribes; the answer comes to the sink.</summary>
        public Fault Unsubscribe(byte[] filter, int offset, int length)
        {
            if (ClosePending) return Fault.Closed;
            return clients.Post(LocalCall.Unsubscribe, Index, 0, filter, offset, length, null, 0, 0, null, 0, 0);
        }

        /// <summary>Ends the session. Calls before it are still carried out, none after it is taken.</summary>
        public Fault Close()
        {
            if (ClosePending) return Fault.Closed;
            Fault fault = clients.Post(LocalCall.Close, Index, 0, null, 0, 0, null, 0, 0, null, 0, 0);
            if (fault == Fault.None) ClosePending = true;
            return fault;
        }
    }
}
