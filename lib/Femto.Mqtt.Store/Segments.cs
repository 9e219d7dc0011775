using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// The order of a journal's segments. Each begins with a head, twice, so that one damaged byte does not cost the
    /// segment: magic, own number, number of the segment before it, where that one ends, salt, checksum.
    /// </summary>
    internal sealed class Segments
    {
        public const int HeadBytes = CopyBytes * 2;
        private const int CopyBytes = 24;
        private const uint Magic = 0x464A4F31; // FJO1

        public readonly int[] Sequence; // number of a segment, from 1; 0: it is free
        public readonly int[] Before;   // number of the segment before it
        public readonly int[] BeforeEnd;
        public readonly int[] Size;     // bytes written
        public readonly int[] End;      // where its valid frames end
        public int Head;
        public int Oldest;
        public int Free;
        public int Last;                // highest number given
        public uint Salt;               // makes checksums that a client cannot forge in a payload

        private readonly Journal journal;
        private readonly byte[] head = new byte[HeadBytes];

        public Segments(Journal journal, int segments, int seed)
        {
            this.journal = journal;
            Salt = (uint)seed;
            Sequence = new int[segments];
            Before = new int[segments];
            BeforeEnd = new int[segments];
            Size = new int[segments];
            End = new int[segments];
            Free = segments;
        }

        public static int Bytes(int segments)
        {
            return Heap.Object(12) + Heap.Array(segments, 4) * 5 + Heap.Array(HeadBytes, 1);
        }

        /// <summary>Bytes that the head segment still takes.</summary>
        public int HeadRoom()
        {
            return journal.SegmentBytes - Size[Head];
        }

        /// <summary>The segment written after this one.</summary>
        public int After(int segment)
        {
            for (int s = 0; s < Sequence.Length; s++)
            {
                if (Sequence[s] != 0 && Before[s] == Sequence[segment]) return s;
            }
            return segment;
        }

        /// <summary>Begins a new head behind the present one. False: the device failed, or none is free.</summary>
        public bool Begin()
        {
            int s = 0;
            while (s < Sequence.Length && Sequence[s] != 0) s++;
            if (s == Sequence.Length) return false;
            bool first = Free == Sequence.Length;
            if (!first) End[Head] = Size[Head] < End[Head] || End[Head] == 0 ? Size[Head] : End[Head];
            Before[s] = first ? 0 : Sequence[Head];
            BeforeEnd[s] = first ? 0 : End[Head];
            Sequence[s] = ++Last;
            for (int copy = 0; copy < HeadBytes; copy += CopyBytes)
            {
                Number(copy, Magic);
                Number(copy + 4, (uint)Sequence[s]);
                Number(copy + 8, (uint)Before[s]);
                Number(copy + 12, (uint)BeforeEnd[s]);
                Number(copy + 16, Salt);
                Number(copy + 20, journal.Crc.Add(0, head, copy, 20));
            }
            Head = s;
            if (first) Oldest = s;
            Free--;
            if (!journal.Device.Write(s, 0, head, 0, HeadBytes)) return false;
            journal.BytesWritten += HeadBytes;
            Size[s] = HeadBytes;
            End[s] = 0; // of the head: its size
            return true;
        }

        /// <summary>Empties the oldest segment. False: the device failed.</summary>
        public bool Drop(int segment)
        {
            Oldest = After(segment);
            Forget(segment);
            return journal.Device.Clear(segment);
        }

        /// <summary>A segment is free again.</summary>
        public void Forget(int segment)
        {
            if (Sequence[segment] != 0) Free++;
            Sequence[segment] = 0;
            Before[segment] = -1;
            Size[segment] = 0;
            End[segment] = 0;
        }

        /// <summary>Reads the head of a segment; its number, 0 when it has none.</summary>
        public int Read(int segment)
        {
            Before[segment] = -1;
            Size[segment] = journal.Device.Size(segment);
            int n = journal.Device.Read(segment, 0, head, 0, HeadBytes);
            for (int copy = 0; copy + CopyBytes <= n; copy += CopyBytes)
            {
                if (Number(copy) != Magic || Number(copy + 20) != journal.Crc.Add(0, head, copy, 20)) continue;
                Sequence[segment] = (int)Number(copy + 4);
                Before[segment] = (int)Number(copy + 8);
                BeforeEnd[segment] = (int)Number(copy + 12);
                if (Sequence[segment] > Last)
                {
                    Last = Sequence[segment];
                    Salt = Number(copy + 16);
                }
                Free--;
                return Sequence[segment];
            }
            return 0;
        }

        public void Invariants()
        {
            int free = 0;
            for (int s = 0; s < Sequence.Length; s++)
            {
                if (Sequence[s] == 0) free++;
                bool chained = Sequence[s] == 0 || s == Head || After(s) != s;
                if (!chained) throw new InvalidOperationException("segment chain");
            }
            if (free != Free) throw new InvalidOperationException("free segments");
        }

        private void Number(int at, uint value)
        {
            head[at] = (byte)(value >> 24);
            head[at + 1] = (byte)(value >> 16);
            head[at + 2] = (byte)(value >> 8);
            head[at + 3] = (byte)value;
        }

        private uint Number(int at)
        {
            return (uint)(head[at] << 24 | head[at + 1] << 16 | head[at + 2] << 8 | head[at + 3]);
        }
    }
}
