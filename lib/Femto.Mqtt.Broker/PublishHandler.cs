using System;

namespace Femto.Mqtt
{
    /// <summary>PUBLISH from clients, and the acknowledgements of both directions.</summary>
    internal sealed class PublishHandler
    {
        private readonly Broker broker;
        private readonly Connections connections;
        private readonly Sessions sessions;
        private readonly Deliveries deliveries;
        private readonly ReceivedIds received;
        private readonly int[] counters;
        private readonly TopicMemory memory;
        private readonly Publish publish;
        private readonly Ack ack;
        private readonly int aliasesMax;
        private readonly int receiveMaximum;
        private readonly int receiveIds;
        private readonly int topicLengthMax;
        private readonly int wakeAt; // a slow session is waited for again when its queue is no longer than this

        public PublishHandler(Broker broker, Limits limits, Properties properties)
        {
            this.broker = broker;
            connections = broker.Connections;
            sessions = broker.Sessions;
            deliveries = broker.Deliveries;
            received = broker.Received;
            counters = broker.Counters;
            memory = broker.Memory;
            publish = new Publish(properties, broker.Path);
            ack = broker.Scratch.Ack;
            aliasesMax = limits.TopicAliasesIn;
            receiveMaximum = limits.ReceiveMaximum;
            receiveIds = limits.ReceiveIds;
            topicLengthMax = limits.TopicLength;
            wakeAt = limits.QueueMessages / 2;
        }

        public Fault Publish(int c, PacketReader reader, int flags)
        {
            Publish p = publish;
            bool known = Known(c, reader, flags);
            p.TopicKnown = known;
            Fault fault = p.Decode(reader, flags);
            if (fault == Fault.TooLarge || fault == Fault.None && p.TopicLength > topicLengthMax) return TooLong(c);
            if (fault != Fault.None) return fault;
            byte[] topicBuffer = p.Buffer;
            int topicOffset = p.TopicOffset;
            int topicLength = p.TopicLength;
            int present = p.Properties.Present;
            if (present != 0 || topicLength == 0)
            {
                if ((present & Has.SubscriptionId) != 0) return Fault.ProtocolError; // [MQTT-3.3.4-6]
                if ((present & Has.TopicAlias) != 0)
                {
                    fault = Alias(c);
                    if (fault == Fault.TooLarge) return TooLong(c);
                    if (fault != Fault.None) return fault;
                    if (topicLength == 0)
                    {
                        topicBuffer = broker.Scratch.Topic;
                        topicOffset = 0;
                        topicLength = aliasedLength;
                    }
                }
                else if (topicLength == 0)
                {
                    return Fault.ProtocolError;
                }
            }
            if (p.Qos != 0)
            {
                fault = Admit(c, p.Qos, p.PacketId);
                if (fault != Fault.None) return fault == Fault.Closed ? Fault.None : fault;
            }
            return Route(c, topicBuffer, topicOffset, topicLength, present, known);
        }

        // A valid topic that this broker does not take: too long, or too many levels.
        private Fault TooLong(int c)
        {
            if (publish.Qos == 0 || connections.Version[c] != 5) return Fault.TopicNameInvalid;
            if ((publish.Properties.Present & Has.TopicAlias) != 0)
            {
                // The message is refused, its alias is set: what follows must not go to the topic before.
                int alias = publish.Properties.TopicAlias;
                if (alias > aliasesMax) return Fault.TopicAliasInvalid;
                broker.Aliases.Refuse(c, alias);
            }
            if (!broker.Sender.AckRoom(c)) return broker.Receiver.Hold(c, Connections.HoldOutput);
            counters[Counter.RefusedTopics]++;
            return Answer(c, connections.Session[c], publish.Qos, publish.PacketId, ReasonCode.TopicNameInvalid);
        }

        // Whether the packet has the connection's last topic. To retain a message its path is needed all the same.
        private bool Known(int c, PacketReader reader, int flags)
        {
            int at = reader.Offset;
            if (reader.End - at < 2 || (flags & 1) != 0) return false;
            int length = reader.Buffer[at] << 8 | reader.Buffer[at + 1];
            return length <= reader.End - at - 2 && memory.Same(c, reader.Buffer, at + 2, length);
        }

        private int aliasedLength; // of the topic that Alias put into the scratch buffer

        // Section 3.3.2.3.4: sets an alias, or finds the topic of one.
        private Fault Alias(int c)
        {
            int alias = publish.Properties.TopicAlias;
            if (alias == 0 || alias > aliasesMax) return Fault.TopicAliasInvalid; // [MQTT-3.3.2-8], [MQTT-3.3.2-9]
            if (publish.TopicLength != 0)
            {
                bool set = broker.Aliases.Set(c, alias, publish.Buffer, publish.TopicOffset, publish.TopicLength);
                return set ? Fault.None : Fault.ImplementationSpecificError;
            }
            int text = broker.Aliases.Find(c, alias);
            if (text == 0) return Fault.ProtocolError;
            if (text == AliasTable.Refused) return Fault.TooLarge;
            TextTable texts = broker.Texts;
            aliasedLength = texts.Length[text];
            Array.Copy(texts.Arena, texts.Start[text], broker.Scratch.Topic, 0, aliasedLength);
            return broker.Path.Name(broker.Scratch.Topic, 0, aliasedLength);
        }

