using System;

namespace Femto.Mqtt
{
    /// <summary>The inbox of all local clients, and the delivery of their messages.</summary>
    internal sealed class LocalClients
    {
        // call 1, client 1, flags 1, topic length 2, properties length 2, payload length 4
        private const int HeadBytes = 11;
        private const int MessagesPerTick = 32; // for one client
        private const int Untold = -1; // LocalClient.Session
        private const int SmallMessage = 192;

        private readonly Broker broker;
        private readonly Limits limits;
        private readonly LocalClient[] clients;
        private readonly byte[] inbox;
        private int inboxCount;      // guarded by the lock on inbox
        private int count;
        private readonly byte[] buffer; // a small message for the sink; a larger one borrows a receive buffer
        private readonly LocalMessage message;
        private bool held;
        private int heldSinceMs;
        private int heldFreed;
        private bool more;           // a client has more messages than one Tick delivers
        private bool starved;        // a replay waits for a delivery to come free
        private int starvedFreed;    // what had been freed by then

        public LocalClients(Broker broker, Limits limits)
        {
            this.broker = broker;
            this.limits = limits;
            clients = new LocalClient[limits.LocalClients];
            inbox = new byte[limits.InboxBytes];
            buffer = new byte[BufferBytes(limits)];
            message = new LocalMessage();
        }

        public static int Bytes(Limits limits)
        {
            return Heap.Object(14) + Heap.Object(9)
                + Heap.Array(limits.LocalClients, 12)
                + Heap.Array(limits.InboxBytes, 1)
                + Heap.Array(BufferBytes(limits), 1)
                + limits.LocalClients * Heap.Object(5);
        }

        private static int BufferBytes(Limits limits)
        {
            if (limits.LocalClients == 0) return 0;
            return limits.PacketBytes < SmallMessage ? limits.PacketBytes : SmallMessage;
        }

        /// <summary>Tick should come again at once.</summary>
        public bool Waiting
        {
            get
            {
                if (more) return true;
                if (broker.ReceiveBuffers.Wanted && broker.ReceiveBuffers.FreeLarge != 0) return true;
                int freed = broker.Pool.Freed + broker.Deliveries.Freed;
                if (held && heldFreed != freed || starved && starvedFreed != freed) return true;
                return inboxCount != 0 && !held && !HeadWaits();
            }
        }

        // The first call in the inbox waits for a replay, or for what comes before it to be durable: both call Tick
        // for themselves.
        private bool HeadWaits()
        {
            if (AnswersFull()) return true;
            int session = clients[inbox[1]].Session;
            return inbox[0] != LocalCall.Publish && inbox[0] != LocalCall.Close && session > 0
                && broker.Replay.IsActive(session);
        }

        /// <summary>A message was queued for a local client: Tick delivers it.</summary>
        public void Arrived()
        {
            more = true;
        }

        public int Add(LocalClient client, byte[] clientId)
        {
            if (count == clients.Length) throw new ArgumentException("more local clients than Limits.LocalClients");
            int hash = broker.Path.HashOf(clientId, 0, clientId.Length);
            if (broker.Sessions.Find(clientId, 0, clientId.Length, hash) != 0)
            {
                throw new ArgumentException("client identifier in use");
            }
            int session = broker.Lifecycle.NewSession(clientId, 0, clientId.Length, hash);
            if (session == 0) throw new ArgumentException("no room for the session of a local client");
            broker.Sessions.Connection[session] = (short)(Sessions.Local - count);
            broker.Sessions.ExpirySeconds[session] = Sessions.Never;
            client.Session = session;
            clients[count] = client;
            return count++;
        }

