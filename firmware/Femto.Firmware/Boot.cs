using System;
using Femto.Boards;
using Femto.Mqtt;
using nanoFramework.Runtime.Native;
using Memory = nanoFramework.Runtime.Native.GC;

namespace Femto.Firmware
{
    /// <summary>
    /// From power to a server that is ready to run: board, configuration, memory, network, broker, bridges, app.
    /// </summary>
    public sealed class Boot
    {
        // What a bridge takes at most; each says the exact figure when it is built.
        private const int BridgeBytes = 8192;

        private readonly ILineWriter lines;
        private readonly SerialLog log;
        private readonly int seed;
        private BoardProfile board;
        private BootPlan plan;
        private Broker broker;
        private DriveDevice drive;

        /// <param name="lines">Where lines for people go.</param>
        public Boot(ILineWriter lines)
        {
            this.lines = lines;
            log = new SerialLog(lines, (int)Environment.TickCount64);
            seed = new Random().Next();
        }

        /// <summary>Builds everything; nothing is opened or connected before the server runs.</summary>
        /// <returns>Null: it does not fit, and the log says what to lower.</returns>
        public BoardServer Build()
        {
            string target = SystemInfo.TargetName;
            board = BoardList.Of(target, ConfigurationFile.BoardName());
            if (!board.IsFor(target)) lines.Line(BootText.Strange(target, board.Name));
            lines.Line(BootText.Hello(board.Name, target, SystemInfo.Version.ToString()));
            string fault;
            byte[] text = ConfigurationFile.Read(out fault);
            plan = new BootPlan(board, text, fault);
            if (plan.FirstBoot) lines.Line(BootPlan.None);
            if (plan.Fault != null) lines.Line("fault: " + plan.Fault + BootPlan.Broken);
            lines.Line(BootText.Sizes(plan.Limits));
            int bridges = plan.Configuration.Bridges.Length;
            lines.Line(BootText.Running(plan.App.Device, plan.App.Sensors.Length, plan.Listeners.Length, bridges));
            string wrong = Fit(bridges, plan.Segments);
            if (wrong == null && plan.Segments != 0) wrong = OpenDrive(bridges);
            if (wrong == null) return Assemble();
            lines.Line(wrong);
            return null;
        }

        // Its files may have been cut by an earlier configuration.
        private string OpenDrive(int bridges)
        {
            drive = new DriveDevice(new DriveFiles(plan.JournalPath), plan.Segments, plan.SegmentBytes);
            string wrong = BootJournal.Wrong(plan, drive);
            return wrong == null && drive.Segments() > plan.Segments ? Fit(bridges, drive.Segments()) : wrong;
        }

        private string Fit(int bridges, int segments)
        {
            BootMemory memory = new BootMemory(plan.Limits, plan.Listeners.Length, board.ReadBytes,
                bridges * BridgeBytes, SensorApp.Bytes(plan.App, bridges, plan.Limits),
                BootJournal.Bytes(plan.Limits, segments));
            int free = (int)Memory.Run(true);
            lines.Line(memory.Text(free));
            if (memory.Sum > free) return memory.Refusal(free);
            return BootMemory.SocketFault(board, plan.Limits, plan.Listeners.Length, bridges);
        }

        private BoardServer Assemble()
        {
            broker = new Broker(plan.Limits, seed);
            log.Watch(broker);
            WallClock clock = new WallClock();
            BootJournal journal = drive == null ? null : Journal(clock);
            NetKeeper net = new NetKeeper(new NetPort(board.Ethernet), log);
            TimeKeeper time = new TimeKeeper(new SntpTime(), net, clock, log);
            Bridge[] bridges = Bridges(clock);
            AppHost host = new AppHost();
            ISensor[] sensors = new BoardSensors(board, log).Make(plan.App);
            SensorApp app = new SensorApp(broker, bridges, plan.App, sensors, clock, host, host.Reason());
            bool room = broker.Limits.LocalClients > 1;
            int own = 4 + (room ? 1 : 0) + (journal == null ? 0 : 1);
            ITurn[] turns = new ITurn[own + bridges.Length];
            turns[0] = log;
            turns[1] = net;
            turns[2] = time;
            turns[3] = app;
            if (room) turns[4] = new BootNotice(broker, plan.App.Device, plan.Fault);
            if (journal != null) turns[own - 1] = journal;
            for (int i = 0; i < bridges.Length; i++) turns[own + i] = bridges[i];
            string[] parts = FirmwareMemory.Lines(broker, bridges, app, 0);
            for (int i = 0; i < parts.Length; i++) lines.Line(parts[i]);
            new Watchdog(app, host, lines).Start();
            return new BoardServer(broker, Listeners(), turns, board.ReadBytes, log);
        }

        // A journal that is broken is told like a configuration that is.
        private BootJournal Journal(WallClock clock)
        {
            BootJournal journal = new BootJournal(broker, drive, plan, clock, log, seed);
            lines.Line(journal.Text());
            if (journal.Fault == null) return journal;
            lines.Line("fault: " + journal.Fault);
            plan.Fault = plan.Fault == null ? journal.Fault : plan.Fault + "; " + journal.Fault;
            return journal;
        }

        private IListener[] Listeners()
        {
            IListener[] all = new IListener[plan.Listeners.Length];
            for (int i = 0; i < all.Length; i++)
            {
                ConfigListener l = plan.Listeners[i];
                all[i] = new BoardListener(new TcpSocketMaker(l.Bind, l.Port));
            }
            return all;
        }

        // A bridge that cannot be built is left out: the site works without an uplink.
        private Bridge[] Bridges(WallClock clock)
        {
            BridgeOptions[] options = plan.Configuration.Bridges;
            Bridge[] all = new Bridge[options.Length];
            int count = 0;
            for (int i = 0; i < options.Length; i++)
            {
                // Two boards with one file must not take each other's session.
                if (options[i].RemoteClientId == null)
                {
                    options[i].RemoteClientId = plan.App.Device + "." + options[i].Name;
                }
                SensorApp.SetWill(plan.App, options[i]);
                try
                {
                    all[count] = new Bridge(broker, options[i], Transport(options[i]), log, seed + i + 1);
                    all[count].Clock = clock;
                    count++;
                }
                catch (ArgumentException e)
                {
                    lines.Line("fault: bridge " + options[i].Name + " is left out: " + e.Message);
                }
            }
            Bridge[] built = new Bridge[count];
            Array.Copy(all, 0, built, 0, count);
            return built;
        }

        private static ITransport Transport(BridgeOptions options)
        {
            if (!options.Tls) return new BoardTransport();
            return new BoardTransport(new TlsOpener(new CertificateFiles()));
        }
    }
}
