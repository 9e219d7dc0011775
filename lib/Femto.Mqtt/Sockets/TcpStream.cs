namespace Femto.Mqtt
{
    /// <summary>A TCP connection, asked in such a way that no call waits.</summary>
    public sealed class TcpStream : IByteStream
    {
        // lwIP calls a socket writable when two segments of its buffer are free: so much never waits. A Send that did
        // wait and timed out would not say how much went, and the connection would be lost.
        private const int ChunkBytes = 1400;
        // The end of the stream is looked for in one of so many reads that find nothing: it takes a second call.
        private const int EndEvery = 8;

        private readonly ISocket socket;
        private int asked = EndEvery - 1;

        /// <param name="socket">Connected; this stream closes it.</param>
        public TcpStream(ISocket socket)
        {
            this.socket = socket;
        }

        /// <inheritdoc/>
        public int Read(byte[] buffer, int offset, int count)
        {
            int there = socket.Available();
            if (there == 0)
            {
                if (++asked < EndEvery) return 0;
                asked = 0;
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
