using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// What waits to go out, as one contiguous run of bytes for each connection. When the end of a buffer is
    /// reached the run moves to its beginning: a block copy is cheaper than bytes that wrap.
    /// </summary>
    internal sealed class SendBuffers
    {
        public readonly byte[] Data;
        public readonly int[] Start; // in Data
        public readonly int[] End;   // in Data
        public readonly int Size;    // of one connection's buffer
        public Changes Changes;      // null: nothing is held back

        public SendBuffers(Limits limits)
        {
            Size = limits.SendBytes;
            Data = new byte[limits.Connections * Size];
            Start = new int[limits.Connections];
            End = new int[limits.Connections];
        }

        public static int Bytes(Limits limits)
        {
            return Heap.Object(5) + Heap.Array(limits.Connections * limits.SendBytes, 1)
                + Heap.Array(limits.Connections, 4) * 2;
        }

        public void Clear(int c)
        {
            Start[c] = c * Size;
            End[c] = c * Size;
            if (Changes != null) Changes.Held[c] = -1;
        }

        /// <summary>Bytes that <see cref="Reserve"/> can give.</summary>
        public int Room(int c)
        {
            return Size - (End[c] - Start[c]);
        }

        /// <summary>Makes room for some bytes at the end of the run.</summary>
        /// <returns>Where they go in <see cref="Data"/>, or -1 when there is no room. The caller moves
        /// <see cref="End"/>.</returns>
        public int Reserve(int c, int count)
        {
            int end = End[c];
            int first = c * Size;
            if (first + Size - end >= count) return end;
            int start = Start[c];
            int length = end - start;
            if (Size - length < count) return -1;
            if (length > 0) Array.Copy(Data, start, Data, first, length);
            Start[c] = first;
            End[c] = first + length;
            if (Changes != null && Changes.Held[c] >= 0) Changes.Held[c] -= start - first;
            return first + length;
        }

        /// <summary>Bytes were taken from the front.</summary>
        public void Take(int c, int count)
        {
            int start = Start[c] + count;
            if (start == End[c])
            {
                start = c * Size;
                End[c] = start;
                if (Changes != null) Changes.Held[c] = -1;
            }
            Start[c] = start;
        }
    }
}
