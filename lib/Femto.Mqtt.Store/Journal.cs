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
    public sealed partial class Journal
    {
        // A frame: magic, flags, length of the body (3 bytes), checksum (4), body. The checksum begins with the number
        // of the segment, so that what an earlier use of the segment left behind is never taken for valid.
        // An entry in the body: slot (3), length (3; Deleted: the slot is empty now), content.
        internal const int HeadBytes = 9;
        internal const int EntryBytes = 6;
        internal const int Deleted = 0xFFFFFF;
        internal const int Magic = 0xA5;
        internal const int AfterSync = 1;   // all that was written before this frame is durable
        internal const int Trim = 2;        // body: the number of the oldest segment that still counts
        internal const int First = 4;       // a group begins: the one before is complete
        internal const int More = 8;        // the group is not complete

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
        /// <summary>Grows by one with each frame made.</summary>
        public int Changed;
        /// <summary>Bytes of the present contents, their heads included.</summary>
        public int Live;

        internal readonly IByteDevice Device;
        internal readonly Crc32 Crc = new Crc32();
        internal readonly byte[] Buffer;
        // By place of the index: the kinds one after the other.
        internal readonly int[] Address;    // segment * SegmentBytes + position of a slot's entry; 0: it is empty
        internal readonly int[] Length;     // of its content
        internal readonly Segments Segments;
        internal readonly int SegmentBytes;

        /// <summary>Bytes that contents may take together, their heads included.</summary>
        public readonly int LiveMax;

        private readonly JournalLimits limits;
        private readonly int[] rows;    // by kind
        private readonly int[] first;   // by kind: place in the index before that of row 1
        private int pending;        // bytes at the beginning of Buffer that are committed and not yet written
        private int frame;          // where the frame being made begins, -1 for none
        private int fill;           // where its next byte goes
        private int written;        // Committed at the last write to the device
        private bool synced = true; // nothing was written since the last sync
        private bool mark;          // the next frame says so
        private bool grouping;      // a group was begun and is not complete
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
            rows = limits.Rows;
            first = new int[rows.Length];
            int places = 0;
            for (int kind = 0; kind < rows.Length; kind++)
            {
                first[kind] = places;
                places += rows[kind];
            }
            Address = new int[places + 1];
            Length = new int[places + 1];
            Segments = new Segments(this, device.Segments(), seed);
            frame = -1;
            // A quarter is left dead, so that a round of compaction always wins space.
            int usable = SegmentBytes - Segments.HeadBytes - limits.FrameBytes; // a frame is never cut in two
            LiveMax = (device.Segments() - Reserve - 1) * usable / 4 * 3;
        }

        /// <summary>What is wrong with these sizes, or null.</summary>
        public static string Check(IByteDevice device, JournalLimits limits)
        {
            if (limits.Rows == null || limits.Rows.Length > 255) return "Rows: of 1 to 255 kinds";
            for (int kind = 0; kind < limits.Rows.Length; kind++)
            {
                if (limits.Rows[kind] < 0 || limits.Rows[kind] > 65535) return "Rows: 0 to 65535 of a kind";
            }
            if (limits.FrameBytes < 64 || limits.FrameBytes > 1 << 22) return "FrameBytes: 64 to 4194304";
            if (device.Segments() < Reserve + 3) return "the device has too few segments: 6 or more";
            if (device.SegmentBytes() < limits.FrameBytes * 2 + Segments.HeadBytes) return "segments below two frames";
            if (device.SegmentBytes() > int.MaxValue / device.Segments()) return "the device is larger than 2 GB";
            return null;
        }

        /// <summary>Bytes of nanoFramework's heap that a journal of these sizes takes.</summary>
        public static int Bytes(JournalLimits limits, int segments)
        {
            int places = 1;
            for (int kind = 0; kind < limits.Rows.Length; kind++) places += limits.Rows[kind];
            return Heap.Object(34) + Crc32.Bytes() + Segments.Bytes(segments)
                + Heap.Array(limits.FrameBytes, 1) + Heap.Array(places, 4) * 2
                + Heap.Array(limits.Rows.Length, 4) * 2 + Heap.Array(8, 1);
        }

        /// <summary>A slot's number: the kind it belongs to and its row there, from 1.</summary>
        public static int Slot(int kind, int row)
        {
            return kind << 16 | row;
        }

        /// <summary>A slot's place in the index; 0: these limits do not have it.</summary>
        internal int Place(int slot)
        {
            int kind = slot >> 16;
            int row = slot & 0xFFFF;
            return kind >= rows.Length || row == 0 || row > rows[kind] ? 0 : first[kind] + row;
        }

        /// <summary>Whether a slot holds a content.</summary>
        public bool Holds(int slot)
        {
            return Address[Place(slot)] != 0;
        }

        /// <summary>Reads a slot's content into the beginning of a buffer.</summary>
        /// <returns>Its length; -1: the slot is empty, the buffer too small, or the device failed.</returns>
        public int Read(int slot, byte[] buffer)
        {
            int place = Place(slot);
            int at = Address[place];
            int length = Length[place];
            if (at == 0 || length > buffer.Length) return -1;
            Write(); // it may not be on the device yet
            int read = Device.Read(at / SegmentBytes, at % SegmentBytes + EntryBytes, buffer, 0, length);
            return read == length ? length : -1;
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
            mark = true; // recovery has made durable what it found
            for (int kind = 0; kind < rows.Length; kind++)
            {
                for (int row = 1; row <= rows[kind]; row++)
                {
                    int place = first[kind] + row;
                    int at = Address[place];
                    if (at == 0) continue;
                    int length = Length[place];
                    int segment = at / SegmentBytes;
                    if (Device.Read(segment, at % SegmentBytes + EntryBytes, Buffer, 0, length) != length)
                    {
                        Failed = true;
                        return false;
                    }
                    reader.Slot(Slot(kind, row), Buffer, 0, length);
                }
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
            if (contentBytes > 0 && Live + size > LiveMax) return Fault.StoreFull;
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

        /// <summary>Where the frame is made: content announced by <see cref="Put"/> may be written there, from where
        /// <see cref="Space"/> says.</summary>
        public byte[] Frame
        {
            get { return Buffer; }
        }

        /// <summary>Takes the next bytes of the frame for content that the caller writes.</summary>
        /// <returns>Where they begin in <see cref="Frame"/>.</returns>
        public int Space(int count)
        {
            int at = fill;
            fill += count;
            return at;
        }

        /// <summary>Empties a slot. A deletion always finds room: what it frees is more than it takes.</summary>
        public void Delete(int slot)
        {
            Entry(slot, Deleted);
        }

        /// <summary>The frame is complete, and the next one belongs to it: after a loss of power either all frames
        /// up to the next <see cref="Commit"/> count or none. A group may take half a segment.</summary>
        public void Continue()
        {
            Seal(More);
        }

        /// <summary>The frame is complete, and so is its group. It goes to the device with others, at the latest by
        /// the next sync.</summary>
        public void Commit(int nowMs)
        {
            Seal(0);
            Committed++;
            if (dirty) return;
            dirty = true;
            dirtySinceMs = nowMs;
        }

        /// <summary>Writes that all before is durable, and makes that durable too: then a byte that goes bad later is
        /// told from a loss of power wherever it stands. For an orderly stop.</summary>
        /// <returns>False: the device failed.</returns>
        public bool Close()
        {
            if (!Sync()) return false;
            if (!mark) return true;
            Begin(0, 0);
            Seal(0);
            return Sync();
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

        /// <summary>Bytes of the segment being written, without what is not on the device yet.</summary>
        public int HeadSize
        {
            get { return Segments.Size[Segments.Head]; }
        }

        /// <summary>Bytes of a segment.</summary>
        public int SegmentSize
        {
            get { return SegmentBytes; }
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

        /// <summary>Makes an entry the present one of its slot, given by its place in the index.</summary>
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
            Debug.Assert(frame >= 0 && Place(slot) != 0);
            byte[] b = Buffer;
            b[fill] = (byte)(slot >> 16);
            b[fill + 1] = (byte)(slot >> 8);
            b[fill + 2] = (byte)slot;
            b[fill + 3] = (byte)(length >> 16);
            b[fill + 4] = (byte)(length >> 8);
            b[fill + 5] = (byte)length;
            fill += EntryBytes;
        }

        /// <summary>The slot of an entry in the buffer.</summary>
        internal int SlotAt(int p)
        {
            return Buffer[p] << 16 | Buffer[p + 1] << 8 | Buffer[p + 2];
        }

        /// <summary>The length of its content.</summary>
        internal int LengthAt(int p)
        {
            return Buffer[p + 3] << 16 | Buffer[p + 4] << 8 | Buffer[p + 5];
        }

        // Writes the head of the frame, and makes its entries the present ones.
        private void Seal(int flags)
        {
            byte[] b = Buffer;
            int at = frame;
            int body = fill - at - HeadBytes;
            if (mark) flags |= AfterSync;
            mark = false;
            if (!grouping) flags |= First;
            Changed++;
            grouping = (flags & More) != 0;
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
                int slot = Place(SlotAt(p));
                int length = LengthAt(p);
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
    }
}
