namespace Femto.Mqtt
{
    /// <summary>
    /// What went wrong, in three ranges. <c>0x80</c> and above: the peer broke a rule, and the value is the
    /// MQTT 5 reason code with which the connection is closed. <c>0x01</c> to <c>0x3F</c>: a resource is
    /// exhausted, this operation is refused and the connection goes on. <c>0x40</c> to <c>0x7F</c>: the
    /// connection is gone.
    /// </summary>
    public enum Fault : byte
    {
        /// <summary>All is well.</summary>
        None = 0x00,

        /// <summary>The output buffer has no room for the packet; nothing was written.</summary>
        BufferFull = 0x01,
        /// <summary>The message pool has no blocks, handles or deliveries left.</summary>
        PoolFull = 0x02,
        /// <summary>The session's own quota is used up.</summary>
        QuotaFull = 0x03,
        /// <summary>A table has no free row.</summary>
        TableFull = 0x04,
        /// <summary>The inbox of local clients is full: call again after the next Tick.</summary>
        InboxFull = 0x05,
        /// <summary>The item is larger than the configured limit.</summary>
        TooLarge = 0x06,
        /// <summary>Not possible now: hold the connection back and try again when something is freed.</summary>
        Hold = 0x07,
        /// <summary>The message was older than its expiry before it could be sent.</summary>
        Expired = 0x08,
        /// <summary>The journal has no room for it until something is deleted.</summary>
        StoreFull = 0x09,
        /// <summary>The journal's device failed.</summary>
        StoreFailed = 0x0A,

        /// <summary>The connection or client is closed.</summary>
        Closed = 0x40,

        /// <summary>The peer broke a rule and no closer reason fits.</summary>
        UnspecifiedError = 0x80,
        /// <summary>The bytes do not form a packet.</summary>
        MalformedPacket = 0x81,
        /// <summary>The packet is well formed but not allowed here.</summary>
        ProtocolError = 0x82,
        /// <summary>Valid, but not accepted by this broker.</summary>
        ImplementationSpecificError = 0x83,
        /// <summary>Not MQTT 3.1.1 or 5.0.</summary>
        UnsupportedProtocolVersion = 0x84,
        /// <summary>The client identifier is valid but not allowed.</summary>
        ClientIdentifierNotValid = 0x85,
        /// <summary>Authorisation denied.</summary>
        NotAuthorized = 0x87,
        /// <summary>The topic filter is not valid.</summary>
        TopicFilterInvalid = 0x8F,
        /// <summary>The topic name is not valid.</summary>
        TopicNameInvalid = 0x90,
        /// <summary>More unacknowledged publications than the receive maximum.</summary>
        ReceiveMaximumExceeded = 0x93,
        /// <summary>A topic alias of zero or above the maximum.</summary>
        TopicAliasInvalid = 0x94,
        /// <summary>The packet is larger than the maximum packet size.</summary>
        PacketTooLarge = 0x95,
    }
}
