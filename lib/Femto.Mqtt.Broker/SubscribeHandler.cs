namespace Femto.Mqtt
{
    /// <summary>SUBSCRIBE and UNSUBSCRIBE.</summary>
    internal sealed class SubscribeHandler
    {
        private readonly Broker broker;
        private readonly Connections connections;
        private readonly SendBuffers buffers;
        private readonly int[] counters;
        private readonly Subscribe subscribe;
        private readonly Unsubscribe unsubscribe;
        private readonly int topicLengthMax;
        private readonly int subscriptionsMax;

        public SubscribeHandler(Broker broker, Limits limits, Properties properties)
        {
            this.broker = broker;
            connections = broker.Connections;
            buffers = broker.SendBuffers;
            counters = broker.Counters;
            subscribe = new Subscribe(properties);
            unsubscribe = new Unsubscribe(properties);
            topicLengthMax = limits.TopicLength;
            int own = limits.SubscriptionsPerSession;
            subscriptionsMax = own == 0 ? limits.Subscriptions : own;
        }

        public Fault Subscribe(int c, PacketReader reader)
        {
            Subscribe packet = subscribe;
            Fault fault = packet.Decode(reader, 2);
            if (fault != Fault.None) return fault;
            int session = connections.Session[c];
            int version = connections.Version[c];
            // After a while it goes on all the same: the replay may wait for an acknowledgement that comes behind it.
            if (broker.Replay.IsActive(session) && broker.Receiver.MayHold)
            {
                return broker.Receiver.Hold(c, Connections.HoldReplay);
            }
            int at = Answer(c, packet.Count, version);
            if (at < 0) return at == TooLong ? Fault.ImplementationSpecificError : Fault.Hold;
            int id = 0;
            if ((packet.Properties.Present & Has.SubscriptionId) != 0) id = packet.Properties.SubscriptionId;
            int start = at;
            at = Head(PacketType.Suback, at, packet.PacketId, packet.Count, version); // [MQTT-3.8.4-1], [MQTT-3.8.4-2]
            while (packet.Next())
            {
                int reason = Add(packet, session, id);
                if (reason >= ReasonCode.UnspecifiedError && version != 5) reason = 0x80; // [MQTT-3.9.3-2]
                buffers.Data[at++] = (byte)reason; // [MQTT-3.8.4-6]
            }
            Hold(c, start);
            buffers.End[c] = at;
            counters[Counter.PacketsSent]++;
            broker.MarkReady(c);
            broker.Replay.Begin(session);
            broker.Sender.Pump(c);
            return Fault.None;
        }

        private const int TooLong = -2;

        // The answer waits until what it says is durable.
        private void Hold(int c, int at)
        {
            Changes changes = broker.Changes;
            if (changes != null && changes.Count != changes.Begin) changes.Hold(c, at);
        }

        // Where the answer goes: there must be room for all of it before a table is touched. -1: held; TooLong: it
        // has more reason codes than the send buffer could ever hold.
        private int Answer(int c, int codes, int version)
        {
            int remaining = codes + (version == 5 ? 3 : 2);
            int size = 1 + FixedHeader.LengthSize(remaining) + remaining;
            if (size > buffers.Size || size > connections.MaximumPacket[c]) return TooLong; // [MQTT-3.1.2-24]
            int at = broker.Sender.Idle(c) ? buffers.Reserve(c, size) : -1;
            if (at < 0) broker.Receiver.Hold(c, Connections.HoldOutput);
            return at;
        }

        private int Head(int type, int at, int packetId, int codes, int version)
        {
            byte[] data = buffers.Data;
            int remaining = codes + (version == 5 ? 3 : 2);
            data[at++] = (byte)(type << 4);
            while (remaining > 127)
            {
                data[at++] = (byte)(remaining | 128);
                remaining >>= 7;
            }
            data[at++] = (byte)remaining;
            data[at++] = (byte)(packetId >> 8);
            data[at++] = (byte)packetId;
            if (version == 5) data[at++] = 0;
            return at;
        }

        // One filter; returns its reason code.
        private int Add(Subscribe packet, int session, int id)
        {
            TopicPath filter = broker.Path;
            int reason = ReasonCode.TopicFilterInvalid;
            if (packet.FilterLength <= topicLengthMax
                && filter.Filter(packet.Buffer, packet.FilterOffset, packet.FilterLength) == Fault.None)
            {
                reason = 0;
                if (broker.Access != null)
                {
                    reason = broker.Access.Subscribe(broker, session, packet.Buffer, packet.FilterOffset,
                        packet.FilterLength, packet.Options);
                }
            }
            if (reason >= ReasonCode.UnspecifiedError)
            {
                counters[Counter.RefusedFilters]++;
                return reason;
            }
            int options = packet.Options;
            bool bridge = (connections.Traits[broker.Sessions.Connection[session]] & Connections.Bridge) != 0;
            if (bridge && filter.ShareLength == 0) options |= 12; // no local, retain as published
            TopicTable topics = broker.Topics;
            bool own = topics.SessionCount(session) < subscriptionsMax || topics.Find(filter, session) != 0;
            reason = own ? Unkept(session, packet.FilterLength) : 0;
            if (reason != 0) return reason;
            int row = own ? topics.Subscribe(filter, session, options, id) : 0;
            if (row != 0 && broker.Changes != null) broker.Changes.Of(session, Changes.Subscription, row);
            if (row == 0)
            {
                counters[Counter.RefusedSubscriptions]++;
                return ReasonCode.QuotaExceeded;
            }
            // [MQTT-3.3.1-9] to [-11], and none for shared subscriptions (section 4.8.2).
            bool replay = packet.RetainHandling == 0 || packet.RetainHandling == 1 && !topics.Existed;
            if (replay && filter.ShareLength == 0)
            {
                topics.Options[row] |= Replay.Pending;
                broker.Replay.Restart(session, row);
            }
            return packet.Qos;
        }

        // Why a subscription that is to survive a loss of power cannot be taken; 0: it can, or need not.
        private int Unkept(int session, int filterLength)
        {
            Changes changes = broker.Changes;
            if (changes == null || changes.Kept[session] == 0) return 0;
            changes.Pending += filterLength;
            Fault fault = changes.Keeper.Room(64);
            if (fault == Fault.None) return 0;
            counters[Counter.RefusedStore]++;
            return fault == Fault.StoreFull ? ReasonCode.QuotaExceeded : ReasonCode.ImplementationSpecificError;
        }

        public Fault Unsubscribe(int c, PacketReader reader)
        {
            Unsubscribe packet = unsubscribe;
            Fault fault = packet.Decode(reader, 2);
            if (fault != Fault.None) return fault;
            int session = connections.Session[c];
            int version = connections.Version[c];
            int codes = version == 5 ? packet.Count : 0; // 3.1.1 has none
            int at = Answer(c, codes, version);
            if (at < 0) return at == TooLong ? Fault.ImplementationSpecificError : Fault.Hold;
            int start = at;
            at = Head(PacketType.Unsuback, at, packet.PacketId, codes, version); // [MQTT-3.10.4-4]
            while (packet.Next())
            {
                int reason = ReasonCode.TopicFilterInvalid;
                if (packet.FilterLength <= topicLengthMax
                    && broker.Path.Filter(packet.Buffer, packet.FilterOffset, packet.FilterLength) == Fault.None)
                {
                    int row = broker.Topics.Find(broker.Path, session);
                    bool existed = broker.Topics.Unsubscribe(broker.Path, session); // [MQTT-3.10.4-1]
                    if (existed) broker.Replay.Removed(session, row);
                    if (existed && broker.Changes != null) broker.Changes.Of(session, Changes.Subscription, row);
                    reason = existed ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted;
                }
                if (version == 5) buffers.Data[at++] = (byte)reason; // [MQTT-3.11.3-1]
            }
            Hold(c, start);
            buffers.End[c] = at;
            counters[Counter.PacketsSent]++;
            broker.MarkReady(c);
            return Fault.None;
        }
    }
}