        /// <summary>Leaves a call in the inbox. From any thread.</summary>
        public Fault Post(int call, int client, int flags, byte[] topic, int topicOffset, int topicLength,
            byte[] properties, int propertiesOffset, int propertiesLength,
            byte[] payload, int payloadOffset, int payloadLength)
        {
            int size = HeadBytes + topicLength + propertiesLength + payloadLength;
            if (topicLength > limits.TopicLength || propertiesLength > 65535 || size > limits.PacketBytes
                || size > inbox.Length)
            {
                return Fault.TooLarge;
            }
            lock (inbox)
            {
                int at = inboxCount;
                if (inbox.Length - at < size) return Fault.InboxFull;
                inbox[at] = (byte)call;
                inbox[at + 1] = (byte)client;
                inbox[at + 2] = (byte)flags;
                inbox[at + 3] = (byte)(topicLength >> 8);
                inbox[at + 4] = (byte)topicLength;
                inbox[at + 5] = (byte)(propertiesLength >> 8);
                inbox[at + 6] = (byte)propertiesLength;
                inbox[at + 7] = (byte)(payloadLength >> 24);
                inbox[at + 8] = (byte)(payloadLength >> 16);
                inbox[at + 9] = (byte)(payloadLength >> 8);
                inbox[at + 10] = (byte)payloadLength;
                at += HeadBytes;
                if (topicLength != 0) Array.Copy(topic, topicOffset, inbox, at, topicLength);
                at += topicLength;
                if (propertiesLength != 0) Array.Copy(properties, propertiesOffset, inbox, at, propertiesLength);
                at += propertiesLength;
                if (payloadLength != 0) Array.Copy(payload, payloadOffset, inbox, at, payloadLength);
                inboxCount = at + payloadLength;
            }
            if (broker.Wakeup != null) broker.Wakeup.Wake();
            return Fault.None;
        }

        /// <summary>Carries out what is in the inbox, then delivers messages.</summary>
        public void Run()
        {
            if (count == 0) return;
            starved = false;
            if (inboxCount != 0) Inbox();
            more = false;
            broker.ReceiveBuffers.Wanted = false;
            for (int i = 0; i < count; i++)
            {
                if (clients[i].Session > 0) Deliver(clients[i]);
                else if (clients[i].Session == Untold) TellEnded(clients[i]);
            }
        }

        private bool AnswersFull()
        {
            Changes changes = broker.Changes;
            return changes != null && changes.AnswerCount == changes.Answers.Length;
        }

        // Answers a call, or keeps the answer back until what it says is durable.
        private void Tell(LocalClient client, int index, int call, int reason)
        {
            Changes changes = broker.Changes;
            if (changes != null && (changes.AnswerCount != 0 || changes.Any && changes.Count != changes.Begin))
            {
                changes.Answers[changes.AnswerCount++] = index | call << 8 | reason << 16;
                changes.Urgent = true;
                return;
            }
            client.Sink.Answer(client, call, reason);
        }

        /// <summary>What was kept back is told.</summary>
        public void Answers()
        {
            Changes changes = broker.Changes;
            int n = changes.AnswerCount;
            changes.AnswerCount = 0;
            for (int i = 0; i < n; i++)
            {
                int answer = changes.Answers[i];
                LocalClient client = clients[answer & 255];
                int reason = answer >> 16;
                bool kept = !changes.Off || reason >= ReasonCode.UnspecifiedError;
                if (!kept) reason = ReasonCode.ImplementationSpecificError;
                client.Sink.Answer(client, answer >> 8 & 255, reason);
            }
            if (n != 0) more = true;
        }

        /// <summary>What was freed until now is no news for a replay that waits.</summary>
        private void Starve()
        {
            starved = true;
            starvedFreed = broker.Pool.Freed + broker.Deliveries.Freed;
        }

        /// <summary>Sets the deadlines again that a round over all timers has dropped.</summary>
        public void Timer()
        {
            if (held) broker.Lifecycle.Deadline(heldSinceMs + limits.HoldMs);
            if (broker.ReceiveBuffers.Wanted) broker.Lifecycle.Deadline(broker.NowMs + limits.PacketMs);
        }

        private static void TellEnded(LocalClient client)
        {
            client.Session = 0;
            if (client.Sink != null) client.Sink.Answer(client, LocalCall.Close, ReasonCode.QuotaExceeded);
        }