        // QoS 1 and 2: room for the acknowledgement, the receive maximum, a message received before. Closed: it is
        // dealt with.
        private Fault Admit(int c, int qos, int packetId)
        {
            if (!broker.Sender.AckRoom(c)) return broker.Receiver.Hold(c, Connections.HoldOutput);
            int session = connections.Session[c];
            if (qos == 2 && received.Contains(session, packetId))
            {
                broker.Sender.Ack(c, PacketType.Pubrec, packetId, 0); // [MQTT-4.3.3-10]: not routed again
                return Fault.Closed;
            }
            bool v5 = connections.Version[c] == 5;
            int most = v5 ? receiveMaximum : receiveIds;
            if (received.Count[session] + connections.Unacknowledged[c] < most) return Fault.None;
            if (v5) return Fault.ReceiveMaximumExceeded; // [MQTT-3.3.4-7]
            // A 3.1.1 client cannot know the maximum: it waits until it has released a message.
            // When we owe it a PUBACK the delay is ours.
            if (connections.Unacknowledged[c] != 0) return broker.Receiver.Hold(c, Connections.HoldOutput);
            if (broker.Receiver.MayHold) return broker.Receiver.Hold(c, Connections.HoldRoom);
            return Fault.ReceiveMaximumExceeded;
        }

        private Fault Route(int c, byte[] topicBuffer, int topicOffset, int topicLength, int present,
            bool known)
        {
            Publish p = publish;
            int session = connections.Session[c];
            int qos = p.Qos;
            bool bridge = (connections.Traits[c] & Connections.Bridge) != 0;
            bool denied = !known && broker.Path.SystemTopic && IsSys(topicBuffer, topicOffset, topicLength)
                && !(bridge && IsBridgeState(topicBuffer, topicOffset, topicLength))
                || broker.Access != null && !broker.Access.Publish(broker, session, topicBuffer, topicOffset,
                    topicLength, qos, p.Retain);
            if (denied)
            {
                counters[Counter.RefusedDenied]++;
                if (qos == 0) counters[Counter.DroppedDenied]++;
                return Answer(c, session, qos, p.PacketId, ReasonCode.NotAuthorized);
            }
            if (bridge && broker.Uplinks != null && HasComeRound(session, topicBuffer, topicOffset, topicLength))
            {
                counters[Counter.LoopsStopped]++;
                return Answer(c, session, qos, p.PacketId, ReasonCode.Success);
            }
            Outgoing m = broker.Outgoing;
            m.Set(topicBuffer, topicOffset, topicLength, p.Buffer, p.PayloadOffset, p.PayloadLength);
            m.Qos = qos;
            m.Retain = p.Retain;
            if (present != 0) Forward(broker, m, p.Properties);
            if (known)
            {
                memory.Recall(c);
            }
            else
            {
                broker.Topics.Match(broker.Path);
                // Topics that come in turn are not worth the copy.
                int hash = broker.Path.Full >> 16 & 0xFFFF;
                if (hash == memory.Seen[c]) memory.Remember(c, topicBuffer, topicOffset, topicLength);
                memory.Seen[c] = (ushort)hash;
            }
            Fault fault = broker.Router.Route(m, broker.Path, session, p.Retain, broker.Receiver.MayHold, qos != 0);
            if (fault == Fault.Hold) return broker.Receiver.Hold(c, Connections.HoldRoom);
            counters[Counter.PublishReceived]++;
            counters[Counter.PayloadReceived] += p.PayloadLength;
            int reason = ReasonCode.Success;
            if (fault != Fault.None)
            {
                if (fault == Fault.TableFull) counters[Counter.RefusedRetained]++;
                else if (fault == Fault.QuotaFull) counters[Counter.RefusedSpoolFull]++;
                else if (fault == Fault.StoreFull || fault == Fault.StoreFailed) counters[Counter.RefusedStore]++;
                else counters[Counter.RefusedPoolFull]++;
                reason = ReasonCode.QuotaExceeded;
                if (fault == Fault.StoreFailed) reason = ReasonCode.ImplementationSpecificError;
                if (connections.Version[c] != 5)
                {
                    // MQTT 3.1.1 has no other way to refuse: closed, the client still has the message.
                    broker.Lifecycle.Disconnect(c, reason);
                    return Fault.Closed;
                }
            }
            else if (broker.Router.Recipients == 0)
            {
                reason = ReasonCode.NoMatchingSubscribers;
            }
            return qos == 0 ? Fault.None : Answer(c, session, qos, p.PacketId, reason);
        }

        // PUBACK [MQTT-4.3.2-4] or PUBREC [MQTT-4.3.3-8].
        private Fault Answer(int c, int session, int qos, int packetId, int reason)
        {
            if (qos == 0) return Fault.None;
            bool failed = reason >= ReasonCode.UnspecifiedError;
            // [MQTT-3.3.5-2]: a 3.1.1 client without the right to publish gets a positive acknowledgement.
            if (connections.Version[c] != 5) failed = false;
            if (qos == 1)
            {
                connections.Unacknowledged[c]++;
                broker.Sender.Ack(c, PacketType.Puback, packetId, reason);
                return Fault.None;
            }
            if (!failed) received.Add(session, packetId);
            broker.Sender.Ack(c, PacketType.Pubrec, packetId, reason);
            return Fault.None;
        }

