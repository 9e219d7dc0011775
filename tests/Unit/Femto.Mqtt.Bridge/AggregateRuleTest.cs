using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What is no number, alarms, JSON, and what a rule says beside its steps.</summary>
    [TestClass]
    public class AggregateRuleTest
    {
        private static AggregateRule Tally(AggregateStage stage)
        {
            AggregateRule rule = Edge.Rule("s/+", stage);
            rule.Other = AggregateRule.Tally;
            return rule;
        }

        [TestMethod]
        public void WhatIsNoNumberPasses()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Stage(AggregateStage.Latest, 1000)));
            e.Series("s/a", "1 on 2 nan 2147483.648 0x10 1e9", 0);
            e.Came("s/a 1;s/a on;s/a nan;s/a 2147483.648;s/a 0x10;s/a 1e9;");
            e.Counts(BridgeCounter.NotNumbers, 5);
            e.Counts(BridgeCounter.Aggregated, 1);
        }

        [TestMethod]
        public void WhatIsNoNumberIsDropped()
        {
            AggregateRule rule = Edge.Rule("s/+", Edge.Stage(AggregateStage.Latest, 1000));
            rule.Other = AggregateRule.Drop;
            Edge e = new Edge(rule);
            e.Ask("s/a", "off", "00");
            e.Say("s/a", "1");
            e.Came("s/a 1;");
            e.Counts(BridgeCounter.NotNumbers, 1);
        }

        [TestMethod]
        public void WhatIsNoNumberIsCounted()
        {
            Edge e = new Edge(Tally(Edge.Window(1000, AggregateStage.Mean)));
            e.Bridge.Clock.Set(1700000000, 0, e.Net.NowMs);
            e.Series("s/a", "on 1 off 2", 0);
            e.Net.Pass(1000);
            e.Came("s/a {\"mean\":1.5,\"other\":2,\"t\":1700000000000,\"ms\":1000};");
            e.Say("s/a", "3");
            e.Net.Pass(1000);
            e.Came("s/a {\"mean\":3,\"t\":1700000001000,\"ms\":1000};");
            Edge b = new Edge(Tally(Edge.Batch(2, 0)));
            b.Bridge.Clock.Set(1700000000, 0, b.Net.NowMs);
            b.Series("s/a", "1 - 2", 0);
            b.Came("s/a {\"other\":1,\"t\":1700000000000,\"d\":[0],\"v\":[1,2]};");
            b.Counts(BridgeCounter.NotNumbers, 1);
        }

        [TestMethod]
        public void WithoutAPayloadItTakesARetainedMessageBack()
        {
            AggregateRule rule = Edge.Rule("s/+", Edge.Stage(AggregateStage.Latest, 1000));
            rule.Other = AggregateRule.Drop;
            Edge e = new Edge(rule);
            e.Keep("s/a", "1");
            e.Keep("s/a", "");
            e.Came("s/a 1;s/a ;");
        }

        [DataRow("{\"value\":1.5}", "1.5")]
        [DataRow(" { \"unit\" : \"C\" , \"value\" : -2e1 , \"x\" : [1,{\"value\":7}] } ", "-20")]
        [DataRow("{\"o\":{\"value\":3},\"value\":4}", "4")]
        [DataRow("{\"s\":\"\\\"value\\\":9,\",\"value\":5}", "5")]
        [DataRow("{\"a\":[1,2,{\"b\":\"}\"}],\"value\":6,\"value\":7}", "6")]
        [TestMethod]
        public void AFieldOfJsonIsFound(string json, string result)
        {
            AggregateRule rule = Edge.Rule("s/+", Edge.Window(1000, AggregateStage.Last));
            rule.Field = "value";
            Edge e = new Edge(rule);
            e.Bridge.Clock.Set(1700000000, 0, e.Net.NowMs);
            e.Say("s/a", json);
            e.Net.Pass(1000);
            e.Came("s/a {\"value\":" + result + ",\"t\":1700000000000};");
        }

        [DataRow("1.5")]
        [DataRow("{}")]
        [DataRow("{\"value\":\"1\"}")]
        [DataRow("{\"value\":true}")]
        [DataRow("{\"value\":1")]
        [DataRow("{\"value\"")]
        [DataRow("{\"value\":1]")]
        [DataRow("{\"val")]
        [DataRow("{\"a\":\"\\")]
        [DataRow("{\"a\":1 \"value\":2}")]
        [DataRow("{\"other\":1}")]
        [DataRow("[1]")]
        [DataRow("{value:1}")]
        [DataRow(" ")]
        [TestMethod]
        public void WithoutTheFieldItIsNoNumber(string json)
        {
            AggregateRule rule = Edge.Rule("s/+", Edge.Window(1000, AggregateStage.Last));
            rule.Field = "value";
            Edge e = new Edge(rule);
            e.Say("s/a", json);
            e.Came("s/a " + json + ";");
            e.Counts(BridgeCounter.NotNumbers, 1);
        }

        [TestMethod]
        public void ResultsHaveTopicQosAndRetainOfTheirOwn()
        {
            AggregateRule rule = Edge.Rule("s/+", Edge.Window(1000, AggregateStage.Max));
            rule.Suffix = "/1s";
            rule.Qos = 1;
            Edge e = new Edge(rule);
            e.Keep("s/a", "1");
            e.Net.Pass(1000);
            e.Came("s/a/1s 1;");
            int late = e.There.Connect("CONNECT 4 clean keep=0 id=late");
            e.There.Send(late, "SUBSCRIBE id=9 filter=s/# q1");
            e.There.Got(late, "SUBACK id=9 01 / PUBLISH q1 retain topic=s/a/1s id=1 payload=31");
        }

        [TestMethod]
        public void QosOfTheLastReading()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Window(1000, AggregateStage.Max)));
            e.Ask("s/a", "1", "00");
            e.Link.Down[1] = true;
            e.Link.Cut();
            e.Net.Pass(1000);
            Assert.AreEqual(1, e.Bridge.SpoolLength()); // it waits for the upstream, as the reading would have
            e.Say("s/a", "2");
            e.Net.Pass(1000);
            Assert.AreEqual(1, e.Bridge.SpoolLength());
            e.Here.Counts(Counter.DroppedOffline, 1);
            e.Link.Down[1] = false;
            e.Net.Pass(8000);
            e.Came("s/a 1;");
        }

        [TestMethod]
        public void AlarmsGoAtOnce()
        {
            AggregateAlarm alarm = new AggregateAlarm();
            alarm.Pattern = "s/smoke";
            AggregateRule[] rules = { Edge.Rule("s/+", Edge.Stage(AggregateStage.Latest, 60000)) };
            Edge e = new Edge(rules, new AggregateAlarm[] { alarm });
            e.Series("s/smoke", "1 2 x", 0);
            e.Series("s/a", "1 2", 0);
            e.Came("s/smoke 1;s/smoke 2;s/smoke x;s/a 1;");
            e.Counts(BridgeCounter.Alarms, 3);
        }

        [TestMethod]
        public void CrossingABoundGoesAtOnce()
        {
            AggregateAlarm alarm = new AggregateAlarm();
            alarm.Pattern = "s/#";
            alarm.HasAbove = true;
            alarm.Above = 30500000;
            alarm.HasBelow = true;
            alarm.Below = -5000000;
            AggregateRule[] rules = { Edge.Rule("s/+", Edge.Window(10000, AggregateStage.Number)) };
            Edge e = new Edge(rules, new AggregateAlarm[] { alarm });
            e.Series("s/a", "20 30.5 30.501 40 30.4 -5 -5.001 -6 0", 0);
            e.Came("s/a 30.501;s/a 30.4;s/a -5.001;s/a 0;");
            e.Counts(BridgeCounter.Alarms, 4);
            e.Net.Pass(10000);
            Assert.IsTrue(e.Up().IndexOf("{\"count\":9,") > 0);
        }

        [TestMethod]
        public void AnAlarmIsWhatTheDeadbandComparesWith()
        {
            AggregateAlarm alarm = new AggregateAlarm();
            alarm.Pattern = "s/#";
            alarm.HasAbove = true;
            alarm.Above = 10000000;
            AggregateRule[] rules = { Edge.Rule("s/+", Edge.Deadband(1000000, 0)) };
            Edge e = new Edge(rules, new AggregateAlarm[] { alarm });
            e.Series("s/a", "9.5 10.4 9.3", 0); // 9.3 is within 1 of the first, and not of what went up last
            e.Came("s/a 9.5;s/a 10.4;s/a 9.3;");
        }

        [TestMethod]
        public void WrongRulesAreRefused()
        {
            Wrong(null, "1 to 4 steps");
            Wrong(new AggregateStage[0], "1 to 4 steps");
            Wrong(new AggregateStage[] { Edge.Stage(9, 0) }, "no such step");
            Wrong(new AggregateStage[] { Edge.Stage(AggregateStage.Latest, 0) }, "need a time");
            Wrong(new AggregateStage[] { Edge.Stage(AggregateStage.Latest, 86400001) }, "a day");
            Wrong(new AggregateStage[] { Edge.Window(1000, 0) }, "of nothing");
            Wrong(new AggregateStage[] { Edge.Batch(0, 0) }, "1 to 10000");
            Wrong(new AggregateStage[] { Edge.Sample(10001) }, "1 to 10000");
            Wrong(new AggregateStage[] { Edge.Deadband(-1, 0) }, "0 or more");
            Wrong(new AggregateStage[] { Edge.Deadband(3000000000000, 0) }, "beyond the range");
            Wrong(new AggregateStage[] { Edge.Batch(2, 0), Edge.Sample(2) }, "nothing can follow a batch");
            Wrong(new AggregateStage[] { Edge.Window(1000, 3), Edge.Sample(2) }, "several functions");
            Wrong(new AggregateStage[] { Edge.Window(1000, 8), Edge.Sample(2) }, "or of count");
            AggregateStage percent = Edge.Stage(AggregateStage.Percent, 0);
            percent.Amount = 100000001;
            Wrong(new AggregateStage[] { percent }, "at most 100 %");
        }

        private static void Wrong(AggregateStage[] stages, string what)
        {
            AggregateRule rule = Edge.Rule("s/+", null);
            rule.Stages = stages;
            string wrong = rule.Check();
            Assert.IsTrue(wrong != null && wrong.IndexOf(what) >= 0, wrong + ", not " + what);
        }

        [TestMethod]
        public void WrongSettingsOfARuleAreRefused()
        {
            AggregateRule good = Edge.Rule("s/+", Edge.Window(1000, 1));
            Assert.IsNull(good.Check());
            good.Decimals = 7;
            Assert.IsNotNull(good.Check());
            good.Decimals = 6;
            good.Qos = 3;
            Assert.IsNotNull(good.Check());
            good.Qos = 2;
            good.Other = 3;
            Assert.IsNotNull(good.Check());
            good.Other = 2;
            good.Topics = 10001;
            Assert.IsNotNull(good.Check());
            good.Topics = 1;
            good.Suffix = "/+";
            Assert.IsNotNull(good.Check());
            good.Suffix = "/x";
            Assert.IsNull(good.Check());
            good.Stages = new AggregateStage[] { Edge.Sample(2) };
            Assert.IsNotNull(good.Check());
            good.Suffix = null;
            Assert.IsNotNull(good.Check());
            good.Other = 0;
            Assert.IsNull(good.Check());
        }

        [TestMethod]
        public void WrongOptionsAreRefused()
        {
            Limits limits = Net.Sizes();
            BridgeOptions o = Edge.Prepared(new AggregateRule[] { Edge.Rule("s/+", Edge.Sample(2)) },
                new AggregateAlarm[0]);
            Assert.IsNull(Bridge.Check(o, limits));
            o.Aggregates[0].Pattern = "s/#/x";
            Assert.IsTrue(Bridge.Check(o, limits).IndexOf("topic filter") > 0);
            o.Aggregates[0].Pattern = "s";
            o.Aggregates[0].Topics = 60000;
            Assert.IsNotNull(Bridge.Check(o, limits));
            o.Aggregates[0].Topics = 1000;
            Assert.IsTrue(Bridge.Check(o, limits).IndexOf("fewer aggregate_topics") > 0);
            o.Aggregates = new AggregateRule[101];
            Assert.IsNotNull(Bridge.Check(o, limits));
            o.Aggregates = null;
            Assert.IsNotNull(Bridge.Check(o, limits));
        }
    }
}
