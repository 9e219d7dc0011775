namespace Femto.Mqtt
{
    /// <summary>One bit for each property of MQTT 5: what <see cref="Properties.Present"/> is made
    /// of.</summary>
    public static class Has
    {
        public const int PayloadFormat = 1 << 0;
        public const int MessageExpiry = 1 << 1;
        public const int ContentType = 1 << 2;
        public const int ResponseTopic = 1 << 3;
        public const int Correlation = 1 << 4;
        public const int SubscriptionId = 1 << 5;
        public const int SessionExpiry = 1 << 6;
        public const int AssignedClientId = 1 << 7;
        public const int ServerKeepAlive = 1 << 8;
        public const int AuthMethod = 1 << 9;
        public const int AuthData = 1 << 10;
        public const int RequestProblem = 1 << 11;
        public const int WillDelay = 1 << 12;
        public const int RequestResponse = 1 << 13;
        public const int ResponseInformation = 1 << 14;
        public const int ServerReference = 1 << 15;
        public const int ReasonString = 1 << 16;
        public const int ReceiveMaximum = 1 << 17;
        public const int TopicAliasMaximum = 1 << 18;
        public const int TopicAlias = 1 << 19;
        public const int MaximumQos = 1 << 20;
        public const int RetainAvailable = 1 << 21;
        public const int User = 1 << 22;
        public const int MaximumPacketSize = 1 << 23;
        public const int WildcardAvailable = 1 << 24;
        public const int SubscriptionIdsAvailable = 1 << 25;
        public const int SharedAvailable = 1 << 26;
    }
}
