using System;
using System.Diagnostics;

namespace Femto.Mqtt
{
    /// <summary>
    /// The nodes of the topic tree: a node for each level of each filter subscribed to and each topic with
    /// a retained message, as long as something hangs on it. Section 4.7.
    /// </summary>
    /// <remarks>
    /// The child for '+' is a field of its parent. The child for a name is found by a hash of the parent
    /// and the name. '#' has no node: filters that end in it hang on the node before it, in a list of their
    /// own. Node 0 is the root; topics that begin with '$' have a root to themselves, so that no wildcard
    /// can reach them from the first level.
    /// </remarks>
    public class TopicTree
    {
        /// <summary>Instance fields of this class, for <see cref="Heap.Object"/>.</summary>
        protected const int TreeFields = 15;

        /// <summary>Spreads the nodes that share a name over the buckets.</summary>
        protected const int NodeMixer = 40503;

        /// <summary>The names of the levels.</summary>
        public readonly TextTable Texts;
        /// <summary>Nodes in use, without the two roots.</summary>
        public int NodeCount;

        /// <summary>Root of the topics whose first character is '$'.</summary>
        protected readonly int SystemRoot;
        /// <summary>A node's parent.</summary>
        protected readonly ushort[] Parent;
        /// <summary>A node's level name in <see cref="Texts"/>; 0 is '+' (and the roots).</summary>
        protected readonly ushort[] Name;
        /// <summary>The next node in the same bucket; of a free node the next free one.</summary>
        protected readonly ushort[] Chain;
        /// <summary>A node's child for '+', or 0.</summary>
        protected readonly ushort[] Plus;
        /// <summary>
        /// First subscription whose filter ends at a node, or 0. Those of a share group come first.
        /// </summary>
        protected readonly ushort[] Exact;
        /// <summary>
        /// First subscription whose filter ends in '#' right after a node, or 0; in the same order.
        /// </summary>
        protected readonly ushort[] Many;
        /// <summary>Slot of the message retained for exactly this topic, or 0.</summary>
        protected readonly ushort[] Slot;
        /// <summary>Nodes by parent and name.</summary>
        protected readonly ushort[] Buckets;
        /// <summary>Number of <see cref="Buckets"/> less 1.</summary>
        protected readonly int BucketMask;

        /// <summary>Whether anything stands under a first level that begins with a dollar sign.</summary>
        public bool HasSystem()
        {
            return childCount[SystemRoot] != 0;
        }

        private readonly ushort[] childCount; // with the child for '+'
        private readonly int nodeRows;
        private int freeNode;

        /// <param name="nodesMax">Nodes besides the roots, 1 to 65,534.</param>
        /// <param name="texts">The table that keeps the level names.</param>
        protected TopicTree(int nodesMax, TextTable texts)
        {
            int rows = nodesMax + 2;
            Texts = texts;
            SystemRoot = nodesMax + 1;
            Parent = new ushort[rows];
            Name = new ushort[rows];
            Chain = new ushort[rows];
            Plus = new ushort[rows];
            Exact = new ushort[rows];
            Many = new ushort[rows];
            Slot = new ushort[rows];
            Buckets = new ushort[BucketCount(nodesMax)];
            BucketMask = Buckets.Length - 1;
            childCount = new ushort[rows];
            nodeRows = nodesMax;
            for (int n = nodesMax; n > 0; n--)
            {
                Chain[n] = (ushort)freeNode;
                freeNode = n;
            }
        }

        /// <summary>
        /// Bytes of the arrays on nanoFramework's heap; the object is counted by the class that it becomes.
        /// </summary>
        protected static int TreeBytes(int nodesMax)
        {
            return 8 * Heap.Array(nodesMax + 2, 2) // parent, name, chain, '+', two lists, slot, children
                + Heap.Array(BucketCount(nodesMax), 2);
        }

        /// <summary>Whether the filter's last level is '#'.</summary>
        protected static bool EndsWithHash(TopicPath path)
        {
            int last = path.Levels - 1;
            return path.Length[last] == 1 && path.Buffer[path.Start[last]] == '#';
        }

        /// <summary>The node at which a topic or filter ends ('#' left off), or -1.</summary>
        protected int FindNode(TopicPath path)
        {
            int levels = EndsWithHash(path) ? path.Levels - 1 : path.Levels;
            int node = RootOf(path);
            for (int level = 0; level < levels; level++)
            {
                node = Child(path, level, node);
                if (node == 0)
                {
                    return -1;
                }
            }

            return node;
        }

        /// <summary>
        /// As <see cref="FindNode"/>, but makes the nodes that are missing. The caller hangs something on
        /// the node or calls <see cref="Prune"/>. Returns -1 and has changed nothing when nodes or texts
        /// are used up.
        /// </summary>
        protected int MakeNode(TopicPath path)
        {
            int levels = EndsWithHash(path) ? path.Levels - 1 : path.Levels;
            int node = RootOf(path);
            for (int level = 0; level < levels; level++)
            {
                int child = Child(path, level, node);
                if (child == 0)
                {
                    child = AddChild(path, level, node);
                    if (child == 0)
                    {
                        Prune(node);
                        return -1;
                    }
                }

                node = child;
            }

            return node;
        }

        /// <summary>Frees a node on which nothing hangs any more, and then its parents likewise.</summary>
        protected void Prune(int node)
        {
            while (node != 0 && node != SystemRoot
                && (childCount[node] | Exact[node] | Many[node] | Slot[node]) == 0)
            {
                int parent = Parent[node];
                int name = Name[node];
                if (name == 0)
                {
                    Plus[parent] = 0;
                }
                else
                {
                    Unchain(node, Bucket(parent, Texts.Tag[name]));
                    Texts.Release(name);
                }

                childCount[parent]--;
                Chain[node] = (ushort)freeNode;
                freeNode = node;
                NodeCount--;
                node = parent;
            }
        }

