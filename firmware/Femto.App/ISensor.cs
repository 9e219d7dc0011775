namespace Femto.Mqtt
{
    /// <summary>
    /// Something that gives a number: one quantity of a chip, a counter, a pin. Called from the broker's thread, by
    /// schedule: it must not wait. A chip that needs time is asked in one call and read in the next.
    /// </summary>
    public interface ISensor
    {
        /// <summary>Takes one reading.</summary>
        /// <param name="nowMs">The app's milliseconds.</param>
        /// <param name="value">The reading, in units of the last digit: 2153 is 21.53 with two decimals.</param>
        /// <returns>A constant of <see cref="SensorFault"/>; the value counts only with None. What it throws is
        /// taken for <see cref="SensorFault.Broken"/>.</returns>
        int Read(int nowMs, out int value);
    }
}
