namespace Femto.Mqtt
{
    /// <summary>The rows of <see cref="Bridge.Counters"/>. Counters wrap.</summary>
    public static class BridgeCounter
    {
        /// <summary>Attempts to connect.</summary>
        public const int Attempts = 0;
        /// <summary>Connections that the upstream accepted.</summary>
        public const int Connects = 1;
        /// <summary>Attempts that the upstream refused by CONNACK.</summary>
        public const int Refused = 2;
        /// <summary>Connections that ended other than by our own DISCONNECT.</summary>
        public const int Lost = 3;
        /// <summary>Messages that left the spool because the upstream has them.</summary>
        public const int SentUp = 4;
        /// <summary>Messages from the upstream that were routed here.</summary>
        public const int CameDown = 5;
        /// <summary>Messages the upstream refused with a reason code of 0x80 and above.</summary>
        public const int RefusedUp = 6;
        /// <summary>Messages larger than the upstream takes, or with a topic too long once mapped.</summary>
        public const int DroppedTooLarge = 7;
        /// <summary>Messages whose expiry interval passed in the spool.</summary>
        public const int DroppedExpired = 8;
        /// <summary>Messages from the upstream that could not be taken: topic not valid here, no right to publish,
        /// no room to retain.</summary>
        public const int RefusedDown = 9;
        /// <summary>Times a message from the upstream was held back for room.</summary>
        public const int Held = 10;
        /// <summary>Messages sent and not acknowledged that were published anew, because the upstream had lost the
        /// session: they may have arrived twice.</summary>
        public const int Renewed = 11;
        /// <summary>Subscriptions that the upstream refused.</summary>
        public const int SubscriptionsRefused = 12;
        /// <summary>Times another address was tried because one did not answer.</summary>
        public const int Failovers = 13;
        /// <summary>Times the bridge went back to its first address.</summary>
        public const int Returns = 14;

        /// <summary>Readings taken into an aggregate: they do not go up as they are.</summary>
        public const int Aggregated = 15;
        /// <summary>Results of aggregation that were queued.</summary>
        public const int Results = 16;
        /// <summary>Messages that matched a rule and went up as they are, for want of memory: all rows of the rule are
        /// in use, the topic is too long, or a full batch could not leave.</summary>
        public const int Unaggregated = 17;
        /// <summary>Messages that matched a rule and were not numbers.</summary>
        public const int NotNumbers = 18;
        /// <summary>Messages that went up at once as alarms.</summary>
        public const int Alarms = 19;

        /// <summary>Messages of a 3.1.1 upstream that were larger than the bridge takes: acknowledged there and let
        /// go.</summary>
        public const int TooLargeDown = 20;

        /// <summary>Number of counters.</summary>
        public const int Count = 21;
    }
}
