namespace Femto.Mqtt
{
    /// <summary>Where the board gets the time of day from: SNTP. No call blocks, none throws.</summary>
    public interface ITimeSource
    {
        /// <summary>Begins to ask. May be called again.</summary>
        void Start();
        /// <summary>The time of day.</summary>
        /// <param name="milliseconds">0 to 999.</param>
        /// <returns>Seconds since 1970; 0: nobody has told yet.</returns>
        long Read(out int milliseconds);
    }
}
