using System;

namespace Femto.Mqtt
{
    /// <summary>CONNECT, CONNACK, the AUTH exchange, SUBSCRIBE and UNSUBSCRIBE, DISCONNECT from the server.</summary>
    internal sealed class ClientConnection
    {
        // User property femto-bridge = 1, encoded: what TryPrivate adds to a CONNECT of MQTT 5.
        private static readonly byte[] bridge = new byte[]
        {
            PropertyId.User, 0, 12, (byte)'f', (byte)'e', (byte)'m', (byte)'t', (byte)'o', (byte)'-', (byte)'b',
            (byte)'r', (byte)'i', (byte)'d', (byte)'g', (byte)'e', 0, 1, (byte)'1',
        };
        // MQTT 5 reason codes for 3.1.1's return codes 1 to 5.
        private static readonly byte[] reasons = new byte[]
        {
            0, ReasonCode.UnsupportedProtocolVersion, ReasonCode.ClientIdentifierNotValid,
            ReasonCode.ServerUnavailable, ReasonCode.BadUserNameOrPassword, ReasonCode.NotAuthorized,
        };

        /// <summary>A re-authentication is under way.</summary>
        public bool Reauthenticating;

        private readonly ClientSession session;
        private readonly int packetBytes, receiveMaximum, aliasesIn, aliasesOut, sendWindow;
        private readonly ClientOptions options;
        private readonly IClientSink sink;
        private readonly ClientOutput output;
        private readonly PacketWriter writer;
        private readonly Properties properties;
        private readonly Connack connack;
        private readonly Disconnect disconnect;
        private readonly Auth auth;
        private readonly AuthReply reply;
        private readonly byte[] requests; // the packet type of each request that waits, 0: free
        private int nextRequest;
        private int textEnd; // of what is kept in the session's Texts

        public ClientConnection(ClientSession session, ClientLimits limits, ClientOptions options, IClientSink sink,
            ClientOutput output, PacketScratch scratch)
        {
            this.session = session;
            packetBytes = limits.PacketBytes;
            receiveMaximum = limits.ReceiveMaximum;
            aliasesIn = limits.TopicAliasesIn;
            aliasesOut = limits.TopicAliasesOut;
            sendWindow = limits.SendWindow;
            this.options = options;
            this.sink = sink;
            this.output = output;
            properties = scratch.Properties;
            requests = new byte[limits.Requests];
            writer = scratch.Writer;
            connack = new Connack(properties);
            disconnect = scratch.Disconnect;
            auth = scratch.Auth;
            reply = new AuthReply();
        }

        public static int Bytes(ClientLimits limits)
        {
            return Heap.Object(19) + Heap.Array(limits.Requests, 1)
                + Heap.Object(3) + Heap.Object(3); // Connack, AuthReply
        }

        private static int Length(byte[] text)
        {
            return text == null ? 0 : text.Length;
        }

        // Bytes of a field behind its two byte length.
        private static int Field(byte[] text)
        {
            return text == null ? 0 : 2 + text.Length;
        }

        private void Write(byte[] text)
        {
            writer.Binary(text, 0, Length(text));
        }

        private void Run(byte[] encoded)
        {
            writer.Copy(encoded, 0, Length(encoded));
        }

        private void Number(int id, uint value)
        {
            writer.Byte(id);
            writer.UInt32(value);
        }

        private void Short(int id, int value)
        {
            writer.Byte(id);
            writer.UInt16(value);
        }

