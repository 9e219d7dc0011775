namespace Femto.Mqtt
{
    /// <summary>
    /// Takes one message to everybody it is for. All or nothing: first it is worked out who gets it and how, and
    /// only when that stands is anything changed. The work is bounded by the number of sessions.
    /// </summary>
    internal sealed partial class Router
    {
        /// <summary>How many recipients the last message had.</summary>
        public int Recipients;

        // What is done for a recipient.
        private const int Direct = 0;   // straight into the send buffer
        internal const int Queue = 1;
        internal const int Oldest = 2;   // queued after the oldest were dropped
        internal const int Full = 3;     // the session's quota is used up: it loses the message
        private const int End = 4;      // its quota is used up: the session ends
        private const int Denied = 5;
        private const int Offline = 6;
        private const int NoRoom = 7;   // the shared pool is full
        private const int Taken = 8;    // by an uplink's filter

        // A bit of targetFlags beside RETAIN (4), shared (8) and the group (from 16) of Deliveries.Flags.
        private const int MoreIds = 1;

        private readonly Broker broker;
        private readonly Connections connections;
        private readonly Sessions sessions;
        private readonly TopicTable topics;
        private readonly Deliveries deliveries;
        private readonly MessagePool pool;
        private readonly int[] counters;
        private readonly int queueMessages;
        private readonly int queueBlocks;
        private readonly int queueFull;
        private readonly int reserveBlocks;
        private readonly int stallMs;

        private readonly ushort[] place;        // a session's place in the lists below while they are made
        private readonly ushort[] target;       // session
        private readonly byte[] targetQos;
        private readonly byte[] targetFlags;
        private readonly byte[] targetAction;
        private readonly int[] targetId;        // first subscription identifier
        private int count;
        private int rows;                       // deliveries needed
        private bool pooled;                    // somebody needs the message in the pool
        private bool ours;                      // the reference in the message's handle is the router's
        private int from;                       // the publishing session

        public Router(Broker broker, Limits limits)
        {
            this.broker = broker;
            connections = broker.Connections;
            sessions = broker.Sessions;
            topics = broker.Topics;
            deliveries = broker.Deliveries;
            pool = broker.Pool;
            counters = broker.Counters;
            queueMessages = limits.QueueMessages;
            queueBlocks = limits.QueueBlocks;
            queueFull = limits.QueueFull;
            reserveBlocks = limits.Blocks / 8;
            stallMs = limits.StallMs;
            int targets = limits.Sessions + limits.SharedGroups;
            place = new ushort[limits.Sessions + 1];
            target = new ushort[targets + 1];
            targetQos = new byte[targets + 1];
            targetFlags = new byte[targets + 1];
            targetAction = new byte[targets + 1];
            targetId = new int[targets + 1];
        }

        public static int Bytes(Limits limits)
        {
            int targets = limits.Sessions + limits.SharedGroups + 1;
            return Heap.Object(24) + Heap.Array(limits.Sessions + 1, 2)
                + Heap.Array(targets, 2) + Heap.Array(targets, 1) * 3 + Heap.Array(targets, 4);
        }

        /// <summary>Routes a message to what the topic table last matched.</summary>
        /// <param name="m">The message; its handle is set while it is in the pool.</param>
        /// <param name="path">Its topic; only needed to retain it.</param>
        /// <param name="publisher">The publishing session, 0 for none.</param>
        /// <param name="retain">Store it as the topic's retained message too.</param>
        /// <param name="mayHold">The caller can come again later.</param>
        /// <param name="mayRefuse">The caller can tell the publisher that there is no room.</param>
        /// <returns>None; Hold; PoolFull or TableFull (refused). Unless None, nothing has changed.</returns>
        public Fault Route(Outgoing m, TopicPath path, int publisher, bool retain, bool mayHold, bool mayRefuse)
        {
            m.Length = m.TopicLength + m.PropertiesLength + m.PayloadLength;
            Changes changes = broker.Changes;
            if (changes != null && publisher != 0 && changes.Pending > changes.PendingMax
                && broker.Lifecycle.NoWills()) changes.Keeper.Flush();
            from = publisher;
            Collect(publisher);
            Recipients = count;
            if (count != 0)
            {
                Fault fault = Plan(m, mayHold, mayRefuse);
                if (fault != Fault.None) return fault;
            }
            else
            {
                pooled = false;
            }
            if (changes != null && (retain || pooled))
            {
                Fault fault = Keep(m, ref retain, mayHold, mayRefuse);
                if (fault != Fault.None) return fault;
            }
            if (retain || pooled)
            {
                Fault fault = Store(m, path, publisher, retain, mayHold, mayRefuse);
                if (fault != Fault.None) return fault;
            }
            if (count != 0) Deliver(m);
            return Fault.None;
        }

        // Lists each session once, with the highest QoS of its matching subscriptions [MQTT-3.3.5-1], and one
        // member of each share group.
        private void Collect(int publisher)
        {
            int n = 0;
            int matched = topics.MatchedCount;
            ushort[] list = topics.Matched;
            ushort[] owner = topics.Session;
            byte[] options = topics.Options;
            for (int i = 0; i < matched; i++)
            {
                int subscription = list[i];
                int session = owner[subscription];
                int option = options[subscription];
                if ((option & 4) != 0 && session == publisher) // [MQTT-3.8.3-3]
                {
                    list[i] = 0;
                    continue;
                }
                int id = topics.SubscriptionId[subscription];
                if (matched > 1)
                {
                    int at = place[session];
                    if (at != 0)
                    {
                        Merge(at, option, id);
                        continue;
                    }
                    place[session] = (ushort)(n + 1);
                }
                n++;
                target[n] = (ushort)session;
                targetQos[n] = (byte)(option & 3);
                targetFlags[n] = (byte)(option >> 1 & 4); // retain as published becomes RETAIN
                targetId[n] = id;
            }
            if (matched > 1)
            {
                for (int i = 1; i <= n; i++) place[target[i]] = 0;
            }
            count = n;
            if (topics.MatchedGroupCount != 0) CollectShared();
        }

        private void Merge(int at, int option, int id)
        {
            if ((option & 3) > targetQos[at]) targetQos[at] = (byte)(option & 3);
            targetFlags[at] |= (byte)(option >> 1 & 4);
            if (id == 0) return;
            if (targetId[at] == 0) targetId[at] = id;
            else targetFlags[at] |= MoreIds; // all identifiers go along [MQTT-3.3.4-4]
        }

        // One member of each group in turn; one that is connected before one that is not, and one with room
        // before one whose queue is full.
        private void CollectShared()
        {
            for (int i = 0; i < topics.MatchedGroupCount; i++)
            {
                int member = Choose(topics.MatchedGroups[i], 0);
                if (member == 0) continue;
                int option = topics.Options[member];
                int n = ++count;
                target[n] = topics.Session[member];
                targetQos[n] = (byte)(option & 3);
                targetFlags[n] = (byte)(option >> 1 & 4 | 8 | topics.MatchedGroups[i] << 4);
                targetId[n] = topics.SubscriptionId[member];
            }
        }

        // The member whose turn it is; never a subscription of the session named.
        private int Choose(int group, int without)
        {
            int first = topics.GroupFirst(group);
            int start = topics.GroupCursor[group];
            if (start == 0) start = first;
            int member = start;
            int best = 0;
            int bestRank = 0;
            do
            {
                int session = topics.Session[member];
                int rank = 1;
                if (sessions.Connection[session] != Sessions.Offline) rank = 3;
                if (deliveries.Count[session] < queueMessages) rank++;
                if (rank > bestRank && session != without)
                {
                    best = member;
                    bestRank = rank;
                    if (rank == 4) break;
                }
                member = topics.GroupNext(member);
                if (member == 0) member = first;
            }
            while (member != start);
            if (best != 0)
            {
                int next = topics.GroupNext(best);
                topics.GroupCursor[group] = (ushort)(next == 0 ? first : next);
            }
            return best;
        }

        // Works out what is done for each recipient. Changes nothing but the lists.
        private Fault Plan(Outgoing m, bool mayHold, bool mayRefuse)
        {
            rows = 0;
            pooled = false;
            int qosPublished = m.Qos;
            int bound = Sender.Bound(m);
            int one = bound;
            m.Blocks = 0;
            for (int i = 1; i <= count; i++)
            {
                int session = target[i];
                int qos = targetQos[i];
                if (qos > qosPublished) qos = qosPublished; // [MQTT-3.8.4-8]
                targetQos[i] = (byte)qos;
                int connection = sessions.Connection[session];
                // A member of a group may be listed before: its send buffer must have room for every copy.
                if ((targetFlags[i] & 8) != 0) bound += one;
                // What a filter takes need not go up now.
                bool filtered = connection <= Sessions.Uplink && UplinkOf(connection).Filter != null;
                if (qos == 0 && connection < 0 && !filtered && !Reachable(connection))
                {
                    targetAction[i] = Offline;
                    continue;
                }
                if (broker.Access != null && !broker.Access.Deliver(broker, session, m.TopicBuffer, m.TopicOffset,
                    m.TopicLength))
                {
                    targetAction[i] = Denied;
                    continue;
                }
                if (filtered)
                {
                    bool taken = UplinkOf(connection).Takes(m, qos);
                    if (taken || qos == 0 && !Reachable(connection))
                    {
                        targetAction[i] = (byte)(taken ? Taken : Offline);
                        continue;
                    }
                }
                if (qos == 0 && connection >= 0 && (targetFlags[i] & MoreIds) == 0
                    && m.Handle == 0 && broker.Sender.CanDirect(connection, session, bound))
                {
                    targetAction[i] = Direct;
                    continue;
                }
                if (m.Blocks == 0) m.Blocks = pool.BlocksFor(m.Length);
                int action = connection <= Sessions.Uplink
                    ? UplinkOf(connection).Plan(qos, m.Blocks, mayHold, mayRefuse)
                    : Quota(session, connection, m.Blocks, mayHold);
                if (action < 0) return action == Uplink.Refuse ? Fault.QuotaFull : Fault.Hold;
                targetAction[i] = (byte)action;
                if (action > Oldest) continue;
                pooled = true;
                rows += (targetFlags[i] & MoreIds) == 0 ? 1 : Identifiers(session);
            }
            return pooled ? PlanPool(m, mayHold, mayRefuse) : Fault.None;
        }

        private Uplink UplinkOf(int connection)
        {
            return broker.Uplinks[Sessions.Uplink - connection];
        }

        // Whether a session without a network connection takes QoS 0.
        private bool Reachable(int connection)
        {
            if (connection == Sessions.Offline) return false;
            return connection > Sessions.Uplink || UplinkOf(connection).Online;
        }

        // Queue, or what the session's quota makes of it; -1: hold the publisher back.
        private int Quota(int session, int connection, int blocks, bool mayHold)
        {
            int queued = deliveries.Count[session];
            if (queued < queueMessages && deliveries.Blocks[session] + blocks <= queueBlocks
                && (queued == 0 || Ample(blocks)))
            {
                return Queue;
            }
            // A subscriber that is making progress is waited for; one that stands still is not.
            if (mayHold && connection != Sessions.Offline && sessions.Slow[session] == 0
                && (connection < 0 || broker.NowMs - connections.LastProgressMs[connection] < stallMs))
            {
                return -1;
            }
            if (queueFull == QueuePolicy.EndSession) return End;
            if (queueFull == QueuePolicy.DropOldest && blocks <= queueBlocks)
            {
                int before = deliveries.BeforeQueued(session);
                int row = before == 0 ? deliveries.First[session] : deliveries.Next[before];
                if (row != 0) return Oldest;
            }
            return Full;
        }

        // Whether the shared tables have more than what is kept for sessions that have nothing queued.
        private bool Ample(int blocks)
        {
            Limits limits = broker.Limits;
            return pool.FreeBlocks - blocks >= reserveBlocks && deliveries.Free - rows >= limits.Deliveries >> 4
                && pool.FreeMessages >= limits.Messages >> 4;
        }

        private Fault PlanPool(Outgoing m, bool mayHold, bool mayRefuse)
        {
            bool room = rows <= deliveries.Free
                && (m.Handle != 0 || m.Blocks <= pool.FreeBlocks && pool.FreeMessages != 0);
            if (room) return Fault.None;
            if (mayHold) return Fault.Hold;
            if (mayRefuse) return Fault.PoolFull;
            pooled = false;
            for (int i = 1; i <= count; i++)
            {
                if (targetAction[i] == Queue || targetAction[i] == Oldest) targetAction[i] = NoRoom;
            }
            return Fault.None;
        }

        // Puts the message into the pool and, if it is to be retained, into the table.
        private Fault Store(Outgoing m, TopicPath path, int publisher, bool retain, bool mayHold, bool mayRefuse)
        {
            if (retain && m.PayloadLength == 0)
            {
                broker.Retained.Clear(path);
                retain = false;
                if (!pooled) return Fault.None;
            }
            ours = m.Handle == 0;
            if (ours && !ToPool(m))
            {
                // Only a message to be retained comes here without having been promised room.
                ours = false;
                if (mayHold) return Fault.Hold;
                if (mayRefuse) return Fault.PoolFull;
                counters[Counter.DroppedRetained]++;
                return Fault.None;
            }
            if (retain && !broker.Retained.Set(path, m.Handle, publisher))
            {
                if (mayRefuse)
                {
                    Release(m);
                    return Fault.TableFull;
                }
                counters[Counter.DroppedRetained]++;
            }
            if (!pooled) Release(m);
            return Fault.None;
        }

        private void Release(Outgoing m)
        {
            if (!ours) return;
            ours = false;
            pool.Release(m.Handle);
            m.Handle = 0;
        }

        /// <summary>Copies a message into the pool; the reference in its handle is the caller's.</summary>
        public bool ToPool(Outgoing m)
        {
            int message = pool.Allocate(m.TopicLength, m.PropertiesLength, m.Length);
            if (message == 0) return false;
            pool.Qos[message] = (byte)m.Qos;
            pool.Expiry[message] = m.Expiry;
            pool.Append(m.TopicBuffer, m.TopicOffset, m.TopicLength);
            if (m.PropertiesLength != 0)
            {
                pool.Append(m.Buffer, m.Run0Offset, m.Run0Length);
                pool.Append(m.Buffer, m.Run1Offset, m.Run1Length);
                pool.Append(m.Buffer, m.Run2Offset, m.Run2Length);
            }
            pool.Append(m.Buffer, m.PayloadOffset, m.PayloadLength);
            m.Handle = message;
            return true;
        }

        // Carries out the plan.
        private void Deliver(Outgoing m)
        {
            int qosPublished = m.Qos;
            for (int i = 1; i <= count; i++)
            {
                int session = target[i];
                int action = targetAction[i];
                if (targetQos[i] < qosPublished) counters[Counter.Downgraded]++;
                if (action == Direct)
                {
                    int retain = m.Retain ? (targetFlags[i] & 4) >> 2 : 0; // [MQTT-3.3.1-12], [MQTT-3.3.1-13]
                    if (broker.Sender.Direct(sessions.Connection[session], m, retain, targetId[i])) continue;
                    counters[Counter.DroppedTooLarge]++;
                    sessions.Dropped[session]++;
                    continue;
                }
                if (action <= Oldest)
                {
                    if (action == Queue || MakeRoom(m, session)) Enqueue(m, i, session);
                    else Lose(session, Full);
                    continue;
                }
                if (action == Taken) UplinkOf(sessions.Connection[session]).Filter.Routed();
                else Lose(session, action);
            }
            if (!pooled) return;
            if (m.Expiry != MessagePool.Never) broker.Lifecycle.Expires(m.Expiry);
            Release(m); // by now each queue holds a reference; what follows may use the object for other messages
            for (int i = 1; i <= count; i++)
            {
                if (targetAction[i] == Queue || targetAction[i] == Oldest) Start(target[i]);
            }
        }

        private void Start(int session)
        {
            int connection = sessions.Connection[session];
            if (connection >= 0) broker.Sender.Pump(connection);
            else if (connection <= Sessions.Local && connection > Sessions.Uplink) broker.Locals.Arrived();
        }

        private void Lose(int session, int action)
        {
            sessions.Dropped[session]++;
            if (action == Offline)
            {
                counters[Counter.DroppedOffline]++;
            }
            else if (action == Denied)
            {
                counters[Counter.DroppedDenied]++;
            }
            else if (action == NoRoom)
            {
                counters[Counter.DroppedPoolFull]++;
            }
            else
            {
                sessions.Slow[session] = 1;
                counters[Counter.DroppedQueueFull]++;
                if (action == End) broker.Doom(session);
            }
        }

        private bool MakeRoom(Outgoing m, int session)
        {
            int connection = sessions.Connection[session];
            if (connection > Sessions.Uplink) return DropOldest(session, m.Blocks);
            return UplinkOf(connection).MakeRoom(m.TopicBuffer, m.TopicOffset, m.TopicLength, m.Blocks);
        }

        // One goes in any case, so that the session takes no more of a pool that is nearly full. False: all that was
        // not sent yet is dropped, and what is on its way leaves no room.
        private bool DropOldest(int session, int blocks)
        {
            sessions.Slow[session] = 1;
            do
            {
                int before = deliveries.BeforeQueued(session);
                int row = before == 0 ? deliveries.First[session] : deliveries.Next[before];
                if (row == 0) return false;
                deliveries.Remove(session, before, row);
                sessions.Dropped[session]++;
                counters[Counter.DroppedQueueFull]++;
            }
            while (deliveries.Count[session] >= queueMessages || deliveries.Blocks[session] + blocks > queueBlocks);
            return true;
        }

        private void Enqueue(Outgoing m, int i, int session)
        {
            int connection = sessions.Connection[session];
            if (connection >= 0 && deliveries.Count[session] == 0)
            {
                connections.LastProgressMs[connection] = broker.NowMs;
            }
            int flags = targetQos[i] | targetFlags[i] & 0xF8;
            if (m.Retain) flags |= targetFlags[i] & 4;
            int row = deliveries.Add(session, m.Handle, flags, targetId[i]);
            if (connection <= Sessions.Uplink) UplinkOf(connection).Enqueued(row, from);
            if ((targetFlags[i] & MoreIds) == 0) return;
            bool first = true;
            for (int k = 0; k < topics.MatchedCount; k++)
            {
                int subscription = topics.Matched[k];
                int id = topics.SubscriptionId[subscription];
                if (id == 0 || topics.Session[subscription] != session) continue;
                if (!first) deliveries.AddMore(session, id);
                first = false;
            }
        }

        private int Identifiers(int session)
        {
            int n = 0;
            for (int k = 0; k < topics.MatchedCount; k++)
            {
                int subscription = topics.Matched[k];
                if (topics.Session[subscription] == session && topics.SubscriptionId[subscription] != 0) n++;
            }
            return n;
        }

        /// <summary>
        /// Passes what a leaving session got from shared subscriptions, and has not acknowledged, to other members.
        /// QoS 1 should pass on (section 4.8.2); QoS 2 must not once it was sent [MQTT-4.8.2-5].
        /// </summary>
        public void PassOn(int session, TopicPath path, byte[] scratch)
        {
            int previous = 0;
            int row = deliveries.First[session];
            while (row != 0)
            {
                int next = deliveries.Next[row];
                bool shared = deliveries.Phase[row] != Deliveries.More && (deliveries.Flags[row] & 8) != 0;
                bool sent = deliveries.Phase[row] != Deliveries.Queued;
                if (shared && !(sent && (deliveries.Flags[row] & 3) == 2) && PassOn(session, row, path, scratch))
                {
                    deliveries.Remove(session, previous, row);
                    row = previous == 0 ? deliveries.First[session] : deliveries.Next[previous];
                    counters[Counter.SharedMoved]++;
                    continue;
                }
                previous = row;
                row = next;
            }
        }

        private bool PassOn(int session, int row, TopicPath path, byte[] scratch)
        {
            int message = deliveries.Message[row];
            int topicLength = pool.TopicLength[message];
            pool.Seek(message);
            pool.Read(scratch, 0, topicLength);
            if (path.Name(scratch, 0, topicLength) != Fault.None) return false;
            topics.Match(path);
            int flags = deliveries.Flags[row];
            for (int i = 0; i < topics.MatchedGroupCount; i++)
            {
                int group = topics.MatchedGroups[i];
                // The message came through one group and stays in it: four bits of its number tell which.
                if ((group & 15) != flags >> 4 || !IsMember(group, session)) continue;
                int member = Choose(group, session);
                if (member == 0) continue;
                int heir = topics.Session[member];
                int qos = topics.Options[member] & 3;
                if (qos > pool.Qos[message]) qos = pool.Qos[message];
                if (sessions.Connection[heir] == Sessions.Offline && qos == 0) continue;
                if (broker.Access != null && !broker.Access.Deliver(broker, heir, scratch, 0, topicLength)) continue;
                if (Quota(heir, sessions.Connection[heir], pool.BlocksFor(pool.Length[message]), false) != Queue)
                {
                    continue;
                }
                flags &= 0xF8 | topics.Options[member] >> 1 & 4; // RETAIN only if it has Retain As Published too
                if (deliveries.Add(heir, message, qos | flags, topics.SubscriptionId[member]) == 0) return false;
                Start(heir);
                return true;
            }
            return false;
        }

        private bool IsMember(int group, int session)
        {
            for (int member = topics.GroupFirst(group); member != 0; member = topics.GroupNext(member))
            {
                if (topics.Session[member] == session) return true;
            }
            return false;
        }
    }
}
