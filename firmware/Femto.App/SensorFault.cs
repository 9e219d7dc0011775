namespace Femto.Mqtt
{
    /// <summary>How a reading ended.</summary>
    public static class SensorFault
    {
        public const int None = 0;
        /// <summary>Nobody answers on the bus or at the pin.</summary>
        public const int NoAnswer = 1;
        /// <summary>It answered what cannot be.</summary>
        public const int OutOfRange = 2;
        /// <summary>It threw, or says itself that it is broken.</summary>
        public const int Broken = 3;
        /// <summary>It has not measured since the last call: no reading, and no fault either.</summary>
        public const int NotReady = 4;
    }
}
