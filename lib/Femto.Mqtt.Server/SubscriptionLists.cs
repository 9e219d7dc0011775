using System;
using System.Diagnostics;

namespace Femto.Mqtt
{
    /// <summary>
    /// The rows of subscriptions and share groups, and the lists that hold them: of a node, of a group, of
    /// a session. Subscriptions, sessions and groups are handles from 1. Sections 3.8 and 4.8.2.
    /// </summary>
    /// <remarks>
    /// A node's list begins with one subscription of each share group, its leader; the other members hang
    /// on the group. Thus the groups of a node are found without passing its ordinary subscriptions. Lists
    /// are linked both ways, so that one subscription of ten thousand is taken out in one step.
    /// </remarks>
    public class SubscriptionLists : RetainedTable
    {
        /// <summary>In <see cref="Options"/>: the filter ends in '#'.</summary>
        public const int HashOption = 0x40;

        /// <summary>Instance fields of this class, for <see cref="Heap.Object"/>.</summary>
        protected const int SubscriptionFields = 20;

        /// <summary>The session that subscribed; 0 when the subscription is free.</summary>
        public readonly ushort[] Session;
        /// <summary>Bits 0 to 5 as in SUBSCRIBE (section 3.8.3.1), and <see cref="HashOption"/>.</summary>
        public readonly byte[] Options;
        /// <summary>The subscription identifier, 0 for none.</summary>
        public readonly int[] SubscriptionId;
        /// <summary>Node of the topic tree.</summary>
        public readonly ushort[] Node;
        /// <summary>The share group, 0 when not shared.</summary>
        public readonly ushort[] Group;
        /// <summary>
        /// A group's member whose turn it is. The router moves it on; it is kept valid here.
        /// </summary>
        public readonly ushort[] GroupCursor;
        /// <summary>Subscriptions in the table.</summary>
        public int SubscriptionCount;
        /// <summary>Grows when a subscription is made or removed: what was found before may no longer hold.</summary>
        public int Changes;
        /// <summary>Share groups in the table.</summary>
        public int GroupCount;

        /// <summary>Next subscription in the list of a node or of a group; next free subscription.</summary>
        protected readonly ushort[] Next;

        private readonly ushort[] rowBefore;        // in the list of Next; 0 at its head
        private readonly ushort[] sessionNext;
        private readonly ushort[] sessionBefore;
        private readonly ushort[] sessionFirst;    // by session
        private readonly ushort[] sessionCount;    // by session
        private readonly ushort[] groupName;       // text; 0: the group is free
        private readonly ushort[] groupLeader;     // the member in the node's list
        private readonly ushort[] groupRest;       // first of the others; of a free group the next free
        private int freeRow;
        private int freeGroup;

        /// <summary>Makes the table with the sizes of <paramref name="limits"/>.</summary>
        protected SubscriptionLists(Limits limits, TextTable texts)
            : base(limits.Retained, limits.TopicNodes, texts)
        {
            int rows = limits.Subscriptions + 1;
            int groups = limits.SharedGroups + 1;
            Session = new ushort[rows];
            Options = new byte[rows];
            SubscriptionId = new int[rows];
            Node = new ushort[rows];
            Group = new ushort[rows];
            Next = new ushort[rows];
            rowBefore = new ushort[rows];
            sessionNext = new ushort[rows];
            sessionBefore = new ushort[rows];
            sessionFirst = new ushort[limits.Sessions + 1];
            sessionCount = new ushort[limits.Sessions + 1];
            GroupCursor = new ushort[groups];
            groupName = new ushort[groups];
            groupLeader = new ushort[groups];
            groupRest = new ushort[groups];
            for (int s = limits.Subscriptions; s > 0; s--)
            {
                Next[s] = (ushort)freeRow;
                freeRow = s;
            }

            for (int g = limits.SharedGroups; g > 0; g--)
            {
                groupRest[g] = (ushort)freeGroup;
                freeGroup = g;
            }
        }

