using System.Diagnostics;

namespace Femto.Mqtt
{
    // byte 1            0001 0000
    // byte 2..          remaining length
    // protocol name     00 04 'M' 'Q' 'T' 'T'
    // protocol version  4 (3.1.1) or 5
    // connect flags     user name, password, will retain, will QoS (2), will, clean start, reserved 0
    // keep alive        two bytes, seconds
    // properties        MQTT 5
    // client identifier UTF-8
    // will properties   MQTT 5 }
    // will topic        UTF-8  } when the will flag is set
    // will payload      binary }
    // user name         UTF-8, when its flag is set
    // password          binary, when its flag is set
    //
    /// <summary>CONNECT (section 3.1).</summary>
    public sealed class Connect
    {
        /// <summary>What every offset refers to: the packet's buffer after decoding, the caller's for
        /// encoding. The properties have their own.</summary>
        public byte[] Buffer;
        /// <summary>4 (3.1.1) or 5, after decoding.</summary>
        public int Version;
        /// <summary>3.1.1: the protocol level says that the client is a bridge (0x84).</summary>
        public bool Bridge;
        /// <summary>Clean Session in 3.1.1.</summary>
        public bool CleanStart;
        /// <summary>Seconds, 0 to 65,535; 0: none.</summary>
        public int KeepAlive;
        public int ClientIdOffset;
        /// <summary>Bytes; 0 asks the broker to choose (in 3.1.1 only allowed with a clean session, which is
        /// for the broker to refuse).</summary>
        public int ClientIdLength;
        public bool HasWill;
        /// <summary>0, 1 or 2.</summary>
        public int WillQos;
        public bool WillRetain;
        public int WillTopicOffset;
        public int WillTopicLength;
        public int WillPayloadOffset;
        public int WillPayloadLength;
        public bool HasUserName;
        public int UserNameOffset;
        public int UserNameLength;
        public bool HasPassword;
        public int PasswordOffset;
        public int PasswordLength;
        public readonly Properties Properties;
        public readonly Properties WillProperties;

        public Connect(Properties properties, Properties willProperties)
        {
            Properties = properties;
            WillProperties = willProperties;
        }

        /// <summary>
        /// Reads and checks the whole packet and sets the reader's version. Faults:
        /// UnsupportedProtocolVersion (no other field is read then), MalformedPacket, ProtocolError,
        /// TopicNameInvalid (the will's).
        /// </summary>
        /// <param name="flags">The low four bits of the packet's first byte.</param>
        public Fault Decode(PacketReader r, int flags)
        {
            if (flags != 0)
            {
                return Fault.MalformedPacket; // [MQTT-2.1.3-1]
            }
            Fault fault = Protocol(r);
            if (fault != Fault.None)
            {
                return fault;
            }
            fault = Flags(r.Byte());
            if (fault != Fault.None)
            {
                return r.Fault != Fault.None ? r.Fault : fault;
            }
            KeepAlive = r.UInt16();
            Properties.Decode(r, PacketType.Connect);
            ClientIdOffset = r.Text(out ClientIdLength); // [MQTT-3.1.3-3] [MQTT-3.1.3-4]
            Will(r);
            UserNameOffset = HasUserName ? r.Text(out UserNameLength) : UserNameLength = 0; // [MQTT-3.1.3-12]
            PasswordOffset = HasPassword ? r.Binary(out PasswordLength) : PasswordLength = 0;
            if (r.Fault != Fault.None)
            {
                return r.Fault;
            }
            if (r.Offset != r.End)
            {
                return Fault.MalformedPacket; // [MQTT-3.1.4-1]
            }
            if ((Properties.Present & (Has.AuthMethod | Has.AuthData)) == Has.AuthData)
            {
                return Fault.ProtocolError; // 3.1.2.11.10: data without a method
            }
            if (HasWill && !TopicText.IsName(Buffer, WillTopicOffset, WillTopicLength))
            {
                return Fault.TopicNameInvalid; // [MQTT-4.7.0-1] [MQTT-4.7.3-1]
            }
            return Fault.None;
        }

