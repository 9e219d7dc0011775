namespace Femto.Mqtt
{
    /// <summary>How much is told.</summary>
    public static class LogLevel
    {
        /// <summary>What needs somebody to do something.</summary>
        public const int Error = 0;
        /// <summary>What heals by itself, and should not have been.</summary>
        public const int Warning = 1;
        /// <summary>Who comes and goes.</summary>
        public const int Info = 2;
    }
}
