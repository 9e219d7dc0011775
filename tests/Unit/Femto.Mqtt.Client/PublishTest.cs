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
    }
}
