namespace Femto.Mqtt
{
    /// <summary>Numbers by which the keyword table and the code know each other.</summary>
    internal static class Key
    {
        // Kept by number: what Apply writes into the limits, in this order.
        public const int MaxQueuedBytes = 1, MaxInflight = 2, MaxQueuedMessages = 3, MaxPacket = 4, MaxKeepAlive = 5,
            Expiration = 6, SysInterval = 7, GlobalConnections = 8, AliasesIn = 9, AliasesOut = 10;
        public const int LimitsEnd = 11;
        public const int ConnectionMessages = 11, Preset = 12;

        public const int Listener = 13, Port = 14, BindAddress = 15, MaxConnections = 16, AllowAnonymous = 17;

        public const int Connection = 20, Address = 21, Topic = 22, RoundRobin = 23, RemoteClientId = 24,
            RemoteUserName = 25, RemotePassword = 26, LocalClientId = 27, CleanSession = 28, KeepAlive = 29,
            RestartTimeout = 30, StartType = 31, Threshold = 32, IdleTimeout = 33, Notifications = 34,
            NotificationsLocalOnly = 35, NotificationTopic = 36, Version = 37, SystemTrust = 38, CaFile = 39,
            CertFile = 40, KeyFile = 41, Insecure = 42, MaxPacketUp = 43, OutgoingRetain = 44, MaxTopicAlias = 45,
            ReceiveMaximum = 46, TryPrivate = 47, AttemptUnsubscribe = 48, SpoolFull = 49, SpoolMessages = 50,
            SpoolBytes = 51, LoopMessages = 52;

        // What may be said once below each aggregate line stands together, and so do the words below sensor.
        public const int Aggregate = 60, AggregateAlarm = 61, AggregateOther = 62, AggregateField = 63,
            AggregateDecimals = 64, AggregateSuffix = 65, AggregateTopics = 66, AggregateQos = 67, BridgeEnd = 68;

        public const int Device = 70, StatusInterval = 71, Sensor = 72, SensorSource = 73, SensorInterval = 74,
            SensorDecimals = 75, SensorUnit = 76, SensorFormat = 77, SensorQos = 78, SensorRetain = 79,
            SensorTopic = 80, WatchdogTimeout = 81, BlackBoxFile = 82;

        public const int Persistence = 90, BlocksPerDay = 91, KeepBridges = 92, DriveBytes = 93, EraseBlock = 94,
            JournalFile = 95, GroupMs = 96, IdleMs = 97, JournalBytes = 98, JournalLocation = 99, KeepQos2 = 100,
            KeepQueues = 101, KeepRetained = 102, KeepSubscriptions = 103, KeepWills = 104, Worn = 105;

        public const int Count = 106;
    }
}
