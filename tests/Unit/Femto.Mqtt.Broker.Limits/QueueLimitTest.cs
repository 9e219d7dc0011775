using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Limits of queues and of the pool reached: who is told, with which reason code, and what counts it.
    /// </summary>
    [TestClass]
    public class QueueLimitTest
    {
        // A session that is offline with so many messages of one block queued.
        private static void Away(Rig r, string id, int messages)
        {
            int c = r.Subscriber("5 {session=3600} id=" + id, "filter=to/" + id + " q1");
            r.Lose(c);
            int p = r.Connect("5 clean id=fill");
            for (int i = 1; i <= messages; i++)
            {
                r.Ask(p, "PUBLISH q1 topic=to/" + id + " id=1 payload=" + Hex(i), "PUBACK id=1 reason=00");
            }
            r.Lose(p);
        }

        private static string Hex(int i)
        {
            return (10 + i).ToString();
        }

        // The messages that a session gets when it comes back, acknowledging each; their payloads.
        private static string Back(Rig r, string id)
        {
            int c = r.Connect("5 {session=3600} id=" + id);
            string payloads = "";
            while (r.Has(c))
            {
                string line = r.Next(c);
                payloads += line.Substring(line.IndexOf("payload=") + 8) + " ";
                int at = line.IndexOf(" id=") + 4;
                r.Send(c, "PUBACK id=" + line.Substring(at, line.IndexOf(" ", at) - at));
            }
            r.Lose(c);
            return payloads;
        }

        [TestMethod]
        public void QueueMessagesDropNewest()
        {
            Rig r = Rig.Tiny();
            Away(r, "s", 6);
            r.Counts(Counter.DroppedQueueFull, 2);
            Assert.AreEqual(2, r.Lost("s"));
            Assert.AreEqual("11 12 13 14 ", Back(r, "s"));
            r.End();
        }

        // What expires while its session is away makes room at once.
        [TestMethod]
        public void ExpiredMakesRoomWhileItsSessionIsAway()
        {
            Rig r = Rig.Tiny();
            int c = r.Subscriber("5 {session=3600} id=s", "filter=t q1");
            int p = r.Connect("5 clean id=p");
            r.Send(p, "PUBLISH q1 topic=t id=1 {expiry=4} payload=31");
            r.Send(p, "PUBLISH q1 topic=t id=2 payload=32 / PUBLISH q1 topic=t id=3 {expiry=10} payload=33");
            r.Got(c, "PUBLISH q1 topic=t id=1 {expiry=4} payload=31 / PUBLISH q1 topic=t id=2 payload=32");
            r.Lose(c); // the first two have been sent: they are kept
            r.Send(p, "PUBLISH q1 topic=t id=4 {expiry=5} payload=34 / PUBLISH q1 topic=t id=5 payload=35");
            r.Counts(Counter.DroppedQueueFull, 1);
            r.Pass(4000);
            r.Counts(Counter.DroppedExpired, 0);
            r.Pass(1000);
            r.Counts(Counter.DroppedExpired, 1);
            r.Send(p, "PUBLISH q1 topic=t id=6 payload=36");
            r.Counts(Counter.DroppedQueueFull, 1);
            r.Pass(5000);
            r.Counts(Counter.DroppedExpired, 2);
            Assert.AreEqual(3, r.Lost("s"));
            Assert.IsTrue(r.Broker.Wait(r.NowMs) != 0, "there is more to do at once");
            r.Send(p, "PUBLISH q1 topic=t id=7 payload=37");
            Assert.AreEqual("31 32 36 37 ", Back(r, "s"));
            r.Counts(Counter.DroppedQueueFull, 1);
            r.End();
        }

        [TestMethod]
        public void QueueMessagesDropOldest()
        {
            Limits limits = Limits.Tiny();
            limits.QueueFull = QueuePolicy.DropOldest;
            Rig r = new Rig(limits);
            Away(r, "s", 6);
            r.Counts(Counter.DroppedQueueFull, 2);
            Assert.AreEqual(2, r.Lost("s"));
            Assert.AreEqual("13 14 15 16 ", Back(r, "s"));
            r.End();
        }

        [TestMethod]
        public void QueueMessagesEndSession()
        {
            Limits limits = Limits.Tiny();
            limits.QueueFull = QueuePolicy.EndSession;
            Rig r = new Rig(limits);
            int p = r.Connect("5 clean id=p");
            r.Lose(r.Subscriber("5 {session=3600} id=s", "filter=t q1"));
            int on = r.Subscriber("5 {session=3600} id=on", "filter=t q1");
            for (int i = 1; i <= 4; i++)
            {
                r.Ask(p, "PUBLISH q1 topic=t id=1 payload=31", "PUBACK id=1 reason=00");
                r.Send(on, "PUBACK id=" + i.ToString());
            }
            r.Ask(p, "PUBLISH q1 topic=t id=1 payload=32", "PUBACK id=1 reason=00");
            r.Counts(Counter.EndedQueueFull, 1);
            r.Counts(Counter.DroppedQueueFull, 1);
            r.Counts(Counter.DroppedSessionEnd, 4);
            Assert.AreEqual(2, r.Broker.SessionCount());
            // The one that reads but does not acknowledge is told.
            r.Send(on, "PUBACK id=5");
            r.All(on);
            for (int i = 1; i <= 4; i++) r.Ask(p, "PUBLISH q1 topic=t id=1 payload=31", "PUBACK id=1 reason=00");
            r.Pass(1500);
            r.Ask(p, "PUBLISH q1 topic=t id=1 payload=32", "PUBACK id=1 reason=00");
            r.Told(on, "PUBLISH q1 topic=t id=6 payload=31 / PUBLISH q1 topic=t id=7 payload=31"
                + " / DISCONNECT reason=97 / CLOSED");
            r.Counts(Counter.EndedQueueFull, 2);
            Assert.AreEqual(1, r.Broker.SessionCount());
            r.End();
        }

        [TestMethod]
        public void QueueBlocks()
        {
            for (int policy = QueuePolicy.DropNewest; policy <= QueuePolicy.EndSession; policy++)
            {
                Limits limits = Limits.Tiny();
                limits.QueueFull = policy;
                Rig r = new Rig(limits);
                r.Lose(r.Subscriber("5 {session=3600} id=s", "filter=t q1"));
                int p = r.Connect("5 clean id=p");
                string large = Rig.Hexes(124);
                for (int i = 1; i <= 4; i++) // of four blocks each
                {
                    r.Ask(p, "PUBLISH q1 topic=t id=1 payload=" + Hex(i) + large, "PUBACK id=1 reason=00");
                }
                r.Counts(Counter.DroppedQueueFull, 1);
                r.Counts(Counter.EndedQueueFull, policy == QueuePolicy.EndSession ? 1 : 0);
                string got = Back(r, "s");
                if (policy == QueuePolicy.DropNewest)
                {
                    Assert.AreEqual("11" + large + " 12" + large + " 13" + large + " ", got);
                }
                else if (policy == QueuePolicy.DropOldest)
                {
                    Assert.AreEqual("12" + large + " 13" + large + " 14" + large + " ", got);
                }
                else
                {
                    Assert.AreEqual("", got);
                }
                r.End();
            }
        }

        // What is on its way cannot be dropped: when there is nothing else, the new message goes.
        [TestMethod]
        public void QueueBlocksOnTheirWay()
        {
            Limits limits = Limits.Tiny();
            limits.QueueFull = QueuePolicy.DropOldest;
            limits.QueueBlocks = 10;
            Rig r = new Rig(limits);
            int s = r.Subscriber("5 clean id=s", "filter=t q1");
            int p = r.Connect("5 clean id=p");
            string large = " payload=" + Rig.Hexes(100); // four blocks
            r.Send(p, "PUBLISH q1 topic=t id=1" + large);
            r.Send(p, "PUBLISH q1 topic=t id=2" + large);
            r.Send(p, "PUBLISH q1 topic=t id=3 payload=33");
            r.Got(s, "PUBLISH q1 topic=t id=1" + large + " / PUBLISH q1 topic=t id=2" + large);
            r.Pass(1500);
            r.Send(p, "PUBLISH q1 topic=t id=4" + large);
            r.Got(p, "PUBACK id=1 reason=00 / PUBACK id=2 reason=00 / PUBACK id=3 reason=00 / PUBACK id=4 reason=00");
            r.Counts(Counter.DroppedQueueFull, 2);
            r.Ask(s, "PUBACK id=1 / PUBACK id=2", "");
            r.End();
        }

        // The shared pool: a QoS 1 or 2 publisher is held, then refused; a 3.1.1 client is closed.
        [TestMethod]
        public void Deliveries()
        {
            Limits limits = Limits.Tiny();
            limits.Messages = 20;
            Full(new Rig(limits), 4, 4, 4);
        }

        [TestMethod]
        public void Messages()
        {
            Limits limits = Limits.Tiny();
            limits.Messages = 8;
            Full(new Rig(limits), 4, 4, 0);
        }

        [TestMethod]
        public void Blocks()
        {
            Limits limits = Limits.Tiny();
            limits.Blocks = 12;
            limits.Messages = 20;
            limits.Deliveries = 20;
            Full(new Rig(limits), 4, 4, 3); // and the last one, which is in reserve, is retained
        }

        // Three sessions with so many messages fill the pool; "d" has nothing queued and is offline too.
        private static void Full(Rig r, int first, int second, int third)
        {
            int dropped = Counter.DroppedPoolFull;
            r.Lose(r.Subscriber("5 {session=3600} id=d", "filter=to/d q1"));
            Away(r, "s0", first);
            Away(r, "s1", second);
            Away(r, "s2", third);
            r.Counts(Counter.DroppedQueueFull, 0);
            int p = r.Connect("5 clean id=p");
            if (third == 3) r.Send(p, "PUBLISH retain topic=x payload=31");
            r.Ask(p, "PUBLISH q1 topic=to/d id=1 payload=31", "");
            r.Counts(Counter.Held, 1);
            r.Pass(1999);
            r.Got(p, "");
            r.Pass(1);
            r.Got(p, "PUBACK id=1 reason=97");
            r.Counts(Counter.RefusedPoolFull, 1);
            r.Ask(p, "PUBLISH q2 topic=to/d id=2 payload=31", "");
            r.Pass(2000);
            r.Got(p, "PUBREC id=2 reason=97");
            r.Counts(Counter.RefusedPoolFull, 2);
            r.Ask(p, "PUBREL id=2", "PUBCOMP id=2 reason=92"); // refused: not kept
            int d = r.Connect("5 {session=3600} id=d");
            r.Ask(p, "PUBLISH topic=to/d payload=33", ""); // QoS 0 needs no room when its subscriber reads
            r.Got(d, "PUBLISH q0 topic=to/d payload=33");
            r.Counts(dropped, 0);
            r.Stall(d);
            r.Send(p, "PUBLISH topic=to/d payload=" + Rig.Hexes(90)); // into the send buffer
            r.Send(p, "PUBLISH topic=to/d payload=" + Rig.Hexes(90));
            r.Counts(dropped, 0);
            r.Pass(2000);
            r.Counts(dropped, 1);
            Assert.AreEqual(1, r.Lost("d"));
            r.TakeAll(d);
            r.Got(d, "PUBLISH q0 topic=to/d payload=" + Rig.Hexes(90));
            r.Lose(d);
            int old = r.Connect("4 clean id=old");
            r.Ask(old, "PUBLISH q1 topic=to/d id=1 payload=31", "");
            r.Pass(2000);
            r.Got(old, "CLOSED");
            r.Counts(Counter.RefusedPoolFull, 3);
            // Held, and then there is room.
            r.Ask(p, "PUBLISH q1 topic=to/d id=3 payload=35", "");
            r.Pass(1000);
            Assert.AreEqual(first * 3, Back(r, "s0").Length);
            r.Got(p, "PUBACK id=3 reason=00");
            Assert.AreEqual("35 ", Back(r, "d"));
            r.Counts(Counter.RefusedPoolFull, 3);
            r.End(third == 3 ? "x" : "");
        }

        // The last eighth of the blocks is for sessions that have nothing queued.
        [TestMethod]
        public void Reserve()
        {
            for (int policy = QueuePolicy.DropNewest; policy <= QueuePolicy.DropOldest; policy++)
            {
                Limits limits = Limits.Tiny();
                limits.QueueFull = policy;
                limits.PacketBytes = 128;
                limits.QueueBlocks = 8;
                limits.Blocks = 8; // so one is in reserve
                limits.QueueMessages = 10;
                Rig r = new Rig(limits);
                r.Lose(r.Subscriber("5 {session=3600} id=d", "filter=to/d q1"));
                Away(r, "s", 9);
                r.Counts(Counter.DroppedQueueFull, 2);
                int p = r.Connect("5 clean id=p");
                r.Ask(p, "PUBLISH q1 topic=to/d id=1 payload=31", "PUBACK id=1 reason=00");
                r.Counts(Counter.RefusedPoolFull, 0);
                Assert.AreEqual(policy == QueuePolicy.DropNewest ? "11 12 13 14 15 16 17 " : "13 14 15 16 17 18 19 ",
                    Back(r, "s"));
                r.End();
            }
        }

        // So is the last part of the deliveries and of the messages: one who does not read cannot take them all.
        [TestMethod]
        public void ReserveOfRows()
        {
            for (int i = 0; i < 2; i++)
            {
                Limits limits = Limits.Tiny();
                limits.Deliveries = i == 0 ? 32 : 40;
                limits.Messages = i == 0 ? 40 : 32; // so two are in reserve
                limits.Blocks = 120;
                limits.QueueBlocks = 120;
                limits.QueueMessages = 32;
                limits.QueueFull = QueuePolicy.DropNewest;
                Rig r = new Rig(limits);
                r.Lose(r.Subscriber("5 {session=3600} id=d", "filter=to/d q1"));
                Away(r, "s", 35);
                r.Counts(Counter.DroppedQueueFull, 4);
                r.Counts(Counter.RefusedPoolFull, 0);
                int p = r.Connect("5 clean id=p");
                r.Ask(p, "PUBLISH q1 topic=to/d id=1 payload=31", "PUBACK id=1 reason=00");
                Assert.AreEqual("31 ", Back(r, "d"));
                r.End();
            }
        }

        [TestMethod]
        public void WillWithoutRoom()
        {
            Rig r = Rig.Tiny();
            for (int i = 0; i < 3; i++) Away(r, "s" + i.ToString(), i == 2 ? 2 : 4); // ten messages: all there are
            int w = r.Open();
            r.Send(w, "CONNECT 5 clean id=w will topic=t payload=31");
            r.Told(w, "CONNACK reason=97 / CLOSED");
            w = r.Open();
            r.Ask(w, "CONNECT 4 clean id=w will topic=t payload=31", "CONNACK reason=03 / CLOSED");
            r.Counts(Counter.ConnectsRefused, 2);
            Assert.AreEqual(3, r.Broker.SessionCount());
            r.End();
        }

        // A will that was taken at CONNECT finds no delivery, or no retained slot: the loss is counted.
        [TestMethod]
        public void WillWithoutDeliveries()
        {
            Limits limits = Limits.Tiny();
            limits.Deliveries = 8;
            limits.Retained = 1;
            Rig r = new Rig(limits);
            int w = r.Connect("5 clean id=w will q1 retain topic=to/d payload=31");
            r.Lose(r.Subscriber("5 {session=3600} id=d", "filter=to/d q1"));
            for (int i = 0; i < 2; i++) Away(r, "s" + i.ToString(), 4);
            int p = r.Connect("5 clean id=p");
            r.Ask(p, "PUBLISH q1 retain topic=x id=1 payload=31", "PUBACK id=1 reason=10");
            r.Lose(w);
            r.Counts(Counter.DroppedPoolFull, 1);
            r.Counts(Counter.DroppedRetained, 1);
            Assert.AreEqual(1, r.Lost("d"));
            r.End("x");
        }

        // A will's expiry is counted from its publication; the longest one does not wrap.
        [TestMethod]
        public void WillThatExpiresLate()
        {
            Rig r = Rig.Tiny();
            int s = r.Subscriber("5 clean id=s", "filter=t");
            r.Pass(10000);
            int w = r.Connect("5 clean id=w will {expiry=4294967294} topic=t payload=31");
            r.Lose(w);
            string got = r.All(s);
            Assert.AreEqual(0, got.IndexOf("PUBLISH q0 topic=t"), got);
            r.Counts(Counter.DroppedExpired, 0);
            r.End();
        }

        [TestMethod]
        public void RetainedWithoutPool()
        {
            Rig r = Rig.Tiny();
            for (int i = 0; i < 3; i++) Away(r, "s" + i.ToString(), i == 2 ? 2 : 4);
            int p = r.Connect("5 clean id=p");
            r.Ask(p, "PUBLISH q1 retain topic=x id=1 payload=31", "");
            r.Pass(2000);
            r.Got(p, "PUBACK id=1 reason=97");
            r.Counts(Counter.RefusedPoolFull, 1);
            r.Send(p, "PUBLISH retain topic=x payload=31");
            r.Pass(1999);
            r.Counts(Counter.DroppedRetained, 0);
            r.Pass(1);
            r.Counts(Counter.DroppedRetained, 1);
            r.End();
        }

        // QoS 0 for a session that is away is not kept.
        [TestMethod]
        public void Offline()
        {
            Rig r = Rig.Tiny();
            int s = r.Subscriber("5 {session=3600} id=s", "filter=t q1");
            int p = r.Connect("5 clean id=p");
            r.Stall(s);
            r.Send(p, "PUBLISH topic=t payload=" + Rig.Hexes(98)); // into the send buffer
            r.Send(p, "PUBLISH topic=t payload=" + Rig.Hexes(40)); // its beginning too: it is on its way
            r.Send(p, "PUBLISH topic=t payload=31");
            r.Counts(Counter.DroppedOffline, 0);
            r.Lose(s);
            r.Counts(Counter.DroppedOffline, 1); // the one that was still queued
            r.Send(p, "PUBLISH topic=t payload=32");
            r.Counts(Counter.DroppedOffline, 2);
            Assert.AreEqual(2, r.Lost("s"));
            Assert.AreEqual("", Back(r, "s"));
            r.End();
        }
    }
}