        private void Inbox()
        {
            int end;
            lock (inbox) end = inboxCount;
            if (held)
            {
                // For room: tried again when something was freed, and for the last time when its time is up.
                bool late = broker.NowMs - heldSinceMs >= limits.HoldMs;
                if (!late && heldFreed == broker.Pool.Freed + broker.Deliveries.Freed) return;
            }
            int at = 0;
            while (at < end)
            {
                int size = Carry(at);
                if (size == 0) break;
                held = false;
                at += size;
            }
            if (at == 0) return;
            lock (inbox)
            {
                inboxCount -= at;
                if (inboxCount > 0) Array.Copy(inbox, at, inbox, 0, inboxCount);
            }
        }

        // Carries out one call; returns its bytes, or 0 when it has to wait.
        private int Carry(int at)
        {
            byte[] b = inbox;
            if (AnswersFull()) return 0;
            if (broker.Changes != null) broker.Changes.Begin = broker.Changes.Count;
            int call = b[at];
            LocalClient client = clients[b[at + 1]];
            int flags = b[at + 2];
            int topicLength = b[at + 3] << 8 | b[at + 4];
            int propertiesLength = b[at + 5] << 8 | b[at + 6];
            int payloadLength = b[at + 7] << 24 | b[at + 8] << 16 | b[at + 9] << 8 | b[at + 10];
            int topicOffset = at + HeadBytes;
            int reason = ReasonCode.UnspecifiedError;
            bool tell = true;
            if (client.Session > 0)
            {
                if (call == LocalCall.Publish)
                {
                    reason = Publish(client, flags, topicOffset, topicLength, propertiesLength, payloadLength);
                    if (reason < 0) return 0;
                    tell = (flags & 3) != 0 || reason >= ReasonCode.UnspecifiedError;
                }
                else if (call != LocalCall.Close && broker.Replay.IsActive(client.Session))
                {
                    return 0; // as for any other client: one replay after the other
                }
                else if (call == LocalCall.Subscribe)
                {
                    reason = Subscribe(client, flags, topicOffset, topicLength);
                }
                else if (call == LocalCall.Unsubscribe)
                {
                    reason = Unsubscribe(client, topicOffset, topicLength);
                }
                else
                {
                    End(client);
                    reason = ReasonCode.Success;
                }
            }
            if (reason >= ReasonCode.UnspecifiedError) broker.Counters[Counter.DroppedLocal]++;
            if (tell && client.Sink != null) Tell(client, b[at + 1], call, reason);
            return HeadBytes + topicLength + propertiesLength + payloadLength;
        }

        private int Publish(LocalClient client, int flags, int topicOffset, int topicLength, int propertiesLength,
            int payloadLength)
        {
            TopicPath path = broker.Path;
            if (path.Name(inbox, topicOffset, topicLength) != Fault.None) return ReasonCode.TopicNameInvalid;
            int qos = flags & 3;
            bool retain = (flags & 4) != 0;
            if (broker.Access != null
                && !broker.Access.Publish(broker, client.Session, inbox, topicOffset, topicLength, qos, retain))
            {
                broker.Counters[Counter.RefusedDenied]++;
                return ReasonCode.NotAuthorized;
            }
            Outgoing m = broker.Outgoing;
            int properties = topicOffset + topicLength;
            m.Set(inbox, topicOffset, topicLength, inbox, properties + propertiesLength, payloadLength);
            if (propertiesLength != 0) m.SetRuns(properties, properties + propertiesLength, 0, 0, 0, 0);
            m.Qos = qos;
            m.Retain = retain;
            bool mayHold = !held || broker.NowMs - heldSinceMs < limits.HoldMs;
            broker.Topics.Match(path);
            Fault fault = broker.Router.Route(m, path, client.Session, retain, mayHold, qos != 0);
            if (fault == Fault.Hold)
            {
                if (!held) heldSinceMs = broker.NowMs;
                held = true;
                heldFreed = broker.Pool.Freed + broker.Deliveries.Freed;
                broker.Lifecycle.Deadline(heldSinceMs + limits.HoldMs);
                return -1;
            }
            if (fault == Fault.StoreFailed) return ReasonCode.ImplementationSpecificError;
            if (fault != Fault.None) return ReasonCode.QuotaExceeded;
            return broker.Router.Recipients == 0 ? ReasonCode.NoMatchingSubscribers : ReasonCode.Success;
        }

