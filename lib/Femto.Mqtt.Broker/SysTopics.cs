using System;
using System.Text;

namespace Femto.Mqtt
{
    /// <summary>
    /// The values under <c>$SYS/broker</c>, made when asked for: when somebody subscribes, and every so many
    /// seconds. They take no retained slots. Names are Mosquitto's where it has one.
    /// </summary>
    internal sealed class SysTopics
    {
        /// <summary>Topics: the fixed ones, then one of dropped messages for each session.</summary>
        public readonly int Count;

        private const int PrefixLength = 12; // "$SYS/broker/"
        private const int SessionPrefix = 16; // "dropped/session/"

        private readonly Broker broker;
        private readonly Encoding utf8; // to ask for it allocates, so it is asked for once
        private readonly ushort[] ends;  // of each name, its ';'
        private readonly byte[] topic;
        private readonly byte[] payload;
        private int payloadLength;
        private int nextMs;
        private bool began;

        public SysTopics(Broker broker)
        {
            this.broker = broker;
            utf8 = Encoding.UTF8;
            Count = FixedCount + broker.Limits.Sessions;
            ends = new ushort[FixedCount];
            topic = new byte[TopicBytes(broker.Limits)];
            payload = new byte[40];
            byte[] text = utf8.GetBytes(names);
            int k = 0;
            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] == ';') ends[k++] = (ushort)i;
            }
        }

        private static int TopicBytes(Limits limits)
        {
            return 64 + limits.ClientIdLength;
        }

        public static int Bytes(Limits limits)
        {
            return Heap.Object(9) + Heap.Object(1) + Heap.Array(FixedCount, 2) + Heap.Array(TopicBytes(limits), 1)
                + Heap.Array(40, 1);
        }

        // The names, each ended by ';': first the counters in their order, then the rest. The text stays where the
        // program is: only this reference lies on the heap.
        private static readonly string prefix = "$SYS/broker/dropped/session/";
        private static readonly string names =
            "clients/maximum;clients/expired;messages/received;messages/sent;"
            + "publish/messages/received;publish/messages/sent;publish/bytes/received;"
            + "publish/bytes/sent;bytes/received;bytes/sent;connections/accepted;connections/refused;"
            + "connections/taken over;connections/keep-alive timeouts;connections/protocol errors;"
            + "connections/stalled;sessions/evicted;sessions/ended queue full;dropped/queue full;"
            + "dropped/pool full;dropped/offline;dropped/expired;dropped/too large;dropped/denied;"
            + "dropped/session end;dropped/retained;dropped/will;dropped/local;refused/pool full;"
            + "refused/retained;refused/denied;refused/subscriptions;refused/filters;refused/topics;held;downgraded;"
            + "shared moved;refused/spool full;loops stopped;refused/store;dropped/store;"
            + "store/journal/syncs;store/journal/bytes;store/journal/damaged;store/wear/blocks;store/wear/days left;"
            + "version;uptime;clients/connected;clients/disconnected;clients/total;"
            + "subscriptions/count;shared_subscriptions/count;retained messages/count;"
            + "store/messages/count;store/messages/bytes;heap/maximum;publish/messages/dropped;";

        private const int Version = Counter.Count;
        private const int Uptime = Counter.Count + 1;
        private const int Connected = Counter.Count + 2;
        private const int FixedCount = Counter.Count + 12;

        private int Value(int i)
        {
            if (i < Counter.Count) return broker.Counters[i];
            switch (i - Connected)
            {
                case 0: return broker.ClientsConnected;
                case 1: return broker.Sessions.Count - broker.ClientsConnected;
                case 2: return broker.Sessions.Count;
                case 3: return broker.Topics.SubscriptionCount;
                case 4: return broker.Topics.GroupCount;
                case 5: return broker.Topics.RetainedCount;
                case 6: return broker.Limits.Messages - broker.Pool.FreeMessages;
                case 7: return (broker.Limits.Blocks - broker.Pool.FreeBlocks) * broker.Limits.BlockBytes;
                case 8: return broker.RamBytes;
                case 9: return Dropped();
                case -1: return (int)(broker.Uptime - (broker.Changes == null ? 0 : broker.Changes.BootUptime));
                case -2: return 0; // the version is text
                default: return broker.Sessions.Dropped[i - FixedCount + 1];
            }
        }

        private int Dropped()
        {
            int sum = 0;
            for (int i = Counter.FirstDropped; i <= Counter.LastDropped; i++) sum += broker.Counters[i];
            return sum;
        }

        // Writes the topic's name; 0 when it does not exist now, or is longer than topics may be.
        private int Name(int i)
        {
            int length = NameLength(i);
            return length > broker.Limits.TopicLength ? 0 : length;
        }

        private int NameLength(int i)
        {
            utf8.GetBytes(prefix, 0, PrefixLength + SessionPrefix, topic, 0);
            if (i < FixedCount)
            {
                int start = i == 0 ? 0 : ends[i - 1] + 1;
                int length = ends[i] - start;
                utf8.GetBytes(names, start, length, topic, PrefixLength);
                return PrefixLength + length;
            }
            int text = broker.Sessions.ClientId[i - FixedCount + 1];
            if (text == 0 || broker.Sessions.Dropped[i - FixedCount + 1] == 0) return 0;
            int idLength = broker.Texts.Length[text];
            Array.Copy(broker.Texts.Arena, broker.Texts.Start[text], topic, PrefixLength + SessionPrefix, idLength);
            return PrefixLength + SessionPrefix + idLength;
        }

        private void Format(int i)
        {
            payloadLength = 0;
            if (i == Version)
            {
                payloadLength = BrokerVersion.Text.Length;
                Array.Copy(BrokerVersion.Text, 0, payload, 0, payloadLength);
                return;
            }
            Number((uint)Value(i));
            if (i != Uptime) return;
            byte[] seconds = BrokerVersion.Seconds; // as Mosquitto says it
            Array.Copy(seconds, 0, payload, payloadLength, seconds.Length);
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
        /// <remarks>Without room the value is dropped and counted: the next one comes in a while.</remarks>
        public void Add(int i, int session, int subscription)
        {
            Outgoing m = broker.Outgoing;
            Describe(m, i, Name(i));
            bool added = false;
            if (broker.Router.ToPool(m))
            {
                int id = broker.Topics.SubscriptionId[subscription];
                added = broker.Deliveries.Add(session, m.Handle, 4, id) != 0;
                broker.Pool.Release(m.Handle);
                m.Handle = 0;
            }
            if (added) return;
            broker.Counters[Counter.DroppedPoolFull]++;
            broker.Sessions.Dropped[session]++;
        }

        private void Describe(Outgoing m, int i, int length)
        {
            Format(i);
            m.Set(topic, 0, length, payload, 0, payloadLength);
            m.Qos = 0;
            m.Retain = true;
            m.Length = length + payloadLength;
        }

        /// <summary>Publishes the values, when it is time and somebody listens.</summary>
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
            int length = Name(i);
            if (length == 0 || broker.SidePath.Name(topic, 0, length) != Fault.None) return;
            Describe(broker.Outgoing, i, length);
            broker.Topics.Match(broker.SidePath);
            broker.Router.Route(broker.Outgoing, broker.SidePath, 0, false, false, false);
        }
    }
}
