namespace Femto.Mqtt.Unit
{
    /// <summary>Drives the codec as a transport does: finds a packet's bounds, decodes it by its type, and
    /// encodes the object that came out.</summary>
    public static class PacketCodec
    {
        /// <summary>What <see cref="Decode"/> says when the bytes end before the packet does.</summary>
        public const string Incomplete = "...";
        public const int LevelsMax = 8;

        public static readonly PacketReader Reader = new PacketReader();
        public static readonly PacketWriter Writer = new PacketWriter();
        public static readonly Properties Properties = NewProperties();
        public static readonly Properties WillProperties = NewProperties();
        public static readonly Connect Connect = new Connect(Properties, WillProperties);
        public static readonly Connack Connack = new Connack(Properties);
        public static readonly Publish Publish = new Publish(Properties, new TopicPath(LevelsMax, 12345));
        public static readonly Ack Ack = new Ack(Properties);
        public static readonly Subscribe Subscribe = new Subscribe(Properties);
        public static readonly Unsubscribe Unsubscribe = new Unsubscribe(Properties);
        public static readonly Suback Suback = new Suback(Properties);
        public static readonly Disconnect Disconnect = new Disconnect(Properties);
        public static readonly Auth Auth = new Auth(Properties);

        /// <summary>Of the packet decoded last: its type, version and whole size.</summary>
        public static int Type;
        public static int Version;
        public static int Size;

        private static Properties NewProperties()
        {
            Properties properties = new Properties();
            properties.SubscriptionIds = new int[8];
            return properties;
        }

        /// <summary>The packet as text, "!" and the fault's number, or <see cref="Incomplete"/>.</summary>
        public static string Decode(byte[] buffer, int offset, int count, int version)
        {
            Fault fault = Take(buffer, offset, count, version);
            if (fault == Fault.Hold)
            {
                return Incomplete;
            }
            if (fault != Fault.None)
            {
                return FaultText(fault);
            }
            return Reader.Offset == Reader.End ? Text() : "left over";
        }

        /// <summary>The packet in the object of its type, nothing allocated; Hold: the bytes end too early.</summary>
        public static Fault Take(byte[] buffer, int offset, int count, int version)
        {
            int head = FixedHeader.Decode(buffer, offset, count, out int remaining);
            if (head < 0)
            {
                return Fault.MalformedPacket;
            }
            if (head == 0 || head + remaining > count)
            {
                return Fault.Hold;
            }
            Size = head + remaining;
            Version = version;
            int first = buffer[offset];
            Type = first >> 4;
            Fault early = FixedHeader.CheckFlags(first, version);
            if (Type == 0)
            {
                return early;
            }
            Reader.Open(buffer, offset + head, remaining, version);
            Fault fault = Body(first & 15);
            // What CheckFlags refuses Decode refuses too, and alike.
            return early != Fault.None && fault != early ? Fault.UnspecifiedError : fault;
        }

        public static string FaultText(Fault fault)
        {
            Line.Clear();
            Line.Add("!");
            Line.Byte((int)fault);
            return Line.Text();
        }

        private static Fault Body(int flags)
        {
            switch (Type)
            {
                case PacketType.Connect:
                    Fault fault = Connect.Decode(Reader, flags);
                    Version = Reader.Version;
                    return fault;
                case PacketType.Connack:
                    return Connack.Decode(Reader, flags);
                case PacketType.Publish:
                    return Publish.Decode(Reader, flags);
                case PacketType.Subscribe:
                    return Subscribe.Decode(Reader, flags);
                case PacketType.Unsubscribe:
                    return Unsubscribe.Decode(Reader, flags);
                case PacketType.Suback:
                case PacketType.Unsuback:
                    Suback.Type = Type;
                    return Suback.Decode(Reader, flags);
                case PacketType.Pingreq:
                case PacketType.Pingresp:
                    return Ping.Decode(Reader, flags);
                case PacketType.Disconnect:
                    return Disconnect.Decode(Reader, flags);
                case PacketType.Auth:
                    return Auth.Decode(Reader, flags);
                default:
                    Ack.Type = Type;
                    return Ack.Decode(Reader, flags);
            }
        }

        private static string Text()
        {
            Line.Clear();
            switch (Type)
            {
                case PacketType.Connect: PacketText.Of(Connect); break;
                case PacketType.Connack: PacketText.Of(Connack); break;
                case PacketType.Publish: PacketText.Of(Publish); break;
                case PacketType.Subscribe: PacketText.Of(Subscribe); break;
                case PacketType.Unsubscribe: PacketText.Of(Unsubscribe); break;
                case PacketType.Suback: PacketText.Of(Suback); break;
                case PacketType.Unsuback: PacketText.Of(Suback); break;
                case PacketType.Pingreq: Line.Add("PINGREQ"); break;
                case PacketType.Pingresp: Line.Add("PINGRESP"); break;
                case PacketType.Disconnect: PacketText.Of(Disconnect); break;
                case PacketType.Auth: PacketText.Of(Auth); break;
                default: PacketText.Of(Ack); break;
            }
            return Line.Text();
        }

        /// <summary>What the packet decoded last says of its encoded size.</summary>
        public static int EncodedSize()
        {
            switch (Type)
            {
                case PacketType.Connect: return Connect.Size(Version);
                case PacketType.Connack: return Connack.Size(Version);
                case PacketType.Publish: return Publish.Size(Version);
                case PacketType.Subscribe: return Subscribe.Size(Version);
                case PacketType.Unsubscribe: return Unsubscribe.Size(Version);
                case PacketType.Suback: return Suback.Size(Version);
                case PacketType.Unsuback: return Suback.Size(Version);
                case PacketType.Pingreq: return Ping.Size;
                case PacketType.Pingresp: return Ping.Size;
                case PacketType.Disconnect: return Disconnect.Size(Version);
                case PacketType.Auth: return Auth.Size(Version);
                default: return Ack.Size(Version);
            }
        }

        /// <summary>Encodes the packet decoded last and returns where it ends.</summary>
        public static int Encode(byte[] buffer, int offset, int count)
        {
            Writer.Open(buffer, offset, count);
            switch (Type)
            {
                case PacketType.Connect: Connect.Encode(Writer, Version); break;
                case PacketType.Connack: Connack.Encode(Writer, Version); break;
                case PacketType.Publish: Publish.Encode(Writer, Version); break;
                case PacketType.Subscribe: Subscribe.Encode(Writer, Version); break;
                case PacketType.Unsubscribe: Unsubscribe.Encode(Writer, Version); break;
                case PacketType.Suback: Suback.Encode(Writer, Version); break;
                case PacketType.Unsuback: Suback.Encode(Writer, Version); break;
                case PacketType.Pingreq: Ping.Encode(Writer, Type); break;
                case PacketType.Pingresp: Ping.Encode(Writer, Type); break;
                case PacketType.Disconnect: Disconnect.Encode(Writer, Version); break;
                case PacketType.Auth: Auth.Encode(Writer, Version); break;
                default: Ack.Encode(Writer, Version); break;
            }
            return Writer.Offset;
        }
    }
}
