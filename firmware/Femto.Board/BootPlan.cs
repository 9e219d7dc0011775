namespace Femto.Mqtt
{
    /// <summary>
    /// What the board does with the configuration it finds. None, or one that is broken, is no reason not to run: then
    /// the sensors are read and the broker serves the programs on the board, but it listens on no network. An open
    /// broker, or one with a password that everybody knows, would be worse than none: whoever is on the network could
    /// read and publish everything, and nobody would have asked for it.
    /// </summary>
    public sealed class BootPlan
    {
        /// <summary>Where the configuration lies.</summary>
        public const string File = "I:\\femto.conf";
        /// <summary>The internal drive.</summary>
        public const string Drive = "I:\\";
        /// <summary>The line of the log about a board without a configuration.</summary>
        public const string None = "no configuration I:\\femto.conf: the broker listens on no network";
        /// <summary>What follows the fault in the log.</summary>
        public const string Broken = "; the broker listens on no network";
        /// <summary>What is told of a listener without allow_anonymous true.</summary>
        public const string Closed =
            ": listener: allow_anonymous true is missing, and there are no passwords yet; not opened";

        /// <summary>What to run: never null.</summary>
        public Configuration Configuration;
        /// <summary>The sizes of all tables.</summary>
        public Limits Limits;
        /// <summary>Where to listen; may be empty.</summary>
        public ConfigListener[] Listeners;
        /// <summary>What is wrong, in one line, for serial and for the status; null: nothing.</summary>
        public string Fault;
        /// <summary>There is no configuration.</summary>
        public bool FirstBoot;
        /// <summary>What persistence true makes of the drive: the journal's head, and how it is cut; 0 segments: there
        /// is none.</summary>
        public string JournalPath;
        /// <summary>Of the journal.</summary>
        public int Segments, SegmentBytes;
        /// <summary>Device and sensors: never null. A board that was told of none has its name and its uptime.
        /// </summary>
        public AppOptions App;

        /// <summary>Decides.</summary>
        /// <param name="board">Gives the sizes.</param>
        /// <param name="text">The file; null: there is none.</param>
        /// <param name="readFault">Why it could not be read; null: it could.</param>
        public BootPlan(BoardProfile board, byte[] text, string readFault)
        {
            ConfigError error = new ConfigError();
            Limits = board.NewLimits();
            FirstBoot = text == null && readFault == null;
            if (text != null)
            {
                Configuration = Configuration.Parse(text, text.Length, File, error, PersistenceOptions.Board());
                if (Configuration != null && !Configuration.Apply(Limits, error))
                {
                    Configuration = null;
                    Limits = board.NewLimits();
                }
                if (Configuration == null) Fault = error.Text();
            }
            else if (readFault != null)
            {
                Fault = File + ": " + readFault;
            }
            Listeners = new ConfigListener[0];
            if (Configuration == null)
            {
                Configuration = Configuration.Parse(new byte[0], 0, File, error);
                App = Default(board);
                return;
            }
            if (Configuration.Persistence != null && !Cut(error))
            {
                Fault = error.Text();
                Configuration = Configuration.Parse(new byte[0], 0, File, error);
                Limits = board.NewLimits();
            }
            App = Configuration.App != null ? Configuration.App : Default(board);
            int line;
            string wrong = SensorApp.Check(App, Limits, out line);
            if (wrong != null)
            {
                error.Line = line;
                error.File = File;
                error.Reason = wrong;
                Fault = error.Text();
                Configuration = Configuration.Parse(new byte[0], 0, File, error);
                Limits = board.NewLimits();
                App = Default(board);
                Segments = 0;
                return;
            }
            // Mosquitto's default is this machine alone, which has no loopback here.
            if (Configuration.LocalOnly) return;
            if (Configuration.AllowAnonymous)
            {
                Listeners = Configuration.Listeners;
                return;
            }
            Fault = File + Closed;
        }

        // Into how many files the journal is cut, and where they lie.
        private bool Cut(ConfigError error)
        {
            PersistenceOptions o = Configuration.Persistence;
            Segments = Persistence.SegmentsFor(Limits, o.JournalBytes, out SegmentBytes);
            string folder = o.Location == null ? Drive : o.Location;
            JournalPath = (folder[folder.Length - 1] == '\\' ? folder : folder + "\\") + o.File;
            if (Segments > 0) return true;
            error.Line = Configuration.PersistenceLine;
            error.File = File;
            error.Reason = "persistence_journal_bytes must be at least " + Persistence.LeastBytes(Limits).ToString()
                + " for these limits";
            return false;
        }

        private static AppOptions Default(BoardProfile board)
        {
            AppOptions app = new AppOptions();
            app.Device = board.Name;
            SensorOptions uptime = new SensorOptions();
            uptime.Name = uptime.Source = "uptime";
            uptime.Decimals = 0;
            app.Sensors = new SensorOptions[] { uptime };
            return app;
        }
    }
}
