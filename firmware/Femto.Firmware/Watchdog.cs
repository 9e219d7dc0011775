using System;
using System.Threading;
using Femto.Mqtt;

namespace Femto.Firmware
{
    /// <summary>
    /// Begins the board anew when loop, bridges or queues make no progress. A thread of its own, for nanoFramework has
    /// no watchdog for programs; what stops every thread (a TLS handshake with a dead peer) stops this one too.
    /// </summary>
    public sealed class Watchdog
    {
        private const int WatchMs = 5000;

        private readonly SensorApp app;
        private readonly AppHost host;
        private readonly ILineWriter lines;

        /// <param name="app">Says whether all is well.</param>
        /// <param name="host">The board.</param>
        /// <param name="lines">Told before the end.</param>
        public Watchdog(SensorApp app, AppHost host, ILineWriter lines)
        {
            this.app = app;
            this.host = host;
            this.lines = lines;
        }

        /// <summary>Watches from now on.</summary>
        public void Start()
        {
            new Thread(new ThreadStart(Watch)).Start();
        }

        private void Watch()
        {
            // The loop has just begun: its first turn comes before the first look.
            do Thread.Sleep(WatchMs);
            while (app.Healthy((int)Environment.TickCount64));
            lines.Line("watchdog: no progress, begins anew");
            host.Restart(BootReason.Watchdog);
        }
    }
}
