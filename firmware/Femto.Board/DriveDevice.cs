using System;
using System.Text;

namespace Femto.Mqtt
{
    /// <summary>
    /// A journal's segments as files of a board's internal drive. What was written there is durable when the file has
    /// been closed, and not before: a sync closes the segment being written and opens it again, whose length then
    /// tells whether all has arrived.
    /// </summary>
    /// <remarks>
    /// Two files are open at a time: the segment being written and the one read last, which is compaction's. All of
    /// them would be <see cref="OpenBytes"/> of heap each. Opening is the one exception to "nothing is allocated after
    /// boot": OpenBytes for each sync, and for each segment that is begun, compacted or emptied. The board's daily
    /// budget of 1,751 erase blocks is 1,697 syncs, 631,000 bytes a day for the collector.
    /// Failing is final: what the drive kept of a write is not known.
    /// </remarks>
    public sealed class DriveDevice : IByteDevice
    {
        /// <summary>Segments at most.</summary>
        public const int SegmentsMost = 32;

        private const int Writer = 0, Reader = 1;

        /// <summary>What the drive said when it failed first; null: it has not.</summary>
        public string Error;
        /// <summary>Files opened so far.</summary>
        public int Opened;

        private readonly IDriveFiles files;
        private readonly int[] sizes;
        private readonly int[] held = new int[] { -1, -1 }; // by handle: the segment that is open
        private readonly int segmentBytes;
        private bool dirty;                                 // written since the writer's file was opened