        /// <summary>
        /// Bytes of the arrays on nanoFramework's heap, those of tree and retained messages included.
        /// </summary>
        protected static int SubscriptionBytes(Limits limits)
        {
            return RetainedBytes(limits.Retained, limits.TopicNodes)
                + 7 * Heap.Array(limits.Subscriptions + 1, 2)   // session, node, group, links
                + Heap.Array(limits.Subscriptions + 1, 1)       // options
                + Heap.Array(limits.Subscriptions + 1, 4)       // identifier
                + 2 * Heap.Array(limits.Sessions + 1, 2)        // first and count of a session
                + 4 * Heap.Array(limits.SharedGroups + 1, 2);   // name, leader, rest, cursor
        }

        /// <summary>Whether the filter begins with a level that begins with a dollar sign.</summary>
        public bool IsSystem(int subscription)
        {
            int node = Node[subscription];
            while (node != 0 && node != SystemRoot) node = Parent[node];
            return node == SystemRoot;
        }

        /// <summary>Writes a subscription's filter as it was given.</summary>
        /// <returns>Its length; 0: the buffer is too small.</returns>
        public int FilterOf(int subscription, byte[] target, int offset)
        {
            bool hash = (Options[subscription] & HashOption) != 0;
            int length = hash ? 1 : -1;
            for (int node = Node[subscription]; node != 0 && node != SystemRoot; node = Parent[node])
            {
                length += 1 + (Name[node] == 0 ? 1 : Texts.Length[Name[node]]);
            }
            int share = Group[subscription] == 0 ? 0 : groupName[Group[subscription]];
            int from = offset;
            if (share != 0) offset += SharePrefix.Length + Texts.Length[share] + 1;
            if (offset + length > target.Length) return 0;
            int at = offset + length;
            if (hash) target[--at] = (byte)'#';
            bool later = hash;
            for (int node = Node[subscription]; node != 0 && node != SystemRoot; node = Parent[node])
            {
                if (later) target[--at] = (byte)'/';
                later = true;
                int name = Name[node];
                int n = name == 0 ? 1 : Texts.Length[name];
                at -= n;
                if (name == 0) target[at] = (byte)'+';
                else Array.Copy(Texts.Arena, Texts.Start[name], target, at, n);
            }
            if (share != 0)
            {
                Array.Copy(SharePrefix, 0, target, from, SharePrefix.Length);
                Array.Copy(Texts.Arena, Texts.Start[share], target, from + SharePrefix.Length, Texts.Length[share]);
                target[offset - 1] = (byte)'/';
            }
            return offset + length - from;
        }

        private static readonly byte[] SharePrefix =
        {
            (byte)'$', (byte)'s', (byte)'h', (byte)'a', (byte)'r', (byte)'e', (byte)'/',
        };

        /// <summary>Makes a free row the one that is taken next. At boot: linear in the free rows before it.</summary>
        /// <returns>False when it is in use.</returns>
        public bool PreferSubscription(int row)
        {
            int before = 0;
            int at = freeRow;
            while (at != 0 && at != row)
            {
                before = at;
                at = Next[at];
            }
            if (at == 0) return false;
            if (before == 0) return true;
            Next[before] = Next[at];
            Next[at] = (ushort)freeRow;
            freeRow = at;
            return true;
        }

        /// <summary>The number of a session's subscriptions.</summary>
        public int SessionCount(int session) => sessionCount[session];

        /// <summary>A session's first subscription, or 0; in no particular order.</summary>
        public int SessionFirst(int session) => sessionFirst[session];

        /// <summary>The next subscription of the same session, or 0.</summary>
        public int SessionNext(int subscription) => sessionNext[subscription];

        /// <summary>The first member of a share group; a group has at least one.</summary>
        public int GroupFirst(int group) => groupLeader[group];

        /// <summary>The member after this one, or 0 after the last.</summary>
        public int GroupNext(int subscription)
        {
            int group = Group[subscription];
            return groupLeader[group] == subscription ? groupRest[group] : Next[subscription];
        }

