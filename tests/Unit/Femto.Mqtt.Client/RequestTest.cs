using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>SUBSCRIBE, UNSUBSCRIBE, and keep-alive.</summary>
    [TestClass]
    public class RequestTest
    {
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void Answered(int version)
        {
            Rig r = Rig.Connected(version);
            Assert.AreEqual(65535, r.Subscribe("a/+", 1, 0));
            Assert.AreEqual(65534, r.Unsubscribe("b"));
            Assert.AreEqual(0, r.Subscribe("c", 0, 0)); // two wait
            r.Got("SUBSCRIBE id=65535 filter=a/+ q1 / UNSUBSCRIBE id=65534 filter=b");
            r.Send("SUBACK id=65535 01 / UNSUBACK id=65534" + (version == 5 ? " 11" : ""));
            r.Told("answer 65535 01 / answer 65534 " + (version == 5 ? "11" : "00"));
            Assert.AreEqual(65535, r.Subscribe("c", 2, 0));
            r.Got("SUBSCRIBE id=65535 filter=c q2");
            r.Send("SUBACK id=65535 80");
            r.Told("answer 65535 80");
        }

        [TestMethod]
        public void Version5Says()
        {
            Rig r = Rig.Connected(5);
            r.Session.RequestProperties = Line.Bytes("2600016B000176");
            r.Subscribe("a", 0x2D, 300);
            r.Unsubscribe("$share/g/a");
            r.Got("SUBSCRIBE id=65535 {sub=300 user=k:v} filter=a q1 nl rap rh2"
                + " / UNSUBSCRIBE id=65534 {user=k:v} filter=$share/g/a");
            r = Rig.Connected(4);
            r.Session.RequestProperties = Line.Bytes("2600016B000176");
            r.Subscribe("a", 0x2D, 300);
            r.Got("SUBSCRIBE id=65535 filter=a q1");
        }

        [TestMethod]
        public void Refused()
        {
            Rig r = new Rig(5);
            Assert.AreEqual(0, r.Subscribe("a", 0, 0));
            Assert.AreEqual(0, r.Unsubscribe("a"));
            r.Connect("CONNACK reason=00 {max=20 wildcard=0 subids=0 shared=0}");
            Assert.AreEqual(-0xA2, r.Subscribe("a/#", 0, 0));
            Assert.AreEqual(-0x9E, r.Subscribe("$share/g/a", 0, 0));
            Assert.AreEqual(-0xA1, r.Subscribe("a", 0, 1));
            Assert.AreEqual(-0x95, r.Subscribe("a234567890123", 0, 0));
            Assert.AreEqual(65535, r.Subscribe("a23456789012", 0, 0));
            r.Got("SUBSCRIBE id=65535 filter=a23456789012 q0");
            r = Rig.Connected(5);
            Assert.AreEqual(-0x82, r.Subscribe("$share/g/a", 4, 0)); // [MQTT-3.8.3-4]
            Assert.AreEqual(65535, r.Subscribe("$share/g/a/#", 0, 0));
        }

        [TestMethod]
        [DataRow("")]
        [DataRow("a/#/b")]
        [DataRow("a#")]
        [DataRow("#a")]
        [DataRow("a+")]
        [DataRow("+a")]
        [DataRow("a/+b/c")]
        [DataRow("$share/")]
        [DataRow("$share/g")]
        [DataRow("$share//a")]
        [DataRow("$share/g/")]
        [DataRow("$share/g+/a")]
        [DataRow("$share/g/a#")]
        public void BadFilter(string filter)
        {
            Rig r = Rig.Connected(5);
            Assert.AreEqual(-0x8F, r.Subscribe(filter, 0, 0));
            Assert.AreEqual(-0x8F, r.Unsubscribe(filter));
            r.Got("");
        }

        [TestMethod]
        [DataRow("#")]
        [DataRow("+")]
        [DataRow("/")]
        [DataRow("+/+/#")]
        [DataRow("a/+/b")]
        [DataRow("$SYS/#")]
        [DataRow("$share/g/+/#")]
        [DataRow("$share/g//")]
        public void GoodFilter(string filter)
        {
            Rig r = Rig.Connected(5);
            Assert.AreEqual(65535, r.Subscribe(filter, 0, 0));
            r.Got("SUBSCRIBE id=65535 filter=" + filter + " q0");
        }

        // The connection goes before the answer.
        [TestMethod]
        public void Unanswered()
        {
            Rig r = Rig.Connected(4);
            r.Subscribe("a", 0, 0);
            r.Unsubscribe("a");
            r.Lose();
            r.Told("answer 65535 40 / answer 65534 40 / disconnected 40");
            r.Connect("CONNACK");
            Assert.IsTrue(r.Subscribe("a", 0, 0) > 0 && r.Subscribe("b", 0, 0) > 0);
        }

        [TestMethod]
        [DataRow("SUBACK id=65535 00 00")]
        [DataRow("UNSUBACK id=65535 00")]
        [DataRow("SUBACK id=65535 03")]
        [DataRow("SUBACK id=65535 11")]
        [DataRow("SUBACK id=65534 00")]
        public void BadAnswer(string line)
        {
            Rig r = Rig.Connected(5);
            r.Subscribe("a", 0, 0);
            r.First();
            r.Breaks(line, 0x82);
        }

        // Behind a message that streams there is no room now; later there is.
        [TestMethod]
        public void NoRoomNow()
        {
            Rig r = Rig.Connected(4);
            r.Stalled = true;
            r.Publish("a", 0, 150);
            Assert.AreEqual(0, r.Subscribe("a", 0, 0));
            r.Stalled = false;
            r.Run();
            r.First();
            Assert.AreEqual(65535, r.Subscribe("a", 0, 0));
        }

        // PINGREQ a little before the time is over, when nothing else was sent [MQTT-3.1.2-20].
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void KeepsAlive(int version)
        {
            Rig r = new Rig(version);
            r.Options.KeepAliveSeconds = 60;
            r.Connect("CONNACK");
            r.Run();
            Assert.AreEqual(52500, r.Wait);
            r.Pass(52499);
            r.Put("a", 0);
            r.Pass(52499);
            r.Got("PUBLISH q0 topic=a payload=31");
            r.Pass(1);
            r.Got("PINGREQ");
            r.Pass(9999);
            r.Send("PINGRESP");
            r.Pass(42500);
            r.Got("");
            r.Pass(1);
            r.Got("PINGREQ");
            r.Pass(10000);
            r.Got("CLOSED");
            r.Told("connected / disconnected 8D");
        }

        [TestMethod]
        public void ServerKeepAlive()
        {
            Rig r = new Rig(5);
            r.Options.KeepAliveSeconds = 60;
            r.Connect("CONNACK reason=00 {keep=8}"); // [MQTT-3.2.2-21]
            r.Pass(7000);
            r.Got("PINGREQ");
            r.Lose();
            r.Connect("CONNACK reason=00 {keep=0}");
            r.Pass(1000000);
            r.Got("");
        }

        // What arrives shows that the server lives; PINGREQ goes on all the while.
        [TestMethod]
        public void AnswerBehindOthers()
        {
            Rig r = new Rig(4);
            r.Options.KeepAliveSeconds = 8;
            r.Connect("CONNACK");
            r.Sink.Quiet = true;
            r.Pass(7000);
            for (int i = 0; i < 5; i++)
            {
                r.Send("PUBLISH topic=a");
                r.Pass(7000);
            }
            r.Got("PINGREQ / PINGREQ / PINGREQ / PINGREQ / PINGREQ / PINGREQ");
            r.Pass(9999);
            Assert.AreEqual(ClientState.Offline, r.Session.State);
        }

        // Held by the sink, the answer may wait outside: no end for that.
        [TestMethod]
        public void HeldIsNotDead()
        {
            Rig r = new Rig(4);
            r.Options.KeepAliveSeconds = 60;
            r.Connect("CONNACK");
            r.Sink.Reason = ClientSession.Hold;
            r.Send("PUBLISH topic=a");
            r.Pass(52500);
            r.Pass(9000);
            r.Pass(9000);
            r.Pass(9000);
            Assert.AreEqual(ClientState.Connected, r.Session.State);
            r.Sink.Reason = 0;
            r.Session.Resume(r.NowMs);
            r.Pass(10000);
            Assert.AreEqual(ClientState.Offline, r.Session.State);
        }

        // A message half sent and no byte taken: PINGREQ cannot even be written, and the time limit holds.
        [TestMethod]
        public void StalledServer()
        {
            Rig r = new Rig(4);
            r.Options.KeepAliveSeconds = 60;
            r.Connect("CONNACK");
            r.Stalled = true;
            r.Publish("a", 1, 150);
            r.Pass(52500);
            r.Piece = 10;
            r.Stalled = false;
            r.Session.Pending(out byte[] b, out int o, out bool close);
            r.Session.Sent(10, r.NowMs); // progress: no answer is awaited
            r.Stalled = true;
            r.Pass(30000);
            Assert.AreEqual(ClientState.Connected, r.Session.State);
            r.Pass(22500);
            r.Pass(10000);
            Assert.AreEqual(ClientState.Closing, r.Session.State);
        }

        // The clock wraps.
        [TestMethod]
        public void ClockWraps()
        {
            Rig r = new Rig(5);
            r.NowMs = int.MaxValue - 1000;
            r.Options.KeepAliveSeconds = 8;
            r.Connect("CONNACK");
            r.Got("");
            r.Pass(6000);
            r.Got("");
            r.Pass(1000);
            r.Got("PINGREQ");
            r.Pass(9999);
            Assert.AreEqual(ClientState.Connected, r.Session.State);
            r.Pass(1);
            Assert.AreEqual(ClientState.Offline, r.Session.State);
        }
    }
}
