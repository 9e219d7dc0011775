using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// Fills the send buffers: acknowledgements first and in order, then the rest of a message whose payload is
    /// streaming, then the session's deliveries as far as window and room allow.
    /// </summary>
    internal sealed class Sender
    {
        // Fixed header 5, topic length 2, packet identifier 2, property length 4, expiry 5, alias 3.
        private const int HeadMax = 21;
        private const int IdMax = 5; // a subscription identifier

        private readonly Broker broker;
        private readonly Connections connections;
        private readonly SendBuffers buffers;
        private readonly Deliveries deliveries;
        private readonly MessagePool pool;
        private readonly AliasTable aliases;
        private readonly Sessions sessions;
        private readonly int[] counters;
        private readonly int sendWindow;

        // Acknowledgements that wait for room: a ring for each connection.
        private readonly byte[] ackType;
        private readonly byte[] ackReason;
        private readonly ushort[] ackId;
        private readonly ushort[] ackFirst;
        private readonly ushort[] ackCount;
        private readonly int ackRows;

        // The message whose end is still to be copied to the send buffer.
        private readonly ushort[] tailMessage;
        private readonly ushort[] tailBlock;
        private readonly int[] tailOffset;
        private readonly int[] tailLeft;

        private readonly byte[] topic; // of a pooled message, in one piece; by then the packet at hand is routed

        public Sender(Broker broker, Limits limits)
        {
            this.broker = broker;
            connections = broker.Connections;
            buffers = broker.SendBuffers;
            deliveries = broker.Deliveries;
            pool = broker.Pool;
            aliases = broker.Aliases;
            sessions = broker.Sessions;
            counters = broker.Counters;
            sendWindow = limits.SendWindow;
            int n = limits.Connections;
            ackRows = limits.AckQueue;
            ackType = new byte[n * ackRows];
            ackReason = new byte[n * ackRows];
            ackId = new ushort[n * ackRows];
            ackFirst = new ushort[n];
            ackCount = new ushort[n];
            tailMessage = new ushort[n];
            tailBlock = new ushort[n];
            tailOffset = new int[n];
            tailLeft = new int[n];
            topic = broker.Scratch.Topic;
        }

        public static int Bytes(Limits limits)
        {
            int n = limits.Connections;
            return Heap.Object(20)
                + Heap.Array(n * limits.AckQueue, 1) * 2 + Heap.Array(n * limits.AckQueue, 2)
                + Heap.Array(n, 2) * 4  // ackFirst, ackCount, tailMessage, tailBlock
                + Heap.Array(n, 4) * 2; // tailOffset, tailLeft
        }

        public void Open(int c)
        {
            buffers.Clear(c);
            ackCount[c] = 0;
            ackFirst[c] = 0;
            tailLeft[c] = 0;
            tailMessage[c] = 0;
        }

        /// <summary>The peer reads no more: what was not yet copied to the send buffer is let go, and with half a
        /// packet what stands there.</summary>
        public void Detach(int c)
        {
            ackCount[c] = 0;
            if (tailMessage[c] != 0) pool.Release(tailMessage[c]);
            tailMessage[c] = 0;
            if (tailLeft[c] == 0) return;
            tailLeft[c] = 0;
            buffers.Clear(c);
        }

        /// <summary>The broker ends the connection: of what was not yet copied to the send buffer only the rest of a
        /// packet that has begun still goes out.</summary>
        /// <returns>It is copied: a last packet may follow.</returns>
        public bool Finish(int c)
        {
            ackCount[c] = 0;
            return tailLeft[c] == 0 || Tail(c);
        }

        /// <summary>Whether a message of a bound of <see cref="Bound"/> can go straight into the send buffer: nothing
        /// stands before it.</summary>
        public bool CanDirect(int c, int session, int bound)
        {
            if (ackCount[c] != 0 || tailLeft[c] != 0) return false;
            int sent = deliveries.LastSent[session];
            int waiting = sent == 0 ? deliveries.First[session] : deliveries.Next[sent];
            return waiting == 0 && buffers.Size - buffers.End[c] + buffers.Start[c] >= bound;
        }

        /// <summary>Nothing stands between a new packet and the send buffer.</summary>
        public bool Idle(int c)
        {
            return ackCount[c] == 0 && tailLeft[c] == 0;
        }

        /// <summary>Whether one more acknowledgement can be queued.</summary>
        public bool AckRoom(int c)
        {
            return ackCount[c] < ackRows;
        }

        /// <summary>Sends an acknowledgement, or PINGRESP, or queues it. <see cref="AckRoom"/> holds.</summary>
        public void Ack(int c, int type, int packetId, int reason)
        {
            Changes changes = broker.Changes;
            if (changes != null && changes.Any && type != PacketType.Pingresp
                && (changes.Count != changes.Begin || changes.Kept[connections.Session[c]] != 0))
            {
                type |= Kept;
            }
            if (ackCount[c] == 0 && tailLeft[c] == 0 && WriteAck(c, type, packetId, reason)) return;
            int at = ackFirst[c] + ackCount[c];
            if (at >= ackRows) at -= ackRows;
            at += c * ackRows;
            ackType[at] = (byte)type;
            ackId[at] = (ushort)packetId;
            ackReason[at] = (byte)reason;
            ackCount[c]++;
        }

        // In the type of an acknowledgement: it promises what must be durable first.
        private const int Kept = 0x80;

        private bool WriteAck(int c, int type, int packetId, int reason)
        {
            bool hold = type >= Kept;
            type &= 15;
            bool withReason = reason != 0 && connections.Version[c] == 5;
            int size = type == PacketType.Pingresp ? 2 : withReason ? 5 : 4;
            int text = 0;
            if (withReason && reason >= ReasonCode.UnspecifiedError) text = ReasonText(c, reason);
            if (text != 0) size += 4 + text;
            int at = buffers.Reserve(c, size);
            if (at < 0) return false;
            if (hold) broker.Changes.Hold(c, at);
            byte[] data = buffers.Data;
            if (text != 0)
            {
                data[at + 5] = (byte)(3 + text);
                data[at + 6] = PropertyId.ReasonString;
                data[at + 7] = 0;
                data[at + 8] = (byte)text;
                Array.Copy(broker.ReasonTexts.Text, 0, data, at + 9, text);
            }
            data[at] = (byte)(type << 4 | (type == PacketType.Pubrel ? 2 : 0)); // [MQTT-3.6.1-1]
            data[at + 1] = (byte)(size - 2);
            if (size > 2)
            {
                data[at + 2] = (byte)(packetId >> 8);
                data[at + 3] = (byte)packetId;
                if (size > 4) data[at + 4] = (byte)reason;
            }
            buffers.End[c] = at + size;
            counters[Counter.PacketsSent]++;
            if (type == PacketType.Puback && connections.Unacknowledged[c] > 0) connections.Unacknowledged[c]--;
            broker.MarkReady(c);
            return true;
        }

        // Bytes of the reason string, if the client wants one and there is room for it.
        private int ReasonText(int c, int reason)
        {
            if ((connections.Traits[c] & Connections.NoReasons) != 0) return 0; // [MQTT-3.1.2-29]
            int text = broker.ReasonTexts.Length(reason);
            // [MQTT-3.4.2-2], [MQTT-3.5.2-2], [MQTT-3.7.2-2]: not beyond the client's maximum packet size.
            return 9 + text <= buffers.Room(c) && 9 + text <= connections.MaximumPacket[c] ? text : 0;
        }

        /// <summary>Fills the send buffer as far as it goes.</summary>
        public void Pump(int c)
        {
            if (connections.State[c] != Connections.Connected) return;
            if (tailLeft[c] != 0 && !Tail(c)) return;
            while (ackCount[c] != 0)
            {
                int at = c * ackRows + ackFirst[c];
                if (!WriteAck(c, ackType[at], ackId[at], ackReason[at])) return;
                ackFirst[c] = (ushort)(ackFirst[c] + 1 == ackRows ? 0 : ackFirst[c] + 1);
                ackCount[c]--;
            }
            int session = connections.Session[c];
            while (true)
            {
                int row = deliveries.NextToSend(session);
                if (row == 0)
                {
                    if (!broker.Replay.Step(session)) return;
                    continue;
                }
                // A packet that waits for room in the send buffer would wait as long as there are messages.
                if (connections.Hold[c] == Connections.HoldOutput) return;
                if (!Start(c, session, row)) return;
            }
        }

        // Sends or drops one delivery; false when it has to wait.
        private bool Start(int c, int session, int row)
        {
            int phase = deliveries.Phase[row];
            int flags = deliveries.Flags[row];
            int qos = flags & 3;
            if (phase == Deliveries.Released)
            {
                // [MQTT-3.3.4-10]: the window keeps back PUBLISH and nothing else.
                int type = broker.Changes == null ? PacketType.Pubrel : PacketType.Pubrel | Kept;
                if (!WriteAck(c, type, deliveries.PacketId[row], 0)) return false;
                deliveries.Sent(session, row);
                return true;
            }
            if (qos != 0)
            {
                int window = connections.ReceiveMaximum[c]; // [MQTT-3.3.4-9]
                if (window > sendWindow) window = sendWindow;
                if (deliveries.InFlight[session] >= window) return false;
            }
            int message = deliveries.Message[row];
            uint expiry = pool.Expiry[message];
            if (phase == Deliveries.Queued && expiry <= broker.Uptime && expiry != MessagePool.Never)
            {
                Drop(session, row); // [MQTT-3.3.2-5]
                counters[Counter.DroppedExpired]++;
                return true;
            }
            int ids = 0;
            int id = deliveries.SubscriptionId[row];
            if (id != 0 && connections.Version[c] == 5) ids = IdSize(id) + MoreSize(row);
            int topicLength = pool.TopicLength[message];
            int head = HeadMax + topicLength + ids;
            int at = buffers.Reserve(c, head);
            if (at >= 0) return Publish(c, session, row, message, at, flags, phase);
            if (head <= buffers.Size) return false;
            Drop(session, row); // so many identifiers will never fit
            counters[Counter.DroppedTooLarge]++;
            return true;
        }

        // There is room for the head at the position given.
        private bool Publish(int c, int session, int row, int message, int at, int flags, int phase)
        {
            int qos = flags & 3;
            int topicLength = pool.TopicLength[message];
            int tail = pool.Length[message] - topicLength;
            int forwarded = pool.PropertiesLength[message];
            pool.Seek(message);
            pool.Read(topic, 0, topicLength);
            int payload = tail - forwarded;
            if (connections.Version[c] != 5)
            {
                pool.Skip(forwarded); // nothing of it goes to a 3.1.1 client
                tail = payload;
            }
            int first = PacketType.Publish << 4 | qos << 1 | (flags & 4) >> 2;
            // [MQTT-3.3.1-1]: a message sent before goes out again with DUP.
            if (phase == Deliveries.Published) first |= 8;
            if (!Fits(c, message, topicLength, forwarded, payload, row))
            {
                counters[Counter.DroppedTooLarge]++;
                // At QoS 2 the client may have it from before and wait: with PUBREL it is done for both sides.
                if (phase == Deliveries.Published && qos == 2)
                {
                    deliveries.Release(session, row);
                    sessions.Dropped[session]++;
                }
                else
                {
                    Drop(session, row); // [MQTT-3.1.2-24], [MQTT-3.1.2-25]
                }
                return true;
            }
            int packetId = 0;
            if (qos != 0)
            {
                deliveries.Sent(session, row);
                packetId = deliveries.PacketId[row];
                // Sent before it is durable, it would come once more when its publisher sends it again.
                if (qos == 2 && broker.Changes != null) broker.Changes.Hold(c, at);
            }
            buffers.End[c] = Head(c, at, first, packetId, topic, 0, topicLength, forwarded, payload,
                pool.Expiry[message], deliveries.SubscriptionId[row], row);
            counters[Counter.PayloadSent] += payload;
            tailLeft[c] = tail;
            if (tail != 0)
            {
                pool.Retain(message);
                tailMessage[c] = (ushort)message;
                tailBlock[c] = (ushort)pool.ReadBlock;
                tailOffset[c] = pool.ReadOffset;
            }
            if (qos == 0) deliveries.Remove(session, deliveries.LastSent[session], row);
            return tail == 0 || Tail(c);
        }

        private void Drop(int session, int row)
        {
            deliveries.Remove(session, deliveries.LastSent[session], row);
            sessions.Dropped[session]++;
        }

        // Copies what room there is for of the streaming message; true when it is complete.
        private bool Tail(int c)
        {
            int left = tailLeft[c];
            int room = buffers.Room(c);
            int n = left < room ? left : room;
            if (n > 0)
            {
                int at = buffers.Reserve(c, n);
                pool.ReadBlock = tailBlock[c];
                pool.ReadOffset = tailOffset[c];
                pool.Read(buffers.Data, at, n);
                tailBlock[c] = (ushort)pool.ReadBlock;
                tailOffset[c] = pool.ReadOffset;
                buffers.End[c] = at + n;
                left -= n;
                tailLeft[c] = left;
                broker.MarkReady(c);
            }
            if (left != 0) return false;
            pool.Release(tailMessage[c]);
            tailMessage[c] = 0;
            return true;
        }

        /// <summary>Bytes of the longest form a message can take towards any client.</summary>
        public static int Bound(Outgoing m)
        {
            return HeadMax + IdMax + m.Length;
        }

        /// <summary>Sends a QoS 0 message straight from the publisher's bytes. The connection is idle and has
        /// room for <see cref="Bound"/>.</summary>
        /// <returns>False when it is larger than the client's maximum packet size.</returns>
        public bool Direct(int c, Outgoing m, int retain, int subscriptionId)
        {
            bool v5 = connections.Version[c] == 5;
            int forwarded = m.PropertiesLength;
            int maximum = connections.MaximumPacket[c];
            if (maximum != int.MaxValue
                && Size(v5, m.TopicLength, 0, forwarded, m.PayloadLength, m.Expiry, IdSize(subscriptionId)) > maximum)
            {
                return false;
            }
            int at = buffers.Reserve(c, HeadMax + IdMax + m.Length); // so that head and payload lie in one piece
            at = Head(c, at, PacketType.Publish << 4 | retain, 0, m.TopicBuffer, m.TopicOffset, m.TopicLength,
                forwarded, m.PayloadLength, m.Expiry, subscriptionId, 0);
            byte[] data = buffers.Data;
            if (v5 && forwarded != 0)
            {
                if (m.Run0Length != 0) Array.Copy(m.Buffer, m.Run0Offset, data, at, m.Run0Length);
                at += m.Run0Length;
                if (m.Run1Length != 0) Array.Copy(m.Buffer, m.Run1Offset, data, at, m.Run1Length);
                at += m.Run1Length;
                if (m.Run2Length != 0) Array.Copy(m.Buffer, m.Run2Offset, data, at, m.Run2Length);
                at += m.Run2Length;
            }
            int payload = m.PayloadLength;
            if (payload != 0) Array.Copy(m.Buffer, m.PayloadOffset, data, at, payload);
            buffers.End[c] = at + payload;
            counters[Counter.PayloadSent] += payload;
            return true;
        }

        private bool Fits(int c, int message, int topicLength, int forwarded, int payload, int row)
        {
            int maximum = connections.MaximumPacket[c];
            if (maximum == int.MaxValue) return true;
            bool v5 = connections.Version[c] == 5;
            int ids = IdSize(deliveries.SubscriptionId[row]);
            for (int more = deliveries.Next[row]; more != 0 && deliveries.Phase[more] == Deliveries.More;
                more = deliveries.Next[more]) ids += IdSize(deliveries.SubscriptionId[more]);
            int packetId = (deliveries.Flags[row] & 3) == 0 ? 0 : 2;
            return Size(v5, topicLength, packetId, forwarded, payload, pool.Expiry[message], ids) <= maximum;
        }

        private static int Size(bool v5, int topicLength, int packetId, int forwarded, int payload, uint expiry,
            int ids)
        {
            int remaining = 2 + topicLength + packetId + payload;
            if (v5)
            {
                int properties = forwarded + ids + (expiry == MessagePool.Never ? 0 : 5);
                remaining += properties + FixedHeader.LengthSize(properties);
            }
            return 1 + FixedHeader.LengthSize(remaining) + remaining;
        }

        private static int IdSize(int id)
        {
            return id == 0 ? 0 : 1 + FixedHeader.LengthSize(id);
        }

        // Writes a PUBLISH up to where its forwarded properties begin, and returns where. There is room for it; the
        // caller moves the end of the run.
        private int Head(int c, int at, int first, int packetId, byte[] topicBuffer, int topicOffset, int topicLength,
            int forwarded, int payload, uint expiry, int subscriptionId, int row)
        {
            byte[] data = buffers.Data;
            int remaining = 2 + topicLength + payload;
            if ((first & 6) != 0) remaining += 2;
            int properties = -1;
            int alias = 0;
            if (connections.Version[c] == 5)
            {
                properties = forwarded + (expiry == MessagePool.Never ? 0 : 5) + IdSize(subscriptionId);
                if (row != 0) properties += MoreSize(row);
                // A message sent again carries its whole topic.
                if ((first & 8) == 0) alias = Alias(c, remaining + properties, topicBuffer, topicOffset, topicLength);
                if (alias != 0)
                {
                    properties += 3;
                    if (aliases.Known)
                    {
                        remaining -= topicLength;
                        topicLength = 0;
                    }
                }
                remaining += properties + FixedHeader.LengthSize(properties);
            }
            data[at] = (byte)first;
            while (remaining > 127)
            {
                at++;
                data[at] = (byte)(remaining | 128);
                remaining >>= 7;
            }
            data[at + 1] = (byte)remaining;
            data[at + 2] = (byte)(topicLength >> 8);
            data[at + 3] = (byte)topicLength;
            at += 4;
            if (topicLength != 0) Array.Copy(topicBuffer, topicOffset, data, at, topicLength);
            at += topicLength;
            if ((first & 6) != 0)
            {
                data[at] = (byte)(packetId >> 8);
                data[at + 1] = (byte)packetId;
                at += 2;
            }
            if (properties >= 0) at = HeadProperties(data, at, properties, alias, expiry, subscriptionId, row);
            counters[Counter.PublishSent]++;
            counters[Counter.PacketsSent]++;
            broker.MarkReady(c);
            return at;
        }

        private int Alias(int c, int size, byte[] topicBuffer, int topicOffset, int topicLength)
        {
            int count = connections.AliasesOut[c];
            // An alias costs three bytes the first time: not worth it for a short topic, and the packet must
            // stay within the client's maximum.
            if (count == 0 || topicLength < 4 || size + 12 > connections.MaximumPacket[c]) return 0;
            return aliases.Choose(c, count, topicBuffer, topicOffset, topicLength);
        }

        private int MoreSize(int row)
        {
            int size = 0;
            int more = deliveries.Next[row];
            while (more != 0 && deliveries.Phase[more] == Deliveries.More)
            {
                size += IdSize(deliveries.SubscriptionId[more]);
                more = deliveries.Next[more];
            }
            return size;
        }

        private int HeadProperties(byte[] data, int at, int length, int alias, uint expiry, int subscriptionId,
            int row)
        {
            at = VarInt(data, at, length);
            if (expiry != MessagePool.Never)
            {
                // [MQTT-3.3.2-6]: what is left of the interval. A message begun before it expired goes out with 0.
                uint left = expiry > broker.Uptime ? expiry - broker.Uptime : 0;
                data[at] = 0x02;
                data[at + 1] = (byte)(left >> 24);
                data[at + 2] = (byte)(left >> 16);
                data[at + 3] = (byte)(left >> 8);
                data[at + 4] = (byte)left;
                at += 5;
            }
            if (alias != 0)
            {
                data[at] = 0x23;
                data[at + 1] = (byte)(alias >> 8);
                data[at + 2] = (byte)alias;
                at += 3;
            }
            if (subscriptionId == 0) return at;
            data[at] = 0x0B; // [MQTT-3.3.4-3]
            at = VarInt(data, at + 1, subscriptionId);
            if (row == 0) return at;
            int more = deliveries.Next[row];
            while (more != 0 && deliveries.Phase[more] == Deliveries.More)
            {
                data[at] = 0x0B; // [MQTT-3.3.4-4]
                at = VarInt(data, at + 1, deliveries.SubscriptionId[more]);
                more = deliveries.Next[more];
            }
            return at;
        }

        private static int VarInt(byte[] data, int at, int value)
        {
            while (value > 127)
            {
                data[at++] = (byte)(value | 128);
                value >>= 7;
            }
            data[at] = (byte)value;
            return at + 1;
        }

        public void Invariants()
        {
            for (int c = 0; c < tailLeft.Length; c++)
            {
                if ((tailLeft[c] == 0) != (tailMessage[c] == 0)) throw new InvalidOperationException("tail");
                if (ackCount[c] > ackRows) throw new InvalidOperationException("acknowledgement queue");
            }
        }
    }
}
