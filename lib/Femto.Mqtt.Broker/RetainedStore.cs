namespace Femto.Mqtt
{
    /// <summary>Retained messages: the topic table says where, the pool holds what, and together they keep within
    /// a budget of blocks so that they cannot crowd out what is queued.</summary>
    internal sealed class RetainedStore
    {
        /// <summary>Pool blocks that retained messages hold.</summary>
        public int Blocks;

        private readonly TopicTable topics;
        private readonly MessagePool pool;
        private readonly int blocksMax;

        public RetainedStore(Limits limits, TopicTable topics, MessagePool pool)
        {
            this.topics = topics;
            this.pool = pool;
            blocksMax = limits.RetainedBlocks;
        }

        public static int Bytes()
        {
            return Heap.Object(4);
        }

        /// <summary>Makes a message of the pool the retained message of its topic [MQTT-3.3.1-5].</summary>
        /// <returns>False when it does not fit; nothing has changed then.</returns>
        public bool Set(TopicPath path, int message)
        {
            int blocks = pool.BlocksFor(pool.Length[message]);
            int slot = topics.RetainedFind(path);
            int before = slot == 0 ? 0 : pool.BlocksFor(pool.Length[topics.RetainedMessage[slot]]);
            if (Blocks - before + blocks > blocksMax) return false;
            if (topics.RetainedSet(path, message) == 0) return false;
            pool.Retain(message);
            Blocks += blocks;
            if (topics.ReplacedMessage != 0) Release(topics.ReplacedMessage);
            return true;
        }

        /// <summary>A message is no longer retained.</summary>
        public void Release(int message)
        {
            Blocks -= pool.BlocksFor(pool.Length[message]);
            pool.Release(message);
        }
    }
}
