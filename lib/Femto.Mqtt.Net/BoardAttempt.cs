using System;
using System.Threading;

namespace Femto.Mqtt
{
    /// <summary>
    /// One attempt to connect, on a thread of its own that ends with it: looking up a name and connecting block on the
    /// board. Given up, it closes what it may yet get.
    /// </summary>
    internal sealed class BoardAttempt
    {
        private readonly IStreamOpener opener;
        private readonly TransportOptions options;
        private readonly ThreadStart run;
        private readonly object gate;
        private IByteStream stream; // guarded by the gate, as all that follow
        private Exception error;
        private bool done;
        private bool abandoned;

        public BoardAttempt(IStreamOpener opener, TransportOptions options)
        {
            this.opener = opener;
            this.options = options;
            gate = new object();
            run = new ThreadStart(Run);
        }

        public void Start()
        {
            new Thread(run).Start();
        }

        /// <summary>Whether it has ended; then stream, or null and why.</summary>
        public bool Done(out IByteStream made, out Exception why)
        {
            lock (gate)
            {
                made = stream;
                why = error;
                return done;
            }
        }

        public void Abandon()
        {
            bool under;
            lock (gate)
            {
                abandoned = true;
                under = !done;
            }
            if (under) opener.Abort();
        }

        private void Run()
        {
            IByteStream made = null;
            Exception why = null;
            try
            {
                made = opener.Open(options);
            }
            catch (Exception e)
            {
                why = e;
            }
            bool unwanted;
            lock (gate)
            {
                unwanted = abandoned;
                if (!unwanted) stream = made;
                error = why;
                done = true;
            }
            if (unwanted && made != null) made.Close();
        }
    }
}
