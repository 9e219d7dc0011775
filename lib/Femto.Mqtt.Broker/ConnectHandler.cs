using System;

namespace Femto.Mqtt
{
    /// <summary>CONNECT with everything it brings: rights, take-over, session, will, CONNACK. And AUTH.</summary>
    internal sealed class ConnectHandler
    {
        private readonly Broker broker;
        private readonly Connections connections;
        private readonly Sessions sessions;
        private readonly Connect connect;
        private readonly Connack connack;
        private readonly Auth auth;
        private readonly PacketWriter writer;
        private readonly byte[] assigned;   // an assigned client identifier, and other text for answers
        private uint random;

        // The client identifier in use: the client's own, or one assigned.
        private byte[] idBuffer;
        private int idOffset;
        private int idLength;

        private const int AssignedLength = 14; // "femto-" and eight digits

        public ConnectHandler(Broker broker, Properties properties, int seed)
        {
            this.broker = broker;
            connections = broker.Connections;
            sessions = broker.Sessions;
            connect = new Connect(properties, broker.Answer);
            connack = new Connack(broker.Answer);
            auth = broker.Scratch.Auth;
            writer = broker.Scratch.Writer;
            assigned = new byte[AssignedLength];
            assigned[0] = (byte)'f';
            assigned[1] = (byte)'e';
            assigned[2] = (byte)'m';
            assigned[3] = (byte)'t';
            assigned[4] = (byte)'o';
            assigned[5] = (byte)'-';
            random = (uint)seed | 1;
        }

        /// <summary>A CONNECT packet, or the same one again once the access hook has answered.</summary>
        public Fault Connect(int c, PacketReader reader, int flags)
        {
            reader.Version = 0;
            Fault fault = connect.Decode(reader, flags);
            if (fault != Fault.None) return Reject(c, reader, fault);
            connections.Version[c] = (byte)connect.Version;
            int reason = Check(c);
            if (reason != 0) return Refuse(c, reason);
            reason = connections.Decision[c];
            if (reason >= Connections.NotAsked)
            {
                reason = Ask(c);
                if (reason == Waiting) return broker.Receiver.Hold(c, Connections.HoldAccess);
            }
            if (reason != 0) return Refuse(c, reason);
            return Accept(c);
        }

        // Section 3.1.4: a CONNECT that is wrong is answered if its version is known, and the connection closed.
        private Fault Reject(int c, PacketReader reader, Fault fault)
        {
            if (fault == Fault.UnsupportedProtocolVersion)
            {
                // The level stands before the reader. Above 5 it is a later MQTT, which reads a CONNACK of 5.0.
                int level = reader.Offset > 0 ? reader.Buffer[reader.Offset - 1] : 0;
                connections.Version[c] = (byte)(level > 5 ? 5 : 4);
                return Refuse(c, (int)fault);
            }
            if (reader.Version == 0 || reader.Version == 4)
            {
                Close(c, (int)fault);
                return Fault.Closed;
            }
            connections.Version[c] = 5;
            return Refuse(c, (int)fault);
        }

        // What must hold before anybody is asked.
        private int Check(int c)
        {
            idBuffer = connect.Buffer;
            idOffset = connect.ClientIdOffset;
            idLength = connect.ClientIdLength;
            if (idLength > broker.Limits.ClientIdLength) return ReasonCode.ClientIdentifierNotValid;
            if (idLength == 0 && connect.Version == 4 && !connect.CleanStart)
            {
                return ReasonCode.ClientIdentifierNotValid; // 3.1.1: [MQTT-3.1.3-8]
            }
            Properties p = connect.Properties;
            if ((p.Present & Has.MaximumPacketSize) != 0 && p.MaximumPacketSize < int.MaxValue)
            {
                connections.MaximumPacket[c] = (int)p.MaximumPacketSize; // of AUTH too
                if (connections.MaximumPacket[c] < ConnackSize()) return ReasonCode.PacketTooLarge;
            }
            return connect.HasWill ? CheckWill() : 0;
        }

