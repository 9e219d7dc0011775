using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Corners where two rules meet: a replay and routing, a replay and a hold.</summary>
    [TestClass]
    public class CornerTest
    {
        // A replay of $SYS that begins while a message is being routed makes messages of its own.
        [TestMethod]
        public void ReplayWithinRouting()
        {
            Rig r = Rig.Tiny();
            int s = r.Connect("5 clean id=s");
            r.Send(s, "SUBSCRIBE id=1 filter=$SYS/broker/version filter=t q1 / PUBLISH q1 topic=t id=1 payload=31");
            Assert.AreEqual("SUBACK id=1 00 01", r.Next(s));
            Assert.AreEqual("PUBLISH q1 topic=t id=1 payload=31", r.Next(s));
            Assert.AreEqual(0, r.Next(s).IndexOf("PUBLISH q0 retain topic=$SYS/broker/version"));
            r.Got(s, "PUBACK id=1 reason=00");
            r.Send(s, "PUBACK id=1");
            r.End();
        }

        // A name under $SYS that is longer than any topic may be does not exist.
        [TestMethod]
        public void SysTopicTooLong()
        {
            Limits limits = Limits.Tiny();
            limits.TopicLevels = 5;
            Rig r = new Rig(limits);
            int s = r.Subscriber("5 {session=9} id=abcdefghijklmnopqrstuvw", "filter=a");
            r.Subscriber("5 {session=9} id=short", "filter=a");
            int p = r.Connect("5 clean id=p");
            r.Lose(s);
            r.Lose(1);
            r.Ask(p, "PUBLISH topic=a", "");
            r.Ask(p, "SUBSCRIBE id=1 filter=$SYS/broker/dropped/session/#",
                "SUBACK id=1 00 / PUBLISH q0 retain topic=$SYS/broker/dropped/session/short payload=31");
            r.End();
        }

        // A replay waits for acknowledgements; they lie behind a SUBSCRIBE that waits for the replay, beyond what can
        // be stored.
        [TestMethod]
        public void ReplayThatWaitsForWhatCannotBeRead()
        {
            Rig r = Rig.Tiny();
            int p = r.Connect("5 clean id=p");
            r.Send(p, "PUBLISH q1 retain topic=a id=1 payload=31 / PUBLISH q1 retain topic=b id=2 payload=32"
                + " / PUBLISH q1 retain topic=c id=3 payload=33");
            r.Lose(p);
            int s = r.Connect("5 clean keep=5 id=s");
            r.Ask(s, "SUBSCRIBE id=1 filter=+ q1", "SUBACK id=1 01 / PUBLISH q1 retain topic=a id=1 payload=31"
                + " / PUBLISH q1 retain topic=b id=2 payload=32");
            string large = "PUBLISH topic=x/y payload=" + Rig.Hexes(180);
            r.Send(s, "SUBSCRIBE id=2 filter=x / " + large + " / " + large + " / PUBACK id=1 / PUBACK id=2");
            r.Pass(r.Broker.Limits.HoldMs - 1);
            r.Got(s, "");
            r.Pass(1);
            r.Got(s, "SUBACK id=2 00 / PUBLISH q1 retain topic=c id=3 payload=33");
            r.Ask(s, "PUBACK id=3", "");
            r.Counts(Counter.StalledClosed, 0);
            r.End("a b c");
        }

        // One SUBSCRIBE is handled like several in a row [MQTT-3.8.4-5]: the first brings the retained message.
        [TestMethod]
        public void SameFilterTwice()
        {
            Rig r = Rig.Tiny();
            int s = r.Connect("5 clean id=s");
            r.Send(s, "PUBLISH retain topic=a payload=31");
            r.Ask(s, "SUBSCRIBE id=1 filter=a rh1 filter=a rh1",
                "SUBACK id=1 00 00 / PUBLISH q0 retain topic=a payload=31");
            r.Ask(s, "SUBSCRIBE id=1 filter=a rh1", "SUBACK id=1 00");
            r.End("a");
        }

        // Where the reason string does not fit the send buffer any more, DISCONNECT goes out without.
        [TestMethod]
        public void DisconnectWithoutItsReasonString()
        {
            Rig r = Rig.Tiny();
            int s = r.Subscriber("5 clean id=s", "filter=t");
            int p = r.Connect("5 clean id=p");
            r.Stall(s);
            r.Send(p, "PUBLISH topic=t payload=" + Rig.Hexes(95));
            int t = r.Connect("5 clean id=s");
            r.TakeAll(s);
            Assert.AreEqual(0, r.Next(s).IndexOf("PUBLISH q0 topic=t"));
            r.Got(s, "DISCONNECT reason=8E / CLOSED");
            Assert.IsTrue(r.IsOpen(t), "the new one");
            r.End();
        }

        // Times are compared by their difference: a client that took nothing for 25 days, having got nothing, is
        // still found out when it stops reading.
        [TestMethod]
        public void StalledAfterALongSilence()
        {
            Rig r = Rig.Tiny();
            int s = r.Subscriber("4 clean id=s", "filter=t");
            for (int i = 0; i < 4; i++) r.Pass(550000000);
            int p = r.Connect("4 clean id=p");
            r.Stall(s);
            r.Send(p, "PUBLISH topic=t payload=31");
            r.Pass(125000);
            Assert.IsFalse(r.IsOpen(s), "closed");
            r.Counts(Counter.StalledClosed, 1);
            r.End();
        }
    }
}
