namespace Femto.Mqtt
{
    /// <summary>The bridge as the client session sees it: what comes down goes to the broker, what went up leaves the
    /// spool.</summary>
    internal sealed class BridgeSink : IClientSink, IClientTopics
    {
        /// <summary>The upstream accepted this connection.</summary>
        public bool Up;
        /// <summary>What ended the last connection.</summary>
        public int Reason;
        /// <summary>Some message went up or came down.</summary>
        public bool Traffic;
        /// <summary>A message from the upstream is held.</summary>
        public bool Holding;
        /// <summary>Set before Resume: the broker is not to wait for slow subscribers any more.</summary>
        public bool Late;
        /// <summary>A SUBSCRIBE or UNSUBSCRIBE waits for room.</summary>
        public bool Asking;

        private readonly Bridge bridge;
        private readonly BridgeOptions options;
        private readonly ClientOptions connect;
        private readonly Uplink uplink;
        private readonly TopicMap map;
        private readonly int[] counters;
        private readonly byte[] stateTopic;    // null: no notifications
        private readonly bool stateGoesUp;
        private readonly byte[] state = new byte[1];
        private readonly ushort[] asked;       // by request: its topic
        private int nextTopic;                 // to be asked for
        private int answers;                   // that are awaited
        private bool settled;                  // every topic has been answered for in this session of the upstream
        private bool known;                    // the session at the upstream is one that this program made or cleared
        private int renewed;

        public BridgeSink(Bridge bridge, BridgeOptions options, ClientOptions connect, Uplink uplink, TopicMap map,
            int requests)
        {
            this.bridge = bridge;
            this.options = options;
            this.connect = connect;
            this.uplink = uplink;
            this.map = map;
            counters = bridge.Counters;
            asked = new ushort[requests];
            stateGoesUp = BridgeSetup.StateGoesUp(options);
            if (options.Notifications) stateTopic = BridgeSetup.Utf8(BridgeSetup.NotificationTopic(options));
        }

        public int Bytes()
        {
            return Heap.Object(21) + Heap.Array(1, 1) + Heap.Array(asked.Length, 2)
                + (stateTopic == null ? 0 : Heap.Array(stateTopic.Length, 1));
        }

        public void Connected(ClientSession c, bool sessionPresent)
        {
            Up = true;
            counters[BridgeCounter.Connects]++;
            if (options.MaxPacketBytes != 0 && options.MaxPacketBytes < c.ServerPacketBytes)
            {
                c.ServerPacketBytes = options.MaxPacketBytes;
            }
            if (!options.OutgoingRetain) c.ServerRetain = false;
            uplink.Online = true;
            // Who does not know that this is a bridge sends back what it sent up, if it subscribed to that.
            uplink.Echo = connect.Version == 4 && !connect.TryPrivate;
            if (bridge.Log != null) bridge.Log.Connected(bridge, sessionPresent);
            if (c.Renewed != renewed)
            {
                int anew = c.Renewed - renewed;
                renewed = c.Renewed;
                counters[BridgeCounter.Renewed] += anew;
                if (bridge.Log != null) bridge.Log.Renewed(bridge, anew);
            }
            if (!sessionPresent)
            {
                settled = false;
                known = true;
                uplink.ReplayRetained();
            }
            if (stateGoesUp) StateUp();
            PublishState('1');
            answers = 0;
            nextTopic = settled ? map.Count : 0;
            Ask(c);
        }

        public void Disconnected(ClientSession c, int reason)
        {
            Reason = reason;
            Holding = false;
            Asking = false;
            if (Up) PublishState('0');
        }

        // Asks for one topic after the other, as many as may wait for an answer together.
        public void Ask(ClientSession c)
        {
            Asking = false;
            while (nextTopic < map.Count)
            {
                int topic = nextTopic;
                int length;
                int at = map.RemoteFilter(topic, out length);
                int request;
                if (map.Goes(topic, BridgeTopic.In))
                {
                    int qos = map.Qos(topic);
                    // No local and retain as published; a shared subscription may not have the first [MQTT-3.8.3-4].
                    int asks = qos;
                    if (connect.Version == 5) asks |= TopicPath.IsShared(map.Text, at, length) ? 8 : 12;
                    request = c.Subscribe(map.Text, at, length, asks, 0);
                }
                else if (options.AttemptUnsubscribe && !known)
                {
                    request = c.Unsubscribe(map.Text, at, length);
                }
                else
                {
                    nextTopic++;
                    continue;
                }
                if (request == 0)
                {
                    Asking = true;
                    return;
                }
                nextTopic++;
                if (request > 0)
                {
                    asked[65535 - request] = (ushort)topic;
                    answers++;
                }
                else
                {
                    Refused(topic, -request);
                }
            }
            if (answers == 0) Settle();
        }

        private void Settle()
        {
            settled = true;
            known = true;
        }

