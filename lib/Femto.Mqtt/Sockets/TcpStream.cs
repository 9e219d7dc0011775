namespace Femto.Mqtt
{
    /// <summary>A TCP connection, asked in such a way that no call waits.</summary>
    public sealed class TcpStream : IByteStream
    {
        // lwIP calls a socket writable when two segments of its buffer are free: so much never waits. A Send that did
        // wait and timed out would not say how much went, and the connection would be lost.
        private const int ChunkBytes = 1400;
        // The end of the stream is looked for once in so many questions: that takes more calls.
        private const int EndEvery = 8;

        private readonly ISocket socket;
        private int asked;

        /// <param name="socket">Connected; this stream closes it.</param>
        public TcpStream(ISocket socket)
        {
            this.socket = socket;
        }

        /// <inheritdoc/>
        public bool Quiet()
        {
            return ++asked < EndEvery && socket.Available() == 0;
        }

        /// <inheritdoc/>
        public int Read(byte[] buffer, int offset, int count)
        {
            asked = 0;
            int there = socket.Available();
            if (there == 0)
            {
                // Readable with nothing to read is the end. Connected tells nothing on the board.
                if (!socket.Readable()) return 0;
                there = socket.Available();
                if (there == 0) return -1;
            }
            if (there > count) there = count;
            return socket.Receive(buffer, offset, there);
        }

        /// <inheritdoc/>
        public int Write(byte[] buffer, int offset, int count)
        {
            if (!socket.Writable()) return 0;
            return socket.Send(buffer, offset, count < ChunkBytes ? count : ChunkBytes);
        }

        /// <inheritdoc/>
        public void Close()
        {
            socket.Close();
        }
    }
}