        // Bytes of the CONNACK that accepts; it may not be larger than the client takes [MQTT-3.1.2-24].
        private int ConnackSize()
        {
            int size = 5 + 5 + 3; // the packet, maximum packet size, topic alias maximum
            if ((connect.Properties.Present & Has.AuthMethod) != 0) size += 5 + connect.Properties.AuthMethodLength;
            if (broker.Limits.ReceiveMaximum < 65535) size += 3;
            if (idLength == 0) size += 3 + AssignedLength;
            if (KeepAlive() != connect.KeepAlive) size += 3;
            bool asked = (connect.Properties.Present & Has.SessionExpiry) != 0;
            return asked && connect.Properties.SessionExpiry > broker.Limits.SessionSeconds ? size + 5 : size;
        }

        // Where nobody could publish there can be no will either.
        private int CheckWill()
        {
            int length = connect.WillTopicLength;
            if (length > broker.Limits.TopicLength) return ReasonCode.TopicNameInvalid;
            TopicPath path = broker.Path;
            if (path.Name(connect.Buffer, connect.WillTopicOffset, length) != Fault.None)
            {
                return ReasonCode.TopicNameInvalid; // more levels than there are here
            }
            bool sys = path.SystemTopic && PublishHandler.IsSys(connect.Buffer, connect.WillTopicOffset, length)
                && !(PublishHandler.IsBridgeState(connect.Buffer, connect.WillTopicOffset, length) && IsBridge());
            return sys ? ReasonCode.NotAuthorized : 0;
        }

        private const int Waiting = -1;

        private int Ask(int c)
        {
            bool method = (connect.Properties.Present & Has.AuthMethod) != 0;
            if (broker.Access == null) return method ? ReasonCode.BadAuthenticationMethod : 0; // [MQTT-4.12.0-1]
            if (connections.Decision[c] == Connections.NoDecision) return Waiting;
            connections.Decision[c] = Connections.NoDecision;
            broker.AuthReply.Buffer = null;
            connections.AuthMethod[c] = method ? HashOf(connect.Properties) : 0;
            int reason = broker.Access.Connect(broker, c, connect);
            if (reason == AccessAnswer.Later) return Waiting;
            if (reason != ReasonCode.ContinueAuthentication)
            {
                connections.Decision[c] = (byte)reason;
                return reason;
            }
            if (!method) return ReasonCode.BadAuthenticationMethod; // [MQTT-4.12.0-6]
            return SendAuth(c, reason, connect.Properties) ? Waiting : ReasonCode.QuotaExceeded; // [MQTT-4.12.0-2]
        }

        /// <summary>AUTH before CONNACK: the exchange goes on, or ends and CONNECT is answered.</summary>
        public Fault Authenticate(int c, PacketReader reader, int flags)
        {
            Fault fault = auth.Decode(reader, flags); // [MQTT-3.15.1-1]
            if (fault != Fault.None) return fault;
            if (auth.Reason != ReasonCode.ContinueAuthentication || !SameMethod(c)) return Fault.ProtocolError;
            broker.AuthReply.Buffer = null;
            int reason = broker.Access.Authenticate(broker, c, auth);
            bool more = reason == ReasonCode.ContinueAuthentication;
            if (more && SendAuth(c, reason, auth.Properties)) return Fault.None;
            // CONNECT waits at the head of the receive buffer, and is looked at next.
            connections.Decision[c] = more ? ReasonCode.QuotaExceeded : (byte)reason;
            if (more) broker.Access.Gone(broker, c); // the hook waits for an answer that will not come
            return Fault.None;
        }

        /// <summary>AUTH of a connected client, section 4.12.1.</summary>
        public Fault Reauthenticate(int c, PacketReader reader)
        {
            Fault fault = auth.Decode(reader, 0);
            if (fault != Fault.None) return fault;
            bool begins = auth.Reason == ReasonCode.Reauthenticate;
            if (!begins && auth.Reason != ReasonCode.ContinueAuthentication) return Fault.ProtocolError;
            if (!SameMethod(c)) return Fault.ProtocolError; // [MQTT-4.12.0-7]: or none was named in CONNECT
            broker.AuthReply.Buffer = null;
            int reason = broker.Access.Authenticate(broker, c, auth);
            if (reason < ReasonCode.UnspecifiedError && !SendAuth(c, reason, auth.Properties))
            {
                reason = ReasonCode.QuotaExceeded;
            }
            if (reason >= ReasonCode.UnspecifiedError)
            {
                broker.Lifecycle.Disconnect(c, reason); // section 4.12.1
                return Fault.Closed;
            }
            return Fault.None;
        }

