using System;

namespace Femto.Host;

/// <summary>
/// The untaken rest of a piece that was read, kept for each connection that the core holds back. The buffers are
/// made when first needed and used again.
/// </summary>
internal sealed class Rests
{
    private const int Most = 64;

    private readonly int bufferBytes;
    private readonly byte[][] buffer;       // by connection; null for none
    private readonly int[] start, end;
    private readonly byte[][] spare = new byte[Most][];
    private int spares, used;

    public Rests(int connections, int bufferBytes)
    {
        this.bufferBytes = bufferBytes;
        buffer = new byte[connections][];
        start = new int[connections];
        end = new int[connections];
    }

    /// <summary>Whether one more connection can keep a rest.</summary>
    public bool HasRoom => used < Most;

    public bool Has(int c) => buffer[c] != null;

    public void Keep(int c, byte[] from, int offset, int count)
    {
        used++;
        buffer[c] = spares > 0 ? spare[--spares] : GC.AllocateUninitializedArray<byte>(bufferBytes);
        start[c] = 0;
        end[c] = count;
        Array.Copy(from, offset, buffer[c], 0, count);
    }

    /// <summary>What is left; <see cref="Taken"/> follows.</summary>
    public int Get(int c, out byte[] bytes, out int offset)
    {
        bytes = buffer[c];
        offset = start[c];
        return end[c] - start[c];
    }

    public void Taken(int c, int count)
    {
        start[c] += count;
        if (start[c] == end[c])
        {
            Free(c);
        }
    }

    public void Free(int c)
    {
        if (buffer[c] == null)
        {
            return;
        }
        used--;
        if (spares < Most)
        {
            spare[spares++] = buffer[c];
        }
        buffer[c] = null;
    }
}