        // What subscribers get unchanged [MQTT-3.3.2-4], [MQTT-3.3.2-15] to [-20]: all but alias and expiry.
        internal static void Forward(Broker broker, Outgoing m, Properties properties)
        {
            int block = properties.BlockOffset;
            bool alias = (properties.Present & Has.TopicAlias) != 0;
            bool expiry = (properties.Present & Has.MessageExpiry) != 0;
            m.SetRuns(block, block + properties.BlockLength, properties.TopicAliasOffset, alias ? 3 : 0,
                properties.MessageExpiryOffset, expiry ? 5 : 0);
            if (expiry) m.Expiry = broker.Later(properties.MessageExpiry);
        }

        /// <summary>Whether a topic that begins with '$' is one of the broker's own.</summary>
        public static bool IsSys(byte[] buffer, int offset, int length)
        {
            return length >= 4 && buffer[offset + 1] == 'S' && buffer[offset + 2] == 'Y' && buffer[offset + 3] == 'S'
                && (length == 4 || buffer[offset + 4] == '/');
        }

        /// <summary>Whether a topic of the broker's own is the state of a bridge, $SYS/broker/connection/...: bridges
        /// publish it.</summary>
        public static bool IsBridgeState(byte[] buffer, int offset, int length)
        {
            return length > 23 && buffer[offset + 5] == 'b' && buffer[offset + 11] == '/' && buffer[offset + 12] == 'c'
                && buffer[offset + 16] == 'e' && buffer[offset + 21] == 'n' && buffer[offset + 22] == '/';
        }

        // An uplink of ours sent this message up, and another bridge brings it back.
        private bool HasComeRound(int session, byte[] topicBuffer, int topicOffset, int topicLength)
        {
            Publish p = publish;
            Uplink[] uplinks = broker.Uplinks;
            for (int i = 0; i < uplinks.Length; i++)
            {
                if (uplinks[i].Comes(topicBuffer, topicOffset, topicLength, p.Buffer, p.PayloadOffset, p.PayloadLength,
                    session)) return true;
            }
            return false;
        }

        public Fault Ack(int c, PacketReader reader, int type)
        {
            ack.Type = type;
            Fault fault = ack.Decode(reader, type == PacketType.Pubrel ? 2 : 0);
            if (fault != Fault.None) return fault;
            int session = connections.Session[c];
            int id = ack.PacketId;
            if (type == PacketType.Pubrel)
            {
                if (!broker.Sender.AckRoom(c)) return broker.Receiver.Hold(c, Connections.HoldOutput);
                bool known = received.Remove(session, id);
                broker.Deliveries.Freed++; // a 3.1.1 client held for its receive maximum goes on
                int found = known ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound;
                broker.Sender.Ack(c, PacketType.Pubcomp, id, found); // [MQTT-4.3.3-11]
                return Fault.None;
            }
            int row = deliveries.Find(session, id);
            int previous = deliveries.Previous;
            if (type == PacketType.Pubrec) return Received(c, session, previous, row, id);
            if (row == 0) return Fault.None; // an acknowledgement of what is no longer known
            int qos = deliveries.Flags[row] & 3;
            if (type == PacketType.Puback)
            {
                if (qos != 1) return Fault.ProtocolError;
            }
            else if (qos != 2 || deliveries.Phase[row] != Deliveries.Released)
            {
                return Fault.ProtocolError;
            }
            Done(c, session, previous, row);
            return Fault.None;
        }

        private Fault Received(int c, int session, int previous, int row, int id)
        {
            if (row != 0 && (deliveries.Flags[row] & 3) != 2) return Fault.ProtocolError;
            if (row != 0 && ack.Reason >= ReasonCode.UnspecifiedError && deliveries.Phase[row] == Deliveries.Published)
            {
                Done(c, session, previous, row); // refused: the identifier is free again
                return Fault.None;
            }
            if (!broker.Sender.AckRoom(c)) return broker.Receiver.Hold(c, Connections.HoldOutput);
            int reason = 0;
            if (row == 0) reason = ReasonCode.PacketIdentifierNotFound;
            else deliveries.Release(session, row);
            connections.LastProgressMs[c] = broker.NowMs;
            broker.Sender.Ack(c, PacketType.Pubrel, id, reason); // [MQTT-4.3.3-4]
            return Fault.None;
        }

        // A delivery is acknowledged for good.
        private void Done(int c, int session, int previous, int row)
        {
            deliveries.InFlight[session]--;
            deliveries.Remove(session, previous, row);
            connections.LastProgressMs[c] = broker.NowMs;
            if (sessions.Slow[session] != 0 && deliveries.Count[session] <= wakeAt) sessions.Slow[session] = 0;
            broker.Sender.Pump(c);
        }
    }
}
