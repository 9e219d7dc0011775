using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Nothing goes round.</summary>
    [TestClass]
    public class LoopTest
    {
        private static void Crosswise(int version, bool marked)
        {
            Net net = new Net(2);
            BridgeOptions ab = Net.Options("1", "s/# both 1");
            BridgeOptions ba = Net.Options("0", "s/# both 1");
            ba.Name = "c";
            ab.Version = version;
            ba.Version = version;
            ab.TryPrivate = marked;
            ba.TryPrivate = marked;
            net.Add(0, ab, new Link(net.Sites), null);
            net.Add(1, ba, new Link(net.Sites), null);
            net.Run();
            World here = net.Sites[0];
            World there = net.Sites[1];
            int a = here.Connect("CONNECT 4 clean keep=0 id=a");
            here.Subscribe(a, "filter=s/# q1");
            int b = there.Connect("CONNECT 4 clean keep=0 id=b");
            there.Subscribe(b, "filter=s/# q1");
            here.Send(a, "PUBLISH q1 topic=s/1 id=1 payload=01");
            net.Run();
            here.Got(a, "PUBLISH q1 topic=s/1 id=1 payload=01 / PUBACK id=1 reason=00");
            there.Got(b, "PUBLISH q1 topic=s/1 id=1 payload=01");
            net.Pass(3000);
            here.Silent(a);
            there.Silent(b);
            // Equal values of one publisher are all carried.
            there.Send(b, "PUBACK id=1");
            here.Send(a, "PUBACK id=1 / PUBLISH q1 topic=s/1 id=2 payload=01 / PUBLISH q1 topic=s/1 id=3 payload=01");
            net.Run();
            there.Got(b, "PUBLISH q1 topic=s/1 id=2 payload=01 / PUBLISH q1 topic=s/1 id=3 payload=01");
        }

        [DataRow(4)]
        [DataRow(5)]
        [TestMethod]
        public void TwoBridgedCrosswiseAreQuietAfterOneMessage(int version)
        {
            Crosswise(version, true);
        }

        [TestMethod]
        public void AnUpstreamThatSendsBackWhatItGot()
        {
            Net net = new Net(2);
            BridgeOptions o = Net.Options("1", "s/# both 1");
            o.TryPrivate = false; // nobody knows that it is a bridge
            Bridge bridge = net.Add(0, o, new Link(net.Sites), null);
            net.Run();
            World here = net.Sites[0];
            int a = here.Connect("CONNECT 4 clean keep=0 id=a");
            here.Subscribe(a, "filter=s/# q1");
            here.Send(a, "PUBLISH q1 topic=s/1 id=1 payload=01 / PUBLISH q1 topic=s/1 id=2 payload=01");
            net.Run();
            here.Got(a, "PUBLISH q1 topic=s/1 id=1 payload=01 / PUBACK id=1 reason=00"
                + " / PUBLISH q1 topic=s/1 id=2 payload=01"
                + " / PUBACK id=2 reason=00");
            net.Pass(3000);
            here.Silent(a);
            Assert.AreEqual(2, here.Broker.Counters[Counter.LoopsStopped]);
            // The same again from up there is another's.
            World there = net.Sites[1];
            int b = there.Connect("CONNECT 4 clean keep=0 id=b");
            there.Send(b, "PUBLISH q1 topic=s/1 id=1 payload=01");
            net.Run();
            here.Got(a, "PUBLISH q1 topic=s/1 id=3 payload=01");
            Assert.AreEqual(2, bridge.Counters[BridgeCounter.SentUp]);
        }

        [DataRow(4)]
        [DataRow(5)]
        [TestMethod]
        public void AnEqualAnswerFromAMarkedUpstreamIsNoLoop(int version)
        {
            Net net = new Net(2);
            BridgeOptions o = Net.Options("1", "s/# both 1");
            o.Version = version;
            net.Add(0, o, new Link(net.Sites), null);
            net.Run();
            World here = net.Sites[0];
            World there = net.Sites[1];
            int a = here.Connect("CONNECT 4 clean keep=0 id=a");
            here.Subscribe(a, "filter=s/#");
            int b = there.Connect("CONNECT 4 clean keep=0 id=b");
            here.Send(a, "PUBLISH topic=s/1 payload=01");
            net.Run();
            there.Send(b, "PUBLISH topic=s/1 payload=01");
            net.Run();
            here.Got(a, "PUBLISH q0 topic=s/1 payload=01 / PUBLISH q0 topic=s/1 payload=01");
        }
    }
}
