using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A bridge in situations that come seldom.</summary>
    [TestClass]
    public class CornerTest
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

        // Connected, and what was said until then is not looked at.
        private static void Connected(BridgeOptions o, string connack)
        {
            Make(o);
            net.Run();
            up.Got();
            Say(connack);
            Assert.IsTrue(bridge.Connected);
        }

        private static int Client()
        {
            return here.Connect("CONNECT 5 clean keep=0 id=a");
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
        public void StoppedBeforeItBegan()
        {
            Make(Net.Options("x", "s/# out 1"));
            Assert.AreEqual(0, bridge.Wait(net.NowMs));
            bridge.Stop(net.NowMs);
            Assert.IsTrue(bridge.Stopped);
            net.Run();
            net.Pass(10000);
            Assert.AreEqual(0, up.Attempts);
            Assert.AreEqual(int.MaxValue, bridge.Wait(net.NowMs));
        }

        [TestMethod]
        public void StoppedWhileItConnects()
        {
            Make(Net.Options("x", "s/# out 1"));
            up.Slow = true;
            net.Run();
            Assert.IsTrue(up.IsOpen());
            bridge.Stop(net.NowMs);
            Assert.IsFalse(up.IsOpen());
            Assert.IsTrue(bridge.Stopped);
            net.Pass(10000);
            Assert.AreEqual(1, up.Attempts);
            Assert.AreEqual("", up.Got());
        }

        [TestMethod]
        public void StoppedTwiceItSaysGoodbyeOnce()
        {
            BridgeOptions o = Net.Options("x", "s/# out 1");
            o.Version = 5;
            Connected(o, "CONNACK reason=00");
            bridge.Stop(net.NowMs);
            bridge.Stop(net.NowMs);
            Assert.IsFalse(bridge.Stopped);
            net.Run();
            Assert.AreEqual("DISCONNECT reason=00", up.Got());
            Assert.IsTrue(bridge.Stopped);
            Assert.AreEqual("to x, connected, down 0", log.Told);
        }

        [TestMethod]
        public void AnAttemptThatTakesTooLongIsGivenUp()
        {
            Make(Net.Options("x", "s/# out 1"));
            up.Slow = true;
            net.Run();
            net.Pass(9900);
            Assert.AreEqual(1, up.Attempts);
            Assert.IsTrue(up.IsOpen());
            net.Pass(100);
            Assert.IsFalse(up.IsOpen());
            Assert.AreEqual("to x, down 64", log.Told);
            net.Pass(4000);
            Assert.AreEqual(2, up.Attempts);
            up.Slow = false;
            net.Run();
            Assert.AreEqual("CONNECT 4 keep=60 id=b.bridge", up.Got());
        }

        // After a lost connection a lazy bridge has nothing urgent: it waits for messages again, QoS 0 too.
        [TestMethod]
        public void LazyWaitsAgainAfterALostConnection()
        {
            BridgeOptions o = Net.Options("x", "s/# out 1");
            o.StartType = BridgeStart.Lazy;
            o.Threshold = 2;
            Make(o);
            net.Run();
            Assert.AreEqual(int.MaxValue, bridge.Wait(net.NowMs));
            int a = Client();
            here.Send(a, "PUBLISH topic=s/1 payload=01 / PUBLISH topic=s/1 payload=02");
            Assert.AreEqual(0, bridge.Wait(net.NowMs));
            net.Run();
            up.Got();
            Say("CONNACK reason=00");
            Assert.AreEqual("PUBLISH q0 topic=s/1 payload=01 / PUBLISH q0 topic=s/1 payload=02", up.Got());
            up.Cut();
            net.Run();
            here.Send(a, "PUBLISH topic=s/1 payload=03");
            here.Counts(Counter.DroppedOffline, 1);
            net.Pass(10000);
            Assert.AreEqual(1, up.Attempts);
            here.Send(a, "PUBLISH topic=s/1 payload=04");
            Assert.AreEqual(1, bridge.SpoolLength());
            here.Send(a, "PUBLISH topic=s/1 payload=05");
            net.Run();
            Assert.AreEqual(2, up.Attempts);
            up.Got();
            Say("CONNACK reason=00");
            Assert.AreEqual("PUBLISH q0 topic=s/1 payload=04 / PUBLISH q0 topic=s/1 payload=05", up.Got());
        }

        // A board's client session has room for two requests.
        [TestMethod]
        public void MoreTopicsThanMayBeAskedForTogether()
        {
            Connected(Net.Options("x", "a in 0;b in 0;c in 0;d in 0;e in 0"), "CONNACK reason=00");
            Assert.AreEqual("SUBSCRIBE id=65535 filter=a q0 / SUBSCRIBE id=65534 filter=b q0", up.Got());
            Say("SUBACK id=65535 00");
            Assert.AreEqual("SUBSCRIBE id=65535 filter=c q0", up.Got());
            Say("SUBACK id=65534 00 / SUBACK id=65535 80");
            Assert.AreEqual("SUBSCRIBE id=65534 filter=d q0 / SUBSCRIBE id=65535 filter=e q0", up.Got());
            Say("SUBACK id=65534 00 / SUBACK id=65535 00");
            Assert.AreEqual("", up.Got());
            Assert.AreEqual("to x, connected, topic 2 refused 128", log.Told);
            up.Cut();
            net.Pass(4000);
            up.Got();
            Say("CONNACK present reason=00");
            Assert.AreEqual("", up.Got(), "all had been answered for");
        }

        [TestMethod]
        public void WhatTheUpstreamDoesNotHaveIsNotAskedFor()
        {
            BridgeOptions o = Net.Options("x", "s/# in 1;t in 1");
            o.Version = 5;
            Connected(o, "CONNACK reason=00 {wildcard=0}");
            Assert.AreEqual("SUBSCRIBE id=65535 filter=t q1 nl rap", up.Got());
            Assert.AreEqual("to x, connected, topic 0 refused 162", log.Told);
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.SubscriptionsRefused]);
        }

        // No local may not be asked for with a shared subscription [MQTT-3.8.3-4].
        [TestMethod]
        public void ASharedSubscriptionUpstream()
        {
            BridgeOptions o = Net.Options("x", "- in 1 here $share/g/there");
            o.Version = 5;
            Make(o);
            net.Run();
            up.Got();
            Say("CONNACK reason=00");
            Assert.AreEqual("SUBSCRIBE id=65535 filter=$share/g/there q1 rap", up.Got());
        }

        [TestMethod]
        public void AMessageThatMayNotBePublishedHereIsRefusedAbove()
        {
            BridgeOptions o = Net.Options("x", "s/# in 1");
            o.Version = 5;
            Make(o);
            Hook hook = new Hook();
            hook.Publishes = "s/good";
            here.Broker.Access = hook;
            net.Run();
            up.Got();
            Say("CONNACK reason=00");
            up.Got();
            Say("PUBLISH q1 topic=s/bad id=1 payload=01 / PUBLISH q1 topic=s/good id=2 payload=02");
            Assert.AreEqual("PUBACK id=1 reason=87 / PUBACK id=2 reason=00", up.Got());
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.RefusedDown]);
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.CameDown]);
            here.Counts(Counter.RefusedDenied, 1);
        }

        // A 3.1.1 upstream cannot be told the largest packet; closing would bring the same message again.
        [TestMethod]
        public void AMessageLargerThanTheBridgeTakesIsDiscarded()
        {
            BridgeOptions o = Net.Options("x", "s/# in 1");
            o.Version = 4;
            Connected(o, "CONNACK reason=00");
            up.Got();
            log.Told = "";
            string large = "";
            for (int i = 0; i < 2000; i++) large += "41";
            Say("PUBLISH q1 topic=s/large id=1 payload=" + large + " / PUBLISH q1 topic=s/good id=2 payload=02");
            Assert.AreEqual("PUBACK id=1 reason=00 / PUBACK id=2 reason=00", up.Got());
            Assert.AreEqual("discarded s/large", log.Told);
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.TooLargeDown]);
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.CameDown]);
            Assert.IsTrue(bridge.Connected);
        }

        // The mapped name is longer than this broker's or the upstream's topics may be.
        [TestMethod]
        public void NamesThatGrowTooLong()
        {
            string far = new string('f', 120) + "/";
            BridgeOptions o = Net.Options("x", "s/# both 1 - " + far);
            o.Version = 5;
            Connected(o, "CONNACK reason=00");
            up.Got();
            int a = Client();
            here.Send(a, "PUBLISH q1 topic=s/12345 id=1 payload=01 / PUBLISH q1 topic=s/123456 id=2 payload=02");
            net.Run();
            string got = up.Got();
            Assert.AreEqual(1, Count(got, "PUBLISH"), got);
            Assert.IsTrue(got.IndexOf("topic=" + far + "s/12345 ") > 0, got);
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.DroppedTooLarge]);
            Assert.IsTrue(log.Told.IndexOf("message refused ") > 0, log.Told);
            string near = new string('n', 120) + "/";
            o = Net.Options("x", "s/# in 1 " + near);
            o.Version = 5;
            Connected(o, "CONNACK reason=00");
            up.Got();
            Say("PUBLISH q1 topic=s/12345 id=1 payload=01 / PUBLISH q1 topic=s/123456 id=2 payload=02");
            Assert.AreEqual("PUBACK id=1 reason=00 / PUBACK id=2 reason=90", up.Got());
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.RefusedDown]);
        }

        [TestMethod]
        public void AMessageExpiresInTheSpool()
        {
            BridgeOptions o = Net.Options("x", "s/# out 1");
            o.Version = 5;
            Make(o);
            up.Down = true;
            net.Run();
            int a = Client();
            here.Send(a, "PUBLISH q1 topic=s/1 id=1 {expiry=5} payload=01 / PUBLISH q1 topic=s/1 id=2 payload=02");
            Assert.AreEqual(2, bridge.SpoolLength());
            net.Pass(8000);
            up.Down = false;
            net.Pass(4000);
            up.Got();
            Say("CONNACK reason=00");
            string got = up.Got();
            Assert.AreEqual(1, Count(got, "PUBLISH"), got);
            Assert.IsTrue(got.IndexOf("payload=02") > 0, got);
            Assert.AreEqual(1, bridge.Counters[BridgeCounter.DroppedExpired]);
        }

        // Behind what is on its way, before what waits.
        [TestMethod]
        public void TheStateGoesUpBetweenOldAndNew()
        {
            BridgeOptions o = Net.Options("x", "s/# out 1");
            o.Notifications = true;
            o.NotificationTopic = "state";
            Make(o);
            int a = Client();
            here.Send(a, "PUBLISH q1 topic=s/1 id=1 payload=01 / PUBLISH q1 topic=s/1 id=2 payload=02");
            net.Run();
            up.Got();
            Say("CONNACK reason=00");
            Assert.AreEqual("31 01 02 ", Payloads(up.Got()));
            up.Cut();
            net.Run();
            here.Send(a, "PUBLISH q1 topic=s/1 id=3 payload=03");
            net.Pass(4000);
            up.Got();
            Say("CONNACK present reason=00");
            Assert.AreEqual("31 01 02 31 03 ", Payloads(up.Got()));
        }

        private static string Payloads(string lines)
        {
            string all = "";
            int at = 0;
            while ((at = lines.IndexOf("payload=", at)) >= 0)
            {
                all += lines.Substring(at + 8, 2) + " ";
                at++;
            }
            return all;
        }

        // Everything in the spool is on its way: nothing can be dropped for one more.
        [TestMethod]
        public void ASpoolOnItsWayDropsTheNewMessage()
        {
            BridgeOptions o = Net.Options("x", "s/# out 1");
            o.SpoolMessages = 2;
            o.SpoolFull = SpoolPolicy.DropOldest;
            Connected(o, "CONNACK reason=00");
            int a = Client();
            here.Send(a, "PUBLISH q1 topic=s/1 id=1 payload=01 / PUBLISH q1 topic=s/1 id=2 payload=02");
            net.Run();
            Assert.AreEqual("01 02 ", Payloads(up.Got()));
            here.Send(a, "PUBLISH q1 topic=s/1 id=3 payload=03");
            net.Run();
            Assert.AreEqual("", up.Got());
            here.Counts(Counter.DroppedQueueFull, 1);
            Assert.AreEqual(2, bridge.SpoolLength());
        }

        [TestMethod]
        public void SpoolBytesAreALimitToo()
        {
            BridgeOptions o = Net.Options("x", "s/# out 1");
            o.SpoolBytes = 100; // two of the pool's blocks
            o.SpoolFull = SpoolPolicy.DropOldest;
            Make(o);
            up.Down = true;
            net.Run();
            int a = Client();
            here.Send(a, "PUBLISH q1 topic=s/1 id=1 payload=01 / PUBLISH q1 topic=s/1 id=2 payload=02"
                + " / PUBLISH q1 topic=s/1 id=3 payload=03");
            Assert.AreEqual(2, bridge.SpoolLength());
            here.Counts(Counter.DroppedQueueFull, 1);
        }

        // A transport that wakes nobody is asked often.
        [TestMethod]
        public void HowLongItMayWait()
        {
            Connected(Net.Options("x", "s/# out 1"), "CONNACK reason=00");
            Assert.AreEqual(10, bridge.Wait(net.NowMs));
            net = new Net(1);
            Waking waking = new Waking();
            up = waking;
            bridge = net.Add(0, Net.Options("x", "s/# out 1"), waking, null);
            net.Run();
            Say("CONNACK reason=00");
            Assert.AreEqual(1000, bridge.Wait(net.NowMs));
        }

        /// <summary>A script that would wake its owner.</summary>
        private class Waking : Script, IWakingTransport
        {
            public void Wakes(IWakeup wakeup)
            {
            }
        }

        // While another address serves, the first is tried for ten seconds at a time.
        [TestMethod]
        public void AProbeThatTakesTooLongIsGivenUp()
        {
            Make(Net.Options("xy", "s/# out 1"));
            Script probe = new Script();
            probe.Slow = true;
            bridge.Probe = probe;
            up.Down = true;
            bridge.Turn(net.NowMs);
            up.Down = false;
            net.Run();
            Assert.AreEqual("y", up.Options.Host);
            Say("CONNACK reason=00");
            net.Pass(5000);
            Assert.AreEqual(1, probe.Attempts);
            Assert.AreEqual("x", probe.Options.Host);
            net.Pass(9900);
            Assert.AreEqual(1, probe.Attempts);
            net.Pass(5200);
            Assert.AreEqual(2, probe.Attempts);
            Assert.IsTrue(bridge.Connected);
            // The connection breaks: the probe is not needed any more.
            up.Cut();
            net.Run();
            Assert.IsFalse(probe.IsOpen());
        }
    }
}