        private int Subscribe(LocalClient client, int options, int offset, int length)
        {
            TopicPath filter = broker.Path;
            if ((options & 3) == 3 || filter.Filter(inbox, offset, length) != Fault.None)
            {
                return ReasonCode.TopicFilterInvalid;
            }
            if (broker.Access != null)
            {
                int reason = broker.Access.Subscribe(broker, client.Session, inbox, offset, length, options);
                if (reason >= ReasonCode.UnspecifiedError) return reason;
            }
            int row = broker.Topics.Subscribe(filter, client.Session, options & 0x3F, 0);
            if (row == 0)
            {
                broker.Counters[Counter.RefusedSubscriptions]++;
                return ReasonCode.QuotaExceeded;
            }
            int handling = options >> 4 & 3;
            if ((handling == 0 || handling == 1 && !broker.Topics.Existed) && filter.ShareLength == 0)
            {
                broker.Topics.Options[row] |= Replay.Pending;
                if (!broker.Replay.IsActive(client.Session)) broker.Replay.Begin(client.Session);
            }
            return options & 3;
        }

        private int Unsubscribe(LocalClient client, int offset, int length)
        {
            if (broker.Path.Filter(inbox, offset, length) != Fault.None) return ReasonCode.TopicFilterInvalid;
            bool existed = broker.Topics.Unsubscribe(broker.Path, client.Session);
            return existed ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted;
        }

        /// <summary>The session of a local client ends because its queue is full; the next Tick tells it.</summary>
        public void End(int index)
        {
            End(clients[index]);
            clients[index].Session = Untold;
            more = true;
        }

        private void End(LocalClient client)
        {
            int session = client.Session;
            client.Session = 0;
            client.ClosePending = true;
            broker.Lifecycle.End(session);
        }

        private void Deliver(LocalClient client)
        {
            int session = client.Session;
            Deliveries deliveries = broker.Deliveries;
            MessagePool pool = broker.Pool;
            for (int i = 0; i < MessagesPerTick; i++)
            {
                int row = deliveries.NextToSend(session);
                if (row == 0)
                {
                    if (broker.Replay.Step(session)) continue;
                    if (broker.Replay.IsActive(session)) Starve();
                    return;
                }
                int handle = deliveries.Message[row];
                if (pool.Expiry[handle] <= broker.Uptime && pool.Expiry[handle] != MessagePool.Never)
                {
                    broker.Counters[Counter.DroppedExpired]++;
                    broker.Sessions.Dropped[session]++;
                }
                else if (pool.Length[handle] > broker.ReceiveBuffers.LargeBytes)
                {
                    broker.Counters[Counter.DroppedTooLarge]++; // its packet had an alias in place of the topic
                    broker.Sessions.Dropped[session]++;
                }
                else if (client.Sink != null)
                {
                    if (!Read(handle, deliveries.Flags[row])) return; // a receive buffer comes free in time
                    client.Sink.Message(client, message);
                }
                deliveries.Remove(session, 0, row);
                if (deliveries.Count[session] == 0) broker.Sessions.Slow[session] = 0;
            }
            more = true;
        }

        // Puts a message into one piece; false when it is large and no buffer is free.
        private bool Read(int handle, int flags)
        {
            MessagePool pool = broker.Pool;
            LocalMessage m = message;
            int length = pool.Length[handle];
            int offset = 0;
            m.Buffer = buffer;
            if (length > buffer.Length)
            {
                offset = broker.ReceiveBuffers.Borrow();
                if (offset < 0)
                {
                    broker.Lifecycle.Deadline(broker.NowMs + limits.PacketMs);
                    return false;
                }
                m.Buffer = broker.ReceiveBuffers.Data;
            }
            pool.Seek(handle);
            pool.Read(m.Buffer, offset, length);
            m.TopicOffset = offset;
            m.TopicLength = pool.TopicLength[handle];
            m.PropertiesOffset = offset + m.TopicLength;
            m.PropertiesLength = pool.PropertiesLength[handle];
            m.PayloadOffset = m.PropertiesOffset + m.PropertiesLength;
            m.PayloadLength = offset + length - m.PayloadOffset;
            m.Qos = flags & 3;
            m.Retain = (flags & 4) != 0;
            return true;
        }
    }
}
