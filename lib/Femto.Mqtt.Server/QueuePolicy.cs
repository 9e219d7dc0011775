namespace Femto.Mqtt
{
    /// <summary>What a session's full queue does with one message more.</summary>
    public static class QueuePolicy
    {
        /// <summary>The new message is dropped for this session.</summary>
        public const int DropNewest = 0;
        /// <summary>The oldest message not yet sent is dropped for this session.</summary>
        public const int DropOldest = 1;
        /// <summary>The session ends: its client is disconnected with 0x97.</summary>
        public const int EndSession = 2;
    }
}
