namespace Femto.Mqtt
{
    /// <summary>Plain TCP on one port.</summary>
    public sealed class TcpSocketMaker : ISocketMaker
    {
        private const int Backlog = 4;
        // TcpStream never sends more than a writable socket takes: one that blocks all the same is broken, and nobody
        // else is served meanwhile.
        private const int SendMs = 500;

        private readonly string address;
        private readonly int port;

        /// <summary>The port that the system chose when 0 was asked for. On a PC, for tests.</summary>
        public int Port;

        /// <param name="address">An IPv4 address in digits; null: every network.</param>
        /// <param name="port">1 to 65,535.</param>
        public TcpSocketMaker(string address, int port)
        {
            this.address = address;
            this.port = port;
        }

        /// <inheritdoc/>
        public ISocket Listen()
        {
            TcpSocket made = TcpSocket.Listen(address, Port != 0 ? Port : port, Backlog, SendMs);
            Port = port != 0 ? port : made.Port();
            return made;
        }
    }
}
