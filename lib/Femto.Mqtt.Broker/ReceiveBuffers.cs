using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// The bytes of packets that arrived in pieces or wait. Every connection has a small buffer; a packet that
    /// outgrows it moves to one of a few large ones, each with room for the largest packet and what may come
    /// behind it. So a hundred idle connections do not each keep a packet's worth of memory.
    /// </summary>
    internal sealed class ReceiveBuffers
    {
        public readonly byte[] Data;
        public readonly int[] Count;     // bytes stored for a connection
        public readonly byte[] Waiting;  // the connection waits for a large buffer
        public readonly int[] SinceMs;   // when the connection got its large buffer
        public int WaitingCount;
        public int FreeLarge;
        public bool Wanted;              // a local client waits for a large buffer
        public readonly int SmallBytes;  // of a connection's own buffer
        public readonly int LargeBytes;  // of one large buffer

        private readonly ushort[] large;      // the large buffer of a connection, from 1; 0 for none
        private readonly byte[] largeUsed;
        private readonly int largeBase;
        private int served;                   // the connection that got a large buffer by waiting last

        public ReceiveBuffers(Limits limits)
        {
            int n = limits.Connections;
            SmallBytes = limits.ReceiveSmallBytes;
            LargeBytes = BytesOfLarge(limits);
            largeBase = n * SmallBytes;
            Data = new byte[largeBase + limits.ReceiveBuffers * LargeBytes];
            Count = new int[n];
            Waiting = new byte[n];
            SinceMs = new int[n];
            large = new ushort[n];
            largeUsed = new byte[limits.ReceiveBuffers];
            FreeLarge = limits.ReceiveBuffers;
        }

        public static int Bytes(Limits limits)
        {
            int n = limits.Connections;
            return Heap.Object(13)
                + Heap.Array(n * limits.ReceiveSmallBytes + limits.ReceiveBuffers * BytesOfLarge(limits), 1)
                + Heap.Array(n, 4) * 2 + Heap.Array(n, 1) + Heap.Array(n, 2)
                + Heap.Array(limits.ReceiveBuffers, 1);
        }

        private static int BytesOfLarge(Limits limits)
        {
            return limits.PacketBytes + limits.ReceiveSmallBytes;
        }

        /// <summary>Where the connection's bytes begin in <see cref="Data"/>.</summary>
        public int Start(int c)
        {
            int l = large[c];
            return l == 0 ? c * SmallBytes : largeBase + (l - 1) * LargeBytes;
        }

        public bool HasLarge(int c)
        {
            return large[c] != 0;
        }

        /// <summary>Bytes that <see cref="Store"/> is sure to take now; when there are none, the connection waits for
        /// a large buffer.</summary>
        public int Room(int c)
        {
            int capacity = large[c] != 0 || MayEnlarge(c) ? LargeBytes : SmallBytes;
            int room = capacity - Count[c];
            if (room == 0 && large[c] == 0) Wait(c);
            return room;
        }

        // One that ends a packet and begins another does not go before those that wait.
        private bool MayEnlarge(int c)
        {
            return FreeLarge > 0 && WaitingCount == Waiting[c];
        }

        private void Wait(int c)
        {
            if (Waiting[c] != 0) return;
            Waiting[c] = 1;
            WaitingCount++;
        }

        /// <summary>Stores bytes behind those already there.</summary>
        /// <returns>How many were taken.</returns>
        public int Store(int c, byte[] source, int offset, int count, int nowMs)
        {
            int stored = Count[c];
            if (large[c] == 0 && stored + count > SmallBytes)
            {
                if (MayEnlarge(c)) Enlarge(c, nowMs);
                else Wait(c);
            }
            int room = (large[c] == 0 ? SmallBytes : LargeBytes) - stored;
            if (count > room) count = room;
            if (count > 0) Array.Copy(source, offset, Data, Start(c) + stored, count);
            Count[c] = stored + count;
            return count;
        }

        /// <summary>Takes bytes out of the middle; what is behind them moves up.</summary>
        public void Remove(int c, int position, int count)
        {
            int start = Start(c);
            int rest = Count[c] - position - count;
            if (rest > 0) Array.Copy(Data, start + position + count, Data, start + position, rest);
            Count[c] -= count;
            if (Count[c] == 0) Clear(c);
        }

        public void Clear(int c)
        {
            Count[c] = 0;
            Shrink(c);
            if (Waiting[c] != 0)
            {
                Waiting[c] = 0;
                WaitingCount--;
            }
        }

        /// <summary>The next connection that waits and for which a large buffer is free now, or -1. They take turns.
        /// </summary>
        public int NextServed()
        {
            if (WaitingCount == 0 || FreeLarge == 0) return -1;
            int c = served;
            do
            {
                c = c + 1 == Waiting.Length ? 0 : c + 1;
            }
            while (Waiting[c] == 0);
            served = c;
            return c;
        }

        /// <summary>Moves a connection's bytes to a large buffer; one is free.</summary>
        public void Enlarge(int c, int nowMs)
        {
            if (Waiting[c] != 0)
            {
                Waiting[c] = 0;
                WaitingCount--;
            }
            int i = 0;
            while (largeUsed[i] != 0) i++;
            largeUsed[i] = 1;
            FreeLarge--;
            int from = Start(c);
            large[c] = (ushort)(i + 1);
            SinceMs[c] = nowMs;
            if (Count[c] > 0) Array.Copy(Data, from, Data, Start(c), Count[c]);
        }

        /// <summary>Lends a large buffer for the time of one call.</summary>
        /// <returns>Where it begins in <see cref="Data"/>, or -1 when none is free.</returns>
        public int Borrow()
        {
            Wanted = FreeLarge == 0;
            if (Wanted) return -1;
            int i = 0;
            while (largeUsed[i] != 0) i++;
            return largeBase + i * LargeBytes;
        }

        private void Shrink(int c)
        {
            int l = large[c];
            if (l == 0) return;
            large[c] = 0;
            largeUsed[l - 1] = 0;
            FreeLarge++;
        }
    }
}
