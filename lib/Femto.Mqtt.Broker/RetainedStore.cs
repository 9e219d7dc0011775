namespace Femto.Mqtt
{
    /// <summary>Retained messages: the topic table says where, the pool holds what, and together they keep within
    /// a budget of blocks so that they cannot crowd out what is queued.</summary>
    internal sealed class RetainedStore
    {
        /// <summary>Pool blocks that retained messages hold.</summary>
        public int Blocks;
        /// <summary>By slot: the session that published it, 0 once that has ended. For No Local.</summary>
        public readonly ushort[] Publisher;

        private readonly TopicTable topics;
        private readonly MessagePool pool;
        private readonly int blocksMax;

        public RetainedStore(Limits limits, TopicTable topics, MessagePool pool)
        {
            this.topics = topics;
            this.pool = pool;
            blocksMax = limits.RetainedBlocks;
            Publisher = new ushort[limits.Retained + 1];
        }

        public static int Bytes(Limits limits)
        {
            return Heap.Object(5) + Heap.Array(limits.Retained + 1, 2);
        }

        /// <summary>Makes a message of the pool the retained message of its topic [MQTT-3.3.1-5].</summary>
        /// <returns>False when it does not fit; nothing has changed then.</returns>
        public bool Set(TopicPath path, int message, int publisher)
        {
            int blocks = pool.BlocksFor(pool.Length[message]);
            int slot = topics.RetainedFind(path);
            int before = slot == 0 ? 0 : pool.BlocksFor(pool.Length[topics.RetainedMessage[slot]]);
            if (Blocks - before + blocks > blocksMax) return false;
            slot = topics.RetainedSet(path, message);
            if (slot == 0) return false;
            Publisher[slot] = (ushort)publisher;
            pool.Retain(message);
            Blocks += blocks;
            if (pool.Changes != null) pool.Changes.Mark(Changes.Retained, slot);
            if (topics.ReplacedMessage != 0) Release(topics.ReplacedMessage);
            return true;
        }

        /// <summary>Forgets a topic's retained message [MQTT-3.3.1-6], [MQTT-3.3.1-7].</summary>
        public void Clear(TopicPath path)
        {
            if (pool.Changes != null)
            {
                int slot = topics.RetainedFind(path);
                if (slot != 0) pool.Changes.Mark(Changes.Retained, slot);
            }
            int cleared = topics.RetainedClear(path);
            if (cleared != 0) Release(cleared);
        }

        /// <summary>A session ends: its row may become another's.</summary>
        public void Forget(int session)
        {
            if (topics.RetainedCount == 0) return;
            ushort[] publisher = Publisher;
            for (int slot = 1; slot < publisher.Length; slot++)
            {
                if (publisher[slot] == session) publisher[slot] = 0;
            }
        }

        /// <summary>A message is no longer retained.</summary>
        public void Release(int message)
        {
            Blocks -= pool.BlocksFor(pool.Length[message]);
            pool.Release(message);
        }
    }
}
