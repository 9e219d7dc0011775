using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>CONNECT and CONNACK, sections 3.1 and 3.2, and what comes before them.</summary>
    [TestClass]
    public class ConnectTest
    {
        [TestMethod]
        public void AcceptedInBothVersions()
        {
            World w = new World();
            int a = w.Raw("CONNECT 4 clean keep=10 id=a");
            Assert.AreEqual("20020000", w.FirstHex(a));
            int b = w.Raw("CONNECT 5 clean keep=10 id=b");
            w.Got(b, "CONNACK reason=00 {receive=8 aliases=4 max=1024}");
            Assert.AreEqual(2, w.Broker.ClientsConnected);
            w.Counts(Counter.Connects, 2);
            w.Counts(Counter.ClientsMaximum, 2);
            w.Ask(a, "PINGREQ", "PINGRESP");
            w.Ask(b, "PINGREQ", "PINGRESP");
            w.End();
            Assert.AreEqual(0, w.Broker.ClientsConnected);
        }

        [TestMethod]
        public void AByteAtATime()
        {
            World w = new World();
            int c = w.Open();
            w.Trickle(c, "CONNECT 5 clean keep=10 {user=k:v} id=a will q1 topic=t payload=3132 user=u pass=70");
            w.Got(c, "CONNACK reason=00 {receive=8 aliases=4 max=1024}");
            w.Trickle(c, "SUBSCRIBE id=1 filter=a/# q2 / PUBLISH q1 topic=a/b id=7 payload=31 / PINGREQ");
            w.Got(c, "SUBACK id=1 02 / PUBLISH q1 topic=a/b id=1 payload=31 / PUBACK id=7 reason=00 / PINGRESP");
            w.End();
        }

        // Every limit that a client must know, and nothing that the specification takes for granted.
        [TestMethod]
        public void ConnackTellsTheLimits()
        {
            Limits limits = World.Sizes();
            limits.KeepAliveSeconds = 60;
            limits.ReceiveMaximum = 5;
            limits.TopicAliasesIn = 3;
            World w = new World(limits);
            int c = w.Raw("CONNECT 5 clean keep=61 {session=7200} id=a");
            w.Got(c, "CONNACK reason=00 {session=3600 keep=60 receive=5 aliases=3 max=1024}");
            c = w.Raw("CONNECT 5 clean keep=0 {session=4294967295} id=b");
            w.Got(c, "CONNACK reason=00 {session=3600 keep=60 receive=5 aliases=3 max=1024}");
            c = w.Raw("CONNECT 5 clean keep=60 {session=3600} id=c");
            w.Got(c, "CONNACK reason=00 {receive=5 aliases=3 max=1024}");
            c = w.Raw("CONNECT 4 clean keep=61 id=d");
            w.Got(c, "CONNACK reason=00");
            w.End();
        }

        [TestMethod]
        public void IdentifierIsAssigned()
        {
            World w = new World();
            int a = w.Raw("CONNECT 5 clean keep=0");
            string first = w.First(a);
            Assert.AreEqual("CONNACK reason=00 {client=femto-", first.Substring(0, 32));
            Assert.AreEqual(" receive=8 aliases=4 max=1024}", first.Substring(40));
            int b = w.Raw("CONNECT 5 clean keep=0");
            Assert.AreNotEqual(first, w.First(b));
            int session = w.Session(first.Substring(26, 14));
            Assert.IsTrue(session != 0, "the session has the name that was told");
            // 3.1.1 may leave it out with a clean session; nobody tells the client.
            int c = w.Raw("CONNECT 4 clean keep=0");
            w.Got(c, "CONNACK reason=00");
            // MQTT 5 may ask for one that lasts.
            int d = w.Raw("CONNECT 5 keep=0 {session=60}");
            string lasting = w.First(d).Substring(26, 14);
            w.Lose(d);
            int e = w.Resume("CONNECT 5 keep=0 id=" + lasting);
            w.Silent(e);
            w.End();
        }

        // [MQTT-3.1.3-8] of 3.1.1.
        [TestMethod]
        public void NoIdentifierNeedsACleanSession()
        {
            World w = new World();
            int c = w.Raw("CONNECT 4 keep=0");
            Assert.AreEqual("20020002", w.FirstHex(c));
            w.Got(c, World.Closed);
            w.Counts(Counter.ConnectsRefused, 1);
            w.End();
        }

        [TestMethod]
        public void IdentifierTooLong()
        {
            World w = new World();
            string id64 = "0123456789012345678901234567890123456789012345678901234567890123";
            int c = w.Connect("CONNECT 5 clean keep=0 id=" + id64);
            c = w.Raw("CONNECT 5 clean keep=0 id=" + id64 + "4");
            w.Got(c, "CONNACK reason=85 / CLOSED");
            c = w.Raw("CONNECT 4 clean keep=0 id=" + id64 + "4");
            w.Got(c, "CONNACK reason=02 / CLOSED");
            w.Counts(Counter.ConnectsRefused, 2);
            w.End();
        }

        [TestMethod]
        public void UnknownVersions()
        {
            World w = new World();
            // MQIsdp 3, MQTT 3, MQTT 6, another name.
            int c = w.Raw("HEX 100F00064D51497364700302000000016100");
            Assert.AreEqual("20020001", w.FirstHex(c));
            w.Got(c, World.Closed);
            c = w.Raw("HEX 100D00044D515454030200000001" + "61");
            Assert.AreEqual("20020001", w.FirstHex(c));
            w.Got(c, World.Closed);
            c = w.Raw("HEX 100E00044D51545406020000000001" + "61");
            w.First(c);
            Assert.AreEqual(0x84, (int)w.LastPacket[3]); // a later MQTT reads the code where 5.0 has it
            w.Got(c, World.Closed);
            c = w.Raw("HEX 100D00044D515458040200000001" + "61");
            Assert.AreEqual("20020001", w.FirstHex(c));
            w.Got(c, World.Closed);
            w.Counts(Counter.ConnectsRefused, 4);
            w.End();
        }

        // [MQTT-3.1.0-1], and bytes that are no MQTT at all.
        [TestMethod]
        public void FirstPacketMustBeConnect()
        {
            World w = new World();
            string[] packets = new string[]
            {
                "PINGREQ", "PUBLISH topic=a payload=31", "SUBSCRIBE id=1 filter=a", "DISCONNECT", "PUBACK id=1",
                "HEX F000", "HEX 20020000", "HEX 474554202F20485454502F312E310D0A0D0A", "HEX 0000", "HEX FFFFFFFFFF",
            };
            for (int i = 0; i < packets.Length; i++)
            {
                int c = w.Raw(packets[i]);
                w.Got(c, World.Closed);
                w.Counts(Counter.ConnectsRefused, i + 1);
                w.Counts(Counter.ProtocolErrors, i + 1);
            }
            w.End();
        }

        // [MQTT-3.1.0-2]
        [TestMethod]
        public void SecondConnect()
        {
            World w = new World();
            int c = w.Connect("CONNECT 5 clean keep=0 id=a");
            w.Ask(c, "CONNECT 5 clean keep=0 id=a", "DISCONNECT reason=82 / CLOSED");
            c = w.Connect("CONNECT 4 clean keep=0 id=a");
            w.Ask(c, "CONNECT 4 clean keep=0 id=a", World.Closed);
            w.Counts(Counter.ProtocolErrors, 2);
            w.End();
        }

        [TestMethod]
        public void MalformedConnect()
        {
            World w = new World();
            // A reserved connect flag; will QoS 3; will QoS without a will; a byte too many; no identifier at all.
            string[] connects = new string[]
            {
                "0E00044D51545405030000000001" + "61", "0E00044D515454051E0000000001" + "61",
                "0E00044D515454050A0000000001" + "61", "0F00044D51545405020000000001" + "6100",
                "0B00044D5154540502000000",
            };
            for (int i = 0; i < connects.Length; i++)
            {
                int c = w.Open(5);
                w.Ask(c, "HEX 10" + connects[i], "CONNACK reason=81 / CLOSED");
            }
            int old = w.Open(4);
            w.Ask(old, "HEX 100D00044D51545404030000000161", World.Closed); // 3.1.1 has no code for it
            // What cannot be a CONNECT any more, before it is whole.
            old = w.Open(5);
            w.Ask(old, "HEX 1100", World.Closed);
            w.Counts(Counter.ConnectsRefused, 7);
            // A property twice; data without a method; a will topic with a wildcard.
            w.Ask(w.Open(5), "CONNECT 5 clean keep=0 {receive=2 receive=2} id=a", "CONNACK reason=82 / CLOSED");
            w.Ask(w.Open(5), "CONNECT 5 clean keep=0 {data=00} id=a", "CONNACK reason=82 / CLOSED");
            w.Ask(w.Open(5), "CONNECT 5 clean keep=0 id=a will topic=a/# payload=00", "CONNACK reason=90 / CLOSED");
            w.Ask(w.Open(4), "CONNECT 4 clean keep=0 id=a will topic=a/# payload=00", World.Closed);
            w.End();
        }

        [TestMethod]
        public void TimeToConnect()
        {
            World w = new World();
            int c = w.Open();
            w.Pass(9999);
            w.Silent(c);
            Assert.IsTrue(w.IsOpen(c));
            w.Pass(1);
            w.Got(c, World.Closed);
            w.Counts(Counter.ConnectsRefused, 1);
            // A part of a CONNECT does not help.
            c = w.Open();
            w.Pass(6000);
            w.Send(c, "HEX 10");
            w.Pass(4000);
            w.Got(c, World.Closed);
            w.End();
        }
    }
}
