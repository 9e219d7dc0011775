namespace Femto.Mqtt
{
    /// <summary>
    /// Counts what syncs cost in erase blocks, and how fast they may follow each other. On littlefs a synced append
    /// writes the file's tail block anew, erases a further block for each block it fills, and adds to the directory's
    /// log, which takes a block for some thirty entries.
    /// </summary>
    /// <remarks>The budget is a bucket that fills evenly and holds a day's worth: full at boot.</remarks>
    internal sealed class Wear
    {
        // Of the directory's log: entries for each block that is erased.
        private const int EntriesPerBlock = 32;
        private const int DayMs = 86400000;

        /// <summary>Blocks since boot, in 32nds.</summary>
        public int Parts;

        private readonly PersistenceOptions options;
        private readonly int capacity;  // of the bucket, in 32nds of a block
        private int bucket;
        private int filledMs;
        private bool begun;
        private uint seconds;           // since boot
        private int partMs;

        public Wear(PersistenceOptions options)
        {
            this.options = options;
            capacity = options.BlocksPerDay > 60000000 ? 60000000 * EntriesPerBlock
                : options.BlocksPerDay * EntriesPerBlock;
            bucket = capacity;
        }

        public static int Bytes()
        {
            return Heap.Object(8);
        }

        /// <summary>Syncs of a segment that was so long before, and what they added together.</summary>
        /// <returns>32nds of a block.</returns>
        public int Sync(int before, int added, int syncs)
        {
            int block = options.EraseBytes;
            if (block == 0) return 0;
            int tail = before % block;
            int parts = ((tail + added + block - 1) / block + syncs - 1) * EntriesPerBlock + syncs;
            Parts += parts;
            bucket -= parts;
            if (bucket < -capacity) bucket = -capacity;
            return parts;
        }

        /// <summary>Time passes: the bucket fills.</summary>
        public void Tick(int nowMs)
        {
            if (!begun)
            {
                begun = true;
                filledMs = nowMs;
            }
            int passed = nowMs - filledMs;
            if (passed < 1000) return;
            int whole = passed / 1000;
            filledMs += whole * 1000;
            seconds += (uint)whole;
            // 32nds of a block that a second brings, with what is left over kept for the next.
            long more = (long)capacity * whole * 1000 + partMs;
            partMs = (int)(more % DayMs);
            more /= DayMs;
            bucket = more > capacity - bucket ? capacity : bucket + (int)more;
        }

        /// <summary>Milliseconds that answers wait for each other now.</summary>
        public int GroupMs()
        {
            int least = options.SyncMs;
            if (capacity == 0 || bucket >= capacity / 2) return least;
            int most = options.SyncMaxMs;
            if (bucket <= 0) return most;
            // From half a bucket down to none the time grows evenly.
            int left = bucket / (capacity / 64 + 1); // 0 to 32
            return most - (most - least) / 32 * (left > 32 ? 32 : left);
        }

        /// <summary>Nothing more should be written.</summary>
        public bool UsedUp()
        {
            return capacity != 0 && options.RefuseWhenWorn && bucket <= 0;
        }

        /// <summary>Whole blocks since boot.</summary>
        public int Blocks()
        {
            return Parts / EntriesPerBlock;
        }

        /// <summary>Days that the drive lasts if it goes on as since boot; in the first hours as if a day's budget were
        /// used.</summary>
        public int Days()
        {
            if (options.EraseBytes == 0) return 0;
            long life = (long)options.DriveBlocks * options.Endurance;
            long perDay = seconds == 0 ? 0 : (long)Blocks() * 86400 / seconds;
            if (seconds < 6 * 3600 && perDay < options.BlocksPerDay) perDay = options.BlocksPerDay;
            if (perDay == 0) perDay = 1;
            long days = life / perDay;
            return days > 1000000 ? 1000000 : (int)days;
        }
    }
}
