namespace Femto.Mqtt
{
    /// <summary>
    /// The broker's ledger. Whatever is dropped, refused or downgraded is counted here by cause; everything
    /// stands under <c>$SYS/broker</c> too. Counters wrap.
    /// </summary>
    public sealed class Counters
    {
        /// <summary>Bytes received and sent.</summary>
        public int BytesReceived, BytesSent;
        /// <summary>PUBLISH packets received and sent.</summary>
        public int PublishReceived, PublishSent;
        /// <summary>Packets of any type received and sent.</summary>
        public int PacketsReceived, PacketsSent;
        /// <summary>Bytes of payload in the PUBLISH packets received and sent.</summary>
        public int PayloadReceived, PayloadSent;

        /// <summary>Connections accepted by CONNACK.</summary>
        public int Connects;
        /// <summary>Connections refused: no free row, CONNACK with an error, no CONNECT in time.</summary>
        public int ConnectsRefused;
        /// <summary>Most clients connected at one time.</summary>
        public int ClientsMaximum;
        /// <summary>Sessions that ended because their time was over.</summary>
        public int SessionsExpired;
        /// <summary>Offline sessions with nothing queued that made room for a new one.</summary>
        public int SessionsEvicted;
        /// <summary>Connections that a new one with the same client identifier replaced.</summary>
        public int TakenOver;
        /// <summary>Connections closed because the keep-alive ran out.</summary>
        public int KeepAliveTimeouts;
        /// <summary>Connections closed because the peer broke a rule.</summary>
        public int ProtocolErrors;
        /// <summary>Connections closed because the peer took nothing, or did not complete a packet, in time.</summary>
        public int StalledClosed;

        /// <summary>Messages a session lost because its queue was full, newest or oldest as configured.</summary>
        public int DroppedQueueFull;
        /// <summary>Sessions ended because their queue was full, as configured.</summary>
        public int EndedQueueFull;
        /// <summary>Messages a session lost because the shared pool was full.</summary>
        public int DroppedPoolFull;
        /// <summary>QoS 0 messages not kept for a session without a connection.</summary>
        public int DroppedOffline;
        /// <summary>Messages whose expiry interval passed before they could be sent.</summary>
        public int DroppedExpired;
        /// <summary>Messages larger than the subscriber's maximum packet size.</summary>
        public int DroppedTooLarge;
        /// <summary>Messages the access hook kept from a subscriber or did not take from a publisher.</summary>
        public int DroppedDenied;
        /// <summary>Messages queued in a session when it ended.</summary>
        public int DroppedSessionEnd;
        /// <summary>Retained messages not stored because there was no room.</summary>
        public int DroppedRetained;
        /// <summary>Will messages not published because there was no room.</summary>
        public int DroppedWill;
        /// <summary>Calls of local clients that the broker could not carry out.</summary>
        public int DroppedLocal;

        /// <summary>QoS 1 and 2 publications refused because the pool was full.</summary>
        public int RefusedPoolFull;
        /// <summary>Publications refused because the retained message would not fit.</summary>
        public int RefusedRetained;
        /// <summary>Publications the access hook refused.</summary>
        public int RefusedDenied;
        /// <summary>Subscriptions refused because a table was full.</summary>
        public int RefusedSubscriptions;
        /// <summary>Subscriptions refused: filter not valid or not allowed.</summary>
        public int RefusedFilters;
        /// <summary>Times a publication was held back for room.</summary>
        public int Held;
        /// <summary>Deliveries at a lower QoS than published.</summary>
        public int Downgraded;
        /// <summary>Messages passed to another member of a shared subscription because theirs left.</summary>
        public int SharedMoved;

        internal static int Bytes()
        {
            return Heap.Object(38);
        }
    }
}
