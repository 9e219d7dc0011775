namespace Femto.Mqtt
{
    /// <summary>Seconds since boot.</summary>
    public sealed class UptimeSensor : ISensor
    {
        private readonly int scale;
        private int lastMs, seconds, restMs;
        private bool begun;

        /// <param name="decimals">Digits behind the point.</param>
        public UptimeSensor(int decimals)
        {
            scale = 1;
            for (int i = 0; i < decimals; i++) scale *= 10;
        }

        /// <inheritdoc/>
        public int Read(int nowMs, out int value)
        {
            if (!begun) lastMs = nowMs;
            begun = true;
            restMs += nowMs - lastMs;
            lastMs = nowMs;
            seconds += restMs / 1000;
            restMs %= 1000;
            value = seconds * scale;
            return SensorFault.None;
        }
    }
}