        /// <summary>
        /// For tests: throws when subscriptions, groups and nodes contradict each other. Allocates.
        /// </summary>
        protected void SubscriptionInvariants()
        {
            RetainedInvariants();
            int listed = 0;
            for (int node = 0; node <= SystemRoot; node++)
            {
                listed += ListInvariants(node, Exact[node], 0) + ListInvariants(node, Many[node], HashOption);
            }

            Check(listed == SubscriptionCount, "SubscriptionCount");
            int owned = 0;
            for (int session = 1; session < sessionFirst.Length; session++)
            {
                int count = 0;
                int previous = 0;
                for (int s = sessionFirst[session]; s != 0; s = sessionNext[s])
                {
                    Check(Session[s] == session && sessionBefore[s] == previous, "the list of a session");
                    previous = s;
                    count++;
                }

                Check(count == sessionCount[session], "the count of a session");
                owned += count;
            }

            Check(owned == SubscriptionCount, "a subscription of no session");
            for (int s = freeRow; s != 0; s = Next[s])
            {
                Check(Session[s] == 0, "a subscription in use is free");
                owned++;
                Check(owned < Session.Length, "the free subscriptions go round in circles");
            }

            Check(owned == Session.Length - 1, "a subscription is lost");
            int groups = GroupCount;
            for (int g = freeGroup; g != 0; g = groupRest[g])
            {
                Check(groupName[g] == 0, "a group in use is free");
                groups++;
                Check(groups < groupName.Length, "the free groups go round in circles");
            }

            Check(groups == groupName.Length - 1, "a group is lost");
        }

        private int ListInvariants(int node, int first, int hashOption)
        {
            int count = 0;
            int previous = 0;
            bool ordinary = false;
            for (int s = first; s != 0; s = Next[s])
            {
                int group = Group[s];
                Check(Session[s] != 0 && Node[s] == node, "a node's list");
                Check((Options[s] & HashOption) == hashOption, "'#'");
                Check(rowBefore[s] == previous, "a link back");
                Check(group == 0 || !ordinary, "a share group after an ordinary subscription");
                ordinary = group == 0;
                previous = s;
                count++;
                if (group != 0)
                {
                    Check(groupName[group] != 0 && groupLeader[group] == s, "a group and its leader");
                    count += GroupInvariants(group, s);
                }
            }

            return count;
        }

        private int GroupInvariants(int group, int leader)
        {
            int count = 0;
            int previous = 0;
            bool cursor = GroupCursor[group] == leader;
            for (int s = groupRest[group]; s != 0; s = Next[s])
            {
                Check(Session[s] != 0 && Group[s] == group && Node[s] == Node[leader], "a group's member");
                Check((Options[s] & HashOption) == (Options[leader] & HashOption), "a group's member's '#'");
                Check(rowBefore[s] == previous, "a group's link back");
                cursor |= GroupCursor[group] == s;
                previous = s;
                count++;
            }

            Check(cursor, "GroupCursor is no member");
            return count;
        }

        /// <summary>Whether no further subscription can be inserted.</summary>
        protected bool IsFull() => freeRow == 0;

        /// <summary>The first subscription of a node's list that is not shared, or 0.</summary>
        protected int FirstOrdinary(int node, bool hash)
        {
            int s = hash ? Many[node] : Exact[node];
            while (s != 0 && Group[s] != 0)
            {
                s = Next[s];
            }

            return s;
        }

        /// <summary>The group of this name in a node's list, or 0.</summary>
        protected int FindGroup(TopicPath filter, int node, bool hash)
        {
            int name = Texts.Find(filter.Buffer, filter.ShareStart, filter.ShareLength, filter.ShareHash);
            if (name == 0) return 0;

            int s = hash ? Many[node] : Exact[node];
            while (s != 0)
            {
                int group = Group[s];
                if (group == 0 || groupName[group] == name) return group;

                s = Next[s];
            }

            return 0;
        }

        /// <summary>
        /// Makes a group, whose first member has to be inserted next. Returns 0 and has changed nothing
        /// when groups or texts are used up.
        /// </summary>
        protected int MakeGroup(TopicPath filter)
        {
            int group = freeGroup;
            if (group == 0) return 0;

            int name = Texts.Add(filter.Buffer, filter.ShareStart, filter.ShareLength, filter.ShareHash);
            if (name == 0) return 0;

            freeGroup = groupRest[group];
            groupName[group] = (ushort)name;
            groupLeader[group] = 0;
            groupRest[group] = 0;
            GroupCount++;
            return group;
        }

