using System;
using System.Diagnostics;

namespace Femto.Mqtt
{
    /// <summary>
    /// Keeps the content of numbered slots through a loss of power. Frames are appended, never changed; a frame
    /// carries the new content of one or several slots and counts as a whole or not at all. What a later frame has
    /// replaced is left behind when the oldest segment is emptied, a few frames at a time.
    /// </summary>
    /// <remarks>
    /// One thread calls it. A frame is durable when <see cref="Durable"/> has reached the number that
    /// <see cref="Committed"/> had after its <see cref="Commit"/> (compare the difference: they wrap). lib/DESIGN.md
    /// tells how a journal is read again and why a torn end is told from a damaged middle.
    /// </remarks>
    public sealed class Journal
    {
        // A frame: magic, flags, length of the body (3 bytes), checksum (4), body. The checksum begins with the number
        // of the segment, so that what an earlier use of the segment left behind is never taken for valid.
        // An entry in the body: slot (2), length (3; Deleted: the slot is empty now), content.
        internal const int HeadBytes = 9;
        internal const int EntryBytes = 5;
        internal const int Deleted = 0xFFFFFF;
        internal const int Magic = 0xA5;
        internal const int AfterSync = 1;   // all that was written before this frame is durable
        internal const int Trim = 2;        // body: the number of the oldest segment that still counts

        // Segments that only compaction and the opening may take.
        private const int Reserve = 3;

        /// <summary>Grows by one with each frame committed.</summary>
        public int Committed;
        /// <summary>The value of <see cref="Committed"/> up to which all is durable.</summary>
        public int Durable;
        /// <summary>The device failed: nothing is taken any more, what is durable stands.</summary>
        public bool Failed;
        /// <summary>Frames found damaged at the opening, in the part that was durable.</summary>
        public int Damaged;
        /// <summary>Bytes thrown away at the opening: the power went before they were durable.</summary>
        public int Torn;
        /// <summary>Entries read at the opening for slots that these limits do not have.</summary>
        public int Unknown;
        /// <summary>Contents lost because their bytes could not be read any more when they were to be moved.</summary>
        public int Lost;
        /// <summary>Times the device was told to make something durable.</summary>
        public int Syncs;
        /// <summary>Bytes written to the device.</summary>
        public int BytesWritten;
        /// <summary>Bytes of the present contents, their heads included.</summary>
        public int Live;

        internal readonly IByteDevice Device;
        internal readonly Crc32 Crc = new Crc32();
        internal readonly byte[] Buffer;
        internal readonly int[] Address;    // segment * SegmentBytes + position of a slot's entry; 0: it is empty
        internal readonly int[] Length;     // of its content
        internal readonly Segments Segments;
        internal readonly int SegmentBytes;

        private readonly JournalLimits limits;
        private readonly int liveMax;
        private int pending;        // bytes at the beginning of Buffer that are committed and not yet written
        private int frame;          // where the frame being made begins, -1 for none
        private int fill;           // where its next byte goes
        private int written;        // Committed at the last write to the device
        private bool synced = true; // nothing was written since the last sync
        private bool mark;          // the next frame says so
        private int dirtySinceMs;
        private bool dirty;
        private int sweep;          // position of compaction in the oldest segment; 0: not begun
        private bool sweepDamaged;
        private readonly byte[] number = new byte[8];

        /// <summary>Builds a journal; <see cref="Open"/> comes first.</summary>
        /// <param name="device">Where the bytes are kept.</param>
        /// <param name="limits">Sizes.</param>
        /// <param name="seed">A random number, used when the device is empty: it enters every checksum.</param>
        public Journal(IByteDevice device, JournalLimits limits, int seed)
        {
            string wrong = Check(device, limits);
            if (wrong != null) throw new ArgumentException(wrong);
            Device = device;
            this.limits = limits;
            SegmentBytes = device.SegmentBytes();
            Buffer = new byte[limits.FrameBytes];
            Address = new int[limits.Slots + 1];
            Length = new int[limits.Slots + 1];
            Segments = new Segments(this, device.Segments(), seed);
            frame = -1;
            // A quarter is left dead, so that a round of compaction always wins space.
            int usable = SegmentBytes - Segments.HeadBytes - limits.FrameBytes; // a frame is never cut in two
            liveMax = (device.Segments() - Reserve - 1) * usable / 4 * 3;
        }

