using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// The values under <c>$SYS/broker</c>, made when asked for: when somebody subscribes, and every so many
    /// seconds those that changed. They take no retained slots. Names are Mosquitto's where it has one.
    /// </summary>
    internal sealed class SysTopics
    {
        /// <summary>Topics: the fixed ones, then one of dropped messages for each session.</summary>
        public readonly int Count;

        private readonly Broker broker;
        private readonly byte[] names;      // "$SYS/broker/", then each name with its length before it
        private readonly ushort[] starts;
        private readonly int[] published;   // the value last published
        private readonly byte[] topic;
        private readonly byte[] payload;
        private int payloadLength;
        private int nextMs;
        private bool began;
        private readonly int fixedCount;

        private const int PrefixLength = 12;

        public SysTopics(Broker broker)
        {
            this.broker = broker;
            string[] list = List();
            fixedCount = list.Length;
            Count = fixedCount + broker.Limits.Sessions;
            int bytes = 0;
            for (int i = 0; i < list.Length; i++) bytes += list[i].Length + 1;
            names = new byte[PrefixLength + bytes];
            starts = new ushort[fixedCount];
            published = new int[Count];
            topic = new byte[TopicBytes(broker.Limits)];
            payload = new byte[40];
            Put(names, 0, "$SYS/broker/");
            int at = PrefixLength;
            for (int i = 0; i < list.Length; i++)
            {
                starts[i] = (ushort)at;
                names[at] = (byte)list[i].Length;
                Put(names, at + 1, list[i]);
                at += list[i].Length + 1;
            }
        }

        private static int TopicBytes(Limits limits)
        {
            return 64 + limits.ClientIdLength;
        }

        public static int Bytes(Limits limits)
        {
            string[] list = List();
            int bytes = PrefixLength;
            for (int i = 0; i < list.Length; i++) bytes += list[i].Length + 1;
            return Heap.Object(11) + Heap.Array(bytes, 1) + Heap.Array(list.Length, 2)
                + Heap.Array(list.Length + limits.Sessions, 4) + Heap.Array(TopicBytes(limits), 1) + Heap.Array(40, 1);
        }

        private static string[] List()
        {
            return new string[]
            {
                "version", "uptime",
                "clients/connected", "clients/disconnected", "clients/total", "clients/maximum", "clients/expired",
                "messages/received", "messages/sent",
                "publish/messages/received", "publish/messages/sent", "publish/messages/dropped",
                "publish/bytes/received", "publish/bytes/sent", "bytes/received", "bytes/sent",
                "subscriptions/count", "shared_subscriptions/count", "retained messages/count",
                "store/messages/count", "store/messages/bytes",
                "connections/accepted", "connections/refused", "connections/taken over",
                "connections/keep-alive timeouts", "connections/protocol errors", "connections/stalled",
                "sessions/evicted", "sessions/ended queue full",
                "dropped/queue full", "dropped/pool full", "dropped/offline", "dropped/expired",
                "dropped/too large", "dropped/denied", "dropped/session end", "dropped/retained", "dropped/will",
                "dropped/local",
                "refused/pool full", "refused/retained", "refused/denied", "refused/subscriptions",
                "refused/filters",
                "held", "downgraded", "shared moved", "heap/maximum",
            };
        }

        private int Value(int i)
        {
            Counters c = broker.Counters;
            switch (i)
            {
                case 2: return broker.ClientsConnected;
                case 3: return broker.Sessions.Count - broker.ClientsConnected;
                case 4: return broker.Sessions.Count;
                case 5: return c.ClientsMaximum;
                case 6: return c.SessionsExpired;
                case 7: return c.PacketsReceived;
                case 8: return c.PacketsSent;
                case 9: return c.PublishReceived;
                case 10: return c.PublishSent;
                case 11: return Dropped(c);
                case 12: return c.PayloadReceived;
                case 13: return c.PayloadSent;
                case 14: return c.BytesReceived;
                case 15: return c.BytesSent;
                case 16: return broker.Topics.SubscriptionCount;
                case 17: return broker.Topics.GroupCount;
                case 18: return broker.Topics.RetainedCount;
                case 19: return broker.Limits.Messages - broker.Pool.FreeMessages;
                case 20: return (broker.Limits.Blocks - broker.Pool.FreeBlocks) * broker.Limits.BlockBytes;
                case 21: return c.Connects;
                case 22: return c.ConnectsRefused;
                case 23: return c.TakenOver;
                case 24: return c.KeepAliveTimeouts;
                case 25: return c.ProtocolErrors;
                case 26: return c.StalledClosed;
                case 27: return c.SessionsEvicted;
                case 28: return c.EndedQueueFull;
                default: return Ledger(i, c);
            }
        }

        private int Ledger(int i, Counters c)
        {
            switch (i)
            {
                case 29: return c.DroppedQueueFull;
                case 30: return c.DroppedPoolFull;
                case 31: return c.DroppedOffline;
                case 32: return c.DroppedExpired;
                case 33: return c.DroppedTooLarge;
                case 34: return c.DroppedDenied;
                case 35: return c.DroppedSessionEnd;
                case 36: return c.DroppedRetained;
                case 37: return c.DroppedWill;
                case 38: return c.DroppedLocal;
                case 39: return c.RefusedPoolFull;
                case 40: return c.RefusedRetained;
                case 41: return c.RefusedDenied;
                case 42: return c.RefusedSubscriptions;
                case 43: return c.RefusedFilters;
                case 44: return c.Held;
                case 45: return c.Downgraded;
                case 46: return c.SharedMoved;
                case 47: return broker.RamBytes;
                default: return broker.Sessions.Dropped[i - fixedCount + 1];
            }
        }

        private static int Dropped(Counters c)
        {
            return c.DroppedQueueFull + c.DroppedPoolFull + c.DroppedOffline + c.DroppedExpired + c.DroppedTooLarge
                + c.DroppedDenied + c.DroppedSessionEnd + c.DroppedRetained + c.DroppedWill + c.DroppedLocal;
        }

        // Writes the topic's name; 0 when it does not exist now.
        private int Name(int i)
        {
            Array.Copy(names, 0, topic, 0, PrefixLength);
            if (i < fixedCount)
            {
                int length = names[starts[i]];
                Array.Copy(names, starts[i] + 1, topic, PrefixLength, length);
                return PrefixLength + length;
            }
            // $SYS/broker/dropped/session/CLIENT, for a session that has lost messages
            int session = i - fixedCount + 1;
            int text = broker.Sessions.ClientId[session];
            if (text == 0 || broker.Sessions.Dropped[session] == 0) return 0;
            Array.Copy(names, starts[29] + 1, topic, PrefixLength, 8); // "dropped/"
            Array.Copy(names, starts[27] + 1, topic, PrefixLength + 8, 7); // "session"
            topic[PrefixLength + 15] = (byte)'/';
            int idLength = broker.Texts.Length[text];
            Array.Copy(broker.Texts.Arena, broker.Texts.Start[text], topic, PrefixLength + 16, idLength);
            return PrefixLength + 16 + idLength;
        }

        private void Format(int i)
        {
            payloadLength = 0;
            if (i == 0)
            {
                byte[] version = BrokerVersion.Text;
                Array.Copy(version, 0, payload, 0, version.Length);
                payloadLength = version.Length;
                return;
            }
            Number(i == 1 ? broker.Uptime : (uint)Value(i));
            if (i != 1) return;
            byte[] seconds = BrokerVersion.Seconds;
            Array.Copy(seconds, 0, payload, payloadLength, seconds.Length); // as Mosquitto says it
            payloadLength += seconds.Length;
        }

        private void Number(uint value)
        {
            int digits = 1;
            for (uint v = value; v >= 10; v /= 10) digits++;
            for (int k = digits - 1; k >= 0; k--)
            {
                payload[k] = (byte)('0' + (int)(value % 10));
                value /= 10;
            }
            payloadLength = digits;
        }

        /// <summary>Whether a subscription matches a topic's name.</summary>
        public bool Matches(int i, int subscription)
        {
            int length = Name(i);
            if (length == 0 || broker.SidePath.Name(topic, 0, length) != Fault.None) return false;
            broker.Topics.Match(broker.SidePath);
            for (int k = 0; k < broker.Topics.MatchedCount; k++)
            {
                if (broker.Topics.Matched[k] == subscription) return true;
            }
            return false;
        }

        /// <summary>Gives a new subscription the value of a topic, as a retained message would be.</summary>
        /// <returns>False when there is no room now.</returns>
        public bool Add(int i, int session, int subscription)
        {
            Outgoing m = broker.Outgoing;
            Describe(m, i, Name(i));
            if (!broker.Router.ToPool(m)) return false;
            int id = broker.Topics.SubscriptionId[subscription];
            bool added = broker.Deliveries.Add(session, m.Handle, 4, id) != 0;
            broker.Pool.Release(m.Handle);
            m.Handle = 0;
            return added;
        }

        private void Describe(Outgoing m, int i, int length)
        {
            Format(i);
            m.Set(topic, 0, length, payload, 0, payloadLength);
            m.Qos = 0;
            m.Retain = true;
            m.Length = length + payloadLength;
        }

        /// <summary>Publishes what has changed, when it is time and somebody listens.</summary>
        public void Timer(int nowMs)
        {
            int interval = broker.Limits.SysSeconds * 1000;
            if (interval == 0) return;
            if (!began)
            {
                began = true;
                nextMs = nowMs + interval;
            }
            if (nowMs - nextMs >= 0)
            {
                nextMs = nowMs + interval;
                if (broker.Topics.HasSystem())
                {
                    for (int i = 0; i < Count; i++) Publish(i);
                }
            }
            broker.Lifecycle.Deadline(nextMs);
        }

        private void Publish(int i)
        {
            int value = i == 0 ? 0 : i == 1 ? (int)broker.Uptime : Value(i);
            if (value == published[i]) return;
            int length = Name(i);
            if (length == 0 || broker.SidePath.Name(topic, 0, length) != Fault.None) return;
            published[i] = value;
            Describe(broker.Outgoing, i, length);
            broker.Router.Route(broker.Outgoing, broker.SidePath, 0, false, false, false);
        }

        private static void Put(byte[] target, int at, string text)
        {
            for (int i = 0; i < text.Length; i++) target[at + i] = (byte)text[i];
        }
    }
}
