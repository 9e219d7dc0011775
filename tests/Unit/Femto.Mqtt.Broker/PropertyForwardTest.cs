using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>MQTT 5's properties of PUBLISH on their way through the broker, section 3.3.2.3.</summary>
    [TestClass]
    public class PropertyForwardTest
    {
        // [MQTT-3.3.2-4], [MQTT-3.3.2-15] to [MQTT-3.3.2-20]: unchanged and in order, whatever stood between them.
        [TestMethod]
        public void ForwardedUnchanged()
        {
            string[] cases = new string[]
            {
                "{user=b:2 type=x user=a:1 reply=r user=b:2 corr=00 format=1}",
                "26000162000132" + "03000178" + "26000161000131" + "08000172" + "26000162000132" + "09000100" + "0101",
                "",
                "{alias=1 user=b:2 expiry=60 user=a:1}", "26000162000132" + "26000161000131", "020000003C",
                "{user=b:2 expiry=60 user=a:1 alias=1 user=b:2}",
                "26000162000132" + "26000161000131" + "26000162000132", "020000003C",
                "{user=b:2 alias=1 expiry=60}", "26000162000132", "020000003C",
                "{expiry=60 alias=1 user=b:2}", "26000162000132", "020000003C",
                "{alias=1}", "", "", "{expiry=60}", "", "020000003C", "{}", "", "",
            };
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            int q = w.Connect("CONNECT 5 clean keep=0 id=q");
            int old = w.Connect("CONNECT 4 clean keep=0 id=old");
            w.Subscribe(s, "filter=a");
            w.Subscribe(q, "filter=a q1"); // by way of the pool
            w.Subscribe(old, "filter=a q1");
            for (int i = 0; i < cases.Length; i += 3)
            {
                string block = cases[i + 2] + cases[i + 1];
                w.Ask(p, "PUBLISH q1 topic=a id=1 " + cases[i] + " payload=31", "PUBACK id=1 reason=00");
                Assert.AreEqual("30" + Byte(5 + block.Length / 2) + "000161" + Byte(block.Length / 2) + block + "31",
                    w.FirstHex(s));
                string id = "00" + Byte(i / 3 + 1);
                string length = Byte(7 + block.Length / 2);
                Assert.AreEqual("32" + length + "000161" + id + Byte(block.Length / 2) + block + "31", w.FirstHex(q));
                Assert.AreEqual("3206" + "000161" + id + "31", w.FirstHex(old));
                w.Ask(q, "PUBACK id=" + (i / 3 + 1).ToString(), "");
                w.Ask(old, "PUBACK id=" + (i / 3 + 1).ToString(), "");
            }
            w.End();
        }

        private static string Byte(int value)
        {
            Line.Clear();
            Line.Byte(value);
            return Line.Text();
        }

        // Through blocks of the pool, a small send buffer, a peer that stalls, a lost connection.
        [TestMethod]
        public void LongPropertiesThroughTheQueue()
        {
            Limits limits = World.Sizes();
            limits.SendBytes = 300;
            World w = new World(limits);
            string many = "";
            for (int i = 10; i < 40; i++) many += " user=key" + i.ToString() + ":value" + i.ToString();
            many = "{type=text/plain corr=0102030405060708" + many + "}";
            int s = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            w.Subscribe(s, "filter=long/# q2");
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Lose(s);
            string payload = "000102030405060708090A0B0C0D0E0F";
            w.Ask(p, "PUBLISH q2 topic=long/topic id=1 " + many + " payload=" + payload, "PUBREC id=1 reason=00");
            s = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            string expected = "q2 topic=long/topic id=1 " + many + " payload=" + payload;
            w.Got(s, "PUBLISH " + expected);
            w.Lose(s);
            s = w.Open();
            w.Stalled[s] = true;
            w.Send(s, "CONNECT 5 keep=0 {session=60} id=s");
            w.Pass(0);
            w.Release(s);
            w.Got(s, "CONNACK present reason=00 {receive=8 aliases=4 max=1024} / PUBLISH dup " + expected);
            w.End();
        }

        // ---- Topic aliases from clients

        [TestMethod]
        public void AliasOfAClient()
        {
            World w = new World();
            int s = w.Connect("CONNECT 4 clean keep=0 id=s");
            w.Subscribe(s, "filter=#");
            int p = w.Connect("CONNECT 5 keep=0 {session=60} id=p");
            w.Send(p, "PUBLISH topic=a/b {alias=1} payload=01 / PUBLISH topic= {alias=1} payload=02");
            w.Send(p, "PUBLISH q1 topic= id=1 {alias=1} payload=03 / PUBLISH topic=c {alias=4} payload=04");
            w.Send(p, "PUBLISH topic=d {alias=1} payload=05 / PUBLISH topic= {alias=1} payload=06");
            w.Send(p, "PUBLISH topic=d payload=07 / PUBLISH topic= {alias=4} payload=08");
            w.Got(p, "PUBACK id=1 reason=00");
            w.Got(s, "PUBLISH q0 topic=a/b payload=01 / PUBLISH q0 topic=a/b payload=02 / PUBLISH q0 topic=a/b"
                + " payload=03"
                + " / PUBLISH q0 topic=c payload=04 / PUBLISH q0 topic=d payload=05 / PUBLISH q0 topic=d payload=06"
                + " / PUBLISH q0 topic=d payload=07 / PUBLISH q0 topic=c payload=08");
            // To retain by alias, and not of another connection.
            w.Send(p, "PUBLISH retain topic= {alias=4} payload=09");
            w.Got(s, "PUBLISH q0 topic=c payload=09");
            int q = w.Connect("CONNECT 5 clean keep=0 id=q");
            w.Ask(q, "PUBLISH topic= {alias=1}", "DISCONNECT reason=82 / CLOSED");
            // [MQTT-3.3.2-7]: they end with the connection.
            w.Lose(p);
            p = w.Resume("CONNECT 5 keep=0 {session=60} id=p");
            w.Ask(p, "PUBLISH topic= {alias=1}", "DISCONNECT reason=82 / CLOSED");
            w.Ask(s, "SUBSCRIBE id=1 filter=c", "SUBACK id=1 00 / PUBLISH q0 retain topic=c payload=09");
            w.End();
        }

        // [MQTT-3.3.2-8], [MQTT-3.3.2-9]
        [TestMethod]
        public void WrongAlias()
        {
            string[] wrong = new string[]
            {
                "PUBLISH topic=a {alias=0}", "94", "PUBLISH topic=a {alias=5}", "94", "PUBLISH topic= {alias=5}",
                "94",
                "PUBLISH topic= {alias=4}", "82", "PUBLISH topic=", "82", "PUBLISH topic=a {alias=1 alias=1}", "82",
                "PUBLISH topic=a {sub=1}", "82", "PUBLISH topic=a {receive=1}", "81",
                "PUBLISH topic=a {format=2}", "82",
                "PUBLISH topic=a {reply=b/+}", "90",
            };
            World w = new World();
            for (int i = 0; i < wrong.Length; i += 2)
            {
                int c = w.Connect("CONNECT 5 clean keep=0 id=a");
                w.Ask(c, wrong[i], "DISCONNECT reason=" + wrong[i + 1] + " / CLOSED");
            }
            w.End();
        }

        // ---- Topic aliases to clients

        [TestMethod]
        public void AliasToAClient()
        {
            World w = new World();
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 keep=0 {session=60 aliases=2} id=s");
            w.Subscribe(s, "filter=+/+ q1");
            w.Send(p, "PUBLISH topic=room/a payload=01 / PUBLISH topic=room/b payload=02 / PUBLISH topic=room/a"
                + " payload=03");
            w.Send(p, "PUBLISH q1 topic=room/b id=1 payload=04 / PUBLISH topic=x/y payload=05");
            w.Got(p, "PUBACK id=1 reason=00");
            w.Got(s, "PUBLISH q0 topic=room/a {alias=1} payload=01 / PUBLISH q0 topic=room/b {alias=2} payload=02"
                + " / PUBLISH q0 topic= {alias=1} payload=03 / PUBLISH q1 topic= id=1 {alias=2} payload=04"
                + " / PUBLISH q0 topic=x/y payload=05");
            // A message sent again carries its topic, and no alias; new ones are set for what follows.
            w.Lose(s);
            w.Ask(p, "PUBLISH q1 topic=room/b id=1 payload=06", "PUBACK id=1 reason=00");
            s = w.Resume("CONNECT 5 keep=0 {session=60 aliases=2} id=s");
            w.Got(s, "PUBLISH dup q1 topic=room/b id=1 payload=04 / PUBLISH q1 topic=room/b id=2 {alias=1}"
                + " payload=06");
            w.Ask(s, "PUBACK id=1 / PUBACK id=2", "");
            w.Send(p, "PUBLISH topic=room/b payload=07");
            w.Got(s, "PUBLISH q0 topic= {alias=1} payload=07");
            // Only as many as it allows, none to who allows none.
            w.Lose(s);
            s = w.Resume("CONNECT 5 keep=0 {session=60 aliases=1} id=s");
            int t = w.Connect("CONNECT 5 clean keep=0 id=t");
            w.Subscribe(t, "filter=room/#");
            w.Send(p, "PUBLISH topic=room/a payload=01 / PUBLISH topic=room/b payload=02 / PUBLISH topic=room/a"
                + " payload=03");
            w.Got(s, "PUBLISH q0 topic=room/a {alias=1} payload=01 / PUBLISH q0 topic=room/b payload=02"
                + " / PUBLISH q0 topic= {alias=1} payload=03");
            w.Got(t, "PUBLISH q0 topic=room/a payload=01 / PUBLISH q0 topic=room/b payload=02"
                + " / PUBLISH q0 topic=room/a payload=03");
            w.End();
        }

        // The busiest topics have the aliases: one hit more than misses keeps it.
        [TestMethod]
        public void TheBusiestTopicsKeepTheirs()
        {
            World w = new World();
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 clean keep=0 {aliases=1} id=s");
            w.Subscribe(s, "filter=#");
            string[] steps = new string[]
            {
                "busy", "topic=busy {alias=1}", "busy", "topic= {alias=1}", "busy", "topic= {alias=1}",
                "rare1", "topic=rare1", "busy", "topic= {alias=1}", "rare2", "topic=rare2", "busy",
                "topic= {alias=1}",
                "next", "topic=next", "next", "topic=next", "next", "topic=next", "next", "topic=next {alias=1}",
                "next", "topic= {alias=1}", "busy", "topic=busy", "next", "topic= {alias=1}",
            };
            for (int i = 0; i < steps.Length; i += 2)
            {
                w.Send(p, "PUBLISH topic=" + steps[i]);
                w.Got(s, "PUBLISH q0 " + steps[i + 1] + " payload=");
            }
            w.End();
        }

        // ---- Message expiry

        // [MQTT-3.3.2-5], [MQTT-3.3.2-6]
        [TestMethod]
        public void Expiry()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 keep=0 {session=60 receive=1} id=s");
            w.Subscribe(s, "filter=a q1");
            w.Send(p, "PUBLISH q1 topic=a id=1 {expiry=10} payload=01 / PUBLISH q1 topic=a id=2 {expiry=10}"
                + " payload=02");
            w.Send(p, "PUBLISH q1 topic=a id=3 {expiry=4} payload=03 / PUBLISH q1 topic=a id=4 payload=04");
            w.Got(p, "PUBACK id=1 reason=00 / PUBACK id=2 reason=00 / PUBACK id=3 reason=00 / PUBACK id=4 reason=00");
            w.Got(s, "PUBLISH q1 topic=a id=1 {expiry=10} payload=01");
            w.Pass(3000);
            w.Ask(s, "PUBACK id=1", "PUBLISH q1 topic=a id=2 {expiry=7} payload=02");
            w.Pass(1000);
            w.Ask(s, "PUBACK id=2", "PUBLISH q1 topic=a id=3 payload=04");
            w.Counts(Counter.DroppedExpired, 1);
            Assert.AreEqual(1, w.Broker.DroppedOf(w.Session("s")));
            w.Ask(s, "PUBACK id=3", "");
            // While the client is away. What was sent once is sent again whatever its age [MQTT-4.4.0-1].
            w.Ask(p, "PUBLISH q1 topic=a id=1 {expiry=5} payload=05 / PUBLISH q1 topic=a id=2 {expiry=5} payload=06",
                "PUBACK id=1 reason=00 / PUBACK id=2 reason=00");
            w.Got(s, "PUBLISH q1 topic=a id=4 {expiry=5} payload=05");
            w.Lose(s);
            w.Ask(p, "PUBLISH q1 topic=a id=1 {expiry=20} payload=07", "PUBACK id=1 reason=00");
            w.Pass(8000);
            s = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            w.Got(s, "PUBLISH dup q1 topic=a id=4 {expiry=0} payload=05 / PUBLISH q1 topic=a id=5 {expiry=12}"
                + " payload=07");
            w.Counts(Counter.DroppedExpired, 2);
            w.End();
        }

        // [MQTT-4.3.3-7], [MQTT-4.3.3-13]: no expiry once it was sent, on either side.
        [TestMethod]
        public void ExpiryOfWhatWasSentAtQos2()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            w.Subscribe(s, "filter=a q2");
            w.Ask(p, "PUBLISH q2 topic=a id=1 {expiry=3} payload=01", "PUBREC id=1 reason=00");
            w.Got(s, "PUBLISH q2 topic=a id=1 {expiry=3} payload=01");
            w.Pass(5000);
            w.Lose(s);
            s = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            w.Got(s, "PUBLISH dup q2 topic=a id=1 {expiry=0} payload=01");
            w.Ask(s, "PUBREC id=1", "PUBREL id=1 reason=00");
            w.Lose(s);
            s = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            w.Got(s, "PUBREL id=1 reason=00");
            w.Ask(s, "PUBCOMP id=1", "");
            w.Ask(p, "PUBREL id=1", "PUBCOMP id=1 reason=00");
            w.Counts(Counter.DroppedExpired, 0);
            w.End();
        }

        // A 3.1.1 client sees nothing of it, but gets nothing that is over its time.
        [TestMethod]
        public void ExpiryTowardsVersion4()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 4 keep=0 id=s");
            w.Subscribe(s, "filter=a q1");
            w.Lose(s);
            w.Ask(p, "PUBLISH q1 topic=a id=1 {expiry=5} payload=05 / PUBLISH q1 topic=a id=2 {expiry=9} payload=09",
                "PUBACK id=1 reason=00 / PUBACK id=2 reason=00");
            w.Pass(5000);
            s = w.Resume("CONNECT 4 keep=0 id=s");
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=09");
            w.End();
        }

        // ---- Maximum packet size of the client

        // [MQTT-3.1.2-24], [MQTT-3.1.2-25]
        [TestMethod]
        public void AnswersKeepWithinTheClientsMaximum()
        {
            // The CONNACK of these limits has 16 bytes; 17 more for an assigned identifier.
            World w = new World();
            w.Ask(w.Open(), "CONNECT 5 clean keep=0 {max=15} id=a", "CONNACK reason=95 / CLOSED");
            w.Ask(w.Open(), "CONNECT 5 clean keep=0 {max=32} id=", "CONNACK reason=95 / CLOSED");
            int c = w.Connect("CONNECT 5 clean keep=0 {max=16} id=a");
            // A SUBACK of ten codes has 15 bytes, of twelve 17.
            w.Ask(c, "HEX 8207" + "00010000016100", "SUBACK id=1 00");
            string twelve = "";
            for (int i = 0; i < 12; i++) twelve += "00016100";
            w.Ask(c, "HEX 82" + "33000100" + twelve, "DISCONNECT reason=83 / CLOSED");
            w.End();
        }

        [TestMethod]
        public void MaximumPacketSize()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 keep=0 {session=60 max=20} id=s");
            int t = w.Connect("CONNECT 5 clean keep=0 id=t");
            w.Subscribe(s, "filter=a q1");
            w.Subscribe(t, "filter=a");
            string p14 = "0102030405060708090A0B0C0D0E";
            w.Send(p, "PUBLISH topic=a payload=" + p14 + " / PUBLISH topic=a payload=" + p14 + "0F");
            w.Got(s, "PUBLISH q0 topic=a payload=" + p14);
            w.Got(t, "PUBLISH q0 topic=a payload=" + p14 + " / PUBLISH q0 topic=a payload=" + p14 + "0F");
            w.Counts(Counter.DroppedTooLarge, 1);
            // At QoS 1 it counts as done, and what follows goes on.
            string p12 = p14.Substring(0, 24);
            w.Send(p, "PUBLISH q1 topic=a id=1 payload=" + p12 + " / PUBLISH q1 topic=a id=1 payload=" + p12 + "0D");
            w.Send(p, "PUBLISH q1 topic=a id=1 {user=k:v} payload=0102030405 / PUBLISH q1 topic=a id=1 payload=FF");
            w.Got(p, "PUBACK id=1 reason=00 / PUBACK id=1 reason=00 / PUBACK id=1 reason=00 / PUBACK id=1 reason=00");
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=" + p12 + " / PUBLISH q1 topic=a id=2 {user=k:v}"
                + " payload=0102030405"
                + " / PUBLISH q1 topic=a id=3 payload=FF");
            w.Counts(Counter.DroppedTooLarge, 2);
            Assert.AreEqual(2, w.Broker.DroppedOf(w.Session("s")));
            w.Forget(t);
            // An alias does not make a packet too large.
            int u = w.Connect("CONNECT 5 clean keep=0 {aliases=2 max=20} id=u");
            w.Subscribe(u, "filter=longer/#");
            w.Send(p, "PUBLISH topic=longer/b payload=010203040506");
            w.Got(u, "PUBLISH q0 topic=longer/b payload=010203040506");
            // Reason strings go first.
            int v = w.Connect("CONNECT 5 clean keep=0 {max=20} id=v");
            w.Send(v, "PUBLISH topic=#");
            Assert.AreEqual("E00190", w.FirstHex(v));
            w.Forget(v);
            v = w.Raw("CONNECT 5 clean keep=0 {max=20} id=v will topic=1/2/3/4/5/6/7/8/9 payload=");
            Assert.AreEqual("2003009000", w.FirstHex(v));
            w.Forget(v);
            w.End();
        }

        // ---- Request Problem Information

        // [MQTT-3.1.2-29]: reason strings only in CONNACK and DISCONNECT when it is 0.
        [TestMethod]
        public void RequestProblemInformation()
        {
            Limits limits = World.Sizes();
            limits.Retained = 1;
            World w = new World(limits);
            int a = w.Connect("CONNECT 5 clean keep=0 id=a");
            int b = w.Connect("CONNECT 5 clean keep=0 {askproblem=0} id=b");
            int c = w.Connect("CONNECT 5 clean keep=0 {max=20} id=c");
            w.Send(a, "PUBLISH retain topic=a payload=01 / PUBLISH q1 retain topic=b id=1 payload=01");
            Assert.AreEqual("PUBACK id=1 reason=97", w.First(a));
            Assert.IsTrue(w.Why.Length > 10, "a reason string");
            w.Send(b, "PUBLISH q2 retain topic=b id=1 payload=01");
            Assert.AreEqual("PUBREC id=1 reason=97", w.First(b));
            Assert.AreEqual("", w.Why);
            w.Send(c, "PUBLISH q1 retain topic=b id=1 payload=01");
            Assert.AreEqual("PUBACK id=1 reason=97", w.First(c));
            Assert.AreEqual("", w.Why);
            w.Send(c, "PUBLISH q2 retain topic=b id=1 payload=01");
            Assert.AreEqual("PUBREC id=1 reason=97", w.First(c));
            Assert.AreEqual("", w.Why);
            w.Send(b, "PUBLISH topic=#");
            Assert.AreEqual("DISCONNECT reason=90", w.First(b));
            Assert.IsTrue(w.Why.Length > 10, "a reason string");
            w.Got(b, World.Closed);
            w.Counts(Counter.RefusedRetained, 4);
            w.End();
        }
    }
}