        private Fault Protocol(PacketReader r)
        {
            byte[] b = r.Buffer;
            Buffer = b;
            int o = r.Binary(out int length);
            int version = r.Byte();
            if (r.Fault != Fault.None)
            {
                return r.Fault;
            }
            if (length != 4 || b[o] != 'M' || b[o + 1] != 'Q' || b[o + 2] != 'T' || b[o + 3] != 'T')
            {
                return Fault.UnsupportedProtocolVersion; // [MQTT-3.1.2-1]
            }
            Bridge = version == 0x84; // Mosquitto's bridges set the high bit of the level
            if (Bridge) version = 4;
            if (version != 4 && version != 5)
            {
                return Fault.UnsupportedProtocolVersion; // [MQTT-3.1.2-2]
            }
            Version = version;
            r.Version = version;
            return Fault.None;
        }

        private Fault Flags(int flags)
        {
            if ((flags & 1) != 0)
            {
                return Fault.MalformedPacket; // [MQTT-3.1.2-3]
            }
            CleanStart = (flags & 0x02) != 0;
            HasWill = (flags & 0x04) != 0;
            WillQos = flags >> 3 & 3;
            WillRetain = (flags & 0x20) != 0;
            HasPassword = (flags & 0x40) != 0;
            HasUserName = (flags & 0x80) != 0;
            if (WillQos == 3)
            {
                return Fault.MalformedPacket; // [MQTT-3.1.2-12], in 3.1.1 [MQTT-3.1.2-14]
            }
            if (!HasWill && (flags & 0x38) != 0)
            {
                return Fault.MalformedPacket; // [MQTT-3.1.2-11] [MQTT-3.1.2-13], in 3.1.1 -13 and -15
            }
            if (Version == 4 && HasPassword && !HasUserName)
            {
                return Fault.MalformedPacket; // 3.1.1's [MQTT-3.1.2-22]
            }
            return Fault.None;
        }

        private void Will(PacketReader r)
        {
            if (!HasWill)
            {
                WillProperties.Clear();
                WillTopicOffset = 0;
                WillTopicLength = 0;
                WillPayloadOffset = 0;
                WillPayloadLength = 0;
                return;
            }
            WillProperties.Decode(r, PacketType.Will); // [MQTT-3.1.2-9]
            WillTopicOffset = r.Text(out WillTopicLength); // [MQTT-3.1.3-11]
            WillPayloadOffset = r.Binary(out WillPayloadLength);
        }

        private int RemainingLength(int version)
        {
            int length = 10 + 2 + ClientIdLength;
            if (version == 5)
            {
                length += Properties.Size(PacketType.Connect);
            }
            if (HasWill)
            {
                length += 4 + WillTopicLength + WillPayloadLength;
                if (version == 5)
                {
                    length += WillProperties.Size(PacketType.Will);
                }
            }
            if (HasUserName)
            {
                length += 2 + UserNameLength;
            }
            if (HasPassword)
            {
                length += 2 + PasswordLength;
            }
            return length;
        }

        /// <summary>Bytes of the whole packet.</summary>
        public int Size(int version)
        {
            int length = RemainingLength(version);
            return 1 + FixedHeader.LengthSize(length) + length;
        }

        /// <summary>Writes the whole packet: <see cref="Size"/> bytes.</summary>
        public void Encode(PacketWriter w, int version)
        {
            Debug.Assert(version == 5 || HasUserName || !HasPassword);
            w.Byte(PacketType.Connect << 4);
            w.VarInt(RemainingLength(version));
            w.UInt16(4);
            w.UInt32(0x4D515454); // "MQTT"
            w.Byte(version);
            w.Byte(EncodedFlags());
            w.UInt16(KeepAlive);
            if (version == 5)
            {
                Properties.Encode(w, PacketType.Connect);
            }
            w.Binary(Buffer, ClientIdOffset, ClientIdLength);
            if (HasWill)
            {
                if (version == 5)
                {
                    WillProperties.Encode(w, PacketType.Will);
                }
                w.Binary(Buffer, WillTopicOffset, WillTopicLength);
                w.Binary(Buffer, WillPayloadOffset, WillPayloadLength);
            }
            if (HasUserName)
            {
                w.Binary(Buffer, UserNameOffset, UserNameLength);
            }
            if (HasPassword)
            {
                w.Binary(Buffer, PasswordOffset, PasswordLength);
            }
        }

        private int EncodedFlags()
        {
            int flags = CleanStart ? 0x02 : 0;
            if (HasWill)
            {
                flags |= 0x04 | WillQos << 3 | (WillRetain ? 0x20 : 0);
            }
            flags |= HasPassword ? 0x40 : 0;
            flags |= HasUserName ? 0x80 : 0;
            return flags;
        }
    }
}
