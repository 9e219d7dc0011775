namespace Femto.Mqtt
{
    /// <summary>What a bridge's full spool does with one more message of QoS 1 or 2.</summary>
    public static class SpoolPolicy
    {
        /// <summary>Publishers are held back, then refused (MQTT 5: 0x97; 3.1.1: closed): nothing is lost.</summary>
        public const int Hold = 0;
        /// <summary>The oldest message not yet sent is dropped.</summary>
        public const int DropOldest = 1;
        /// <summary>The message of the same topic not yet sent is dropped, if there is one, else the oldest.</summary>
        public const int KeepLatest = 2;
    }
}
