namespace Femto.Mqtt
{
    /// <summary>
    /// Sends the retained messages that a new subscription matches (MQTT 5.0 section 3.3.1.3), and the values
    /// under <c>$SYS</c>: one at a time, as the session has sent all before, and in bounded steps. A place is kept
    /// by session, so that a replay cut by a lost connection goes on in the next one.
    /// </summary>
    internal sealed class Replay
    {
        /// <summary>In the options of a subscription: its replay is not finished.</summary>
        public const int Pending = 0x80;

        private const int Steps = 32; // slots looked at in one call

        /// <summary>Sessions with a replay under way.</summary>
        public int Active;
        /// <summary>A replay goes on at the next call of the core, which should come at once.</summary>
        public bool Unfinished;

        private readonly Broker broker;
        private readonly ushort[] subscription; // being replayed, 0 for none
        private readonly int[] cursor;          // of the topic table; below -1: next value of $SYS is -2 - cursor
        private readonly int[] generation;      // of the topic table when the subscription was made

        public Replay(Broker broker, Limits limits)
        {
            this.broker = broker;
            subscription = new ushort[limits.Sessions + 1];
            cursor = new int[limits.Sessions + 1];
            generation = new int[limits.Sessions + 1];
        }

        public static int Bytes(Limits limits)
        {
            return Heap.Object(6) + Heap.Array(limits.Sessions + 1, 2) + Heap.Array(limits.Sessions + 1, 4) * 2;
        }

        /// <summary>Whether the session's last SUBSCRIBE is still being answered with retained messages.</summary>
        public bool IsActive(int session)
        {
            return subscription[session] != 0;
        }

        /// <summary>Begins with the session's subscriptions that are marked <see cref="Pending"/>.</summary>
        public void Begin(int session)
        {
            generation[session] = broker.Topics.Generation;
            // One that is under way goes on first: what was retained since it began then comes a second time.
            if (subscription[session] == 0 && NextSubscription(session)) Active++;
        }

        /// <summary>A subscription was made anew: if it is the one being replayed, that begins again.</summary>
        public void Restart(int session, int row)
        {
            if (subscription[session] == row) cursor[session] = 0;
        }

        /// <summary>A subscription is gone: if it was being replayed, the next one follows.</summary>
        public void Removed(int session, int row)
        {
            if (subscription[session] == row) Next(session);
        }

        /// <summary>The session ends.</summary>
        public void Clear(int session)
        {
            if (subscription[session] == 0) return;
            subscription[session] = 0;
            Active--;
        }

        /// <summary>Adds the next message to a session that has sent all it had.</summary>
        /// <returns>True when a message was added; false when there is none now.</returns>
        public bool Step(int session)
        {
            int row = subscription[session];
            if (row == 0 || broker.Deliveries.Free == 0) return false;
            TopicTable topics = broker.Topics;
            int at = cursor[session];
            if (at >= 0)
            {
                int slot = topics.RetainedNext(row, ref at, generation[session], Steps);
                cursor[session] = at;
                if (slot != 0 && AddRetained(session, row, slot)) return true;
                if (at >= 0)
                {
                    Unfinished = true;
                    return false;
                }
            }
            if (topics.IsSystem(row))
            {
                while (-2 - at < broker.Sys.Count)
                {
                    if (at == -1) at = -2;
                    int topic = -2 - at;
                    if (topic >= broker.Sys.Count) break;
                    if (broker.Sys.Matches(topic, row)) broker.Sys.Add(topic, session, row);
                    cursor[session] = --at;
                    if (broker.Deliveries.NextToSend(session) != 0) return true;
                }
            }
            topics.Options[row] &= 0x7F;
            if (broker.Changes != null) broker.Changes.Of(session, Changes.Subscription, row);
            Next(session);
            return false;
        }

        private void Next(int session)
        {
            if (NextSubscription(session))
            {
                Unfinished = true;
                return;
            }
            Active--;
            broker.ReplayDone(session);
        }

        private bool AddRetained(int session, int row, int slot)
        {
            MessagePool pool = broker.Pool;
            int options = broker.Topics.Options[row];
            if ((options & 4) != 0 && broker.Retained.Publisher[slot] == session) return false; // [MQTT-3.8.3-3]
            int message = broker.Topics.RetainedMessage[slot];
            if (pool.Expiry[message] <= broker.Uptime && pool.Expiry[message] != MessagePool.Never)
            {
                broker.ClearExpired(message);
                return false;
            }
            if (!broker.MayDeliver(session, message))
            {
                broker.Counters[Counter.DroppedDenied]++;
                broker.Sessions.Dropped[session]++;
                return false;
            }
            int qos = pool.Qos[message];
            int granted = options & 3;
            if (qos > granted) qos = granted;
            // [MQTT-3.3.1-8]: RETAIN is set on what is sent because of a new subscription.
            return broker.Deliveries.Add(session, message, qos | 4, broker.Topics.SubscriptionId[row]) != 0;
        }

        private bool NextSubscription(int session)
        {
            TopicTable topics = broker.Topics;
            int row = topics.SessionFirst(session);
            while (row != 0 && (topics.Options[row] & Pending) == 0) row = topics.SessionNext(row);
            subscription[session] = (ushort)row;
            cursor[session] = 0;
            return row != 0;
        }
    }
}
