using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Aggregation when something is full, or the upstream is away: nothing is lost silently.</summary>
    [TestClass]
    public class AggregateLimitTest
    {
        private static Edge Two(AggregateStage stage)
        {
            AggregateRule rule = Edge.Rule("s/+", stage);
            rule.Topics = 2;
            return new Edge(rule);
        }

        [TestMethod]
        public void WithoutARowMessagesGoUpAsTheyAre()
        {
            Edge e = Two(Edge.Stage(AggregateStage.Latest, 10000));
            e.Series("s/a", "1 2", 0);
            e.Series("s/b", "1 2", 0);
            e.Series("s/c", "1 2", 0);
            e.Came("s/a 1;s/b 1;s/c 1;s/c 2;");
            e.Counts(BridgeCounter.Unaggregated, 2);
            e.Counts(BridgeCounter.Aggregated, 2);
        }

        [TestMethod]
        public void ATopicLongSilentMakesRoom()
        {
            Edge e = Two(Edge.Stage(AggregateStage.Latest, 10000));
            e.Series("s/a", "1 2", 0);
            e.Series("s/b", "1", 0);
            e.Skip(59000);
            e.Say("s/b", "2");
            e.Up();
            e.Net.Pass(2000);
            e.Series("s/c", "1 2", 0);  // takes the row of s/a
            e.Came("s/c 1;");
            e.Say("s/a", "3");          // there is none for it now
            e.Say("s/a", "4");
            e.Came("s/a 3;s/a 4;");
            e.Net.Pass(10000);
            e.Came("s/c 2;");
            e.Counts(BridgeCounter.Unaggregated, 2);
        }

        [TestMethod]
        public void ARowThatKeepsSomethingIsNotTaken()
        {
            AggregateRule rule = Edge.Rule("s/+", Edge.Batch(3, 0));
            rule.Topics = 1;
            Edge e = new Edge(rule);
            e.Say("s/a", "1");
            e.Skip(100000);
            e.Say("s/b", "1");
            e.Came("s/b 1;");
            rule.Other = AggregateRule.Tally;
            Edge t = new Edge(rule);
            t.Say("s/a", "-");
            t.Skip(100000);
            t.Say("s/b", "1");
            t.Came("s/b 1;");
        }

        [TestMethod]
        public void RowsOfOneBucketAreFoundAndLeft()
        {
            AggregateRule rule = Edge.Rule("#", Edge.Sample(2));
            rule.Topics = 3;
            Edge e = new Edge(rule);
            for (int i = 0; i < 40; i++)
            {
                // Each of them is new, or was put out by the others: twelve topics, three rows.
                e.Say("t/" + (i % 12).ToString(), "1");
                e.Skip(61000);
            }
            e.Counts(BridgeCounter.Unaggregated, 0);
            e.Counts(BridgeCounter.Aggregated, 0);
            e.Say("t/3", "2");              // the last of the forty: its row stands
            e.Counts(BridgeCounter.Aggregated, 1);
        }

        [TestMethod]
        public void ATopicTooLongGoesUpAsItIs()
        {
            Limits limits = Net.Sizes();
            string topic = "s/";
            while (topic.Length <= 48) topic += "x";
            if (limits.TopicLength <= 48) return;
            Edge e = new Edge(Edge.Rule("s/+", Edge.Sample(2)));
            e.Series(topic, "1 2", 0);
            e.Came(topic + " 1;" + topic + " 2;");
            e.Counts(BridgeCounter.Unaggregated, 2);
        }

        private static Edge Small(AggregateStage stage, int qos)
        {
            AggregateRule rule = Edge.Rule("s/+", stage);
            rule.Qos = qos;
            BridgeOptions o = Edge.Prepared(new AggregateRule[] { rule }, new AggregateAlarm[0]);
            o.SpoolMessages = 2;
            o.SpoolFull = SpoolPolicy.Hold;
            return new Edge(o);
        }

        [TestMethod]
        public void AWindowThatCannotLeaveGoesOn()
        {
            Edge e = Small(Edge.Window(1000, AggregateStage.Number | AggregateStage.Last), 1);
            e.Bridge.Clock.Set(1700000000, 0, e.Net.NowMs);
            e.Link.Down[1] = true;
            e.Link.Cut();
            e.Series("s/a", "1 2 3 4 5 6 7 8", 500);
            Assert.AreEqual(2, e.Bridge.SpoolLength());
            e.Link.Down[1] = false;
            e.Net.Pass(8000);
            string up = e.Up();
            string two = "s/a {\"count\":2,\"last\":2,\"t\":1700000000000,\"ms\":1000};"
                + "s/a {\"count\":2,\"last\":4,\"t\":1700000001000,\"ms\":1000};"
                + "s/a {\"count\":4,\"last\":8,\"t\":1700000002000,\"ms\":";
            Assert.IsTrue(up.IndexOf(two) == 0, up + " // " + two);
            e.Here.Counts(Counter.DroppedQueueFull, 0);
        }

        [TestMethod]
        public void BehindAFullBatchReadingsPass()
        {
            Edge e = Small(Edge.Batch(2, 0), -1);
            e.Bridge.Clock.Set(1700000000, 0, e.Net.NowMs);
            e.Link.Down[1] = true;
            e.Link.Cut();
            for (int i = 1; i <= 6; i++) e.Ask("s/a", i.ToString(), "00");
            Assert.AreEqual(2, e.Bridge.SpoolLength());
            int held = e.Here.Connect("CONNECT 5 clean keep=0 id=c");
            e.Here.Send(held, "PUBLISH q1 topic=s/a id=1 payload=37"); // as it is: the spool holds it back
            e.Net.Run();
            e.Here.Silent(held);
            e.Link.Down[1] = false;
            e.Net.Pass(8000);
            e.Here.Got(held, "PUBACK id=1 reason=00");
            e.Came("s/a {\"t\":1700000000000,\"d\":[0],\"v\":[1,2]};s/a {\"t\":1700000000000,\"d\":[0],\"v\":[3,4]};"
                + "s/a 7;s/a {\"t\":1700000000000,\"d\":[0],\"v\":[5,6]};"); // times tell what came first
            e.Counts(BridgeCounter.Aggregated, 6);
            e.Counts(BridgeCounter.Unaggregated, 1);
            e.Counts(BridgeCounter.Results, 3);
        }

        [TestMethod]
        public void AChainWaitsForItsBatch()
        {
            AggregateRule rule = Edge.Rule("s/+", Edge.Window(1000, AggregateStage.Mean), Edge.Batch(1, 0));
            rule.Qos = 1;
            BridgeOptions o = Edge.Prepared(new AggregateRule[] { rule }, new AggregateAlarm[0]);
            o.SpoolMessages = 1;
            Edge e = new Edge(o);
            e.Bridge.Clock.Set(1700000000, 0, e.Net.NowMs);
            e.Link.Down[1] = true;
            e.Link.Cut();
            e.Series("s/a", "1 2 3 5", 1000);
            Assert.AreEqual(1, e.Bridge.SpoolLength());
            e.Link.Down[1] = false;
            e.Net.Pass(8000);
            e.Came("s/a {\"t\":1700000000000,\"d\":[],\"v\":[1]};s/a {\"t\":1700000001000,\"d\":[],\"v\":[2]};"
                + "s/a {\"t\":1700000002000,\"d\":[],\"v\":[4]};");
        }

        [TestMethod]
        public void AResultThatTheSpoolCannotKeepIsCounted()
        {
            AggregateRule rule = Edge.Rule("s/+", Edge.Window(1000, AggregateStage.Last));
            rule.Qos = 1;
            BridgeOptions o = Edge.Prepared(new AggregateRule[] { rule }, new AggregateAlarm[0]);
            o.SpoolMessages = 2;
            o.SpoolFull = SpoolPolicy.DropOldest;
            Edge e = new Edge(o);
            e.Link.Down[1] = true;
            e.Link.Cut();
            e.Series("s/a", "1 2 3", 1000);
            e.Here.Counts(Counter.DroppedQueueFull, 1);
            e.Link.Down[1] = false;
            e.Net.Pass(8000);
            e.Came("s/a 2;s/a 3;");
        }

        [TestMethod]
        public void WhatIsKeptIsPublishedWhenTheBridgeStops()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Window(60000, AggregateStage.Last)));
            e.Ask("s/a", "1", "00");
            e.Ask("s/b", "2", "00");
            e.Link.Stalled = true;
            e.Bridge.Stop(e.Net.NowMs);
            Assert.AreEqual(2, e.Bridge.SpoolLength());
            e.Counts(BridgeCounter.Results, 2);
        }

        [TestMethod]
        public void AWillIsNoReading()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Window(1000, AggregateStage.Last)));
            int c = e.Here.Connect("CONNECT 4 clean keep=0 id=w will q0 topic=s/a payload=39");
            e.Here.Lose(c);
            e.Net.Run();
            e.Came("s/a 9;");
            e.Counts(BridgeCounter.Aggregated, 0);
        }
    }
}
