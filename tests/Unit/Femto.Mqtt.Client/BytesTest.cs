using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What the client sends, to the byte, and what it makes of texts.</summary>
    [TestClass]
    public class BytesTest
    {
        private const string Mark = "\u00EF\u00BB\u00BF"; // the bytes of U+FEFF

        // [MQTT-1.5.3-3], [MQTT-1.5.4-3]: a byte order mark belongs to the text, either way.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void ByteOrderMark(int version)
        {
            Rig r = Rig.Connected(version);
            r.Send("PUBLISH topic=" + Mark + "a payload=31 / PUBLISH topic=a payload=32");
            r.Told("message q0 topic=\\EF\\BB\\BFa payload=31 / message q0 topic=a payload=32");
            r.Put(Mark + "a", 1);
            r.Subscribe(Mark + "/+", 0, 0);
            r.Got("PUBLISH q1 topic=\\EF\\BB\\BFa id=2 payload=31"
                + " / SUBSCRIBE id=65535 filter=\\EF\\BB\\BF/+ q0");
        }

        // [MQTT-1.5.4-1], [MQTT-1.5.4-2], [MQTT-1.5.7-1], [MQTT-3.3.2-13], [MQTT-3.3.2-19]
        [TestMethod]
        [DataRow("{user=k\u00FF:v}")]
        [DataRow("{user=k:v\u00FF}")]
        [DataRow("{user=\u0000:v}")]
        [DataRow("{user=k:\u0000}")]
        [DataRow("{user=\u00C0\u0080:v}")]
        [DataRow("{type=\u00ED\u00A0\u0080}")]
        [DataRow("{type=\u0000}")]
        [DataRow("{reply=\u00FF}")]
        [DataRow("{reply=\u0000}")]
        public void IllFormedProperties(string properties)
        {
            Rig r = Rig.Connected(5);
            r.Breaks("PUBLISH topic=a " + properties, 0x81);
            Assert.AreEqual(0, r.Sink.Messages);
            r = Rig.Connected(5);
            r.Send("PUBLISH topic=a {type=\u00C3\u00A4 reply=r user=\u00C3\u00A4:\u00C3\u00A4}");
            Assert.AreEqual(1, r.Sink.Messages);
        }

        // [MQTT-3.14.1-1], [MQTT-3.15.1-1]
        [TestMethod]
        [DataRow("HEX E100")]
        [DataRow("HEX E80100")]
        [DataRow("HEX F100")]
        [DataRow("HEX F20118")]
        public void FlagsOfDisconnectAndAuth(string line)
        {
            Rig r = new Rig(5);
            r.Options.AuthMethod = Line.Ascii("m");
            r.Connect("CONNACK reason=00 {method=m}");
            r.Breaks(line, 0x81);
        }

        // [MQTT-2.1.3-1], [MQTT-2.2.2-1]: flags and lengths as the specification prints them.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void Requests(int version)
        {
            string none = version == 5 ? "00" : "";
            Rig r = new Rig(version);
            r.Options.KeepAliveSeconds = 8;
            r.Connect("CONNACK");
            r.Subscribe("a", 1, 0);
            Assert.AreEqual("82" + (version == 5 ? "07" : "06") + "FFFF" + none + "000161" + "01", r.Hex());
            r.Unsubscribe("a");
            Assert.AreEqual("A2" + (version == 5 ? "06" : "05") + "FFFE" + none + "000161", r.Hex());
            r.Put("a", 2);
            Assert.AreEqual("34" + (version == 5 ? "07" : "06") + "000161" + "0002" + none + "31", r.Hex());
            r.Send("PUBREC id=2");
            Assert.AreEqual("62020002", r.Hex());
            r.Send("PUBCOMP id=2 / PUBLISH q1 topic=a id=3 / PUBLISH q2 topic=a id=4 / PUBREL id=4");
            Assert.AreEqual("40020003" + "50020004" + "70020004", r.Hex());
            r.Pass(7000);
            Assert.AreEqual("C000", r.Hex());
            r.Session.Disconnect(0, r.NowMs);
            r.Run();
            Assert.AreEqual("E000", r.Hex());
        }

        // What the client answers has neither a reason string nor user properties, so none that goes beyond the
        // server's maximum packet size: [MQTT-3.4.2-2] and -3, and the same of PUBREC, PUBREL, PUBCOMP, DISCONNECT.
        [TestMethod]
        public void AnswersCarryNothingMore()
        {
            Rig r = new Rig(5);
            r.Options.UserProperties = Line.Bytes("2600016B000176");
            r.Session.RequestProperties = Line.Bytes("2600016B000176");
            r.Connect("CONNACK reason=00 {max=20}");
            r.Sink.Reason = 0x97;
            r.Send("PUBLISH q1 topic=a id=7 / PUBLISH q2 topic=b id=8 / PUBREL id=9");
            Assert.AreEqual("4003000797" + "5003000897" + "7003000992", r.Hex());
            r.Put("c", 2);
            Assert.AreEqual("34070001630002" + "0031", r.Hex());
            r.Send("PUBREC id=2 reason=97 / PUBREC id=2");
            Assert.AreEqual("6203000292", r.Hex());
            r.Send("PUBACK id=0");
            Assert.AreEqual("E00182", r.Hex());
        }

        // The same of AUTH: [MQTT-3.15.2-2], [MQTT-3.15.2-3].
        [TestMethod]
        public void AuthCarriesNothingMore()
        {
            Rig r = new Rig(5);
            r.Options.UserProperties = Line.Bytes("2600016B000176");
            r.Options.AuthMethod = Line.Ascii("m");
            r.Sink.AuthData = Line.Bytes("03");
            r.Open();
            r.First();
            r.Send("AUTH reason=18 {method=m data=02}");
            Assert.AreEqual("F00A1808" + "1500016D" + "16000103", r.Hex());
        }
    }
}
