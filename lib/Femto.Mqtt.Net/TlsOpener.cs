using System;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Femto.Mqtt
{
    /// <summary>
    /// TLS as a client, over nanoFramework's SslStream. That one takes a socket and is not .NET's: only the board
    /// compiles this file.
    /// </summary>
    /// <remarks>
    /// The handshake stops every thread of the board until the server has answered, without a time limit: TLS is for an
    /// uplink that is trusted to answer. Without <see cref="TransportOptions.CaFile"/> the certificates in the board's
    /// own store are trusted. The board has to know the date, or no certificate is valid.
    /// </remarks>
    public sealed class TlsOpener : IStreamOpener
    {
        /// <summary>
        /// Offers TLS 1.3 too. Off: session tickets of TLS 1.3 look like data and are none, and reading one stops every
        /// thread until data follows. A server that speaks 1.3 alone needs it.
        /// </summary>
        public bool Tls13;

        private readonly TcpOpener tcp;
        private readonly ICertificateFiles files;

        /// <summary>For one transport.</summary>
        /// <param name="files">Gives what the options name; null when they name no files.</param>
        public TlsOpener(ICertificateFiles files)
        {
            tcp = new TcpOpener();
            this.files = files;
        }

        /// <inheritdoc/>
        public IByteStream Open(TransportOptions options)
        {
            // Read before the network is asked: a name that is wrong does not need a connection to be found.
            X509Certificate authority = options.CaFile == null ? null : new X509Certificate(files.Text(options.CaFile));
            X509Certificate own = null;
            if (options.CertFile != null)
            {
                own = new X509Certificate2(files.Text(options.CertFile), files.Text(options.KeyFile), null);
            }
            string name = options.ServerName == null ? options.Host : options.ServerName;
            // Without a name none is compared; the certificate is still checked against the authority.
            if (options.Insecure) name = "";
            Socket socket = tcp.Connect(options);
            try
            {
                SslStream stream = new SslStream(socket);
                stream.SslVerification = SslVerification.CertificateRequired;
                SslProtocols protocols = SslProtocols.Tls12;
                if (Tls13) protocols |= SslProtocols.Tls13;
                stream.AuthenticateAsClient(name, own, authority, protocols);
                return new TlsStream(socket, stream);
            }
            catch (Exception)
            {
                // The stream has given its context back; closed with it, the socket would be asked for one.
                socket.Close();
                throw;
            }
        }

        /// <inheritdoc/>
        public void Abort()
        {
            tcp.Abort();
        }

        // SslStream waits for a whole record inside the network stack, and every thread of the board with it. So a read
        // looks first at what the socket holds: a record's head says how long it is.
        private sealed class TlsStream : IByteStream
        {
            private const int HeadBytes = 5;
            private const byte Alert = 21;
            private const byte Data = 23;
            // A longer record never lies whole in lwIP's window: then so much of it shows that the peer is sending.
            private const int WindowBytes = 4096;
            // With what TLS adds, less than the two segments that lwIP keeps free in a writable socket.
            private const int ChunkBytes = 1200;
            // A whole record that holds no data: the read gives up.
            private const int ReceiveMs = 100;
            private const int SendMs = 10000;
            // The end of the stream is looked for once in so many questions.
            private const int EndEvery = 8;

            private readonly Socket socket;
            private readonly SslStream stream;
            private readonly byte[] head;
            private int asked;

            public TlsStream(Socket socket, SslStream stream)
            {
                this.socket = socket;
                this.stream = stream;
                head = new byte[HeadBytes];
                socket.ReceiveTimeout = ReceiveMs;
                socket.SendTimeout = SendMs;
            }

            public bool Quiet()
            {
                return ++asked < EndEvery && stream.Length == 0 && socket.Available == 0;
            }

            public int Read(byte[] buffer, int offset, int count)
            {
                if (count == 0) return 0;
                asked = 0;
                // Length: bytes of a record that was read before.
                if (stream.Length == 0)
                {
                    int there = socket.Available;
                    if (there == 0)
                    {
                        // Readable with nothing to read is the end.
                        if (!socket.Poll(0, SelectMode.SelectRead)) return 0;
                        there = socket.Available;
                        if (there == 0) return -1;
                    }
                    if (!IsWhole(there)) return 0;
                }
                try
                {
                    int got = stream.Read(buffer, offset, count);
                    return got == 0 ? -1 : got;
                }
                catch (SocketException e)
                {
                    if (e.ErrorCode == (int)SocketError.TimedOut) return 0;
                    throw;
                }
            }

            public int Write(byte[] buffer, int offset, int count)
            {
                if (!socket.Poll(0, SelectMode.SelectWrite)) return 0;
                if (count > ChunkBytes) count = ChunkBytes;
                stream.Write(buffer, offset, count);
                return count;
            }

            public void Close()
            {
                try
                {
                    stream.Dispose();
                }
                catch (Exception)
                {
                    // It is gone.
                }
                try
                {
                    socket.Close();
                }
                catch (Exception)
                {
                    // Closed with the stream.
                }
            }

            // Whether the socket holds a record whole.
            private bool IsWhole(int there)
            {
                if (there < HeadBytes) return false;
                socket.Receive(head, 0, HeadBytes, SocketFlags.Peek);
                // A handshake anew, or no TLS at all: reading it would wait for what comes after.
                if (head[0] != Data && head[0] != Alert) throw new InvalidOperationException("no TLS data");
                return there >= WindowBytes || there >= HeadBytes + ((head[3] << 8) | head[4]);
            }
        }
    }
}
