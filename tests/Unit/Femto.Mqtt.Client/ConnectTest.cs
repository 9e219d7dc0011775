using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>CONNECT, CONNACK, what it grants, the AUTH exchange, and how a connection ends.</summary>
    [TestClass]
    public class ConnectTest
    {
        [TestMethod]
        public void SaysWhatTheOptionsSay()
        {
            Rig r = new Rig(4);
            r.Open();
            r.Got("CONNECT 4 clean keep=0 id=c");
            r = new Rig(5);
            r.Open();
            r.Got("CONNECT 5 clean keep=0 {receive=3 aliases=2 max=256} id=c");
            Fill(r);
            r.Lose();
            r.Open();
            r.Got("CONNECT 5 keep=9 {session=60 method=m data=0102 askresponse=1 receive=3 aliases=2 max=256 user=k:v}"
                + " id=c will {type=t delay=5} q2 retain topic=w payload=3132 user=u pass=70");
            r.Lose();
            r = new Rig(4);
            Fill(r);
            r.Open();
            r.Got("CONNECT 4 keep=9 id=c will q2 retain topic=w payload=3132 user=u pass=70");
        }

        private static void Fill(Rig r)
        {
            ClientOptions o = r.Options;
            o.CleanStart = false;
            o.KeepAliveSeconds = 9;
            o.SessionExpiry = 60;
            o.WillTopic = Line.Ascii("w");
            o.WillPayload = Line.Ascii("12");
            o.WillQos = 2;
            o.WillRetain = true;
            o.WillDelay = 5;
            o.WillProperties = Line.Bytes("03000174");
            o.UserName = Line.Ascii("u");
            o.Password = Line.Ascii("p");
            o.UserProperties = Line.Bytes("2600016B000176");
            o.RequestResponse = true;
            o.AuthMethod = Line.Ascii("m");
            o.AuthData = Line.Bytes("0102");
        }

        // What no server may be sent is refused before a byte goes out.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void BadOptions(int version)
        {
            Rig r = new Rig(version);
            ClientOptions o = r.Options;
            o.ClientId = Line.Bytes("61C0"); // [MQTT-3.1.3-4]
            Refused(r, 0x85);
            o.ClientId = Line.Bytes("610062");
            Refused(r, 0x85);
            o.ClientId = new byte[65536];
            Refused(r, 0x85);
            o.ClientId = Line.Ascii("c");
            o.UserName = Line.Bytes("EDA080"); // [MQTT-3.1.3-12], in 3.1.1 [MQTT-3.1.3-11]
            Refused(r, 0x86);
            o.UserName = Line.Ascii("u");
            o.Password = new byte[65536];
            Refused(r, 0x86);
            o.Password = Line.Bytes("00FF"); // any bytes
            o.AuthMethod = Line.Bytes("FE");
            Refused(r, 0x8C);
            o.AuthMethod = null;
            o.WillTopic = Line.Bytes("77FF"); // [MQTT-3.1.3-11], in 3.1.1 [MQTT-3.1.3-10]
            Refused(r, 0x90);
            o.WillTopic = Line.Ascii("w/#");
            Refused(r, 0x90);
            o.WillTopic = new byte[0];
            Refused(r, 0x90);
            o.WillTopic = Line.Ascii("w");
            o.WillQos = 3; // [MQTT-3.1.2-12]
            Refused(r, 0x9B);
            o.WillQos = -1;
            Refused(r, 0x9B);
            o.WillQos = 2;
            o.Version = 3;
            Refused(r, 0x84);
            o.Version = version;
            r.Connect("CONNACK");
            r.Told("connected");
        }

        private static void Refused(Rig r, int reason)
        {
            Assert.AreEqual(reason, r.Session.CheckOptions());
            r.Open();
            r.Got(Rig.Closed);
            Line.Clear();
            Line.Byte(reason);
            r.Told("disconnected " + Line.Text());
        }

        // Two rules of 3.1.1 alone.
        [TestMethod]
        public void BadOptionsInVersion4()
        {
            Rig r = new Rig(4);
            r.Options.Password = Line.Ascii("p");
            Refused(r, 0x86); // [MQTT-3.1.2-22]
            r.Options.Version = 5;
            Assert.AreEqual(0, r.Session.CheckOptions());
            r.Options.Version = 4;
            r.Options.Password = null;
            r.Options.CleanStart = false;
            r.Options.ClientId = null;
            Refused(r, 0x85); // [MQTT-3.1.3-7]
            r.Options.ClientId = new byte[0];
            Refused(r, 0x85);
            r.Options.Version = 5;
            Assert.AreEqual(0, r.Session.CheckOptions());
            r.Options.Version = 4;
            r.Options.CleanStart = true;
            r.Connect("CONNACK");
            r.Told("connected");
        }

        // A bridge says so; a 3.1.1 server that does not know the level is asked again without it.
        [TestMethod]
        public void TriesPrivate()
        {
            Rig r = new Rig(4);
            r.Options.TryPrivate = true;
            r.Open();
            Assert.AreEqual("100D00044D51545484020000000163", r.Hex());
            r.Send("CONNACK reason=01");
            r.Told("disconnected 84");
            r.Got("CLOSED");
            r.Open();
            r.Got("CONNECT 4 clean keep=0 id=c");
            r = new Rig(5);
            r.Options.TryPrivate = true;
            r.Open();
            r.Got("CONNECT 5 clean keep=0 {receive=3 aliases=2 max=256 user=femto-bridge:1} id=c");
        }

        // Longer than the send buffer: it goes out from the receive buffer, and nothing is read meanwhile.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void LongConnect(int version)
        {
            Rig r = new Rig(version);
            r.Options.UserName = Line.Ascii("u");
            r.Options.Password = new byte[200];
            r.Stalled = true;
            r.Open();
            Assert.AreEqual(0, r.Session.Room());
            byte[] early = Rig.Bytes("CONNACK", version);
            Assert.AreEqual(0, r.Session.Feed(early, 0, early.Length, r.NowMs));
            r.Stalled = false;
            r.Piece = 11;
            r.Run();
            string line = r.First();
            Assert.AreEqual(0, line.IndexOf("CONNECT "), line);
            Assert.IsTrue(line.IndexOf("user=u pass=0000") > 0, line);
            r.Send("CONNACK");
            r.Put("a", 1);
            r.Got("PUBLISH q1 topic=a id=2 payload=31");
            r.Told("connected");
        }

        [TestMethod]
        public void TooLongConnect()
        {
            Rig r = new Rig(4);
            r.Options.UserName = Line.Ascii("u");
            r.Options.Password = new byte[400];
            r.Open();
            r.Told("disconnected 95");
            r.Got("CLOSED");
            r.Options.Password = new byte[2];
            r.Open();
            Assert.AreEqual(ClientState.Connecting, r.Session.State);
        }

        [TestMethod]
        [DataRow(4, "CONNACK reason=01", "84")]
        [DataRow(4, "CONNACK reason=02", "85")]
        [DataRow(4, "CONNACK reason=03", "88")]
        [DataRow(4, "CONNACK reason=04", "86")]
        [DataRow(4, "CONNACK reason=05", "87")]
        [DataRow(5, "CONNACK reason=86", "86")]
        [DataRow(5, "CONNACK reason=9D {server=other reason=moved}", "9D")]
        public void Refused(int version, string line, string reason)
        {
            Rig r = new Rig(version);
            r.Open();
            r.First();
            r.Send(line);
            r.Told("disconnected " + reason);
            r.Got("CLOSED");
            if (line.IndexOf("{") < 0) return;
            Assert.AreEqual("other", Text(r, r.Session.ServerReferenceOffset, r.Session.ServerReferenceLength));
            Assert.AreEqual("moved", Text(r, r.Session.ReasonStringOffset, r.Session.ReasonStringLength));
        }

        private static string Text(Rig r, int offset, int length)
        {
            Line.Clear();
            Line.Show(r.Session.Texts, offset, length);
            return Line.Text();
        }

        // What is no CONNACK, or one that must not be.
        [TestMethod]
        [DataRow(4, "PUBLISH topic=a", 0x82)]          // [MQTT-3.2.0-1]
        [DataRow(5, "PUBLISH topic=a", 0x82)]
        [DataRow(4, "PINGRESP", 0x82)]
        [DataRow(5, "DISCONNECT reason=00", 0x82)]
        [DataRow(4, "CONNACK present reason=00", 0x82)] // [MQTT-3.2.2-2]: a clean start
        [DataRow(5, "CONNACK present reason=00", 0x82)]
        [DataRow(5, "CONNACK present reason=80", 0x82)] // [MQTT-3.2.2-6]
        [DataRow(4, "CONNACK reason=06", 0x82)]
        [DataRow(5, "CONNACK reason=01", 0x82)]         // [MQTT-3.2.2-8]
        [DataRow(4, "HEX 20020200", 0x81)]              // [MQTT-3.2.2-1]
        [DataRow(5, "HEX 20020000", 0x81)]              // no properties
        [DataRow(4, "HEX 200400000000", 0x81)]
        [DataRow(5, "CONNACK reason=00 {receive=0}", 0x82)]
        [DataRow(5, "CONNACK reason=00 {maxqos=2}", 0x82)]
        [DataRow(5, "CONNACK reason=00 {max=0}", 0x82)]
        [DataRow(5, "CONNACK reason=00 {alias=1}", 0x81)]
        [DataRow(5, "CONNACK reason=00 {method=x}", 0x82)] // [MQTT-4.12.0-6]
        public void BadConnack(int version, string line, int reason)
        {
            Rig r = new Rig(version);
            r.Open();
            r.First();
            r.Breaks(line, reason);
            Assert.AreEqual(-1, r.Sink.Told.IndexOf("connected"));
        }

        [TestMethod]
        public void Grants()
        {
            Rig r = new Rig(5);
            r.Connect("CONNACK reason=00 {session=7 keep=8 receive=9 aliases=1 maxqos=1 retain=0 max=100 wildcard=0"
                + " subids=0 shared=0 info=resp/}");
            ClientSession s = r.Session;
            Assert.AreEqual(7, (int)s.ServerSessionExpiry);
            Assert.AreEqual(8, s.ServerKeepAlive);
            Assert.AreEqual(9, s.ServerReceiveMaximum);
            Assert.AreEqual(1, s.ServerTopicAliases);
            Assert.AreEqual(1, s.ServerMaximumQos);
            Assert.AreEqual(100, s.ServerPacketBytes);
            Assert.IsTrue(!s.ServerRetain && !s.ServerWildcards && !s.ServerSubscriptionIds && !s.ServerShared);
            Assert.AreEqual("resp/", Text(r, s.ResponseInformationOffset, s.ResponseInformationLength));
            r.Lose();
            r.Options.SessionExpiry = 3;
            r.Options.KeepAliveSeconds = 4;
            r.Connect("CONNACK");
            Assert.AreEqual(3, (int)s.ServerSessionExpiry);
            Assert.AreEqual(4, s.ServerKeepAlive);
            Assert.AreEqual(65535, s.ServerReceiveMaximum);
            Assert.AreEqual(0, s.ServerTopicAliases);
            Assert.AreEqual(2, s.ServerMaximumQos);
            Assert.AreEqual(int.MaxValue, s.ServerPacketBytes);
            Assert.IsTrue(s.ServerRetain && s.ServerWildcards && s.ServerSubscriptionIds && s.ServerShared);
            Assert.AreEqual(0, s.ResponseInformationLength);
        }

        // [MQTT-3.2.2-16]: the name the server gave is this client's from then on.
        [TestMethod]
        public void AssignedClientId()
        {
            Rig r = new Rig(5);
            r.Options.ClientId = null;
            r.Options.CleanStart = false;
            r.Open();
            r.Got("CONNECT 5 keep=0 {receive=3 aliases=2 max=256} id=");
            r.Send("CONNACK reason=00 {client=femto-7 reason=hello}");
            Assert.AreEqual("femto-7", Text(r, 0, r.Session.AssignedClientIdLength));
            r.Lose();
            r.Open();
            r.Got("CONNECT 5 keep=0 {receive=3 aliases=2 max=256} id=femto-7");
            r.Send("CONNACK present reason=00 {reason=again}");
            r.Lose();
            r.Open();
            r.Got("CONNECT 5 keep=0 {receive=3 aliases=2 max=256} id=femto-7");
            Assert.AreEqual("femto-7", Text(r, 0, r.Session.AssignedClientIdLength));
        }

        [TestMethod]
        public void NoAssignedClientId()
        {
            Rig r = new Rig(5);
            r.Options.ClientId = null;
            r.Open();
            r.First();
            r.Breaks("CONNACK", 0x82);
            // One that there is no room for would be lost.
            r.Open();
            r.First();
            r.Breaks("CONNACK reason=00 {client=a234567890123456789012345678901234}", 0x83);
        }

        // CONNACK must come in time, and so must each step of an exchange.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void ConnackInTime(int version)
        {
            Rig r = new Rig(version);
            r.Open();
            r.First();
            Assert.AreEqual(10000, r.Wait);
            r.Pass(9999);
            r.Told("");
            Assert.AreEqual(1, r.Wait);
            r.Pass(1);
            r.Told("disconnected 88");
            r.Got("CLOSED");
        }

        [TestMethod]
        public void AuthExchange()
        {
            Rig r = new Rig(5);
            r.Options.AuthMethod = Line.Ascii("m");
            r.Options.AuthData = Line.Bytes("01");
            r.Sink.AuthData = Line.Bytes("03");
            r.Open();
            r.Got("CONNECT 5 clean keep=0 {method=m data=01 receive=3 aliases=2 max=256} id=c");
            r.Pass(9000);
            r.Send("AUTH reason=18 {method=m data=02}");
            r.Told("auth 18 02");
            r.Got("AUTH reason=18 {method=m data=03}");
            r.Pass(9000);
            r.Sink.AuthData = null;
            r.Send("AUTH reason=18 {method=m}");
            r.Told("auth 18 ");
            r.Got("AUTH reason=18 {method=m}");
            r.Send("CONNACK reason=00 {method=m data=04}");
            r.Told("auth 00 04 / connected");
            // Again, from the client's side.
            byte[] data = Line.Bytes("0506");
            Assert.AreEqual((int)Fault.None, (int)r.Session.Reauthenticate(data, 0, 2, r.NowMs));
            Assert.AreEqual((int)Fault.ProtocolError, (int)r.Session.Reauthenticate(data, 0, 2, r.NowMs));
            r.Run();
            r.Got("AUTH reason=19 {method=m data=0506}");
            r.Put("a", 0);
            r.Send("AUTH reason=18 {method=m data=07}");
            r.Told("auth 18 07");
            r.Got("PUBLISH q0 topic=a payload=31 / AUTH reason=18 {method=m}");
            r.Send("AUTH reason=00 {method=m data=08}");
            r.Told("auth 00 08");
            r.Breaks("AUTH reason=00 {method=m data=08}", 0x82);
        }

        // [MQTT-4.12.0-7]
        [TestMethod]
        public void NoMethodNoAuth()
        {
            Rig r = Rig.Connected(5);
            Assert.AreEqual((int)Fault.ProtocolError, (int)r.Session.Reauthenticate(null, 0, 0, r.NowMs));
            r.Got("");
        }

        // While the server does not read, its AUTH waits, and the sink is asked once.
        [TestMethod]
        public void AuthWaitsForRoom()
        {
            Rig r = new Rig(5);
            r.Options.AuthMethod = Line.Ascii("m");
            r.Connect("CONNACK reason=00 {method=m}");
            r.Session.Reauthenticate(null, 0, 0, r.NowMs);
            r.Run();
            r.Got("AUTH reason=19 {method=m}");
            r.Stalled = true;
            r.Publish("a", 0, 120);
            r.Sink.Told = "";
            r.Send("AUTH reason=18 {method=m}");
            r.Told("");
            r.Put("b", 0);
            r.Stalled = false;
            r.Run();
            r.Told("auth 18  / done 00");
            string line = r.First();
            Assert.AreEqual(0, line.IndexOf("PUBLISH q0 topic=a payload=31"), line);
            r.Got("AUTH reason=18 {method=m} / PUBLISH q0 topic=b payload=31");
        }

        [TestMethod]
        [DataRow("AUTH reason=18 {method=x}")]   // [MQTT-4.12.0-5]
        [DataRow("AUTH reason=19 {method=m}")]
        [DataRow("AUTH reason=00 {method=m}")]   // CONNACK ends the first exchange
        [DataRow("CONNACK reason=00 {method=x}")]
        [DataRow("CONNACK")]
        public void BadAuth(string line)
        {
            Rig r = new Rig(5);
            r.Options.AuthMethod = Line.Ascii("m");
            r.Open();
            r.First();
            r.Breaks(line, 0x82);
        }

        [TestMethod]
        [DataRow("AUTH reason=18 {method=m data=02}")]
        [DataRow("CONNACK reason=00 {method=m data=02}")]
        public void TheSinkEndsTheExchange(string line)
        {
            Rig r = new Rig(5);
            r.Options.AuthMethod = Line.Ascii("m");
            r.Open();
            r.First();
            r.Sink.AuthAnswer = 0x87;
            r.Breaks(line, 0x87);
        }

        [TestMethod]
        public void Disconnects()
        {
            Rig r = Rig.Connected(5);
            r.Publish("a", 0, 150);
            r.First();
            r.Stalled = true;
            r.Publish("a", 0, 150); // what is half sent goes out whole first
            r.Sink.Told = "";
            r.Session.Disconnect(0, r.NowMs);
            r.Put("b", 1);
            r.Told("");
            r.Stalled = false;
            r.Run();
            string line = r.First();
            Assert.AreEqual(0, line.IndexOf("PUBLISH q0 topic=a payload=31"), line);
            r.Got("DISCONNECT reason=00 / CLOSED");
            r.Told("disconnected 00");
            r.Connect("CONNACK");
            r.Got("PUBLISH q1 topic=b id=2 payload=31");
            r.Session.Disconnect(4, r.NowMs);
            r.Run();
            r.Got("DISCONNECT reason=04 / CLOSED");
            r = Rig.Connected(4);
            r.Session.Disconnect(0, r.NowMs);
            r.Run();
            r.Got("DISCONNECT reason=00 / CLOSED");
            r.Connect("CONNACK");
            r.Session.Disconnect(4, r.NowMs);
            r.Run();
            r.Got("CLOSED"); // the will is published
        }

        // A server that takes no more bytes: the end comes all the same.
        [TestMethod]
        public void DisconnectsInTime()
        {
            Rig r = Rig.Connected(5);
            r.Stalled = true;
            r.Session.Disconnect(0, r.NowMs);
            r.Pass(9999);
            int n = r.Session.Pending(out byte[] b, out int o, out bool close);
            Assert.IsTrue(n == 2 && close);
            r.Pass(1);
            n = r.Session.Pending(out b, out o, out close);
            Assert.IsTrue(n == 0 && close);
        }

        [TestMethod]
        public void TheServerDisconnects()
        {
            Rig r = Rig.Connected(5);
            r.Stalled = true;
            r.Put("a", 0);
            r.Stalled = false;
            r.Send("DISCONNECT reason=9C {server=x reason=go} / PUBLISH topic=a");
            r.Told("disconnected 9C");
            r.Got("CLOSED"); // [MQTT-3.14.4-1 of the other side]: nothing more is sent
            Assert.AreEqual("x", Text(r, r.Session.ServerReferenceOffset, r.Session.ServerReferenceLength));
            Assert.AreEqual("go", Text(r, r.Session.ReasonStringOffset, r.Session.ReasonStringLength));
            Assert.AreEqual(0, r.Sink.Messages);
            r.Connect("CONNACK");
            Assert.AreEqual(0, r.Session.ServerReferenceLength);
            r.Send("DISCONNECT reason=00");
            r.Told("connected / disconnected 40");
        }
    }
}
