using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// Cuts what arrives into packets and handles them. A packet that cannot be handled now is held: it and what
    /// follows wait in the receive buffer, and only acknowledgements behind it are still taken, so that two who send
    /// to each other cannot stall for good. A server that has more QoS 2 messages on the way than it was told is borne
    /// with: their identifiers are kept as long as there is room, then the next message is held.
    /// </summary>
    internal sealed class ClientInput
    {
        // What the packet at the head of the buffer waits for.
        public const int NoHold = 0, HoldSink = 1, HoldOutput = 2, HoldIds = 3;

        // Acknowledgements that may come behind a held packet of the largest size.
        private const int Behind = 64;

        public int Held;
        /// <summary>Packet identifiers of QoS 2 messages taken and not yet released.</summary>
        public readonly ReceivedRuns Received;
        public readonly byte[] Buffer; // of a packet in pieces, or held
        public int Count;              // bytes there; not 0 when something is held
        public bool V5;

        private readonly ClientSession session;
        private readonly IClientSink sink;
        private readonly ClientOutput output;
        private readonly ClientConnection connection;
        private readonly Deliveries deliveries;
        private readonly MessagePool pool;
        private readonly int row;      // the session in deliveries
        private readonly int packetBytes;
        private readonly PacketReader reader;
        private readonly Properties properties;
        private readonly ClientMessage message;
        private readonly Ack ack;
        private readonly Suback suback;
        private readonly ClientAliases aliases;
        private readonly ClientDiscard discard;
        private bool released; // since a message waits for room among the identifiers

        public ClientInput(ClientSession session, ClientLimits limits, IClientSink sink, ClientOutput output,
            ClientConnection connection, PacketScratch scratch)
        {
            this.session = session;
            this.sink = sink;
            this.output = output;
            this.connection = connection;
            properties = scratch.Properties;
            deliveries = session.Deliveries;
            pool = session.Pool;
            row = session.Session;
            packetBytes = limits.PacketBytes;
            Received = new ReceivedRuns(limits.ReceiveIds);
            Buffer = new byte[packetBytes + Behind];
            reader = scratch.Reader;
            message = new ClientMessage(properties);
            ack = scratch.Ack;
            suback = new Suback(properties);
            aliases = ClientAliases.Make(limits.TopicAliasesIn, limits.TopicLength);
            discard = new ClientDiscard(Buffer);
        }

        public static int Bytes(ClientLimits limits)
        {
            return Heap.Object(20) + ReceivedRuns.Bytes(limits.ReceiveIds) + ClientDiscard.Bytes()
                + Heap.Array(limits.PacketBytes + Behind, 1)
                + Heap.Object(11) + Heap.Object(0) // ClientMessage and its encoding
                + Heap.Object(6)                   // Suback
                + ClientAliases.Bytes(limits.TopicAliasesIn, limits.TopicLength);
        }

        public void Clear()
        {
            Count = 0;
            Held = NoHold;
            discard.Left = 0;
            if (aliases != null) aliases.Clear();
        }

        /// <summary>A message is held for want of room among the identifiers: when PUBREL behind it has made some, it
        /// and what follows are taken.</summary>
        public int Freed(byte[] buffer, int at, int end)
        {
            while (Held == HoldIds && released)
            {
                Resume();
                if (session.State == ClientState.Closing) return end;
                if (Held == NoHold) at = Take(buffer, at, end);
            }
            return at;
        }

        /// <summary>Takes what has arrived, as far as it can.</summary>
        /// <returns>Where what it has not taken begins.</returns>
        public int Take(byte[] buffer, int at, int end)
        {
            if (Count != 0)
            {
                if (Held != NoHold) return Wait(buffer, at, end);
                at = Complete(buffer, at, end);
                if (session.State == ClientState.Closing) return end;
                if (Count != 0) return at;
            }
            if (discard.Left != 0) at = Discard(buffer, at, end);
            while (at < end)
            {
                int header = 2;
                int remaining = end - at > 1 ? buffer[at + 1] : 128;
                if (remaining > 127) header = FixedHeader.Decode(buffer, at, end - at, out remaining);
                int whole = header + remaining;
                if (header <= 0 || whole > end - at || whole > packetBytes)
                {
                    if (!Acceptable(buffer[at], header, remaining)) return end;
                    if (header <= 0 || whole <= packetBytes) break;
                    if (Begin(buffer[at], remaining) == Fault.Hold) return Wait(buffer, at, end);
                    at = Discard(buffer, at + header, end);
                    continue;
                }
                Fault fault = Handle(buffer, at, header, remaining);
                if (fault != Fault.None) return fault == Fault.Hold ? Wait(buffer, at, end) : end;
                at += whole;
            }
            if (at < end) at += Store(buffer, at, end - at);
            return at;
        }

        private int Store(byte[] source, int offset, int count)
        {
            int room = Buffer.Length - Count;
            if (count > room) count = room;
            if (count > 0) Array.Copy(source, offset, Buffer, Count, count);
            Count += count;
            return count;
        }

        private void Remove(int position, int count)
        {
            Count -= count;
            int rest = Count - position;
            if (rest > 0) Array.Copy(Buffer, position + count, Buffer, position, rest);
        }

        // A packet of which only a part is there: is it one that can still become whole?
        private bool Acceptable(int first, int header, int remaining)
        {
            Fault fault = FixedHeader.CheckFlags(first, session.Version); // [MQTT-2.1.3-1]
            if (header < 0) fault = Fault.MalformedPacket; // [MQTT-1.5.5-1]
            else if (header + remaining > packetBytes && !Discards(first)) fault = Fault.PacketTooLarge;
            if (fault == Fault.None) return true;
            session.Fail(fault);
            return false;
        }

        // A 3.1.1 server cannot be told the largest packet. Closing would bring the same message again, for ever. An
        // MQTT 5 server knows it [MQTT-3.1.2-24].
        private bool Discards(int first)
        {
            return !V5 && first >> 4 == PacketType.Publish && session.State == ClientState.Connected;
        }

        // A message too large for the buffer begins. Its answer finds a row when it is over: nothing else is taken
        // meanwhile.
        private Fault Begin(int first, int remaining)
        {
            int qos = first >> 1 & 3;
            if (qos != 0 && output.AckCount == output.AckRows) return Hold(HoldOutput);
            discard.Begin(qos, remaining);
            return Fault.None;
        }

        // Lets its bytes go. Answered like one that was taken, so that it does not come again.
        private int Discard(byte[] buffer, int at, int end)
        {
            ClientDiscard d = discard;
            at = d.Take(buffer, at, end);
            if (d.Left != 0) return at;
            Fault fault = d.Qos == 3 ? Fault.MalformedPacket : d.Check(); // [MQTT-3.3.1-4]
            if (fault != Fault.None)
            {
                session.Fail(fault);
                return end;
            }
            session.Discarded++;
            sink.Discarded(session, Buffer, 0, d.Kept, d.Qos, d.Length);
            if (session.State != ClientState.Connected) return end; // the sink ended the connection
            if (d.Qos == 1) output.Ack(PacketType.Puback, d.PacketId, 0);
            else if (d.Qos == 2) output.Ack(PacketType.Pubrec, d.PacketId, 0);
            return at;
        }

        // Completes the packet whose beginning is stored, and handles it.
        private int Complete(byte[] buffer, int at, int end)
        {
            while (true)
            {
                int remaining;
                int header = FixedHeader.Decode(Buffer, 0, Count, out remaining);
                if (!Acceptable(Buffer[0], header, remaining)) return end;
                if (header + remaining > packetBytes)
                {
                    // No more than the header is there.
                    if (Begin(Buffer[0], remaining) == Fault.Hold) return Wait(buffer, at, end);
                    Count = 0;
                    return at;
                }
                int missing = header == 0 ? 1 : header + remaining - Count;
                if (missing > 0)
                {
                    int n = missing < end - at ? missing : end - at;
                    if (n == 0) return at;
                    at += Store(buffer, at, n);
                    continue;
                }
                if (Handle(Buffer, 0, header, remaining) == Fault.Hold) return Wait(buffer, at, end);
                Count = 0;
                return at;
            }
        }

        // Stores what came behind a held packet, and takes the acknowledgements among it.
        private int Wait(byte[] buffer, int at, int end)
        {
            while (at < end)
            {
                int taken = Store(buffer, at, end - at);
                at += taken;
                int before = Count;
                Skim();
                if (session.State == ClientState.Closing) return end;
                if (taken == 0 || Count == before) break;
            }
            return at;
        }

        // Handles what may overtake the held packet at the head of the buffer.
        private void Skim()
        {
            int position = 0;
            while (position < Count)
            {
                int remaining;
                int header = FixedHeader.Decode(Buffer, position, Count - position, out remaining);
                int length = header + remaining;
                if (header <= 0 || length > packetBytes)
                {
                    Acceptable(Buffer[position], header, remaining);
                    return;
                }
                if (position + length > Count) return;
                if (position != 0 && Overtakes(Buffer[position] >> 4))
                {
                    Fault fault = Handle(Buffer, position, header, remaining);
                    if (fault == Fault.Hold || session.State == ClientState.Closing) return;
                    Remove(position, length);
                    continue;
                }
                position += length;
            }
        }

        private bool Overtakes(int type)
        {
            if (type == PacketType.Pubrec || type == PacketType.Pubrel) return output.AckCount != output.AckRows;
            return type == PacketType.Puback || type == PacketType.Pubcomp || type == PacketType.Suback
                || type == PacketType.Unsuback || type == PacketType.Pingresp;
        }

        /// <summary>Tries the held packet again, and what waits behind it.</summary>
        public void Resume()
        {
            do
            {
                if (Held == HoldIds)
                {
                    Skim();
                    if (!released || session.State == ClientState.Closing) return;
                }
                Retry();
            }
            while (Held == HoldIds);
        }

        private void Retry()
        {
            Held = NoHold;
            released = false;
            output.Wanted = false;
            int done = 0;
            while (done < Count)
            {
                int remaining;
                int header = FixedHeader.Decode(Buffer, done, Count - done, out remaining);
                int whole = header + remaining;
                if (header <= 0 || whole > packetBytes || done + whole > Count)
                {
                    if (!Acceptable(Buffer[done], header, remaining)) return;
                    if (header <= 0 || whole <= packetBytes) break;
                    if (Begin(Buffer[done], remaining) == Fault.Hold) break;
                    Remove(0, done); // the topic is kept at the beginning
                    done = Discard(Buffer, header, Count);
                }
                else
                {
                    if (Handle(Buffer, done, header, remaining) == Fault.Hold) break;
                    done += whole;
                }
                if (session.State == ClientState.Closing) return;
            }
            Remove(0, done);
            output.Pump();
        }

        private Fault Hold(int kind)
        {
            Held = kind;
            if (kind == HoldIds) session.HoldBegins();
            output.Wanted = kind == HoldOutput;
            if (output.Wanted) output.More = true;
            return Fault.Hold;
        }

        // One whole packet. Hold: not now; any other fault: the session is closing.
        private Fault Handle(byte[] buffer, int at, int header, int remaining)
        {
            int first = buffer[at];
            at += header;
            Fault fault;
            if ((first & 0xF0) == PacketType.Publish << 4 && session.State == ClientState.Connected)
            {
                fault = Publish(buffer, at, at + remaining, first);
            }
            else if (first == PacketType.Puback << 4 && remaining == 2 && session.State == ClientState.Connected)
            {
                fault = Acknowledged(PacketType.Puback, buffer[at] << 8 | buffer[at + 1], 0);
            }
            else
            {
                reader.Open(buffer, at, remaining, session.Version);
                fault = Other(first, first >> 4);
            }
            if (fault == Fault.None) return session.State == ClientState.Closing ? Fault.Closed : Fault.None;
            if (fault != Fault.Hold) session.Fail(fault);
            return fault;
        }

        private Fault Other(int first, int type)
        {
            Fault fault = FixedHeader.CheckFlags(first, session.Version); // [MQTT-2.1.3-1]
            if (fault != Fault.None) return fault;
            if (type == PacketType.Auth)
            {
                fault = connection.Auth(reader);
                return fault == Fault.Hold ? Hold(HoldOutput) : fault;
            }
            if (session.State == ClientState.Connecting)
            {
                if (type == PacketType.Connack) return connection.Connack(reader);
                return Fault.ProtocolError; // [MQTT-3.2.0-1]: nothing before CONNACK but AUTH
            }
            if (type <= PacketType.Pubcomp && type >= PacketType.Puback)
            {
                ack.Type = type;
                fault = ack.Decode(reader, first & 15);
                return fault != Fault.None ? fault : Acknowledged(type, ack.PacketId, ack.Reason);
            }
            if (type == PacketType.Suback || type == PacketType.Unsuback)
            {
                suback.Type = type;
                fault = suback.Decode(reader, 0);
                if (fault != Fault.None) return fault;
                int reason = suback.Count == 0 ? 0 : suback.Buffer[suback.ReasonsOffset];
                return suback.Count > 1 ? Fault.ProtocolError : connection.Answer(type, suback.PacketId, reason);
            }
            if (type == PacketType.Pingresp)
            {
                if (reader.Offset != reader.End) return Fault.MalformedPacket;
                session.PingDone();
                return Fault.None;
            }
            if (type == PacketType.Disconnect && session.Version == 5) return connection.Disconnect(reader);
            return Fault.ProtocolError; // [MQTT-3.2.0-2] a second CONNACK; the others are the client's
        }

        // PUBLISH is decoded here: every message comes this way.
        private Fault Publish(byte[] buffer, int offset, int end, int first)
        {
            int qos = first >> 1 & 3;
            if (qos == 3 || (first & 14) == 8) return Fault.MalformedPacket; // [MQTT-3.3.1-4] [MQTT-3.3.1-2]
            int topic = offset + 2;
            if (topic > end) return Fault.MalformedPacket;
            int topicLength = buffer[offset] << 8 | buffer[offset + 1];
            int at = topic + topicLength;
            int id = 0;
            if (qos != 0)
            {
                at += 2;
                if (at > end) return Fault.MalformedPacket;
                id = buffer[at - 2] << 8 | buffer[at - 1];
                if (id == 0) return Fault.ProtocolError; // [MQTT-2.2.1-4]
            }
            else if (at > end)
            {
                return Fault.MalformedPacket;
            }
            Properties p = properties;
            if (p.Present != 0) p.Clear();
            if (V5)
            {
                if (at < end && buffer[at] == 0)
                {
                    at++;
                }
                else
                {
                    reader.Open(buffer, at, end - at, 5);
                    p.Decode(reader, PacketType.Publish);
                    if (reader.Fault != Fault.None) return reader.Fault;
                    at = reader.Offset;
                }
            }
            ClientMessage m = message;
            m.TopicBuffer = buffer;
            m.TopicOffset = topic;
            m.TopicLength = topicLength;
            if (topicLength != 0)
            {
                Fault fault = TopicName.Check(buffer, topic, topicLength);
                if (fault != Fault.None) return fault;
            }
            if (p.Present != 0 || topicLength == 0)
            {
                Fault fault = Alias(m);
                if (fault != Fault.None) return fault;
            }
            m.Buffer = buffer;
            m.PayloadOffset = at;
            m.PayloadLength = end - at;
            m.Qos = qos;
            m.Retain = (first & 1) != 0;
            m.Dup = (first & 8) != 0;
            if (qos != 0) return Admit(qos, id);
            return sink.Message(session, m) == ClientSession.Hold ? Hold(HoldSink) : Fault.None;
        }

        // Section 3.3.2.3.4: sets an alias, or finds the topic of one. No alias and no topic is refused here too.
        private Fault Alias(ClientMessage m)
        {
            if ((properties.Present & Has.TopicAlias) == 0)
            {
                return m.TopicLength == 0 ? Fault.ProtocolError : Fault.None;
            }
            int alias = properties.TopicAlias - 1;
            if (aliases == null || alias >= aliases.Length.Length) return Fault.TopicAliasInvalid; // [MQTT-3.1.2-26]
            if (m.TopicLength != 0)
            {
                if (m.TopicLength > aliases.RowBytes) return Fault.ImplementationSpecificError;
                aliases.Set(alias, m.TopicBuffer, m.TopicOffset, m.TopicLength);
                return Fault.None;
            }
            if (aliases.Length[alias] == 0) return Fault.ProtocolError;
            m.TopicBuffer = aliases.Text;
            m.TopicOffset = alias * aliases.RowBytes;
            m.TopicLength = aliases.Length[alias];
            return Fault.None;
        }

        // QoS 1 and 2: a message received before, room for its identifier, the acknowledgement. More than the receive
        // maximum is no fault here: see the class.
        private Fault Admit(int qos, int id)
        {
            if (output.AckCount == output.AckRows) return Hold(HoldOutput);
            if (qos == 2)
            {
                if (Received.Find(id) >= 0)
                {
                    session.Duplicates++;
                    output.Ack(PacketType.Pubrec, id, 0); // [MQTT-4.3.3-10]: not delivered again
                    return Fault.None;
                }
                if (!Received.HasRoom(id)) return Hold(HoldIds);
            }
            int reason = sink.Message(session, message);
            if (reason == ClientSession.Hold) return Hold(HoldSink);
            if (qos == 2 && (reason < ReasonCode.UnspecifiedError || !V5)) Received.Add(id);
            if (session.State != ClientState.Connected) return Fault.None; // the sink ended the connection
            output.Ack(qos == 1 ? PacketType.Puback : PacketType.Pubrec, id, reason); // [MQTT-4.3.2-4] [MQTT-4.3.3-8]
            return Fault.None;
        }

        private Fault Acknowledged(int type, int id, int reason)
        {
            if (id == 0) return Fault.ProtocolError; // [MQTT-2.2.1-5]
            if (type == PacketType.Pubrel)
            {
                if (output.AckCount == output.AckRows) return Hold(HoldOutput);
                int run = Received.Find(id);
                if (run >= 0 && !Received.Remove(run, id)) return Fault.ReceiveMaximumExceeded;
                released = true;
                // [MQTT-4.3.3-11]
                output.Ack(PacketType.Pubcomp, id, run >= 0 ? 0 : ReasonCode.PacketIdentifierNotFound);
                return Fault.None;
            }
            int found = deliveries.Find(row, id);
            int previous = deliveries.Previous;
            int qos = found == 0 ? 0 : deliveries.Flags[found] & 3;
            if (type == PacketType.Pubrec)
            {
                if (qos == 1) return Fault.ProtocolError;
                bool published = found != 0 && deliveries.Phase[found] == Deliveries.Published;
                if (!published || reason < ReasonCode.UnspecifiedError)
                {
                    if (output.AckCount == output.AckRows) return Hold(HoldOutput);
                    if (found != 0) deliveries.Release(row, found);
                    int rel = found == 0 ? ReasonCode.PacketIdentifierNotFound : 0;
                    output.Ack(PacketType.Pubrel, id, rel); // [MQTT-4.3.3-4]
                    return Fault.None;
                }
            }
            else
            {
                if (found == 0) return Fault.None; // of what is no longer known
                if (type == PacketType.Puback ? qos != 1 : deliveries.Phase[found] != Deliveries.Released)
                {
                    return Fault.ProtocolError;
                }
                // The server had the message when it sent PUBREC: 0x92 says that an earlier PUBREL did arrive.
                if (type == PacketType.Pubcomp) reason = 0;
            }
            deliveries.InFlight[row]--;
            int done = deliveries.Unlink(row, previous, found);
            sink.Acknowledged(session, done, reason);
            pool.Release(done);
            if (output.More) output.Pump();
            return Fault.None;
        }

        public void Invariants()
        {
            if (Count > Buffer.Length) throw new InvalidOperationException("receive buffer");
            if (Count != 0 && discard.Left != 0) throw new InvalidOperationException("bytes before their turn");
            Received.Invariants();
            if (Held != NoHold && Count == 0) throw new InvalidOperationException("nothing is held");
        }
    }
}
