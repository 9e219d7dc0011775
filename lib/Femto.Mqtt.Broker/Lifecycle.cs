using System;

namespace Femto.Mqtt
{
    /// <summary>How connections and sessions begin and end: take-over, expiry, wills, timers, and the work that is
    /// put off until no message is being routed.</summary>
    internal sealed partial class Lifecycle
    {
        /// <summary>A held packet should be tried again though nothing was freed.</summary>
        public bool Retry;

        private const int CloseMs = 2000; // a closing connection's last bytes have so long to leave

        private readonly Broker broker;
        private readonly Connections connections;
        private readonly Sessions sessions;
        private readonly Deliveries deliveries;
        private readonly MessagePool pool;
        private readonly int[] counters;
        private readonly Limits limits;
        private readonly Disconnect disconnect;
        private readonly int wakeAt;

        private readonly ushort[] wills;     // ring of messages to publish
        private readonly byte[] willRetains;
        private int willFirst;
        private int willCount;
        private readonly byte[] doomed;      // by session
        private int doomedCount;
        private int dueMs;                   // the scan of timers is due
        private int freedBefore;             // held connections were tried again at this count
        private int heldFrom;                // where the next round over held connections begins

        public Lifecycle(Broker broker, Limits limits)
        {
            this.broker = broker;
            this.limits = limits;
            connections = broker.Connections;
            sessions = broker.Sessions;
            deliveries = broker.Deliveries;
            pool = broker.Pool;
            counters = broker.Counters;
            disconnect = new Disconnect(broker.Answer);
            wakeAt = limits.QueueMessages / 2;
            wills = new ushort[limits.Sessions + 1];
            willRetains = new byte[limits.Sessions + 1];
            doomed = new byte[limits.Sessions + 1];
        }

        public static int Bytes(Limits limits)
        {
            return Heap.Object(20) + Heap.Array(limits.Sessions + 1, 2) + Heap.Array(limits.Sessions + 1, 1) * 2;
        }

        // ---- Sessions

        /// <summary>A row for a new session. When the table is full, the session that has been offline longest and
        /// has nothing queued makes room.</summary>
        /// <returns>The session, or 0: refused.</returns>
        public int NewSession(byte[] id, int offset, int length, int hash)
        {
            int s = sessions.FindFree();
            if (s == 0)
            {
                uint oldest = 0xFFFFFFFF;
                for (int i = 1; i <= sessions.Rows; i++)
                {
                    if (sessions.Connection[i] != Sessions.Offline || deliveries.Count[i] != 0) continue;
                    if (sessions.Will[i] != 0 || sessions.OfflineSince[i] >= oldest) continue;
                    oldest = sessions.OfflineSince[i];
                    s = i;
                }
                if (s == 0) return 0;
                counters[Counter.SessionsEvicted]++;
                End(s);
            }
            if (!sessions.Create(s, id, offset, length, hash)) return 0;
            if (broker.Changes != null) broker.Changes.SessionStamp[s]++;
            return s;
        }

        public void Attached(int c)
        {
            broker.ClientsConnected++;
            int now = broker.ClientsConnected;
            if (now > counters[Counter.ClientsMaximum]) counters[Counter.ClientsMaximum] = now;
        }

        /// <summary>A new connection claims the session: the one before is closed [MQTT-3.1.4-3].</summary>
        /// <param name="session">The session.</param>
        /// <param name="resumed">It goes on; its will is then sent only if its delay is zero [MQTT-3.1.3-9].</param>
        public void TakeOver(int session, bool resumed)
        {
            int c = sessions.Connection[session];
            if (c >= 0)
            {
                counters[Counter.TakenOver]++;
                Disconnect(c, ReasonCode.SessionTakenOver);
            }
            if (resumed && sessions.ClientId[session] != 0)
            {
                if (sessions.WillDue[session] <= broker.Uptime) WillNow(session);
                DropWill(session);
            }
        }

