using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Messages from the server: QoS 0, 1 and 2, aliases, holding, and what a server may not do.</summary>
    [TestClass]
    public class ReceiveTest
    {
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void EveryQos(int version)
        {
            Rig r = Rig.Connected(version);
            r.Send("PUBLISH topic=a/b payload=31 / PUBLISH q1 retain topic=a id=7 payload=3132"
                + " / PUBLISH q2 topic=b id=8 / PUBLISH dup q2 topic=b id=8 / PUBLISH dup q1 topic=c id=9");
            r.Told("message q0 topic=a/b payload=31 / message q1 retain topic=a payload=3132"
                + " / message q2 topic=b payload= / message dup q1 topic=c payload=");
            r.Got("PUBACK id=7 reason=00 / PUBREC id=8 reason=00 / PUBREC id=8 reason=00 / PUBACK id=9 reason=00");
            Assert.AreEqual(1, r.Session.Duplicates);
            r.Send("PUBREL id=8 / PUBLISH q2 topic=b id=8");
            r.Told("message q2 topic=b payload=");
            r.Got("PUBCOMP id=8 reason=00 / PUBREC id=8 reason=00");
        }

        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void AByteAtATime(int version)
        {
            Rig r = Rig.Connected(version);
            r.Trickle("PUBLISH topic=a payload=31 / PUBLISH q1 topic=a id=7 / PUBLISH q2 topic=b id=8 / PUBREL id=8");
            r.Told("message q0 topic=a payload=31 / message q1 topic=a payload= / message q2 topic=b payload=");
            r.Got("PUBACK id=7 reason=00 / PUBREC id=8 reason=00 / PUBCOMP id=8 reason=00");
        }

        // The sink's reason goes back in MQTT 5; a refused QoS 2 message is over, 3.1.1 cannot refuse.
        [TestMethod]
        public void TheSinkRefuses()
        {
            Rig r = Rig.Connected(5);
            r.Sink.Reason = 0x97;
            r.Send("PUBLISH topic=a / PUBLISH q1 topic=a id=7 / PUBLISH q2 topic=b id=8");
            r.Got("PUBACK id=7 reason=97 / PUBREC id=8 reason=97");
            r.Sink.Reason = 0x10;
            r.Send("PUBLISH q2 topic=b id=8 / PUBLISH q2 topic=b id=8 / PUBREL id=8");
            r.Got("PUBREC id=8 reason=10 / PUBREC id=8 reason=00 / PUBCOMP id=8 reason=00");
            Assert.AreEqual(4, r.Sink.Messages);
            r = Rig.Connected(4);
            r.Sink.Reason = 0x97;
            r.Send("PUBLISH q1 topic=a id=7 / PUBLISH q2 topic=b id=8 / PUBLISH dup q2 topic=b id=8");
            r.Got("PUBACK id=7 reason=00 / PUBREC id=8 reason=00 / PUBREC id=8 reason=00");
            Assert.AreEqual(2, r.Sink.Messages);
        }

        [TestMethod]
        public void Properties()
        {
            Rig r = Rig.Connected(5);
            string p = "{format=1 expiry=5 type=t reply=r corr=3132 sub=3 sub=4 user=k:v user=k:w}";
            r.Send("PUBLISH topic=a " + p + " payload=31 / PUBLISH topic=b payload=32");
            r.Told("message q0 topic=a " + p + " payload=31 / message q0 topic=b payload=32");
        }

        [TestMethod]
        public void Aliases()
        {
            Rig r = Rig.Connected(5);
            r.Send("PUBLISH topic=a {alias=1} payload=31 / PUBLISH topic= {alias=1} payload=32"
                + " / PUBLISH q1 topic=b id=3 {alias=2} / PUBLISH topic= {alias=2} / PUBLISH topic=c {alias=1}"
                + " / PUBLISH topic= {alias=1}");
            r.Told("message q0 topic=a {alias=1} payload=31 / message q0 topic=a {alias=1} payload=32"
                + " / message q1 topic=b {alias=2} payload= / message q0 topic=b {alias=2} payload="
                + " / message q0 topic=c {alias=1} payload= / message q0 topic=c {alias=1} payload=");
            r.Lose();
            r.Connect("CONNACK");
            r.Sink.Told = "";
            r.Breaks("PUBLISH topic= {alias=1}", 0x82); // [MQTT-3.3.2-7]
        }

        // QoS 2 exactly once over a lost connection.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void OnceOverALostConnection(int version)
        {
            Rig r = new Rig(version);
            r.Options.CleanStart = false;
            r.Connect("CONNACK");
            r.Send("PUBLISH q2 topic=a id=1");
            r.Lose();
            r.Connect("CONNACK present");
            r.Send("PUBLISH dup q2 topic=a id=1 / PUBREL id=1 / PUBREL id=1");
            string missing = version == 5 ? "92" : "00";
            r.Got("PUBREC id=1 reason=00 / PUBCOMP id=1 reason=00 / PUBCOMP id=1 reason=" + missing);
            Assert.AreEqual(1, r.Sink.Messages);
            Assert.AreEqual(1, r.Session.Duplicates);
        }

        // The sink holds: nothing behind the message is given to it, acknowledgements are.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void Held(int version)
        {
            Rig r = Rig.Connected(version);
            r.Put("p", 1);
            r.Put("q", 2);
            r.Got("PUBLISH q1 topic=p id=2 payload=31 / PUBLISH q2 topic=q id=3 payload=31");
            r.Send("PUBLISH q2 topic=x id=5");
            r.Got("PUBREC id=5 reason=00");
            r.Sink.Told = "";
            r.Sink.Reason = ClientSession.Hold;
            r.Send("PUBLISH q1 topic=a id=6 payload=31 / PUBACK id=2 / PUBLISH topic=b / PUBREC id=3 / PUBREL id=5"
                + " / PINGRESP");
            r.Told("held / done 00");
            r.Got("PUBREL id=3 reason=00 / PUBCOMP id=5 reason=00");
            r.Trickle("PUBCOMP id=3 / PUBLISH q1 topic=c id=7");
            r.Told("done 00");
            r.Session.Resume(r.NowMs);
            r.Told("held");
            r.Sink.Reason = 0;
            r.Session.Resume(r.NowMs);
            r.Run();
            r.Told("message q1 topic=a payload=31 / message q0 topic=b payload= / message q1 topic=c payload=");
            r.Got("PUBACK id=6 reason=00 / PUBACK id=7 reason=00");
            r.Send("PUBLISH topic=d");
            r.Told("message q0 topic=d payload=");
        }

        // More than the receive buffer holds stays outside, and comes when there is room again.
        [TestMethod]
        public void HeldBeyondTheBuffer()
        {
            Rig r = Rig.Connected(4);
            r.Put("p", 1);
            r.Got("PUBLISH q1 topic=p id=2 payload=31");
            string big = "PUBLISH topic=a payload=";
            for (int i = 0; i < 200; i++) big += "31";
            r.Sink.Reason = ClientSession.Hold;
            r.Send(big);
            r.Send(big + " / PUBACK id=2");
            Assert.AreNotEqual(0, r.Rest.Length);
            Assert.AreEqual(0, r.Session.Room());
            r.Told("held");
            r.Sink.Quiet = true;
            r.Sink.Reason = 0;
            r.Session.Resume(r.NowMs);
            Assert.AreEqual(1, r.Sink.Messages);
            r.Feed(new byte[0]);
            Assert.AreEqual(2, r.Sink.Messages);
            Assert.AreEqual(0, r.Rest.Length);
            Assert.AreEqual(8, r.Session.Pool.FreeMessages);
        }

        // Resume from within a call of the sink, while Feed is at work.
        [TestMethod]
        public void ResumedFromWithin()
        {
            Rig r = Rig.Connected(4);
            r.Put("p", 1);
            r.Put("q", 1);
            r.Sink.Reason = ClientSession.Hold;
            r.Send("PUBLISH topic=a payload=31 / PUBLISH topic=b");
            r.Told("held");
            r.Sink.ResumeInAcknowledged = 2;
            r.Send("PUBACK id=2 / PUBLISH topic=c");
            r.Told("done 00 / held");
            r.Sink.Reason = 0;
            r.Send("PUBACK id=3 / PUBLISH topic=d");
            r.Told("done 00 / message q0 topic=a payload=31 / message q0 topic=b payload= / message q0 topic=c payload="
                + " / message q0 topic=d payload=");
        }

        // The server does not read: acknowledgements wait, at last what needs one is held.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void AcknowledgementsWait(int version)
        {
            Rig r = Rig.Connected(version);
            r.Stalled = true;
            r.Publish("p", 0, 150);
            r.Sink.Told = "";
            string expected = "";
            for (int i = 1; i <= (version == 4 ? 12 : 3); i++)
            {
                r.Send("PUBLISH q1 topic=a id=" + i.ToString() + " payload=31");
                expected += " / PUBACK id=" + i.ToString() + " reason=00";
            }
            if (version == 4) Assert.AreEqual(8, r.Sink.Messages); // as many as there are rows for acknowledgements
            r.Stalled = false;
            r.Run();
            string first = r.First();
            Assert.AreEqual(0, first.IndexOf("PUBLISH q0 topic=p payload=31"), first);
            r.Got(expected.Substring(3));
            Assert.AreEqual(version == 4 ? 12 : 3, r.Sink.Messages);
        }

        // The sink ends the connection from within Message: what it took at QoS 2 it does not get again.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void DisconnectsFromWithin(int version)
        {
            Rig r = Rig.Connected(version);
            r.Options.CleanStart = false;
            r.Sink.DisconnectInMessage = true;
            r.Send("PUBLISH q2 topic=a id=4 / PUBLISH topic=b");
            r.Told("message q2 topic=a payload= / disconnected 00");
            r.Got("DISCONNECT reason=00 / CLOSED");
            r.Sink.DisconnectInMessage = false;
            r.Connect("CONNACK present");
            r.Send("PUBLISH dup q2 topic=a id=4");
            r.Told("connected present");
            r.Got("PUBREC id=4 reason=00");
        }

        // Both versions; in MQTT 5 every PUBLISH here has its empty block of properties.
        [TestMethod]
        [DataRow("36 0000", 0x81)]           // [MQTT-3.3.1-4] QoS 3
        [DataRow("38 000161", 0x81)]         // [MQTT-3.3.1-2] DUP at QoS 0
        [DataRow("30 00", 0x81)]             // no topic length
        [DataRow("30 0005", 0x81)]           // a topic longer than the packet
        [DataRow("32 000161", 0x81)]         // no identifier
        [DataRow("32 0001610000", 0x82)]     // [MQTT-2.2.1-4] identifier 0
        [DataRow("30 000123", 0x90)]         // [MQTT-3.3.2-2] '#'
        [DataRow("30 0003612F2B", 0x90)]     // '+'
        [DataRow("30 00093132333435363738C0", 0x81)] // [MQTT-1.5.4-1]
        [DataRow("30 00023100", 0x81)]       // [MQTT-1.5.4-2] U+0000
        [DataRow("30 0000", 0x82)]           // no topic and no alias
        public void BadPublish(string packet, int reason)
        {
            for (int version = 4; version <= 5; version++)
            {
                Rig r = Rig.Connected(version);
                string body = packet.Substring(3);
                if (version == 5 && body != "00" && body != "0005") body += "00";
                r.Breaks("HEX " + packet.Substring(0, 2) + Length(body) + body, reason);
                Assert.AreEqual(0, r.Sink.Messages);
            }
        }

        private static string Length(string body)
        {
            Line.Clear();
            Line.Byte(body.Length / 2);
            return Line.Text();
        }

        // What only MQTT 5 can get wrong.
        [TestMethod]
        [DataRow("HEX 3003000161", 0x81)]                  // no properties
        [DataRow("PUBLISH topic=a {alias=0}", 0x94)]       // [MQTT-3.3.2-8]
        [DataRow("PUBLISH topic=a {alias=3}", 0x94)]       // [MQTT-3.1.2-26] beyond our maximum
        [DataRow("PUBLISH topic= {alias=1}", 0x82)]        // never set
        [DataRow("PUBLISH topic= {user=a:b}", 0x82)]       // no topic and no alias
        [DataRow("PUBLISH topic=a {reply=a/#}", 0x90)]     // [MQTT-3.3.2-14]
        [DataRow("PUBLISH topic=a {format=2}", 0x82)]
        [DataRow("PUBLISH topic=a {keep=2}", 0x81)]        // not a property of PUBLISH
        [DataRow("PUBLISH topic=a {expiry=1 expiry=2}", 0x82)]
        [DataRow("PUBACK id=9 reason=01", 0x82)]           // [MQTT-3.4.2-1]
        [DataRow("AUTH reason=18 {method=x}", 0x82)]       // [MQTT-4.12.0-6]
        [DataRow("HEX F000", 0x82)]
        [DataRow("HEX 308002", 0x95)]                      // [MQTT-3.1.2-24]
        [DataRow("DISCONNECT reason=04", 0x82)]            // the client's
        [DataRow("DISCONNECT reason=00 {session=5}", 0x82)] // [MQTT-3.14.2-2]
        [DataRow("DISCONNECT reason=01", 0x82)]            // [MQTT-3.14.2-1]
        public void BadInVersion5(string line, int reason)
        {
            Rig r = Rig.Connected(5);
            r.Breaks(line, reason);
        }

        // What no server may send.
        [TestMethod]
        [DataRow("CONNACK", 0x82)]                         // [MQTT-3.2.0-2]
        [DataRow("PINGREQ", 0x82)]
        [DataRow("SUBSCRIBE id=1 filter=a", 0x82)]
        [DataRow("UNSUBSCRIBE id=1 filter=a", 0x82)]
        [DataRow("CONNECT 4 clean keep=0 id=a", 0x82)]
        [DataRow("SUBACK id=65535 00", 0x82)]              // nobody asked
        [DataRow("SUBACK id=4 00", 0x82)]
        [DataRow("PUBREL id=0", 0x82)]
        [DataRow("HEX 60020001", 0x81)]                   // [MQTT-3.6.1-1]
        [DataRow("HEX D100", 0x81)]                        // [MQTT-2.1.3-1]
        [DataRow("HEX D00100", 0x81)]
        [DataRow("HEX 0000", 0x81)]
        [DataRow("HEX 30808000", 0x81)]                    // [MQTT-1.5.5-1]
        [DataRow("HEX 3080808080", 0x81)]
        [DataRow("HEX 908002", 0x95)]                      // 259 bytes, at most 256
        public void BadPacket(string line, int reason)
        {
            for (int version = 4; version <= 5; version++)
            {
                if (version == 5 && line.IndexOf("CONNECT") == 0) continue; // Wire has its version in the line
                Rig r = Rig.Connected(version);
                r.Breaks(line, reason);
                // A byte at a time the same.
                r = Rig.Connected(version);
                r.Trickle(line);
                Line.Clear();
                Line.Byte(reason);
                r.Told("disconnected " + Line.Text());
            }
        }

        // 3.1.1 servers send neither.
        [TestMethod]
        [DataRow("HEX E000", 0x82)]
        [DataRow("HEX F000", 0x81)]
        public void BadInVersion4(string line, int reason)
        {
            Rig r = Rig.Connected(4);
            r.Breaks(line, reason);
        }
    }
}
