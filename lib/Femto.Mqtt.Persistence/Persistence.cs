using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// Carries a broker's state over a loss of power: queues, sessions, subscriptions, retained messages, wills, the
    /// spools of bridges. The tables mark what changes; here it is written to a journal, a group at a time, and
    /// synced before any answer leaves that promises it.
    /// </summary>
    /// <remarks>
    /// Built right after the broker, before local clients and bridges; <see cref="Open"/> follows at once. Nothing else
    /// is to be called: the broker's Tick does the rest. lib/DESIGN.md tells what is written when.
    /// </remarks>
    public sealed class Persistence : IKeeper
    {
        /// <summary>Where the records are.</summary>
        public readonly Journal Journal;
        /// <summary>Seconds of a clock that goes on while there is no power, such as Unix time; 0: there is none. Set
        /// before <see cref="Open"/> and kept up by who has a clock, now and then. Without it the time without power
        /// does not count: expiries come later by as much.</summary>
        public uint Wall;
        /// <summary>Bytes of nanoFramework's heap that this and its journal take.</summary>
        public readonly int RamBytes;
        /// <summary>The device failed: nothing is kept any more, and what must be is refused.</summary>
        public bool Failed;
        /// <summary>Records read at the opening.</summary>
        public int Restored;
        /// <summary>Records read at the opening that could not be used: what they hang on is damaged, or these limits
        /// have no room for them.</summary>
        public int Orphans;

        private const int SegmentsLeast = 6;
        private const int SegmentsMost = 24;

        private readonly Broker broker;
        private readonly Changes changes;
        private readonly PersistenceOptions options;
        private readonly Records records;
        private readonly Wear wear;
        private bool marked;            // something waits since
        private int markedMs;
        private bool urgent;            // an answer waits since
        private int urgentMs;
        private int countedSyncs;
        private int countedBytes;
        private bool opened;
        private bool settled;           // bridges have claimed what is theirs
        private int nowMs;

        /// <summary>Builds the journal and has the broker mark what it needs.</summary>
        /// <param name="broker">Without connections, local clients and bridges yet.</param>
        /// <param name="device">See <see cref="Check"/> for its size.</param>
        /// <param name="seed">Random.</param>
        /// <exception cref="ArgumentException">The device is too small for the broker's limits.</exception>
        public Persistence(Broker broker, IByteDevice device, PersistenceOptions options, int seed)
        {
            string wrong = Check(broker.Limits, device);
            if (wrong != null) throw new ArgumentException(wrong);
            this.broker = broker;
            this.options = options;
            Limits limits = broker.Limits;
            int[] rows = Rows(limits);
            changes = new Changes(rows, limits.Connections);
            changes.Keeper = this;
            changes.KeepsBridges = options.Bridges;
            if (!options.Queues) changes.Keeps[Changes.Delivery] = 0;
            if (!options.Received) changes.Keeps[Changes.Received] = 0;
            if (!options.Subscriptions) changes.Keeps[Changes.Subscription] = 0;
            if (!options.Retained) changes.Keeps[Changes.Retained] = 0;
            changes.PendingMax = device.SegmentBytes() / 4;
            JournalLimits sizes = Sizes(limits);
            sizes.Rows = rows;
            Journal = new Journal(device, sizes, seed);
            records = new Records(broker, Journal, changes, options);
            wear = new Wear(options);
            RamBytes = Bytes(limits, device.Segments());
            broker.Changes = changes;
            broker.Pool.Changes = changes;
            broker.Received.Changes = changes;
            broker.SendBuffers.Changes = changes;
        }

        /// <summary>What is wrong with a device for these limits, or null.</summary>
        public static string Check(Limits limits, IByteDevice device)
        {
            string wrong = Journal.Check(device, Sizes(limits));
            if (wrong != null) return wrong;
            // One packet's changes are one group, and a group takes half a segment at most.
            if (device.SegmentBytes() / 4 < Records.Largest(limits)) return "segments hold fewer than four packets";
            return null;
        }

        /// <summary>Bytes of nanoFramework's heap that persistence takes for these limits.</summary>
        public static int Bytes(Limits limits, int segments)
        {
            return Heap.Object(20) + Changes.Bytes(Rows(limits), limits.Connections)
                + Journal.Bytes(Sizes(limits), segments) + Records.Bytes() + Wear.Bytes();
        }

        /// <summary>Bytes that a device must have at least for these limits.</summary>
        public static int LeastBytes(Limits limits)
        {
            return SegmentsLeast * SegmentLeast(limits);
        }

        /// <summary>Into how many segments a device of so many bytes is best cut for these limits.</summary>
        /// <param name="segmentBytes">Bytes of each.</param>
        /// <returns>0: it is too small, see <see cref="LeastBytes"/>.</returns>
        public static int SegmentsFor(Limits limits, int bytes, out int segmentBytes)
        {
            segmentBytes = 0;
            int segments = bytes / SegmentLeast(limits);
            if (segments < SegmentsLeast) return 0;
            if (segments > SegmentsMost) segments = SegmentsMost;
            segmentBytes = bytes / segments;
            return segments;
        }

        // Whole erase blocks, and four of the largest packets.
        private static int SegmentLeast(Limits limits)
        {
            return (4 * Records.Largest(limits) + 4095) & ~4095;
        }

        private static int[] Rows(Limits limits)
        {
            int[] rows = new int[Changes.Kinds];
            rows[Changes.Clock] = 1;
            rows[Changes.Message] = limits.Messages;
            rows[Changes.Session] = limits.Sessions;
            rows[Changes.Subscription] = limits.Subscriptions;
            rows[Changes.Retained] = limits.Retained;
            rows[Changes.Received] = limits.Sessions;
            rows[Changes.Delivery] = limits.Deliveries;
            return rows;
        }

        private static JournalLimits Sizes(Limits limits)
        {
            JournalLimits sizes = new JournalLimits();
            sizes.Rows = Rows(limits);
            sizes.FrameBytes = Records.Largest(limits);
            return sizes;
        }

        /// <summary>Reads what the journal holds into the broker's tables.</summary>
        /// <returns>False: the device failed; the broker runs, and refuses what it cannot keep.</returns>
        public bool Open()
        {
            Restore restore = new Restore(broker, Journal, changes, Wall);
            bool read = Journal.Open(restore);
            if (read) restore.Finish();
            Restored = restore.Count;
            Orphans = restore.Orphans;
            int[] counters = broker.Counters;
            counters[Counter.StoreDamaged] = Journal.Damaged + Journal.Unknown + Orphans;
            counters[Counter.WearDays] = wear.Days();
            opened = true;
            if (!read) Fail();
            return read;
        }

        /// <summary>An orderly stop: writes what is marked, and that all is complete.</summary>
        /// <returns>False: the device failed.</returns>
        public bool Close()
        {
            Flush();
            return !Failed && Journal.Close();
        }

        /// <inheritdoc/>
        public Fault Room(int bytes)
        {
            if (Failed) return Fault.StoreFailed;
            if (wear.UsedUp()) return Fault.StoreFull;
            return Journal.Live + changes.Pending + bytes > Journal.LiveMax ? Fault.StoreFull : Fault.None;
        }

        /// <inheritdoc/>
        public void Tick(int nowMs)
        {
            this.nowMs = nowMs;
            wear.Tick(nowMs);
            if (!opened || Failed) return;
            if (!settled) Settle();
            if (Journal.NeedsSpace()) Journal.Compact(Journal.SegmentSize / 16);
            if (changes.Any)
            {
                if (!marked) markedMs = nowMs;
                marked = true;
                if (changes.Urgent && !urgent)
                {
                    urgent = true;
                    urgentMs = nowMs;
                }
                if (Wait(nowMs) == 0) Flush();
            }
            if (Journal.Failed && !Failed) Fail();
        }

        /// <inheritdoc/>
        public int Wait(int nowMs)
        {
            if (Failed) return int.MaxValue;
            if (!opened || !changes.Any) return Journal.NeedsSpace() ? 0 : int.MaxValue;
            if (!marked || changes.Urgent && !urgent) return 0; // Tick notes the time
            int groupMs = wear.GroupMs();
            int idleMs = options.IdleMs > groupMs ? options.IdleMs : groupMs;
            int wait = markedMs + idleMs - nowMs;
            int answer = urgentMs + groupMs - nowMs;
            if (urgent && answer < wait) wait = answer;
            return wait < 0 ? 0 : wait;
        }

        /// <inheritdoc/>
        public void Flush()
        {
            if (!opened || Failed) return;
            marked = false;
            urgent = false;
            int head = Journal.HeadSize;
            int written = Journal.BytesWritten;
            records.Write(Wall, nowMs);
            if (!Journal.Sync())
            {
                Fail();
                return;
            }
            int added = Journal.BytesWritten - written;
            changes.Done();
            // Space is won as it is used: live contents are three quarters at most.
            if (Journal.NeedsSpace()) Journal.Compact(4 * added);
            Count(head);
            broker.Released();
        }

        // What was written and synced since the last time, by compaction too.
        private void Count(int head)
        {
            int[] counters = broker.Counters;
            int syncs = Journal.Syncs - countedSyncs;
            if (syncs != 0)
            {
                wear.Sync(head, Journal.BytesWritten - countedBytes, syncs);
                countedSyncs = Journal.Syncs;
                countedBytes = Journal.BytesWritten;
            }
            counters[Counter.WearBlocks] = wear.Blocks();
            counters[Counter.StoreSyncs] = Journal.Syncs;
            counters[Counter.StoreBytes] = Journal.BytesWritten;
            counters[Counter.WearDays] = wear.Days();
        }

        // A bridge's session that no bridge has claimed: it is no longer configured.
        private void Settle()
        {
            settled = true;
            for (int s = 1; s <= broker.Sessions.Rows; s++)
            {
                if (changes.Kept[s] != Changes.Waits) continue;
                changes.Runs[s] = null;
                changes.Mark(Changes.Received, s);
                broker.Lifecycle.End(s);
            }
        }

        private void Fail()
        {
            Failed = true;
            broker.Unkept();
        }
    }
}