        /// <summary>What is wrong with these sizes, or null.</summary>
        public static string Check(IByteDevice device, JournalLimits limits)
        {
            if (limits.Slots < 1 || limits.Slots > 65535) return "Slots: 1 to 65535";
            if (limits.FrameBytes < 64 || limits.FrameBytes > 1 << 22) return "FrameBytes: 64 to 4194304";
            if (device.Segments() < Reserve + 3) return "the device has too few segments: 6 or more";
            if (device.SegmentBytes() < limits.FrameBytes * 2 + Segments.HeadBytes) return "segments below two frames";
            if (device.SegmentBytes() > int.MaxValue / device.Segments()) return "the device is larger than 2 GB";
            return null;
        }

        /// <summary>Bytes of nanoFramework's heap that a journal of these sizes takes.</summary>
        public static int Bytes(JournalLimits limits, int segments)
        {
            return Heap.Object(26) + Heap.Object(3) + Crc32.Bytes() + Segments.Bytes(segments)
                + Heap.Array(limits.FrameBytes, 1) + Heap.Array(limits.Slots + 1, 4) * 2 + Heap.Array(8, 1);
        }

        /// <summary>Reads what the device holds, gives it to the reader and makes ready for writing.</summary>
        /// <returns>False: the device failed.</returns>
        public bool Open(IJournalReader reader)
        {
            Recovery recovery = new Recovery(this);
            if (!recovery.Run())
            {
                Failed = true;
                return false;
            }
            mark = false;
            for (int slot = 1; slot < Address.Length; slot++)
            {
                if (Address[slot] == 0) continue;
                int length = Length[slot];
                int at = Address[slot];
                int segment = at / SegmentBytes;
                if (Device.Read(segment, at % SegmentBytes + EntryBytes, Buffer, 0, length) != length)
                {
                    Failed = true;
                    return false;
                }
                reader.Slot(slot, Buffer, 0, length);
            }
            return true;
        }

        /// <summary>Whether a frame with so many entries and bytes of content would be taken now.</summary>
        /// <returns>None; StoreFull: not until something is deleted; Hold: after some calls of <see cref="Tick"/>;
        /// TooLarge; StoreFailed.</returns>
        public Fault Room(int entries, int contentBytes)
        {
            if (Failed) return Fault.StoreFailed;
            int size = HeadBytes + entries * EntryBytes + contentBytes;
            if (size > Buffer.Length) return Fault.TooLarge;
            if (contentBytes > 0 && Live + size > liveMax) return Fault.StoreFull;
            if (Segments.HeadRoom() - pending >= size || Segments.Free > Reserve) return Fault.None;
            return Fault.Hold;
        }

        /// <summary>Begins a frame. <see cref="Room"/> said None for all that will be put into it.</summary>
        public void Begin(int entries, int contentBytes)
        {
            Debug.Assert(frame < 0);
            int size = HeadBytes + entries * EntryBytes + contentBytes;
            if (pending + size > Buffer.Length) Write();
            if (Segments.HeadRoom() - pending < size)
            {
                Write();
                Roll();
            }
            frame = pending;
            fill = frame + HeadBytes;
        }

        /// <summary>Adds the new content of a slot; its bytes follow by <see cref="Append"/>.</summary>
        public void Put(int slot, int length)
        {
            Entry(slot, length);
        }

        /// <summary>Bytes of the content announced by <see cref="Put"/>.</summary>
        public void Append(byte[] source, int offset, int count)
        {
            Array.Copy(source, offset, Buffer, fill, count);
            fill += count;
        }

        /// <summary>Empties a slot. A deletion always finds room: what it frees is more than it takes.</summary>
        public void Delete(int slot)
        {
            Entry(slot, Deleted);
        }

        /// <summary>The frame is complete. It goes to the device with others, at the latest by the next sync.</summary>
        public void Commit(int nowMs)
        {
            Seal(0);
            Committed++;
            if (dirty) return;
            dirty = true;
            dirtySinceMs = nowMs;
        }

        /// <summary>Gives up the frame that was begun.</summary>
        public void Abandon()
        {
            frame = -1;
        }

        /// <summary>Writes and makes durable all that was committed.</summary>
        /// <returns>False: the device failed.</returns>
        public bool Sync()
        {
            Write();
            dirty = false;
            if (Failed) return false;
            if (synced) return true;
            Syncs++;
            if (!Device.Sync(Segments.Head))
            {
                Failed = true;
                return false;
            }
            synced = true;
            mark = true;
            Durable = written;
            return true;
        }

        /// <summary>Syncs when a group's time is up, and compacts a step when space is short.</summary>
        /// <returns>Milliseconds to the next call at the latest.</returns>
        public int Tick(int nowMs)
        {
            if (Failed) return int.MaxValue;
            if (Segments.Free <= Reserve && frame < 0) Compact();
            if (!dirty) return Segments.Free <= Reserve ? 0 : int.MaxValue;
            int left = dirtySinceMs + limits.SyncMs - nowMs;
            if (left <= 0)
            {
                Sync();
                left = int.MaxValue;
            }
            return Segments.Free <= Reserve ? 0 : left;
        }

