using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What clients publish: acknowledgements and retransmissions, sections 4.3 and 4.4.</summary>
    [TestClass]
    public class QosInTest
    {
        private const string Many = "DISCONNECT reason=93 / CLOSED";

        [TestMethod]
        public void AcknowledgedInVersion5()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Ask(p, "PUBLISH topic=a payload=31", "");
            w.Ask(p, "PUBLISH q1 topic=a id=65535 payload=32", "PUBACK id=65535 reason=10");
            w.Ask(p, "PUBLISH q2 topic=a id=1 payload=33", "PUBREC id=1 reason=10");
            w.Ask(p, "PUBREL id=1", "PUBCOMP id=1 reason=00");
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Subscribe(s, "filter=a");
            w.Ask(p, "PUBLISH q1 topic=a id=1 payload=34", "PUBACK id=1 reason=00");
            w.Ask(p, "PUBLISH q2 topic=a id=1 payload=", "PUBREC id=1 reason=00");
            w.Ask(p, "PUBREL id=1 reason=92", "PUBCOMP id=1 reason=00");
            w.Got(s, "PUBLISH q0 topic=a payload=34 / PUBLISH q0 topic=a payload=");
            w.Counts(Counter.PublishReceived, 5);
            w.Counts(Counter.PayloadReceived, 4);
            w.Counts(Counter.PublishSent, 2);
            w.Counts(Counter.PayloadSent, 1);
            w.Counts(Counter.Downgraded, 2);
            w.End();
        }

        [TestMethod]
        public void AcknowledgedInVersion4()
        {
            World w = new World();
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            w.Ask(p, "PUBLISH topic=a payload=31", "");
            w.Send(p, "PUBLISH q1 topic=a id=258 payload=32");
            Assert.AreEqual("40020102", w.FirstHex(p));
            w.Send(p, "PUBLISH q2 topic=a id=258 payload=33");
            Assert.AreEqual("50020102", w.FirstHex(p));
            w.Send(p, "PUBREL id=258");
            Assert.AreEqual("70020102", w.FirstHex(p));
            w.Silent(p);
            w.End();
        }

        // [MQTT-4.3.2-5]: QoS 1 is at least once. [MQTT-4.3.3-10], [-12]: QoS 2 until PUBREL is the same message.
        [TestMethod]
        public void RetransmittedInOneConnection()
        {
            for (int version = 4; version <= 5; version++)
            {
                World w = new World();
                int s = w.Connect("CONNECT 5 clean keep=0 id=s");
                w.Subscribe(s, "filter=a");
                int p = w.Connect("CONNECT " + version.ToString() + " clean keep=0 id=p");
                w.Ask(p, "PUBLISH q1 topic=a id=1 payload=31 / PUBLISH dup q1 topic=a id=1 payload=31",
                    "PUBACK id=1 reason=00 / PUBACK id=1 reason=00");
                w.Got(s, "PUBLISH q0 topic=a payload=31 / PUBLISH q0 topic=a payload=31");
                w.Ask(p, "PUBLISH q2 topic=a id=1 payload=32 / PUBLISH dup q2 topic=a id=1 payload=32",
                    "PUBREC id=1 reason=00 / PUBREC id=1 reason=00");
                w.Got(s, "PUBLISH q0 topic=a payload=32");
                // Without DUP it is the same message still: the identifier decides.
                w.Ask(p, "PUBLISH q2 topic=a id=1 payload=33", "PUBREC id=1 reason=00");
                w.Silent(s);
                w.Ask(p, "PUBREL id=1", "PUBCOMP id=1 reason=00");
                w.Ask(p, "PUBLISH dup q2 topic=a id=1 payload=34", "PUBREC id=1 reason=00");
                w.Got(s, "PUBLISH q0 topic=a payload=34");
                w.End();
            }
        }

        [TestMethod]
        public void UnknownPubrel()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Ask(p, "PUBREL id=9", "PUBCOMP id=9 reason=92");
            w.Ask(p, "PUBLISH q2 topic=a id=9 / PUBREL id=9 / PUBREL id=9",
                "PUBREC id=9 reason=10 / PUBCOMP id=9 reason=00 / PUBCOMP id=9 reason=92");
            int old = w.Connect("CONNECT 4 clean keep=0 id=old");
            w.Ask(old, "PUBREL id=9", "PUBCOMP id=9 reason=00");
            w.End();
        }

        [TestMethod]
        public void Qos2AcrossConnections()
        {
            for (int version = 4; version <= 5; version++)
            {
                World w = new World();
                int s = w.Connect("CONNECT 5 clean keep=0 id=s");
                w.Subscribe(s, "filter=a");
                string connect = version == 4 ? "CONNECT 4 keep=0 id=p" : "CONNECT 5 keep=0 {session=60} id=p";
                int p = w.Connect(connect);
                w.Ask(p, "PUBLISH q2 topic=a id=5 payload=31", "PUBREC id=5 reason=00");
                w.Got(s, "PUBLISH q0 topic=a payload=31");
                w.Lose(p);
                p = w.Resume(connect);
                w.Ask(p, "PUBLISH dup q2 topic=a id=5 payload=31", "PUBREC id=5 reason=00");
                w.Silent(s);
                w.Lose(p);
                p = w.Resume(connect);
                w.Ask(p, "PUBREL id=5", "PUBCOMP id=5 reason=00");
                w.Lose(p);
                // A session that ends takes the identifiers along.
                p = w.Resume(connect);
                w.Ask(p, "PUBLISH q2 topic=a id=5 payload=32", "PUBREC id=5 reason=00");
                w.Got(s, "PUBLISH q0 topic=a payload=32");
                w.Lose(p);
                p = w.Connect("CONNECT 5 clean keep=0 id=p");
                w.Ask(p, "PUBLISH dup q2 topic=a id=5 payload=32", "PUBREC id=5 reason=00");
                w.Got(s, "PUBLISH q0 topic=a payload=32");
                w.End();
            }
        }

        // [MQTT-3.3.4-7] and section 3.3.4: QoS 1 counts until PUBACK, QoS 2 until PUBCOMP.
        [TestMethod]
        public void ReceiveMaximum()
        {
            Limits limits = World.Sizes();
            limits.ReceiveMaximum = 2;
            limits.ReceiveIds = 2;
            World w = new World(limits);
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Ask(p, "PUBLISH q1 topic=a id=1 / PUBLISH q1 topic=a id=2 / PUBLISH q1 topic=a id=3",
                "PUBACK id=1 reason=10 / PUBACK id=2 reason=10 / PUBACK id=3 reason=10");
            w.Ask(p, "PUBLISH q2 topic=a id=1 / PUBLISH q2 topic=a id=2",
                "PUBREC id=1 reason=10 / PUBREC id=2 reason=10");
            w.Ask(p, "PUBLISH dup q2 topic=a id=1", "PUBREC id=1 reason=00");
            w.Ask(p, "PUBREL id=1 / PUBLISH q2 topic=a id=3", "PUBCOMP id=1 reason=00 / PUBREC id=3 reason=10");
            w.Ask(p, "PUBLISH q1 topic=a id=4", Many);
            w.Counts(Counter.ProtocolErrors, 1);
            // Not kept across connections: QoS 2 that is released does not count any more.
            p = w.Connect("CONNECT 5 clean keep=0 {session=9} id=p");
            w.Ask(p, "PUBLISH q2 topic=a id=1 / PUBLISH q2 topic=a id=2",
                "PUBREC id=1 reason=10 / PUBREC id=2 reason=10");
            w.Lose(p);
            p = w.Resume("CONNECT 5 keep=0 {session=9} id=p");
            w.Ask(p, "PUBREL id=1 / PUBREL id=2 / PUBLISH q2 topic=a id=3 / PUBLISH q2 topic=a id=4",
                "PUBCOMP id=1 reason=00 / PUBCOMP id=2 reason=00 / PUBREC id=3 reason=10 / PUBREC id=4 reason=10");
            w.Ask(p, "PUBLISH q2 topic=a id=5", Many);
            w.End();
        }

        // A 3.1.1 client cannot know the maximum: it has to wait for its own PUBREL, but not for ever.
        [TestMethod]
        public void ReceiveMaximumOfVersion4()
        {
            Limits limits = World.Sizes();
            limits.ReceiveMaximum = 2;
            limits.ReceiveIds = 2;
            World w = new World(limits);
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            w.Ask(p, "PUBLISH q2 topic=a id=1 / PUBLISH q2 topic=a id=2 / PUBLISH q2 topic=a id=3 / PINGREQ",
                "PUBREC id=1 reason=00 / PUBREC id=2 reason=00 / PINGRESP");
            w.Ask(p, "PUBREL id=2", "PUBCOMP id=2 reason=00 / PUBREC id=3 reason=00");
            w.Send(p, "PUBLISH q1 topic=a id=4");
            w.Pass(1999);
            w.Silent(p);
            w.Pass(1);
            w.Got(p, World.Closed);
            w.Counts(Counter.Held, 2);
            w.End();
        }

        // What 3.1.1 clients commonly send at once before they look at an answer goes through on the smallest board.
        [TestMethod]
        public void BurstOfVersion4OnABoard()
        {
            World w = new World(Limits.Esp32());
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            string burst = "PUBLISH q2 topic=a id=1";
            string answers = "PUBREC id=1 reason=00";
            for (int i = 2; i <= 20; i++)
            {
                burst += " / PUBLISH q2 topic=a id=" + i.ToString();
                answers += " / PUBREC id=" + i.ToString() + " reason=00";
            }
            w.Ask(p, burst, answers);
            w.Counts(Counter.Held, 0);
            w.Ask(p, "PUBREL id=1", "PUBCOMP id=1 reason=00");
            w.End();
        }

        [TestMethod]
        public void WrongPackets()
        {
            // QoS 3, DUP at QoS 0, identifier 0, wildcards, no topic, U+0000 in the topic, a topic cut short.
            string[] wrong = new string[]
            {
                "HEX 3606000161000131", "81", "HEX 3804000161" + "31", "81", "PUBLISH q1 topic=a id=0", "82",
                "PUBLISH topic=a/+", "90", "PUBLISH topic=a#", "90", "PUBLISH topic= payload=31", "82",
                "HEX 3004000261" + "00", "81", "HEX 3003000261", "81", "HEX 6002" + "0001", "81", "HEX 400100", "81",
                "PUBACK id=0", "82", "HEX 4103" + "000100", "81", "HEX 40030001" + "01", "82", "HEX 20020000", "82",
                "HEX 9003000100", "82", "HEX D000", "82", "HEX 0000", "81", "HEX C001" + "00", "81",
                "HEX C080" + "00", "81", "HEX 30FFFFFFFF" + "7F", "81",
            };
            World w = new World();
            for (int i = 0; i < wrong.Length; i += 2)
            {
                int c = w.Connect("CONNECT 5 clean keep=0 id=a");
                w.Ask(c, wrong[i] + " / PINGREQ", "DISCONNECT reason=" + wrong[i + 1]
                    + (wrong[i + 1] == "90" ? "" : "") + " / CLOSED");
                w.Counts(Counter.ProtocolErrors, i / 2 + 1);
            }
            int old = w.Connect("CONNECT 4 clean keep=0 id=a");
            w.Ask(old, "PUBLISH topic= payload=31", World.Closed); // [MQTT-4.7.3-1]
            old = w.Connect("CONNECT 4 clean keep=0 id=a");
            w.Ask(old, "HEX F000", World.Closed);
            w.End();
        }

        [TestMethod]
        public void PacketTooLarge()
        {
            World w = new World();
            int c = w.Connect("CONNECT 5 clean keep=0 id=a");
            string zeros = "0000000000000000000000000000000000000000000000000000000000000000";
            string payload = "";
            for (int i = 0; i < 31; i++) payload += zeros; // 992 bytes
            payload += "00000000000000000000000000000000000000000000000000";
            // Head 3, topic 3, properties 1: 1,024 bytes in all, then one more.
            w.Ask(c, "PUBLISH topic=a payload=" + payload + "", "");
            w.Ask(c, "PINGREQ", "PINGRESP");
            w.Ask(c, "PUBLISH topic=a payload=" + payload + "00",
                "DISCONNECT reason=95 / CLOSED");
            // It is seen from the head alone.
            int b = w.Connect("CONNECT 5 clean keep=0 id=b");
            w.Ask(b, "HEX 30FE07", "DISCONNECT reason=95 / CLOSED");
            b = w.Connect("CONNECT 4 clean keep=0 id=b");
            w.Ask(b, "HEX 30FE07", World.Closed);
            b = w.Connect("CONNECT 4 clean keep=0 id=b");
            w.Ask(b, "HEX 30FD07", "");
            w.End();
        }

        [TestMethod]
        public void Ping()
        {
            for (int version = 4; version <= 5; version++)
            {
                World w = new World();
                int c = w.Connect("CONNECT " + version.ToString() + " clean keep=0 id=a");
                w.Send(c, "PINGREQ / PINGREQ");
                Assert.AreEqual("D000", w.FirstHex(c));
                Assert.AreEqual("D000", w.FirstHex(c));
                w.Silent(c);
                w.End();
            }
        }
    }
}
