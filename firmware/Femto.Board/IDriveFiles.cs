namespace Femto.Mqtt
{
    /// <summary>
    /// The journal's files on a drive, as <see cref="DriveDevice"/> needs them: file 0 says how it is cut, the
    /// segments follow. Two may be open at a time, each by a handle of its own. What fails throws.
    /// </summary>
    public interface IDriveFiles
    {
        /// <summary>Opens a file for reading and writing, and makes it when there is none.</summary>
        /// <param name="handle">0 or 1, not open.</param>
        /// <param name="file">0: the head; then the segments. Open by no other handle.</param>
        /// <returns>Its length.</returns>
        int Open(int handle, int file);

        /// <summary>Reads; fewer bytes than asked for at the end.</summary>
        int Read(int handle, int position, byte[] buffer, int offset, int count);

        /// <summary>Writes. Durable when the file has been closed.</summary>
        void Write(int handle, int position, byte[] buffer, int offset, int count);

        /// <summary>Makes the file empty.</summary>
        void Empty(int handle);

        /// <summary>Closes the file, which makes durable what was written. The handle is free then, even when it
        /// throws.</summary>
        void Close(int handle);
    }
}
