using System;

namespace Femto.Edge;

/// <summary>Finds the packets in a stream of bytes that comes in pieces.</summary>
internal sealed class Frames
{
    private readonly Action<byte[], int, int> packet;   // buffer, offset and length of a whole packet
    private byte[] data = new byte[65536];
    private int count;

    public Frames(Action<byte[], int, int> packet) => this.packet = packet;

    public void Add(byte[] buffer, int offset, int length)
    {
        if (count + length > data.Length)
        {
            Array.Resize(ref data, Math.Max(2 * data.Length, count + length));
        }
        Array.Copy(buffer, offset, data, count, length);
        count += length;
        int at = 0;
        while (Head(at, out int size) && at + size <= count)
        {
            packet(data, at, size);
            at += size;
        }
        count -= at;
        Array.Copy(data, at, data, 0, count);
    }

    public void Clear() => count = 0;

    // Bytes of the packet that begins there; false: its head is not complete.
    private bool Head(int at, out int size)
    {
        int length = 0;
        for (int i = 1; i <= 4 && at + i < count; i++)
        {
            int digit = data[at + i];
            length |= (digit & 127) << (7 * (i - 1));
            if (digit < 128)
            {
                size = 1 + i + length;
                return true;
            }
        }
        size = 0;
        return false;
    }

    /// <summary>Where the variable header of a packet begins.</summary>
    public static int Body(byte[] b, int at)
    {
        at++;
        while (b[at] >= 128)
        {
            at++;
        }
        return at + 1;
    }
}
