using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>How a bridge connects, what it says, where it goes when that fails.</summary>
    [TestClass]
    public class BridgeTest
    {
        private static Net net;
        private static World here;
        private static Script up;
        private static Log log;
        private static Bridge bridge;

        private static void Make(BridgeOptions o)
        {
            net = new Net(1);
            here = net.Sites[0];
            up = new Script();
            up.Version = o.Version;
            log = new Log();
            bridge = net.Add(0, o, up, log);
        }

        private static void Say(string lines)
        {
            up.Say(lines);
            net.Run();
        }

        private static int Client()
        {
            return here.Connect("CONNECT 5 clean keep=0 id=a");
        }

        [TestMethod]
        public void SaysWhatItWasToldTo()
        {
            BridgeOptions o = Net.Options("x", "s/# out 1;c/+ in 2;b both 0");
            o.RemoteClientId = "me";
            o.RemoteUserName = "u";
            o.RemotePassword = "p";
            o.KeepAliveSeconds = 30;
            o.Notifications = true;
            o.Tls = true;
            o.CaFile = "ca";
            o.CertFile = "cert";
            o.KeyFile = "key";
            o.Insecure = true;
            Make(o);
            net.Run();
            Assert.AreEqual("x", up.Options.Host);
            Assert.AreEqual(1883, up.Options.Port);
            Assert.IsTrue(up.Options.Tls && up.Options.Insecure);
            Assert.AreEqual("ca cert key", up.Options.CaFile + " " + up.Options.CertFile + " " + up.Options.KeyFile);
            Assert.AreEqual(0x84, up.Level);
            Assert.AreEqual("CONNECT 4 keep=30 id=me will q1 retain topic=$SYS/broker/connection/me/state payload=30"
                + " user=u pass=70", up.Got());
            Say("CONNACK reason=00");
            Assert.AreEqual("SUBSCRIBE id=65535 filter=c/+ q2 / SUBSCRIBE id=65534 filter=b q0"
                + " / PUBLISH q1 retain topic=$SYS/broker/connection/me/state id=100 payload=31", Ids(up.Got()));
            Say("SUBACK id=65535 02 / SUBACK id=65534 00");
            Assert.AreEqual("to x, connected", log.Told);
            // The upstream has forgotten: asked again. It remembers: not.
            up.Cut();
            net.Pass(4000);
            Assert.IsTrue(up.Got().IndexOf("CONNECT 4 keep=30 id=me") == 0);
            Say("CONNACK present reason=00");
            Assert.IsTrue(up.Got().IndexOf("SUBSCRIBE") < 0, "subscribed again");
            up.Cut();
            net.Pass(4000);
            up.Got();
            Say("CONNACK reason=00");
            Assert.IsTrue(up.Got().IndexOf("SUBSCRIBE") >= 0, "not subscribed again");
        }

        // The identifier of the PUBLISH depends on the seed.
        private static string Ids(string lines)
        {
            int at = lines.IndexOf("state id=");
            int end = lines.IndexOf(" payload", at);
            return lines.Substring(0, at + 9) + "100" + lines.Substring(end);
        }

        [TestMethod]
        public void MarksItselfInVersionFiveToo()
        {
            BridgeOptions o = Net.Options("x", "s/# both 1");
            o.Version = 5;
            Make(o);
            net.Run();
            string connect = up.Got();
            Assert.IsTrue(connect.IndexOf("user=femto-bridge:1") > 0, connect);
            Assert.IsTrue(connect.IndexOf("session=4294967295") > 0, connect);
            Say("CONNACK reason=00");
            Assert.AreEqual("SUBSCRIBE id=65535 filter=s/# q1 nl rap", up.Got());
            Say("SUBACK id=65535 87");
            Assert.AreEqual("to x, connected, topic 0 refused 135", log.Told);
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.SubscriptionsRefused]);
        }

        [TestMethod]
        public void UnsubscribesFromWhatItOnlyPublishes()
        {
            Make(Net.Options("x", "s/# out 1"));
            net.Run();
            up.Got();
            Say("CONNACK present reason=00");
            Assert.AreEqual("UNSUBSCRIBE id=65535 filter=s/#", up.Got());
            Say("UNSUBACK id=65535");
            up.Cut();
            net.Pass(4000);
            up.Got();
            Say("CONNACK present reason=00");
            Assert.AreEqual("", up.Got());
            BridgeOptions o = Net.Options("x", "s/# out 1");
            o.AttemptUnsubscribe = false;
            Make(o);
            net.Run();
            up.Got();
            Say("CONNACK present reason=00");
            Assert.AreEqual("", up.Got());
        }

        [TestMethod]
        public void ConnectsAsAnOrdinaryClientWhereBridgesAreRefused()
        {
            Make(Net.Options("x", "s/# both 1"));
            net.Run();
            Assert.AreEqual(0x84, up.Level);
            Say("CONNACK reason=01");
            Assert.AreEqual(2, up.Attempts);
            Assert.AreEqual(4, up.Level);
            Say("CONNACK reason=00");
            Assert.IsTrue(bridge.Connected);
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.Refused]);
        }

        [TestMethod]
        public void ConnectsAsAnOrdinaryClientWhereBridgesGetNoAnswer()
        {
            Make(Net.Options("xy", "s/# both 1"));
            net.Run();
            Assert.AreEqual(0x84, up.Level);
            up.Cut();
            net.Run();
            Assert.AreEqual(2, up.Attempts);
            Assert.AreEqual("x", up.Options.Host);
            Assert.AreEqual(4, up.Level);
            // Nor does it take an ordinary client: the next address, marked again.
            up.Cut();
            net.Run();
            Assert.AreEqual(3, up.Attempts);
            Assert.AreEqual("y", up.Options.Host);
            Assert.AreEqual(0x84, up.Level);
            Say("CONNACK reason=00");
            Assert.IsTrue(bridge.Connected);
            // Version 5 marks itself in a way that nobody stumbles over.
            BridgeOptions o = Net.Options("x", "s/# both 1");
            o.Version = 5;
            Make(o);
            net.Run();
            up.Cut();
            net.Run();
            Assert.AreEqual(1, up.Attempts);
        }

        [TestMethod]
        public void WithoutTryPrivateItNeverSaysThatItIsABridge()
        {
            BridgeOptions o = Net.Options("x", "s/# both 1");
            o.TryPrivate = false;
            Make(o);
            net.Run();
            Assert.AreEqual(4, up.Level);
            up.Cut();
            net.Run();
            Assert.AreEqual(1, up.Attempts);
            o.Version = 5;
            Make(o);
            net.Run();
            string connect = up.Got();
            Assert.IsTrue(connect.IndexOf("CONNECT 5") == 0 && connect.IndexOf("femto-bridge") < 0, connect);
        }

        [TestMethod]
        public void WaitsLongerEachTimeAndNotInStep()
        {
            BridgeOptions o = Net.Options("x", "s/# out 1");
            Make(o);
            up.Down = true;
            net.Run();
            Assert.AreEqual(1, up.Attempts);
            net.Pass(900);
            Assert.AreEqual(1, up.Attempts);
            net.Pass(60000);
            // Between one and four seconds.
            Assert.IsTrue(up.Attempts > 15 && up.Attempts < 60, up.Attempts.ToString());
            up.Down = false;
            net.Pass(4100);
            Assert.IsTrue(up.IsOpen());
            o.RestartCapMs = 0;
            Make(o);
            up.Down = true;
            net.Run();
            net.Pass(20000);
            Assert.AreEqual(21, up.Attempts);
        }

        [TestMethod]
        public void OnceIsOnce()
        {
            BridgeOptions o = Net.Options("xy", "s/# out 1");
            o.StartType = BridgeStart.Once;
            Make(o);
            up.Down = true;
            net.Run();
            Assert.AreEqual("to x, down 64, to y, down 64", log.Told);
            Assert.IsTrue(bridge.Stopped);
            Make(o);
            net.Run();
            Say("CONNACK reason=00");
            up.Cut();
            net.Run();
            net.Pass(60000);
            Assert.AreEqual(1, up.Attempts);
            Assert.IsTrue(bridge.Stopped);
        }

        [TestMethod]
        public void LazyConnectsForEnoughAndLeavesWhenIdle()
        {
            BridgeOptions o = Net.Options("x", "s/# out 1");
            o.StartType = BridgeStart.Lazy;
            o.Threshold = 3;
            o.IdleSeconds = 5;
            Make(o);
            net.Run();
            int a = Client();
            here.Send(a, "PUBLISH topic=s/1 payload=01 / PUBLISH q1 topic=s/1 id=1 payload=02");
            net.Pass(10000);
            Assert.AreEqual(0, up.Attempts);
            here.Send(a, "PUBLISH q1 topic=s/1 id=2 payload=03");
            net.Run();
            Assert.AreEqual(1, up.Attempts);
            up.Got();
            Say("CONNACK reason=00");
            string got = up.Got();
            Assert.IsTrue(got.IndexOf("PUBLISH q0 topic=s/1 payload=01 / PUBLISH q1 topic=s/1 id=") == 0, got);
            Acknowledge(got);
            net.Pass(4000);
            Assert.IsTrue(up.IsOpen());
            net.Pass(2000);
            Assert.IsFalse(up.IsOpen());
            Assert.AreEqual("DISCONNECT reason=00", up.Got());
            net.Pass(20000);
            Assert.AreEqual(1, up.Attempts);
            Assert.AreEqual(0, bridge.Counters[BridgeCounter.Lost]);
            Assert.AreEqual("to x, connected, down 0", log.Told);
        }

        [TestMethod]
        public void TheUpstreamsGoodbyeIsALostConnection()
        {
            up.Version = 5;
            BridgeOptions o = Net.Options("x", "s/# out 1");
            o.Version = 5;
            Make(o);
            net.Run();
            Say("CONNACK reason=00");
            Say("DISCONNECT reason=00");
            Assert.IsFalse(up.IsOpen());
            Assert.AreEqual("to x, connected, down 64", log.Told);
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.Lost]);
        }

        // All PUBLISH packets of QoS 1 that came.
        private static void Acknowledge(string got)
        {
            int at = 0;
            while ((at = got.IndexOf(" id=", at)) >= 0)
            {
                int end = got.IndexOf(" ", at + 4);
                Say("PUBACK" + got.Substring(at, end - at));
                at = end;
            }
        }

        [TestMethod]
        public void NotificationsStandHere()
        {
            BridgeOptions o = Net.Options("x", "s/# out 1");
            o.Notifications = true;
            o.NotificationsLocalOnly = true;
            o.NotificationTopic = "state/b";
            Make(o);
            int a = Client();
            here.Subscribe(a, "filter=state/+ rap");
            net.Run();
            here.Got(a, "PUBLISH q0 retain topic=state/b payload=30");
            Assert.AreEqual("CONNECT 4 keep=60 id=b.bridge", up.Got());
            Say("CONNACK reason=00");
            here.Got(a, "PUBLISH q0 retain topic=state/b payload=31");
            Assert.AreEqual("", up.Got());
            up.Cut();
            net.Run();
            here.Got(a, "PUBLISH q0 retain topic=state/b payload=30");
        }

        [TestMethod]
        public void AMessageTheUpstreamRefusesIsTold()
        {
            BridgeOptions o = Net.Options("x", "s/# out 1");
            o.Version = 5;
            Make(o);
            net.Run();
            up.Got();
            Say("CONNACK reason=00");
            int a = Client();
            here.Send(a, "PUBLISH q1 topic=s/1 id=1 payload=01");
            net.Run();
            string got = up.Got();
            int at = got.IndexOf(" id=");
            Say("PUBACK" + got.Substring(at, got.IndexOf(" ", at + 4) - at) + " reason=87");
            Assert.AreEqual("to x, connected, message refused 135", log.Told);
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.RefusedUp]);
            Assert.AreEqual(0, bridge.SpoolLength());
        }

        [TestMethod]
        public void WhatWasOnTheWayIsPublishedAnewAndTold()
        {
            Make(Net.Options("x", "s/# out 2"));
            net.Run();
            up.Got();
            Say("CONNACK reason=00");
            int a = Client();
            here.Send(a, "PUBLISH q1 topic=s/1 id=1 payload=01 / PUBLISH q2 topic=s/2 id=2 payload=02");
            net.Run();
            Assert.IsTrue(up.Got().IndexOf("PUBLISH q1 topic=s/1 id=") == 0);
            up.Cut();
            net.Pass(4000);
            up.Got();
            Say("CONNACK present reason=00");
            string got = up.Got();
            Assert.IsTrue(got.IndexOf("PUBLISH dup q1 topic=s/1 id=") >= 0 && got.IndexOf("PUBLISH dup q2") > 0, got);
            up.Cut();
            net.Pass(4000);
            up.Got();
            Say("CONNACK reason=00");
            got = up.Got();
            Assert.IsTrue(got.IndexOf("PUBLISH q1 topic=s/1 id=") >= 0 && got.IndexOf("dup") < 0, got);
            Assert.AreEqual(2, bridge.Counters[BridgeCounter.Renewed]);
            Assert.IsTrue(log.Told.IndexOf("anew 2") > 0, log.Told);
        }

        [TestMethod]
        public void MessagesFromAboveWaitForRoom()
        {
            Limits l = Net.Sizes();
            net = new Net(1);
            BridgeOptions o = Net.Options("x", "s/# in 1");
            Make(o);
            net.Run();
            up.Got();
            Say("CONNACK reason=00");
            int s = here.Connect("CONNECT 4 clean keep=0 id=s");
            here.Subscribe(s, "filter=s/# q1");
            here.Stalled[s] = true;
            for (int i = 0; i < 100; i++) up.Say("PUBLISH q1 topic=s/1 id=" + (i + 1).ToString() + " payload=01");
            net.Run();
            int before = Count(up.Got(), "PUBACK");
            Assert.IsTrue(before < 100, before.ToString());
            Assert.IsTrue(bridge.Counters[BridgeCounter.Held] > 0);
            here.Stalled[s] = false;
            here.Release(s);
            int all = before;
            for (int i = 0; i < 200 && all < 100; i++)
            {
                while (here.Waits(s))
                {
                    string line = here.First(s);
                    int at = line.IndexOf(" id=");
                    if (at < 0) continue;
                    here.Send(s, "PUBACK" + line.Substring(at, line.IndexOf(" ", at + 4) - at));
                }
                net.Pass(100);
                all += Count(up.Got(), "PUBACK");
            }
            Assert.AreEqual(100, all);
            Assert.AreEqual(100, bridge.Counters[BridgeCounter.CameDown]);
        }

        private static int Count(string lines, string what)
        {
            int n = 0;
            int at = 0;
            while ((at = lines.IndexOf(what, at)) >= 0)
            {
                n++;
                at++;
            }
            return n;
        }

        [TestMethod]
        public void StopSaysGoodbyeByTheWill()
        {
            BridgeOptions o = Net.Options("x", "s/# out 1");
            o.Version = 5;
            o.Notifications = true;
            Make(o);
            net.Run();
            Say("CONNACK reason=00");
            up.Got();
            bridge.Stop(net.NowMs);
            net.Run();
            Assert.AreEqual("DISCONNECT reason=04", up.Got());
            Assert.IsTrue(bridge.Stopped);
            Assert.IsFalse(up.IsOpen());
        }
    }
}
