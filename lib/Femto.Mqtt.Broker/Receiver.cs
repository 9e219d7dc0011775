namespace Femto.Mqtt
{
    /// <summary>
    /// Cuts the bytes of a connection into packets and hands each to its handler. A packet that cannot be handled
    /// now is held: it and what follows wait in the receive buffer, and only acknowledgements and PINGREQ behind it
    /// are still taken, so that two clients that publish to each other cannot stall for good.
    /// </summary>
    internal sealed class Receiver
    {
        /// <summary>The packet at hand may be held for room. False once it has waited as long as it may.</summary>
        public bool MayHold;

        private readonly Broker broker;
        private readonly Connections connections;
        private readonly ReceiveBuffers buffers;
        private readonly PacketReader reader;
        private readonly ConnectHandler connect;
        private readonly PublishHandler publish;
        private readonly SubscribeHandler subscribe;
        private readonly int packetBytes;

        public Receiver(Broker broker, Limits limits, int seed)
        {
            this.broker = broker;
            connections = broker.Connections;
            buffers = broker.ReceiveBuffers;
            packetBytes = limits.PacketBytes;
            reader = broker.Scratch.Reader;
            Properties properties = broker.Scratch.Properties;
            connect = new ConnectHandler(broker, properties, seed);
            publish = new PublishHandler(broker, limits, properties);
            subscribe = new SubscribeHandler(broker, limits, properties);
        }

        /// <summary>With the handlers and their packets; each is made once.</summary>
        public static int Bytes()
        {
            return Heap.Object(9)                       // this
                + Heap.Object(14) + Heap.Array(14, 1)   // ConnectHandler and the identifier it assigns
                + Heap.Object(15) + Heap.Object(7)      // PublishHandler, SubscribeHandler
                + Heap.Object(PropertiesFields)         // of answers
                + Heap.Object(22) + Heap.Object(3)      // Connect, Connack
                + Heap.Object(12)                       // Publish
                + Heap.Object(14) + Heap.Object(9)      // Subscribe, Unsubscribe
                + Heap.Object(2);                       // Disconnect in Lifecycle
        }

        private const int PropertiesFields = 47;

        public int Room(int c)
        {
            if (connections.State[c] == Connections.Closing) return packetBytes;
            int room = buffers.Room(c);
            if (buffers.WaitingCount == 0 || !buffers.HasLarge(c) || connections.Hold[c] != Connections.NoHold)
            {
                return room;
            }
            // Others wait for the large buffer: when this packet is whole, what follows it has the small one.
            int remaining;
            int count = buffers.Count[c];
            int header = FixedHeader.Decode(buffers.Data, buffers.Start(c), count, out remaining);
            int most = (header <= 0 ? 1 : header + remaining - count) + buffers.SmallBytes;
            return room < most ? room : most;
        }

        public int Feed(int c, byte[] buffer, int offset, int count)
        {
            int state = connections.State[c];
            if (state == Connections.Closing || state == Connections.Free) return count;
            connections.LastReceivedMs[c] = broker.NowMs;
            MayHold = true;
            int at = offset;
            int end = offset + count;
            if (connections.Hold[c] != Connections.NoHold) return Wait(c, buffer, at, end) - offset;
            if (buffers.Count[c] != 0)
            {
                at = Complete(c, buffer, at, end);
                if (connections.State[c] == Connections.Closing) return count;
                if (buffers.Count[c] != 0) return at - offset;
            }
            while (at < end)
            {
                int remaining;
                int header = FixedHeader.Decode(buffer, at, end - at, out remaining);
                if (header <= 0 || header + remaining > end - at || header + remaining > packetBytes)
                {
                    if (!Acceptable(c, header, remaining)) return count;
                    if (connections.State[c] == Connections.Opened && buffer[at] != PacketType.Connect << 4)
                    {
                        Fail(c, Fault.ProtocolError); // [MQTT-3.1.0-1]: whatever it is, it need not be waited for
                        return count;
                    }
                    break;
                }
                Fault fault = Handle(c, buffer, at, header, remaining);
                if (fault == Fault.Hold) return Wait(c, buffer, at, end) - offset;
                if (connections.State[c] == Connections.Closing) return count;
                at += header + remaining;
            }
            if (at < end) at += buffers.Store(c, buffer, at, end - at, broker.NowMs);
            return at - offset;
        }

        // A packet of which only a part is there: is it one that can still become whole?
        private bool Acceptable(int c, int header, int remaining)
        {
            if (header < 0) // [MQTT-1.5.5-1]
            {
                Fail(c, Fault.MalformedPacket);
                return false;
            }
            if (header > 0 && header + remaining > packetBytes) // [MQTT-3.2.2-15]
            {
                Fail(c, Fault.PacketTooLarge);
                return false;
            }
            return true;
        }

        // Completes the packet whose beginning is stored, and handles it.
        private int Complete(int c, byte[] buffer, int at, int end)
        {
            while (true)
            {
                int start = buffers.Start(c);
                int stored = buffers.Count[c];
                int remaining;
                int header = FixedHeader.Decode(buffers.Data, start, stored, out remaining);
                if (!Acceptable(c, header, remaining)) return end;
                int missing = header == 0 ? 1 : header + remaining - stored;
                if (missing > 0)
                {
                    int n = missing < end - at ? missing : end - at;
                    if (n == 0) return at;
                    int taken = buffers.Store(c, buffer, at, n, broker.NowMs);
                    at += taken;
                    if (taken < n) return at;
                    continue;
                }
                Fault fault = Handle(c, buffers.Data, start, header, remaining);
                if (fault == Fault.Hold) return Wait(c, buffer, at, end);
                if (connections.State[c] != Connections.Closing) buffers.Clear(c);
                return at;
            }
        }

        // Stores what came behind a held packet, and takes the acknowledgements among it.
        private int Wait(int c, byte[] buffer, int at, int end)
        {
            while (at < end)
            {
                int taken = buffers.Store(c, buffer, at, end - at, broker.NowMs);
                at += taken;
                int before = buffers.Count[c];
                Skim(c);
                if (connections.State[c] == Connections.Closing) return end;
                if (connections.Hold[c] == Connections.HoldAccess && connections.Decision[c] < Connections.NotAsked)
                {
                    Resume(c, true); // AUTH has brought the decision about the CONNECT that waits
                    break;
                }
                if (taken == 0 || buffers.Count[c] == before) break;
            }
            return at;
        }

        /// <summary>Handles what may overtake the held packet at the head of the buffer.</summary>
        public void Skim(int c)
        {
            int position = 0;
            bool head = true;
            while (position < buffers.Count[c])
            {
                int start = buffers.Start(c) + position;
                int remaining;
                int header = FixedHeader.Decode(buffers.Data, start, buffers.Count[c] - position, out remaining);
                if (header <= 0 || header + remaining > packetBytes)
                {
                    Acceptable(c, header, remaining);
                    return;
                }
                int length = header + remaining;
                if (position + length > buffers.Count[c]) return;
                if (!head && Overtakes(c, buffers.Data[start] >> 4))
                {
                    Fault fault = Handle(c, buffers.Data, start, header, remaining);
                    if (connections.State[c] == Connections.Closing || fault == Fault.Hold) return;
                    buffers.Remove(c, position, length);
                    continue;
                }
                head = false;
                position += length;
            }
        }

        private bool Overtakes(int c, int type)
        {
            if (connections.Hold[c] == Connections.HoldAccess)
            {
                // During authentication only AUTH and DISCONNECT may come [MQTT-3.1.2-30]; AUTH is the way on.
                return type == PacketType.Auth && connections.Decision[c] == Connections.NoDecision;
            }
            if (type == PacketType.Puback || type == PacketType.Pubcomp) return true;
            return (type == PacketType.Pubrec || type == PacketType.Pubrel || type == PacketType.Pingreq)
                && broker.Sender.AckRoom(c);
        }

        /// <summary>Tries the held packet again, and what waits behind it.</summary>
        /// <param name="c">The connection.</param>
        /// <param name="mayHold">It may be held again for room.</param>
        public void Resume(int c, bool mayHold)
        {
            int sinceMs = connections.HoldSinceMs[c];
            int kind = connections.Hold[c];
            connections.SetHold(c, Connections.NoHold);
            MayHold = mayHold;
            int done = 0;
            while (done < buffers.Count[c])
            {
                int start = buffers.Start(c) + done;
                int remaining;
                int header = FixedHeader.Decode(buffers.Data, start, buffers.Count[c] - done, out remaining);
                if (header <= 0 || header + remaining > packetBytes)
                {
                    if (!Acceptable(c, header, remaining)) return;
                    break;
                }
                if (done + header + remaining > buffers.Count[c]) break;
                Fault fault = Handle(c, buffers.Data, start, header, remaining);
                if (connections.State[c] == Connections.Closing) return;
                if (fault == Fault.Hold)
                {
                    if (done == 0 && connections.Hold[c] == kind)
                    {
                        connections.HoldSinceMs[c] = sinceMs; // it goes on waiting
                        if (kind == Connections.HoldRoom) broker.Counters[Counter.Held]--;
                    }
                    break;
                }
                done += header + remaining;
                MayHold = true;
            }
            if (done != 0) buffers.Remove(c, 0, done);
            buffers.SinceMs[c] = broker.NowMs; // what is left was cut while nobody read
            connections.LastReceivedMs[c] = broker.NowMs; // the keep-alive does not count the time it was held
            if (done != 0 || connections.Hold[c] == Connections.NoHold) broker.MarkReady(c); // there is room to read
        }

        // One whole packet. None: done; Hold: not now; else the connection is closing.
        private Fault Handle(int c, byte[] buffer, int at, int header, int remaining)
        {
            int first = buffer[at];
            int type = first >> 4;
            int version = connections.Version[c];
            if (broker.Changes != null) broker.Changes.Begin = broker.Changes.Count;
            if (connections.State[c] == Connections.Opened) return Before(c, buffer, at, header, remaining, type);
            if (type == PacketType.Connect) return Fail(c, Fault.ProtocolError); // [MQTT-3.1.0-2]
            Fault fault = Fault.None;
            if (type != PacketType.Publish) fault = FixedHeader.CheckFlags(first, version); // [MQTT-2.1.3-1]
            if (fault != Fault.None) return Fail(c, fault);
            broker.Counters[Counter.PacketsReceived]++;
            reader.Open(buffer, at + header, remaining, version);
            if (type == PacketType.Publish) fault = publish.Publish(c, reader, first & 15);
            else if (type <= PacketType.Pubcomp && type != PacketType.Connack) fault = publish.Ack(c, reader, type);
            else if (type == PacketType.Subscribe) fault = subscribe.Subscribe(c, reader);
            else if (type == PacketType.Unsubscribe) fault = subscribe.Unsubscribe(c, reader);
            else if (type == PacketType.Pingreq) fault = Ping(c, remaining);
            else if (type == PacketType.Disconnect) fault = Disconnect(c);
            else if (type == PacketType.Auth && version == 5) fault = connect.Reauthenticate(c, reader);
            else fault = Fault.ProtocolError; // CONNACK, SUBACK, UNSUBACK, PINGRESP are the server's
            if (fault >= Fault.UnspecifiedError) return Fail(c, fault);
            return fault;
        }

        // Before CONNECT is answered: only CONNECT, and AUTH of its exchange.
        private Fault Before(int c, byte[] buffer, int at, int header, int remaining, int type)
        {
            bool asked = connections.Hold[c] == Connections.HoldAccess;
            if (type == PacketType.Auth && asked)
            {
                reader.Open(buffer, at + header, remaining, connections.Version[c]);
                Fault fault = connect.Authenticate(c, reader, buffer[at] & 15);
                return fault >= Fault.UnspecifiedError ? Fail(c, fault) : fault;
            }
            if (type != PacketType.Connect) return Fail(c, Fault.ProtocolError); // [MQTT-3.1.0-1]
            broker.Counters[Counter.PacketsReceived]++;
            reader.Open(buffer, at + header, remaining, 5);
            return connect.Connect(c, reader, buffer[at] & 15);
        }

        private Fault Ping(int c, int remaining)
        {
            if (remaining != 0) return Fault.MalformedPacket;
            if (!broker.Sender.AckRoom(c)) return Hold(c, Connections.HoldOutput);
            broker.Sender.Ack(c, PacketType.Pingresp, 0, 0); // [MQTT-3.12.4-1]
            return Fault.None;
        }

        private Fault Disconnect(int c)
        {
            Disconnect disconnect = broker.Scratch.Disconnect;
            Fault fault = disconnect.Decode(reader, 0);
            if (fault != Fault.None) return fault;
            int session = connections.Session[c];
            if (reader.Version == 5 && (disconnect.Properties.Present & Has.SessionExpiry) != 0)
            {
                uint seconds = disconnect.Properties.SessionExpiry;
                if (broker.Sessions.ExpirySeconds[session] == 0 && seconds != 0)
                {
                    return Fault.ProtocolError; // [MQTT-3.14.2-2]
                }
                uint most = broker.Limits.SessionSeconds;
                broker.Sessions.ExpirySeconds[session] = seconds < most ? seconds : most;
            }
            broker.Lifecycle.ClientDisconnect(c, disconnect.Reason);
            return Fault.Closed;
        }

        /// <summary>The packet at hand waits, for the reason named.</summary>
        public Fault Hold(int c, int kind)
        {
            connections.SetHold(c, kind);
            connections.HoldSinceMs[c] = broker.NowMs;
            broker.Counters[Counter.PacketsReceived]--; // it will come again
            if (kind == Connections.HoldRoom) broker.Counters[Counter.Held]++;
            if (kind == Connections.HoldRoom || kind == Connections.HoldReplay)
            {
                broker.Lifecycle.Deadline(broker.NowMs + broker.Limits.HoldMs);
            }
            return Fault.Hold;
        }

        // The peer broke a rule: the connection is closed with the reason.
        private Fault Fail(int c, Fault fault)
        {
            broker.Counters[Counter.ProtocolErrors]++;
            if (connections.State[c] == Connections.Opened) connect.Refuse(c, (int)fault);
            else broker.Lifecycle.Disconnect(c, (int)fault);
            return fault;
        }
    }
}
