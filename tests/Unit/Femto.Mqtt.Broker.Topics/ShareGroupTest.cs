using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Shared subscriptions in the topic table, section 4.8.2.</summary>
    [TestClass]
    public class ShareGroupTest
    {
        [TestMethod]
        public void AGroupIsFoundOnceWithAllMembers()
        {
            TopicFixture f = new TopicFixture();
            int one = f.Subscribe("$share/g/a/+", 1);
            int two = f.Subscribe("$share/g/a/+", 2);
            int three = f.Subscribe("$share/g/a/+", 3);
            int alone = f.Subscribe("a/b", 1);
            f.Table.Invariants();
            Assert.AreEqual(2, f.Match("a/b"));
            Assert.AreEqual(1, f.Table.MatchedCount);
            Assert.IsTrue(f.Found(alone));
            Assert.AreEqual(1, f.Table.MatchedGroupCount);
            int group = f.Table.MatchedGroups[0];
            Assert.AreEqual(group, (int)f.Table.Group[one]);
            Assert.AreEqual(7, Members(f, group, one, two, three));
            Assert.AreEqual(0, (int)f.Table.Group[alone]);
        }

        [TestMethod]
        public void NameFilterAndHashTellGroupsApart()
        {
            TopicFixture f = new TopicFixture();
            string[] filters = { "$share/g/a", "$share/h/a", "$share/g/a/#", "$share/g/+", "$share/g/#" };
            for (int i = 0; i < filters.Length; i++) Assert.IsTrue(f.Subscribe(filters[i], 1) != 0);
            f.Subscribe("a", 1);
            f.Subscribe("#", 1);
            f.Table.Invariants();
            Assert.AreEqual(5, f.Table.GroupCount);
            Assert.AreEqual(7, f.Match("a"));
            Assert.AreEqual(5, f.Table.MatchedGroupCount);
            for (int i = 0; i < filters.Length; i++)
            {
                Assert.IsTrue(f.Unsubscribe(filters[i], 1));
                Assert.IsFalse(f.Unsubscribe(filters[i], 1));
                f.Table.Invariants();
                Assert.AreEqual(4 - i, f.Table.GroupCount);
            }

            Assert.AreEqual(2, f.Match("a"));
            f.Table.RemoveSession(1);
            f.AssertEmpty();
        }

        [TestMethod]
        public void SystemTopicsStayApart()
        {
            TopicFixture f = new TopicFixture();
            f.Subscribe("$share/g/#", 1);
            f.Subscribe("$share/g/+/a", 1);
            f.Subscribe("$share/g/$SYS/a", 1);
            Assert.AreEqual(1, f.Match("$SYS/a"));
            Assert.AreEqual(2, f.Match("b/a"));
        }

        [TestMethod]
        public void SubscribingAgainReplacesTheMember()
        {
            TopicFixture f = new TopicFixture();
            f.Subscribe("$share/g/a", 1);
            int s = f.Subscribe("$share/g/a", 2);
            int ordinary = f.Subscribe("a", 2);
            Assert.AreEqual(s, f.Table.Subscribe(f.Filter("$share/g/a"), 2, 2, 5));
            Assert.IsTrue(f.Table.Existed);
            Assert.AreEqual(2, (int)f.Table.Options[s]);
            Assert.AreEqual(0, (int)f.Table.Options[ordinary]);
            Assert.AreEqual(3, f.Table.SubscriptionCount);
        }

        // Members leave in every order; the cursor stood on each of them.
        [TestMethod]
        public void TheCursorIsAMemberWhoeverLeaves()
        {
            for (int order = 0; order < 6; order++)
            {
                for (int cursor = 0; cursor < 3; cursor++)
                {
                    TopicFixture f = new TopicFixture();
                    f.Subscribe("a", 9);
                    int[] members = new int[3];
                    for (int i = 0; i < 3; i++) members[i] = f.Subscribe("$share/g/a", i + 1);
                    int group = f.Table.Group[members[0]];
                    f.Table.GroupCursor[group] = (ushort)members[cursor];
                    int first = order / 2;
                    int second = (first + 1 + order % 2) % 3;
                    int last = 3 - first - second;
                    f.Table.RemoveSession(first + 1);
                    f.Table.Invariants();
                    if (cursor != first) Assert.AreEqual(members[cursor], (int)f.Table.GroupCursor[group]);
                    Assert.AreEqual(1 << second | 1 << last, Members(f, group, members[0], members[1], members[2]));
                    f.Unsubscribe("$share/g/a", second + 1);
                    f.Table.Invariants();
                    Assert.AreEqual(members[last], (int)f.Table.GroupCursor[group]);
                    Assert.AreEqual(2, f.Match("a"));
                    f.Table.RemoveSession(last + 1);
                    Assert.AreEqual(1, f.Match("a"));
                    Assert.AreEqual(0, f.Table.GroupCount);
                    f.Table.RemoveSession(9);
                    f.AssertEmpty();
                }
            }
        }

        // Several groups and ordinary subscriptions share one node's list; each in turn is taken out of it.
        [TestMethod]
        public void GroupsStayInFrontOfTheList()
        {
            for (int leaver = 1; leaver <= 5; leaver++)
            {
                TopicFixture f = new TopicFixture();
                f.Subscribe("a", 1);
                f.Subscribe("$share/g/a", 2);
                f.Subscribe("a", 3);
                f.Subscribe("$share/h/a", 4);
                f.Subscribe("$share/i/a", 5);
                f.Subscribe("$share/h/a", 6);
                f.Subscribe("a", 7);
                f.Table.Invariants();
                f.Table.RemoveSession(leaver);
                f.Table.Invariants();
                int expected = leaver == 4 ? 6 : 5; // the group h has another member
                Assert.AreEqual(expected, f.Match("a"));
                Assert.IsTrue(f.Subscribe("$share/k/a", 8) != 0);
                Assert.IsTrue(f.Subscribe("a", 8) != 0);
                f.Table.Invariants();
                Assert.AreEqual(expected + 2, f.Match("a"));
                for (int session = 1; session <= 8; session++) f.Table.RemoveSession(session);
                f.AssertEmpty();
            }
        }

        [TestMethod]
        public void TheRoundVisitsEveryMember()
        {
            TopicFixture f = new TopicFixture();
            int[] members = new int[4];
            for (int i = 0; i < 4; i++) members[i] = f.Subscribe("$share/g/#", i + 1);
            int group = f.Table.Group[members[0]];
            int[] turns = new int[4];
            for (int turn = 0; turn < 8; turn++)
            {
                int s = f.Table.GroupCursor[group];
                turns[f.Table.Session[s] - 1]++;
                int next = f.Table.GroupNext(s);
                f.Table.GroupCursor[group] = (ushort)(next != 0 ? next : f.Table.GroupFirst(group));
            }

            for (int i = 0; i < 4; i++) Assert.AreEqual(2, turns[i]);
        }

        // One bit for each of the three that is a member.
        private static int Members(TopicFixture f, int group, int one, int two, int three)
        {
            int bits = 0;
            for (int s = f.Table.GroupFirst(group); s != 0; s = f.Table.GroupNext(s))
            {
                int bit = s == one ? 1 : s == two ? 2 : s == three ? 4 : 8;
                Assert.AreEqual(0, bits & bit);
                bits |= bit;
            }

            return bits;
        }
    }
}
