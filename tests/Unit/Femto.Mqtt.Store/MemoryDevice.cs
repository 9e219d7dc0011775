using System;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// A device in memory that loses power. What was not synced is lost as the mode says; the cut comes after a given
    /// number of calls that change something, in the middle of the last of them.
    /// </summary>
    public sealed class MemoryDevice : IByteDevice
    {
        /// <summary>All that was not synced is lost.</summary>
        public const int LoseAll = 0;
        /// <summary>All of it is there.</summary>
        public const int KeepAll = 1;
        /// <summary>Each write since the sync is there, partly there or not there, by chance.</summary>
        public const int Shuffle = 2;

        public int Calls;               // that changed something
        public int CutAfter = int.MaxValue;
        public bool Off;
        public int SyncsLeftOut;        // a planted fault: so many syncs do nothing
        public bool FailWrites;

        private const int Clearing = -1;

        private readonly int segments;
        private readonly int segmentBytes;
        private readonly byte[][] now;
        private readonly int[] size;
        private readonly byte[][] safe;
        private readonly int[] safeSize;
        // Changes since the last sync of their segment, in order.
        private readonly int[] segmentOf = new int[4096];
        private readonly int[] positionOf = new int[4096];
        private readonly byte[][] bytesOf = new byte[4096][];
        private int changes;
        private uint state;

        public MemoryDevice(int segments, int segmentBytes)
        {
            this.segments = segments;
            this.segmentBytes = segmentBytes;
            now = new byte[segments][];
            safe = new byte[segments][];
            size = new int[segments];
            safeSize = new int[segments];
            for (int s = 0; s < segments; s++)
            {
                now[s] = new byte[segmentBytes];
                safe[s] = new byte[segmentBytes];
            }
        }

        public int Segments() { return segments; }

        public int SegmentBytes() { return segmentBytes; }

        public int Size(int segment) { return size[segment]; }

        public int Read(int segment, int position, byte[] buffer, int offset, int count)
        {
            int left = size[segment] - position;
            if (left < count) count = left < 0 ? 0 : left;
            Array.Copy(now[segment], position, buffer, offset, count);
            return count;
        }

        public bool Write(int segment, int position, byte[] buffer, int offset, int count)
        {
            if (Off || FailWrites) return false;
            if (position != size[segment]) throw new InvalidOperationException("a write not at the end");
            if (position + count > segmentBytes) throw new InvalidOperationException("a write beyond the segment");
            byte[] bytes = new byte[count];
            Array.Copy(buffer, offset, bytes, 0, count);
            Change(segment, position, bytes);
            Array.Copy(bytes, 0, now[segment], position, count);
            size[segment] = position + count;
            return !Cut();
        }

        public bool Sync(int segment)
        {
            if (Off) return false;
            if (Cut()) return false;
            if (SyncsLeftOut > 0)
            {
                SyncsLeftOut--;
                return true;
            }
            int kept = 0;
            for (int i = 0; i < changes; i++)
            {
                if (segmentOf[i] == segment) continue;
                segmentOf[kept] = segmentOf[i];
                positionOf[kept] = positionOf[i];
                bytesOf[kept++] = bytesOf[i];
            }
            changes = kept;
            Array.Copy(now[segment], safe[segment], segmentBytes);
            safeSize[segment] = size[segment];
            return true;
        }

        public bool Clear(int segment)
        {
            if (Off) return false;
            Change(segment, Clearing, null);
            Array.Clear(now[segment], 0, segmentBytes);
            size[segment] = 0;
            return !Cut();
        }

        /// <summary>The power is back: what is left of the changes that were not synced.</summary>
        public void Restart(int mode, uint seed)
        {
            state = seed * 2654435761 + 1;
            for (int i = 0; i < changes; i++)
            {
                if (mode == LoseAll) continue;
                int fate = mode == KeepAll ? 0 : Next(4);
                if (fate == 3) continue; // dropped
                int s = segmentOf[i];
                if (positionOf[i] == Clearing)
                {
                    if (fate == 0) safeSize[s] = 0;
                    else if (fate == 1) safeSize[s] = Next(safeSize[s] + 1);
                    for (int k = safeSize[s]; k < segmentBytes; k++) safe[s][k] = 0;
                    continue;
                }
                byte[] bytes = bytesOf[i];
                int n = fate == 0 ? bytes.Length : Next(bytes.Length + 1);
                Array.Copy(bytes, 0, safe[s], positionOf[i], n);
                if (positionOf[i] + n > safeSize[s] && n > 0) safeSize[s] = positionOf[i] + n;
                if (fate == 2 && n > 0) safe[s][positionOf[i] + Next(n)] ^= (byte)(1 + Next(255));
            }
            changes = 0;
            for (int s = 0; s < segments; s++)
            {
                Array.Copy(safe[s], now[s], segmentBytes);
                size[s] = safeSize[s];
            }
            Off = false;
            Calls = 0;
            CutAfter = int.MaxValue;
        }

        /// <summary>Damages one byte that was durable.</summary>
        public void Damage(int segment, int position, int mask)
        {
            now[segment][position] ^= (byte)mask;
            safe[segment][position] ^= (byte)mask;
        }

        private void Change(int segment, int position, byte[] bytes)
        {
            segmentOf[changes] = segment;
            positionOf[changes] = position;
            bytesOf[changes++] = bytes;
        }

        private bool Cut()
        {
            Calls++;
            if (Calls < CutAfter) return false;
            Off = true;
            return true;
        }

        private int Next(int bound)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            return (int)(state % (uint)bound);
        }
    }
}