        /// <summary>Writes CONNECT to the send buffer, or to a larger one that nothing is read into yet.</summary>
        /// <returns>False when it is too long for both.</returns>
        public bool Connect(byte[] larger)
        {
            ClientOptions o = options;
            bool v5 = o.Version == 5;
            textEnd = session.AssignedClientIdLength;
            byte[] id = o.ClientId;
            int idLength = Length(id);
            if (idLength == 0)
            {
                id = session.Texts;
                idLength = textEnd; // the name that the server gave us before
            }
            int block = v5 ? Block() : 0;
            int willBlock = Length(o.WillProperties) + (o.WillDelay == 0 ? 0 : 5);
            int length = 12 + idLength + Field(o.UserName) + Field(o.Password);
            if (v5) length += FixedHeader.LengthSize(block) + block;
            if (o.WillTopic != null)
            {
                length += 4 + o.WillTopic.Length + Length(o.WillPayload);
                if (v5) length += FixedHeader.LengthSize(willBlock) + willBlock;
            }
            int size = 1 + FixedHeader.LengthSize(length) + length;
            if (size > output.Data.Length) output.Data = larger;
            if (size > larger.Length) return false;
            writer.Open(output.Data, 0, size);
            writer.Byte(PacketType.Connect << 4);
            writer.VarInt(length);
            writer.UInt16(4);
            writer.UInt32(0x4D515454); // "MQTT"
            writer.Byte(v5 ? 5 : o.TryPrivate ? 0x84 : 4);
            writer.Byte(Flags());
            writer.UInt16(o.KeepAliveSeconds);
            if (v5) WriteBlock(block);
            writer.Binary(id, 0, idLength);
            if (o.WillTopic != null)
            {
                if (v5)
                {
                    writer.VarInt(willBlock);
                    if (o.WillDelay != 0) Number(PropertyId.WillDelay, o.WillDelay);
                    Run(o.WillProperties);
                }
                Write(o.WillTopic);
                Write(o.WillPayload);
            }
            if (o.UserName != null) Write(o.UserName);
            if (o.Password != null) Write(o.Password);
            output.End = writer.Offset;
            return true;
        }

        private int Flags()
        {
            ClientOptions o = options;
            int flags = o.CleanStart ? 0x02 : 0;
            if (o.WillTopic != null) flags |= 0x04 | o.WillQos << 3 | (o.WillRetain ? 0x20 : 0);
            if (o.Password != null) flags |= 0x40;
            if (o.UserName != null) flags |= 0x80;
            return flags;
        }

        private int Block()
        {
            ClientOptions o = options;
            int size = 3 + 5 + Length(o.UserProperties); // receive maximum, maximum packet size
            if (o.SessionExpiry != 0) size += 5;
            if (aliasesIn != 0) size += 3;
            if (o.RequestResponse) size += 2;
            if (o.AuthMethod != null) size += 1 + Field(o.AuthMethod);
            if (o.AuthData != null) size += 1 + Field(o.AuthData);
            return o.TryPrivate ? size + bridge.Length : size;
        }

        private void WriteBlock(int size)
        {
            ClientOptions o = options;
            writer.VarInt(size);
            if (o.SessionExpiry != 0) Number(PropertyId.SessionExpiry, o.SessionExpiry);
            Short(PropertyId.ReceiveMaximum, receiveMaximum);
            Number(PropertyId.MaximumPacketSize, (uint)packetBytes);
            if (aliasesIn != 0) Short(PropertyId.TopicAliasMaximum, aliasesIn);
            if (o.RequestResponse)
            {
                writer.Byte(PropertyId.RequestResponse);
                writer.Byte(1);
            }
            if (o.AuthMethod != null)
            {
                writer.Byte(PropertyId.AuthMethod);
                Write(o.AuthMethod);
            }
            if (o.AuthData != null)
            {
                writer.Byte(PropertyId.AuthData);
                Write(o.AuthData);
            }
            Run(o.UserProperties);
            if (o.TryPrivate) Run(bridge);
        }

