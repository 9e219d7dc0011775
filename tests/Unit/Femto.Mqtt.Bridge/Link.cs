namespace Femto.Mqtt.Unit
{
    /// <summary>A transport to brokers in the same process, that can be down, slow, in pieces and cut.</summary>
    public class Link : ITransport
    {
        /// <summary>By name ("0", "1", ...): where it leads.</summary>
        public World[] Sites;
        /// <summary>By site: nobody listens there.</summary>
        public bool[] Down;
        /// <summary>No byte moves.</summary>
        public bool Stalled;
        /// <summary>No byte moves towards the bridge.</summary>
        public bool Deaf;
        /// <summary>Bytes of one call at most.</summary>
        public int Piece = int.MaxValue;
        /// <summary>Where it leads now, -1 for nowhere.</summary>
        public int Site = -1;
        /// <summary>Attempts so far, as the names of the sites.</summary>
        public string Attempts = "";
        /// <summary>The options of the last attempt.</summary>
        public TransportOptions Options;

        private int connection = -1;

        public Link(World site)
            : this(new World[] { site })
        {
        }

        public Link(World[] sites)
        {
            Sites = sites;
            Down = new bool[sites.Length];
        }

        public string Error
        {
            get { return null; }
        }

        public void Open(TransportOptions options)
        {
            Options = options;
            Attempts += options.Host;
            int site = options.Host[0] - '0';
            if (Down[site]) return;
            int c = Sites[site].Broker.Open(Sites[site].NowMs, 1, null, 0, 0);
            if (c < 0) return;
            Site = site;
            connection = c;
        }

        public int State()
        {
            return connection < 0 ? TransportState.Closed : TransportState.Open;
        }

        public int Send(byte[] b, int o, int n)
        {
            if (connection < 0) return -1;
            if (Stalled) return 0;
            if (n > Piece) n = Piece;
            World w = Sites[Site];
            int taken = w.Broker.Feed(connection, b, o, n, w.NowMs);
            w.Run();
            return taken;
        }

        public int Receive(byte[] b, int o, int n)
        {
            if (connection < 0) return -1;
            if (Stalled || Deaf) return 0;
            World w = Sites[Site];
            w.Run();
            int there = w.Broker.Pending(connection, out byte[] buffer, out int offset, out bool close);
            if (there == 0)
            {
                if (!close) return 0;
                Cut();
                return -1;
            }
            if (n > there) n = there;
            if (n > Piece) n = Piece;
            for (int i = 0; i < n; i++) b[o + i] = buffer[offset + i];
            w.Broker.Sent(connection, n, w.NowMs);
            w.Run();
            return n;
        }

        public void Close()
        {
            Cut();
        }

        /// <summary>The connection breaks.</summary>
        public void Cut()
        {
            if (connection < 0) return;
            World w = Sites[Site];
            w.Broker.Closed(connection, w.NowMs);
            connection = -1;
            Site = -1;
            w.Run();
        }
    }
}
