using System;
using System.Net;
using System.Net.Sockets;

namespace Femto.Mqtt
{
    /// <summary>Plain TCP: looks the name up and tries its addresses in turn.</summary>
    public sealed class TcpOpener : IStreamOpener
    {
        private const int SendMs = 10000; // a Send that waits so long is lost anyway

        private readonly object gate;
        private Socket current; // guarded by the gate
        private bool aborted;   // guarded by the gate

        /// <summary>For one transport.</summary>
        public TcpOpener()
        {
            gate = new object();
        }

        /// <inheritdoc/>
        public IByteStream Open(TransportOptions options)
        {
            if (options.Tls) throw new ArgumentException("no TLS here: give the transport an opener that has it");
            return new TcpStream(new TcpSocket(Connect(options), SendMs));
        }

        /// <summary>A socket that is connected, for what lies over TCP. Blocks, as Open does.</summary>
        /// <exception cref="Exception">It failed; the message says why.</exception>
        public Socket Connect(TransportOptions options)
        {
            lock (gate) aborted = false;
            IPAddress[] addresses = Find(options.Host);
            Exception last = new ArgumentException("host not found");
            for (int i = 0; i < addresses.Length; i++)
            {
                Socket socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                lock (gate)
                {
                    if (aborted) i = addresses.Length;
                    else current = socket;
                }
                try
                {
                    if (i < addresses.Length)
                    {
                        socket.Connect(new IPEndPoint(addresses[i], options.Port));
                        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay, true);
                        lock (gate) current = null;
                        return socket;
                    }
                }
                catch (Exception e)
                {
                    last = e;
                }
                lock (gate) current = null;
                socket.Close();
            }
            throw last;
        }

        /// <inheritdoc/>
        public void Abort()
        {
            Socket socket;
            lock (gate)
            {
                aborted = true;
                socket = current;
                current = null;
            }
            try
            {
                if (socket != null) socket.Close();
            }
            catch (Exception)
            {
                // It is gone.
            }
        }

        // An address as it is; a name by DNS.
        private static IPAddress[] Find(string host)
        {
            bool number = host.Length != 0;
            for (int i = 0; i < host.Length; i++)
            {
                if (host[i] != '.' && (host[i] < '0' || host[i] > '9')) number = false;
            }
            if (number) return new IPAddress[] { IPAddress.Parse(host) };
            return Dns.GetHostEntry(host).AddressList;
        }
    }
}
