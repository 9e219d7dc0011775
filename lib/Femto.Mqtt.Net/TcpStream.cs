using System;
using System.Net.Sockets;

namespace Femto.Mqtt
{
    /// <summary>A TCP connection over nanoFramework's Socket, asked in such a way that no call waits.</summary>
    public sealed class TcpStream : IByteStream
    {
        // lwIP calls a socket writable when two segments of its buffer are free: so much never waits. A Send that did
        // wait and timed out would not say how much went, and the connection would be lost.
        private const int ChunkBytes = 1400;

        private readonly Socket socket;

        /// <param name="socket">Connected; this stream closes it.</param>
        public TcpStream(Socket socket)
        {
            this.socket = socket;
        }

        /// <inheritdoc/>
        public int Read(byte[] buffer, int offset, int count)
        {
            int there = socket.Available;
            if (there == 0)
            {
                // Readable with nothing to read is the end. Connected tells nothing on the board.
                if (!socket.Poll(0, SelectMode.SelectRead)) return 0;
                there = socket.Available;
                if (there == 0) return -1;
            }
            if (there > count) there = count;
            return socket.Receive(buffer, offset, there, SocketFlags.None);
        }

        /// <inheritdoc/>
        public int Write(byte[] buffer, int offset, int count)
        {
            if (!socket.Poll(0, SelectMode.SelectWrite)) return 0;
            return socket.Send(buffer, offset, count < ChunkBytes ? count : ChunkBytes, SocketFlags.None);
        }

        /// <inheritdoc/>
        public void Close()
        {
            try
            {
                socket.Close();
            }
            catch (Exception)
            {
                // It is gone.
            }
        }
    }
}
