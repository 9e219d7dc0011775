namespace Femto.Mqtt
{
    /// <summary>The RAM that the firmware will ever need, before it is taken: printed at boot, and compared.</summary>
    public sealed class BootMemory
    {
        /// <summary>Bytes of this firmware's own objects, its threads and what a line of the log takes: counted by
        /// hand, generously.</summary>
        public const int FirmwareBytes = 2048;
        /// <summary>Bytes of System.Net's objects for a socket, and of ours around it.</summary>
        public const int SocketBytes = 240;

        /// <summary>Parts, in bytes.</summary>
        public int Broker, Bridges, Server, App, Journal;

        /// <summary>All of it.</summary>
        public int Sum
        {
            get { return Broker + Bridges + Server + App + Journal + FirmwareBytes; }
        }

        /// <param name="limits">The broker's.</param>
        /// <param name="listeners">How many.</param>
        /// <param name="readBytes">The server's buffer.</param>
        /// <param name="bridges">Bytes of all bridges.</param>
        /// <param name="app">Bytes of the application.</param>
        /// <param name="journal">Bytes of the journal; 0: there is none.</param>
        public BootMemory(Limits limits, int listeners, int readBytes, int bridges, int app, int journal)
        {
            Broker = BrokerMemory.RamBytes(limits);
            Server = BoardServer.Bytes(limits, listeners, readBytes) + SocketBytes * (limits.Connections + listeners);
            Bridges = bridges;
            App = app;
            Journal = journal;
        }

        /// <summary>The line for the log.</summary>
        public string Text(int free)
        {
            return "RAM: broker " + Broker.ToString() + ", server " + Server.ToString() + ", bridges "
                + Bridges.ToString() + ", app " + App.ToString()
                + (Journal == 0 ? "" : ", journal " + Journal.ToString()) + ", firmware " + FirmwareBytes.ToString()
                + ": " + Sum.ToString() + " of " + free.ToString() + " bytes free";
        }

        /// <summary>What to say when it does not fit.</summary>
        public string Refusal(int free)
        {
            return "does not fit: " + Sum.ToString() + " bytes needed, " + free.ToString() + " free; lower "
                + "global_max_connections, max_queued_messages or the number of bridges"
                + (Journal == 0 ? "" : ", or leave out persistence,") + " in " + BootPlan.File;
        }

        /// <summary>Fewer sockets than it may need at once; null: enough.</summary>
        public static string SocketFault(BoardProfile board, Limits limits, int listeners, int bridges)
        {
            int needed = limits.Connections + listeners + bridges;
            if (needed <= board.Sockets) return null;
            return "does not fit: " + needed.ToString() + " sockets needed for connections, listeners and bridges, "
                + board.Sockets.ToString() + " there; lower global_max_connections in " + BootPlan.File;
        }
    }
}
