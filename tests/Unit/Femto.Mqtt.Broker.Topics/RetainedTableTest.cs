using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Retained messages in the topic table, and their replay to a new subscription.</summary>
    [TestClass]
    public class RetainedTableTest
    {
        [TestMethod]
        public void SetReplaceAndClear()
        {
            TopicFixture f = new TopicFixture();
            int slot = f.Retain("a/b", 11);
            Assert.IsTrue(slot != 0);
            Assert.AreEqual(0, f.Table.ReplacedMessage);
            Assert.AreEqual(slot, f.Table.RetainedFind(f.Name("a/b")));
            Assert.AreEqual(11, (int)f.Table.RetainedMessage[slot]);
            Assert.AreEqual(slot, f.Retain("a/b", 65535));
            Assert.AreEqual(11, f.Table.ReplacedMessage);
            Assert.AreEqual(65535, (int)f.Table.RetainedMessage[slot]);
            Assert.AreEqual(1, f.Table.RetainedCount);
            Assert.AreEqual(0, f.Table.RetainedFind(f.Name("a")));
            Assert.AreEqual(0, f.Table.RetainedFind(f.Name("a/b/c")));
            Assert.AreEqual(0, f.Clear("a"));
            Assert.AreEqual(65535, f.Clear("a/b"));
            Assert.AreEqual(0, f.Clear("a/b"));
            Assert.AreEqual(0, f.Table.RetainedFind(f.Name("a/b")));
            f.AssertEmpty();
        }

        [TestMethod]
        public void SubscriptionsAndRetainedMessagesShareNodes()
        {
            TopicFixture f = new TopicFixture();
            f.Subscribe("a/b", 1);
            f.Retain("a/b", 1);
            f.Retain("a", 2);
            Assert.AreEqual(2, f.Table.NodeCount);
            f.Table.RemoveSession(1);
            f.Table.Invariants();
            Assert.AreEqual(2, f.Table.NodeCount);
            Assert.AreEqual(0, f.Match("a/b"));
            Assert.AreEqual(2, f.Clear("a"));
            f.Table.Invariants();
            Assert.AreEqual(1, f.Clear("a/b"));
            f.AssertEmpty();
        }

        [DataRow("a/b", "a/b")]
        [DataRow("a", "a")]
        [DataRow("c", "")]
        [DataRow("+", "a")]
        [DataRow("#", "a a/b a/c a/b/d x/b /")]
        [DataRow("a/#", "a a/b a/c a/b/d")]
        [DataRow("+/b", "a/b x/b")]
        [DataRow("a/+", "a/b a/c")]
        [DataRow("+/+", "a/b a/c x/b /")]
        [DataRow("+/b/#", "a/b a/b/d x/b")]
        [DataRow("a/+/#", "a/b a/c a/b/d")]
        [DataRow("+/#", "a a/b a/c a/b/d x/b /")]
        [DataRow("+/$SYS", "")]
        [DataRow("$SYS/#", "$SYS/a $SYS/b")]
        [DataRow("$SYS/+", "$SYS/a $SYS/b")]
        [DataRow("$SYS/a", "$SYS/a")]
        [DataRow("$SYS", "")]
        [TestMethod]
        public void ReplayFindsWhatTheFilterMatches(string filter, string topics)
        {
            TopicFixture f = new TopicFixture();
            string[] retained = { "a", "a/b", "$SYS/a", "a/c", "a/b/d", "$SYS/b", "x/b", "/" };
            for (int i = 0; i < retained.Length; i++) f.Retain(retained[i], i + 1);
            int s = f.Subscribe(filter, 1);
            for (int steps = 1; steps <= 12; steps += 11)
            {
                string found = "";
                int cursor = 0;
                while (cursor >= 0)
                {
                    int slot = f.Table.RetainedNext(s, ref cursor, f.Table.Generation, steps);
                    if (slot != 0)
                    {
                        if (found != "") found += " ";
                        found += retained[f.Table.RetainedMessage[slot] - 1];
                    }
                }

                Assert.AreEqual(topics, found);
                Assert.AreEqual(0, f.Table.RetainedNext(s, ref cursor, f.Table.Generation, steps));
            }
        }

        [TestMethod]
        public void StepsBoundTheWork()
        {
            TopicFixture f = new TopicFixture();
            for (int i = 0; i < 10; i++) f.Retain("a/" + i, i + 1);
            f.Retain("a/4", 99);
            int s = f.Subscribe("+/9", 1);
            int cursor = 0;
            int calls = 0;
            int found = 0;
            while (cursor >= 0)
            {
                if (f.Table.RetainedNext(s, ref cursor, f.Table.Generation, 3) != 0) found++;
                calls++;
            }

            Assert.AreEqual(1, found);
            Assert.AreEqual(4, calls, "ten slots, three at a time");
        }

        [TestMethod]
        public void SlotsNeverUsedAreNotLookedAt()
        {
            TopicFixture f = new TopicFixture();
            int s = f.Subscribe("+/0", 1);
            for (int round = 0; round < 2; round++)
            {
                for (int i = 0; i < 3; i++) f.Retain("a/" + i, i + 1);
                int cursor = 0;
                Assert.AreEqual(1, f.Table.RetainedNext(s, ref cursor, f.Table.Generation, 1));
                Assert.AreEqual(0, f.Table.RetainedNext(s, ref cursor, f.Table.Generation, 2));
                Assert.AreEqual(-1, cursor);
                f.Clear("a/2");
                f.Clear("a/1");
                f.Clear("a/0"); // now the slots are handed out from the first again
                f.Table.Invariants();
            }
        }

        [TestMethod]
        public void AnExactFilterLooksAtOneNode()
        {
            TopicFixture f = new TopicFixture();
            for (int i = 0; i < 10; i++) f.Retain("a/" + i, i + 1);
            int s = f.Subscribe("a/7", 1);
            int cursor = 0;
            int slot = f.Table.RetainedNext(s, ref cursor, f.Table.Generation, 1);
            Assert.AreEqual(8, (int)f.Table.RetainedMessage[slot]);
            Assert.AreEqual(-1, cursor);
        }

        [TestMethod]
        public void WhatIsSetAfterwardsIsSkipped()
        {
            TopicFixture f = new TopicFixture();
            for (int i = 0; i < 4; i++) f.Retain("a/" + i, i + 1);
            int s = f.Subscribe("a/#", 1);
            int exact = f.Subscribe("a/2", 1);
            int generation = f.Table.Generation;
            int cursor = 0;
            Assert.AreEqual(1, f.Table.RetainedNext(s, ref cursor, generation, 10));
            f.Retain("a/2", 50);  // replaced
            f.Clear("a/1");       // gone
            f.Retain("a/8", 51);  // new, in the slot of a/1
            f.Retain("a/9", 52);  // new, in a slot of its own
            Assert.AreEqual(4, f.Table.RetainedNext(s, ref cursor, generation, 10));
            Assert.AreEqual(0, f.Table.RetainedNext(s, ref cursor, generation, 10));
            Assert.AreEqual(-1, cursor);
            cursor = 0;
            Assert.AreEqual(0, f.Table.RetainedNext(exact, ref cursor, generation, 10));
            Assert.AreEqual(-1, cursor);
        }

        // 2^31 messages are retained while one stays: its generation must not come to look like a later one.
        [TestMethod]
        public void AnOldMessageStaysOld()
        {
            TopicFixture f = new TopicFixture(TopicFixture.Sizes(4, 1, 3, 10, 10, 20), 1);
            int old = f.Retain("old", 1);
            int s = f.Subscribe("#", 1);
            for (int leap = 0; leap < 10; leap++)
            {
                f.Table.Generation += 0x20000000;
                for (int i = 0; i < 3; i++) f.Retain("new", 2);
                f.Table.Invariants();
                int found = 0;
                int cursor = 0;
                while (cursor >= 0)
                {
                    if (f.Table.RetainedNext(s, ref cursor, f.Table.Generation, 9) == old) found++;
                }

                Assert.AreEqual(1, found);
            }
        }

        // Replays run while messages are set and cleared: each that stayed unchanged comes once, none that is newer.
        [TestMethod]
        public void ReplayUnderChanges()
        {
            const int Topics = 24;
            string[] filters = { "#", "a/#", "+/+", "+/1/#", "a/+", "b/2", "+" };
            TopicFixture f = new TopicFixture(TopicFixture.Sizes(8, 1, 16, 40, 20, 60), 5);
            string[] topics = new string[Topics];
            for (int i = 0; i < Topics; i++)
            {
                topics[i] = (i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "$c") + (i / 3 == 7 ? "" : "/" + i / 3);
            }

            NaiveRandom random = new NaiveRandom(11);
            int delivered = 0;
            for (int round = 0; round < (TopicFixture.OnBoard ? 40 : 3000); round++)
            {
                for (int i = 0; i < 8; i++) Change(f, topics, random);
                string filter = filters[random.Next(filters.Length)];
                int s = f.Subscribe(filter, 1);
                int generation = f.Table.Generation;
                bool[] due = new bool[Topics];   // was there, is there, and has not been delivered
                bool[] stale = new bool[Topics]; // was there, but is gone or replaced
                for (int i = 0; i < Topics; i++)
                {
                    due[i] = f.Table.RetainedFind(f.Name(topics[i])) != 0 && NaiveTopics.Matches(filter, topics[i]);
                }

                int cursor = 0;
                while (cursor >= 0)
                {
                    int slot = f.Table.RetainedNext(s, ref cursor, generation, 1 + random.Next(3));
                    if (slot != 0)
                    {
                        int topic = f.Table.RetainedMessage[slot] - 1;
                        Assert.IsTrue(due[topic] && !stale[topic], "not due");
                        due[topic] = false;
                        delivered++;
                    }

                    if (random.Next(3) == 0) stale[Change(f, topics, random)] = true;
                }

                for (int i = 0; i < Topics; i++) Assert.IsTrue(!due[i] || stale[i], "missed");
                f.Unsubscribe(filter, 1);
                if (round % 50 == 0) f.Table.Invariants();
            }

            Assert.IsTrue(delivered > 20, "nothing was replayed");
        }

        // Sets or clears one of the topics, whose message is its index and 1; returns the index.
        private static int Change(TopicFixture f, string[] topics, NaiveRandom random)
        {
            int topic = random.Next(topics.Length);
            if (random.Next(2) == 0)
            {
                f.Clear(topics[topic]);
            }
            else
            {
                f.Retain(topics[topic], topic + 1);
            }

            return topic;
        }
    }
}