        /// <summary>A session ends, with all it holds; a will that waits is published.</summary>
        public void End(int session)
        {
            if (deliveries.Count[session] != 0)
            {
                broker.Router.PassOn(session, broker.SidePath, broker.SideScratch);
                counters[Counter.DroppedSessionEnd] += deliveries.Count[session];
            }
            deliveries.Clear(session);
            broker.Received.Clear(session);
            broker.Replay.Clear(session);
            if (broker.Changes != null) MarkSubscriptions(session);
            broker.Topics.RemoveSession(session);
            broker.Retained.Forget(session);
            WillNow(session); // [MQTT-3.1.2-8], [MQTT-3.1.3-9]
            if (doomed[session] != 0)
            {
                doomed[session] = 0;
                doomedCount--;
            }
            sessions.Remove(session);
            if (broker.Changes == null) return;
            MarkSession(session);
            broker.Changes.Kept[session] = 0;
        }

        /// <summary>The session's queue is full and its policy is to end it; done once routing is through.</summary>
        public void Doom(int session)
        {
            if (doomed[session] != 0) return;
            doomed[session] = 1;
            doomedCount++;
        }

        public void DropWill(int session)
        {
            if (sessions.Will[session] != 0) pool.Release(sessions.Will[session]);
            sessions.Will[session] = 0;
            sessions.WillDue[session] = Sessions.Never;
            MarkSession(session);
        }

        private void WillNow(int session)
        {
            int message = sessions.Will[session];
            if (message == 0) return;
            sessions.Will[session] = 0;
            sessions.WillDue[session] = Sessions.Never;
            MarkSession(session);
            bool denied = !broker.MayPublish(session, message); // asked while the session is there to ask for
            if (denied) counters[Counter.RefusedDenied]++;
            if (denied || willCount == wills.Length)
            {
                counters[Counter.DroppedWill]++;
                pool.Release(message);
                return;
            }
            int at = willFirst + willCount;
            if (at >= wills.Length) at -= wills.Length;
            wills[at] = (ushort)message;
            willRetains[at] = sessions.WillRetain[session];
            willCount++;
        }

        // ---- Ends of connections

        /// <summary>The client sent DISCONNECT.</summary>
        public void ClientDisconnect(int c, int reason)
        {
            if (broker.Log != null) broker.Log.Disconnected(c, reason, DisconnectCause.Client);
            // [MQTT-3.14.4-3]: reason 0x00 deletes the will, any other publishes it.
            if (reason == ReasonCode.NormalDisconnection) DropWill(connections.Session[c]);
            broker.Sender.Detach(c);
            Detach(c);
            StartClosing(c);
        }

        /// <summary>The broker ends a connection; an MQTT 5 client is told why.</summary>
        public void Disconnect(int c, int reason)
        {
            int state = connections.State[c];
            if (state == Connections.Connected)
            {
                if (broker.Log != null) broker.Log.Disconnected(c, reason, DisconnectCause.Broker);
                Detach(c);
                StartClosing(c);
                if (connections.Version[c] == 5) connections.Decision[c] = (byte)reason;
                Farewell(c);
            }
            else if (state == Connections.Opened)
            {
                StartClosing(c);
            }
        }

        /// <summary>What a closing connection still has to say, as far as there is room: the rest of a packet that
        /// has begun, then to an MQTT 5 client why.</summary>
        public void Farewell(int c)
        {
            if (broker.Sender.Finish(c) && connections.Decision[c] != 0) SendDisconnect(c, connections.Decision[c]);
        }

        /// <summary>A closing connection has nothing more to say than what stands in its send buffer.</summary>
        public bool Said(int c)
        {
            return connections.Decision[c] == 0 && broker.Sender.Idle(c);
        }

        private void SendDisconnect(int c, int reason)
        {
            disconnect.Reason = reason;
            disconnect.Properties.Clear();
            broker.ReasonTexts.Set(disconnect.Properties, reason); // allowed whatever Request Problem Information says
            int size = disconnect.Size(5);
            if (size > connections.MaximumPacket[c] || size > broker.SendBuffers.Room(c)) // [MQTT-3.14.2-3]
            {
                disconnect.Properties.Clear();
                size = disconnect.Size(5);
            }
            int at = broker.SendBuffers.Reserve(c, size);
            if (at < 0) return;
            broker.Scratch.Writer.Open(broker.SendBuffers.Data, at, size);
            disconnect.Encode(broker.Scratch.Writer, 5);
            broker.SendBuffers.End[c] = at + size;
            connections.Decision[c] = 0;
            counters[Counter.PacketsSent]++;
            broker.MarkReady(c);
        }

