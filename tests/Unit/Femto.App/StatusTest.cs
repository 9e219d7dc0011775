using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What the device tells of itself: status, black box, watchdog.</summary>
    [TestClass]
    public class StatusTest
    {
        private const string One = "sensor a;sensor_source x;sensor_interval 1;sensor_decimals 0";

        private static string Online(string boot, int uptime, string time)
        {
            return "status {\"status\":\"online\",\"version\":\"0.1.0\",\"boot\":\"" + boot + "\",\"uptime\":"
                + uptime.ToString() + ",\"t\":" + time + "};";
        }

        [TestMethod]
        public void StatusIsRetainedAndComesAgain()
        {
            Site s = new Site("status_interval 60");
            s.Turn();
            s.Hears(Online("power on", 0, "null"));
            Assert.AreEqual(1 | 4, s.Qos);
            s.Pass(59900);
            s.Hears("");
            s.Pass(100);
            s.Hears(Online("power on", 60, "null"));
            s.Clock.Set(1700000000, 0, s.Net.NowMs);
            s.Turn();
            s.Hears(Online("power on", 60, "1700000000000"));
            Assert.AreEqual(false, s.App.Stopped);
            s.App.Stop(s.Net.NowMs);
            s.Pass(100);
            s.Hears("status {\"status\":\"offline\"};");
            Assert.AreEqual(true, s.App.Stopped);
            Assert.AreEqual(0, s.Board.Restarts);
            s.App.Stop(s.Net.NowMs);
            s.Pass(100000);
            s.Hears("");
            Assert.AreEqual(int.MaxValue, s.App.Wait(s.Net.NowMs));
            Assert.IsTrue(s.App.Healthy(s.Net.NowMs), "it has ended by itself");
        }

        [TestMethod]
        public void TheReasonIsThatOfTheBoardOrOfTheBlackBox()
        {
            Assert.AreEqual(BootReason.Update, new Site(One, new Board(), BootReason.Update).App.Boot);
            Board board = new Board();
            Site s = new Site(One, board, BootReason.Unknown);
            Assert.AreEqual(BootReason.Unknown, s.App.Boot);
            s.Turn();
            Assert.AreEqual(BootReason.Crash, new Site(One, board, BootReason.Unknown).App.Boot);
            s.App.Stop(s.Net.NowMs);
            Assert.AreEqual(BootReason.PowerOn, new Site(One, board, BootReason.Unknown).App.Boot);
            board.Flash = new byte[] { 1, 2, 3 };
            Assert.AreEqual(BootReason.Unknown, new Site(One, board, BootReason.Unknown).App.Boot);
            board.Flash = new byte[] { 0xB1, 1, 0, 0, 0, 0, 99, 0, 0, 0 };
            Assert.AreEqual(BootReason.Unknown, new Site(One, board, BootReason.Unknown).App.Boot);
        }

        [TestMethod]
        public void AfterACrashTheWillIsSaidAndTheBlackBox()
        {
            Site first = new Site("status_interval 0;" + One);
            first.Clock.Set(1700000000, 0, first.Net.NowMs);
            first.Turn();
            first.Pass(70000, 1000);
            first.Gauges[0].Fault = SensorFault.Broken;
            first.Pass(60000, 1000);
            Site s = new Site("status_interval 0;" + One, first.Board, BootReason.Unknown);
            s.Turn();
            s.Hears("status {\"status\":\"offline\"};" + Online("crash", 0, "null") + "sensor/a 0;"
                + "fault/a {\"fault\":null,\"t\":null,\"up\":0};");
            s.Quiet = true;
            s.Pass(9900);
            s.Hears("");
            s.Pass(100);
            s.Hears("blackbox {\"n\":1,\"t\":1700000000000,\"event\":\"boot\",\"detail\":\"power on\"};"
                + "blackbox {\"n\":2,\"t\":1700000000000,\"event\":\"time set\"};"
                + "blackbox {\"n\":3,\"t\":1700000071000,\"event\":\"sensor fails\",\"detail\":\"a: broken\"};");
            Assert.AreEqual(1, s.Qos);
        }

        [TestMethod]
        public void TheBlackBoxKeepsTheLastEventsAndSparesTheFlash()
        {
            Site s = new Site("status_interval 0;" + One);
            s.Turn();
            Assert.AreEqual(1, s.Board.Keeps);
            for (int i = 0; i < 40; i++) s.Say("femto/d/cmd/interval", "a 1");
            Assert.AreEqual(1, s.Board.Keeps);
            Assert.AreEqual(2 + 8, s.Board.Flash.Length);
            s.Pass(60000, 1000);
            Assert.AreEqual(2, s.Board.Keeps);
            Assert.AreEqual(2 + 24 * 8, s.Board.Flash.Length);
            Site next = new Site("status_interval 0;" + One, s.Board, BootReason.Update);
            next.Turn();
            next.Heard();
            next.Quiet = true;
            next.Pass(10000);
            next.Turn();
            string told = next.Heard();
            Assert.AreEqual(0, told.IndexOf("blackbox {\"n\":1,\"t\":null,\"up\":0,\"event\":\"command\","
                + "\"detail\":\"interval a\"};blackbox {\"n\":2,"), told);
            Assert.IsTrue(told.IndexOf("\"n\":23,") > 0 && told.IndexOf("\"n\":24,") < 0, told);
        }

        [TestMethod]
        public void TheWatchdogIsFedWhileTheLoopTurns()
        {
            Site s = new Site("status_interval 0;" + One);
            Assert.IsTrue(s.App.Healthy(s.Net.NowMs), "not begun");
            s.Turn();
            Assert.IsTrue(s.App.Healthy(s.Net.NowMs + 30000), "in time");
            Assert.IsFalse(s.App.Healthy(s.Net.NowMs + 30001), "late");
            int keeps = s.Board.Keeps;
            Assert.IsFalse(s.App.Healthy(s.Net.NowMs + 40000), "late");
            Assert.AreEqual(keeps, s.Board.Keeps); // kept once
            Site next = new Site("status_interval 0", s.Board, BootReason.Unknown);
            Assert.AreEqual(BootReason.Watchdog, next.App.Boot);
            next.Turn();
            next.Heard();
            next.Pass(10000);
            Assert.IsTrue(next.Heard().IndexOf("\"event\":\"stalled\",\"detail\":\"loop\"}") > 0, "told");
        }

        [TestMethod]
        public void TheWatchdogSeesQueuesThatStandStill()
        {
            Site s = new Site("status_interval 0;" + One);
            s.Turn();
            for (int i = 0; i < 70; i++)
            {
                s.Net.NowMs += 1000;        // the app turns, the broker does not
                s.App.Turn(s.Net.NowMs);
            }
            Assert.IsFalse(s.App.Healthy(s.Net.NowMs), "its inbox is full for a minute");
            Site next = new Site("status_interval 0", s.Board, BootReason.Unknown);
            next.Turn();
            next.Pass(10000);
            Assert.IsTrue(next.Heard().IndexOf("\"event\":\"stalled\",\"detail\":\"queues\"}") > 0, "told");
        }

        [TestMethod]
        public void TheWatchdogSeesABridgeThatStandsStill()
        {
            Net net = new Net(2);
            Site s = new Site("status_interval 0;watchdog_timeout 100;" + One, new Board(), 1, net, true);
            s.Pass(5000, 1000);
            Assert.IsTrue(s.Bridges[0].Connected, "it is up");
            s.Pass(200000, 1000);
            Assert.IsTrue(s.App.Healthy(s.Net.NowMs), "it has nothing to do");
            Link link = (Link)s.Bridges[0].Transport;
            link.Down[1] = true;
            link.Cut();
            s.Pass(300000, 1000);
            Assert.IsTrue(s.App.Healthy(s.Net.NowMs), "it tries");
        }
    }
}
