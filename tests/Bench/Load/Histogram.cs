using System;
using System.Numerics;

namespace Femto.Bench;

/// <summary>Counts durations in buckets of about 3 %, so that recording one costs a few instructions.</summary>
internal sealed class Histogram
{
    private const int SubBits = 5, Sub = 1 << SubBits;
    private readonly long[] buckets = new long[64 * Sub];
    private long count;

    public void Add(long ns)
    {
        ulong v = ns < Sub ? Sub : (ulong)ns;
        int shift = BitOperations.Log2(v) - SubBits;
        buckets[(shift << SubBits) + (int)(v >> shift)]++;
        count++;
    }

    public void Clear()
    {
        Array.Clear(buckets);
        count = 0;
    }

    /// <summary>The duration in ns that the given share (0 to 1) of all stays at or below; 0 when empty.</summary>
    public double Quantile(double share)
    {
        long left = (long)Math.Ceiling(count * share);
        for (int i = 0; i < buckets.Length && count > 0; i++)
        {
            left -= buckets[i];
            if (left > 0 || buckets[i] == 0)
            {
                continue;
            }
            int shift = Math.Max(0, (i >> SubBits) - 1);
            return (double)((long)(i - (shift << SubBits)) << shift);
        }
        return 0;
    }
}
