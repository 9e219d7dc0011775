using System.IO;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Femto.Gates.StandIns;

namespace System.Net.Security
{
    /// <summary>
    /// nanoFramework's SslStream as far as TlsOpener uses it, without the cryptography: a record is its head and the
    /// data as it is. Where the board's would wait inside the network stack, and stop every thread, this one throws.
    /// </summary>
    public class SslStream : Stream
    {
        private readonly Socket socket;
        private readonly MemoryStream decrypted = new MemoryStream();

        public SslStream(Socket socket)
        {
            this.socket = socket;
            SslVerification = SslVerification.CertificateRequired;
        }

        public SslVerification SslVerification { get; set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        /// <summary>Bytes of a record that was read in part.</summary>
        public override long Length => decrypted.Length - decrypted.Position;

        public override long Position { get; set; }

        public void AuthenticateAsClient(
            string targetHost, X509Certificate clientCertificate, X509Certificate ca, SslProtocols enabledSslProtocols)
        {
            BoardTls.Handshakes.Add($"'{targetHost}' {enabledSslProtocols} own {clientCertificate?.Text} "
                + $"authority {ca?.Text} verify {SslVerification}");
            if (BoardTls.Refuse)
            {
                throw new SocketException(SocketError.ConnectionAborted);
            }
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (Length == 0)
            {
                byte[] head = Take(5);
                byte[] data = Take((head[3] << 8) | head[4]);
                if (head[0] == 21)
                {
                    return 0;
                }

                if (BoardTls.Ticket)
                {
                    throw new SocketException(SocketError.TimedOut);
                }

                decrypted.SetLength(0);
                decrypted.Write(data, 0, data.Length);
                decrypted.Position = 0;
            }

            return decrypted.Read(buffer, offset, count);
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            byte[] record = new byte[5 + count];
            record[0] = 23;
            record[1] = 3;
            record[2] = 3;
            record[3] = (byte)(count >> 8);
            record[4] = (byte)count;
            Array.Copy(buffer, offset, record, 5, count);
            if (!socket.Poll(0, SelectMode.SelectWrite))
            {
                throw new InvalidOperationException("here the board would stand still");
            }

            socket.Send(record);
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            BoardTls.Disposed++;
            socket.Close();
        }

        private byte[] Take(int count)
        {
            // A record that is longer than the window comes in while it is read.
            if (socket.Available < count && socket.Available < 4096 - 5)
            {
                throw new InvalidOperationException("here the board would stand still");
            }

            byte[] bytes = new byte[count];
            for (int got = 0; got < count;)
            {
                got += socket.Receive(bytes, got, count - got, SocketFlags.None);
            }

            return bytes;
        }
    }
}
