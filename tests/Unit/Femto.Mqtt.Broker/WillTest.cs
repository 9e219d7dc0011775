using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Wills, sections 3.1.2.5 and 3.1.3.2, and the keep-alive that brings them about.</summary>
    [TestClass]
    public class WillTest
    {
        private const string Silence = "DISCONNECT reason=8D / CLOSED";

        private static int Watcher(World w)
        {
            int s = w.Connect("CONNECT 5 clean keep=0 id=watch");
            w.Subscribe(s, "filter=will/# q2 rap");
            return s;
        }

        // [MQTT-3.1.2-8], [MQTT-3.14.4-3]
        [TestMethod]
        public void WhatBringsItAbout()
        {
            string[] ends = new string[]
            {
                "4", "", "yes", "4", "DISCONNECT", "no", "4", "PUBLISH topic=#", "yes", "4",
                "CONNECT 4 clean keep=0", "yes",
                "5", "", "yes", "5", "DISCONNECT", "no", "5", "DISCONNECT reason=00", "no", "5",
                "DISCONNECT reason=04", "yes",
                "5", "DISCONNECT reason=80", "yes", "5", "DISCONNECT reason=00 {user=a:b}", "no", "5",
                "PUBLISH topic=#", "yes",
                "5", "HEX C001", "yes",
            };
            for (int i = 0; i < ends.Length; i += 3)
            {
                World w = new World();
                int s = Watcher(w);
                int c = w.Connect("CONNECT " + ends[i] + " clean keep=0 id=c will q1 topic=will/c payload=DEAD");
                w.Silent(s);
                if (ends[i + 1] == "") w.Lose(c);
                else w.Send(c, ends[i + 1] + " / PINGREQ");
                w.Got(s, ends[i + 2] == "yes" ? "PUBLISH q1 topic=will/c id=1 payload=DEAD" : "");
                Assert.IsFalse(w.IsOpen(c), ends[i + 1]);
                w.Forget(c);
                w.End();
            }
        }

        [TestMethod]
        public void QosRetainAndNothingElse()
        {
            World w = new World();
            int s = Watcher(w);
            int c = w.Connect("CONNECT 4 clean keep=0 id=c will q2 retain topic=will/c payload=01");
            w.Lose(c);
            w.Got(s, "PUBLISH q2 retain topic=will/c id=1 payload=01");
            int t = w.Connect("CONNECT 4 clean keep=0 id=t");
            w.Ask(t, "SUBSCRIBE id=1 filter=will/c", "SUBACK id=1 00 / PUBLISH q0 retain topic=will/c payload=01");
            // An empty payload clears.
            c = w.Connect("CONNECT 5 clean keep=0 id=c will q0 retain topic=will/c payload=");
            w.Lose(c);
            w.Got(s, "PUBLISH q0 retain topic=will/c payload=");
            w.Got(t, "PUBLISH q0 topic=will/c payload=");
            w.Ask(t, "SUBSCRIBE id=1 filter=will/c", "SUBACK id=1 00");
            // It is published once.
            c = w.Connect("CONNECT 5 keep=0 id=c");
            w.Lose(c);
            w.Silent(s);
            w.End();
        }

        // All properties but the delay, in their order; the interval counts from the publication.
        [TestMethod]
        public void Properties()
        {
            World w = new World();
            int s = Watcher(w);
            int c = w.Connect("CONNECT 5 keep=0 {session=60} id=c will {user=b:2 delay=3 reply=r user=a:1"
                + " expiry=9 corr=00 user=b:2}"
                + " q0 topic=will/c payload=01");
            w.Lose(c);
            w.Silent(s);
            w.Pass(3000);
            Assert.AreEqual("302C000677696C6C2F6322" + "0200000009" + "26000162000132" + "08000172"
                + "26000161000131" + "09000100" + "26000162000132" + "01", w.FirstHex(s));
            w.End();
        }

        // A will that waits in a queue expires like any message.
        [TestMethod]
        public void WillExpiry()
        {
            World w = new World();
            int s = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            w.Subscribe(s, "filter=will/# q1");
            w.Lose(s);
            int a = w.Connect("CONNECT 5 keep=0 id=a will {expiry=3} q1 topic=will/a payload=01");
            int b = w.Connect("CONNECT 5 keep=0 id=b will {expiry=5} q1 topic=will/b payload=01");
            int c = w.Connect("CONNECT 5 keep=0 id=c will {expiry=4294967294} q1 topic=will/c payload=01");
            w.Pass(30000);
            w.Lose(a);
            w.Lose(b);
            w.Lose(c);
            w.Pass(3000);
            s = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            Assert.AreEqual("PUBLISH q1 topic=will/b id=1 {expiry=2} payload=01", w.First(s));
            Assert.AreEqual("PUBLISH q1 topic=will/c id=2 {expiry=42949", w.First(s).Substring(0, 42));
            w.Silent(s);
            w.Counts(Counter.DroppedExpired, 1);
            w.End();
        }

        // [MQTT-3.1.3-9]
        [TestMethod]
        public void Delay()
        {
            World w = new World();
            int s = Watcher(w);
            string connect = "CONNECT 5 keep=0 {session=20} id=c will {delay=5} q0 topic=will/c payload=01";
            int c = w.Connect(connect);
            w.Lose(c);
            w.Pass(4999);
            w.Silent(s);
            w.Pass(1);
            w.Got(s, "PUBLISH q0 topic=will/c payload=01");
            // A new connection in time cancels it.
            c = w.Resume(connect);
            w.Lose(c);
            w.Pass(4000);
            c = w.Resume(connect);
            w.Pass(60000);
            w.Silent(s);
            // The session ends before it is over.
            w.Ask(c, "DISCONNECT reason=04 {session=2}", World.Closed);
            w.Pass(1000);
            w.Silent(s);
            w.Pass(1000);
            w.Got(s, "PUBLISH q0 topic=will/c payload=01");
            // At once where the session lasts no longer than the connection.
            c = w.Connect("CONNECT 5 keep=0 id=c will {delay=5} q0 topic=will/c payload=02");
            w.Lose(c);
            w.Got(s, "PUBLISH q0 topic=will/c payload=02");
            // A clean start ends the session that waits.
            c = w.Connect(connect);
            w.Lose(c);
            c = w.Connect("CONNECT 5 clean keep=0 id=c");
            w.Got(s, "PUBLISH q0 topic=will/c payload=01");
            w.Lose(c);
            w.Pass(60000);
            w.Silent(s);
            w.End();
        }

        // The longest delay is not mistaken for none.
        [TestMethod]
        public void LongestDelay()
        {
            Limits limits = World.Sizes();
            limits.SessionSeconds = 0xFFFFFFFF;
            World w = new World(limits);
            int s = Watcher(w);
            int c = w.Connect("CONNECT 5 keep=0 {session=4294967295} id=c will {delay=4294967295} q0 topic=will/c"
                + " payload=01");
            w.Lose(c);
            w.Pass(86400000);
            w.Silent(s);
            c = w.Connect("CONNECT 5 clean keep=0 id=c");
            w.Got(s, "PUBLISH q0 topic=will/c payload=01");
            w.End();
        }

        // A delay is never cut short; seconds are whole, so it may be up to one longer.
        [TestMethod]
        public void DelayBetweenSeconds()
        {
            World w = new World();
            w.Pass(999);
            int s = Watcher(w);
            int c = w.Connect("CONNECT 5 keep=0 {session=20} id=c will {delay=1} q0 topic=will/c payload=01");
            w.Lose(c);
            w.Pass(999);
            w.Silent(s);
            w.Pass(1001);
            w.Got(s, "PUBLISH q0 topic=will/c payload=01");
            w.End();
        }

        // With the connection taken over the will is due, unless it waits and the session goes on.
        [TestMethod]
        public void TakeOver()
        {
            string taken = "DISCONNECT reason=8E / CLOSED";
            World w = new World();
            int s = Watcher(w);
            int a = w.Connect("CONNECT 5 keep=0 {session=60} id=c will q0 topic=will/1 payload=");
            int b = w.Resume("CONNECT 5 keep=0 {session=60} id=c will {delay=5 user=k:v} q1 topic=will/2 payload=02");
            w.Got(a, taken);
            w.Got(s, "PUBLISH q0 topic=will/1 payload=");
            int c = w.Resume("CONNECT 5 keep=0 {session=60} id=c will {user=x:y delay=5 user=k:v} q1 topic=will/3"
                + " payload=03");
            w.Got(b, taken);
            w.Pass(10000);
            w.Silent(s);
            w.Lose(c);
            w.Pass(4000);
            w.Silent(s);
            w.Pass(1000);
            w.Got(s, "PUBLISH q1 topic=will/3 id=1 {user=x:y user=k:v} payload=03");
            // A clean start ends the session, and so the delay.
            c = w.Resume("CONNECT 5 keep=0 {session=60} id=c will {delay=5} q0 topic=will/4 payload=");
            int d = w.Connect("CONNECT 5 clean keep=0 id=c will {type=t} q0 topic=will/5 payload=");
            w.Got(c, taken);
            w.Got(s, "PUBLISH q0 topic=will/4 payload=");
            int e = w.Connect("CONNECT 4 clean keep=0 id=c");
            w.Got(d, taken);
            w.Got(s, "PUBLISH q0 topic=will/5 {type=t} payload=");
            w.Lose(e);
            w.Silent(s);
            w.End();
        }

        // A will that could not be published is refused when it is announced.
        [TestMethod]
        public void TopicsThatAreNotTaken()
        {
            World w = new World();
            w.Ask(w.Open(5), "CONNECT 5 clean keep=0 id=a will topic=$SYS/broker/uptime payload=",
                "CONNACK reason=87 / CLOSED");
            w.Ask(w.Open(4), "CONNECT 4 clean keep=0 id=a will topic=$SYS payload=", "CONNACK reason=05 / CLOSED");
            w.Ask(w.Open(5), "CONNECT 5 clean keep=0 id=a will topic=1/2/3/4/5/6/7/8/9 payload=",
                "CONNACK reason=90 / CLOSED");
            int c = w.Connect("CONNECT 5 clean keep=0 id=a will topic=$SYSTEM payload=");
            w.Subscribe(c, "filter=$SYSTEM");
            int d = w.Connect("CONNECT 5 clean keep=0 id=d will topic=$SYSTEM payload=");
            w.Lose(d);
            w.Got(c, "PUBLISH q0 topic=$SYSTEM payload=");
            w.End();
        }

        // [MQTT-3.1.2-22]: one and a half times, and not a millisecond before that is over.
        [TestMethod]
        public void KeepAlive()
        {
            for (int version = 4; version <= 5; version++)
            {
                World w = new World();
                int s = Watcher(w);
                int c = w.Connect("CONNECT " + version.ToString() + " clean keep=2 id=c will q0 topic=will/c"
                    + " payload=");
                w.Pass(3000);
                w.Silent(c);
                w.Ask(c, "PINGREQ", "PINGRESP");
                w.Pass(2999);
                w.Ask(c, "PUBLISH topic=x payload=", "");
                w.Pass(3000);
                w.Ask(c, "HEX C0", ""); // a part of a packet is a sign of life
                w.Pass(3000);
                Assert.IsTrue(w.IsOpen(c));
                w.Silent(s);
                w.Pass(1);
                w.Got(c, version == 5 ? Silence : World.Closed);
                w.Got(s, "PUBLISH q0 topic=will/c payload=");
                w.Counts(Counter.KeepAliveTimeouts, 1);
                w.End();
            }
        }

        [TestMethod]
        public void KeepAliveOfTheServer()
        {
            Limits limits = World.Sizes();
            limits.KeepAliveSeconds = 10;
            World w = new World(limits);
            int a = w.Connect("CONNECT 5 clean keep=0 id=a");
            int b = w.Connect("CONNECT 5 clean keep=4 id=b");
            int c = w.Connect("CONNECT 4 clean keep=0 id=c"); // cannot be told, and need not keep to it
            w.Pass(6000);
            w.Silent(b);
            w.Pass(1);
            w.Got(b, Silence);
            w.Pass(8999);
            w.Silent(a);
            w.Pass(1);
            w.Got(a, Silence);
            w.Pass(100000);
            w.Ask(c, "PINGREQ", "PINGRESP");
            w.End();
        }

        // What we send is no sign of the client's life.
        [TestMethod]
        public void KeepAliveWithTrafficToTheClient()
        {
            World w = new World();
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            int c = w.Connect("CONNECT 5 clean keep=2 id=c");
            w.Subscribe(c, "filter=a");
            w.Pass(2000);
            w.Send(p, "PUBLISH topic=a payload=");
            w.Got(c, "PUBLISH q0 topic=a payload=");
            w.Pass(1001);
            w.Got(c, Silence);
            // And the longest there is.
            c = w.Connect("CONNECT 4 clean keep=65535 id=c");
            w.Pass(98302500);
            w.Silent(c);
            w.Pass(1);
            w.Got(c, World.Closed);
            w.End();
        }

        // [MQTT-4.13.1-1]: clients learn why; the wills go to who is left.
        [TestMethod]
        public void Shutdown()
        {
            World w = new World();
            int s = w.Connect("CONNECT 4 keep=0 id=s");
            w.Subscribe(s, "filter=will/# q1");
            int c = w.Connect("CONNECT 5 clean keep=0 id=c will q1 topic=will/c payload=01");
            int o = w.Open();
            w.Broker.Shutdown(w.NowMs);
            w.Run();
            w.Got(c, "DISCONNECT reason=8B / CLOSED");
            w.Got(s, World.Closed);
            w.Got(o, World.Closed);
            Assert.AreEqual(-1, w.Broker.Open(w.NowMs, 0, null, 0, 0));
            Assert.AreEqual(0, w.Broker.ClientsConnected);
            Assert.AreEqual(1, w.Broker.SessionCount());
            w.Pass(3600000);
            w.Broker.Invariants(true);
        }
    }
}
