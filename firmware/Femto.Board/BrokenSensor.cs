namespace Femto.Mqtt
{
    /// <summary>Stands where the configuration names a sensor that the board does not have: the others are read.
    /// </summary>
    public sealed class BrokenSensor : ISensor
    {
        /// <inheritdoc/>
        public int Read(int nowMs, out int value)
        {
            value = 0;
            return SensorFault.Broken;
        }
    }
}
