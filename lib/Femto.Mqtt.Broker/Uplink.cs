using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// The broker's end of a bridge: a session whose queue somebody else sends from. Its queue is the bridge's spool:
    /// a message of QoS 1 or 2 stays there until the upstream has acknowledged it. Built at boot; called, like the
    /// broker, from the broker's thread alone.
    /// </summary>
    public sealed class Uplink
    {
        /// <summary>The session, in <see cref="Deliveries"/>.</summary>
        public readonly int Session;
        /// <summary>Where the messages are.</summary>
        public readonly MessagePool Pool;
        /// <summary>Whose session <see cref="Session"/> is to be sent.</summary>
        public readonly Deliveries Deliveries;
        /// <summary>The upstream is connected: QoS 0 messages are taken. They use at most half of the spool, and
        /// never displace another.</summary>
        public bool Online;
        /// <summary>Set when a message was queued; the owner clears it.</summary>
        public bool Arrived;
        /// <summary>The upstream may send back what was sent up: it knows no no-local. What goes up is remembered for
        /// <see cref="LoopMs"/>, and what comes from there compared with it.</summary>
        public bool Echo;
        /// <summary>Takes messages before they are queued; may be null. Set before the first connection.</summary>
        public IUplinkFilter Filter;
        /// <summary>A bridge has connected to this broker: what goes up may come round that way.</summary>
        internal bool Crossed;
        /// <summary>Identifiers of QoS 2 messages that came from the upstream: those of the owner's client session, so
        /// that they survive a loss of power with the rest. Null: they do not.</summary>
        public ReceivedRuns Received;

        /// <summary>Milliseconds after which a message sent up is no longer expected back.</summary>
        public const int LoopMs = 10000;

        /// <summary>Answers of <see cref="Offer"/>.</summary>
        public const int NoRoom = 0, Queued = 1, Lost = 2;

        internal const int Hold = -1;
        internal const int Refuse = -2;

        private readonly Broker broker;
        private readonly int messages;
        private readonly int blocks;
        private readonly int policy;
        private readonly ushort[] origin;   // by delivery: the session that published it

        // Messages that crossed, a ring: hash of topic and payload, origin, when.
        private readonly int[] loopHash;
        private readonly ushort[] loopOrigin;
        private readonly int[] loopAtMs;
        private int loopNext;
        private int lastHash;               // of the message that Comes looked at
        private readonly byte[] chunk = new byte[32];
        private int offered;                // the message that Offer began
        private bool looked;                // the filter has seen the message at hand

        /// <param name="broker">The broker; no connection may be open yet.</param>
        /// <param name="clientId">The session's client identifier.</param>
        /// <param name="spoolMessages">Messages of the spool, 1 and above.</param>
        /// <param name="spoolBlocks">Blocks of the broker's pool that the spool may hold; at most three quarters of
        /// them are taken.</param>
        /// <param name="policy">When the spool is full: a constant of <see cref="SpoolPolicy"/>.</param>
        /// <param name="loops">Messages remembered against loops, 0 for none.</param>
        /// <exception cref="ArgumentException">The session table has no room, or the identifier is in
        /// use.</exception>
        public Uplink(Broker broker, byte[] clientId, int spoolMessages, int spoolBlocks, int policy, int loops)
        {
            this.broker = broker;
            Pool = broker.Pool;
            Deliveries = broker.Deliveries;
            this.policy = policy;
            messages = spoolMessages;
            int most = broker.Limits.Blocks * 3 / 4;
            blocks = spoolBlocks < most ? spoolBlocks : most;
            int hash = broker.Path.HashOf(clientId, 0, clientId.Length);
            Session = broker.Sessions.Find(clientId, 0, clientId.Length, hash);
            // One that was read again after a loss of power waits for its bridge.
            if (Session != 0 && (broker.Changes == null || broker.Changes.Kept[Session] != Changes.Waits))
            {
                throw new ArgumentException("client identifier in use");
            }
            if (Session == 0) Session = broker.Lifecycle.NewSession(clientId, 0, clientId.Length, hash);
            if (Session == 0) throw new ArgumentException("no room for the session of a bridge");
            origin = new ushort[broker.Limits.Deliveries + 1];
            loopHash = new int[loops];
            loopOrigin = new ushort[loops];
            loopAtMs = new int[loops];
            Uplink[] before = broker.Uplinks;
            int count = before == null ? 0 : before.Length;
            Uplink[] now = new Uplink[count + 1];
            for (int i = 0; i < count; i++) now[i] = before[i];
            now[count] = this;
            broker.Uplinks = now;
            broker.Sessions.Connection[Session] = (short)(Sessions.Uplink - count);
            broker.Sessions.ExpirySeconds[Session] = Sessions.Never;
            Changes = broker.Changes;
            if (Changes != null && Changes.KeepsBridges) broker.Lifecycle.Keep(Session, true);
        }

        /// <summary>What is to survive a loss of power is marked there; null: nothing does.</summary>
        public readonly Changes Changes;

        /// <summary>The broker's own: free between its calls, as whoever owns the uplink is called.</summary>
        public PacketScratch Scratch
        {
            get { return broker.Scratch; }
        }

        /// <summary>The spool survives a loss of power.</summary>
        public bool Kept
        {
            get { return Changes != null && Changes.Kept[Session] != 0; }
        }

        /// <summary>Bytes of nanoFramework's heap that one uplink takes.</summary>
        public static int Bytes(Limits limits, int loops)
        {
            return Heap.Object(23) + Heap.Array(limits.Deliveries + 1, 2) + Heap.Array(loops, 4) * 2
                + Heap.Array(loops, 2) + Heap.Array(32, 1) + Heap.Array(1, 12);
        }

        /// <summary>What matches is queued from now on, but for what this uplink publishes itself.</summary>
        /// <param name="options">As in SUBSCRIBE; no local is added.</param>
        /// <returns>None; TopicFilterInvalid; TableFull.</returns>
        public Fault Subscribe(byte[] filter, int offset, int length, int options)
        {
            if (length > broker.Limits.TopicLength) return Fault.TopicFilterInvalid;
            if (broker.Path.Filter(filter, offset, length) != Fault.None) return Fault.TopicFilterInvalid;
            return broker.Topics.Subscribe(broker.Path, Session, options | 4, 0) == 0 ? Fault.TableFull : Fault.None;
        }

        /// <summary>Queues the retained messages that the subscriptions match, as <see cref="Pull"/> asks for them.
        /// </summary>
        public void ReplayRetained()
        {
            TopicTable topics = broker.Topics;
            for (int row = topics.SessionFirst(Session); row != 0; row = topics.SessionNext(row))
            {
                topics.Options[row] |= Replay.Pending;
                broker.Replay.Restart(Session, row);
            }
            if (!broker.Replay.IsActive(Session)) broker.Replay.Begin(Session);
        }

        /// <summary>Queues the next retained message when everything queued has been sent.</summary>
        /// <returns>True when one was queued; false: none now.</returns>
        public bool Pull()
        {
            while (broker.Replay.IsActive(Session))
            {
                if (broker.Replay.Step(Session))
                {
                    origin[Deliveries.NextToSend(Session)] = 0;
                    return true;
                }
                if (!broker.Replay.Unfinished || Deliveries.Free == 0) return false;
                broker.Replay.Unfinished = false;
            }
            return false;
        }

        /// <summary>The upstream is gone: QoS 0 messages that wait are dropped and counted.</summary>
        public void Offline()
        {
            Online = false;
            int dropped = Deliveries.DropQos0(Session);
            broker.Counters[Counter.DroppedOffline] += dropped;
            broker.Sessions.Dropped[Session] += dropped;
        }

        /// <summary>A message left the spool: when half of it is free publishers are held for it again.</summary>
        public void Progress()
        {
            if (broker.Sessions.Slow[Session] != 0 && Deliveries.Count[Session] <= messages / 2
                && Deliveries.Blocks[Session] <= blocks / 2)
            {
                broker.Sessions.Slow[Session] = 0;
                broker.Lifecycle.Retry = true;
            }
        }

        /// <summary>Grows when room was made in the broker's pool: a held message may be tried again.</summary>
        public int Freed()
        {
            return Pool.Freed + Deliveries.Freed;
        }

        /// <summary>The second of uptime that the pool's expiries count in.</summary>
        public uint Uptime()
        {
            return broker.Uptime;
        }

        /// <summary>Routes a message that came from the upstream.</summary>
        /// <param name="topic">The local topic name; a buffer other than the message's is fine.</param>
        /// <param name="properties">Of the packet, in <paramref name="buffer"/>; null: none.</param>
        /// <param name="mayHold">The caller can come again.</param>
        /// <returns>None; Hold: again when <see cref="Freed"/> has grown; TopicNameInvalid, NotAuthorized;
        /// PoolFull, QuotaFull, TableFull: refused.</returns>
        public Fault Publish(byte[] topic, int topicOffset, int topicLength, byte[] buffer, int payloadOffset,
            int payloadLength, int qos, bool retain, Properties properties, bool mayHold)
        {
            TopicPath path = broker.Path;
            if (topicLength > broker.Limits.TopicLength) return Fault.TopicNameInvalid;
            if (path.Name(topic, topicOffset, topicLength) != Fault.None) return Fault.TopicNameInvalid;
            if (broker.Access != null
                && !broker.Access.Publish(broker, Session, topic, topicOffset, topicLength, qos, retain))
            {
                broker.Counters[Counter.RefusedDenied]++;
                return Fault.NotAuthorized;
            }
            if ((Echo || Crossed) && Comes(topic, topicOffset, topicLength, buffer, payloadOffset, payloadLength,
                Session))
            {
                broker.Counters[Counter.LoopsStopped]++;
                return Fault.None;
            }
            int hash = lastHash;
            Outgoing m = broker.Outgoing;
            m.Set(topic, topicOffset, topicLength, buffer, payloadOffset, payloadLength);
            if (properties != null && properties.Present != 0) PublishHandler.Forward(broker, m, properties);
            m.Qos = qos;
            m.Retain = retain;
            broker.Topics.Match(path);
            Fault fault = broker.Router.Route(m, path, Session, retain, mayHold, qos != 0);
            if (fault == Fault.None && Crossed) Remember(hash, Session, false); // another bridge may bring it as well
            return fault;
        }

        /// <summary>Begins a message for this uplink alone, of the owner's own making: its topic and its payload
        /// follow by <see cref="MessagePool.Append"/>, then <see cref="Offered"/>. Not to be called inside the
        /// routing.</summary>
        /// <param name="topic">The topic, or the beginning of it, for the policy that keeps the latest of
        /// each.</param>
        /// <param name="topicBytes">Bytes of the whole topic.</param>
        /// <param name="payloadBytes">Bytes of the payload.</param>
        /// <returns>Queued: it has begun. NoRoom: nothing was changed, try again later. Lost: it was counted as lost,
        /// as the spool's policy wants it for its QoS.</returns>
        public int Offer(byte[] topic, int topicOffset, int topicLength, int topicBytes, int payloadBytes, int qos,
            bool retain)
        {
            int need = Pool.BlocksFor(topicBytes + payloadBytes);
            if (qos == 0 && !Online) return Lose(Counter.DroppedOffline);
            int action = Plan(qos, need, true, true);
            if (action < 0) return NoRoom;
            if (action == Router.Full) return Lose(Counter.DroppedQueueFull);
            if (action == Router.Oldest && !MakeRoom(topic, topicOffset, topicLength, need))
            {
                return Lose(Counter.DroppedQueueFull);
            }
            if (Deliveries.Free == 0) return NoRoom;
            int message = Pool.Allocate(topicBytes, 0, topicBytes + payloadBytes);
            if (message == 0) return NoRoom;
            Pool.Qos[message] = (byte)qos;
            Pool.Expiry[message] = MessagePool.Never;
            int row = Deliveries.Add(Session, message, retain ? qos | 4 : qos, 0);
            Pool.Release(message);
            origin[row] = 0;
            offered = message;
            return Queued;
        }

        /// <summary>The message begun by <see cref="Offer"/> has all its bytes.</summary>
        public void Offered()
        {
            Arrived = true;
            if (!Crossed) return;
            Pool.Seek(offered);
            int hash = PoolHash(Pool.TopicLength[offered], 1);
            Remember(PayloadHash(offered, hash), 0, false);
        }

        private int Lose(int counter)
        {
            broker.Counters[counter]++;
            broker.Sessions.Dropped[Session]++;
            return Lost;
        }

        /// <summary>Whether the filter takes a message that is being planned.</summary>
        internal bool Takes(Outgoing m, int qos)
        {
            looked = m.Handle == 0; // a will lies in the pool: it is no reading
            return looked && Filter.Takes(m.TopicBuffer, m.TopicOffset, m.TopicLength, m.Buffer, m.PayloadOffset,
                m.PayloadLength, qos, m.Retain, broker.NowMs);
        }

        /// <summary>The message that stands next in the queue is being sent: it may come back. The pool's reader
        /// stands behind its topic and is left there.</summary>
        /// <param name="topic">Its local topic name.</param>
        public void GoesUp(byte[] topic, int topicLength)
        {
            if (!Echo && !Crossed) return;
            int row = Deliveries.NextToSend(Session);
            int block = Pool.ReadBlock;
            int position = Pool.ReadOffset;
            Remember(PayloadHash(Deliveries.Message[row], HashOf(topic, 0, topicLength, 1)), origin[row],
                true);
            Pool.ReadBlock = block;
            Pool.ReadOffset = position;
        }

        // Of bytes in pieces of the chunk's length.
        private int HashOf(byte[] buffer, int offset, int length, int hash)
        {
            for (int left = length; left > 0; left -= chunk.Length)
            {
                int n = left < chunk.Length ? left : chunk.Length;
                hash = hash * 31 + broker.Path.HashOf(buffer, offset + length - left, n);
            }
            return hash;
        }

        // The same of the pool's next bytes.
        private int PoolHash(int left, int hash)
        {
            while (left > 0)
            {
                int n = left < chunk.Length ? left : chunk.Length;
                Pool.Read(chunk, 0, n);
                hash = hash * 31 + broker.Path.HashOf(chunk, 0, n);
                left -= n;
            }
            return hash;
        }

        // The pool's reader stands behind the topic.
        private int PayloadHash(int message, int hash)
        {
            Pool.Skip(Pool.PropertiesLength[message]);
            int left = Pool.Length[message] - Pool.TopicLength[message] - Pool.PropertiesLength[message];
            return PoolHash(left, hash);
        }

        // A message is remembered when it is queued and, should it have waited long, anew when it is sent.
        private void Remember(int hash, int publisher, bool sending)
        {
            if (hash == 0) hash = 1;
            int rows = loopHash.Length;
            if (rows == 0) return;
            int now = broker.NowMs & ~3;
            for (int i = 0; sending && Crossed && i < rows; i++)
            {
                if (loopHash[i] != hash || loopOrigin[i] != publisher) continue;
                loopAtMs[i] = now | loopAtMs[i] & 3;
                return;
            }
            loopHash[loopNext] = hash;
            loopOrigin[loopNext] = (ushort)publisher;
            loopAtMs[loopNext] = now;
            loopNext = loopNext + 1 == rows ? 0 : loopNext + 1;
        }

        /// <summary>Whether a message from a session is one that crossed this uplink for another: then it has come
        /// round. Each message answers for one from the upstream and for one from another bridge.</summary>
        internal bool Comes(byte[] topic, int topicOffset, int topicLength, byte[] buffer, int payloadOffset,
            int payloadLength, int from)
        {
            int hash = HashOf(buffer, payloadOffset, payloadLength, HashOf(topic, topicOffset, topicLength, 1));
            if (hash == 0) hash = 1;
            lastHash = hash;
            int way = from == Session ? 1 : 2; // in the low bits of the time: this way it has come back
            for (int i = 0; i < loopHash.Length; i++)
            {
                if (loopHash[i] != hash || loopOrigin[i] == from || (loopAtMs[i] & way) != 0) continue;
                if (broker.NowMs - loopAtMs[i] > LoopMs) continue;
                loopAtMs[i] |= way;
                return true;
            }
            return false;
        }

        /// <summary>What is done with a message for the spool; Hold; Refuse.</summary>
        internal int Plan(int qos, int need, bool mayHold, bool mayRefuse)
        {
            int queued = Deliveries.Count[Session];
            int used = Deliveries.Blocks[Session] + need;
            if (qos == 0) return queued < messages / 2 && used <= blocks / 2 ? Router.Queue : Router.Full;
            if (queued < messages && used <= blocks) return Router.Queue;
            if (policy != SpoolPolicy.Hold) return need <= blocks ? Router.Oldest : Router.Full;
            if (mayHold && broker.Sessions.Slow[Session] == 0) return Hold;
            broker.Sessions.Slow[Session] = 1;
            return mayRefuse ? Refuse : Router.Full;
        }

        /// <summary>Takes messages that were never sent out of the spool until one more finds room: the one before
        /// with the same topic, if the policy asks for it, else the oldest. False: what is on its way leaves
        /// none.</summary>
        internal bool MakeRoom(byte[] topic, int topicOffset, int topicLength, int need)
        {
            do
            {
                int before = Deliveries.BeforeQueued(Session);
                int row = before == 0 ? Deliveries.First[Session] : Deliveries.Next[before];
                if (row == 0) return false;
                if (policy == SpoolPolicy.KeepLatest)
                {
                    int previous = before;
                    for (int r = row; r != 0; r = Deliveries.Next[r])
                    {
                        if (Same(r, topic, topicOffset, topicLength))
                        {
                            before = previous;
                            row = r;
                            break;
                        }
                        previous = r;
                    }
                }
                Deliveries.Remove(Session, before, row);
                broker.Sessions.Dropped[Session]++;
                broker.Counters[Counter.DroppedQueueFull]++;
            }
            while (Deliveries.Count[Session] >= messages || Deliveries.Blocks[Session] + need > blocks);
            return true;
        }

        internal void Enqueued(int row, int publisher)
        {
            origin[row] = (ushort)publisher;
            Arrived = true;
            if (Filter != null && looked) Filter.Routed();
            if (!Crossed) return;
            int message = Deliveries.Message[row];
            Pool.Seek(message);
            int hash = PoolHash(Pool.TopicLength[message], 1);
            Remember(PayloadHash(message, hash), publisher, false);
        }

        private bool Same(int row, byte[] topic, int offset, int length)
        {
            int message = Deliveries.Message[row];
            if (Deliveries.Phase[row] != Deliveries.Queued || Pool.TopicLength[message] != length) return false;
            Pool.Seek(message);
            for (int at = 0; at < length; at += chunk.Length)
            {
                int n = length - at < chunk.Length ? length - at : chunk.Length;
                Pool.Read(chunk, 0, n);
                for (int i = 0; i < n; i++)
                {
                    if (chunk[i] != topic[offset + at + i]) return false;
                }
            }
            return true;
        }
    }
}
