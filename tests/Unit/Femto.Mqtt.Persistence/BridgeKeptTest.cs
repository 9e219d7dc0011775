using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What a bridge's session has after the power was away.</summary>
    [TestClass]
    public class BridgeKeptTest
    {
        private const string S = "CONNECT 5 keep=0 {session=600} id=s";

        private static BridgeOptions Options(string topics)
        {
            BridgeOptions o = Net.Options("1", topics);
            o.Version = 5;
            return o;
        }

        // Connected; what was said until then is not looked at.
        private static KeptWorld Connected(KeptWorld w, string connack)
        {
            w.Turn();
            Assert.AreEqual(1, w.Up.Attempts);
            w.Up.Got();
            w.Say(connack);
            Assert.IsTrue(w.Bridge.Connected);
            return w;
        }

        private static KeptWorld First(string topics, PersistenceOptions options)
        {
            KeptWorld.NextBridge = Options(topics);
            return Connected(KeptWorld.First(options), "CONNACK reason=00");
        }

        // The power goes; the same bridge is configured again.
        private static KeptWorld Again(KeptWorld w, string topics)
        {
            KeptWorld.NextBridge = Options(topics);
            return Connected(w.Cut(), "CONNACK present reason=00");
        }

        [TestMethod]
        public void IdentifiersReceivedFromTheUpstream()
        {
            KeptWorld w = First("a in 2", new PersistenceOptions());
            Assert.AreEqual("SUBSCRIBE id=65535 filter=a q2 nl rap", w.Up.Got());
            w.Say("SUBACK id=65535 02");
            int s = w.Connect(S);
            w.Subscribe(s, "filter=a q1");
            w.Lose(s);
            w.Say("PUBLISH q2 topic=a id=5 payload=01 / PUBLISH q2 topic=a id=6 payload=02"
                + " / PUBLISH q2 topic=a id=9 payload=03 / PUBREL id=9");
            Assert.AreEqual("PUBREC id=5 reason=00 / PUBREC id=6 reason=00 / PUBREC id=9 reason=00"
                + " / PUBCOMP id=9 reason=00", w.Up.Got());
            for (int restart = 0; restart < 2; restart++)
            {
                w = Again(w, "a in 2");
                w.Up.Got();
                w.Say("PUBLISH dup q2 topic=a id=5 payload=01 / PUBLISH dup q2 topic=a id=6 payload=02");
                Assert.AreEqual("PUBREC id=5 reason=00 / PUBREC id=6 reason=00", w.Up.Got());
            }
            w.Say("PUBREL id=6 / PUBREL id=9");
            Assert.AreEqual("PUBCOMP id=6 reason=00 / PUBCOMP id=9 reason=92", w.Up.Got());
            w = Again(w, "a in 2");
            w.Up.Got();
            w.Say("PUBREL id=5 / PUBREL id=6");
            Assert.AreEqual("PUBCOMP id=5 reason=00 / PUBCOMP id=6 reason=92", w.Up.Got());
            s = w.Resume(S);
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH q1 topic=a id=2 payload=02"
                + " / PUBLISH q1 topic=a id=3 payload=03");
        }

        // The answer of the bridge too is a promise.
        [TestMethod]
        public void TheUpstreamIsAnsweredWhenItIsDurable()
        {
            PersistenceOptions o = new PersistenceOptions();
            o.SyncMs = 100;
            KeptWorld w = First("a in 2", o);
            w.Up.Got();
            w.Say("PUBLISH q2 topic=a id=5 payload=01");
            Assert.AreEqual("", w.Up.Got());
            w.NowMs += 100;
            w.Run();
            w.Turn();
            Assert.AreEqual("PUBREC id=5 reason=00", w.Up.Got());
        }

        [TestMethod]
        public void TheSpool()
        {
            KeptWorld w = First("a/# out 2", new PersistenceOptions());
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Ask(p, "PUBLISH q1 topic=a/1 id=1 payload=01 / PUBLISH q2 topic=a/2 id=2 payload=02",
                "PUBACK id=1 reason=00 / PUBREC id=2 reason=00");
            w.Turn();
            Assert.AreEqual("PUBLISH q1 topic=a/1 id=101 payload=01 / PUBLISH q2 topic=a/2 id=102 payload=02",
                w.Up.Got());
            w.Say("PUBREC id=102");
            Assert.AreEqual("PUBREL id=102 reason=00", w.Up.Got());
            w.Ask(p, "PUBLISH q1 topic=a/3 id=3 payload=03", "PUBACK id=3 reason=00");
            w = Again(w, "a/# out 2");
            Assert.AreEqual(3, w.Bridge.SpoolLength());
            string got = w.Up.Got();
            int first = got.IndexOf("payload=01");
            int released = got.IndexOf("PUBREL id=102 reason=00");
            Assert.IsTrue(first > 0 && released > first && got.IndexOf("payload=03") > released, got);
            Assert.IsTrue(got.IndexOf("payload=02") < 0, got);
            w.Say("PUBCOMP id=102");
            Assert.AreEqual(2, w.Bridge.SpoolLength());
        }

        // Its session ends with all that it had: it would fill for ever.
        [TestMethod]
        public void ABridgeThatIsNoLongerConfigured()
        {
            KeptWorld w = First("a both 2", new PersistenceOptions());
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Say("PUBLISH q2 topic=a id=5 payload=01");
            w.Ask(p, "PUBLISH q1 topic=a id=1 payload=02", "PUBACK id=1 reason=00");
            w.Up.Got();
            w = w.Cut();
            Assert.AreEqual(0, w.Broker.SessionCount());
            w.Pass(2000);
            w.End();
            // Back again it begins anew.
            KeptWorld.NextBridge = Options("a both 2");
            w = Connected(w.Cut(), "CONNACK reason=00");
            w.Up.Got();
            Assert.AreEqual(0, w.Bridge.SpoolLength());
            w.Say("PUBREL id=5");
            Assert.AreEqual("PUBCOMP id=5 reason=92", w.Up.Got());
        }

        [TestMethod]
        public void BridgesMayBeLeftOut()
        {
            PersistenceOptions o = new PersistenceOptions();
            o.Bridges = false;
            KeptWorld w = First("a both 2", o);
            w.Up.Got();
            w.Say("PUBLISH q2 topic=a id=5 payload=01");
            Assert.AreEqual("PUBREC id=5 reason=00", w.Up.Got());
            w.Counts(Counter.StoreSyncs, 0);
            KeptWorld.NextBridge = Options("a both 2");
            w = Connected(w.Cut(), "CONNACK reason=00");
            w.Up.Got();
            w.Say("PUBREL id=5");
            Assert.AreEqual("PUBCOMP id=5 reason=92", w.Up.Got());
        }
    }
}