        /// <summary>CONNACK has come.</summary>
        public Fault Connack(PacketReader reader)
        {
            Fault fault = connack.Decode(reader, 0);
            if (fault != Fault.None) return fault;
            Properties p = properties;
            int reason = connack.Reason;
            bool v5 = session.Version == 5;
            if (reason != 0)
            {
                if (!v5)
                {
                    if (reason == 1) options.TryPrivate = false;
                    reason = reasons[reason];
                }
                Words();
                session.End(reason);
                return Fault.None;
            }
            // [MQTT-3.2.2-4] and 3.1.1's own: who asked for a clean session has no state that could be present.
            if (connack.SessionPresent && options.CleanStart) return Fault.ProtocolError;
            if ((p.Present & Has.AssignedClientId) != 0)
            {
                textEnd = 0;
                session.AssignedClientIdLength = Keep(p.AssignedClientIdOffset, p.AssignedClientIdLength);
                if (textEnd == 0) return Fault.ImplementationSpecificError; // the session would never be found again
            }
            else if (v5 && Length(options.ClientId) == 0 && session.AssignedClientIdLength == 0)
            {
                return Fault.ProtocolError; // [MQTT-3.2.2-16]
            }
            fault = Method();
            if (fault != Fault.None) return fault;
            if ((p.Present & Has.AuthData) != 0)
            {
                int refused = sink.Auth(session, 0, p.Buffer, p.AuthDataOffset, p.AuthDataLength, reply);
                if (refused != 0) return (Fault)refused;
            }
            Granted(p);
            Words();
            session.Accepted(connack.SessionPresent);
            return Fault.None;
        }

        // What CONNACK grants. 3.1.1 says nothing: then no property is present.
        private void Granted(Properties p)
        {
            ClientSession s = session;
            int present = p.Present;
            s.ServerKeepAlive = (present & Has.ServerKeepAlive) != 0
                ? p.ServerKeepAlive : options.KeepAliveSeconds; // [MQTT-3.2.2-21]
            s.ServerReceiveMaximum = (present & Has.ReceiveMaximum) != 0 ? p.ReceiveMaximum : 65535;
            s.ServerMaximumQos = (present & Has.MaximumQos) != 0 ? p.MaximumQos : 2;
            s.ServerRetain = (present & Has.RetainAvailable) == 0 || p.RetainAvailable != 0;
            s.ServerPacketBytes = (present & Has.MaximumPacketSize) != 0 && p.MaximumPacketSize < int.MaxValue
                ? (int)p.MaximumPacketSize : int.MaxValue;
            int aliases = (present & Has.TopicAliasMaximum) != 0 ? p.TopicAliasMaximum : 0;
            s.ServerTopicAliases = aliases < aliasesOut ? aliases : aliasesOut;
            s.ServerWildcards = (present & Has.WildcardAvailable) == 0 || p.WildcardAvailable != 0;
            s.ServerSubscriptionIds = (present & Has.SubscriptionIdsAvailable) == 0
                || p.SubscriptionIdsAvailable != 0;
            s.ServerShared = (present & Has.SharedAvailable) == 0 || p.SharedAvailable != 0;
            s.ServerSessionExpiry = (present & Has.SessionExpiry) != 0 ? p.SessionExpiry : options.SessionExpiry;
            output.PacketMax = s.ServerPacketBytes;
            output.Window = s.ServerReceiveMaximum < sendWindow ? s.ServerReceiveMaximum : sendWindow;
        }

        // The method must be the one of CONNECT [MQTT-4.12.0-5]; without one there, none [MQTT-4.12.0-6].
        private Fault Method()
        {
            Properties p = properties;
            byte[] method = options.AuthMethod;
            if (session.Version != 5) return Fault.None;
            int length = (p.Present & Has.AuthMethod) != 0 ? p.AuthMethodLength : 0;
            if (length != Length(method)) return Fault.ProtocolError;
            for (int i = 0; i < length; i++)
            {
                if (p.Buffer[p.AuthMethodOffset + i] != method[i]) return Fault.ProtocolError;
            }
            return Fault.None;
        }

        // Keeps a text of the server's, if there is room; returns its length, 0 if not.
        private int Keep(int offset, int length)
        {
            if (session.Texts.Length - textEnd < length) return 0;
            Array.Copy(properties.Buffer, offset, session.Texts, textEnd, length);
            textEnd += length;
            return length;
        }

