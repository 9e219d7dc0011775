namespace Femto.Mqtt
{
    /// <summary>Why the program began, as the status says it.</summary>
    public static class BootReason
    {
        public const int Unknown = 0;
        public const int PowerOn = 1;
        /// <summary>It was asked to: by a command.</summary>
        public const int Command = 2;
        /// <summary>Its own watchdog: loop, bridge or queues made no progress.</summary>
        public const int Watchdog = 3;
        /// <summary>The chip or its runtime began again by itself: a crash, or too low a voltage.</summary>
        public const int Crash = 4;
        /// <summary>A new program was put on it.</summary>
        public const int Update = 5;
    }
}
