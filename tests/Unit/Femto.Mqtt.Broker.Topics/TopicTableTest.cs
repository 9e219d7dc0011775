using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Subscriptions and the topics that they match, section 4.7.</summary>
    [TestClass]
    public class TopicTableTest
    {
        [DataRow("a", "a", true)]
        [DataRow("a", "b", false)]
        [DataRow("a", "a/b", false)]
        [DataRow("a/b", "a", false)]
        [DataRow("a/b", "a/b", true)]
        [DataRow("A", "a", false)]
        [DataRow("a/+", "a", false)]
        [DataRow("a/+", "a/", true)]
        [DataRow("a/+", "a/b", true)]
        [DataRow("a/+", "a/b/c", false)]
        [DataRow("+", "a", true)]
        [DataRow("+", "/", false)]
        [DataRow("+/+", "/a", true)]
        [DataRow("/+", "/a", true)]
        [DataRow("+", "/a", false)]
        [DataRow("+/b/+", "a/b/c", true)]
        [DataRow("+/b/+", "a/c/c", false)]
        [DataRow("#", "a", true)]
        [DataRow("#", "/", true)]
        [DataRow("#", "a/b/c/d", true)]
        [DataRow("a/#", "a", true)]
        [DataRow("a/#", "a/", true)]
        [DataRow("a/#", "a/b/c", true)]
        [DataRow("a/#", "ab", false)]
        [DataRow("a/#", "b/a", false)]
        [DataRow("+/#", "a", true)]
        [DataRow("a/+/#", "a", false)]
        [DataRow("a/+/#", "a/b", true)]
        [DataRow("a/+/#", "a/b/c/d", true)]
        [DataRow("//", "//", true)]
        [DataRow("//", "/", false)]
        [DataRow("//#", "/", true)]
        [DataRow("/#", "/", true)]
        [DataRow("#", "$SYS/a", false)]
        [DataRow("+/a", "$SYS/a", false)]
        [DataRow("+", "$SYS", false)]
        [DataRow("+/#", "$SYS", false)]
        [DataRow("$SYS/#", "$SYS/a/b", true)]
        [DataRow("$SYS/#", "$SYS", true)]
        [DataRow("$SYS/+", "$SYS/a", true)]
        [DataRow("$SYS/a", "$SYS/a", true)]
        [DataRow("$SYS/a", "SYS/a", false)]
        [DataRow("$", "$", true)]
        [DataRow("+/$SYS", "a/$SYS", true)]
        [DataRow("a/#", "a/$SYS", true)]
        [DataRow("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
        [TestMethod]
        public void Matches(string filter, string topic, bool matches)
        {
            TopicFixture f = new TopicFixture();
            int s = f.Subscribe(filter, 1);
            f.Table.Invariants();
            Assert.AreEqual(matches ? 1 : 0, f.Match(topic), filter + " " + topic);
            Assert.AreEqual(matches, f.Found(s));
            Assert.IsTrue(f.Unsubscribe(filter, 1));
            f.AssertEmpty();
        }

        [TestMethod]
        public void EachOfManyFiltersIsFoundOnce()
        {
            TopicFixture f = new TopicFixture();
            string[] filters =
            {
                "a/b/c", "a/b/+", "a/+/c", "a/+/+", "+/b/c", "+/b/+", "+/+/c", "+/+/+",
                "#", "a/#", "+/#", "a/b/#", "a/+/#", "+/b/#", "+/+/#", "a/b/c/#", "+/+/+/#",
            };
            for (int i = 0; i < filters.Length; i++) Assert.IsTrue(f.Subscribe(filters[i], 1 + i % 3) != 0);
            f.Subscribe("a/b", 1);
            f.Subscribe("a/b/c/d", 2);
            f.Subscribe("x/+/c", 3);
            Assert.AreEqual(filters.Length, f.Match("a/b/c"));
            for (int i = 0; i < filters.Length; i++)
            {
                Assert.IsTrue(f.Found(f.Table.Find(f.Filter(filters[i]), 1 + i % 3)), filters[i]);
            }

            f.Table.RemoveSession(1);
            f.Table.Invariants();
            f.Table.RemoveSession(2);
            f.Table.RemoveSession(3);
            f.AssertEmpty();
            Assert.AreEqual(0, f.Match("a/b/c"));
        }

        [TestMethod]
        public void SubscribingAgainReplaces()
        {
            TopicFixture f = new TopicFixture();
            int s = f.Table.Subscribe(f.Filter("a/+"), 3, 1, 77);
            Assert.IsFalse(f.Table.Existed);
            Assert.AreEqual(1, (int)f.Table.Options[s]);
            Assert.AreEqual(77, f.Table.SubscriptionId[s]);
            Assert.AreEqual(3, (int)f.Table.Session[s]);
            string counts = f.Counts();
            Assert.AreEqual(s, f.Table.Subscribe(f.Filter("a/+"), 3, 0x2E, 268435455));
            Assert.IsTrue(f.Table.Existed);
            Assert.AreEqual(0x2E, (int)f.Table.Options[s]);
            Assert.AreEqual(268435455, f.Table.SubscriptionId[s]);
            Assert.AreEqual(counts, f.Counts());
            f.Table.Invariants();
        }

        [TestMethod]
        public void HashIsPartOfTheFilter()
        {
            TopicFixture f = new TopicFixture();
            int exact = f.Subscribe("a", 1);
            int hash = f.Subscribe("a/#", 1);
            Assert.AreNotEqual(exact, hash);
            Assert.AreEqual(exact, f.Table.Find(f.Filter("a"), 1));
            Assert.AreEqual(hash, f.Table.Find(f.Filter("a/#"), 1));
            Assert.AreEqual(TopicTable.HashOption, (int)f.Table.Options[hash]);
            Assert.AreEqual(2, f.Match("a"));
            Assert.IsTrue(f.Unsubscribe("a", 1));
            Assert.AreEqual(1, f.Match("a"));
            Assert.IsTrue(f.Found(hash));
            Assert.IsFalse(f.Unsubscribe("a", 1));
            Assert.IsTrue(f.Unsubscribe("a/#", 1));
            f.AssertEmpty();
        }

        [TestMethod]
        public void OtherSessionsAndFiltersAreNotTouched()
        {
            TopicFixture f = new TopicFixture();
            f.Subscribe("a/b", 1);
            int other = f.Subscribe("a/b", 2);
            f.Subscribe("a", 1);
            Assert.IsFalse(f.Unsubscribe("a/b", 3));
            Assert.IsFalse(f.Unsubscribe("b", 1));
            Assert.IsFalse(f.Unsubscribe("a/+", 1));
            Assert.AreEqual(2, f.Table.SessionCount(1));
            f.Table.RemoveSession(1);
            Assert.AreEqual(0, f.Table.SessionCount(1));
            Assert.AreEqual(1, f.Table.SessionCount(2));
            Assert.AreEqual(1, f.Match("a/b"));
            Assert.IsTrue(f.Found(other));
            f.Table.Invariants();
            f.Table.RemoveSession(1);
            f.Table.RemoveSession(2);
            f.AssertEmpty();
        }

        [TestMethod]
        public void SubscriptionsOfASessionAreListed()
        {
            TopicFixture f = new TopicFixture();
            f.Subscribe("a", 4);
            f.Subscribe("b/#", 4);
            f.Subscribe("$share/g/b", 4);
            f.Subscribe("b", 5);
            int count = 0;
            for (int s = f.Table.SessionFirst(4); s != 0; s = f.Table.SessionNext(s))
            {
                Assert.AreEqual(4, (int)f.Table.Session[s]);
                count++;
            }

            Assert.AreEqual(3, count);
            Assert.AreEqual(3, f.Table.SessionCount(4));
        }

        [TestMethod]
        public void TheDeepestTopicFits()
        {
            TopicFixture f = new TopicFixture();
            f.Subscribe("+/+/+/+/+/+/+/+", 1);
            f.Subscribe("1/2/3/4/5/6/7/8", 1);
            f.Subscribe("1/+/3/+/5/+/7/+", 1);
            f.Subscribe("+/2/+/4/+/6/+/#", 1);
            Assert.AreEqual(4, f.Match("1/2/3/4/5/6/7/8"));
            Assert.AreEqual(1, f.Match("0/2/3/4/5/6/7"), "only the one that ends in '#'");
        }

        // A name that is known below one node must not be taken for known below another.
        [TestMethod]
        public void NamesOfOneLevelAreCheckedInEveryBranch()
        {
            TopicFixture f = new TopicFixture();
            int left = f.Subscribe("a/x/c", 1);
            int right = f.Subscribe("+/y/c", 1);
            int both = f.Subscribe("+/+/c", 1);
            Assert.AreEqual(2, f.Match("a/x/c"));
            Assert.IsTrue(f.Found(left) && f.Found(both));
            Assert.AreEqual(2, f.Match("a/y/c"));
            Assert.IsTrue(f.Found(right) && f.Found(both));
            Assert.AreEqual(1, f.Match("b/x/c"));
            Assert.AreEqual(0, f.Match("b/x/d"));
        }
    }
}