        // What the server says in CONNACK or DISCONNECT.
        private void Words()
        {
            ClientSession s = session;
            Properties p = properties;
            if ((p.Present & Has.ResponseInformation) != 0)
            {
                s.ResponseInformationOffset = textEnd;
                s.ResponseInformationLength = Keep(p.ResponseInformationOffset, p.ResponseInformationLength);
            }
            if ((p.Present & Has.ServerReference) != 0)
            {
                s.ServerReferenceOffset = textEnd;
                s.ServerReferenceLength = Keep(p.ServerReferenceOffset, p.ServerReferenceLength);
            }
            if ((p.Present & Has.ReasonString) != 0)
            {
                s.ReasonStringOffset = textEnd;
                s.ReasonStringLength = Keep(p.ReasonStringOffset, p.ReasonStringLength);
            }
        }

        /// <summary>DISCONNECT of an MQTT 5 server.</summary>
        public Fault Disconnect(PacketReader reader)
        {
            Fault fault = disconnect.Decode(reader, 0);
            if (fault != Fault.None) return fault;
            // [MQTT-3.14.2-2] a session expiry and 4 (with will) are the client's. 0 and others say why we are to go.
            if ((properties.Present & Has.SessionExpiry) != 0 || disconnect.Reason == ReasonCode.DisconnectWithWill)
            {
                return Fault.ProtocolError;
            }
            Words();
            session.End(disconnect.Reason == 0 ? (int)Fault.Closed : disconnect.Reason);
            return Fault.None;
        }

        /// <summary>AUTH: a step of the exchange at CONNECT or of a re-authentication.</summary>
        public Fault Auth(PacketReader reader)
        {
            // The answer needs the whole send buffer; the sink is asked once.
            if (!output.Idle() || output.Start != output.End) return Fault.Hold;
            Fault fault = auth.Decode(reader, 0);
            if (fault != Fault.None) return fault;
            bool connecting = session.State == ClientState.Connecting;
            int reason = auth.Reason;
            // [MQTT-4.12.0-6]; 0x19 is the client's, 0 ends a re-authentication only.
            if (options.AuthMethod == null || !connecting && !Reauthenticating
                || reason != (int)ReasonCode.ContinueAuthentication && (reason != 0 || connecting))
            {
                return Fault.ProtocolError;
            }
            Properties p = properties;
            if (reason != 0 || p.Present != 0)
            {
                fault = Method();
                if (fault != Fault.None) return fault;
            }
            reply.Buffer = null;
            reply.Length = 0;
            int length = (p.Present & Has.AuthData) != 0 ? p.AuthDataLength : 0;
            int refused = sink.Auth(session, reason, p.Buffer, p.AuthDataOffset, length, reply);
            if (refused != 0) return (Fault)refused;
            if (reason == 0)
            {
                Reauthenticating = false;
                return Fault.None;
            }
            session.StepDone();
            bool sent = Send(ReasonCode.ContinueAuthentication, reply.Buffer, reply.Offset, reply.Length);
            return sent ? Fault.None : Fault.ImplementationSpecificError;
        }

        /// <summary>Writes AUTH.</summary>
        /// <returns>False when there is no room for it.</returns>
        public bool Send(int reason, byte[] data, int offset, int length)
        {
            byte[] method = options.AuthMethod;
            int block = 3 + method.Length + (data == null ? 0 : 3 + length);
            int remaining = 1 + FixedHeader.LengthSize(block) + block;
            int size = 1 + FixedHeader.LengthSize(remaining) + remaining;
            int at = output.Idle() ? output.Reserve(size) : -1;
            if (at < 0) return false;
            writer.Open(output.Data, at, size);
            writer.Byte(PacketType.Auth << 4);
            writer.VarInt(remaining);
            writer.Byte(reason);
            writer.VarInt(block);
            writer.Byte(PropertyId.AuthMethod);
            Write(method);
            if (data != null)
            {
                writer.Byte(PropertyId.AuthData);
                writer.Binary(data, offset, length);
            }
            output.End = writer.Offset;
            return true;
        }

