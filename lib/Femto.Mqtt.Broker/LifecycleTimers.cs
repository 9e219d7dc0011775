namespace Femto.Mqtt
{
    // What is looked at when its time has come.
    internal sealed partial class Lifecycle
    {
        private void ConnectionTimers(int c, int now)
        {
            int state = connections.State[c];
            if (state == Connections.Closing)
            {
                if (now - connections.CloseMs[c] >= 0)
                {
                    broker.Sender.Detach(c);
                    broker.SendBuffers.Clear(c);
                    connections.Decision[c] = 0;
                    broker.MarkReady(c);
                }
                else
                {
                    Deadline(connections.CloseMs[c]);
                }
                return;
            }
            if (state == Connections.Opened)
            {
                int limitMs = connections.LastProgressMs[c] + limits.ConnectMs;
                if (now - limitMs < 0)
                {
                    Deadline(limitMs);
                    return;
                }
                counters[Counter.ConnectsRefused]++;
                if (broker.Log != null) broker.Log.Refused(c, ReasonCode.MaximumConnectTime);
                StartClosing(c);
                return;
            }
            if (Stalled(c, now) || PacketTooSlow(c, now)) return;
            HoldTimer(c, now);
            if (connections.State[c] == Connections.Connected) KeepAliveTimer(c, now);
        }

        // Bytes to send, and the peer takes none. Since when is noted by the scan itself, which comes at least once
        // a minute: sending need not look at the clock.
        private bool Stalled(int c, int now)
        {
            int end = broker.SendBuffers.End[c];
            if (broker.Changes != null) end = broker.Changes.Visible(c, end);
            if (end == broker.SendBuffers.Start[c])
            {
                connections.SendSinceMs[c] = 0;
                // Times are compared by their difference: after weeks of silence this one is kept within reach.
                if (now - connections.LastProgressMs[c] > 1 << 30) connections.LastProgressMs[c] = now - (1 << 30);
                return false;
            }
            int since = connections.SendSinceMs[c];
            if (since == 0 || connections.LastProgressMs[c] - since > 0)
            {
                since = now == 0 ? 1 : now;
                connections.SendSinceMs[c] = since;
            }
            int limitMs = since + limits.SendMs;
            if (now - limitMs < 0)
            {
                Deadline(limitMs);
                return false;
            }
            counters[Counter.StalledClosed]++;
            Disconnect(c, ReasonCode.UnspecifiedError);
            return true;
        }

        // A packet cut in two keeps a large buffer that others wait for.
        private bool PacketTooSlow(int c, int now)
        {
            ReceiveBuffers buffers = broker.ReceiveBuffers;
            bool wanted = buffers.WaitingCount != 0 || buffers.Wanted;
            if (!wanted || !buffers.HasLarge(c) || connections.Hold[c] != Connections.NoHold)
            {
                return false;
            }
            int limitMs = buffers.SinceMs[c] + limits.PacketMs;
            if (now - limitMs < 0)
            {
                Deadline(limitMs);
                return false;
            }
            counters[Counter.StalledClosed]++;
            Disconnect(c, ReasonCode.UnspecifiedError);
            return true;
        }

        private void HoldTimer(int c, int now)
        {
            int hold = connections.Hold[c];
            if (hold != Connections.HoldRoom && hold != Connections.HoldReplay) return;
            int limitMs = connections.HoldSinceMs[c] + limits.HoldMs;
            if (now - limitMs >= 0) broker.Receiver.Resume(c, false);
            else Deadline(limitMs);
        }

        private void KeepAliveTimer(int c, int now)
        {
            int keepAlive = connections.KeepAliveMs[c];
            if (keepAlive == 0) return;
            // While we do not read from the client its silence means nothing.
            if (connections.Hold[c] != Connections.NoHold || broker.ReceiveBuffers.Waiting[c] != 0)
            {
                connections.LastReceivedMs[c] = now;
            }
            int limitMs = connections.LastReceivedMs[c] + keepAlive;
            if (now - limitMs <= 0)
            {
                Deadline(limitMs + 1);
                return;
            }
            counters[Counter.KeepAliveTimeouts]++;
            Disconnect(c, ReasonCode.KeepAliveTimeout); // [MQTT-3.1.2-22]
        }

        private void SessionTimers(int s, int now)
        {
            uint uptime = broker.Uptime;
            if (deliveries.First[s] != 0) DropExpired(s, uptime);
            if (sessions.WillDue[s] != Sessions.Never)
            {
                if (sessions.WillDue[s] <= uptime) WillNow(s); // [MQTT-3.1.3-9]
                else Deadline(broker.SecondMs + Milliseconds(sessions.WillDue[s] - uptime));
            }
            uint expiry = sessions.ExpirySeconds[s];
            if (expiry == Sessions.Never) return;
            uint since = sessions.OfflineSince[s];
            uint offline = uptime > since ? uptime - since : 0;
            if (offline >= expiry)
            {
                counters[Counter.SessionsExpired]++;
                End(s); // [MQTT-3.1.2-23]
                return;
            }
            Deadline(broker.SecondMs + Milliseconds(expiry - offline));
        }

        // What has expired waits for nobody [MQTT-3.3.2-5]: others have its room. What was sent before is kept.
        private void DropExpired(int s, uint uptime)
        {
            uint next = MessagePool.Never;
            int previous = deliveries.BeforeQueued(s);
            int row = previous == 0 ? deliveries.First[s] : deliveries.Next[previous];
            while (row != 0)
            {
                uint expiry = deliveries.Phase[row] == Deliveries.Queued
                    ? pool.Expiry[deliveries.Message[row]] : MessagePool.Never;
                if (expiry <= uptime && expiry != MessagePool.Never)
                {
                    deliveries.Remove(s, previous, row);
                    sessions.Dropped[s]++;
                    counters[Counter.DroppedExpired]++;
                    row = previous == 0 ? deliveries.First[s] : deliveries.Next[previous];
                    continue;
                }
                if (expiry < next) next = expiry;
                previous = row;
                row = deliveries.Next[row];
            }
            if (next != MessagePool.Never) Expires(next);
        }

        /// <summary>A message that may wait for a session that is away expires then, in seconds of uptime.</summary>
        public void Expires(uint at)
        {
            Deadline(at <= broker.Uptime ? broker.NowMs : broker.SecondMs + Milliseconds(at - broker.Uptime));
        }

        // ---- What was put off
    }
}
