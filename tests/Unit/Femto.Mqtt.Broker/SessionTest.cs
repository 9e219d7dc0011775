using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Sessions, sections 3.1.2.4, 3.1.2.11.2 and 4.1.</summary>
    [TestClass]
    public class SessionTest
    {
        private const string Taken =
            "DISCONNECT reason=8E / CLOSED";

        [TestMethod]
        public void CleanSessionsEndWithTheirConnection()
        {
            World w = new World();
            int a = w.Connect("CONNECT 4 clean keep=0 id=a");
            int b = w.Connect("CONNECT 5 keep=0 id=b"); // no expiry: as long as the connection
            Assert.AreEqual(2, w.Broker.SessionCount());
            w.Ask(a, "DISCONNECT", World.Closed);
            w.Lose(b);
            Assert.AreEqual(0, w.Broker.SessionCount());
            a = w.Connect("CONNECT 4 keep=0 id=a");
            b = w.Connect("CONNECT 5 keep=0 id=b");
            w.End();
        }

        [TestMethod]
        public void OfflineQueue()
        {
            for (int version = 4; version <= 5; version++)
            {
                World w = new World();
                string connect = version == 4 ? "CONNECT 4 keep=0 id=s" : "CONNECT 5 keep=0 {session=60} id=s";
                int s = w.Connect(connect);
                w.Subscribe(s, "filter=a/# q1");
                w.Ask(s, "DISCONNECT", World.Closed);
                int p = w.Connect("CONNECT 5 clean keep=0 id=p");
                w.Send(p, "PUBLISH q1 topic=a/1 id=1 payload=01 / PUBLISH topic=a/2 payload=02");
                w.Send(p, "PUBLISH q2 topic=a/3 id=3 payload=03");
                w.Got(p, "PUBACK id=1 reason=00 / PUBREC id=3 reason=00");
                w.Counts(Counter.DroppedOffline, 1);
                Assert.AreEqual(1, w.Broker.DroppedOf(w.Session("s")));
                s = w.Resume(connect);
                w.Got(s, "PUBLISH q1 topic=a/1 id=1 payload=01 / PUBLISH q1 topic=a/3 id=2 payload=03");
                w.Ask(s, "PUBACK id=1 / PUBACK id=2", "");
                // The subscription is there still.
                w.Send(p, "PUBLISH topic=a payload=04");
                w.Got(s, "PUBLISH q0 topic=a payload=04");
                w.End();
            }
        }

        // QoS 0 that waits behind others is not kept for a client that is away.
        [TestMethod]
        public void Qos0InTheQueueGoesWithTheConnection()
        {
            World w = new World();
            int s = w.Connect("CONNECT 5 keep=0 {session=60 receive=1} id=s");
            w.Subscribe(s, "{sub=1} filter=a q1");
            w.Subscribe(s, "{sub=2} filter=+ q1");
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            w.Send(p, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH q1 topic=a id=2 payload=02");
            w.Send(p, "PUBLISH topic=a payload=03 / PUBLISH q1 topic=a id=4 payload=04 / PUBLISH topic=a payload=05");
            w.Got(p, "PUBACK id=1 reason=00 / PUBACK id=2 reason=00 / PUBACK id=4 reason=00");
            w.Got(s, "PUBLISH q1 topic=a id=1 {sub=1 sub=2} payload=01");
            w.Lose(s);
            w.Counts(Counter.DroppedOffline, 2);
            s = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            w.Got(s, "PUBLISH dup q1 topic=a id=1 {sub=1 sub=2} payload=01"
                + " / PUBLISH q1 topic=a id=2 {sub=1 sub=2} payload=02 / PUBLISH q1 topic=a id=3 {sub=1 sub=2}"
                    + " payload=04");
            w.End();
        }

        // [MQTT-3.1.2-23], never early; the clock counts whole seconds, so up to one late.
        [TestMethod]
        public void Expiry()
        {
            for (int offset = 0; offset < 1000; offset += 333)
            {
                World w = new World();
                w.Pass(offset);
                int s = w.Connect("CONNECT 5 keep=0 {session=10} id=s");
                w.Pass(20000);
                w.Lose(s);
                w.Pass(9999);
                Assert.AreEqual(1, w.Broker.SessionCount());
                s = w.Resume("CONNECT 5 keep=0 {session=10} id=s");
                w.Lose(s);
                w.Pass(9999);
                Assert.AreEqual(1, w.Broker.SessionCount());
                w.Pass(1000);
                Assert.AreEqual(0, w.Broker.SessionCount());
                w.Counts(Counter.SessionsExpired, 1);
                s = w.Connect("CONNECT 5 keep=0 {session=10} id=s");
                w.End();
            }
        }

        // 0xFFFFFFFF has no end; here the broker sets one only if its limits say so.
        [TestMethod]
        public void NoExpiry()
        {
            Limits limits = World.Sizes();
            limits.SessionSeconds = 0xFFFFFFFF;
            World w = new World(limits);
            int s = w.Raw("CONNECT 5 clean keep=0 {session=4294967295} id=s");
            w.Got(s, "CONNACK reason=00 {receive=8 aliases=4 max=1024}");
            int old = w.Connect("CONNECT 4 keep=0 id=old");
            w.Lose(s);
            w.Lose(old);
            int days = TopicFixture.OnBoard ? 1 : 30; // past the wrap of the clock
            for (int i = 0; i < days; i++) w.Pass(86400000);
            s = w.Resume("CONNECT 5 keep=0 id=s");
            old = w.Resume("CONNECT 4 keep=0 id=old");
            w.Lose(old);
            old = w.Connect("CONNECT 4 clean keep=0 id=old");
            w.End();
        }

        [TestMethod]
        public void Version4SessionsEndAsConfigured()
        {
            World w = new World();
            int s = w.Connect("CONNECT 4 keep=0 id=s");
            w.Ask(s, "DISCONNECT", World.Closed);
            w.Pass(3599999);
            Assert.AreEqual(1, w.Broker.SessionCount());
            w.Pass(1);
            Assert.AreEqual(0, w.Broker.SessionCount());
            w.End();
        }

        // Section 3.14.2.2.2
        [TestMethod]
        public void DisconnectChangesExpiry()
        {
            World w = new World();
            int s = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            w.Ask(s, "DISCONNECT reason=00 {session=0}", World.Closed);
            Assert.AreEqual(0, w.Broker.SessionCount());
            s = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            w.Ask(s, "DISCONNECT reason=00 {session=5}", World.Closed);
            w.Pass(4999);
            Assert.AreEqual(1, w.Broker.SessionCount());
            w.Pass(1);
            Assert.AreEqual(0, w.Broker.SessionCount());
            s = w.Connect("CONNECT 5 keep=0 {session=1} id=s");
            w.Ask(s, "DISCONNECT reason=00 {session=4294967295}", World.Closed);
            w.Pass(3599999);
            Assert.AreEqual(1, w.Broker.SessionCount()); // as long as the limits allow
            w.Pass(1);
            Assert.AreEqual(0, w.Broker.SessionCount());
            // [MQTT-3.14.2-2]
            s = w.Connect("CONNECT 5 keep=0 id=s");
            w.Ask(s, "DISCONNECT reason=00 {session=5}", "DISCONNECT reason=82 / CLOSED");
            Assert.AreEqual(0, w.Broker.SessionCount());
            s = w.Connect("CONNECT 5 keep=0 {session=0} id=s");
            w.Ask(s, "DISCONNECT reason=00 {session=0}", World.Closed);
            w.End();
        }

        [TestMethod]
        public void WrongDisconnect()
        {
            World w = new World();
            int s = w.Connect("CONNECT 5 keep=0 id=s");
            w.Ask(s, "DISCONNECT reason=01", "DISCONNECT reason=82 / CLOSED");
            s = w.Connect("CONNECT 4 clean keep=0 id=s");
            w.Ask(s, "HEX E00100", World.Closed);
            s = w.Connect("CONNECT 5 keep=0 id=s");
            w.Ask(s, "HEX E10100", "DISCONNECT reason=81 / CLOSED");
            w.Counts(Counter.ProtocolErrors, 3);
            // Nothing is taken behind DISCONNECT [MQTT-3.14.4-1].
            s = w.Connect("CONNECT 5 keep=0 id=s");
            w.Ask(s, "DISCONNECT / PINGREQ", World.Closed);
            w.End();
        }

        // [MQTT-3.1.4-3]
        [TestMethod]
        public void TakeOver()
        {
            World w = new World();
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            int a = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            w.Subscribe(a, "filter=a q1");
            w.Send(p, "PUBLISH q1 topic=a id=1 payload=01");
            w.Got(p, "PUBACK id=1 reason=00");
            w.Got(a, "PUBLISH q1 topic=a id=1 payload=01");
            int b = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            w.Got(a, Taken);
            w.Got(b, "PUBLISH dup q1 topic=a id=1 payload=01");
            w.Ask(b, "PUBACK id=1", "");
            // By a 3.1.1 client, of a 3.1.1 client.
            int c = w.Resume("CONNECT 4 keep=0 id=s");
            w.Got(b, Taken);
            int d = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            w.Got(c, World.Closed);
            w.Counts(Counter.TakenOver, 3);
            // With a clean start nothing is left of it.
            int e = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Got(d, Taken);
            w.Send(p, "PUBLISH q1 topic=a id=1 payload=01");
            w.Got(p, "PUBACK id=1 reason=00");
            w.Silent(e);
            // A session without expiry ends when its connection does: there is nothing to go on with.
            int f = w.Connect("CONNECT 5 keep=0 id=s");
            w.Got(e, Taken);
            Assert.AreEqual(2, w.Broker.SessionCount());
            Assert.AreEqual(2, w.Broker.ClientsConnected);
            w.Silent(f);
            w.End();
        }

        // What a client left half sent goes with its connection.
        [TestMethod]
        public void ACutPacketIsForgotten()
        {
            World w = new World();
            int a = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            w.Send(a, "HEX 3206000161");
            w.Lose(a);
            a = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            w.Ask(a, "PINGREQ", "PINGRESP");
            w.End();
        }

        // A session that ends takes its queue along, counted.
        [TestMethod]
        public void QueueOfAnEndedSession()
        {
            World w = new World();
            int s = w.Connect("CONNECT 4 keep=0 id=s");
            w.Subscribe(s, "filter=a q2");
            w.Lose(s);
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            w.Send(p, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH q2 topic=a id=2 payload=02");
            w.Got(p, "PUBACK id=1 reason=00 / PUBREC id=2 reason=00");
            s = w.Connect("CONNECT 4 clean keep=0 id=s");
            w.Silent(s);
            w.Counts(Counter.DroppedSessionEnd, 2);
            w.End();
        }
    }
}