        /// <summary>The reason code why a SUBSCRIBE cannot be sent to this server, or 0.</summary>
        public int Refused(byte[] filter, int offset, int length, int filterOptions, int subscriptionId)
        {
            ClientSession s = session;
            bool wildcard;
            Fault fault = TopicName.CheckFilter(filter, offset, length, out wildcard);
            if (fault != Fault.None) return ReasonCode.TopicFilterInvalid;
            if (s.State != ClientState.Connected) return 0; // nothing is known of the server, or is out of date
            if (wildcard && !s.ServerWildcards) return ReasonCode.WildcardSubscriptionsNotSupported;
            if (s.Version == 5 && TopicText.IsShared(filter, offset, length))
            {
                if (!s.ServerShared) return ReasonCode.SharedSubscriptionsNotSupported;
                if ((filterOptions & 4) != 0) return ReasonCode.ProtocolError; // [MQTT-3.8.3-4]
            }
            bool ids = subscriptionId == 0 || s.ServerSubscriptionIds;
            return ids ? 0 : ReasonCode.SubscriptionIdentifiersNotSupported;
        }

        // [MQTT-2.2.1-3]: their packet identifiers are above those of messages.
        private int RequestId(int i)
        {
            return 65535 - i;
        }

        /// <summary>Sends SUBSCRIBE or UNSUBSCRIBE for one filter.</summary>
        /// <returns>The request's number; 0: no room now; below 0: the negative reason code why not.</returns>
        public int Request(int type, byte[] filter, int offset, int length, int filterOptions, int subscriptionId)
        {
            if (session.State != ClientState.Connected) return 0;
            int i = nextRequest;
            for (int tried = 0; requests[i] != 0; tried++)
            {
                if (tried == requests.Length) return 0;
                if (++i == requests.Length) i = 0;
            }
            int result = Write(type, RequestId(i), filter, offset, length, filterOptions, subscriptionId);
            if (result != 0) return result < 0 ? result : 0;
            requests[i] = (byte)type;
            nextRequest = i + 1 == requests.Length ? 0 : i + 1;
            return RequestId(i);
        }

        /// <summary>SUBACK or UNSUBACK has come.</summary>
        public Fault Answer(int type, int packetId, int reason)
        {
            int i = 65535 - packetId;
            int asked = type == PacketType.Suback ? PacketType.Subscribe : PacketType.Unsubscribe;
            if (i >= requests.Length || requests[i] != asked) return Fault.ProtocolError; // nobody asked
            requests[i] = 0;
            sink.Answer(session, packetId, reason);
            return Fault.None;
        }

        /// <summary>The connection is gone.</summary>
        public void Lost()
        {
            Reauthenticating = false;
            for (int i = 0; i < requests.Length; i++)
            {
                if (requests[i] == 0) continue;
                requests[i] = 0;
                sink.Answer(session, RequestId(i), (int)Fault.Closed);
            }
        }

        // 0, or the negative reason code or 0x100 (no room now) why not.
        private int Write(int type, int packetId, byte[] filter, int offset, int length, int filterOptions,
            int subscriptionId)
        {
            byte[] user = session.RequestProperties;
            int block = Length(user);
            if (subscriptionId != 0) block += 1 + FixedHeader.LengthSize(subscriptionId);
            int remaining = 4 + length + (type == PacketType.Subscribe ? 1 : 0);
            bool v5 = session.Version == 5;
            if (v5) remaining += FixedHeader.LengthSize(block) + block;
            int size = 1 + FixedHeader.LengthSize(remaining) + remaining;
            if (size > session.ServerPacketBytes || size > output.Data.Length) return -ReasonCode.PacketTooLarge;
            int at = output.Idle() ? output.Reserve(size) : -1;
            if (at < 0) return 0x100;
            writer.Open(output.Data, at, size);
            writer.Byte(type << 4 | 2);
            writer.VarInt(remaining);
            writer.UInt16(packetId);
            if (v5)
            {
                writer.VarInt(block);
                if (subscriptionId != 0)
                {
                    writer.Byte(PropertyId.SubscriptionId);
                    writer.VarInt(subscriptionId);
                }
                Run(user);
            }
            writer.Binary(filter, offset, length);
            if (type == PacketType.Subscribe) writer.Byte(v5 ? filterOptions : filterOptions & 3);
            output.End = writer.Offset;
            return 0;
        }
    }
}
