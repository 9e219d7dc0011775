using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What MqttClient subscribes to, asks for again, and gives to whom.</summary>
    [TestClass]
    public class DispatchTest
    {
        // Section 4.7, where the server names no subscription: all whose filter matches.
        [TestMethod]
        [DataRow("a", "a", true)]
        [DataRow("a", "b", false)]
        [DataRow("a", "a/b", false)]
        [DataRow("a/b", "a", false)]
        [DataRow("a/+", "a/b", true)]
        [DataRow("a/+", "a/", true)]
        [DataRow("a/+", "a", false)]
        [DataRow("a/+/c", "a/b/c", true)]
        [DataRow("a/+/c", "a/b/d", false)]
        [DataRow("+", "a/b", false)]
        [DataRow("+/+", "/a", true)]
        [DataRow("#", "a/b", true)]
        [DataRow("a/#", "a", true)]
        [DataRow("a/#", "a/b/c", true)]
        [DataRow("a/#", "ab", false)]
        [DataRow("a/+/#", "a/b", true)]
        [DataRow("a/+/#", "a", false)]
        [DataRow("#", "$SYS/x", false)]
        [DataRow("+/x", "$SYS/x", false)]
        [DataRow("$SYS/#", "$SYS/x", true)]
        [DataRow("$share/g/a/+", "a/b", true)]
        [DataRow("$share/g/#", "$SYS/x", false)]
        [DataRow("$share/g/a", "b", false)]
        public void Matches(string filter, string topic, bool matches)
        {
            Desk d = Desk.Connected(4, 2);
            d.Client.Sink = new Ear(d, "other");
            Assert.AreEqual(1, d.Subscribe("one", filter));
            d.Send("PUBLISH topic=" + topic);
            d.Heard(matches ? "one " + topic + ";" : "other " + topic + ";");
            Assert.AreEqual(matches ? 0 : 1, d.Client.Unclaimed);
        }

        // The server says which: only those, in the order of their rows. The number is the row's.
        [TestMethod]
        public void ByIdentifier()
        {
            Desk d = Desk.Connected(5, 4);
            d.Subscribe("one", "a/#");
            d.Subscribe("two", "+/b");
            d.Subscribe("three", "a/b");
            d.Got("SUBSCRIBE id=65535 {sub=1} filter=a/# q1 / SUBSCRIBE id=65534 {sub=2} filter=+/b q1");
            d.Send("SUBACK id=65535 01");
            d.Got("SUBSCRIBE id=65535 {sub=3} filter=a/b q1");
            d.Send("SUBACK id=65534 00 / SUBACK id=65535 87");
            d.Heard("subscribed 1 1;subscribed 2 0;subscribed 3 135;");
            d.Send("PUBLISH topic=a/b {sub=2} / PUBLISH topic=a/b {sub=2 sub=1} / PUBLISH topic=a/b {sub=1 sub=2 sub=3}"
                + " / PUBLISH topic=a/b");
            d.Heard("two a/b;" + "one a/b;two a/b;" + "one a/b;two a/b;three a/b;" + "one a/b;two a/b;three a/b;");
            // A number that is nobody's here, or whose filter now says otherwise: of an earlier program.
            d.Send("PUBLISH topic=a/x {sub=9} / PUBLISH topic=c {sub=1}");
            d.Heard("one a/x;");
            Assert.AreEqual(1, d.Client.Unclaimed);
        }

        // Without a sink of its own a subscription only asks; the message is claimed.
        [TestMethod]
        public void WithoutASink()
        {
            Desk d = Desk.Connected(5, 2);
            d.Client.Sink = new Ear(d, "other");
            d.Subscribe(null, "a");
            d.Got("SUBSCRIBE id=65535 {sub=1} filter=a q1");
            d.Send("PUBLISH q1 topic=a id=7 / PUBLISH q1 topic=b id=8");
            d.Heard("other b;");
            d.Got("PUBACK id=7 reason=00 / PUBACK id=8 reason=00");
            d.Client.Sink = null;
            d.Send("PUBLISH q1 topic=b id=9");
            d.Got("PUBACK id=9 reason=00");
            Assert.AreEqual(2, d.Client.Unclaimed);
        }

        // The worst reason is the answer.
        [TestMethod]
        public void Reasons()
        {
            Desk d = Desk.Connected(5, 3);
            Ear bad = new Ear(d, "bad");
            bad.Reason = 0x97;
            Ear worse = new Ear(d, "worse");
            worse.Reason = 0x99;
            d.Client.Subscribe(Line.Ascii("a"), 1, worse);
            d.Client.Subscribe(Line.Ascii("+"), 1, bad);
            d.Subscribe("good", "#");
            d.Got("SUBSCRIBE id=65535 {sub=1} filter=a q1 / SUBSCRIBE id=65534 {sub=2} filter=+ q1");
            d.Send("PUBLISH q1 topic=a id=7 / PUBLISH q1 topic=b id=8 / PUBLISH q1 topic=c/d id=9");
            d.Got("PUBACK id=7 reason=99 / PUBACK id=8 reason=97 / PUBACK id=9 reason=00");
            d.Heard("worse a;bad a;good a;bad b;good b;good c/d;");
        }

        // A sink that holds is offered the message again; those before it are not, those behind it are.
        [TestMethod]
        public void Held()
        {
            Desk d = Desk.Connected(5, 3);
            Ear slow = new Ear(d, "slow");
            slow.Reason = ClientSession.Hold;
            d.Subscribe("one", "#");
            d.Client.Subscribe(Line.Ascii("+"), 1, slow);
            d.Subscribe("three", "a");
            d.Send("PUBLISH topic=a");
            Assert.AreEqual(0, d.Told.IndexOf("one a;slow a;slow a;"), d.Told);
            Assert.AreEqual(-1, d.Told.IndexOf("three"), d.Told);
            d.Told = "";
            slow.Reason = 0;
            d.Heard("slow a;three a;");
            d.Send("PUBLISH topic=a");
            d.Heard("one a;slow a;three a;");
            // The sink for what nobody claims may hold as well.
            Desk e = Desk.Connected(4, 1);
            Ear other = new Ear(e, "other");
            other.Reason = ClientSession.Hold;
            e.Client.Sink = other;
            e.Send("PUBLISH topic=x/y / PUBLISH topic=z");
            Assert.AreEqual(0, e.Told.IndexOf("other x/y;other x/y;"), e.Told);
            e.Told = "";
            other.Reason = 0;
            e.Heard("other x/y;other z;");
            // The connection goes while it is held: the message too, at QoS 0.
            other.Reason = ClientSession.Hold;
            e.Send("PUBLISH topic=x/y");
            e.Lost = true;
            e.Turn();
            e.Told = "";
            other.Reason = 0;
            e.Connect("CONNACK");
            e.Heard("connected 0;");
        }

        [TestMethod]
        public void Rows()
        {
            Desk d = Desk.Connected(5, 2);
            Assert.AreEqual(1, d.Subscribe("one", "a"));
            Assert.AreEqual(2, d.Subscribe("two", "b"));
            Assert.AreEqual(0, d.Subscribe("three", "c"));
            Assert.AreEqual(0, d.Subscribe("three", "aa"));
            // The same filter again: its row, the new sink, asked for again.
            Assert.AreEqual(1, d.Subscribe("again", "a"));
            d.Got("SUBSCRIBE id=65535 {sub=1} filter=a q1 / SUBSCRIBE id=65534 {sub=2} filter=b q1");
            d.Send("SUBACK id=65535 01 / SUBACK id=65534 01 / PUBLISH topic=a");
            d.Heard("subscribed 1 1;subscribed 2 1;again a;");
            Assert.IsFalse(d.Client.Unsubscribe(Line.Ascii("x")));
            Assert.IsTrue(d.Client.Unsubscribe(Line.Ascii("b")));
            d.Got("UNSUBSCRIBE id=65535 filter=b");
            Assert.AreEqual(0, d.Subscribe("three", "c")); // the row is free when the server has said so
            d.Send("UNSUBACK id=65535 00");
            Assert.AreEqual(2, d.Subscribe("three", "c"));
            d.Heard("");
            d.Got("SUBSCRIBE id=65534 {sub=2} filter=c q1");
        }

        // What the server does not do is not asked for; the reason is told.
        [TestMethod]
        public void RefusedHere()
        {
            Desk d = new Desk(5, 3);
            d.Subscribe("one", "a/#");
            d.Subscribe("two", "$share/g/a");
            d.Subscribe("three", "a");
            d.Connect("CONNACK reason=00 {wildcard=0 shared=0 subids=0}");
            d.Heard("connecting;connected 0;subscribed 1 162;subscribed 2 158;");
            d.Got("SUBSCRIBE id=65535 filter=a q1");
        }

        // Asked for again where the server has lost the session, and where the answer is missing.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void AskedAgain(int version)
        {
            string sub = version == 5 ? " {sub=1}" : "";
            Desk d = Desk.Connected(version, 2);
            d.Subscribe("one", "a");
            d.Got("SUBSCRIBE id=65535" + sub + " filter=a q1");
            d.Lost = true;
            d.Turn();
            d.Connect("CONNACK present");
            d.Got("SUBSCRIBE id=65534" + sub + " filter=a q1"); // unanswered
            d.Send("SUBACK id=65534 01");
            d.Lost = true;
            d.Turn();
            d.Connect("CONNACK present");
            d.Got("");
            d.Lost = true;
            d.Turn();
            d.Connect("CONNACK");
            d.Got("SUBSCRIBE id=65535" + sub + " filter=a q1");
            d.Send("SUBACK id=65535 01");
            // Unsubscribed while away: nothing to say to a server without the session.
            d.Lost = true;
            d.Turn();
            d.Client.Unsubscribe(Line.Ascii("a"));
            d.Connect("CONNACK");
            d.Got("");
            Assert.AreEqual(1, d.Subscribe("one", "b"));
            d.Got("SUBSCRIBE id=65534" + sub + " filter=b q1");
            d.Send("SUBACK id=65534 80");
            // With the session the old one must be told, and again when the answer does not come.
            d.Client.Unsubscribe(Line.Ascii("b"));
            d.Got("UNSUBSCRIBE id=65535 filter=b");
            d.Lost = true;
            d.Turn();
            d.Connect("CONNACK present");
            d.Got("UNSUBSCRIBE id=65534 filter=b");
        }

        // Authentication the other way is nobody's business here: refused.
        [TestMethod]
        public void Authentication()
        {
            Desk d = new Desk(5, 1);
            d.Client.Options.AuthMethod = Line.Ascii("m");
            d.Connect("AUTH reason=18 {method=m data=0102}");
            Assert.AreEqual("connecting;offline 135;", d.Told.Substring(0, 23));
            d = new Desk(5, 1);
            d.Client.Options.AuthMethod = Line.Ascii("m");
            d.Client.Authenticator = d;
            d.Connect("AUTH reason=18 {method=m data=0102}");
            d.Got("AUTH reason=18 {method=m}");
            d.Send("CONNACK reason=00 {method=m data=01}");
            d.Heard("connecting;auth 24 2;auth 0 1;connected 0;");
            d = new Desk(5, 1);
            d.Client.Options.AuthMethod = Line.Ascii("m");
            d.Client.Authenticator = d;
            d.AuthAnswer = 0x86;
            d.Connect("AUTH reason=18 {method=m}");
            Assert.AreEqual("connecting;auth 24 0;offline 134;", d.Told.Substring(0, 33));
        }

        // No connection: the reason is told, and it is tried again.
        [TestMethod]
        public void TriedAgain()
        {
            Desk d = new Desk(4, 1);
            d.Down = true;
            Assert.AreEqual((int)Fault.Closed, d.Client.Connect(10000));
            Assert.AreEqual("down", d.Client.Error);
            Assert.AreEqual("connecting;offline 64;", d.Told.Substring(0, 22));
            d.Down = false;
            d.Connect("CONNACK");
            Assert.IsTrue(d.Client.Error == null, "no error");
            Assert.AreEqual(ClientState.Connected, d.Client.State);
            Assert.AreEqual(0, d.Client.Connect(0));
            Assert.IsTrue(d.Client.Failures > 0, "failures");
        }
    }
}
