using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Several addresses.</summary>
    [TestClass]
    public class FailoverTest
    {
        [TestMethod]
        public void TheNextAddressAndBackToTheFirst()
        {
            Net net = new Net(3);
            Link link = new Link(net.Sites);
            Log log = new Log();
            Bridge bridge = net.Add(0, Net.Options("12", "s/# out 1"), link, log);
            net.Run();
            Assert.AreEqual(1, link.Site);
            link.Down[1] = true;
            link.Cut();
            net.Pass(4000);
            Assert.AreEqual(2, link.Site);
            Assert.AreEqual("112", link.Attempts);
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.Failovers]);
            // Without a probe it stays as long as it can.
            link.Down[1] = false;
            net.Pass(30000);
            Assert.AreEqual(2, link.Site);
            link.Cut();
            net.Pass(4000);
            Assert.AreEqual(1, link.Site);
        }

        [TestMethod]
        public void AProbeFindsTheFirstAgain()
        {
            Net net = new Net(3);
            Link link = new Link(net.Sites);
            Link probe = new Link(net.Sites);
            link.Down[1] = true;
            probe.Down = link.Down;
            Bridge bridge = net.Add(0, Net.Options("12", "s/# out 1"), link, null);
            bridge.Probe = probe;
            net.Run();
            Assert.AreEqual(2, link.Site);
            net.Pass(20000);
            Assert.AreEqual(2, link.Site);
            link.Down[1] = false;
            net.Pass(11000);
            Assert.AreEqual(1, link.Site);
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.Returns]);
            Assert.AreEqual(0, bridge.Counters[BridgeCounter.Lost]);
        }

        [TestMethod]
        public void RoundRobinGoesRound()
        {
            Net net = new Net(3);
            Link link = new Link(net.Sites);
            BridgeOptions o = Net.Options("12", "s/# out 1");
            o.RoundRobin = true;
            net.Add(0, o, link, null);
            net.Run();
            Assert.AreEqual(1, link.Site);
            link.Cut();
            net.Pass(4000);
            Assert.AreEqual(2, link.Site);
            link.Cut();
            net.Pass(4000);
            Assert.AreEqual(1, link.Site);
        }
    }
}
