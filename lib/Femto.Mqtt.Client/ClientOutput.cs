using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// Fills the send buffer: acknowledgements first and in order, then the rest of a message whose payload is
    /// streaming, then the outbox as far as window and room allow.
    /// </summary>
    internal sealed class ClientOutput
    {
        // Fixed header 5, topic length 2, packet identifier 2, property length 4, expiry 5, alias 3.
        public const int HeadMax = 21;

        private const int Window311 = 20; // Narrow says why

        /// <summary>One run of bytes to send, from Start to End: in the send buffer or, while a long CONNECT goes out,
        /// in the receive buffer.</summary>
        public byte[] Data;
        public int Start, End;
        /// <summary>Acknowledgements that wait for room.</summary>
        public int AckCount;
        /// <summary>How many can wait.</summary>
        public readonly int AckRows;
        /// <summary>Something that came in waits for room: no further PUBLISH is begun.</summary>
        public bool Wanted;
        /// <summary>There is something to do when bytes have gone out, or the session is not connected: a message does
        /// not go straight into the send buffer.</summary>
        public bool More = true;
        /// <summary>QoS 1 and 2 messages that may be on the way.</summary>
        public int Window;
        /// <summary>Bytes of the largest packet the server takes.</summary>
        public int PacketMax;
        /// <summary>MQTT 5.</summary>
        public bool V5;

        /// <summary>What must be durable before it is answered is marked there; null: nothing must.</summary>
        public Changes Changes;
        /// <summary>Where in the buffer the bytes begin that wait for that, -1 for none.</summary>
        public int Held = -1;
        private int heldSync;

        private readonly ClientSession session;
        private readonly IClientSink sink;
        private readonly Deliveries deliveries;
        private readonly MessagePool pool;
        private readonly int row;       // the session in deliveries
        private readonly byte[] buffer; // the send buffer
        private readonly byte[] topic;  // of a pooled message, in one piece
        private readonly ClientAliases aliases;
        private readonly int blocks;    // of the outbox
        private readonly int reserveBlocks, reserveMessages; // of these, not for QoS 0
        private readonly int sendWindow;

        private readonly byte[] ackType, ackReason;
        private readonly ushort[] ackId;
        private int ackFirst;
        private bool pumping;

        // The message whose end is still to be copied to the send buffer.
        private int tailMessage, tailBlock, tailOffset, tailLeft;

        public ClientOutput(ClientSession session, ClientLimits limits, IClientSink sink, byte[] topic)
        {
            this.session = session;
            this.sink = sink;
            deliveries = session.Deliveries;
            pool = session.Pool;
            row = session.Session;
            buffer = new byte[limits.SendBytes];
            Data = buffer;
            this.topic = topic;
            aliases = ClientAliases.Make(limits.TopicAliasesOut, limits.TopicLength);
            blocks = limits.Blocks;
            reserveBlocks = limits.Blocks / 4;
            reserveMessages = limits.Messages / 4;
            sendWindow = limits.SendWindow;
            int acks = limits.ReceiveIds + limits.SendWindow;
            AckRows = acks;
            ackType = new byte[acks];
            ackReason = new byte[acks];
            ackId = new ushort[acks];
        }

        public static int Bytes(ClientLimits limits)
        {
            int acks = limits.ReceiveIds + limits.SendWindow;
            return Heap.Object(35) + Heap.Array(limits.SendBytes, 1)
                + ClientAliases.Bytes(limits.TopicAliasesOut, limits.TopicLength)
                + Heap.Array(acks, 1) * 2 + Heap.Array(acks, 2);
        }

        // The bytes from a position on wait until what is marked is durable.
        private void Hold(int at)
        {
            if (!Changes.Any) return;
            Changes.Urgent = true;
            if (Held >= 0 && heldSync == Changes.Synced) return;
            Held = at;
            heldSync = Changes.Synced;
        }

        /// <summary>Where the bytes that may be sent end.</summary>
        public int Visible()
        {
            return Held < 0 || heldSync != Changes.Synced ? End : Held;
        }

        /// <summary>Nothing stands between a new packet and the send buffer.</summary>
        public bool Idle()
        {
            return AckCount == 0 && tailLeft == 0;
        }

        /// <summary>A connection begins or is gone.</summary>
        public void Clear()
        {
            Data = buffer;
            Start = 0;
            End = 0;
            Held = -1;
            AckCount = 0;
            Wanted = false;
            if (tailLeft != 0) pool.Release(tailMessage);
            tailLeft = 0;
            More = true;
            if (aliases != null) aliases.Clear();
        }

        /// <summary>Nothing new goes out but what was begun.</summary>
        /// <returns>True when that is all in the send buffer.</returns>
        public bool Finish()
        {
            AckCount = 0;
            return tailLeft == 0 || Tail();
        }

        /// <summary>Makes room at the end of the run.</summary>
        /// <returns>Where in the buffer, or -1. The caller moves <see cref="End"/>.</returns>
        public int Reserve(int count)
        {
            int end = End;
            if (buffer.Length - end >= count) return end;
            int start = Start;
            int length = end - start;
            if (buffer.Length - length < count) return -1;
            if (length > 0) Array.Copy(buffer, start, buffer, 0, length);
            Start = 0;
            End = length;
            if (Held >= 0) Held -= start;
            return length;
        }

        /// <summary>Sends an acknowledgement, or PINGREQ, or queues it: there is a row for it.</summary>
        public void Ack(int type, int packetId, int reason)
        {
            if (AckCount == 0 && tailLeft == 0)
            {
                int end = End;
                byte[] data = buffer;
                if (reason == 0 && end + 4 <= data.Length)
                {
                    data[end] = (byte)(type == PacketType.Pubrel ? 0x62 : type << 4); // [MQTT-3.6.1-1]
                    data[end + 1] = 2;
                    data[end + 2] = (byte)(packetId >> 8);
                    data[end + 3] = (byte)packetId;
                    End = end + 4;
                    if (Changes != null) Hold(end);
                    return;
                }
                if (WriteAck(type, packetId, reason)) return;
            }
            More = true;
            int at = ackFirst + AckCount;
            if (at >= AckRows) at -= AckRows;
            ackType[at] = (byte)type;
            ackId[at] = (ushort)packetId;
            ackReason[at] = (byte)reason;
            AckCount++;
        }

        private bool WriteAck(int type, int packetId, int reason)
        {
            int size = 4;
            if (reason != 0 && V5) size = 5;
            int at = Reserve(size);
            if (at < 0) return false;
            if (Changes != null) Hold(at);
            byte[] data = buffer;
            data[at] = (byte)(type == PacketType.Pubrel ? 0x62 : type << 4);
            data[at + 1] = (byte)(size - 2);
            data[at + 2] = (byte)(packetId >> 8);
            data[at + 3] = (byte)packetId;
            if (size == 5) data[at + 4] = (byte)reason;
            End = at + size;
            return true;
        }

        /// <summary>Writes two bytes, if nothing is in the way.</summary>
        public bool WriteShort(int first, int second)
        {
            int at = AckCount == 0 && tailLeft == 0 ? Reserve(2) : -1;
            if (at < 0) return false;
            buffer[at] = (byte)first;
            buffer[at + 1] = (byte)second;
            End = at + 2;
            return true;
        }

        /// <summary>All is sent: the send buffer is the one in use.</summary>
        public void Own()
        {
            Data = buffer;
        }

        /// <summary>Fills the send buffer as far as it goes.</summary>
        public void Pump()
        {
            More = true;
            if (session.State != ClientState.Connected) return;
            if (tailLeft != 0 && !Tail()) return;
            while (AckCount != 0)
            {
                if (!WriteAck(ackType[ackFirst], ackId[ackFirst], ackReason[ackFirst])) return;
                AckCount--;
                if (++ackFirst == AckRows) ackFirst = 0;
            }
            if (pumping) return; // the sink published from within Acknowledged: the loop below goes on
            pumping = true;
            while (!Wanted && session.State == ClientState.Connected)
            {
                int delivery = deliveries.NextToSend(row);
                if (delivery == 0)
                {
                    More = AckCount != 0; // an acknowledgement may have been queued within the calls to the sink
                    break;
                }
                if (!Send(delivery)) break;
            }
            pumping = false;
        }

        // A 3.1.1 server cannot tell its receive maximum. Mosquitto closes the connection when a PUBLISH comes while 20
        // of QoS 2 are on the way; QoS 1 alone it answers at once, so that needs no such window.
        private void Narrow()
        {
            if (session.Version == 4 && Window > Window311) Window = Window311;
        }

        // Sends or drops one delivery; false when it has to wait.
        private bool Send(int delivery)
        {
            if (deliveries.Phase[delivery] == Deliveries.Released)
            {
                // [MQTT-4.3.3-4]; the window keeps back PUBLISH and nothing else [MQTT-3.3.4-10 of the sender].
                if (!WriteAck(PacketType.Pubrel, deliveries.PacketId[delivery], 0)) return false;
                deliveries.Sent(row, delivery);
                return true;
            }
            int flags = deliveries.Flags[delivery];
            if ((flags & 3) == 2) Narrow();
            if ((flags & 3) != 0 && deliveries.InFlight[row] >= Window) return false; // [MQTT-3.3.4-9]
            int message = deliveries.Message[delivery];
            uint expiry = pool.Expiry[message];
            if (deliveries.Phase[delivery] == Deliveries.Queued && expiry <= session.Uptime
                && expiry != MessagePool.Never)
            {
                session.DroppedExpired++;
                return Done(delivery, Fault.Expired);
            }
            int length = pool.TopicLength[message];
            if (length > topic.Length) return TooLarge(delivery);
            IClientTopics topics = session.Topics;
            int at = Reserve(HeadMax + (topics == null ? length : topic.Length));
            if (at < 0) return false;
            pool.Seek(message);
            pool.Read(topic, 0, length);
            if (topics != null)
            {
                length = topics.Rewrite(topic, length);
                if (length <= 0) return TooLarge(delivery);
            }
            return Publish(delivery, message, at, length, Granted(delivery, flags));
        }

        // QoS and RETAIN as the server takes them.
        private int Granted(int delivery, int flags)
        {
            int qos = flags & 3;
            if (qos <= session.ServerMaximumQos && (session.ServerRetain || (flags & 4) == 0)) return flags;
            session.Downgraded++;
            if (qos > session.ServerMaximumQos) qos = session.ServerMaximumQos; // [MQTT-3.2.2-11]
            flags = flags & ~7 | qos | (session.ServerRetain ? flags & 4 : 0);  // [MQTT-3.2.2-14]
            deliveries.Flags[delivery] = (byte)flags;
            return flags;
        }

        // There is room for the head at the position given; the topic stands in the scratch buffer.
        private bool Publish(int delivery, int message, int at, int topicLength, int flags)
        {
            int qos = flags & 3;
            int forwarded = pool.PropertiesLength[message];
            int tail = pool.Length[message] - pool.TopicLength[message];
            int payload = tail - forwarded;
            if (!V5)
            {
                pool.Skip(forwarded); // nothing of it goes to a 3.1.1 server
                tail = payload;
                forwarded = 0;
            }
            if (PacketMax != int.MaxValue
                && Size(topicLength, qos, forwarded, payload, pool.Expiry[message]) > PacketMax)
            {
                return TooLarge(delivery); // [MQTT-3.2.2-15]
            }
            int first = PacketType.Publish << 4 | qos << 1 | (flags & 4) >> 2;
            int packetId = 0;
            if (qos != 0)
            {
                if (deliveries.Phase[delivery] != Deliveries.Queued) first |= 8; // [MQTT-3.3.1-1]
                deliveries.Sent(row, delivery);
                packetId = deliveries.PacketId[delivery];
                if (qos == 2 && Changes != null) Hold(at);
            }
            End = Head(at, first, packetId, topic, 0, topicLength, forwarded, payload, pool.Expiry[message]);
            if (tail != 0)
            {
                pool.Retain(message);
                tailMessage = message;
                tailBlock = pool.ReadBlock;
                tailOffset = pool.ReadOffset;
                tailLeft = tail;
            }
            bool complete = tail == 0 || Tail();
            if (qos == 0) Done(delivery, Fault.None);
            return complete;
        }

        private bool TooLarge(int delivery)
        {
            session.DroppedTooLarge++;
            return Done(delivery, Fault.TooLarge);
        }

        // The next delivery to send leaves the outbox.
        private bool Done(int delivery, Fault reason)
        {
            int message = deliveries.Unlink(row, deliveries.LastSent[row], delivery);
            sink.Acknowledged(session, message, (int)reason);
            pool.Release(message);
            return true;
        }

        // Copies what there is room for of the streaming message; true when it is complete.
        private bool Tail()
        {
            int n = buffer.Length - End + Start;
            if (n > tailLeft) n = tailLeft;
            if (n > 0)
            {
                int at = Reserve(n);
                pool.ReadBlock = tailBlock;
                pool.ReadOffset = tailOffset;
                pool.Read(buffer, at, n);
                tailBlock = pool.ReadBlock;
                tailOffset = pool.ReadOffset;
                End = at + n;
                tailLeft -= n;
            }
            if (tailLeft != 0) return false;
            pool.Release(tailMessage);
            return true;
        }

        // Bytes of a PUBLISH without an alias.
        public int Size(int topicLength, int qos, int forwarded, int payload, uint expiry)
        {
            int remaining = 2 + topicLength + payload;
            if (qos != 0) remaining += 2;
            if (V5)
            {
                int properties = expiry == MessagePool.Never ? forwarded : forwarded + 5;
                remaining += properties + FixedHeader.LengthSize(properties);
            }
            return 1 + FixedHeader.LengthSize(remaining) + remaining;
        }

        // Writes a PUBLISH up to where its forwarded properties begin, and returns where. There is room.
        private int Head(int at, int first, int packetId, byte[] name, int nameOffset, int nameLength, int forwarded,
            int payload, uint expiry)
        {
            byte[] data = buffer;
            int remaining = 2 + nameLength + payload;
            if (packetId != 0) remaining += 2;
            int properties = -1;
            int alias = 0;
            if (V5)
            {
                properties = expiry == MessagePool.Never ? forwarded : forwarded + 5;
                // A message sent again carries its whole topic; a short topic is not worth an alias; with an alias the
                // packet must stay within the server's maximum.
                if (session.ServerTopicAliases != 0 && (first & 8) == 0 && nameLength > 3
                    && remaining + properties + 12 <= PacketMax)
                {
                    alias = aliases.Choose(session.ServerTopicAliases, name, nameOffset, nameLength);
                    if (alias != 0)
                    {
                        properties += 3;
                        if (aliases.Known)
                        {
                            remaining -= nameLength;
                            nameLength = 0;
                        }
                    }
                }
                remaining += properties + (properties < 128 ? 1 : FixedHeader.LengthSize(properties));
            }
            data[at] = (byte)first;
            while (remaining > 127)
            {
                at++;
                data[at] = (byte)(remaining | 128);
                remaining >>= 7;
            }
            data[at + 1] = (byte)remaining;
            data[at + 2] = (byte)(nameLength >> 8);
            data[at + 3] = (byte)nameLength;
            at += 4;
            if (nameLength != 0)
            {
                Array.Copy(name, nameOffset, data, at, nameLength);
                at += nameLength;
            }
            if (packetId != 0)
            {
                data[at] = (byte)(packetId >> 8);
                data[at + 1] = (byte)packetId;
                at += 2;
            }
            return properties < 0 ? at : HeadProperties(data, at, properties, alias, expiry);
        }

        private int HeadProperties(byte[] data, int at, int length, int alias, uint expiry)
        {
            while (length > 127)
            {
                data[at++] = (byte)(length | 128);
                length >>= 7;
            }
            data[at++] = (byte)length;
            if (expiry != MessagePool.Never)
            {
                // A message begun before it expired goes out with 0.
                uint left = expiry > session.Uptime ? expiry - session.Uptime : 0;
                data[at] = PropertyId.MessageExpiry;
                data[at + 1] = (byte)(left >> 24);
                data[at + 2] = (byte)(left >> 16);
                data[at + 3] = (byte)(left >> 8);
                data[at + 4] = (byte)left;
                at += 5;
            }
            if (alias != 0)
            {
                data[at] = PropertyId.TopicAlias;
                data[at + 1] = (byte)(alias >> 8);
                data[at + 2] = (byte)alias;
                at += 3;
            }
            return at;
        }

        /// <summary>Whether a message can go straight into the send buffer, when nothing is in the way: it fits as a
        /// whole, and the server takes it as it is.</summary>
        public bool Fits(int length, int qos, bool retain)
        {
            if (qos == 2) Narrow();
            return buffer.Length - End + Start >= HeadMax + length
                && (qos == 0 || deliveries.InFlight[row] < Window && qos <= session.ServerMaximumQos)
                && (!retain || session.ServerRetain);
        }

        /// <summary>Puts a message into the outbox.</summary>
        public Fault Store(byte[] name, int nameOffset, int nameLength, byte[] payload, int payloadOffset,
            int payloadLength, int flags, byte[] properties, int propertiesOffset, int propertiesLength, uint expiry)
        {
            int length = nameLength + propertiesLength + payloadLength;
            int qos = flags & 3;
            if (qos == 0 && (pool.FreeMessages <= reserveMessages
                || pool.FreeBlocks - pool.BlocksFor(length) < reserveBlocks)) return Refuse(length, reserveBlocks);
            int message = pool.Allocate(nameLength, propertiesLength, length);
            if (message == 0) return Refuse(length, 0);
            pool.Append(name, nameOffset, nameLength);
            if (propertiesLength != 0) pool.Append(properties, propertiesOffset, propertiesLength);
            if (payloadLength != 0) pool.Append(payload, payloadOffset, payloadLength);
            pool.Qos[message] = (byte)qos;
            pool.Expiry[message] = expiry;
            int delivery = deliveries.Add(row, message, flags, 0);
            pool.Release(message);
            if (delivery == 0) return Refuse(0, 0);
            session.LastMessage = message;
            return Fault.None;
        }

        /// <summary>Writes a message for which <see cref="Fits"/> holds; at QoS 1 and 2 it is the last of the
        /// outbox.</summary>
        public void Direct(byte[] name, int nameOffset, int nameLength, byte[] payload, int payloadOffset,
            int payloadLength, int flags, byte[] properties, int propertiesOffset, int forwarded, uint expiry)
        {
            int packetId = 0;
            int first = PacketType.Publish << 4 | (flags & 3) << 1 | flags >> 2;
            if ((flags & 3) != 0)
            {
                int delivery = deliveries.Last[row];
                deliveries.Sent(row, delivery);
                packetId = deliveries.PacketId[delivery];
            }
            byte[] data = buffer;
            int at = End;
            int most = HeadMax + nameLength + forwarded + payloadLength;
            if (data.Length - at < most) at = Reserve(most);
            at = Head(at, first, packetId, name, nameOffset, nameLength, forwarded, payloadLength, expiry);
            if (forwarded != 0)
            {
                Array.Copy(properties, propertiesOffset, data, at, forwarded);
                at += forwarded;
            }
            if (payloadLength != 0)
            {
                Array.Copy(payload, payloadOffset, data, at, payloadLength);
                at += payloadLength;
            }
            End = at;
        }

        private Fault Refuse(int length, int reserve)
        {
            session.Refused++;
            return pool.BlocksFor(length) > blocks - reserve ? Fault.TooLarge : Fault.PoolFull;
        }

        public void Invariants()
        {
            if (tailLeft != 0 && pool.References(tailMessage) == 0) throw new InvalidOperationException("tail");
            if (AckCount > AckRows) throw new InvalidOperationException("ack queue");
            if (!More && (AckCount != 0 || tailLeft != 0 || Wanted || deliveries.NextToSend(row) != 0))
            {
                throw new InvalidOperationException("work forgotten");
            }
            if (Start > End || End > Data.Length) throw new InvalidOperationException("send buffer");
        }
    }
}
