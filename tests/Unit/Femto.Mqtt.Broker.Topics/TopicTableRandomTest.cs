using System.Text;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// The topic table beside <see cref="NaiveTopics"/>: both get the same random calls and must give the same
    /// answers. The tables are small and mostly full.
    /// </summary>
    [TestClass]
    public class TopicTableRandomTest
    {
        private const int Sessions = 6;

        private static readonly string[] s_names =
        {
            "a", "b", "c", "", "\u00E9", "\u6F22\u5B57", "$x", "aa", "\uD83D\uDE00",
        };

        private static readonly string[] s_groups = { "g", "a", "\u00E9\u00E9" };

        private static TopicFixture s_fixture;
        private static NaiveTopics s_naive;
        private static NaiveRandom s_random;
        private static int s_matched, s_matchedGroups, s_refused, s_retained;

        // Each case is one match or one lookup compared; 100,000 of them on the PC.
        [TestMethod]
        public void SameAnswersAsTheNaiveTable()
        {
            s_matched = s_matchedGroups = s_refused = s_retained = 0;
            int cases = TopicFixture.OnBoard ? 400 : 100000;
            int worlds = TopicFixture.OnBoard ? 4 : 40;
            for (int world = 0; world < worlds; world++)
            {
                Begin(world);
                int done = 0;
                for (int step = 0; done < cases / worlds; step++)
                {
                    Step();
                    done += Compare();
                    if (step % 64 == 0) CompareSizes();
                }

                End();
            }

            Assert.IsTrue(s_matched > cases / 4, "matches");
            Assert.IsTrue(s_matchedGroups > cases / 40, "matches of groups");
            Assert.IsTrue(s_refused > cases / 100, "full tables");
            Assert.IsTrue(s_retained > cases / 40, "retained messages");
        }

        private static void Begin(int world)
        {
            // World by world another table is the smallest and therefore the full one; one world has room for all.
            int small = world % 6;
            Limits limits = TopicFixture.Sizes(
                small == 0 ? 12 : 40, small == 1 ? 3 : 30, small == 2 ? 5 : 30, small == 3 ? 16 : 250,
                small == 4 ? 7 : 20, small == 5 ? 14 : 100);
            s_fixture = new TopicFixture(limits, world * 7919 + 1);
            s_naive = new NaiveTopics();
            s_random = new NaiveRandom(world + 1);
        }

        private static void End()
        {
            CompareSizes();
            for (int session = 1; session <= Sessions; session++) s_fixture.Table.RemoveSession(session);
            while (s_naive.RetainedCount > 0)
            {
                Assert.AreEqual(s_naive.Message[0], s_fixture.Clear(s_naive.Topic[0]));
                s_naive.Clear(s_naive.Topic[0]);
            }

            s_fixture.AssertEmpty();
        }

        private static void Step()
        {
            int kind = s_random.Next(20);
            if (kind < 8)
            {
                Subscribe();
            }
            else if (kind < 13)
            {
                Unsubscribe();
            }
            else if (kind < 17)
            {
                Retain();
            }
            else if (kind < 19)
            {
                string topic = s_naive.RetainedCount > 0 && s_random.Next(3) > 0
                    ? s_naive.Topic[s_random.Next(s_naive.RetainedCount)] : RandomTopic();
                int row = s_naive.FindRetained(topic);
                Assert.AreEqual(row < 0 ? 0 : s_naive.Message[row], s_fixture.Clear(topic), topic);
                s_naive.Clear(topic);
            }
            else if (s_random.Next(4) == 0)
            {
                int session = 1 + s_random.Next(Sessions);
                s_fixture.Table.RemoveSession(session);
                s_naive.RemoveSession(session);
                Assert.AreEqual(0, s_fixture.Table.SessionCount(session));
            }
        }

        private static void Subscribe()
        {
            string group = s_random.Next(4) == 0 ? s_groups[s_random.Next(s_groups.Length)] : "";
            string filter = RandomFilter();
            int session = 1 + s_random.Next(Sessions);
            int options = s_random.Next(48);
            int id = s_random.Next(1000);
            int row = s_naive.Find(group, filter, session);
            TopicTable table = s_fixture.Table;
            string counts = s_fixture.Counts();
            int handle = table.Subscribe(s_fixture.Filter(Whole(group, filter)), session, options, id);
            Assert.AreEqual(row >= 0, table.Existed);
            if (row >= 0)
            {
                Assert.AreEqual(s_naive.Handle[row], handle);
                Assert.AreEqual(counts, s_fixture.Counts());
            }

            Assert.AreEqual(row >= 0 || Fits(group, filter), handle != 0, "refused without need, or taken too many");
            if (handle == 0)
            {
                Assert.AreEqual(counts, s_fixture.Counts());
                s_refused++;
                return;
            }

            s_naive.Subscribe(group, filter, session, options, id, handle);
        }

        // Whether there is room for a subscription, by counting what the tree must hold with it.
        private static bool Fits(string group, string filter)
        {
            Limits limits = s_fixture.Limits;
            return s_naive.Count < limits.Subscriptions
                && s_naive.Groups(group, filter) <= limits.SharedGroups
                && RoomFor(group, filter);
        }

        private static bool RoomFor(string group, string filter)
        {
            Limits limits = s_fixture.Limits;
            if (s_naive.Nodes(filter) > limits.TopicNodes) return false;
            // The last eighth is for client identifiers.
            return s_naive.Names(group, filter) <= limits.Texts - limits.Texts / 8
                && NameBytes() <= limits.TextBytes - limits.TextBytes / 8;
        }

        private static void Unsubscribe()
        {
            string group = s_random.Next(4) == 0 ? s_groups[s_random.Next(s_groups.Length)] : "";
            string filter = RandomFilter();
            int session = 1 + s_random.Next(Sessions);
            if (s_naive.Count > 0 && s_random.Next(2) == 0)
            {
                int some = s_random.Next(s_naive.Count);
                group = s_naive.Group[some];
                filter = s_naive.Filter[some];
                session = s_naive.Session[some];
            }

            int row = s_naive.Find(group, filter, session);
            Assert.AreEqual(row >= 0, s_fixture.Unsubscribe(Whole(group, filter), session), filter);
            if (row >= 0) s_naive.Remove(row);
        }

        private static void Retain()
        {
            string topic = RandomTopic();
            int message = 1 + s_random.Next(65535);
            int row = s_naive.FindRetained(topic);
            bool fits = row >= 0 || s_naive.RetainedCount < s_fixture.Limits.Retained && RoomFor("", topic);
            string counts = s_fixture.Counts();
            int slot = s_fixture.Retain(topic, message);
            Assert.AreEqual(fits, slot != 0, "refused without need, or taken too many");
            if (slot == 0)
            {
                Assert.AreEqual(counts, s_fixture.Counts());
                s_refused++;
                return;
            }

            Assert.AreEqual(row >= 0 ? s_naive.Message[row] : 0, s_fixture.Table.ReplacedMessage);
            s_naive.Retain(topic, message);
        }

        // A match and two lookups; returns how many cases that was.
        private static int Compare()
        {
            string topic = RandomTopic();
            s_fixture.Match(topic);
            CompareMatched(topic);
            CompareGroups(topic);

            int row = s_naive.FindRetained(topic);
            int slot = s_fixture.Table.RetainedFind(s_fixture.Name(topic));
            Assert.AreEqual(row < 0 ? 0 : s_naive.Message[row], (int)s_fixture.Table.RetainedMessage[slot], topic);
            if (row >= 0) s_retained++;

            string group = s_random.Next(4) == 0 ? s_groups[0] : "";
            string filter = RandomFilter();
            int session = 1 + s_random.Next(Sessions);
            row = s_naive.Find(group, filter, session);
            int handle = s_fixture.Table.Find(s_fixture.Filter(Whole(group, filter)), session);
            Assert.AreEqual(row < 0 ? 0 : s_naive.Handle[row], handle, filter);
            return 1; // the match; the lookups come on top
        }

        private static void CompareMatched(string topic)
        {
            TopicTable table = s_fixture.Table;
            int expected = 0;
            for (int i = 0; i < s_naive.Count; i++)
            {
                if (s_naive.Group[i] == "" && NaiveTopics.Matches(s_naive.Filter[i], topic))
                {
                    expected++;
                    int s = s_naive.Handle[i];
                    Assert.IsTrue(s_fixture.Found(s), s_naive.Filter[i] + " lacks " + topic);
                    Assert.AreEqual(s_naive.Session[i], (int)table.Session[s]);
                    Assert.AreEqual(s_naive.Options[i], table.Options[s] & 0x3F);
                    Assert.AreEqual(s_naive.SubscriptionId[i], table.SubscriptionId[s]);
                }
            }

            Assert.AreEqual(expected, table.MatchedCount, topic);
            s_matched += expected;
        }

        private static void CompareGroups(string topic)
        {
            TopicTable table = s_fixture.Table;
            int expected = 0; // members of matching groups
            for (int i = 0; i < s_naive.Count; i++)
            {
                if (s_naive.Group[i] != "" && NaiveTopics.Matches(s_naive.Filter[i], topic)) expected++;
            }

            for (int k = 0; k < table.MatchedGroupCount; k++)
            {
                int group = table.MatchedGroups[k];
                int first = Row(table.GroupFirst(group));
                bool cursor = false;
                int members = 0;
                for (int s = table.GroupFirst(group); s != 0; s = table.GroupNext(s))
                {
                    int row = Row(s);
                    Assert.AreEqual(s_naive.Group[first], s_naive.Group[row]);
                    Assert.AreEqual(s_naive.Filter[first], s_naive.Filter[row]);
                    cursor |= table.GroupCursor[group] == s;
                    members++;
                    expected--;
                }

                Assert.IsTrue(NaiveTopics.Matches(s_naive.Filter[first], topic));
                Assert.AreEqual(s_naive.Members(first), members);
                Assert.IsTrue(cursor, "the cursor is no member");
                for (int turns = s_random.Next(4); turns > 0; turns--)
                {
                    int next = table.GroupNext(table.GroupCursor[group]);
                    table.GroupCursor[group] = (ushort)(next != 0 ? next : table.GroupFirst(group));
                }
            }

            Assert.AreEqual(0, expected, topic);
            s_matchedGroups += table.MatchedGroupCount;
        }

        private static void CompareSizes()
        {
            TopicTable table = s_fixture.Table;
            table.Invariants();
            Assert.AreEqual(s_naive.Count, table.SubscriptionCount);
            Assert.AreEqual(s_naive.RetainedCount, table.RetainedCount);
            Assert.AreEqual(s_naive.Groups("", ""), table.GroupCount);
            Assert.AreEqual(s_naive.Nodes(null), table.NodeCount);
            Assert.AreEqual(s_naive.Names("", null), s_fixture.Texts.Count);
            Assert.AreEqual(s_fixture.Limits.TextBytes - NameBytes(), s_fixture.Texts.Free);
            for (int session = 1; session <= Sessions; session++)
            {
                int count = 0;
                for (int i = 0; i < s_naive.Count; i++)
                {
                    if (s_naive.Session[i] == session) count++;
                }

                Assert.AreEqual(count, table.SessionCount(session));
            }
        }

        // Bytes of the names that the last call of Names counted.
        private static int NameBytes()
        {
            int sum = 0;
            for (int i = 0; i < s_naive.NameCount; i++) sum += Encoding.UTF8.GetBytes(s_naive.NameAt(i)).Length;
            return sum;
        }

        private static int Row(int handle)
        {
            for (int i = 0; i < s_naive.Count; i++)
            {
                if (s_naive.Handle[i] == handle) return i;
            }

            Assert.IsTrue(false, "a subscription that nobody made");
            return -1;
        }

        private static string Whole(string group, string filter)
        {
            return group == "" ? filter : "$share/" + group + "/" + filter;
        }

        private static string RandomTopic()
        {
            int levels = 1 + s_random.Next(4);
            string topic = "";
            for (int i = 0; i < levels; i++)
            {
                if (i > 0) topic += "/";
                topic += s_names[s_random.Next(s_random.Next(3) == 0 ? s_names.Length : 3)];
            }

            return topic == "" ? "a" : topic;
        }

        private static string RandomFilter()
        {
            string[] levels = RandomTopic().Split(NaiveTopics.Slash);
            string filter = "";
            for (int i = 0; i < levels.Length; i++)
            {
                if (i > 0) filter += "/";
                filter += s_random.Next(3) == 0 ? "+" : levels[i];
            }

            if (s_random.Next(4) > 0) return filter;
            return s_random.Next(8) == 0 ? "#" : filter + "/#";
        }
    }
}
