namespace Femto.Mqtt
{
    /// <summary>
    /// What survives a loss of power on this board. Built right after the broker, before bridges and the app; one that
    /// is broken is told, and the broker refuses what it would have to keep.
    /// </summary>
    public sealed class BootJournal : ITurn
    {
        private const int ClockMs = 1000;

        /// <summary>Does the work; the broker calls it.</summary>
        public readonly Persistence Persistence;
        /// <summary>What is wrong with the journal, in one line; null: nothing.</summary>
        public string Fault;

        private readonly DriveDevice device;
        private readonly string path;
        private readonly WallClock clock;
        private readonly SerialLog log;
        private int saidMs;
        private bool begun;

        /// <param name="broker">Nothing else is built on it yet.</param>
        /// <param name="device">Opened; it may have failed.</param>
        /// <param name="plan">Has passed <see cref="Wrong"/>.</param>
        /// <param name="clock">The time of day, when it is known.</param>
        /// <param name="log">Told when the drive fails later.</param>
        /// <param name="seed">Random.</param>
        public BootJournal(Broker broker, DriveDevice device, BootPlan plan, WallClock clock, SerialLog log, int seed)
        {
            this.device = device;
            this.clock = clock;
            this.log = log;
            path = plan.JournalPath;
            Persistence = new Persistence(broker, device, plan.Configuration.Persistence, seed);
            if (!Persistence.Open()) Fault = Failure();
        }

        /// <summary>Bytes of heap for all of it.</summary>
        /// <param name="segments">0: there is no journal.</param>
        public static int Bytes(Limits limits, int segments)
        {
            if (segments == 0) return 0;
            return Heap.Object(8) + Persistence.Bytes(limits, segments) + DriveDevice.Bytes(segments)
                + Heap.Object(PersistenceOptions.Fields);
        }

        /// <summary>A journal that was made for other limits; null: it is not. What to do is for somebody with a
        /// cable: to begin anew by itself would lose what it holds.</summary>
        public static string Wrong(BootPlan plan, DriveDevice device)
        {
            if (device.Error != null) return null;
            string wrong = Persistence.Check(plan.Limits, device);
            if (wrong == null) return null;
            return "does not fit: " + plan.JournalPath + " was made for other limits: " + wrong
                + "; another persistence_file in " + BootPlan.File + " begins anew";
        }

        /// <summary>The line for the log.</summary>
        public string Text()
        {
            int damaged = Persistence.Journal.Damaged + Persistence.Orphans;
            return "journal " + path + ": " + Persistence.Restored.ToString() + " records, " + damaged.ToString()
                + " damaged, " + device.Segments().ToString() + " segments of " + device.SegmentBytes().ToString()
                + " bytes";
        }

        /// <inheritdoc/>
        public int Turn(int nowMs)
        {
            if (!begun || nowMs - saidMs >= ClockMs)
            {
                begun = true;
                saidMs = nowMs;
                if (clock.Known) Persistence.Wall = (uint)(clock.TimeMs(nowMs) / 1000);
            }
            if (Persistence.Failed && Fault == null) Tell();
            return int.MaxValue;
        }

        /// <inheritdoc/>
        public int Wait(int nowMs)
        {
            return int.MaxValue;
        }

        private void Tell()
        {
            Fault = Failure();
            log.Tell(LogLevel.Error, Fault);
        }

        private string Failure()
        {
            return "journal " + path + ": " + (device.Error == null ? "it cannot be read" : device.Error)
                + "; what must survive is refused";
        }
    }
}
