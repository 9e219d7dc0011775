using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What subscribers get: QoS, identifiers, order, window, and sending again.</summary>
    [TestClass]
    public class QosOutTest
    {
        // [MQTT-3.8.4-8]: the lower of what was published and what was granted.
        [TestMethod]
        public void TheLowerQos()
        {
            for (int version = 4; version <= 5; version++)
            {
                World w = new World();
                string v = version.ToString();
                int p = w.Connect("CONNECT 5 clean keep=0 id=p");
                int s0 = w.Connect("CONNECT " + v + " clean keep=0 id=s0");
                int s1 = w.Connect("CONNECT " + v + " clean keep=0 id=s1");
                int s2 = w.Connect("CONNECT " + v + " clean keep=0 id=s2");
                w.Ask(s0, "SUBSCRIBE id=3 filter=a", "SUBACK id=3 00");
                w.Ask(s1, "SUBSCRIBE id=3 filter=a q1", "SUBACK id=3 01");
                w.Ask(s2, "SUBSCRIBE id=3 filter=a q2", "SUBACK id=3 02");
                w.Send(p, "PUBLISH topic=a payload=30 / PUBLISH q1 topic=a id=1 payload=31");
                w.Send(p, "PUBLISH q2 topic=a id=2 payload=32");
                w.Got(p, "PUBACK id=1 reason=00 / PUBREC id=2 reason=00");
                w.Got(s0, "PUBLISH q0 topic=a payload=30 / PUBLISH q0 topic=a payload=31 / "
                    + "PUBLISH q0 topic=a payload=32");
                w.Got(s1, "PUBLISH q0 topic=a payload=30 / PUBLISH q1 topic=a id=1 payload=31"
                    + " / PUBLISH q1 topic=a id=2 payload=32");
                w.Got(s2, "PUBLISH q0 topic=a payload=30 / PUBLISH q1 topic=a id=1 payload=31"
                    + " / PUBLISH q2 topic=a id=2 payload=32");
                w.Counts(Counter.Downgraded, 3);
                w.Ask(s1, "PUBACK id=1 / PUBACK id=2", "");
                w.Ask(s2, "PUBACK id=1 / PUBREC id=2", "PUBREL id=2 reason=00");
                w.Ask(s2, "PUBCOMP id=2", "");
                w.End();
            }
        }

        // The packet's bytes, worked out by hand.
        [TestMethod]
        public void Bytes()
        {
            World w = new World();
            int a = w.Connect("CONNECT 4 clean keep=0 id=a");
            int b = w.Connect("CONNECT 5 clean keep=0 id=b");
            w.Subscribe(a, "filter=t/+ q2");
            w.Subscribe(b, "filter=t/+ q2");
            w.Send(b, "PUBLISH topic=t/x payload=FF00");
            Assert.AreEqual("30070003742F78FF00", w.FirstHex(a));
            Assert.AreEqual("30080003742F7800FF00", w.FirstHex(b));
            w.Send(b, "PUBLISH q1 topic=t/x id=9 payload=FF");
            Assert.AreEqual("32080003742F780001FF", w.FirstHex(a));
            Assert.AreEqual("32090003742F78000100FF", w.FirstHex(b));
            Assert.AreEqual("40020009", w.FirstHex(b));
            w.Send(b, "PUBLISH q2 topic=t/x id=9");
            Assert.AreEqual("34070003742F780002", w.FirstHex(a));
            Assert.AreEqual("34080003742F78000200", w.FirstHex(b));
            Assert.AreEqual("50020009", w.FirstHex(b));
            w.Send(a, "PUBREC id=2");
            Assert.AreEqual("62020002", w.FirstHex(a));
            w.Send(b, "PUBREC id=7");
            Assert.AreEqual("6203000792", w.FirstHex(b));
            w.End();
        }

        [TestMethod]
        public void AcknowledgementsOutOfPlace()
        {
            World w = new World();
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            int old = w.Connect("CONNECT 4 clean keep=0 id=old");
            w.Ask(s, "PUBACK id=7", "");
            w.Ask(s, "PUBREC id=7", "PUBREL id=7 reason=92");
            w.Ask(s, "PUBCOMP id=7", "");
            w.Ask(s, "PUBREC id=7 reason=80", "PUBREL id=7 reason=92");
            w.Ask(old, "PUBREC id=7", "PUBREL id=7 reason=00");
            w.Subscribe(s, "filter=a q2");
            w.Send(old, "PUBLISH q1 topic=a id=1 / PUBLISH q2 topic=a id=2");
            w.Got(old, "PUBACK id=1 reason=00 / PUBREC id=2 reason=00");
            w.Got(s, "PUBLISH q1 topic=a id=1 payload= / PUBLISH q2 topic=a id=2 payload=");
            w.Ask(s, "PUBREC id=2 / PUBREC id=2", "PUBREL id=2 reason=00 / PUBREL id=2 reason=00");
            w.Ask(s, "PUBCOMP id=2 / PUBCOMP id=2 / PUBACK id=1 / PUBACK id=1", "");
            w.End();
        }

        // An acknowledgement of the wrong kind for its message: section 4.3.
        [TestMethod]
        public void AcknowledgementsOfTheWrongKind()
        {
            string[] wrong = new string[] { "PUBREC id=1", "PUBCOMP id=1", "PUBACK id=2", "PUBCOMP id=2" };
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            for (int i = 0; i < wrong.Length; i++)
            {
                int s = w.Connect("CONNECT 5 clean keep=0 id=s");
                w.Subscribe(s, "filter=a q2");
                w.Send(p, "PUBLISH q1 topic=a id=1 / PUBLISH q2 topic=a id=2 / PUBREL id=2");
                w.Got(p, "PUBACK id=1 reason=00 / PUBREC id=2 reason=00 / PUBCOMP id=2 reason=00");
                w.Got(s, "PUBLISH q1 topic=a id=1 payload= / PUBLISH q2 topic=a id=2 payload=");
                w.Ask(s, wrong[i], "DISCONNECT reason=82 / CLOSED");
            }
            w.End();
        }

        // PUBREC of 0x80 and above ends the delivery and frees its identifier.
        [TestMethod]
        public void PubrecWithAnError()
        {
            World w = new World();
            int s = w.Connect("CONNECT 5 keep=0 {receive=1 session=60} id=s");
            w.Subscribe(s, "filter=a q2");
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Send(p, "PUBLISH q2 topic=a id=1 payload=31 / PUBLISH q2 topic=a id=2 payload=32");
            w.Got(p, "PUBREC id=1 reason=00 / PUBREC id=2 reason=00");
            w.Got(s, "PUBLISH q2 topic=a id=1 payload=31");
            w.Ask(s, "PUBREC id=1 reason=97", "PUBLISH q2 topic=a id=2 payload=32");
            w.Ask(s, "PUBREC id=2", "PUBREL id=2 reason=00");
            w.Lose(s);
            s = w.Resume("CONNECT 5 keep=0 {receive=1 session=60} id=s");
            w.Got(s, "PUBREL id=2 reason=00");
            w.Ask(s, "PUBCOMP id=2", "");
            w.Lose(s);
            s = w.Resume("CONNECT 5 keep=0 {receive=1 session=60} id=s");
            w.Silent(s);
            w.End();
        }

        // [MQTT-3.3.4-9], [MQTT-4.9.0-1], [MQTT-4.9.0-2]
        [TestMethod]
        public void Window()
        {
            World w = new World();
            int s = w.Connect("CONNECT 5 clean keep=0 {receive=2} id=s");
            w.Subscribe(s, "filter=a q2");
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            for (int i = 1; i <= 3; i++)
            {
                w.Send(p, "PUBLISH q1 topic=a id=1 payload=0" + i.ToString());
                w.Send(p, "PUBLISH q2 topic=a id=2 payload=1" + i.ToString() + " / PUBREL id=2");
                w.Got(p, "PUBACK id=1 reason=00 / PUBREC id=2 reason=00 / PUBCOMP id=2 reason=00");
            }
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH q2 topic=a id=2 payload=11");
            // PUBREC does not open it, PUBCOMP does; what is no PUBLISH is never kept back.
            w.Ask(s, "PUBREC id=2", "PUBREL id=2 reason=00");
            w.Ask(s, "PINGREQ", "PINGRESP");
            w.Ask(s, "PUBCOMP id=2", "PUBLISH q1 topic=a id=3 payload=02");
            w.Ask(s, "PUBACK id=3 / PUBACK id=1",
                "PUBLISH q2 topic=a id=4 payload=12 / PUBLISH q1 topic=a id=5 payload=03");
            w.Ask(s, "PUBACK id=5", "PUBLISH q2 topic=a id=6 payload=13");
            w.Ask(s, "PUBREC id=6 / PUBREC id=4", "PUBREL id=6 reason=00 / PUBREL id=4 reason=00");
            w.Ask(s, "PUBCOMP id=4 / PUBCOMP id=6", "");
            w.End();
        }

        // QoS 0 behind messages that wait keeps its place: per publisher the order is kept [MQTT-4.6.0-6].
        [TestMethod]
        public void Qos0KeepsItsPlaceInTheQueue()
        {
            World w = new World();
            int s = w.Connect("CONNECT 5 clean keep=0 {receive=1} id=s");
            w.Subscribe(s, "filter=a q1");
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Send(p, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH topic=a payload=02");
            w.Send(p, "PUBLISH q1 topic=a id=1 payload=03 / PUBLISH topic=a payload=04");
            w.Got(p, "PUBACK id=1 reason=00 / PUBACK id=1 reason=00");
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH q0 topic=a payload=02");
            w.Ask(s, "PUBACK id=1", "PUBLISH q1 topic=a id=2 payload=03 / PUBLISH q0 topic=a payload=04");
            w.Ask(s, "PUBACK id=2", "");
            w.End();
        }

        // [MQTT-4.4.0-1], [MQTT-3.3.1-1], [MQTT-4.6.0-1] to -4: the same identifiers, in order, PUBLISH with DUP.
        [TestMethod]
        public void SentAgainAfterReconnect()
        {
            for (int version = 4; version <= 5; version++)
            {
                World w = new World();
                string connect = version == 4 ? "CONNECT 4 keep=0 id=s" : "CONNECT 5 keep=0 {session=60} id=s";
                int s = w.Connect(connect);
                w.Subscribe(s, "filter=a/+ q2");
                int p = w.Connect("CONNECT 5 clean keep=0 id=p");
                w.Send(p, "PUBLISH q1 topic=a/1 id=1 payload=01 / PUBLISH q2 topic=a/2 id=2 payload=02");
                w.Send(p, "PUBLISH q2 topic=a/3 id=3 payload=03 / PUBLISH q1 topic=a/4 id=4 payload=04");
                w.Got(p, "PUBACK id=1 reason=00 / PUBREC id=2 reason=00 / PUBREC id=3 reason=00 / "
                    + "PUBACK id=4 reason=00");
                w.Got(s, "PUBLISH q1 topic=a/1 id=1 payload=01 / PUBLISH q2 topic=a/2 id=2 payload=02"
                    + " / PUBLISH q2 topic=a/3 id=3 payload=03 / PUBLISH q1 topic=a/4 id=4 payload=04");
                w.Ask(s, "PUBREC id=3", "PUBREL id=3 reason=00");
                w.Lose(s);
                w.Send(p, "PUBLISH q1 topic=a/5 id=5 payload=05");
                w.Got(p, "PUBACK id=5 reason=00");
                string again = "PUBLISH dup q1 topic=a/1 id=1 payload=01 / PUBLISH dup q2 topic=a/2 id=2 payload=02"
                    + " / PUBREL id=3 reason=00";
                s = w.Resume(connect);
                w.Got(s, again + " / PUBLISH dup q1 topic=a/4 id=4 payload=04 / PUBLISH q1 topic=a/5 id=5"
                    + " payload=05");
                w.Ask(s, "PUBACK id=4", "");
                w.Lose(s);
                s = w.Resume(connect);
                w.Got(s, again + " / PUBLISH dup q1 topic=a/5 id=5 payload=05");
                w.Ask(s, "PUBACK id=1 / PUBREC id=2 / PUBCOMP id=3 / PUBACK id=5", "PUBREL id=2 reason=00");
                w.Ask(s, "PUBCOMP id=2", "");
                w.Lose(s);
                s = w.Resume(connect);
                w.Silent(s);
                w.End();
            }
        }

        // [MQTT-3.3.4-10]: PUBREL is not kept back by a window that has become smaller.
        [TestMethod]
        public void PubrelPassesASmallerWindow()
        {
            World w = new World();
            int s = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            w.Subscribe(s, "filter=a q2");
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            w.Send(p, "PUBLISH q2 topic=a id=1 payload=01 / PUBLISH q2 topic=a id=2 payload=02");
            w.Send(p, "PUBLISH q2 topic=a id=3 payload=03");
            w.Got(p, "PUBREC id=1 reason=00 / PUBREC id=2 reason=00 / PUBREC id=3 reason=00");
            w.Got(s, "PUBLISH q2 topic=a id=1 payload=01 / PUBLISH q2 topic=a id=2 payload=02"
                + " / PUBLISH q2 topic=a id=3 payload=03");
            w.Ask(s, "PUBREC id=1 / PUBREC id=2", "PUBREL id=1 reason=00 / PUBREL id=2 reason=00");
            w.Lose(s);
            s = w.Resume("CONNECT 5 keep=0 {session=60 receive=1} id=s");
            w.Got(s, "PUBREL id=1 reason=00 / PUBREL id=2 reason=00");
            w.Ask(s, "PUBCOMP id=2", "");
            w.Ask(s, "PUBCOMP id=1", "PUBLISH dup q2 topic=a id=3 payload=03");
            w.Ask(s, "PUBREC id=3", "PUBREL id=3 reason=00");
            w.Ask(s, "PUBCOMP id=3", "");
            w.End();
        }

        // Identifiers go round without meeting one that is in use.
        [TestMethod]
        public void IdentifiersInUseAreLeftOut()
        {
            World w = new World();
            int s = w.Connect("CONNECT 4 clean keep=0 id=s");
            w.Subscribe(s, "filter=a q1");
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            w.Send(p, "PUBLISH q1 topic=a id=1");
            w.Got(p, "PUBACK id=1 reason=00");
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=");
            int rounds = TopicFixture.OnBoard ? 10 : Deliveries.LastId - 1;
            for (int i = 0; i < rounds; i++)
            {
                int id = i + 2;
                w.Broker.Feed(p, publish, 0, publish.Length, w.NowMs);
                ack[2] = (byte)(id >> 8);
                ack[3] = (byte)id;
                Drain(w, id);
                w.Broker.Feed(s, ack, 0, ack.Length, w.NowMs);
            }
            w.Send(p, "PUBLISH q1 topic=a id=1");
            w.Got(p, "PUBACK id=1 reason=00");
            w.Got(s, "PUBLISH q1 topic=a id=" + (TopicFixture.OnBoard ? "12" : "2") + " payload=");
            w.End();
        }

        private static readonly byte[] publish = new byte[] { 0x32, 5, 0, 1, 0x61, 0, 1 };
        private static readonly byte[] ack = new byte[] { 0x40, 2, 0, 0 };

        private static void Drain(World w, int id)
        {
            int c;
            while ((c = w.Broker.NextReady()) >= 0)
            {
                int n = w.Broker.Pending(c, out byte[] buffer, out int offset, out bool close);
                if (n > 5) Assert.AreEqual(id, buffer[offset + 5] << 8 | buffer[offset + 6]);
                if (n > 0) w.Broker.Sent(c, n, w.NowMs);
            }
        }
    }
}
