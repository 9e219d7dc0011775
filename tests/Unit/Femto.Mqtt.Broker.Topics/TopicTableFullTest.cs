using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Full tables: what does not fit changes nothing, and what is freed can be used again.</summary>
    [TestClass]
    public class TopicTableFullTest
    {
        // What is full; a filter that does not fit then. The table already holds a/b and $share/g/a, and c retained.
        [DataRow(2, 9, 9, 99, 99, 99, "d", "subscriptions")]
        [DataRow(2, 9, 9, 99, 99, 99, "$share/g/a", "subscriptions")]
        [DataRow(9, 1, 9, 99, 99, 99, "$share/h/a", "groups of an old node")]
        [DataRow(9, 1, 9, 99, 99, 99, "$share/h/x/y/z", "groups of a new node")]
        [DataRow(9, 1, 9, 99, 99, 99, "$share/g/#", "groups at the root")]
        [DataRow(9, 9, 9, 3, 99, 99, "d", "nodes")]
        [DataRow(9, 9, 9, 3, 99, 99, "+", "nodes for '+'")]
        [DataRow(9, 9, 9, 5, 99, 99, "a/b/x/y/z", "nodes half way")]
        [DataRow(9, 9, 9, 5, 99, 99, "+/x/+/#", "nodes half way below '+'")]
        [DataRow(9, 9, 9, 99, 4, 99, "d", "texts")]
        [DataRow(9, 9, 9, 99, 6, 99, "a/x/y/z", "texts half way")]
        [DataRow(9, 9, 9, 99, 6, 99, "$share/h/+/x/y", "texts for the name of a group")]
        [DataRow(9, 9, 9, 99, 99, 4, "d", "bytes")]
        [DataRow(9, 9, 9, 99, 99, 9, "a/xx/+/yyyy", "bytes half way")]
        [DataRow(9, 9, 9, 99, 99, 9, "$share/hhhh/x/y", "bytes for the name of a group")]
        [TestMethod]
        public void WhatDoesNotFitChangesNothing(
            int subscriptions, int groups, int retained, int nodes, int texts, int bytes, string filter, string what)
        {
            Limits limits = TopicFixture.Sizes(subscriptions, groups, retained, nodes, texts, bytes);
            TopicFixture f = new TopicFixture(limits, 3);
            Assert.IsTrue(f.Subscribe("a/b", 1) != 0);
            Assert.IsTrue(f.Subscribe("$share/g/a", 2) != 0);
            Assert.IsTrue(f.Retain("c", 1) != 0);
            string counts = f.Counts();
            for (int i = 0; i < 3; i++)
            {
                Assert.AreEqual(0, f.Subscribe(filter, 3), what);
                Assert.IsFalse(f.Table.Existed);
                Assert.AreEqual(counts, f.Counts(), what);
                f.Table.Invariants();
            }

            Assert.AreEqual(1, f.Match("a/b"));
            Assert.AreEqual(1, f.Match("a"));
            Assert.IsTrue(f.Subscribe("a/b", 1) != 0 && f.Table.Existed, "replacing needs no room");
            f.Table.RemoveSession(1);
            Assert.IsTrue(f.Subscribe("e", 3) != 0, "what was freed is free");
            f.Table.RemoveSession(2);
            f.Table.RemoveSession(3);
            Assert.AreEqual(1, f.Clear("c"));
            f.AssertEmpty();
        }

        [DataRow(1, 99, 99, 99, "d", "slots")]
        [DataRow(1, 99, 99, 99, "a/b", "slots, on an old node")]
        [DataRow(9, 3, 99, 99, "d", "nodes")]
        [DataRow(9, 4, 99, 99, "c/d/e", "nodes half way")]
        [DataRow(9, 99, 3, 99, "d", "texts")]
        [DataRow(9, 99, 4, 99, "c/d/e", "texts half way")]
        [DataRow(9, 99, 99, 3, "d", "bytes")]
        [DataRow(9, 99, 99, 5, "c/d/ee", "bytes half way")]
        [TestMethod]
        public void ARetainedMessageThatDoesNotFitChangesNothing(
            int retained, int nodes, int texts, int bytes, string topic, string what)
        {
            TopicFixture f = new TopicFixture(TopicFixture.Sizes(9, 1, retained, nodes, texts, bytes), 3);
            Assert.IsTrue(f.Subscribe("a/b", 1) != 0);
            int slot = f.Retain("c", 1);
            string counts = f.Counts();
            for (int i = 0; i < 3; i++)
            {
                Assert.AreEqual(0, f.Retain(topic, 2), what);
                Assert.AreEqual(0, f.Table.ReplacedMessage);
                Assert.AreEqual(counts, f.Counts(), what);
                f.Table.Invariants();
            }

            Assert.AreEqual(slot, f.Retain("c", 3), "replacing needs no room");
            Assert.AreEqual(1, f.Table.ReplacedMessage);
            Assert.AreEqual(3, f.Clear("c"));
            f.Table.RemoveSession(1);
            Assert.IsTrue(f.Retain("e", 4) != 0, "what was freed is free");
            Assert.AreEqual(4, f.Clear("e"));
            f.AssertEmpty();
        }

        // Filled to the last row with filters of every kind and emptied, again and again, in another order each time.
        [TestMethod]
        public void FilledAndEmptiedAgainAndAgain()
        {
            TopicFixture f = new TopicFixture(TopicFixture.Sizes(12, 4, 6, 24, 24, 60), 3);
            for (int round = 0; round < 60; round++)
            {
                int full = 0;
                for (int i = 0; i < 30; i++)
                {
                    int kind = (i + round) % 5;
                    string name = "n" + (i + round * 7) % 17;
                    string filter = kind == 0 ? "$share/s" + i % 3 + "/" + name
                        : kind == 1 ? name + "/+" : kind == 2 ? "+/" + name + "/#" : "x/" + name;
                    int done = kind == 4 ? f.Retain("x/" + name, i + 1) : f.Subscribe(filter, 1 + i % 6);
                    if (done == 0) full++;
                }

                f.Table.Invariants();
                Assert.IsTrue(full > 0, "never full");
                for (int session = 0; session < 6; session++) f.Table.RemoveSession(1 + (session * 5 + round) % 6);
                f.Table.Invariants();
                for (int i = 0; i < 17; i++) f.Clear("x/n" + (i * 3 + round) % 17);
                f.AssertEmpty();
            }
        }
    }
}