        // [MQTT-4.12.0-5]: the method stays the one of CONNECT. Its hash stands for it.
        private bool SameMethod(int c)
        {
            Properties p = auth.Properties;
            return (p.Present & Has.AuthMethod) != 0 && connections.AuthMethod[c] == HashOf(p);
        }

        private int HashOf(Properties p)
        {
            return broker.Path.HashOf(p.Buffer, p.AuthMethodOffset, p.AuthMethodLength) | 1;
        }

        // The method's text stands in the packet, the data with the hook: the answer copies both to one place.
        // False when there is no room for it.
        private bool SendAuth(int c, int reason, Properties packet)
        {
            AuthReply reply = broker.AuthReply;
            int methodLength = packet.AuthMethodLength;
            int dataLength = reply.Buffer == null ? -1 : reply.Length;
            int properties = 3 + methodLength + (dataLength < 0 ? 0 : 3 + dataLength);
            int remaining = 1 + FixedHeader.LengthSize(properties) + properties;
            int size = 1 + FixedHeader.LengthSize(remaining) + remaining;
            if (size > connections.MaximumPacket[c]) return false; // [MQTT-3.1.2-24]
            int at = broker.SendBuffers.Reserve(c, size);
            if (at < 0) return false;
            writer.Open(broker.SendBuffers.Data, at, size);
            writer.Byte(PacketType.Auth << 4);
            writer.VarInt(remaining);
            writer.Byte(reason);
            writer.VarInt(properties);
            writer.Byte(PropertyId.AuthMethod);
            writer.Binary(packet.Buffer, packet.AuthMethodOffset, methodLength); // [MQTT-4.12.0-5]
            if (dataLength >= 0)
            {
                writer.Byte(PropertyId.AuthData);
                writer.Binary(reply.Buffer, reply.Offset, dataLength);
            }
            reply.Buffer = null; // no other client gets it
            broker.SendBuffers.End[c] = at + size;
            broker.Counters[Counter.PacketsSent]++;
            broker.MarkReady(c);
            return true;
        }

        private Fault Accept(int c)
        {
            bool generated = idLength == 0;
            if (generated) Assign();
            int hash = broker.Path.HashOf(idBuffer, idOffset, idLength);
            int session = sessions.Find(idBuffer, idOffset, idLength, hash);
            bool present = session != 0 && !connect.CleanStart;
            if (session != 0 && sessions.Connection[session] <= Sessions.Local)
            {
                return Refuse(c, ReasonCode.ClientIdentifierNotValid);
            }
            int unkept = broker.Changes == null || Expiry() == 0 ? 0 : Unkept();
            if (unkept != 0) return Refuse(c, unkept);
            // First of all the will, for its properties stand where those of a DISCONNECT will be put together.
            if (!PoolWill()) return Refuse(c, ReasonCode.QuotaExceeded);
            if (session != 0)
            {
                broker.Lifecycle.TakeOver(session, !connect.CleanStart); // [MQTT-3.1.4-3]
                if (sessions.ClientId[session] == 0) session = 0;        // it ended: its expiry was zero
                if (session == 0) present = false;
            }
            if (session != 0 && connect.CleanStart)
            {
                broker.Lifecycle.End(session); // [MQTT-3.1.2-4]
                session = 0;
            }
            if (session == 0)
            {
                session = broker.Lifecycle.NewSession(idBuffer, idOffset, idLength, hash);
            }
            if (session == 0 || !StoreUserName(session))
            {
                if (will != 0) broker.Pool.Release(will);
                if (session != 0 && !present) broker.Lifecycle.End(session);
                return Refuse(c, ReasonCode.QuotaExceeded);
            }
            broker.Lifecycle.DropWill(session);
            sessions.Will[session] = (ushort)will;
            sessions.WillRetain[session] = (byte)(connect.WillRetain ? 1 : 0);
            sessions.WillDelay[session] = willDelay;
            Attach(c, session);
            Acknowledge(c, session, present, generated);
            broker.Sender.Pump(c);
            return Fault.None;
        }

        // Seconds that the session is to last.
        private uint Expiry()
        {
            uint expiry;
            Properties p = connect.Properties;
            if (connect.Version == 5) expiry = (p.Present & Has.SessionExpiry) != 0 ? p.SessionExpiry : 0;
            else expiry = connect.CleanStart ? 0 : 0xFFFFFFFF; // 3.1.1 sessions have no end of their own
            if (expiry > broker.Limits.SessionSeconds) expiry = broker.Limits.SessionSeconds;
            return expiry;
        }

