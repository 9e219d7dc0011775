namespace Femto.Mqtt
{
    /// <summary>
    /// What CONNECT says (section 3.1). Read at each <see cref="ClientSession.Opened"/>; change it only while the
    /// session is offline. Texts are UTF-8.
    /// </summary>
    public sealed class ClientOptions
    {
        /// <summary>4 (MQTT 3.1.1) or 5 (5.0).</summary>
        public int Version = 5;
        /// <summary>Null or empty: the server chooses (3.1.1: only with <see cref="CleanStart"/>).</summary>
        public byte[] ClientId;
        /// <summary>Null: none.</summary>
        public byte[] UserName;
        /// <summary>Null: none. 3.1.1 allows one only with a user name.</summary>
        public byte[] Password;
        /// <summary>The server forgets an earlier session. What this client had not got acknowledged is published
        /// anew.</summary>
        public bool CleanStart = true;
        /// <summary>Seconds the server keeps the session after the connection, 0xFFFFFFFF for ever. MQTT 5.</summary>
        public uint SessionExpiry;
        /// <summary>Seconds, 0 to 65,535; 0: none. The server may choose another in MQTT 5.</summary>
        public int KeepAliveSeconds = 60;

        /// <summary>Null: no will.</summary>
        public byte[] WillTopic;
        /// <summary>Null: empty.</summary>
        public byte[] WillPayload;
        /// <summary>0 to 2.</summary>
        public int WillQos;
        public bool WillRetain;
        /// <summary>Seconds. MQTT 5.</summary>
        public uint WillDelay;
        /// <summary>Properties of the will, encoded as they stand in the packet (identifier, value, ...), without
        /// the delay: expiry, content type, response topic, user properties and so on. Null: none. MQTT 5.</summary>
        public byte[] WillProperties;

        /// <summary>User properties of CONNECT, encoded (0x26, name, value, ...). Null: none. MQTT 5.</summary>
        public byte[] UserProperties;
        /// <summary>Asks for response information. MQTT 5.</summary>
        public bool RequestResponse;
        /// <summary>The authentication method; null: no AUTH exchange. MQTT 5.</summary>
        public byte[] AuthMethod;
        /// <summary>The first authentication data; null: none.</summary>
        public byte[] AuthData;

        /// <summary>
        /// Says that this is a bridge: 3.1.1 by the protocol level 0x84, MQTT 5 by the user property
        /// <c>femto-bridge</c> = <c>1</c>. Cleared when a 3.1.1 server refuses the level: connect again then.
        /// </summary>
        public bool TryPrivate;
    }
}
