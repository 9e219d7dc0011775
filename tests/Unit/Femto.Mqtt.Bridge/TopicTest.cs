using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What is carried, under which name, at which QoS: with Mosquitto's meaning of the topic lines.</summary>
    [TestClass]
    public class TopicTest
    {
        private static Net net;
        private static World here, there;
        private static Link link;
        private static Log log;
        private static Bridge bridge;
        private static int a, b; // a client on each side that sees everything

        private static void Make(string topics, int version)
        {
            BridgeOptions o = Net.Options("1", topics);
            o.Version = version;
            Make(o);
        }

        private static void Make(BridgeOptions o)
        {
            net = new Net(2);
            here = net.Sites[0];
            there = net.Sites[1];
            link = new Link(net.Sites);
            log = new Log();
            bridge = net.Add(0, o, link, log);
            net.Run();
            Assert.AreEqual("to 1, connected", log.Told);
            a = here.Connect("CONNECT 5 clean keep=0 id=a");
            here.Subscribe(a, "filter=# q2 nl rap");
            b = there.Connect("CONNECT 5 clean keep=0 id=b");
            there.Subscribe(b, "filter=# q2 nl rap");
        }

        private static void Up(string line, string expected)
        {
            here.Send(a, line);
            net.Run();
            here.Forget(a);
            there.Got(b, expected);
        }

        private static void Down(string line, string expected)
        {
            there.Send(b, line);
            net.Run();
            there.Forget(b);
            here.Got(a, expected);
        }

        [TestMethod]
        public void OutGoesUpOnly()
        {
            Make("s/# out 1", 4);
            Up("PUBLISH q1 topic=s/1 id=1 payload=A1", "PUBLISH q1 topic=s/1 id=1 payload=A1");
            Up("PUBLISH q1 topic=t/1 id=2 payload=A2", "");
            Up("PUBLISH topic=s payload=A3", "PUBLISH q0 topic=s payload=A3");
            Down("PUBLISH q1 topic=s/2 id=1 payload=B1", "");
        }

        [TestMethod]
        public void InComesDownOnly()
        {
            Make("s/# in 2", 5);
            Down("PUBLISH q1 topic=s/1 id=1 payload=A1", "PUBLISH q1 topic=s/1 id=1 payload=A1");
            Down("PUBLISH topic=t/1 payload=A2", "");
            Up("PUBLISH q1 topic=s/2 id=1 payload=B1", "");
        }

        [TestMethod]
        public void QosIsTheTopicsAtMost()
        {
            Make("s/# both 1;q/# both 0", 5);
            there.Send(b, "PUBLISH q2 topic=s/1 id=1 payload=A1");
            net.Run();
            there.Forget(b);
            here.Got(a, "PUBLISH q1 topic=s/1 id=1 payload=A1");
            here.Send(a, "PUBLISH q1 topic=q/1 id=9 payload=A2");
            net.Run();
            here.Forget(a);
            there.Got(b, "PUBLISH q0 topic=q/1 payload=A2");
        }

        [DataRow(4)]
        [DataRow(5)]
        [TestMethod]
        public void PrefixesAreExchanged(int version)
        {
            Make("temp/+ both 1 here/ there/;cmd in 1 - site/7/;up out 1 a/b/ -", version);
            Up("PUBLISH topic=here/temp/1 payload=01", "PUBLISH q0 topic=there/temp/1 payload=01");
            Up("PUBLISH topic=temp/1 payload=01", "");
            Up("PUBLISH topic=a/b/up payload=02", "PUBLISH q0 topic=up payload=02");
            Down("PUBLISH topic=there/temp/2 payload=03", "PUBLISH q0 topic=here/temp/2 payload=03");
            Down("PUBLISH topic=site/7/cmd payload=04", "PUBLISH q0 topic=cmd payload=04");
            Down("PUBLISH topic=here/temp/2 payload=05", "");
        }

        [TestMethod]
        public void NoPatternIsOneTopicForOne()
        {
            Make("- both 1 local/x remote/long/y", 4);
            Up("PUBLISH topic=local/x payload=01", "PUBLISH q0 topic=remote/long/y payload=01");
            Down("PUBLISH topic=remote/long/y payload=02", "PUBLISH q0 topic=local/x payload=02");
            Up("PUBLISH topic=local/x/z payload=03", "");
        }

        [TestMethod]
        public void TheFirstPrefixThatMatchesDecides()
        {
            Make("# out 0;a/b out 0 - x/;a/+ out 0 - y/", 4);
            Up("PUBLISH topic=a/b payload=01", "PUBLISH q0 topic=x/a/b payload=01");
            Up("PUBLISH topic=a/c payload=02", "PUBLISH q0 topic=y/a/c payload=02");
            Up("PUBLISH topic=c payload=03", "PUBLISH q0 topic=c payload=03");
        }

        [DataRow(4)]
        [DataRow(5)]
        [TestMethod]
        public void RetainedIsCarried(int version)
        {
            Make("s/# both 1", version);
            Up("PUBLISH retain topic=s/1 payload=01", "PUBLISH q0 retain topic=s/1 payload=01");
            Down("PUBLISH retain topic=s/2 payload=02", "PUBLISH q0 retain topic=s/2 payload=02");
            int c = there.Connect("CONNECT 4 clean keep=0 id=c");
            there.Ask(c, "SUBSCRIBE id=1 filter=s/1", "SUBACK id=1 00 / PUBLISH q0 retain topic=s/1 payload=01");
        }

        [TestMethod]
        public void RetainedBeforeTheConnection()
        {
            net = new Net(2);
            here = net.Sites[0];
            there = net.Sites[1];
            bridge = net.Add(0, Net.Options("1", "s/# both 1"), new Link(net.Sites), null);
            int p = here.Connect("CONNECT 4 clean keep=0 id=p");
            here.Send(p, "PUBLISH retain topic=s/1 payload=01 / PUBLISH retain topic=s/2 payload=02");
            b = there.Connect("CONNECT 5 clean keep=0 id=b");
            there.Subscribe(b, "filter=# q2 rap");
            there.Send(b, "PUBLISH retain topic=s/3 payload=03");
            there.Forget(b);
            net.Run();
            there.Got(b, "PUBLISH q0 retain topic=s/1 payload=01 / PUBLISH q0 retain topic=s/2 payload=02");
            int s = here.Connect("CONNECT 4 clean keep=0 id=s");
            here.Ask(s, "SUBSCRIBE id=1 filter=s/3", "SUBACK id=1 00 / PUBLISH q0 retain topic=s/3 payload=03");
        }

        [TestMethod]
        public void RetainFlagMayBeLeftHere()
        {
            BridgeOptions o = Net.Options("1", "s/# both 1");
            o.OutgoingRetain = false;
            Make(o);
            Up("PUBLISH retain topic=s/1 payload=01", "PUBLISH q0 topic=s/1 payload=01");
            Down("PUBLISH retain topic=s/2 payload=02", "PUBLISH q0 retain topic=s/2 payload=02");
        }

        [TestMethod]
        public void PropertiesAreCarried()
        {
            Make("s/# both 1", 5);
            Up("PUBLISH q1 topic=s/1 id=1 {reply=r corr=0102 user=k:v} payload=01",
                "PUBLISH q1 topic=s/1 id=1 {reply=r corr=0102 user=k:v} payload=01");
            Down("PUBLISH q1 topic=s/2 id=1 {expiry=60 user=k:v} payload=01",
                "PUBLISH q1 topic=s/2 id=1 {expiry=60 user=k:v} payload=01");
        }

        [TestMethod]
        public void AMessageThatTheUpstreamDoesNotTakeIsTold()
        {
            BridgeOptions o = Net.Options("1", "s/# both 1");
            o.MaxPacketBytes = 20;
            Make(o);
            Up("PUBLISH q1 topic=s/1 id=1 payload=000102030405060708090A0B0C0D0E0F", "");
            Up("PUBLISH q1 topic=s/1 id=2 payload=01", "PUBLISH q1 topic=s/1 id=1 payload=01");
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.DroppedTooLarge]);
            Assert.AreEqual("to 1, connected, message refused 6", log.Told);
        }

        [TestMethod]
        public void ATopicTooLongOnceMappedIsTold()
        {
            string prefix = "0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/";
            string topic = "s/0123456789012345678901234567890123456789012345678901234567890123456789";
            Make("s/+ both 1 - " + prefix, 4);
            Up("PUBLISH q1 topic=" + topic + " id=1 payload=01", "");
            Up("PUBLISH q1 topic=s/1 id=2 payload=01", "PUBLISH q1 topic=" + prefix + "s/1 id=1 payload=01");
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.DroppedTooLarge]);
        }

        [TestMethod]
        public void WrongTopicsAreRefusedAtBoot()
        {
            Limits l = Net.Sizes();
            Assert.IsNull(Bridge.Check(Net.Options("1", "s/# both 1 a/ b/"), l));
            Assert.IsNotNull(Bridge.Check(Net.Options("1", "s/#/x both 1"), l));
            Assert.IsNotNull(Bridge.Check(Net.Options("1", "s both 1 a+/ -"), l));
            Assert.IsNotNull(Bridge.Check(Net.Options("1", "s both 3"), l));
            Assert.IsNotNull(Bridge.Check(Net.Options("1", "- both 1 a/ -"), l));
            Assert.IsNotNull(Bridge.Check(Net.Options("", "s both 1"), l));
            BridgeOptions o = Net.Options("1", "s both 1");
            o.Name = null;
            Assert.IsNotNull(Bridge.Check(o, l));
            o = Net.Options("1", "s both 1");
            o.NotificationTopic = "a/#";
            o.Notifications = true;
            Assert.IsNotNull(Bridge.Check(o, l));
            o = Net.Options("1", "s both 1");
            o.RemotePassword = "x";
            Assert.IsNotNull(Bridge.Check(o, l));
        }
    }
}
