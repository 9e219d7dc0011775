namespace Femto.Mqtt
{
    /// <summary>
    /// The retained messages: one slot for each topic that has one, hung on the topic's node. Section
    /// 3.3.1.3. What the message handles mean is the caller's business.
    /// </summary>
    public class RetainedTable : TopicTree
    {
        /// <summary>Instance fields of this class, for <see cref="Heap.Object"/>.</summary>
        protected const int RetainedFields = 10;

        // A generation older than this is moved up, so that the comparison of two never wraps.
        private const int OldestGeneration = 0x40000000;

        /// <summary>The message of a slot, 0 when the slot is free.</summary>
        public readonly ushort[] RetainedMessage;
        /// <summary>When a slot was last set, as a value of <see cref="Generation"/>.</summary>
        public readonly int[] RetainedGeneration;
        /// <summary>Increases with every <see cref="RetainedSet"/>; wraps.</summary>
        public int Generation;
        /// <summary>The message that the last <see cref="RetainedSet"/> replaced, 0 if none.</summary>
        public int ReplacedMessage;
        /// <summary>Slots in use.</summary>
        public int RetainedCount;

        private readonly ushort[] nodeOf; // the slot's node, or the next free slot
        private readonly int slotRows;
        private int freeSlot;
        private int used; // the highest slot used since the table was empty: nothing is looked for above it
        private int aged;

        /// <param name="slotsMax">Retained messages, 1 to 65,534.</param>
        /// <param name="nodesMax">Nodes of the tree.</param>
        /// <param name="texts">The table that keeps the level names.</param>
        protected RetainedTable(int slotsMax, int nodesMax, TextTable texts)
            : base(nodesMax, texts)
        {
            RetainedMessage = new ushort[slotsMax + 1];
            RetainedGeneration = new int[slotsMax + 1];
            nodeOf = new ushort[slotsMax + 1];
            slotRows = slotsMax;
            for (int slot = slotsMax; slot > 0; slot--)
            {
                nodeOf[slot] = (ushort)freeSlot;
                freeSlot = slot;
            }
        }

        /// <summary>Bytes of the arrays on nanoFramework's heap, those of the tree included.</summary>
        protected static int RetainedBytes(int slotsMax, int nodesMax)
        {
            return TreeBytes(nodesMax)
                + 2 * Heap.Array(slotsMax + 1, 2)  // message, node
                + Heap.Array(slotsMax + 1, 4);     // generation
        }

        /// <summary>The slot of a topic's retained message, or 0.</summary>
        public int RetainedFind(TopicPath topic)
        {
            int node = FindNode(topic);
            return node < 0 ? 0 : Slot[node];
        }

        /// <summary>
        /// Retains a message for a topic in place of the one before, which <see cref="ReplacedMessage"/>
        /// then names. Returns the slot, or 0 and has changed nothing when slots, nodes or texts are used
        /// up. [MQTT-3.3.1-5]
        /// <paramref name="message"/> is the caller's handle, 1 to 65,535.
        /// </summary>
        public int RetainedSet(TopicPath topic, int message)
        {
            ReplacedMessage = 0;
            int slot = RetainedFind(topic);
            if (slot != 0)
            {
                ReplacedMessage = RetainedMessage[slot];
            }
            else
            {
                slot = freeSlot;
                if (slot == 0)
                {
                    return 0;
                }

                int node = MakeNode(topic);
                if (node < 0)
                {
                    return 0;
                }

                freeSlot = nodeOf[slot];
                if (slot > used)
                {
                    used = slot;
                }

                nodeOf[slot] = (ushort)node;
                Slot[node] = (ushort)slot;
                RetainedCount++;
            }

            RetainedMessage[slot] = (ushort)message;
            RetainedGeneration[slot] = ++Generation;
            Age();
            return slot;
        }

        /// <summary>Makes a free slot the one that is taken next. At boot: linear in the free slots before it.
        /// </summary>
        /// <returns>False when it is in use.</returns>
        public bool PreferRetained(int slot)
        {
            int before = 0;
            int at = freeSlot;
            while (at != 0 && at != slot)
            {
                before = at;
                at = nodeOf[at];
            }
            if (at == 0) return false;
            if (before == 0) return true;
            nodeOf[before] = nodeOf[at];
            nodeOf[at] = (ushort)freeSlot;
            freeSlot = at;
            return true;
        }

        /// <summary>
        /// Forgets a topic's retained message. Returns it, or 0 if there was none. [MQTT-3.3.1-6]
        /// </summary>
        public int RetainedClear(TopicPath topic)
        {
            int slot = RetainedFind(topic);
            if (slot == 0)
            {
                return 0;
            }

            int message = RetainedMessage[slot];
            int node = nodeOf[slot];
            RetainedMessage[slot] = 0;
            nodeOf[slot] = (ushort)freeSlot;
            freeSlot = slot;
            if (--RetainedCount == 0)
            {
                used = 0;
            }

            Slot[node] = 0;
            Prune(node);
            return message;
        }

        /// <summary>See <see cref="TopicTable.RetainedNext"/>; the filter is given by its node.</summary>
        protected int NextRetained(int node, bool hash, ref int cursor, int generation, int steps)
        {
            int slot = cursor;
            if (slot == 0)
            {
                if (RetainedCount == 0 || !hash && !HasPlus(node))
                {
                    cursor = -1;
                    slot = Slot[node];
                    return slot != 0 && RetainedGeneration[slot] - generation <= 0 ? slot : 0;
                }

                slot = 1;
            }

            int depth = Depth(node);
            int top = used;
            int end = slot + steps;
            if (end > top + 1)
            {
                end = top + 1;
            }

            while (slot < end)
            {
                if (RetainedMessage[slot] != 0 && RetainedGeneration[slot] - generation <= 0
                    && Covers(node, depth, hash, nodeOf[slot]))
                {
                    cursor = slot == top ? -1 : slot + 1;
                    return slot;
                }

                slot++;
            }

            cursor = slot > top ? -1 : slot;
            return 0;
        }

        /// <summary>For tests: throws when slots and nodes contradict each other. Allocates.</summary>
        protected void RetainedInvariants()
        {
            TreeInvariants();
            int count = 0;
            for (int slot = 1; slot <= slotRows; slot++)
            {
                if (RetainedMessage[slot] != 0)
                {
                    Check(slot <= used, "a slot above the top");
                    Check(Slot[nodeOf[slot]] == slot, "a slot and its node");
                    Check(Generation - RetainedGeneration[slot] >= 0, "a generation in the future");
                    count++;
                }
            }

            Check(count == RetainedCount, "RetainedCount");
            for (int node = 0; node <= SystemRoot; node++)
            {
                int slot = Slot[node];
                Check(slot == 0 || RetainedMessage[slot] != 0 && nodeOf[slot] == node, "a node and its slot");
            }

            for (int slot = freeSlot; slot != 0; slot = nodeOf[slot])
            {
                Check(RetainedMessage[slot] == 0, "a slot in use is free");
                count++;
                Check(count <= slotRows, "the free slots go round in circles");
            }

            Check(count == slotRows, "a slot is lost");
        }

        private bool HasPlus(int node)
        {
            while (node != 0 && node != SystemRoot)
            {
                if (Name[node] == 0)
                {
                    return true;
                }

                node = Parent[node];
            }

            return false;
        }

        // Generations are compared by their difference, which after months could exceed an int for a
        // message retained long ago. With every message retained one slot in turn is looked at and kept
        // within reach.
        private void Age()
        {
            int slot = aged + 1;
            if (slot > slotRows)
            {
                slot = 1;
            }

            aged = slot;
            if (Generation - RetainedGeneration[slot] > OldestGeneration)
            {
                RetainedGeneration[slot] = Generation - OldestGeneration;
            }
        }
    }
}
