namespace Femto.Bench;

/// <summary>What one run showed. A message counts once for each subscriber that got it.</summary>
internal sealed class LoadResult
{
    public double PerSecond, P50Us, P99Us;
    /// <summary>Microseconds of the broker's processor time for each message received.</summary>
    public double CpuUs;
    /// <summary>
    /// Processors that the load itself kept busy: near 1.0 the figures are the load's, not the broker's.
    /// </summary>
    public double OwnCpuShare;
    public double MemoryMb;
    public long Lost, Disordered;
}
