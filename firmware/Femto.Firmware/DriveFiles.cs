using System.IO;
using Femto.Mqtt;

namespace Femto.Firmware
{
    /// <summary>The journal's files on the internal drive. Flush does nothing for them there, closing does.</summary>
    public sealed class DriveFiles : IDriveFiles
    {
        private readonly string path;
        private readonly FileStream[] open = new FileStream[2];
        // A sync opens the same file again: its name is kept.
        private readonly int[] file = new int[] { -1, -1 };
        private readonly string[] name = new string[2];

        /// <param name="path">The head; PATH.0 is the first segment.</param>
        public DriveFiles(string path)
        {
            this.path = path;
        }

        /// <inheritdoc/>
        public int Open(int handle, int file)
        {
            if (this.file[handle] != file) name[handle] = file == 0 ? path : path + "." + (file - 1).ToString();
            this.file[handle] = file;
            open[handle] = new FileStream(name[handle], FileMode.OpenOrCreate, FileAccess.ReadWrite);
            return (int)open[handle].Length;
        }

        /// <inheritdoc/>
        public int Read(int handle, int position, byte[] buffer, int offset, int count)
        {
            FileStream stream = open[handle];
            stream.Position = position;
            int done = 0;
            while (done < count)
            {
                int n = stream.Read(buffer, offset + done, count - done);
                if (n <= 0) break;
                done += n;
            }
            return done;
        }

        /// <inheritdoc/>
        public void Write(int handle, int position, byte[] buffer, int offset, int count)
        {
            FileStream stream = open[handle];
            stream.Position = position;
            stream.Write(buffer, offset, count);
        }

        /// <inheritdoc/>
        public void Empty(int handle)
        {
            open[handle].SetLength(0);
        }

        /// <inheritdoc/>
        public void Close(int handle)
        {
            FileStream stream = open[handle];
            open[handle] = null;
            stream.Close();
        }
    }
}
