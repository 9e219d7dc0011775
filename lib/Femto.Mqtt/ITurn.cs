namespace Femto.Mqtt
{
    /// <summary>
    /// What shares the broker's thread with it: a bridge, an application. Whoever runs the broker calls Turn after
    /// each turn of its own and sleeps no longer than Wait says. A turn does bounded work, blocks nowhere and throws
    /// nothing.
    /// </summary>
    public interface ITurn
    {
        /// <summary>Does everything that is due.</summary>
        /// <param name="nowMs">Any millisecond clock that does not go backwards; it may wrap.</param>
        /// <returns>What <see cref="Wait"/> says now.</returns>
        int Turn(int nowMs);
        /// <summary>Milliseconds until Turn must be called again at the latest, 0 and above; int.MaxValue: no need.
        /// </summary>
        int Wait(int nowMs);
    }
}