        // Why a session that lasts cannot be had now: there is no place where it would.
        private int Unkept()
        {
            Fault fault = broker.Changes.Keeper.Room(connect.Buffer.Length < 512 ? connect.Buffer.Length : 512);
            if (fault == Fault.None) return 0;
            broker.Counters[Counter.RefusedStore]++;
            if (fault == Fault.StoreFull) return ReasonCode.QuotaExceeded;
            return connect.Version == 5 ? ReasonCode.ImplementationSpecificError : ReasonCode.ServerUnavailable;
        }

        private void Assign()
        {
            idBuffer = assigned;
            idOffset = 0;
            idLength = AssignedLength;
            do
            {
                uint x = random; // xorshift
                x ^= x << 13;
                x ^= x >> 17;
                x ^= x << 5;
                random = x;
                for (int i = 6; i < AssignedLength; i++)
                {
                    int digit = (int)(x & 15);
                    assigned[i] = (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
                    x >>= 4;
                }
            }
            while (sessions.Find(assigned, 0, AssignedLength, broker.Path.HashOf(assigned, 0, AssignedLength)) != 0);
        }

        private int will;       // of the CONNECT at hand: message in the pool, 0 for none
        private uint willDelay; // seconds

        // The will goes to the pool as a message that waits; its expiry counts from when it is published.
        private bool PoolWill()
        {
            will = 0;
            willDelay = 0;
            if (!connect.HasWill) return true;
            Outgoing m = broker.Outgoing;
            m.Set(connect.Buffer, connect.WillTopicOffset, connect.WillTopicLength,
                connect.Buffer, connect.WillPayloadOffset, connect.WillPayloadLength);
            m.Qos = connect.WillQos;
            if (connect.Version == 5)
            {
                Properties p = connect.WillProperties;
                bool hasDelay = (p.Present & Has.WillDelay) != 0;
                bool hasExpiry = (p.Present & Has.MessageExpiry) != 0;
                if (hasDelay) willDelay = p.WillDelay;
                if (hasExpiry) m.Expiry = p.MessageExpiry;
                m.SetRuns(p.BlockOffset, p.BlockOffset + p.BlockLength, p.WillDelayOffset, hasDelay ? 5 : 0,
                    p.MessageExpiryOffset, hasExpiry ? 5 : 0);
            }
            m.Length = m.TopicLength + m.PropertiesLength + m.PayloadLength;
            // Wills may wait long: the last eighth of the pool is not for them.
            if (broker.Pool.FreeBlocks - broker.Pool.BlocksFor(m.Length) < broker.Limits.Blocks / 8) return false;
            if (!broker.Router.ToPool(m)) return false;
            will = m.Handle;
            m.Handle = 0;
            return true;
        }

        private bool StoreUserName(int session)
        {
            int before = sessions.UserName[session];
            sessions.UserName[session] = 0;
            bool stored = true;
            if (connect.HasUserName)
            {
                int hash = broker.Path.HashOf(connect.Buffer, connect.UserNameOffset, connect.UserNameLength);
                int text = broker.Texts.AddIdentity(connect.Buffer, connect.UserNameOffset, connect.UserNameLength,
                        hash);
                sessions.UserName[session] = (ushort)text;
                stored = text != 0;
            }
            if (before != 0) broker.Texts.Release(before);
            return stored;
        }

        private void Attach(int c, int session)
        {
            Properties p = connect.Properties;
            int present = p.Present;
            connections.State[c] = Connections.Connected;
            connections.Session[c] = (ushort)session;
            sessions.Connection[session] = (short)c;
            sessions.Slow[session] = 0;
            sessions.ExpirySeconds[session] = Expiry();
            if ((present & Has.ReceiveMaximum) != 0) connections.ReceiveMaximum[c] = p.ReceiveMaximum;
            bool reasons = (present & Has.RequestProblem) == 0 || p.RequestProblem != 0;
            bool bridge = IsBridge();
            if (bridge) WatchLoops();
            int traits = (reasons ? 0 : Connections.NoReasons) | (bridge ? Connections.Bridge : 0);
            connections.Traits[c] = (byte)traits;
            int aliases = (present & Has.TopicAliasMaximum) != 0 ? p.TopicAliasMaximum : 0;
            if (aliases > broker.Limits.TopicAliasesOut) aliases = broker.Limits.TopicAliasesOut;
            connections.AliasesOut[c] = (ushort)aliases;
            int keepAlive = KeepAlive();
            connections.KeepAliveMs[c] = keepAlive * 1500; // [MQTT-3.1.2-22]
            if (keepAlive != 0) broker.Lifecycle.Deadline(broker.NowMs + keepAlive * 1500);
            connections.LastProgressMs[c] = broker.NowMs;
            broker.Deliveries.Rewind(session);
            if (broker.Changes != null) broker.Lifecycle.Keep(session, sessions.ExpirySeconds[session] != 0);
            broker.Lifecycle.Attached(c);
        }

        // A bridge says so: 3.1.1 by its protocol level, as Mosquitto's do; 5.0 by a user property.
        private bool IsBridge()
        {
            if (connect.Version == 4) return connect.Bridge;
            Properties p = connect.Properties;
            int cursor = 0;
            while (p.NextUser(ref cursor, out int key, out int keyLength, out int value, out int valueLength))
            {
                if (keyLength == BridgeMark.Length && Marked(p.Buffer, key)) return true;
            }
            return false;
        }

        private static readonly byte[] BridgeMark =
        {
            (byte)'f', (byte)'e', (byte)'m', (byte)'t', (byte)'o', (byte)'-',
            (byte)'b', (byte)'r', (byte)'i', (byte)'d', (byte)'g', (byte)'e',
        };

        private static bool Marked(byte[] buffer, int at)
        {
            for (int i = 0; i < BridgeMark.Length; i++)
            {
                if (buffer[at + i] != BridgeMark[i]) return false;
            }
            return true;
        }

        // What an uplink sends may come back through this bridge.
        private void WatchLoops()
        {
            Uplink[] uplinks = broker.Uplinks;
            if (uplinks == null) return;
            for (int i = 0; i < uplinks.Length; i++) uplinks[i].Crossed = true;
        }

        // Seconds in force: the client's, or the broker's own where that is lower.
        private int KeepAlive()
        {
            int most = broker.Limits.KeepAliveSeconds;
            int asked = connect.KeepAlive;
            return most != 0 && (asked == 0 || asked > most) && connect.Version == 5 ? most : asked;
        }

        // CONNACK tells every limit this broker has.
        private void Acknowledge(int c, int session, bool present, bool generated)
        {
            Properties p = broker.Answer;
            if (connect.Version == 5)
            {
                p.Clear();
                p.Buffer = assigned;
                int set = Has.MaximumPacketSize | Has.TopicAliasMaximum;
                p.MaximumPacketSize = (uint)broker.Limits.PacketBytes;
                p.TopicAliasMaximum = broker.Limits.TopicAliasesIn;
                if (broker.Limits.ReceiveMaximum < 65535)
                {
                    set |= Has.ReceiveMaximum;
                    p.ReceiveMaximum = broker.Limits.ReceiveMaximum;
                }
                bool asked = (connect.Properties.Present & Has.SessionExpiry) != 0;
                if (asked && connect.Properties.SessionExpiry != sessions.ExpirySeconds[session])
                {
                    set |= Has.SessionExpiry; // section 3.2.2.3.2: what is in force instead
                    p.SessionExpiry = sessions.ExpirySeconds[session];
                }
                if (generated)
                {
                    set |= Has.AssignedClientId; // [MQTT-3.2.2-16]
                    p.AssignedClientIdOffset = 0;
                    p.AssignedClientIdLength = AssignedLength;
                }
                int keepAlive = KeepAlive();
                if (keepAlive != connect.KeepAlive)
                {
                    set |= Has.ServerKeepAlive; // [MQTT-3.2.2-21]
                    p.ServerKeepAlive = keepAlive;
                }
                p.Present = set;
            }
            connack.SessionPresent = present; // [MQTT-3.2.2-2], [MQTT-3.2.2-3]
            connack.Reason = ReasonCode.Success;
            WriteConnack(c, connect.Version);
            broker.Counters[Counter.Connects]++;
            if (broker.Log != null) broker.Log.Connected(c);
        }

        private void WriteConnack(int c, int version)
        {
            int methodLength = 0;
            AuthReply reply = broker.AuthReply;
            bool withMethod = version == 5 && connack.Reason == 0 && (connect.Properties.Present & Has.AuthMethod) != 0;
            int size = connack.Size(version);
            if (withMethod) methodLength = connect.Properties.AuthMethodLength;
            // [MQTT-3.1.2-24]: the method has to stand there, the data goes along where it fits.
            if (reply.Buffer != null && size + methodLength + 8 + reply.Length > connections.MaximumPacket[c])
            {
                reply.Buffer = null;
            }
            int at = broker.SendBuffers.Reserve(c, size + methodLength + 8 + (reply.Buffer == null ? 0 : reply.Length));
            if (at < 0)
            {
                withMethod = false;
                at = broker.SendBuffers.Reserve(c, size);
            }
            if (at < 0) return;
            writer.Open(broker.SendBuffers.Data, at, broker.SendBuffers.Room(c));
            if (broker.Changes != null && broker.Changes.Count != broker.Changes.Begin) broker.Changes.Hold(c, at);
            if (withMethod) EncodeWithMethod(reply, methodLength);
            else connack.Encode(writer, version);
            reply.Buffer = null; // no other client gets it
            broker.SendBuffers.End[c] = writer.Offset;
            broker.Counters[Counter.PacketsSent]++;
            broker.MarkReady(c);
        }

        // CONNACK that ends an authentication: method and data lie in other buffers than the rest.
        private void EncodeWithMethod(AuthReply reply, int methodLength)
        {
            int all = broker.Answer.ContentSize(PacketType.Connack) + 3 + methodLength
                + (reply.Buffer == null ? 0 : 3 + reply.Length);
            writer.Byte(PacketType.Connack << 4);
            writer.VarInt(2 + FixedHeader.LengthSize(all) + all);
            writer.Byte(connack.SessionPresent ? 1 : 0);
            writer.Byte(connack.Reason);
            writer.VarInt(all);
            writer.Byte(PropertyId.AuthMethod);
            writer.Binary(connect.Buffer, connect.Properties.AuthMethodOffset, methodLength);
            if (reply.Buffer != null)
            {
                writer.Byte(PropertyId.AuthData);
                writer.Binary(reply.Buffer, reply.Offset, reply.Length);
            }
            broker.Answer.EncodeContent(writer, PacketType.Connack);
        }

        /// <summary>CONNACK with an error, then the connection closes.</summary>
        public Fault Refuse(int c, int reason)
        {
            if (connections.State[c] != Connections.Opened) return Fault.Closed;
            int version = connections.Version[c];
            broker.Answer.Clear();
            connack.SessionPresent = false; // [MQTT-3.2.2-6]
            connack.Reason = version == 5 ? reason : ReturnCode(reason);
            if (version == 5)
            {
                broker.ReasonTexts.Set(broker.Answer, reason);
                Properties asked = connect.Properties;
                if ((asked.Present & Has.MaximumPacketSize) != 0 && (uint)connack.Size(5) > asked.MaximumPacketSize)
                {
                    broker.Answer.Clear(); // [MQTT-3.2.2-19]
                }
            }
            // 3.1.1 has no return code for most errors: the connection just closes.
            if (version == 5 || connack.Reason != 0) WriteConnack(c, version);
            Close(c, reason);
            return Fault.Closed;
        }

        private void Close(int c, int reason)
        {
            broker.Counters[Counter.ConnectsRefused]++;
            broker.AuthReply.Buffer = null;
            if (broker.Log != null) broker.Log.Refused(c, reason);
            broker.Lifecycle.StartClosing(c);
        }

        // The return code of MQTT 3.1.1, table 3.1; 0: it has none.
        private static int ReturnCode(int reason)
        {
            if (reason == ReasonCode.UnsupportedProtocolVersion) return 1;
            if (reason == ReasonCode.ClientIdentifierNotValid) return 2;
            if (reason == ReasonCode.QuotaExceeded || reason == ReasonCode.ServerUnavailable
                || reason == ReasonCode.ServerBusy || reason == ReasonCode.ServerShuttingDown
                || reason == ReasonCode.ConnectionRateExceeded) return 3;
            if (reason == ReasonCode.BadUserNameOrPassword) return 4;
            if (reason == ReasonCode.NotAuthorized || reason == ReasonCode.Banned
                || reason == ReasonCode.BadAuthenticationMethod) return 5;
            return 0;
        }
    }
}