        /// <summary>No more is taken from the connection; what it has to send leaves, then it is closed.</summary>
        public void StartClosing(int c)
        {
            TellGone(c);
            connections.State[c] = Connections.Closing;
            connections.Decision[c] = 0;
            connections.SetHold(c, Connections.NoHold);
            connections.CloseMs[c] = broker.NowMs + CloseMs;
            Deadline(broker.NowMs + CloseMs);
            broker.ReceiveBuffers.Clear(c);
            broker.MarkReady(c);
        }

        /// <summary>The socket is gone.</summary>
        public void Closed(int c)
        {
            if (connections.State[c] == Connections.Free) return;
            if (connections.State[c] == Connections.Connected)
            {
                if (broker.Log != null) broker.Log.Disconnected(c, ReasonCode.UnspecifiedError, DisconnectCause.Lost);
                Detach(c);
            }
            broker.Sender.Detach(c);
            TellGone(c);
            broker.ReceiveBuffers.Clear(c);
            broker.SendBuffers.Clear(c);
            connections.SetHold(c, Connections.NoHold);
            connections.State[c] = Connections.Free;
        }

        // The access hook still thinks about its CONNECT.
        private void TellGone(int c)
        {
            if (connections.Decision[c] != Connections.NoDecision) return;
            connections.Decision[c] = Connections.NotAsked;
            broker.Access.Gone(broker, c);
        }

        // Parts the session from its connection. Its will, if there is one still, waits for its delay.
        private void Detach(int c)
        {
            int session = connections.Session[c];
            connections.Session[c] = 0;
            broker.ClientsConnected--;
            broker.Aliases.Clear(c); // [MQTT-3.3.2-7]
            sessions.Connection[session] = Sessions.Offline;
            sessions.OfflineSince[session] = broker.SecondsSoon();
            deliveries.Rewind(session);
            uint expiry = sessions.ExpirySeconds[session];
            if (expiry == 0)
            {
                End(session);
                return;
            }
            MarkSession(session);
            int dropped = deliveries.DropQos0(session); // not kept for a client that is away
            counters[Counter.DroppedOffline] += dropped;
            sessions.Dropped[session] += dropped;
            if (expiry != Sessions.Never) Deadline(broker.NowMs + Milliseconds(expiry));
            if (deliveries.First[session] != 0) Deadline(broker.NowMs); // what waits may expire
            if (sessions.Will[session] == 0) return;
            uint delay = sessions.WillDelay[session];
            if (delay == 0)
            {
                WillNow(session);
                return;
            }
            uint due = broker.SecondsSoon() + delay;
            sessions.WillDue[session] = due < delay || due == Sessions.Never ? Sessions.Never - 1 : due;
            Deadline(broker.NowMs + Milliseconds(delay));
        }

        // ---- Time

        /// <summary>The first time the broker is told the time.</summary>
        public void Begin(int nowMs)
        {
            dueMs = nowMs;
        }

        /// <summary>The timers must be looked at by then at the latest.</summary>
        public void Deadline(int atMs)
        {
            if (atMs - dueMs < 0) dueMs = atMs;
        }

        private static int Milliseconds(uint seconds)
        {
            return seconds > 1000000 ? 1000000000 : (int)seconds * 1000;
        }

        /// <summary>Looks at all timers when one may be due.</summary>
        public void Tick()
        {
            int now = broker.NowMs;
            if (now - dueMs >= 0)
            {
                dueMs = now + 60000;
                for (int c = 0; c < connections.Rows; c++)
                {
                    if (connections.State[c] != Connections.Free) ConnectionTimers(c, now);
                }
                for (int s = 1; s <= sessions.Rows; s++)
                {
                    if (sessions.ClientId[s] != 0 && sessions.Connection[s] == Sessions.Offline) SessionTimers(s, now);
                }
                broker.Locals.Timer();
                broker.Sys.Timer(now);
            }
        }

        /// <summary>Milliseconds to the next timer.</summary>
        public int WaitMs(int nowMs)
        {
            int wait = dueMs - nowMs;
            return wait < 0 ? 0 : wait;
        }

        /// <summary>There is work that was put off.</summary>
        public bool Waiting()
        {
            return Retry || willCount != 0 || doomedCount != 0 || pool.Freed + deliveries.Freed != freedBefore;
        }

