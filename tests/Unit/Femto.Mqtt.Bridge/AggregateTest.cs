using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What each step of a rule lets through, and when.</summary>
    [TestClass]
    public class AggregateTest
    {
        private const int All = 63;

        [TestMethod]
        public void LatestLetsTheFirstThroughAndThenOneInSoMuchTime()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Stage(AggregateStage.Latest, 1000)));
            e.Say("s/a", "1.50");
            e.Came("s/a 1.50;");
            e.Series("s/a", "2 3 4", 100);
            e.Came("");
            e.Net.Pass(600);
            e.Came("");
            e.Net.Pass(100);
            e.Came("s/a 4;");           // by Tick, with no new reading
            e.Net.Pass(5000);
            e.Came("");
            e.Say("s/a", "4");
            e.Came("s/a 4;");
            e.Say("other", "5");
            e.Came("other 5;");
            e.Counts(BridgeCounter.Aggregated, 3);
            e.Counts(BridgeCounter.Results, 1);
        }

        [TestMethod]
        public void DeadbandLetsThroughWhatDiffers()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Deadband(500000, 10000)));
            e.Series("s/a", "20 20.5 20.501 20.1 20.001 20.000 19.5", 100);
            e.Came("s/a 20;s/a 20.501;s/a 20.000;");
            e.Net.Pass(9700);
            e.Came("");
            e.Net.Pass(100);
            e.Came("s/a 19.5;");        // the silence is over
            e.Net.Pass(30000);
            e.Came("");                 // nothing new: nothing is repeated
            e.Say("s/a", "19.6");
            e.Came("s/a 19.6;");
            e.Series("s/b", "-3 -3.5 -3.6", 0);
            e.Came("s/b -3;s/b -3.6;");
        }

        [TestMethod]
        public void DeadbandWithoutAnEndOfSilenceNeverSpeaksByItself()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Deadband(500000, 0)));
            e.Series("s/a", "1 1.2 1.4", 1000);
            e.Net.Pass(60000);
            e.Came("s/a 1;");
            e.Counts(BridgeCounter.Aggregated, 2);
        }

        [TestMethod]
        public void DeadbandInPercent()
        {
            AggregateStage s = Edge.Stage(AggregateStage.Percent, 0);
            s.Amount = 10000000;
            Edge e = new Edge(Edge.Rule("s/+", s));
            e.Series("s/a", "100 110 110.001 99 121 -200 -180 -179.999 0 0 0.001 0.001 2000000 1900000", 0);
            e.Came("s/a 100;s/a 110.001;s/a 99;s/a 121;s/a -200;s/a -179.999;s/a 0;s/a 0.001;s/a 2000000;");
        }

        [TestMethod]
        public void WindowGivesWhatIsAskedFor()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Window(10000, All)));
            e.Bridge.Clock.Set(1700000000, 250, e.Net.NowMs);
            e.Net.Pass(500);
            e.Series("s/a", "20.5 19.25 21.125 20.001", 1000);
            e.Came("");
            e.Net.Pass(6000);
            e.Came("s/a {\"min\":19.25,\"max\":21.125,\"mean\":20.219,\"count\":4,\"first\":20.5,\"last\":20.001,"
                + "\"t\":1700000000750,\"ms\":10000};");
            e.Net.Pass(60000);
            e.Came("");
            e.Counts(BridgeCounter.Aggregated, 4);
            e.Counts(BridgeCounter.Results, 1);
        }

        [TestMethod]
        public void WindowSaysSoWhileTheTimeIsNotKnown()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Window(1000, AggregateStage.Min | AggregateStage.Max)));
            long up = e.Bridge.Clock.UptimeMs(e.Net.NowMs);
            e.Say("s/a", "1");
            e.Net.Pass(1000);
            e.Came("s/a {\"min\":1,\"max\":1,\"t\":null,\"up\":" + up.ToString() + ",\"ms\":1000};");
        }

        [DataRow(AggregateStage.Min, "-2")]
        [DataRow(AggregateStage.Max, "0.001")]
        [DataRow(AggregateStage.Mean, "-1")]
        [DataRow(AggregateStage.First, "-1.001")]
        [DataRow(AggregateStage.Last, "0.001")]
        [TestMethod]
        public void WindowOfOneFunctionIsANumber(int function, string result)
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Window(1000, function)));
            e.Series("s/a", "-1.001 -2 0.001", 0);
            e.Net.Pass(1000);
            e.Came("s/a " + result + ";");
        }

        [TestMethod]
        public void MeansAreRoundedHalfAwayFromZero()
        {
            AggregateRule rule = Edge.Rule("s/+", Edge.Window(1000, AggregateStage.Mean));
            rule.Decimals = 0;
            Edge e = new Edge(rule);
            e.Series("s/a", "1 2", 0);
            e.Series("s/b", "-1 -2", 0);
            e.Series("s/c", "2147483647 2147483647 2147483646", 0);
            e.Net.Pass(1000);
            e.Came("s/a 2;s/b -2;s/c 2147483647;");
        }

        [TestMethod]
        public void BatchHoldsReadingsWithTheirTimes()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Batch(3, 5000)));
            e.Bridge.Clock.Set(1700000000, 0, e.Net.NowMs);
            e.Series("s/a", "1.5 2 -3.25", 700);
            e.Came("s/a {\"t\":1700000000000,\"d\":[700,700],\"v\":[1.5,2,-3.25]};");
            e.Say("s/a", "4");
            e.Net.Pass(4900);
            e.Came("");
            e.Net.Pass(100);
            e.Came("s/a {\"t\":1700000002100,\"d\":[],\"v\":[4]};");
        }

        [TestMethod]
        public void AStepOfTheTimeOfDayChangesNoSpacing()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Batch(3, 0)));
            e.Bridge.Clock.Set(1700000000, 0, e.Net.NowMs);
            e.Series("s/a", "1 2", 1000);
            e.Bridge.Clock.Set(1600000000, 0, e.Net.NowMs); // back by years, two seconds after the first
            e.Say("s/a", "3");
            e.Came("s/a {\"t\":1599999998000,\"d\":[1000,1000],\"v\":[1,2,3]};");
        }

        [TestMethod]
        public void ABatchIsClosedBeforeItIsTooLarge()
        {
            AggregateRule rule = Edge.Rule("s/+", Edge.Batch(400, 0));
            rule.Topics = 1;
            Edge e = new Edge(rule);
            string value = "-1234567.125";
            int most = e.Here.Broker.Limits.PacketBytes;
            int said = 0;
            string came = "";
            while (came == "" && said < 400)
            {
                e.Say("s/a", value);
                said++;
                came = e.Up();
            }
            Assert.IsTrue(came.Length < most && came.Length > most / 2, came.Length.ToString());
            e.Counts(BridgeCounter.Unaggregated, 0);
            e.Counts(BridgeCounter.Results, 1);
        }

        [TestMethod]
        public void SampleLetsOneOfSoManyThrough()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Sample(3)));
            e.Series("s/a", "1 2 3 4 5 6 7", 0);
            e.Came("s/a 1;s/a 4;s/a 7;");
            Edge all = new Edge(Edge.Rule("s/+", Edge.Sample(1)));
            all.Series("s/a", "1 2", 0);
            all.Came("s/a 1;s/a 2;");
        }

        [TestMethod]
        public void StepsFollowEachOther()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Deadband(1000000, 0), Edge.Batch(3, 0)));
            e.Bridge.Clock.Set(1700000000, 0, e.Net.NowMs);
            e.Series("s/a", "1 2 2.5 3.5 3.5 5", 100);
            e.Came("s/a {\"t\":1700000000000,\"d\":[200,300],\"v\":[1,2.5,5]};");
            Edge means = new Edge(Edge.Rule("s/+", Edge.Window(1000, AggregateStage.Mean), Edge.Deadband(1000000, 0)));
            means.Series("s/a", "10 12", 500);
            means.Came("s/a 11;");
            means.Series("s/a", "11 12", 500);
            means.Came("");
            means.Series("s/a", "13 14", 500);
            means.Came("s/a 13.5;");
        }

        [TestMethod]
        public void LatestFeedsABatch()
        {
            Edge e = new Edge(Edge.Rule("s/+", Edge.Stage(AggregateStage.Latest, 1000), Edge.Batch(2, 0)));
            e.Bridge.Clock.Set(1700000000, 0, e.Net.NowMs);
            e.Series("s/a", "1 2 3", 100);
            e.Came("");
            e.Net.Pass(700);
            e.Came("s/a {\"t\":1700000000000,\"d\":[200],\"v\":[1,3]};");
        }

        [TestMethod]
        public void TheFirstRuleThatMatchesDecides()
        {
            AggregateRule[] rules =
            {
                Edge.Rule("s/a", Edge.Sample(2)),
                Edge.Rule("s/#", Edge.Sample(3)),
            };
            Edge e = new Edge(rules, new AggregateAlarm[0]);
            e.Series("s/a", "1 2 3", 0);
            e.Series("s/b", "1 2 3", 0);
            e.Came("s/a 1;s/a 3;s/b 1;");
        }
    }
}