        /// <summary>Checks that index and counts agree. For tests.</summary>
        /// <exception cref="InvalidOperationException">Names what is wrong.</exception>
        public void Invariants()
        {
            int live = 0;
            for (int slot = 1; slot < Address.Length; slot++)
            {
                if (Address[slot] != 0) live += EntryBytes + Length[slot];
            }
            if (live != Live) throw new InvalidOperationException("live bytes");
            Segments.Invariants();
        }

        /// <summary>Makes an entry the present one of its slot.</summary>
        internal void Take(int slot, int address, int length)
        {
            if (Address[slot] != 0) Live -= EntryBytes + Length[slot];
            Address[slot] = address;
            if (address == 0) return;
            Length[slot] = length;
            Live += EntryBytes + length;
        }

        /// <summary>Checksum of the frame at a position of the buffer, in the segment of that number.</summary>
        internal uint Sum(int sequence, int at, int bodyLength)
        {
            number[0] = (byte)(sequence >> 24);
            number[1] = (byte)(sequence >> 16);
            number[2] = (byte)(sequence >> 8);
            number[3] = (byte)sequence;
            uint salt = Segments.Salt;
            number[4] = (byte)(salt >> 24);
            number[5] = (byte)(salt >> 16);
            number[6] = (byte)(salt >> 8);
            number[7] = (byte)salt;
            uint crc = Crc.Add(0, number, 0, 8);
            crc = Crc.Add(crc, Buffer, at + 1, 4);
            return Crc.Add(crc, Buffer, at + HeadBytes, bodyLength);
        }

        private void Entry(int slot, int length)
        {
            Debug.Assert(frame >= 0 && slot > 0 && slot < Address.Length);
            byte[] b = Buffer;
            b[fill] = (byte)(slot >> 8);
            b[fill + 1] = (byte)slot;
            b[fill + 2] = (byte)(length >> 16);
            b[fill + 3] = (byte)(length >> 8);
            b[fill + 4] = (byte)length;
            fill += EntryBytes;
        }

        // Writes the head of the frame, and makes its entries the present ones.
        private void Seal(int flags)
        {
            byte[] b = Buffer;
            int at = frame;
            int body = fill - at - HeadBytes;
            if (mark) flags |= AfterSync;
            mark = false;
            b[at] = Magic;
            b[at + 1] = (byte)flags;
            b[at + 2] = (byte)(body >> 16);
            b[at + 3] = (byte)(body >> 8);
            b[at + 4] = (byte)body;
            uint crc = Sum(Segments.Sequence[Segments.Head], at, body);
            b[at + 5] = (byte)(crc >> 24);
            b[at + 6] = (byte)(crc >> 16);
            b[at + 7] = (byte)(crc >> 8);
            b[at + 8] = (byte)crc;
            if ((flags & Trim) == 0) Index(at, body);
            pending = fill;
            frame = -1;
        }

        private void Index(int at, int body)
        {
            int address = Segments.Head * SegmentBytes + Segments.Size[Segments.Head];
            int end = at + HeadBytes + body;
            for (int p = at + HeadBytes; p < end;)
            {
                int slot = Buffer[p] << 8 | Buffer[p + 1];
                int length = Buffer[p + 2] << 16 | Buffer[p + 3] << 8 | Buffer[p + 4];
                if (length == Deleted)
                {
                    Take(slot, 0, 0);
                    p += EntryBytes;
                    continue;
                }
                Take(slot, address + p, length);
                p += EntryBytes + length;
            }
        }

        // Pending frames go to the device.
        private void Write()
        {
            if (pending == 0) return;
            int n = pending;
            pending = 0;
            written = Committed;
            if (Failed) return;
            int head = Segments.Head;
            if (!Device.Write(head, Segments.Size[head], Buffer, 0, n))
            {
                Failed = true;
                return;
            }
            Segments.Size[head] += n;
            BytesWritten += n;
            synced = false;
        }

        // The next segment becomes the head. What the old one holds is durable first: the new one's frames may be
        // read without a look at the end of the old.
        private void Roll()
        {
            if (!Sync()) return;
            if (!Segments.Begin())
            {
                Failed = true;
                return;
            }
            synced = false;
            mark = true;
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
                int slot = b[p] << 8 | b[p + 1];
                int length = b[p + 2] << 16 | b[p + 3] << 8 | b[p + 4];
                int size = length == Deleted ? EntryBytes : EntryBytes + length;
                // A deletion here has nothing older left to delete.
                if (length != Deleted && slot < Address.Length && Address[slot] == address + p)
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
