using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The network is a state that heals.</summary>
    [TestClass]
    public class NetTest
    {
        private static int nowMs;

        // Time passes as the keeper asks for it.
        private static void Pass(NetKeeper keeper, int milliseconds)
        {
            int end = nowMs + milliseconds;
            while (end - nowMs > 0)
            {
                keeper.Turn(nowMs);
                int wait = keeper.Wait(nowMs);
                nowMs += wait < 1 ? 1 : wait;
            }
            nowMs = end;
            keeper.Turn(nowMs);
        }

        [TestMethod]
        public void JoinsByItself()
        {
            FakeNet net = new FakeNet();
            NetKeeper keeper = new NetKeeper(net, net);
            nowMs = int.MaxValue - 5000;
            Assert.AreEqual(0, keeper.Wait(nowMs));
            Pass(keeper, 6000);
            Assert.AreEqual("", net.Told);
            Assert.IsFalse(keeper.Up);
            net.IsUp = true;
            Pass(keeper, 1000);
            Assert.IsTrue(keeper.Up);
            Assert.AreEqual("up 10.0.0.2 (DHCP);", net.Told);
            Assert.AreEqual(0, net.Connects);
        }

        [TestMethod]
        public void BeginsAnewWithPausesThatDouble()
        {
            FakeNet net = new FakeNet();
            NetKeeper keeper = new NetKeeper(net, net);
            nowMs = 0;
            Pass(keeper, NetKeeper.GraceMs - 1000);
            Assert.AreEqual(0, net.Connects);
            int pauseMs = NetKeeper.RetryMs;
            Pass(keeper, 1000);
            for (int i = 0; i < 9; i++)
            {
                Assert.AreEqual(i + 1, net.Connects);
                net.Told = "";
                net.Outcome = NetResult.Refused;
                Pass(keeper, 1000);
                Assert.AreEqual("failed 3 " + pauseMs.ToString() + ";", net.Told);
                Pass(keeper, pauseMs - 1000);
                Assert.AreEqual(i + 1, net.Connects);
                Pass(keeper, 1000);
                pauseMs *= 2;
                if (pauseMs > NetKeeper.RetryCapMs) pauseMs = NetKeeper.RetryCapMs;
            }
            Assert.AreEqual(NetKeeper.RetryCapMs, pauseMs);
            net.IsUp = true;
            Pass(keeper, 1000);
            Assert.IsTrue(keeper.Up);
            // After success the next failure begins small again.
            net.IsUp = false;
            Pass(keeper, 1000);
            Assert.IsFalse(keeper.Up);
            Pass(keeper, NetKeeper.GraceMs);
            net.Told = "";
            net.Outcome = NetResult.NotFound;
            Pass(keeper, 1000);
            Assert.AreEqual("failed 2 5000;", net.Told);
        }

        [TestMethod]
        public void AnAttemptWithoutAnAnswerEnds()
        {
            FakeNet net = new FakeNet();
            NetKeeper keeper = new NetKeeper(net, net);
            nowMs = 0;
            Pass(keeper, NetKeeper.GraceMs);
            Assert.AreEqual(1, net.Connects);
            Pass(keeper, 59000);
            Assert.AreEqual("", net.Told);
            Pass(keeper, 1000);
            Assert.AreEqual("failed 4 5000;", net.Told);
        }

        // The access point took it, but there is no address: DHCP does not answer.
        [TestMethod]
        public void JoinedWithoutAnAddressEndsToo()
        {
            FakeNet net = new FakeNet();
            NetKeeper keeper = new NetKeeper(net, net);
            nowMs = 0;
            Pass(keeper, NetKeeper.GraceMs);
            net.Outcome = NetResult.Connected;
            Pass(keeper, 60000);
            Assert.AreEqual("failed 4 5000;", net.Told);
        }

        [TestMethod]
        public void LossIsToldAndHeals()
        {
            FakeNet net = new FakeNet();
            NetKeeper keeper = new NetKeeper(net, net);
            nowMs = 0;
            net.IsUp = true;
            Pass(keeper, 1000);
            net.IsUp = false;
            Pass(keeper, 1000);
            Assert.IsFalse(keeper.Up);
            Pass(keeper, 3000);
            net.IsUp = true;
            Pass(keeper, 1000);
            Assert.IsTrue(keeper.Up);
            Assert.AreEqual("up 10.0.0.2 (DHCP);down;up 10.0.0.2 (DHCP);", net.Told);
            Assert.AreEqual(0, net.Connects);
        }

        [TestMethod]
        public void WithoutANameNothingIsTried()
        {
            FakeNet net = new FakeNet();
            net.IsConfigured = false;
            NetKeeper keeper = new NetKeeper(net, net);
            nowMs = 0;
            Pass(keeper, 200000);
            Assert.AreEqual("missing;", net.Told);
            Assert.AreEqual(0, net.Connects);
            Assert.IsFalse(keeper.Up);
        }

        [TestMethod]
        public void AnAccessPointIsTold()
        {
            FakeNet net = new FakeNet();
            net.IsConfigured = false;
            net.Own = "femto, 192.168.4.1";
            NetKeeper keeper = new NetKeeper(net, net);
            nowMs = 0;
            Pass(keeper, 2000);
            Assert.AreEqual("serves femto, 192.168.4.1;", net.Told);
            new NetKeeper(net, null).Turn(0);
        }

        [TestMethod]
        public void NobodyNeedsToListen()
        {
            FakeNet net = new FakeNet();
            NetKeeper keeper = new NetKeeper(net, null);
            nowMs = 0;
            Pass(keeper, 30000);
            net.Outcome = NetResult.Failed;
            Pass(keeper, 1000);
            net.IsUp = true;
            Pass(keeper, 1000);
            net.IsUp = false;
            Pass(keeper, 1000);
            Assert.IsFalse(keeper.Up);
            net.IsConfigured = false;
            new NetKeeper(net, null).Turn(0);
        }

        [TestMethod]
        public void ResultsHaveWords()
        {
            Assert.AreEqual("no such network in reach", NetResult.Text(NetResult.NotFound));
            Assert.AreEqual("wrong password, or the access point refuses", NetResult.Text(NetResult.Refused));
            Assert.AreEqual("no answer in time", NetResult.Text(NetResult.TimedOut));
            Assert.AreEqual("failed", NetResult.Text(NetResult.Failed));
        }
    }
}
