namespace Femto.Mqtt
{
    /// <summary>
    /// Requests and their replies (MQTT 5, section 4.10): each goes out with a response topic and correlation data, and
    /// its reply, or the end of its time, comes to the sink given. One for a client.
    /// </summary>
    public sealed class MqttRequests : IMessageSink
    {
        private readonly MqttClient client;
        private readonly IReplySink[] sinks;
        private readonly int[] deadlines;
        private readonly int[] numbers;
        private readonly byte[] properties; // response topic, then correlation data
        private readonly int subscription;
        private int last;

        /// <param name="replyTopic">A topic that is this client's alone, such as <c>reply/</c> and its identifier;
        /// kept. It takes one of the client's subscriptions.</param>
        /// <param name="requests">How many may wait for a reply at one time.</param>
        public MqttRequests(MqttClient client, byte[] replyTopic, int requests)
        {
            this.client = client;
            sinks = new IReplySink[requests];
            deadlines = new int[requests];
            numbers = new int[requests];
            int length = replyTopic.Length;
            properties = new byte[length + 10];
            properties[0] = PropertyId.ResponseTopic;
            properties[1] = (byte)(length >> 8);
            properties[2] = (byte)length;
            System.Array.Copy(replyTopic, 0, properties, 3, length);
            properties[length + 3] = PropertyId.Correlation;
            properties[length + 5] = 4;
            client.Requests = this;
            subscription = client.Subscribe(replyTopic, 1, this);
        }

        /// <summary>Sends a request.</summary>
        /// <param name="waitMs">At most so long this call waits for another call, or a sink, to end.</param>
        /// <param name="replyMs">So long after the call the reply may come.</param>
        /// <returns>The request's number, 1 or above; 0: too many wait for a reply, or the reply topic is not
        /// subscribed to now; below 0: the negative <see cref="Fault"/> of Publish.</returns>
        public int Send(byte[] topic, int topicOffset, int topicLength, byte[] payload, int payloadOffset,
            int payloadLength, int qos, int waitMs, int replyMs, IReplySink sink)
        {
            if (!client.Enter(waitMs)) return -(int)Fault.Hold;
            int row = 0;
            while (row < sinks.Length && sinks[row] != null) row++;
            int number = 0;
            if (row < sinks.Length && client.IsSubscribed(subscription))
            {
                last = last + 1 & 0xFFFFFF;
                number = last * 64 + row % 64 + 1;
                number &= int.MaxValue;
                int at = properties.Length - 4;
                properties[at] = (byte)(number >> 24);
                properties[at + 1] = (byte)(number >> 16);
                properties[at + 2] = (byte)(number >> 8);
                properties[at + 3] = (byte)number;
                // The row is taken before the message can be answered.
                sinks[row] = sink;
                numbers[row] = number;
                deadlines[row] = client.Now() + replyMs;
                Fault fault = client.Session.Publish(topic, topicOffset, topicLength, payload, payloadOffset,
                    payloadLength, qos, false, properties, 0, properties.Length, MessagePool.Never);
                if (fault != Fault.None)
                {
                    sinks[row] = null;
                    number = -(int)fault;
                }
            }
            client.Leave();
            return number;
        }

        /// <summary>A reply came: the client calls this.</summary>
        public int Message(MqttClient c, ClientMessage m)
        {
            Properties p = m.Properties;
            if ((p.Present & Has.Correlation) == 0 || p.CorrelationLength != 4) return 0;
            byte[] b = p.Buffer;
            int at = p.CorrelationOffset;
            int number = b[at] << 24 | b[at + 1] << 16 | b[at + 2] << 8 | b[at + 3];
            for (int i = 0; i < sinks.Length; i++)
            {
                if (sinks[i] != null && numbers[i] == number) End(i, m);
            }
            return 0;
        }

        // Ends those whose time is up; milliseconds to the next.
        internal int Tick(int nowMs)
        {
            int next = int.MaxValue;
            for (int i = 0; i < sinks.Length; i++)
            {
                if (sinks[i] == null) continue;
                int left = deadlines[i] - nowMs;
                if (left <= 0) End(i, null);
                else if (left < next) next = left;
            }
            return next;
        }

        private void End(int row, ClientMessage reply)
        {
            IReplySink sink = sinks[row];
            sinks[row] = null;
            sink.Reply(numbers[row], reply);
        }
    }
}
