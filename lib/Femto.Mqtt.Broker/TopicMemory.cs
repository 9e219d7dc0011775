using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// The topic each connection last published to twice in a row, and the one subscription that it matched, or
    /// none. Sensors repeat themselves: a topic that comes again needs no check, no hash and no search, only a
    /// comparison. Forgotten when a subscription is made or removed.
    /// </summary>
    internal sealed class TopicMemory
    {
        /// <summary>Sixteen bits of the hash of each connection's last topic that was not the remembered one.</summary>
        public readonly ushort[] Seen;

        private readonly int size;          // longest topic remembered
        private readonly byte[] topics;     // a row for each connection
        private readonly byte[] lengths;    // 0: nothing is remembered
        private readonly ushort[] matches;  // the subscription, 0 for none
        private readonly int[] changes;     // of the topic table at that time
        private readonly TopicTable table;

        public TopicMemory(Limits limits, TopicTable table)
        {
            this.table = table;
            size = limits.RememberedTopicBytes;
            Seen = new ushort[limits.Connections];
            topics = new byte[limits.Connections * size];
            lengths = new byte[limits.Connections];
            matches = new ushort[limits.Connections];
            changes = new int[limits.Connections];
        }

        public static int Bytes(Limits limits)
        {
            int n = limits.Connections;
            return Heap.Object(7) + Heap.Array(n * limits.RememberedTopicBytes, 1) + Heap.Array(n, 1)
                + 2 * Heap.Array(n, 2) + Heap.Array(n, 4);
        }

        /// <summary>Whether this is the connection's last topic and its match still holds.</summary>
        public bool Same(int c, byte[] buffer, int offset, int length)
        {
            if (lengths[c] != length || length == 0 || changes[c] != table.Changes) return false;
            byte[] known = topics;
            int shift = c * size - offset;
            int odd = shift + 1;
            int last = offset + length - 1;
            if (buffer[last] != known[last + shift]) return false; // topics of one publisher differ at the end
            for (int i = offset; i < last; i += 2)
            {
                if (buffer[i] != known[i + shift] || buffer[i + 1] != known[i + odd]) return false;
            }
            return true;
        }

        /// <summary>Puts the remembered match in place of a search.</summary>
        public void Recall(int c)
        {
            int match = matches[c];
            table.Matched[0] = (ushort)match;
            table.MatchedCount = match == 0 ? 0 : 1;
            table.MatchedGroupCount = 0;
        }

        /// <summary>Remembers a topic just matched, if it is short and matched at most one subscription.</summary>
        public void Remember(int c, byte[] buffer, int offset, int length)
        {
            if (length > size || table.MatchedCount > 1 || table.MatchedGroupCount != 0)
            {
                lengths[c] = 0;
                return;
            }
            Array.Copy(buffer, offset, topics, c * size, length);
            lengths[c] = (byte)length;
            matches[c] = table.MatchedCount == 0 ? (ushort)0 : table.Matched[0];
            changes[c] = table.Changes;
        }

        /// <summary>A new connection.</summary>
        public void Clear(int c)
        {
            lengths[c] = 0;
        }
    }
}
