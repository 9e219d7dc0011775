namespace Femto.Mqtt
{
    /// <summary>What survives a loss of power, how soon it is durable, and what that may wear. Set before the
    /// Persistence is built.</summary>
    public sealed class PersistenceOptions
    {
        /// <summary>Messages of QoS 1 and 2 that wait for clients, or are on their way.</summary>
        public bool Queues = true;
        /// <summary>Identifiers of QoS 2 messages that clients have sent and not yet released.</summary>
        public bool Received = true;
        /// <summary>Subscriptions of sessions.</summary>
        public bool Subscriptions = true;
        /// <summary>Retained messages.</summary>
        public bool Retained = true;
        /// <summary>Wills of sessions that last longer than their connection.</summary>
        public bool Wills = true;
        /// <summary>The spools of bridges, and what is on its way between them and their upstream.</summary>
        public bool Bridges = true;

        /// <summary>Milliseconds that an answer waits for others to share its sync, at most; 0: until what arrived
        /// together has been handled.</summary>
        public int SyncMs;
        /// <summary>Milliseconds after which something is written that nobody waits for: an acknowledgement by a
        /// subscriber, a retained message of QoS 0. What is undone before is never written.</summary>
        public int IdleMs = 1000;

        /// <summary>Bytes of the device's erase block; 0: wear is not counted.</summary>
        public int EraseBytes;
        /// <summary>Erase blocks of the drive.</summary>
        public int DriveBlocks = 64;
        /// <summary>Times that a block may be erased.</summary>
        public int Endurance = 100000;
        /// <summary>Erase blocks that may be worn in a day; 0: no budget. As it runs low answers wait longer for each
        /// other, up to <see cref="SyncMaxMs"/>.</summary>
        public int BlocksPerDay;
        /// <summary>The longest time that an answer waits for others, when the budget is used up.</summary>
        public int SyncMaxMs = 60000;
        /// <summary>With the budget used up at <see cref="SyncMaxMs"/> too: true, what would need a sync is refused
        /// with 0x97 until there is budget again; false, it goes on and the drive lasts less long.</summary>
        public bool RefuseWhenWorn;

        /// <summary>Bytes that the journal may take on its device.</summary>
        public int JournalBytes = 256 << 20;
        /// <summary>The directory of its files; null: where the program was started, on a board its drive.</summary>
        public string Location;
        /// <summary>What the names of its files begin with.</summary>
        public string File = "femto.db";

        /// <summary>Instance fields, for <see cref="Heap.Object"/>.</summary>
        public const int Fields = 17;

        /// <summary>For a board's drive of 256 KB: ten years.</summary>
        public static PersistenceOptions Board()
        {
            PersistenceOptions o = new PersistenceOptions();
            o.SyncMs = 250;
            o.IdleMs = 30000;
            o.EraseBytes = 4096;
            o.BlocksPerDay = 64 * 100000 / 3653;
            o.JournalBytes = 192 << 10;
            return o;
        }
    }
}