        private void Refused(int topic, int reason)
        {
            if (!map.Goes(topic, BridgeTopic.In)) return; // nothing was subscribed to: that is what was wanted
            counters[BridgeCounter.SubscriptionsRefused]++;
            if (bridge.Log != null) bridge.Log.SubscriptionRefused(bridge, topic, reason);
        }

        public void Answer(ClientSession c, int request, int reason)
        {
            if (reason == (int)Fault.Closed) return; // asked again in the next connection
            answers--;
            if (reason >= ReasonCode.UnspecifiedError) Refused(asked[65535 - request], reason);
            if (nextTopic < map.Count) Ask(c);
            else if (answers == 0) Settle();
        }

        public int Message(ClientSession c, ClientMessage m)
        {
            Traffic = true;
            byte[] name = m.TopicBuffer;
            int offset = m.TopicOffset;
            int length = map.Inbound(name, offset, m.TopicLength);
            if (length >= 0)
            {
                name = map.Name;
                offset = 0;
            }
            else
            {
                length = m.TopicLength;
            }
            Fault fault = Fault.TopicNameInvalid;
            if (length != 0)
            {
                fault = uplink.Publish(name, offset, length, m.Buffer, m.PayloadOffset, m.PayloadLength, m.Qos,
                    m.Retain, m.Properties, !Late);
            }
            if (fault == Fault.Hold || fault == Fault.PoolFull || fault == Fault.QuotaFull
                || fault == Fault.StoreFull || fault == Fault.StoreFailed)
            {
                // Nothing has changed: what the upstream thinks is on its way to us stays so.
                if (!Holding) counters[BridgeCounter.Held]++;
                Holding = true;
                return ClientSession.Hold;
            }
            Holding = false;
            if (fault == Fault.None)
            {
                counters[BridgeCounter.CameDown]++;
                return ReasonCode.Success;
            }
            counters[BridgeCounter.RefusedDown]++;
            return (int)fault >= ReasonCode.UnspecifiedError ? (int)fault : ReasonCode.QuotaExceeded;
        }

        public void Discarded(ClientSession c, byte[] topic, int offset, int length, int qos, int bytes)
        {
            Traffic = true;
            counters[BridgeCounter.TooLargeDown]++;
            if (bridge.Log != null) bridge.Log.Discarded(bridge, topic, offset, length, bytes);
        }

        public void Acknowledged(ClientSession c, int message, int reason)
        {
            Traffic = true;
            if (reason == (int)Fault.Expired) counters[BridgeCounter.DroppedExpired]++;
            else if (reason == (int)Fault.TooLarge) counters[BridgeCounter.DroppedTooLarge]++;
            else if (reason >= ReasonCode.UnspecifiedError) counters[BridgeCounter.RefusedUp]++;
            else counters[BridgeCounter.SentUp]++;
            bool lost = reason >= ReasonCode.UnspecifiedError || reason == (int)Fault.Expired
                || reason == (int)Fault.TooLarge;
            if (lost && bridge.Log != null) bridge.Log.Refused(bridge, message, reason);
            uplink.Progress();
        }

        public int Auth(ClientSession c, int reason, byte[] data, int offset, int length, AuthReply reply)
        {
            return ReasonCode.BadAuthenticationMethod;
        }

        public int Rewrite(byte[] topic, int length)
        {
            if (stateGoesUp && length == stateTopic.Length)
            {
                int i = 0;
                while (i < length && topic[i] == stateTopic[i]) i++;
                if (i == length) return length; // the bridge's own word has no prefix
            }
            uplink.GoesUp(topic, length);
            return map.Outbound(topic, length);
        }

        // On this side.
        public void PublishState(char value)
        {
            if (stateTopic == null) return;
            state[0] = (byte)value;
            uplink.Publish(stateTopic, 0, stateTopic.Length, state, 0, 1, 1, true, null, false);
        }

        // To the upstream: behind what is on its way, before what waits. Without room it is left out: it is no more
        // than a word, and the next connection brings another.
        private void StateUp()
        {
            MessagePool pool = uplink.Pool;
            Deliveries d = uplink.Deliveries;
            int session = uplink.Session;
            int message = pool.Allocate(stateTopic.Length, 0, stateTopic.Length + 1);
            if (message == 0) return;
            state[0] = (byte)'1';
            pool.Append(stateTopic, 0, stateTopic.Length);
            pool.Append(state, 0, 1);
            pool.Qos[message] = 1;
            int before = d.BeforeQueued(session);
            int last = d.Last[session];
            int row = d.Add(session, message, 1 | 4, 0);
            pool.Release(message);
            if (row == 0 || before == last) return;
            d.Last[session] = (ushort)last;
            d.Next[last] = 0;
            int after = before == 0 ? d.First[session] : d.Next[before];
            d.Next[row] = (ushort)after;
            if (before == 0) d.First[session] = (ushort)row;
            else d.Next[before] = (ushort)row;
        }
    }
}
