namespace Femto.Mqtt
{
    /// <summary>Whether the loop turns, the bridges get on and the broker takes what the app publishes.</summary>
    internal sealed class Watch
    {
        // What stands still.
        public const int Nothing = 0, Loop = 1, Bridge = 2, Queues = 3;

        private const int LoopMs = 30000;
        private const int QueueMs = 60000;

        private readonly Bridge[] bridges;
        private readonly int[] seen;        // what had happened at a bridge
        private readonly int[] seenMs;      // when that was last another number
        private readonly int stallMs;       // of a bridge; 0: never
        private bool begun;
        private int turnMs;

        public Watch(Bridge[] bridges, int seconds)
        {
            this.bridges = bridges;
            seen = new int[bridges.Length];
            seenMs = new int[bridges.Length];
            stallMs = seconds * 1000;
        }

        public static int Bytes(int bridges)
        {
            return Heap.Object(6) + Heap.Array(bridges, 4) * 2;
        }

        /// <summary>The loop has come round.</summary>
        public void Turned(int nowMs)
        {
            turnMs = nowMs;
            for (int i = 0; i < bridges.Length; i++)
            {
                Bridge b = bridges[i];
                int sum = 0;
                for (int k = 0; k < BridgeCounter.Count; k++) sum += b.Counters[k];
                // Nothing to do is progress, too.
                bool idle = b.Stopped || b.SpoolLength() == 0 && b.Connected
                    || b.Options.StartType == BridgeStart.Lazy && b.SpoolLength() < b.Options.Threshold;
                if (begun && sum == seen[i] && !idle) continue;
                seen[i] = sum;
                seenMs[i] = nowMs;
            }
            begun = true;
        }

        /// <summary>What stands still at that time. From any thread.</summary>
        public int Stalled(int nowMs, bool pending, int pendingSinceMs)
        {
            if (!begun) return Nothing;
            if (nowMs - turnMs > LoopMs) return Loop;
            if (pending && nowMs - pendingSinceMs > QueueMs) return Queues;
            for (int i = 0; stallMs != 0 && i < seenMs.Length; i++)
            {
                if (nowMs - seenMs[i] > stallMs) return Bridge;
            }
            return Nothing;
        }
    }
}
