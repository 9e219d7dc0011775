using System;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// A program of frames over a few slots, made from a seed, and a plain model of it: what the slots hold after the
    /// first k frames.
    /// </summary>
    public sealed class Script : IJournalReader
    {
        public const int Slots = 9;
        public const int Most = 60;     // bytes of a content

        private readonly uint seed;
        private uint state;
        // What slots hold: the length, -1 for none, and a number that all bytes follow from.
        public readonly int[] Length = new int[Slots + 1];
        public readonly int[] Number = new int[Slots + 1];
        public readonly int[] ReadLength = new int[Slots + 1];
        public readonly int[] ReadNumber = new int[Slots + 1];
        private readonly byte[] content = new byte[Most];

        public Script(uint seed)
        {
            this.seed = seed;
        }

        /// <summary>Makes frame k (from 1): changes the model, and the journal when one is given. False: the journal
        /// took it not.</summary>
        public bool Frame(int k, Journal journal, int nowMs)
        {
            state = (seed + 7) * 2654435761 ^ (uint)k * 40503;
            if (state == 0) state = 1;
            Next(2);
            int entries = 1 + Next(3);
            if (journal != null)
            {
                while (true)
                {
                    Fault fault = journal.Room(entries, entries * Most);
                    if (fault == Fault.None) break;
                    if (fault != Fault.Hold) return false;
                    journal.Tick(nowMs);
                }
                journal.Begin(entries, entries * Most);
            }
            // Three slots change seldom: compaction has something to carry on.
            int slot = Next(16) == 0 ? Slots - 3 : Next(4);
            for (int i = 0; i < entries; i++)
            {
                slot = slot % Slots + 1;
                if (i > 0 && journal != null && k % 3 != 0)
                {
                    // A group: as one frame, or as several that count together.
                    journal.Continue();
                    journal.Begin(1, Most);
                }
                if (Next(3) == 0)
                {
                    Length[slot] = -1;
                    if (journal != null) journal.Delete(slot);
                    continue;
                }
                Length[slot] = Next(Most);
                Number[slot] = k * 4 + i & 0xFF;
                if (journal == null) continue;
                for (int b = 0; b < Length[slot]; b++) content[b] = (byte)(Number[slot] + b);
                journal.Put(slot, Length[slot]);
                journal.Append(content, 0, Length[slot]);
            }
            if (journal != null) journal.Commit(nowMs);
            return true;
        }

        public void Reset()
        {
            for (int s = 0; s <= Slots; s++) Length[s] = -1;
        }

        public void BeginReading()
        {
            for (int s = 0; s <= Slots; s++) ReadLength[s] = -1;
        }

        public void Slot(int slot, byte[] buffer, int offset, int length)
        {
            ReadLength[slot] = length;
            ReadNumber[slot] = length == 0 ? 0 : buffer[offset];
            for (int b = 0; b < length; b++)
            {
                if (buffer[offset + b] != (byte)(ReadNumber[slot] + b)) throw new InvalidOperationException("content");
            }
        }

        /// <summary>Whether what was read is what the model holds.</summary>
        public bool Same()
        {
            for (int s = 1; s <= Slots; s++)
            {
                if (ReadLength[s] != Length[s]) return false;
                if (Length[s] > 0 && ReadNumber[s] != Number[s]) return false;
            }
            return true;
        }

        /// <summary>The k from first to last with which the model equals what was read, or -1.</summary>
        public int Find(int first, int last)
        {
            Reset();
            for (int k = 0; k <= last; k++)
            {
                if (k > 0) Frame(k, null, 0);
                if (k >= first && Same()) return k;
            }
            return -1;
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