        /// <summary>Bytes left: when the queue is half empty publishers wait for it again, and a packet held
        /// for room in the send buffer may go on.</summary>
        public void Progress(int c)
        {
            int session = connections.Session[c];
            if (sessions.Slow[session] != 0 && deliveries.Count[session] <= wakeAt) sessions.Slow[session] = 0;
            if (connections.Hold[c] == Connections.NoHold) return;
            if (connections.Hold[c] == Connections.HoldOutput) Retry = true;
            broker.Receiver.Skim(c); // what waited for room for its answer
        }

        /// <summary>Wills, sessions to end, connections that wait for a buffer or for room.</summary>
        public void Work()
        {
            while (willCount != 0) PublishWill();
            if (doomedCount != 0) EndDoomed();
            if (broker.ReceiveBuffers.WaitingCount != 0) ServeWaiting();
            if (broker.Replay.Active != 0) PumpReplays();
            int freed = pool.Freed + deliveries.Freed;
            if (freed != freedBefore || Retry)
            {
                freedBefore = freed;
                Retry = false;
                if (connections.HeldCount != 0) RetryHeld();
            }
        }

        private void PublishWill()
        {
            int message = wills[willFirst];
            bool retain = willRetains[willFirst] != 0;
            willFirst = willFirst + 1 == wills.Length ? 0 : willFirst + 1;
            willCount--;
            Outgoing m = broker.Outgoing;
            int topicLength = pool.TopicLength[message];
            byte[] scratch = broker.SideScratch;
            pool.Seek(message);
            pool.Read(scratch, 0, topicLength);
            if (broker.SidePath.Name(scratch, 0, topicLength) == Fault.None)
            {
                m.Set(scratch, 0, topicLength, scratch, 0, 0);
                m.PropertiesLength = pool.PropertiesLength[message];
                m.PayloadLength = pool.Length[message] - topicLength - m.PropertiesLength;
                m.Handle = message;
                m.Qos = pool.Qos[message];
                m.Retain = retain;
                uint interval = pool.Expiry[message];
                if (interval != MessagePool.Never) pool.Expiry[message] = broker.Later(interval);
                broker.Topics.Match(broker.SidePath);
                broker.Router.Route(m, broker.SidePath, 0, retain, false, false);
                m.Handle = 0;
            }
            pool.Release(message);
        }

        private void EndDoomed()
        {
            for (int s = 1; s < doomed.Length; s++)
            {
                if (doomed[s] == 0) continue;
                doomed[s] = 0;
                doomedCount--;
                counters[Counter.EndedQueueFull]++;
                sessions.ExpirySeconds[s] = 0;
                int c = sessions.Connection[s];
                if (c >= 0) Disconnect(c, ReasonCode.QuotaExceeded);
                else if (c == Sessions.Offline) End(s);
                else broker.Locals.End(Sessions.Local - c);
            }
        }

        private void ServeWaiting()
        {
            while (true)
            {
                int c = broker.ReceiveBuffers.NextServed();
                if (c < 0) break;
                broker.ReceiveBuffers.Enlarge(c, broker.NowMs);
                connections.LastReceivedMs[c] = broker.NowMs; // it may have waited long
                broker.MarkReady(c);
            }
            if (broker.ReceiveBuffers.WaitingCount != 0) Deadline(broker.NowMs + limits.PacketMs);
        }

        private void RetryHeld()
        {
            int n = connections.Rows;
            int c = heldFrom;
            for (int i = 0; i < n; i++)
            {
                if (c >= n) c = 0;
                int hold = connections.Hold[c];
                if (hold == Connections.HoldRoom || hold == Connections.HoldReplay
                    || hold == Connections.HoldOutput && broker.Sender.Idle(c)
                    || hold == Connections.HoldAccess && connections.Decision[c] < Connections.NotAsked)
                {
                    broker.Receiver.Resume(c, true);
                    if (hold == Connections.HoldOutput) broker.Sender.Pump(c);
                }
                c++;
            }
            heldFrom = heldFrom + 1 >= n ? 0 : heldFrom + 1;
        }

        private void PumpReplays()
        {
            for (int s = 1; s <= sessions.Rows; s++)
            {
                int c = sessions.Connection[s];
                if (c >= 0 && broker.Replay.IsActive(s)) broker.Sender.Pump(c);
            }
        }
    }
}