        /// <summary>Opens the journal, and makes its files when there are none. When that fails, <see cref="Error"/>
        /// says why, and so does each call.</summary>
        /// <param name="files">Where.</param>
        /// <param name="segments">Number of files, when there are none yet: up to SegmentsMost.</param>
        /// <param name="segmentBytes">Bytes of each.</param>
        public DriveDevice(IDriveFiles files, int segments, int segmentBytes)
        {
            this.files = files;
            this.segmentBytes = segmentBytes;
            sizes = new int[segments];
            try
            {
                byte[] head = Head();
                if (head.Length != 0)
                {
                    if (!Shape(head, out segments, out segmentBytes))
                    {
                        Error = "it is not the head of a journal";
                        return;
                    }
                    this.segmentBytes = segmentBytes;
                    if (segments != sizes.Length) sizes = new int[segments];
                }
                for (int s = 0; s < segments; s++)
                {
                    int length = Open(Reader, s);
                    sizes[s] = length < segmentBytes ? length : segmentBytes;
                    Close(Reader);
                }
                // The files are there before their head says so.
                if (head.Length == 0) Head(Text(segments, segmentBytes));
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }

        /// <summary>Bytes of heap for a file that is opened, counted from nanoFramework's sources and not measured: a
        /// FileStream, what it wraps, its entry in the list of open files, and four copies of its name.</summary>
        public static int OpenBytes()
        {
            return Heap.Object(8) + Heap.Object(1) + Heap.Object(3) + 4 * (Heap.Object(0) + Heap.Array(16, 1));
        }

        /// <summary>Bytes of heap, with two files open and the adapter's names of them.</summary>
        public static int Bytes(int segments)
        {
            return Heap.Object(7) + Heap.Array(segments, 4) + Heap.Array(2, 4)
                + 2 * (OpenBytes() + Heap.Object(0) + Heap.Array(16, 1)) + Heap.Object(4) + 3 * Heap.Array(2, 4);
        }

        /// <inheritdoc/>
        public int Segments()
        {
            return sizes.Length;
        }

        /// <inheritdoc/>
        public int SegmentBytes()
        {
            return segmentBytes;
        }

        /// <inheritdoc/>
        public int Size(int segment)
        {
            return sizes[segment];
        }

        /// <inheritdoc/>
        public int Read(int segment, int position, byte[] buffer, int offset, int count)
        {
            int left = sizes[segment] - position;
            if (count > left) count = left;
            if (Error != null || count <= 0) return 0;
            try
            {
                int handle = held[Writer] == segment ? Writer : Reader;
                if (held[handle] != segment) Turn(Reader, segment);
                return files.Read(handle, position, buffer, offset, count);
            }
            catch (Exception e)
            {
                Fail(e);
                return 0;
            }
        }

        /// <inheritdoc/>
        public bool Write(int segment, int position, byte[] buffer, int offset, int count)
        {
            if (Error != null) return false;
            try
            {
                if (held[Reader] == segment) Close(Reader);
                // Closing the segment before makes it durable.
                if (held[Writer] != segment) Turn(Writer, segment);
                dirty = true;
                files.Write(Writer, position, buffer, offset, count);
                sizes[segment] = position + count;
                return true;
            }
            catch (Exception e)
            {
                return Fail(e);
            }
        }

        /// <inheritdoc/>
        public bool Sync(int segment)
        {
            if (Error != null) return false;
            // A segment that is not being written was closed.
            if (held[Writer] != segment || !dirty) return true;
            try
            {
                Close(Writer);
                // A full drive may tell only so.
                if (Open(Writer, segment) < sizes[segment]) return Short();
                return true;
            }
            catch (Exception e)
            {
                return Fail(e);
            }
        }

        /// <inheritdoc/>
        public bool Clear(int segment)
        {
            if (Error != null) return false;
            try
            {
                int handle = held[Writer] == segment ? Writer : Reader;
                if (held[handle] != segment) Turn(Reader, segment);
                files.Empty(handle);
                sizes[segment] = 0;
                Close(handle);
                return true;
            }
            catch (Exception e)
            {
                return Fail(e);
            }
        }

        /// <summary>Closes what is open.</summary>
        public void Close()
        {
            try
            {
                Close(Reader);
                Close(Writer);
            }
            catch (Exception e)
            {
                Fail(e);
            }
        }

        private void Turn(int handle, int segment)
        {
            Close(handle);
            Open(handle, segment);
        }

        private int Open(int handle, int segment)
        {
            int length = files.Open(handle, segment + 1);
            held[handle] = segment;
            Opened++;
            return length;
        }

        private void Close(int handle)
        {
            if (held[handle] < 0) return;
            held[handle] = -1;
            if (handle == Writer) dirty = false;
            files.Close(handle);
        }

        private bool Fail(Exception e)
        {
            string message = e.Message;
            if (Error == null) Error = message == null ? "it fails" : message;
            return false;
        }

        private bool Short()
        {
            Error = "the drive took less than was written";
            return false;
        }

        private byte[] Head()
        {
            int length = files.Open(Reader, 0);
            byte[] text = new byte[length > 80 ? 80 : length];
            int read = files.Read(Reader, 0, text, 0, text.Length);
            files.Close(Reader);
            if (read != text.Length) throw new ArgumentException("it cannot be read");
            return text;
        }

        private void Head(byte[] text)
        {
            files.Open(Reader, 0);
            files.Write(Reader, 0, text, 0, text.Length);
            files.Close(Reader);
        }

        // The same line as on a PC.
        private static byte[] Text(int segments, int bytes)
        {
            return Encoding.UTF8.GetBytes("femto journal 1: " + segments.ToString() + " segments of "
                + bytes.ToString() + " bytes\n");
        }

        private static bool Shape(byte[] head, out int segments, out int bytes)
        {
            int at = 17;
            segments = Number(head, ref at);
            at += 13;
            bytes = Number(head, ref at);
            if (segments < 1 || segments > SegmentsMost || bytes < 1 || bytes > 1 << 24) return false;
            byte[] text = Text(segments, bytes);
            bool same = text.Length == head.Length;
            for (int i = 0; same && i < text.Length; i++) same = text[i] == head[i];
            return same;
        }

        private static int Number(byte[] text, ref int at)
        {
            int number = 0;
            for (int digits = 0; digits < 8 && at < text.Length && text[at] >= '0' && text[at] <= '9'; digits++)
            {
                number = number * 10 + text[at++] - '0';
            }
            return number;
        }
    }
}