        /// <summary>Levels between a root and a node.</summary>
        protected int Depth(int node)
        {
            int depth = 0;
            while (node != 0 && node != SystemRoot)
            {
                depth++;
                node = Parent[node];
            }

            return depth;
        }

        /// <summary>
        /// Whether a filter that ends at <paramref name="filter"/>, or with '#' after it, matches the topic
        /// that ends at <paramref name="topic"/>. Both paths are walked upwards.
        /// </summary>
        protected bool Covers(int filter, int filterDepth, bool hash, int topic)
        {
            int above = Depth(topic) - filterDepth;
            if (above < 0 || above > 0 && !hash)
            {
                return false;
            }

            while (above > 0)
            {
                topic = Parent[topic];
                above--;
            }

            while (filter != topic)
            {
                int name = Name[filter];
                if (filterDepth == 0 || name != 0 && name != Name[topic])
                {
                    return false; // different names, or different roots [MQTT-4.7.2-1]
                }

                filter = Parent[filter];
                topic = Parent[topic];
                filterDepth--;
            }

            return true;
        }

        /// <summary>For tests: throws when the nodes contradict each other. Allocates.</summary>
        protected void TreeInvariants()
        {
            int[] children = new int[SystemRoot + 1];
            bool[] free = new bool[SystemRoot + 1];
            int freeCount = 0;
            for (int n = freeNode; n != 0; n = Chain[n])
            {
                Check(!free[n], "the free nodes go round in circles");
                free[n] = true;
                freeCount++;
            }

            Check(NodeCount == nodeRows - freeCount, "NodeCount");
            int named = 0;
            for (int n = 1; n <= nodeRows; n++)
            {
                if (!free[n])
                {
                    Check(!free[Parent[n]], "a parent is free");
                    Check(Name[n] != 0 || Plus[Parent[n]] == n, "a '+' node is not its parent's");
                    children[Parent[n]]++;
                    named += Name[n] != 0 ? 1 : 0;
                }
            }

            for (int n = 0; n <= SystemRoot; n++)
            {
                Check(free[n] || children[n] == childCount[n], "children");
                Check(free[n] || Plus[n] == 0 || Parent[Plus[n]] == n && Name[Plus[n]] == 0, "'+'");
                Check(free[n] || n == 0 || n == SystemRoot
                    || (childCount[n] | Exact[n] | Many[n] | Slot[n]) != 0, "a node that nothing needs");
            }

            for (int b = 0; b < Buckets.Length; b++)
            {
                for (int n = Buckets[b]; n != 0; n = Chain[n])
                {
                    Check(!free[n] && Bucket(Parent[n], Texts.Tag[Name[n]]) == b, "a node in a wrong bucket");
                    Check(--named >= 0, "a bucket goes round in circles");
                }
            }

            Check(named == 0, "a node in no bucket");
            Check(Plus[SystemRoot] == 0 && Many[SystemRoot] == 0, "a wildcard at the root of '$'");
        }

        /// <summary>For <see cref="TreeInvariants"/> and its like.</summary>
        protected static void Check(bool condition, string what)
        {
            if (!condition)
            {
                throw new InvalidOperationException("TopicTable: " + what);
            }
        }

        private static int BucketCount(int nodesMax)
        {
            int buckets = 1;
            while (buckets * 2 < nodesMax && buckets < 0x10000)
            {
                buckets <<= 1;
            }

            return buckets;
        }

        private int RootOf(TopicPath path)
        {
            // A level name that begins with '$' at the first level; '+' and '#' are never in this tree.
            // [MQTT-4.7.2-1]
            return path.Length[0] > 0 && path.Buffer[path.Start[0]] == '$' ? SystemRoot : 0;
        }

        private int Bucket(int parent, int tag) => tag + parent * NodeMixer & BucketMask;

        private static bool IsPlus(TopicPath path, int level)
        {
            return path.Length[level] == 1 && path.Buffer[path.Start[level]] == '+';
        }

        private int Child(TopicPath path, int level, int parent)
        {
            if (IsPlus(path, level))
            {
                return Plus[parent];
            }

            int name = Texts.Find(path.Buffer, path.Start[level], path.Length[level], path.Hash[level]);
            if (name == 0)
            {
                return 0;
            }

            int node = Buckets[Bucket(parent, Texts.Tag[name])];
            while (node != 0 && (Parent[node] != parent || Name[node] != name))
            {
                node = Chain[node];
            }

            return node;
        }

        private int AddChild(TopicPath path, int level, int parent)
        {
            int node = freeNode;
            if (node == 0)
            {
                return 0;
            }

            int name = 0;
            int next = Chain[node];
            if (IsPlus(path, level))
            {
                Plus[parent] = (ushort)node;
            }
            else
            {
                name = Texts.Add(path.Buffer, path.Start[level], path.Length[level], path.Hash[level]);
                if (name == 0)
                {
                    return 0;
                }

                int bucket = Bucket(parent, Texts.Tag[name]);
                Chain[node] = Buckets[bucket];
                Buckets[bucket] = (ushort)node;
            }

            freeNode = next;
            Parent[node] = (ushort)parent;
            Name[node] = (ushort)name;
            Debug.Assert((Plus[node] | Exact[node] | Many[node] | Slot[node] | childCount[node]) == 0);
            childCount[parent]++;
            NodeCount++;
            return node;
        }

        private void Unchain(int node, int bucket)
        {
            int before = Buckets[bucket];
            if (before == node)
            {
                Buckets[bucket] = Chain[node];
                return;
            }

            while (Chain[before] != node)
            {
                before = Chain[before];
            }

            Chain[before] = Chain[node];
        }
    }
}
