namespace Femto.Mqtt
{
    /// <summary>A connection of the board's, TCP or what lies over it. All but Close throw when it is lost.</summary>
    public interface IByteStream
    {
        /// <summary>Whether Read would find nothing, as far as one cheap call can tell: who has many streams asks this
        /// first. The end of the stream may be noticed some calls late.</summary>
        bool Quiet();
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
