using System;
using System.Net;
using System.Net.Sockets;

namespace Femto.Mqtt
{
    /// <summary>The only class that calls nanoFramework's Socket. Its <c>Connected</c> is never asked: it is false on
    /// accepted sockets.</summary>
    public sealed class TcpSocket : ISocket
    {
        private readonly Socket socket;
        private readonly int sendMs;

        /// <param name="socket">Connected or listening; closed by this one.</param>
        /// <param name="sendMs">Milliseconds after which a Send that blocks, and with it the connection, is given up.
        /// </param>
        public TcpSocket(Socket socket, int sendMs)
        {
            this.socket = socket;
            this.sendMs = sendMs;
            socket.SendTimeout = sendMs;
        }

        /// <summary>A socket that listens.</summary>
        /// <param name="address">An IPv4 address in digits; null: every network of the board.</param>
        /// <param name="port">1 to 65,535; on a PC 0 lets the system choose.</param>
        /// <param name="backlog">Connections that may wait to be accepted.</param>
        /// <param name="sendMs">Time limit of Send for the connections accepted.</param>
        /// <exception cref="Exception">The port is taken, or there is no such address.</exception>
        public static TcpSocket Listen(string address, int port, int backlog, int sendMs)
        {
            Socket made = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                Reuse(made);
                IPAddress where = address == null ? IPAddress.Any : IPAddress.Parse(address);
                made.Bind(new IPEndPoint(where, port));
                made.Listen(backlog);
                return new TcpSocket(made, sendMs);
            }
            catch (Exception)
            {
                made.Close();
                throw;
            }
        }

        // Connections of the listener before, in TIME_WAIT, would keep the port for two minutes.
        private static void Reuse(Socket made)
        {
            try
            {
                made.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            }
            catch (Exception)
            {
                // Bind says whether it matters.
            }
        }

        /// <summary>The port it listens on.</summary>
        public int Port()
        {
            return ((IPEndPoint)socket.LocalEndPoint).Port;
        }

        /// <inheritdoc/>
        public int Available()
        {
            return socket.Available;
        }

        /// <inheritdoc/>
        public bool Readable()
        {
            return socket.Poll(0, SelectMode.SelectRead);
        }

        /// <inheritdoc/>
        public bool Writable()
        {
            return socket.Poll(0, SelectMode.SelectWrite);
        }

        /// <inheritdoc/>
        public int Receive(byte[] buffer, int offset, int count)
        {
            return socket.Receive(buffer, offset, count, SocketFlags.None);
        }

        /// <inheritdoc/>
        public int Send(byte[] buffer, int offset, int count)
        {
            return socket.Send(buffer, offset, count, SocketFlags.None);
        }

        /// <inheritdoc/>
        public ISocket Accept()
        {
            Socket made = socket.Accept();
            try
            {
                made.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay, true);
                return new TcpSocket(made, sendMs);
            }
            catch (Exception)
            {
                made.Close();
                throw;
            }
        }

        /// <inheritdoc/>
        public int Peer(byte[] text)
        {
            try
            {
                string where = socket.RemoteEndPoint.ToString();
                int length = where.Length;
                if (length > text.Length) length = text.Length;
                for (int i = 0; i < length; i++) text[i] = (byte)where[i];
                return length;
            }
            catch (Exception)
            {
                return 0; // gone already: reading will tell
            }
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
