namespace Femto.Mqtt
{
    /// <summary>A connection of the board's, TCP or what lies over it. Read and Write throw when it is lost.</summary>
    public interface IByteStream
    {
        /// <summary>Reads what is there, without waiting.</summary>
        /// <returns>Bytes; 0: none now; -1: the peer has closed.</returns>
        int Read(byte[] buffer, int offset, int count);
        /// <summary>Writes what the network stack takes at once.</summary>
        /// <returns>Bytes; 0: none now.</returns>
        int Write(byte[] buffer, int offset, int count);
        /// <summary>Closes. Does not throw.</summary>
        void Close();
    }
}
