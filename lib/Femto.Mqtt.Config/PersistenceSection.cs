namespace Femto.Mqtt
{
    /// <summary>What a file says of persistence.</summary>
    internal sealed class PersistenceSection
    {
        private readonly PersistenceOptions options;
        private int line;           // of "persistence true"
        private int locationLine;
        private int driveLine;
        private int driveBytes;

        public PersistenceSection(PersistenceOptions defaults)
        {
            options = defaults;
            // 0 on a PC, where wear is not counted.
            driveBytes = defaults.EraseBytes * defaults.DriveBlocks;
        }

        public void Put(int key, int value, int line)
        {
            bool flag = value != 0;
            switch (key)
            {
                case Key.Persistence: this.line = flag ? line : 0; break;
                case Key.BlocksPerDay: options.BlocksPerDay = value; break;
                case Key.KeepBridges: options.Bridges = flag; break;
                case Key.DriveBytes:
                    driveBytes = value;
                    driveLine = line;
                    break;
                case Key.EraseBlock: options.EraseBytes = value; break;
                case Key.GroupMs: options.SyncMs = value; break;
                case Key.IdleMs: options.IdleMs = value; break;
                case Key.JournalBytes: options.JournalBytes = value; break;
                case Key.KeepQos2: options.Received = flag; break;
                case Key.KeepQueues: options.Queues = flag; break;
                case Key.KeepRetained: options.Retained = flag; break;
                case Key.KeepSubscriptions: options.Subscriptions = flag; break;
                case Key.KeepWills: options.Wills = flag; break;
                default: options.RefuseWhenWorn = flag; break;
            }
        }

        public void Put(int key, string value, int line)
        {
            if (key == Key.JournalFile)
            {
                options.File = value;
                return;
            }
            options.Location = value;
            locationLine = line;
        }

        /// <summary>The file is read. False: the journal is larger than the drive; PersistenceLine is that of the
        /// drive then.</summary>
        public bool Finish(Configuration config)
        {
            if (line == 0) return true; // as there, the other words then change nothing
            config.Persistence = options;
            config.PersistenceLine = line;
            config.LocationLine = locationLine;
            // A budget is in blocks: without a size they are those of a board's flash.
            if (options.BlocksPerDay != 0 && options.EraseBytes == 0) options.EraseBytes = 4096;
            if (options.EraseBytes != 0)
            {
                int drive = driveBytes == 0 ? options.JournalBytes : driveBytes;
                options.DriveBlocks = drive / options.EraseBytes;
            }
            if (driveBytes == 0 || driveBytes >= options.JournalBytes) return true;
            if (driveLine != 0) config.PersistenceLine = driveLine;
            return false;
        }
    }
}
