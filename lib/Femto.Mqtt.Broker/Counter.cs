namespace Femto.Mqtt
{
    /// <summary>
    /// The rows of the broker's ledger, <see cref="Broker.Counters"/>. Whatever is dropped, refused or downgraded is
    /// counted there by cause, and stands under <c>$SYS/broker</c>. Counters wrap.
    /// </summary>
    public static class Counter
    {
        /// <summary>Most clients connected at one time.</summary>
        public const int ClientsMaximum = 0;
        /// <summary>Sessions that ended because their time was over.</summary>
        public const int SessionsExpired = 1;
        /// <summary>Packets received, of any type.</summary>
        public const int PacketsReceived = 2;
        /// <summary>Packets sent, of any type.</summary>
        public const int PacketsSent = 3;
        /// <summary>PUBLISH packets received.</summary>
        public const int PublishReceived = 4;
        /// <summary>PUBLISH packets sent.</summary>
        public const int PublishSent = 5;
        /// <summary>Bytes of payload in the PUBLISH packets received.</summary>
        public const int PayloadReceived = 6;
        /// <summary>Bytes of payload in the PUBLISH packets sent.</summary>
        public const int PayloadSent = 7;
        /// <summary>Bytes received.</summary>
        public const int BytesReceived = 8;
        /// <summary>Bytes sent.</summary>
        public const int BytesSent = 9;
        /// <summary>Connections accepted by CONNACK.</summary>
        public const int Connects = 10;
        /// <summary>Connections refused: no free row, CONNACK with an error, no CONNECT in time.</summary>
        public const int ConnectsRefused = 11;
        /// <summary>Connections that a new one with the same client identifier replaced.</summary>
        public const int TakenOver = 12;
        /// <summary>Connections closed because the keep-alive ran out.</summary>
        public const int KeepAliveTimeouts = 13;
        /// <summary>Connections closed because the peer broke a rule.</summary>
        public const int ProtocolErrors = 14;
        /// <summary>Connections closed because the peer took nothing, or did not complete a packet, in time.</summary>
        public const int StalledClosed = 15;
        /// <summary>Offline sessions with nothing queued that made room for a new one.</summary>
        public const int SessionsEvicted = 16;
        /// <summary>Sessions ended because their queue was full, as configured.</summary>
        public const int EndedQueueFull = 17;
        /// <summary>Messages a session lost because its queue was full, newest or oldest as configured.</summary>
        public const int DroppedQueueFull = 18;
        /// <summary>Messages a session lost because the shared pool was full.</summary>
        public const int DroppedPoolFull = 19;
        /// <summary>QoS 0 messages not kept for a session without a connection.</summary>
        public const int DroppedOffline = 20;
        /// <summary>Messages whose expiry interval passed before they could be sent.</summary>
        public const int DroppedExpired = 21;
        /// <summary>Messages larger than the subscriber's maximum packet size.</summary>
        public const int DroppedTooLarge = 22;
        /// <summary>
        /// Messages the access hook kept from a subscriber, or did not take from a publisher at QoS 0.
        /// </summary>
        public const int DroppedDenied = 23;
        /// <summary>Messages queued in a session when it ended.</summary>
        public const int DroppedSessionEnd = 24;
        /// <summary>Retained messages not stored because there was no room.</summary>
        public const int DroppedRetained = 25;
        /// <summary>Will messages not published: no room, or no right to publish.</summary>
        public const int DroppedWill = 26;
        /// <summary>Calls of local clients that the broker could not carry out.</summary>
        public const int DroppedLocal = 27;
        /// <summary>QoS 1 and 2 publications refused because the pool was full.</summary>
        public const int RefusedPoolFull = 28;
        /// <summary>Publications refused because the retained message would not fit.</summary>
        public const int RefusedRetained = 29;
        /// <summary>Publications the access hook refused.</summary>
        public const int RefusedDenied = 30;
        /// <summary>Subscriptions refused because a table was full.</summary>
        public const int RefusedSubscriptions = 31;
        /// <summary>Subscriptions refused: filter not valid or not allowed.</summary>
        public const int RefusedFilters = 32;
        /// <summary>Publications refused because their topic is longer or deeper than the limits.</summary>
        public const int RefusedTopics = 33;
        /// <summary>Times a publication was held back for room.</summary>
        public const int Held = 34;
        /// <summary>Deliveries at a lower QoS than published.</summary>
        public const int Downgraded = 35;
        /// <summary>Messages passed to another member of a shared subscription because theirs left.</summary>
        public const int SharedMoved = 36;

        /// <summary>QoS 1 and 2 publications refused because a bridge's spool was full.</summary>
        public const int RefusedSpoolFull = 37;
        /// <summary>Messages not routed because a bridge had sent them up and they came back.</summary>
        public const int LoopsStopped = 38;

        /// <summary>Publications, subscriptions and connections refused because the journal has no room or its device
        /// failed.</summary>
        public const int RefusedStore = 39;
        /// <summary>Messages that nobody could be refused, and that are not kept over a loss of power.</summary>
        public const int DroppedStore = 40;

        /// <summary>Times the journal was made durable.</summary>
        public const int StoreSyncs = 41;
        /// <summary>Bytes written to the journal.</summary>
        public const int StoreBytes = 42;
        /// <summary>Records found damaged when the journal was read again, and what hung on them.</summary>
        public const int StoreDamaged = 43;
        /// <summary>Erase blocks worn by the journal since boot, the file system's own included.</summary>
        public const int WearBlocks = 44;
        /// <summary>Days that the drive lasts at the wear so far since boot, at least a day's budget of it.</summary>
        public const int WearDays = 45;

        /// <summary>Number of counters.</summary>
        public const int Count = 46;
        /// <summary>First and last counter of lost messages.</summary>
        internal const int FirstDropped = DroppedQueueFull;
        internal const int LastDropped = DroppedLocal;
    }
}
