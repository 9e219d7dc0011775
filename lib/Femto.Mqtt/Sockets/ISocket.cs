namespace Femto.Mqtt
{
    /// <summary>
    /// A socket as nanoFramework's has it, and no more: what asks it in the right way (<see cref="TcpStream"/>, the
    /// listeners) can be tried against one that behaves as the board's does. Everything but Close
    /// throws when the socket is gone.
    /// </summary>
    public interface ISocket
    {
        /// <summary>Bytes that Receive gives at once.</summary>
        int Available();
        /// <summary>Whether Receive or Accept would return at once: bytes, a connection, or the end of the stream.
        /// </summary>
        bool Readable();
        /// <summary>Whether Send takes some bytes at once: on the board at least two segments.</summary>
        bool Writable();
        /// <summary>Receives. Blocks when nothing is there.</summary>
        int Receive(byte[] buffer, int offset, int count);
        /// <summary>Sends all of it. Blocks while it does not go; past the time limit it throws, and then nobody knows
        /// how much went.</summary>
        int Send(byte[] buffer, int offset, int count);
        /// <summary>The next connection of a listening socket. Blocks when nobody waits.</summary>
        ISocket Accept();
        /// <summary>The peer's address and port as text.</summary>
        /// <returns>Bytes written, at most the array's; 0 when it is not known.</returns>
        int Peer(byte[] text);
        /// <summary>Gives the socket back. Does not throw, may be called again.</summary>
        void Close();
    }
}
