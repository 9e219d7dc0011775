using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What survives a loss of power, and that no answer promises it before it is durable.</summary>
    [TestClass]
    public class PersistenceTest
    {
        private const string S = "CONNECT 5 keep=0 {session=600} id=s";
        private const string P = "CONNECT 5 keep=0 {session=600} id=p";

        private static PersistenceOptions Slow()
        {
            PersistenceOptions o = new PersistenceOptions();
            o.SyncMs = 100;
            return o;
        }

        [TestMethod]
        public void QueueInItsOrder()
        {
            KeptWorld w = KeptWorld.First();
            int s = w.Connect(S);
            w.Subscribe(s, "{sub=7} filter=a/# q2 rap");
            w.Lose(s);
            int p = w.Connect("CONNECT 5 clean keep=0 id=x");
            w.Send(p, "PUBLISH q1 topic=a/1 id=1 {user=k:v} payload=01 / PUBLISH q2 topic=a/2 id=2 payload=02");
            w.Send(p, "PUBLISH topic=a/3 payload=03 / PUBLISH q1 retain topic=a/4 id=4 payload=04");
            w.Got(p, "PUBACK id=1 reason=00 / PUBREC id=2 reason=00 / PUBACK id=4 reason=00");
            w = w.Cut();
            s = w.Resume(S);
            w.Got(s, "PUBLISH q1 topic=a/1 id=1 {sub=7 user=k:v} payload=01"
                + " / PUBLISH q2 topic=a/2 id=2 {sub=7} payload=02"
                + " / PUBLISH q1 retain topic=a/4 id=3 {sub=7} payload=04");
            w.Ask(s, "PUBACK id=1 / PUBREC id=2 / PUBACK id=3", "PUBREL id=2 reason=00");
            w = w.Cut();
            s = w.Resume(S);
            w.Got(s, "PUBREL id=2 reason=00");
            w.Ask(s, "PUBCOMP id=2", "");
            w.Pass(2000);
            w = w.Cut();
            s = w.Resume(S);
            w.Silent(s);
            w.End();
        }

        [TestMethod]
        public void WhatWasSentBeforeHasAnIdentifierOfItsOwn()
        {
            KeptWorld w = KeptWorld.First();
            int s = w.Connect(S);
            w.Subscribe(s, "filter=a q2");
            w.Lose(s);
            int p = w.Connect("CONNECT 5 clean keep=0 id=x");
            w.Send(p, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH q2 topic=a id=2 payload=02");
            w.Got(p, "PUBACK id=1 reason=00 / PUBREC id=2 reason=00");
            s = w.Resume(S);
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH q2 topic=a id=2 payload=02");
            w = w.Cut();
            s = w.Resume(S);
            w.Got(s, "PUBLISH dup q1 topic=a id=65472 payload=01 / PUBLISH dup q2 topic=a id=2 payload=02");
            p = w.Connect("CONNECT 5 clean keep=0 id=x");
            w.Send(p, "PUBLISH q1 topic=a id=1 payload=03 / PUBLISH q1 topic=a id=2 payload=04");
            w.Got(p, "PUBACK id=1 reason=00 / PUBACK id=2 reason=00");
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=03 / PUBLISH q1 topic=a id=3 payload=04");
            w.End();
        }

        [TestMethod]
        public void AnswersWaitForTheSyncTheyShare()
        {
            KeptWorld w = KeptWorld.First(Slow());
            int s = w.Open(5);
            w.Send(s, S);
            w.Silent(s);
            w.Pass(99);
            w.Silent(s);
            w.Pass(1);
            Assert.IsTrue(w.First(s).IndexOf("CONNACK reason=00") == 0);
            w.Send(s, "SUBSCRIBE id=1 filter=a q2");
            w.Pass(60);
            int p = w.Open(5);
            w.Send(p, P);
            w.Silent(s);
            w.Silent(p);
            int syncs = w.Broker.Counters[Counter.StoreSyncs];
            w.Pass(40);
            w.Got(s, "SUBACK id=1 02");
            Assert.IsTrue(w.First(p).IndexOf("CONNACK reason=00") == 0);
            w.Counts(Counter.StoreSyncs, syncs + 1);
            // QoS 2 on both sides: the subscriber too gets it when it is durable, QoS 1 at once.
            w.Send(p, "PUBLISH q2 topic=a id=5 payload=01");
            w.Silent(s);
            w.Pass(100);
            w.Got(p, "PUBREC id=5 reason=00");
            w.Got(s, "PUBLISH q2 topic=a id=1 payload=01");
            w.Send(s, "PUBREC id=1");
            w.Silent(s);
            w.Send(p, "PUBLISH q1 topic=a id=6 payload=02 / PUBREL id=5");
            w.Got(s, "");
            w.Pass(100);
            w.Got(p, "PUBACK id=6 reason=00 / PUBCOMP id=5 reason=00");
            w.Got(s, "PUBREL id=1 reason=00 / PUBLISH q1 topic=a id=2 payload=02");
            w.Ask(s, "PUBCOMP id=1 / PUBACK id=2 / PINGREQ", "PINGRESP");
            w.Pass(2000);
            w.End();
        }

        [TestMethod]
        public void WhatNeedsNoJournalDoesNotWait()
        {
            KeptWorld w = KeptWorld.First(Slow());
            int a = w.Connect("CONNECT 4 clean keep=0 id=a");
            w.Subscribe(a, "filter=a q2");
            w.Ask(a, "PUBLISH q1 topic=a id=1 payload=01",
                "PUBLISH q1 topic=a id=1 payload=01 / PUBACK id=1 reason=00");
            w.Ask(a, "PUBACK id=1", "");
            w.Ask(a, "PUBLISH q2 topic=b id=2 payload=01", "PUBREC id=2 reason=00");
            w.Ask(a, "PUBREL id=2", "PUBCOMP id=2 reason=00");
            w.Counts(Counter.StoreSyncs, 0);
            w.End();
        }

        [TestMethod]
        public void IdentifiersReceivedAtQos2()
        {
            KeptWorld w = KeptWorld.First();
            int s = w.Connect(S);
            w.Subscribe(s, "filter=a q1");
            int p = w.Connect(P);
            w.Ask(p, "PUBLISH q2 topic=a id=5 payload=01", "PUBREC id=5 reason=00");
            w.Ask(p, "PUBLISH q2 topic=a id=6 payload=02 / PUBREL id=6",
                "PUBREC id=6 reason=00 / PUBCOMP id=6 reason=00");
            w.Forget(s);
            w = w.Cut();
            p = w.Resume(P);
            w.Ask(p, "PUBLISH dup q2 topic=a id=5 payload=01", "PUBREC id=5 reason=00");
            w.Ask(p, "PUBREL id=5 / PUBREL id=6", "PUBCOMP id=5 reason=00 / PUBCOMP id=6 reason=92");
            s = w.Resume(S);
            w.Got(s, "PUBLISH dup q1 topic=a id=1 payload=01 / PUBLISH dup q1 topic=a id=2 payload=02");
            w.Ask(s, "PUBACK id=1 / PUBACK id=2", "");
            w.End();
        }

        [TestMethod]
        public void Subscriptions()
        {
            string[] filters = new string[]
            {
                "a", "#", "+", "a/#", "+/b", "/", "/#", "a//b", "$x/a", "$x/#", "$share/g/a/+", "$share/g/#",
            };
            KeptWorld w = KeptWorld.First();
            int s = w.Connect(S);
            for (int i = 0; i < filters.Length; i++) w.Subscribe(s, "filter=" + filters[i] + " q1");
            w.Ask(s, "UNSUBSCRIBE id=9 filter=a", "UNSUBACK id=9 00");
            w = w.Cut();
            s = w.Resume(S);
            for (int i = 0; i < filters.Length; i++)
            {
                string reason = i == 0 ? "11" : "00";
                w.Send(s, "UNSUBSCRIBE id=9 filter=" + filters[i]);
                Assert.AreEqual("UNSUBACK id=9 " + reason, w.First(s), filters[i]);
            }
            w = w.Cut();
            s = w.Resume(S);
            w.Ask(s, "UNSUBSCRIBE id=9 filter=#", "UNSUBACK id=9 11");
            w.End();
        }

        [TestMethod]
        public void RetainedMessages()
        {
            KeptWorld w = KeptWorld.First();
            int p = w.Connect("CONNECT 4 clean keep=0 id=x");
            w.Ask(p, "PUBLISH q1 retain topic=a id=1 payload=01 / PUBLISH q1 retain topic=b id=2 payload=02",
                "PUBACK id=1 reason=00 / PUBACK id=2 reason=00");
            w.Ask(p, "PUBLISH q1 retain topic=a id=1 payload=03 / PUBLISH q1 retain topic=b id=2 payload=",
                "PUBACK id=1 reason=00 / PUBACK id=2 reason=00");
            w.Send(p, "PUBLISH retain topic=c payload=04");
            w.Pass(1000);
            w.Send(p, "PUBLISH retain topic=c payload=05");
            w = w.Cut();
            int t = w.Connect("CONNECT 4 clean keep=0 id=t");
            w.Ask(t, "SUBSCRIBE id=1 filter=#", "SUBACK id=1 00 / PUBLISH q0 retain topic=a payload=03"
                + " / PUBLISH q0 retain topic=c payload=04");
            w.End();
        }

        [TestMethod]
        public void WhatIsUndoneBeforeItIsWrittenCostsNothing()
        {
            PersistenceOptions o = new PersistenceOptions();
            o.SyncMs = 100;
            o.IdleMs = 500;
            KeptWorld w = KeptWorld.First(o);
            int s = w.Open(5);
            w.Send(s, S);
            w.Pass(100);
            w.Forget(s);
            w.Send(s, "SUBSCRIBE id=1 filter=a q1");
            w.Pass(100);
            w.Got(s, "SUBACK id=1 01");
            int bytes = w.Broker.Counters[Counter.StoreBytes];
            int p = w.Connect("CONNECT 4 clean keep=0 id=x");
            w.Send(p, "PUBLISH q1 topic=a id=1 payload=01");
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=01");
            w.Ask(s, "PUBACK id=1", "");
            w.Silent(p);
            w.Pass(100);
            w.Got(p, "PUBACK id=1 reason=00");
            w.Counts(Counter.StoreBytes, bytes);
            // A retained value that changes ten times is written once.
            for (int i = 0; i < 10; i++)
            {
                w.Send(p, "PUBLISH retain topic=r payload=0" + i.ToString());
                w.Pass(20);
            }
            int syncs = w.Broker.Counters[Counter.StoreSyncs];
            w.Pass(500);
            w.Counts(Counter.StoreSyncs, syncs + 1);
            w.End();
        }

        [TestMethod]
        public void WillsOfSessionsThatLast()
        {
            KeptWorld w = KeptWorld.First();
            int s = w.Connect(S);
            w.Subscribe(s, "filter=will/# q1");
            int a = w.Connect("CONNECT 5 keep=0 {session=600} id=a will {delay=10} q1 topic=will/a payload=0A");
            w.Connect("CONNECT 5 keep=0 {session=600} id=b will q1 retain topic=will/b payload=0B");
            w.Connect("CONNECT 5 keep=0 {session=600} id=c will {delay=10} q1 topic=will/c payload=0C");
            w.Lose(a);
            w = w.Cut();
            s = w.Resume(S);
            w.Got(s, "PUBLISH q1 topic=will/b id=1 payload=0B"); // it was connected: at once
            w.Resume("CONNECT 5 keep=0 {session=600} id=c");
            w.Pass(11000);
            w.Got(s, "PUBLISH q1 topic=will/a id=2 payload=0A");
            w.Ask(s, "PUBACK id=1 / PUBACK id=2", "");
            w.Pass(2000);
            w = w.Cut();
            s = w.Resume(S);
            w.Pass(30000);
            w.Silent(s);
            w.End();
        }

        // A session of 100 seconds that is offline, with two messages; ten seconds have passed since the first.
        private static KeptWorld Expiring()
        {
            KeptWorld w = KeptWorld.First();
            int s = w.Connect("CONNECT 5 keep=0 {session=100} id=s");
            w.Subscribe(s, "filter=a q1");
            w.Lose(s);
            int p = w.Connect("CONNECT 5 clean keep=0 id=x");
            w.Ask(p, "PUBLISH q1 topic=a id=1 {expiry=30} payload=01", "PUBACK id=1 reason=00");
            w.Persistence.Wall = 1000000;
            w.Pass(10000);
            w.Ask(p, "PUBLISH q1 topic=a id=2 {expiry=60} payload=02", "PUBACK id=2 reason=00");
            return w;
        }

        [TestMethod]
        public void WithoutAClockTheTimeWithoutPowerDoesNotCount()
        {
            KeptWorld w = Expiring().Cut();
            int s = w.Resume("CONNECT 5 keep=0 {session=100} id=s");
            w.Got(s, "PUBLISH q1 topic=a id=1 {expiry=20} payload=01 / PUBLISH q1 topic=a id=2 {expiry=60} payload=02");
            w.Lose(s);
            w.Pass(99000);
            w = w.Cut();
            Assert.AreEqual(1, w.Broker.SessionCount());
        }

        [TestMethod]
        public void WithAClockItCounts()
        {
            KeptWorld w = Expiring();
            KeptWorld later = KeptWorld.Later(w.Device, 1000040);
            int s = later.Resume("CONNECT 5 keep=0 {session=100} id=s");
            later.Got(s, "PUBLISH q1 topic=a id=1 {expiry=20} payload=02");
            later.Lose(s);
            later.Pass(2000);
            later = KeptWorld.Later(w.Device, 1000400);
            later.Pass(1000);
            Assert.AreEqual(0, later.Broker.SessionCount());
        }

        [TestMethod]
        public void SessionsThatEnd()
        {
            KeptWorld w = KeptWorld.First();
            int s = w.Connect(S);
            w.Subscribe(s, "filter=a q1");
            w.Lose(s);
            s = w.Connect("CONNECT 5 clean keep=0 {session=600} id=s");
            w = w.Cut();
            s = w.Resume(S);
            int p = w.Connect("CONNECT 4 clean keep=0 id=x");
            w.Ask(p, "PUBLISH q1 topic=a id=1 payload=01", "PUBACK id=1 reason=00");
            w.Silent(s);
            // It goes on without lasting: then there is nothing of it after the power was away.
            w.Subscribe(s, "filter=a q1");
            w.Lose(s);
            w.Ask(p, "PUBLISH q1 topic=a id=1 payload=01", "PUBACK id=1 reason=00");
            s = w.Resume("CONNECT 5 keep=0 id=s");
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=01");
            w = w.Cut();
            Assert.AreEqual(0, w.Broker.SessionCount());
            w.Connect(S);
            w.End();
        }

        [TestMethod]
        public void Switches()
        {
            for (int off = 0; off < 5; off++)
            {
                PersistenceOptions o = new PersistenceOptions();
                o.Queues = off != 0;
                o.Received = off != 1;
                o.Subscriptions = off != 2;
                o.Retained = off != 3;
                o.Wills = off != 4;
                KeptWorld w = KeptWorld.First(o);
                int s = w.Connect("CONNECT 5 keep=0 {session=600} id=s will {delay=5} topic=w payload=77");
                w.Subscribe(s, "filter=a q1");
                w.Lose(s);
                int p = w.Connect(P);
                w.Ask(p, "PUBLISH q2 topic=a id=1 payload=01 / PUBLISH q1 retain topic=r id=2 payload=02",
                    "PUBREC id=1 reason=00 / PUBACK id=2 reason=10");
                w = w.Cut();
                int t = w.Connect("CONNECT 4 clean keep=0 id=t");
                w.Ask(t, "SUBSCRIBE id=1 filter=#",
                    off == 3 ? "SUBACK id=1 00" : "SUBACK id=1 00 / PUBLISH q0 retain topic=r payload=02");
                w.Pass(7000);
                w.Got(t, off == 4 ? "" : "PUBLISH q0 topic=w payload=77");
                p = w.Resume(P);
                w.Ask(p, "PUBREL id=1", off == 1 ? "PUBCOMP id=1 reason=92" : "PUBCOMP id=1 reason=00");
                s = w.Resume(S);
                w.Got(s, off == 0 ? "" : "PUBLISH q1 topic=a id=1 payload=01");
                w.Ask(s, "UNSUBSCRIBE id=9 filter=a", off == 2 ? "UNSUBACK id=9 11" : "UNSUBACK id=9 00");
            }
        }
    }
}
