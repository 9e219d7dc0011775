using System;

namespace Femto.Mqtt
{
    // How space is won from the oldest segment.
    public sealed partial class Journal
    {
        /// <summary>Whether the oldest segment should be emptied.</summary>
        public bool NeedsSpace()
        {
            return !Failed && Segments.Free <= Reserve;
        }

        /// <summary>Goes on emptying the oldest segment when space is short. Not within a group.</summary>
        /// <param name="bytes">How many of its bytes are looked at, about. Four times what was written since keeps
        /// pace.</param>
        public void Compact(int bytes)
        {
            int looked = 0;
            while (looked < bytes && NeedsSpace())
            {
                int from = sweep;
                Compact();
                looked += sweep > from ? sweep - from : SegmentBytes / 16;
            }
        }

        // One frame of the oldest segment: what still counts in it is written again. At its end the segment is free.
        private void Compact()
        {
            Write();
            if (Failed) return;
            int oldest = Segments.Oldest;
            if (oldest == Segments.Head) return;
            if (sweep == 0) sweep = Segments.HeadBytes;
            int size = Segments.End[oldest];
            int body = sweep < size ? ReadFrame(oldest, sweep) : -1;
            if (body < 0)
            {
                if (sweep < size) sweepDamaged = true;
                int next = sweep < size ? NextFrame(oldest, sweep + 1, size) : size;
                if (next < size) sweep = next;
                else Empty(oldest);
                return;
            }
            int kept = (Buffer[1] & Trim) != 0 ? HeadBytes : Keep(oldest * SegmentBytes + sweep, body);
            sweep += HeadBytes + body;
            if (kept == HeadBytes) return;
            if (Segments.HeadRoom() < kept && !RollFor(kept)) return;
            frame = 0;
            fill = kept;
            Seal(0);
            Write();
        }

        // The buffer holds a frame: the head needs room without a change to it. Sync has nothing to write now.
        private bool RollFor(int kept)
        {
            Roll();
            return !Failed && Segments.HeadRoom() >= kept;
        }

        /// <summary>Reads a frame into the beginning of the buffer; its body's length, -1: damaged.</summary>
        internal int ReadFrame(int segment, int position)
        {
            byte[] b = Buffer;
            if (Device.Read(segment, position, b, 0, HeadBytes) != HeadBytes || b[0] != Magic) return -1;
            int body = b[2] << 16 | b[3] << 8 | b[4];
            if (body > b.Length - HeadBytes || position + HeadBytes + body > SegmentBytes) return -1;
            if (Device.Read(segment, position + HeadBytes, b, HeadBytes, body) != body) return -1;
            uint crc = (uint)(b[5] << 24 | b[6] << 16 | b[7] << 8 | b[8]);
            return crc == Sum(Segments.Sequence[segment], 0, body) ? body : -1;
        }

        /// <summary>The first position of a valid frame from here on, or the end given.</summary>
        internal int NextFrame(int segment, int position, int end)
        {
            while (position < end && ReadFrame(segment, position) < 0) position++;
            return position;
        }

        // Moves the entries that still count to the front of the frame in the buffer; its new length.
        private int Keep(int address, int body)
        {
            byte[] b = Buffer;
            int to = HeadBytes;
            int end = HeadBytes + body;
            for (int p = HeadBytes; p < end;)
            {
                int slot = Place(SlotAt(p));
                int length = LengthAt(p);
                int size = length == Deleted ? EntryBytes : EntryBytes + length;
                // A deletion here has nothing older left to delete.
                if (length != Deleted && slot != 0 && Address[slot] == address + p)
                {
                    if (to != p) Array.Copy(b, p, b, to, size);
                    to += size;
                }
                p += size;
            }
            return to;
        }

        // All that counts of the oldest segment is written anew. A frame says that it is void before it is emptied:
        // an emptying cut short would else bring back what was deleted behind the cut.
        private void Empty(int oldest)
        {
            sweep = 0;
            if (sweepDamaged) Lose(oldest);
            sweepDamaged = false;
            if (Segments.HeadRoom() < HeadBytes + 4)
            {
                Roll();
                if (Failed) return;
            }
            int next = Segments.Sequence[Segments.After(oldest)];
            frame = 0;
            fill = HeadBytes;
            Buffer[fill] = (byte)(next >> 24);
            Buffer[fill + 1] = (byte)(next >> 16);
            Buffer[fill + 2] = (byte)(next >> 8);
            Buffer[fill + 3] = (byte)next;
            fill += 4;
            Seal(Trim);
            if (!Sync()) return;
            if (!Segments.Drop(oldest)) Failed = true;
        }

        // Contents that stood in frames that cannot be read any more.
        private void Lose(int segment)
        {
            for (int slot = 1; slot < Address.Length; slot++)
            {
                if (Address[slot] == 0 || Address[slot] / SegmentBytes != segment) continue;
                Take(slot, 0, 0);
                Lost++;
            }
        }
    }
}