        /// <summary>Makes a subscription; its options and identifier are the caller's to set.</summary>
        protected int Insert(int session, int node, bool hash, int group)
        {
            int s = freeRow;
            freeRow = Next[s];
            SubscriptionCount++;
            Changes++;
            Node[s] = (ushort)node;
            Group[s] = (ushort)group;
            LinkToNode(s, node, hash, group);
            LinkToSession(s, session);
            return s;
        }

        private void LinkToNode(int s, int node, bool hash, int group)
        {
            int before = 0;
            int after = hash ? Many[node] : Exact[node];
            if (group == 0)
            {
                while (after != 0 && Group[after] != 0)
                {
                    before = after;
                    after = Next[after];
                }
            }
            else if (groupLeader[group] != 0)
            {
                after = groupRest[group];
                groupRest[group] = (ushort)s;
                Join(0, s);
                Join(s, after);
                return;
            }
            else
            {
                groupLeader[group] = (ushort)s;
                GroupCursor[group] = (ushort)s;
            }

            Join(s, after);
            Join(before, s);
            if (before == 0)
            {
                SetHead(node, hash, s);
            }
        }

        private void LinkToSession(int s, int session)
        {
            int after = sessionFirst[session];
            Session[s] = (ushort)session;
            sessionBefore[s] = 0;
            sessionNext[s] = (ushort)after;
            sessionBefore[after] = (ushort)s; // row 0 is nobody's
            sessionFirst[session] = (ushort)s;
            sessionCount[session]++;
        }

        // Row 0 takes the links of ends; nobody reads them.
        private void Join(int before, int after)
        {
            Next[before] = (ushort)after;
            rowBefore[after] = (ushort)before;
        }

        private void SetHead(int node, bool hash, int s)
        {
            if (hash)
            {
                Many[node] = (ushort)s;
            }
            else
            {
                Exact[node] = (ushort)s;
            }
        }

        /// <summary>Ends a subscription, and its group and nodes if it was the last.</summary>
        protected void Remove(int s)
        {
            Debug.Assert(Session[s] != 0);
            int session = Session[s];
            int before = sessionBefore[s];
            int after = sessionNext[s];
            if (before == 0)
            {
                sessionFirst[session] = (ushort)after;
            }
            else
            {
                sessionNext[before] = (ushort)after;
            }

            sessionBefore[after] = (ushort)before;
            sessionCount[session]--;
            int group = Group[s];
            if (group == 0 || !LeaveGroup(s, group))
            {
                ReplaceInNode(s, Next[s]);
            }

            Session[s] = 0;
            Next[s] = (ushort)freeRow;
            freeRow = s;
            SubscriptionCount--;
            Changes++;
            Prune(Node[s]);
        }

        // False when the last member leaves: then the group is free and its leader still in the node's list.
        private bool LeaveGroup(int s, int group)
        {
            int next = GroupNext(s);
            if (GroupCursor[group] == s)
            {
                GroupCursor[group] = next != 0 ? (ushort)next : groupLeader[group];
            }

            if (groupLeader[group] != s)
            {
                int before = rowBefore[s];
                Join(before, next);
                if (before == 0)
                {
                    groupRest[group] = (ushort)next;
                }

                return true;
            }

            if (next != 0)
            {
                groupLeader[group] = (ushort)next;
                groupRest[group] = Next[next];
                rowBefore[Next[next]] = 0;
                int after = Next[s];
                ReplaceInNode(s, next);
                Join(next, after);
                return true;
            }

            Texts.Release(groupName[group]);
            groupName[group] = 0;
            groupRest[group] = (ushort)freeGroup;
            freeGroup = group;
            GroupCount--;
            return false;
        }

        // Whoever stands before s in the node's list is followed by another one from now on.
        private void ReplaceInNode(int s, int by)
        {
            int before = rowBefore[s];
            Join(before, by);
            if (before == 0)
            {
                SetHead(Node[s], (Options[s] & HashOption) != 0, by);
            }
        }
    }
}
