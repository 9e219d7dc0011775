namespace Femto.Mqtt
{
    /// <summary>Accepts without waiting: on the board, Accept of a socket where nobody waits blocks for ever.</summary>
    public sealed class BoardListener : IListener
    {
        private readonly ISocketMaker maker;
        private ISocket socket;

        /// <param name="maker">Makes the socket that listens.</param>
        public BoardListener(ISocketMaker maker)
        {
            this.maker = maker;
        }

        /// <inheritdoc/>
        public void Open()
        {
            Close();
            socket = maker.Listen();
        }

        /// <inheritdoc/>
        public IByteStream Accept(byte[] peer, out int peerLength)
        {
            peerLength = 0;
            if (!socket.Readable()) return null;
            return Take(peer, out peerLength);
        }

        /// <inheritdoc/>
        public void Close()
        {
            if (socket != null) socket.Close();
            socket = null;
        }

        private IByteStream Take(byte[] peer, out int peerLength)
        {
            ISocket accepted = socket.Accept();
            peerLength = accepted.Peer(peer);
            return new TcpStream(accepted);
        }
    }
}
