namespace Femto.Mqtt
{
    /// <summary>Told when the time of day is known.</summary>
    public interface ITimeLog
    {
        /// <summary>For the first time.</summary>
        /// <param name="seconds">Since 1970.</param>
        void TimeKnown(long seconds);
    }
}
