using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// The client's connection on the board, over nanoFramework's sockets. It cannot wake anybody: it has to be asked.
    /// No call blocks but through the network stack's own moments; connecting goes on in a thread that ends with it.
    /// </summary>
    public sealed class BoardTransport : ITransport
    {
        private readonly IStreamOpener opener;
        private BoardAttempt attempt;
        private BoardAttempt last; // given up, and perhaps not at its end
        private IByteStream stream;
        private Exception failure;
        private string error;
        private int sinceMs;
        private int limitMs;

        /// <summary>Plain TCP.</summary>
        public BoardTransport() : this(new TcpOpener())
        {
        }

        /// <param name="opener">This transport's alone: TLS, or what else makes a stream.</param>
        public BoardTransport(IStreamOpener opener)
        {
            this.opener = opener;
        }

        /// <inheritdoc/>
        public string Error
        {
            get
            {
                if (failure == null) return error;
                string text = failure.Message;
                return text == null ? "no connection" : text;
            }
        }

        /// <inheritdoc/>
        public void Open(TransportOptions options)
        {
            Close();
            failure = null;
            error = null;
            sinceMs = (int)Environment.TickCount64;
            limitMs = options.ConnectMs;
            IByteStream none;
            Exception why;
            if (last != null && !last.Done(out none, out why))
            {
                // Its thread still hangs in the network stack: a second beside it would be one too many.
                error = "the attempt before has not ended yet";
                return;
            }
            last = null;
            attempt = new BoardAttempt(opener, options);
            attempt.Start();
        }

        /// <inheritdoc/>
        public int State()
        {
            if (stream != null) return TransportState.Open;
            if (attempt == null) return TransportState.Closed;
            Exception why;
            if (attempt.Done(out stream, out why))
            {
                attempt = null;
                failure = why;
                return stream != null ? TransportState.Open : TransportState.Closed;
            }
            if ((int)Environment.TickCount64 - sinceMs < limitMs) return TransportState.Connecting;
            Close();
            error = TimeOut();
            return TransportState.Closed;
        }

        /// <inheritdoc/>
        public int Receive(byte[] buffer, int offset, int count)
        {
            if (stream == null) return -1;
            try
            {
                int got = stream.Read(buffer, offset, count);
                if (got < 0) Lose(null);
                return got;
            }
            catch (Exception e)
            {
                Lose(e);
                return -1;
            }
        }

        /// <inheritdoc/>
        public int Send(byte[] buffer, int offset, int count)
        {
            if (stream == null) return -1;
            try
            {
                return stream.Write(buffer, offset, count);
            }
            catch (Exception e)
            {
                Lose(e);
                return -1;
            }
        }

        /// <inheritdoc/>
        public void Close()
        {
            if (attempt != null)
            {
                attempt.Abandon();
                last = attempt;
                attempt = null;
            }
            if (stream != null)
            {
                stream.Close();
                stream = null;
            }
        }

        private void Lose(Exception e)
        {
            failure = e;
            if (e == null) error = "the server closed the connection";
            Close();
        }

        private static string TimeOut()
        {
            return "no connection in time";
        }
    }
}
