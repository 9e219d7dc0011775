using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Own messages: QoS 0, 1 and 2, window, order, and sending again.</summary>
    [TestClass]
    public class PublishTest
    {
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void EveryQos(int version)
        {
            Rig r = Rig.Connected(version);
            r.Put("a/b", 0);
            r.Got("PUBLISH q0 topic=a/b payload=31");
            r.Told("");
            Assert.AreEqual(0, r.Session.LastMessage);
            r.Put("a/b", 5);
            Assert.IsTrue(r.Session.LastMessage != 0);
            r.Got("PUBLISH q1 retain topic=a/b id=2 payload=31");
            r.Send("PUBACK id=2");
            r.Told("done 00");
            r.Put("a/b", 2);
            r.Got("PUBLISH q2 topic=a/b id=3 payload=31");
            r.Send("PUBREC id=3");
            r.Got("PUBREL id=3 reason=00");
            r.Told("");
            r.Send("PUBCOMP id=3");
            r.Told("done 00");
            r.Got("");
            Assert.AreEqual(8, r.Session.Pool.FreeMessages);
        }

        // [MQTT-4.4.0-1], [MQTT-4.6.0-1]: after a lost connection everything again, in order, DUP, whole topics.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void SentAgain(int version)
        {
            Rig r = new Rig(version);
            r.Options.CleanStart = false;
            r.Connect("CONNACK");
            r.Put("a", 1);
            r.Put("b", 2);
            r.Put("c", 2);
            r.Put("d", 1);
            r.Put("e", 1); // beyond the window
            r.Got("PUBLISH q1 topic=a id=2 payload=31 / PUBLISH q2 topic=b id=3 payload=31"
                + " / PUBLISH q2 topic=c id=4 payload=31 / PUBLISH q1 topic=d id=5 payload=31");
            r.Send("PUBREC id=3");
            r.Got("PUBREL id=3 reason=00");
            r.Lose();
            r.Told("connected / disconnected 40");
            r.Connect("CONNACK present");
            r.Told("connected present");
            r.Got("PUBLISH dup q1 topic=a id=2 payload=31 / PUBREL id=3 reason=00"
                + " / PUBLISH dup q2 topic=c id=4 payload=31 / PUBLISH dup q1 topic=d id=5 payload=31");
            r.Send("PUBACK id=2");
            r.Got("PUBLISH q1 topic=e id=6 payload=31");
            r.Send("PUBCOMP id=3 / PUBREC id=4 / PUBCOMP id=4 / PUBACK id=5 / PUBACK id=6");
            r.Got("PUBREL id=4 reason=00");
            r.Told("done 00 / done 00 / done 00 / done 00 / done 00");
            Assert.AreEqual(0, r.Session.Renewed);
            Assert.AreEqual(8, r.Session.Pool.FreeMessages);
        }

        // [MQTT-3.2.2-5]: the server has lost the session.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void PublishedAnew(int version)
        {
            Rig r = new Rig(version);
            r.Options.CleanStart = false;
            r.Connect("CONNACK");
            r.Put("a", 1);
            r.Put("b", 2);
            r.Put("c", 2);
            r.Send("PUBREC id=4 / PUBLISH q2 topic=x id=9");
            r.Lose();
            r.Sink.Told = "";
            r.Put("d", 1);
            r.Connect("CONNACK");
            r.Told("connected");
            r.Got("PUBLISH q1 topic=a id=5 payload=31 / PUBLISH q2 topic=b id=6 payload=31"
                + " / PUBLISH q2 topic=c id=7 payload=31 / PUBLISH q1 topic=d id=8 payload=31");
            Assert.AreEqual(3, r.Session.Renewed);
            r.Send("PUBLISH q2 topic=x id=9"); // another message: the identifier was forgotten
            r.Told("message q2 topic=x payload=");
        }

        // [MQTT-3.3.4-9]: the server's receive maximum; [MQTT-3.3.4-10]: it keeps back PUBLISH alone.
        [TestMethod]
        public void Window()
        {
            Rig r = new Rig(5);
            r.Connect("CONNACK reason=00 {receive=2}");
            r.Put("a", 1);
            r.Put("b", 2);
            r.Put("c", 1);
            r.Put("d", 0); // behind the other: order
            r.Got("PUBLISH q1 topic=a id=2 payload=31 / PUBLISH q2 topic=b id=3 payload=31");
            r.Send("PUBREC id=3");
            r.Got("PUBREL id=3 reason=00");
            r.Send("PUBCOMP id=3");
            r.Got("PUBLISH q1 topic=c id=4 payload=31 / PUBLISH q0 topic=d payload=31");
            r.Told("connected / done 00 / done 00");
        }

        // A payload larger than the send buffer streams through it; acknowledgements wait behind it.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void Streams(int version)
        {
            Rig r = Rig.Connected(version);
            r.Piece = 7;
            Assert.AreEqual((int)Fault.None, (int)r.Publish("a/b", 1, 200));
            string payload = "";
            for (int i = 0; i < 200; i++) payload += "31";
            r.Got("PUBLISH q1 topic=a/b id=2 payload=" + payload);
            r.Send("PUBACK id=2");
            r.Stalled = true;
            Assert.AreEqual((int)Fault.None, (int)r.Publish("a/b", 0, 200));
            r.Send("PUBLISH q1 topic=x id=9");
            r.Told("done 00 / done 00 / message q1 topic=x payload=");
            r.Put("z", 0);
            r.Stalled = false;
            r.Run();
            r.Got("PUBLISH q0 topic=a/b payload=" + payload
                + " / PUBACK id=9 reason=00 / PUBLISH q0 topic=z payload=31");
            Assert.AreEqual(8, r.Session.Pool.FreeMessages);
        }

        // The connection breaks within a packet: at QoS 1 it goes out whole again.
        [TestMethod]
        public void BreaksWithinAPacket()
        {
            Rig r = new Rig(4);
            r.Options.CleanStart = false;
            r.Connect("CONNACK");
            r.Stalled = true;
            r.Publish("a/b", 1, 200);
            r.Publish("a/c", 0, 1);
            r.Stalled = false;
            r.Lose();
            r.Connect("CONNACK present");
            string line = r.First();
            Assert.AreEqual(0, line.IndexOf("PUBLISH dup q1 topic=a/b id=2 payload=3131"), line);
            r.Got("PUBLISH q0 topic=a/c payload=31");
            r.Send("PUBACK id=2");
            Assert.AreEqual(8, r.Session.Pool.FreeMessages);
        }

        // The outbox: QoS 0 may use three quarters, then QoS 1 and 2 are refused too. Nothing that was taken is lost.
        [TestMethod]
        public void OutboxFull()
        {
            Rig r = new Rig(4);
            for (int i = 0; i < 6; i++) Assert.AreEqual((int)Fault.None, (int)r.Publish("a", 0, i));
            Assert.AreEqual((int)Fault.PoolFull, (int)r.Publish("a", 0, 1));
            Assert.AreEqual((int)Fault.None, (int)r.Publish("b", 1, 0));
            Assert.AreEqual((int)Fault.None, (int)r.Publish("c", 2, 0));
            Assert.AreEqual((int)Fault.PoolFull, (int)r.Publish("d", 1, 0));
            Assert.AreEqual(2, r.Session.Refused);
            r.Connect("CONNACK");
            r.Got("PUBLISH q0 topic=a payload= / PUBLISH q0 topic=a payload=31 / PUBLISH q0 topic=a payload=3131"
                + " / PUBLISH q0 topic=a payload=313131 / PUBLISH q0 topic=a payload=31313131"
                + " / PUBLISH q0 topic=a payload=3131313131 / PUBLISH q1 topic=b id=2 payload="
                + " / PUBLISH q2 topic=c id=3 payload=");
            r.Told("connected / done 00 / done 00 / done 00 / done 00 / done 00 / done 00");
        }

        // By blocks: 12 of 32 bytes, three kept from QoS 0.
        [TestMethod]
        public void OutboxFullOfBytes()
        {
            Rig r = new Rig(4);
            Assert.AreEqual((int)Fault.TooLarge, (int)r.Publish("a", 0, 9 * 32));
            Assert.AreEqual((int)Fault.TooLarge, (int)r.Publish("a", 1, 12 * 32));
            Assert.AreEqual((int)Fault.None, (int)r.Publish("a", 0, 9 * 32 - 1));
            Assert.AreEqual((int)Fault.PoolFull, (int)r.Publish("a", 0, 0));
            Assert.AreEqual((int)Fault.PoolFull, (int)r.Publish("a", 1, 3 * 32));
            Assert.AreEqual((int)Fault.None, (int)r.Publish("a", 1, 3 * 32 - 1));
            Assert.AreEqual((int)Fault.PoolFull, (int)r.Publish("a", 2, 0));
        }

        [TestMethod]
        public void NoTopicName()
        {
            Rig r = Rig.Connected(5);
            Assert.AreEqual((int)Fault.TopicNameInvalid, (int)r.Publish("", 0, 1));
            Assert.AreEqual((int)Fault.TopicNameInvalid, (int)r.Publish("a/+", 1, 1));
            Assert.AreEqual((int)Fault.TopicNameInvalid, (int)r.Publish("a/b/c/d/e/f/#", 1, 1));
            byte[] bad = new byte[] { (byte)'a', 0xC0, 0x80 };
            Fault fault = r.Session.Publish(bad, 0, 3, bad, 0, 0, 0, false, null, 0, 0, MessagePool.Never);
            Assert.AreEqual((int)Fault.MalformedPacket, (int)fault);
            byte[] good = new byte[] { (byte)'a', 0xC3, 0xA4 };
            fault = r.Session.Publish(good, 0, 3, bad, 0, 0, 0, false, null, 0, 0, MessagePool.Never);
            Assert.AreEqual((int)Fault.None, (int)fault);
            string longest = "a23456789012345678901234567890123456789012345678";
            Assert.AreEqual((int)Fault.None, (int)r.Publish(longest, 0, 1));
            Assert.AreEqual((int)Fault.TooLarge, (int)r.Publish(longest + "9", 0, 1));
        }

        // Properties are passed on as they are, at once and through the outbox; 3.1.1 has none.
        [TestMethod]
        public void CarriesProperties()
        {
            string properties = "0101" + "0800017209000231322600016B000176";
            Rig r = Rig.Connected(5);
            r.Publish("a", 0, 1, properties, MessagePool.Never);
            r.Publish("a", 1, 1, properties, 7);
            r.Got("PUBLISH q0 topic=a {format=1 reply=r corr=3132 user=k:v} payload=31"
                + " / PUBLISH q1 topic=a id=2 {format=1 expiry=7 reply=r corr=3132 user=k:v} payload=31");
            r.Lose();
            r.NowMs += 3000;
            r.Connect("CONNACK");
            r.Got("PUBLISH q1 topic=a id=3 {format=1 expiry=4 reply=r corr=3132 user=k:v} payload=31");
            r = Rig.Connected(4);
            r.Publish("a", 0, 1, properties, 7);
            r.Publish("a", 1, 1, properties, 7);
            r.Got("PUBLISH q0 topic=a payload=31 / PUBLISH q1 topic=a id=2 payload=31");
        }

        // [MQTT-3.3.2-5] for the outbox: expired before it was sent. One that was begun goes on.
        [TestMethod]
        public void Expires()
        {
            Rig r = new Rig(5);
            r.Options.CleanStart = false;
            r.Connect("CONNACK");
            r.Publish("a", 1, 1, null, 10);
            r.Lose();
            r.Publish("b", 1, 1, null, 10);
            r.Publish("c", 0, 1, null, 10);
            r.Publish("d", 0, 1, null, 60);
            r.Told("connected / disconnected 40");
            for (int i = 0; i < 12; i++) r.Pass(1000);
            r.Connect("CONNACK present");
            r.Got("PUBLISH dup q1 topic=a id=2 {expiry=0} payload=31"
                + " / PUBLISH q0 topic=d {expiry=48} payload=31");
            r.Told("connected present / done 08 / done 08 / done 00");
            Assert.AreEqual(2, r.Session.DroppedExpired);
        }

        // Topic aliases as the server allows: whole topic the first time; none for what is sent again.
        [TestMethod]
        public void Aliases()
        {
            Rig r = new Rig(5);
            r.Options.CleanStart = false;
            r.Connect("CONNACK reason=00 {aliases=10}");
            r.Put("long/a", 0);
            r.Put("long/a", 1);
            r.Put("long/b", 0);
            r.Put("a", 0);
            r.Put("long/b", 0);
            r.Got("PUBLISH q0 topic=long/a {alias=1} payload=31 / PUBLISH q1 topic= id=2 {alias=1} payload=31"
                + " / PUBLISH q0 topic=long/b {alias=2} payload=31 / PUBLISH q0 topic=a payload=31"
                + " / PUBLISH q0 topic= {alias=2} payload=31");
            // Two aliases, both busy: others do not get one at once.
            r.Put("long/c", 0);
            r.Got("PUBLISH q0 topic=long/c payload=31");
            r.Put("long/c", 0);
            r.Put("long/c", 0);
            r.Put("long/c", 0);
            r.Got("PUBLISH q0 topic=long/c payload=31 / PUBLISH q0 topic=long/c {alias=1} payload=31"
                + " / PUBLISH q0 topic= {alias=1} payload=31");
            r.Lose();
            r.Connect("CONNACK present reason=00 {aliases=1}");
            r.Put("long/c", 0);
            r.Put("long/d", 0);
            r.Got("PUBLISH dup q1 topic=long/a id=2 payload=31 / PUBLISH q0 topic=long/c {alias=1} payload=31"
                + " / PUBLISH q0 topic=long/d payload=31");
            r.Lose();
            r.Connect("CONNACK present");
            r.Put("long/c", 0);
            r.Got("PUBLISH dup q1 topic=long/a id=2 payload=31 / PUBLISH q0 topic=long/c payload=31");
        }

        // [MQTT-3.2.2-15]: nothing larger than the server's maximum packet size.
        [TestMethod]
        public void MaximumPacketSize()
        {
            Rig r = new Rig(5);
            r.Publish("a", 1, 7);
            r.Publish("a", 1, 8);
            r.Publish("a", 0, 9);
            r.Publish("a", 0, 10);
            r.Connect("CONNACK reason=00 {max=15}");
            r.Got("PUBLISH q1 topic=a id=2 payload=31313131313131 / PUBLISH q0 topic=a payload=313131313131313131");
            r.Send("PUBACK id=2");
            r.Told("connected / done 06 / done 00 / done 06 / done 00");
            Assert.AreEqual(2, r.Session.DroppedTooLarge);
            Assert.AreEqual((int)Fault.TooLarge, (int)r.Publish("a", 1, 8));
            Assert.AreEqual((int)Fault.None, (int)r.Publish("a", 1, 7));
        }

        // [MQTT-3.2.2-11] and [MQTT-3.2.2-14]: less QoS, no RETAIN, counted.
        [TestMethod]
        public void Downgraded()
        {
            Rig r = new Rig(5);
            r.Connect("CONNACK reason=00 {maxqos=1 retain=0}");
            r.Put("a", 2);
            r.Put("b", 4);
            r.Put("c", 1);
            r.Got("PUBLISH q1 topic=a id=2 payload=31 / PUBLISH q0 topic=b payload=31"
                + " / PUBLISH q1 topic=c id=3 payload=31");
            Assert.AreEqual(2, r.Session.Downgraded);
            r.Send("PUBACK id=2 / PUBACK id=3");
            r.Told("connected / done 00 / done 00 / done 00");
            r = new Rig(5);
            r.Connect("CONNACK reason=00 {maxqos=0}");
            r.Put("a", 2);
            r.Got("PUBLISH q0 topic=a payload=31");
            Assert.AreEqual(8, r.Session.Pool.FreeMessages);
        }

        // [MQTT-4.6.0-4]: PUBREL in the order of the PUBREC.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void PubrelInOrder(int version)
        {
            Rig r = Rig.Connected(version);
            r.Put("a", 2);
            r.Put("b", 2);
            r.Put("c", 2);
            r.Got("PUBLISH q2 topic=a id=2 payload=31 / PUBLISH q2 topic=b id=3 payload=31"
                + " / PUBLISH q2 topic=c id=4 payload=31");
            r.Send("PUBREC id=3 / PUBREC id=2 / PUBREC id=4");
            r.Got("PUBREL id=3 reason=00 / PUBREL id=2 reason=00 / PUBREL id=4 reason=00");
        }

        // The server refuses: the message is done, its identifier free.
        [TestMethod]
        public void Refused()
        {
            Rig r = Rig.Connected(5);
            r.Put("a", 1);
            r.Put("b", 2);
            r.Got("PUBLISH q1 topic=a id=2 payload=31 / PUBLISH q2 topic=b id=3 payload=31");
            r.Send("PUBREC id=3 reason=97 / PUBACK id=2 reason=87");
            r.Got("");
            r.Told("done 97 / done 87");
            r.Send("PUBREC id=3 / PUBACK id=2 / PUBCOMP id=3");
            r.Got("PUBREL id=3 reason=92");
            r.Told("");
            // A PUBREL that arrived before the connection broke: the message was taken all the same.
            r.Put("c", 2);
            r.Got("PUBLISH q2 topic=c id=4 payload=31");
            r.Send("PUBREC id=4 / PUBCOMP id=4 reason=92");
            r.Got("PUBREL id=4 reason=00");
            r.Told("done 00");
        }

        // Acknowledgements that no server may send.
        [TestMethod]
        [DataRow("PUBACK id=3")]
        [DataRow("PUBREC id=2")]
        [DataRow("PUBCOMP id=3")]
        [DataRow("PUBCOMP id=2")]
        [DataRow("PUBACK id=0")]
        public void WrongAcknowledgement(string line)
        {
            for (int version = 4; version <= 5; version++)
            {
                Rig r = Rig.Connected(version);
                r.Put("a", 1);
                r.Put("b", 2);
                r.Got("PUBLISH q1 topic=a id=2 payload=31 / PUBLISH q2 topic=b id=3 payload=31");
                r.Breaks(line, 0x82);
            }
        }

        // The sink publishes from within Acknowledged: nothing is lost, nothing goes round and round.
        [TestMethod]
        public void PublishesFromWithin()
        {
            Rig r = new Rig(4);
            r.Sink.PublishInAcknowledged = 3;
            r.Put("a", 0);
            r.Publish("b", 0, 100);
            r.Put("c", 1);
            r.Connect("CONNACK");
            int n = 0;
            int a = 0;
            while (r.Waiting() != 0)
            {
                string line = r.First();
                if (line.IndexOf("topic=n ") > 0) n++;
                else a++;
            }
            Assert.AreEqual(3, n);
            Assert.AreEqual(3, a);
            r.Send("PUBACK id=2");
            Assert.AreEqual(8, r.Session.Pool.FreeMessages);
        }

        // Identifiers end where those of SUBSCRIBE begin [MQTT-2.2.1-3].
        [TestMethod]
        public void IdentifiersWrap()
        {
            Rig r = Rig.Connected(4);
            r.Session.Deliveries.StartAfter(1, Deliveries.LastId - 1);
            r.Put("a", 1);
            r.Put("a", 1);
            r.Got("PUBLISH q1 topic=a id=65472 payload=31 / PUBLISH q1 topic=a id=1 payload=31");
            Assert.AreEqual(65535, r.Subscribe("a", 0, 0));
        }

        private class Prefix : IClientTopics
        {
            public int Rewrite(byte[] topic, int length)
            {
                if (topic[0] == 'x' || length + 2 > topic.Length) return 0;
                for (int i = length - 1; i >= 0; i--) topic[i + 2] = topic[i];
                topic[0] = (byte)'p';
                topic[1] = (byte)'/';
                return length + 2;
            }
        }

        [TestMethod]
        public void TopicsRewritten()
        {
            Rig r = new Rig(4);
            r.Session.Topics = new Prefix();
            r.Connect("CONNACK");
            r.Told("connected");
            r.Put("a", 0);
            r.Put("x", 1);
            r.Put("b", 1);
            r.Put("a2345678901234567890123456789012345678901234567", 1);
            r.Got("PUBLISH q0 topic=p/a payload=31 / PUBLISH q1 topic=p/b id=2 payload=31");
            r.Told("done 00 / done 06 / done 06");
            Assert.AreEqual(2, r.Session.DroppedTooLarge);
        }
    }
}
