using System;

namespace Femto.Mqtt.Unit
{
    /// <summary>A drive whose files keep, when the power goes, what they had when they were last closed: a flush
    /// makes nothing durable, what was written since the file was opened is lost.</summary>
    public class FakeDrive : IDriveFiles
    {
        /// <summary>Planted: the file being written is flushed where it should be closed and opened again.</summary>
        public bool OnlyFlushes;
        /// <summary>The drive tells an error.</summary>
        public bool Fails;
        /// <summary>It is full, and keeps that for itself.</summary>
        public bool DropsWrites;
        /// <summary>Bytes that it takes.</summary>
        public int Room = int.MaxValue;
        /// <summary>Files opened so far.</summary>
        public int Opened;

        private const int Files = 33, Bytes = 16384;

        private readonly byte[][] now = new byte[Files][], safe = new byte[Files][];
        private readonly int[] size = new int[Files], safeSize = new int[Files];
        private readonly int[] fileOf = new int[] { -1, -1 };
        private int used;

        public int Open(int handle, int file)
        {
            Check(fileOf[handle] < 0 && fileOf[1 - handle] != file, "open already");
            if (Fails) throw new InvalidOperationException("no drive");
            if (now[file] == null)
            {
                now[file] = new byte[Bytes];
                safe[file] = new byte[Bytes];
            }
            fileOf[handle] = file;
            Opened++;
            return size[file];
        }

        public int Read(int handle, int position, byte[] buffer, int offset, int count)
        {
            int file = fileOf[handle];
            if (Fails) throw new InvalidOperationException("no drive");
            int left = size[file] - position;
            if (count > left) count = left < 0 ? 0 : left;
            Array.Copy(now[file], position, buffer, offset, count);
            return count;
        }

        public void Write(int handle, int position, byte[] buffer, int offset, int count)
        {
            int file = fileOf[handle];
            Check(position == size[file], "a write not at the end");
            if (Fails) throw new InvalidOperationException("write error");
            if (DropsWrites) return;
            used += count;
            if (used > Room) throw new InvalidOperationException("drive full");
            Array.Copy(buffer, offset, now[file], position, count);
            size[file] = position + count;
        }

        public void Empty(int handle)
        {
            if (Fails) throw new InvalidOperationException("write error");
            size[fileOf[handle]] = 0;
        }

        public void Close(int handle)
        {
            int file = fileOf[handle];
            Check(file >= 0, "closed twice");
            fileOf[handle] = -1;
            if (Fails) throw new InvalidOperationException("write error");
            if (OnlyFlushes && handle == 0) return;
            Array.Copy(now[file], safe[file], Bytes);
            safeSize[file] = size[file];
        }

        /// <summary>The power goes and is back.</summary>
        public void Cut()
        {
            for (int f = 0; f < Files; f++)
            {
                if (now[f] == null) continue;
                Array.Copy(safe[f], now[f], Bytes);
                size[f] = safeSize[f];
            }
            fileOf[0] = -1;
            fileOf[1] = -1;
        }

        private static void Check(bool right, string what)
        {
            if (!right) throw new ArgumentException(what);
        }
    }
}
