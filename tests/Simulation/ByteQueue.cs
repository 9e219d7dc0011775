using System;

namespace Femto.Simulation
{
    /// <summary>Bytes under way in one direction.</summary>
    public sealed class ByteQueue
    {
        public byte[] Data = new byte[256];
        public int Start;
        public int Count;

        public void Add(byte[] bytes, int offset, int count)
        {
            if (Start + Count + count > Data.Length)
            {
                byte[] larger = new byte[Math.Max(Data.Length, 2 * (Count + count))];
                Array.Copy(Data, Start, larger, 0, Count);
                Data = larger;
                Start = 0;
            }
            Array.Copy(bytes, offset, Data, Start + Count, count);
            Count += count;
        }

        public void Take(int count)
        {
            Start += count;
            Count -= count;
            if (Count == 0) Start = 0;
        }

        public void Clear()
        {
            Start = 0;
            Count = 0;
        }
    }
}
