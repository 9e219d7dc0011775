namespace Femto.Mqtt
{
    /// <summary>
    /// The topic table: one tree of fixed size for subscriptions and retained messages. It answers which
    /// subscriptions match a topic, in time that grows with the topic's levels and the matches, not with
    /// the size of the table.
    /// </summary>
    public sealed class TopicTable : SubscriptionLists
    {
        private const int MatchFields = 8;

        /// <summary>
        /// The subscriptions that the last <see cref="Match"/> found, those of share groups left out.
        /// A session stands here once for each of its filters that matches.
        /// </summary>
        public readonly ushort[] Matched;
        /// <summary>How many <see cref="Matched"/> holds.</summary>
        public int MatchedCount;
        /// <summary>The share groups that the last <see cref="Match"/> found.</summary>
        public readonly ushort[] MatchedGroups;
        /// <summary>How many <see cref="MatchedGroups"/> holds.</summary>
        public int MatchedGroupCount;

        /// <summary>Whether the last <see cref="Subscribe"/> replaced a subscription.</summary>
        public bool Existed;

        private readonly ushort[] levelName;  // by level: its name in the text table, 0: not known yet
        private readonly ushort[] branchNode; // '+' nodes still to visit
        private readonly ushort[] branchLevel;

        /// <param name="limits">Subscriptions, share groups, sessions, retained, nodes, levels.</param>
        /// <param name="texts">Keeps the names of levels and groups; may serve others too.</param>
        public TopicTable(Limits limits, TextTable texts)
            : base(limits, texts)
        {
            Matched = new ushort[limits.Subscriptions];
            MatchedGroups = new ushort[limits.SharedGroups];
            levelName = new ushort[limits.TopicLevels];
            branchNode = new ushort[limits.TopicLevels];
            branchLevel = new ushort[limits.TopicLevels];
        }

        /// <summary>Bytes that the table takes on nanoFramework's heap, without the text table.</summary>
        public static int Bytes(Limits limits)
        {
            return Heap.Object(TreeFields + RetainedFields + SubscriptionFields + MatchFields)
                + SubscriptionBytes(limits)
                + Heap.Array(limits.Subscriptions, 2)     // Matched
                + Heap.Array(limits.SharedGroups, 2)      // MatchedGroups
                + 3 * Heap.Array(limits.TopicLevels, 2);  // level names, branches
        }

        /// <summary>The session's subscription to this filter (and in this share group), or 0.</summary>
        public int Find(TopicPath filter, int session)
        {
            int node = FindNode(filter);
            if (node < 0)
            {
                return 0;
            }

            bool hash = EndsWithHash(filter);
            int group = 0;
            int subscription;
            if (filter.ShareLength != 0)
            {
                group = FindGroup(filter, node, hash);
                if (group == 0)
                {
                    return 0;
                }

                subscription = GroupFirst(group);
            }
            else
            {
                subscription = FirstOrdinary(node, hash);
            }

            // It stands in two lists. Both are walked side by side, so that the shorter one decides how
            // long it takes.
            int own = SessionFirst(session);
            while (subscription != 0 && own != 0)
            {
                if (Session[subscription] == session)
                {
                    return subscription;
                }

                if (Node[own] == node && Group[own] == group && (Options[own] & HashOption) != 0 == hash)
                {
                    return own;
                }

                subscription = group != 0 ? GroupNext(subscription) : Next[subscription];
                own = SessionNext(own);
            }

            return 0;
        }

        /// <summary>
        /// Subscribes a session, or replaces options and identifier of a subscription that it has to the
        /// same filter [MQTT-3.8.4-3]; <see cref="Existed"/> tells which. Returns the subscription, or 0
        /// and has changed nothing when subscriptions, share groups, nodes or texts are used up. <paramref
        /// name="options"/> is the byte of SUBSCRIBE, its reserved bits 0; bit 7 of a subscription that is replaced
        /// stays, for it says that a replay is due.
        /// </summary>
        public int Subscribe(TopicPath filter, int session, int options, int subscriptionId)
        {
            bool hash = EndsWithHash(filter);
            if (hash)
            {
                options |= HashOption;
            }

            int s = Find(filter, session);
            Existed = s != 0;
            if (!Existed)
            {
                if (IsFull())
                {
                    return 0;
                }

                int node = MakeNode(filter);
                if (node < 0)
                {
                    return 0;
                }

                int group = 0;
                if (filter.ShareLength != 0)
                {
                    group = FindGroup(filter, node, hash);
                    if (group == 0)
                    {
                        group = MakeGroup(filter);
                        if (group == 0)
                        {
                            Prune(node);
                            return 0;
                        }
                    }
                }

                s = Insert(session, node, hash, group);
            }

            else
            {
                options |= Options[s] & 0x80;
            }

            Options[s] = (byte)options;
            SubscriptionId[s] = subscriptionId;
            return s;
        }

        /// <summary>Ends a session's subscription; false if there was none.</summary>
        public bool Unsubscribe(TopicPath filter, int session)
        {
            int s = Find(filter, session);
            if (s == 0)
            {
                return false;
            }

            Remove(s);
            return true;
        }

        /// <summary>Ends all subscriptions of a session. Linear in their number.</summary>
        public void RemoveSession(int session)
        {
            int s = SessionFirst(session);
            while (s != 0)
            {
                Remove(s);
                s = SessionFirst(session);
            }
        }

        /// <summary>
        /// Finds the subscriptions and share groups that match a topic name, see <see cref="Matched"/> and
        /// <see cref="MatchedGroups"/>. Visits at most two nodes for each one of the level before. Section
        /// 4.7.
        /// </summary>
        public void Match(TopicPath topic)
        {
            // On the board each instruction counts: no calls but for lists that match, locals for fields.
            ushort[] parents = Parent, names = Name, many = Many, plus = Plus, textLength = Texts.Length;
            int[] textStart = Texts.Start;
            byte[] arena = Texts.Arena, buffer = topic.Buffer;
            int levels = topic.Levels;
            int level = 0;
            int branches = 0;
            int shared = levels; // below this level a '+' branches off: others pass there again
            int seen = levels;   // levels that have been passed
            int node = topic.SystemTopic ? SystemRoot : 0; // [MQTT-4.7.2-1]
            MatchedCount = 0;
            MatchedGroupCount = 0;
            for (;;)
            {
                if (many[node] != 0) Collect(many[node]); // '#' stands for the level before it as well
                int child = 0;
                if (level == levels)
                {
                    if (Exact[node] != 0) Collect(Exact[node]);
                }
                else
                {
                    child = plus[node];
                    if (child != 0)
                    {
                        if (level < shared) shared = seen = level + 1;
                        branchNode[branches] = (ushort)child;
                        branchLevel[branches++] = (ushort)level;
                    }

                    int known = 0; // what an earlier branch found this level's name to be
                    if (level >= shared)
                    {
                        if (level == seen) levelName[seen++] = 0; // levels are first passed in their order
                        known = levelName[level];
                    }

                    int tag = topic.Hash[level] >> 16 & 0xFFFF; // TextTable.TagOf
                    child = Buckets[tag + node * NodeMixer & BucketMask];
                    for (; child != 0; child = Chain[child])
                    {
                        if (parents[child] != node) continue;
                        int name = names[child];
                        if (known == name) break;
                        int length = topic.Length[level];
                        if (known != 0 || textLength[name] != length) continue;
                        int i = topic.Start[level];
                        int last = i + length - 1;
                        int shift = textStart[name] - i;
                        int odd = shift + 1;
                        while (i < last && buffer[i] == arena[i + shift] && buffer[i + 1] == arena[i + odd])
                        {
                            i += 2; // two bytes at a time: most of what a match costs on a board
                        }

                        if (i > last || i == last && buffer[i] == arena[i + shift])
                        {
                            if (level >= shared) levelName[level] = (ushort)name;
                            break;
                        }
                    }
                }

                if (child == 0)
                {
                    if (branches == 0) return;
                    child = branchNode[--branches];
                    level = branchLevel[branches];
                }

                node = child;
                level++;
            }
        }

        /// <summary>
        /// The next retained message for a new subscription, in bounded steps and while other messages may
        /// be retained and cleared in between: each that was there at <paramref name="generation"/> and
        /// still is unchanged is returned once. One set later is skipped: it has reached the subscription
        /// as it was published.
        /// <paramref name="cursor"/> is 0 at first and -1 when all have been returned; a call looks at
        /// <paramref name="steps"/> slots at most, 1 or more. Returns a slot, or 0: call again unless the
        /// cursor is -1. <paramref name="generation"/> is <see cref="RetainedTable.Generation"/> as it was
        /// when the subscription was made.
        /// </summary>
        public int RetainedNext(int subscription, ref int cursor, int generation, int steps)
        {
            if (cursor < 0)
            {
                return 0;
            }

            bool hash = (Options[subscription] & HashOption) != 0;
            return NextRetained(Node[subscription], hash, ref cursor, generation, steps);
        }

        /// <summary>For tests: throws InvalidOperationException that says what is wrong. Allocates.</summary>
        public void Invariants()
        {
            SubscriptionInvariants();
            Texts.Invariants();
        }

        private void Collect(int subscription)
        {
            ushort[] next = Next;
            while (subscription != 0)
            {
                int group = Group[subscription];
                if (group == 0)
                {
                    break;
                }

                MatchedGroups[MatchedGroupCount++] = (ushort)group;
                subscription = next[subscription];
            }

            ushort[] matched = Matched;
            int count = MatchedCount;
            while (subscription != 0)
            {
                matched[count++] = (ushort)subscription;
                subscription = next[subscription];
            }

            MatchedCount = count;
        }
    }
}
