using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Retained messages, section 3.3.1.3.</summary>
    [TestClass]
    public class RetainedTest
    {
        [TestMethod]
        public void StoreReplaceClear()
        {
            for (int version = 4; version <= 5; version++)
            {
                World w = new World();
                string v = version.ToString();
                int p = w.Connect("CONNECT " + v + " clean keep=0 id=p");
                int s = w.Connect("CONNECT " + v + " clean keep=0 id=s");
                w.Subscribe(s, "filter=a/b q1");
                w.Send(p, "PUBLISH retain topic=a/b payload=01 / PUBLISH q1 retain topic=a/b id=1 payload=02");
                w.Got(p, "PUBACK id=1 reason=00");
                // [MQTT-3.3.1-9] of 3.1.1, [MQTT-3.3.1-12]: not marked for who had subscribed before.
                w.Got(s, "PUBLISH q0 topic=a/b payload=01 / PUBLISH q1 topic=a/b id=1 payload=02");
                w.Ask(s, "PUBACK id=1", "");
                int t = w.Connect("CONNECT " + v + " clean keep=0 id=t");
                w.Ask(t, "SUBSCRIBE id=7 filter=a/b q2", "SUBACK id=7 02 / PUBLISH q1 retain topic=a/b id=1"
                    + " payload=02");
                // [MQTT-3.3.1-6], [MQTT-3.3.1-7]: an empty payload clears, and is delivered like any other.
                w.Send(p, "PUBLISH retain topic=a/b payload=");
                w.Got(s, "PUBLISH q0 topic=a/b payload=");
                w.Got(t, "PUBLISH q0 topic=a/b payload=");
                w.Ask(t, "SUBSCRIBE id=8 filter=a/b", "SUBACK id=8 00");
                w.Ask(t, "SUBSCRIBE id=9 filter=#", "SUBACK id=9 00");
                w.Send(p, "PUBLISH retain topic=never/there payload=");
                w.Got(t, "PUBLISH q0 topic=never/there payload=");
                w.End();
            }
        }

        // [MQTT-3.3.1-8] of 3.1.1: a message that is not retained changes nothing.
        [TestMethod]
        public void OthersLeaveItAlone()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Send(p, "PUBLISH retain topic=a payload=01 / PUBLISH topic=a payload=02 / PUBLISH topic=a payload=");
            w.Ask(p, "SUBSCRIBE id=1 filter=a", "SUBACK id=1 00 / PUBLISH q0 retain topic=a payload=01");
            w.Lose(p);
            // It outlives its publisher.
            p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Ask(p, "SUBSCRIBE id=1 filter=a", "SUBACK id=1 00 / PUBLISH q0 retain topic=a payload=01");
            w.End();
        }

        [TestMethod]
        public void QosIsTheLower()
        {
            World w = new World();
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            w.Send(p, "PUBLISH retain topic=r/0 payload=00 / PUBLISH q1 retain topic=r/1 id=1 payload=01");
            w.Send(p, "PUBLISH q2 retain topic=r/2 id=2 payload=02");
            w.Got(p, "PUBACK id=1 reason=00 / PUBREC id=2 reason=00");
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Ask(s, "SUBSCRIBE id=1 filter=r/+", "SUBACK id=1 00 / PUBLISH q0 retain topic=r/0 payload=00"
                + " / PUBLISH q0 retain topic=r/1 payload=01 / PUBLISH q0 retain topic=r/2 payload=02");
            w.Ask(s, "SUBSCRIBE id=1 filter=r/+ q1", "SUBACK id=1 01 / PUBLISH q0 retain topic=r/0 payload=00"
                + " / PUBLISH q1 retain topic=r/1 id=1 payload=01 / PUBLISH q1 retain topic=r/2 id=2 payload=02");
            w.Ask(s, "SUBSCRIBE id=1 filter=r/2 q2", "SUBACK id=1 02 / PUBLISH q2 retain topic=r/2 id=3 payload=02");
            w.End();
        }

        // [MQTT-3.3.1-9] to [MQTT-3.3.1-11]
        [TestMethod]
        public void RetainHandling()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Send(p, "PUBLISH retain topic=a payload=01");
            string message = " / PUBLISH q0 retain topic=a payload=01";
            int s = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            w.Ask(s, "SUBSCRIBE id=1 filter=a rh2", "SUBACK id=1 00");
            w.Ask(s, "SUBSCRIBE id=1 filter=a rh1", "SUBACK id=1 00");
            w.Ask(s, "SUBSCRIBE id=1 filter=a", "SUBACK id=1 00" + message);
            w.Ask(s, "SUBSCRIBE id=1 filter=a q1", "SUBACK id=1 01" + message);
            w.Ask(s, "UNSUBSCRIBE id=2 filter=a", "UNSUBACK id=2 00");
            w.Ask(s, "SUBSCRIBE id=1 filter=a rh1", "SUBACK id=1 00" + message);
            // A subscription that the session kept exists.
            w.Lose(s);
            s = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            w.Silent(s);
            w.Ask(s, "SUBSCRIBE id=1 filter=a rh1", "SUBACK id=1 00");
            int old = w.Connect("CONNECT 4 clean keep=0 id=old");
            w.Ask(old, "SUBSCRIBE id=1 filter=a", "SUBACK id=1 00" + message);
            w.Ask(old, "SUBSCRIBE id=1 filter=a", "SUBACK id=1 00" + message);
            w.End();
        }

        // [MQTT-3.3.1-12], [MQTT-3.3.1-13]
        [TestMethod]
        public void RetainAsPublished()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            int t = w.Connect("CONNECT 5 clean keep=0 id=t");
            w.Subscribe(s, "filter=a q1 rap");
            w.Subscribe(t, "filter=a q1");
            w.Send(p, "PUBLISH retain topic=a payload=01 / PUBLISH topic=a payload=02");
            w.Got(s, "PUBLISH q0 retain topic=a payload=01 / PUBLISH q0 topic=a payload=02");
            w.Got(t, "PUBLISH q0 topic=a payload=01 / PUBLISH q0 topic=a payload=02");
            // Through a queue too, and when it is sent again.
            w.Lose(s);
            w.Ask(p, "PUBLISH q1 retain topic=a id=1 payload=03", "PUBACK id=1 reason=00");
            w.Got(t, "PUBLISH q1 topic=a id=1 payload=03");
            s = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            w.Got(s, "PUBLISH q1 retain topic=a id=1 payload=03");
            w.Lose(s);
            s = w.Resume("CONNECT 4 keep=0 id=s");
            w.Got(s, "PUBLISH dup q1 retain topic=a id=1 payload=03");
            // Of several subscriptions one that wants it is enough.
            int u = w.Connect("CONNECT 5 clean keep=0 id=u");
            w.Subscribe(u, "filter=a rh2");
            w.Subscribe(u, "filter=+ rap rh2");
            w.Send(p, "PUBLISH retain topic=a payload=04");
            w.Got(u, "PUBLISH q0 retain topic=a payload=04");
            w.Got(s, "PUBLISH q0 retain topic=a payload=04");
            w.Got(t, "PUBLISH q0 topic=a payload=04");
            w.End();
        }

        [TestMethod]
        public void Wildcards()
        {
            World w = new World();
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            string[] topics = new string[] { "a", "a/b", "a/b/c", "b", "/", "$x/y" };
            for (int i = 0; i < topics.Length; i++) w.Send(p, "PUBLISH retain"
                + " topic=" + topics[i] + " payload=0" + i.ToString());
            string[] cases = new string[]
            {
                "#", "01234", "+", "03", "a/#", "012", "a/+", "1", "+/b/#", "12", "+/+", "14", "a", "0", "a/b/c", "2",
                "$x/#", "5", "$x/+", "5", "+/y", "", "a/b/c/#", "2", "a/+/c", "2", "a/c", "", "$share/g/a", "",
                "$share/g/#", "",
            };
            for (int i = 0; i < cases.Length; i += 2)
            {
                int s = w.Connect("CONNECT 5 clean keep=0 id=s");
                string expected = "SUBACK id=1 00";
                char[] found = cases[i + 1].ToCharArray();
                for (int k = 0; k < found.Length; k++)
                {
                    string topic = topics[found[k] - '0'];
                    expected += " / PUBLISH q0 retain topic=" + topic + " payload=0" + found[k].ToString();
                }
                w.Ask(s, "SUBSCRIBE id=1 filter=" + cases[i], expected);
                w.Lose(s);
            }
            w.Send(p, "PUBLISH retain topic=$x/y payload=");
            w.End();
        }

        // Each filter of a SUBSCRIBE brings its own, with its own identifier.
        [TestMethod]
        public void SeveralFilters()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Send(p, "PUBLISH q1 retain topic=a id=1 {user=k:v type=x} payload=01");
            w.Got(p, "PUBACK id=1 reason=10");
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Ask(s, "SUBSCRIBE id=1 {sub=5} filter=a q1 filter=+ filter=b", "SUBACK id=1 01 00 00"
                + " / PUBLISH q0 retain topic=a {type=x sub=5 user=k:v} payload=01"
                + " / PUBLISH q1 retain topic=a id=1 {type=x sub=5 user=k:v} payload=01");
            w.End();
        }

        [TestMethod]
        public void Expired()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Send(p, "PUBLISH retain topic=a {expiry=10} payload=01");
            w.Ask(s, "SUBSCRIBE id=1 filter=a", "SUBACK id=1 00 / PUBLISH q0 retain topic=a {expiry=10} payload=01");
            w.Pass(4000);
            w.Ask(s, "SUBSCRIBE id=1 filter=#", "SUBACK id=1 00 / PUBLISH q0 retain topic=a {expiry=6} payload=01");
            w.Pass(5000);
            w.Ask(s, "SUBSCRIBE id=1 filter=a", "SUBACK id=1 00 / PUBLISH q0 retain topic=a {expiry=1} payload=01");
            w.Pass(1000);
            w.Ask(s, "SUBSCRIBE id=1 filter=a", "SUBACK id=1 00");
            w.Ask(s, "SUBSCRIBE id=1 filter=#", "SUBACK id=1 00");
            w.Counts(Counter.DroppedExpired, 1);
            w.End();
        }

        // The transport is not left waiting when a replay takes more steps than one call does.
        [TestMethod]
        public void LongReplay()
        {
            Limits limits = World.Sizes();
            limits.Retained = 300; // every one of them is looked at, a few at a time
            limits.RetainedBlocks = 300;
            limits.TopicNodes = 310;
            limits.Texts = 360;
            limits.TextBytes = 1400;
            limits.Messages = 400;
            limits.Blocks = 450;
            World w = new World(limits);
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            for (int i = 0; i < 300; i++)
            {
                string topic = (i % 99 == 98 ? "x/" : "y/") + i.ToString();
                w.Send(p, "PUBLISH retain topic=" + topic + " payload=01");
            }
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Send(s, "SUBSCRIBE id=1 filter=x/+ / PINGREQ / SUBSCRIBE id=2 filter=x/197");
            w.Pass(0);
            w.Got(s, "SUBACK id=1 00 / PINGRESP / PUBLISH q0 retain topic=x/98 payload=01"
                + " / PUBLISH q0 retain topic=x/197 payload=01 / PUBLISH q0 retain topic=x/296 payload=01"
                + " / SUBACK id=2 00 / PUBLISH q0 retain topic=x/197 payload=01");
            // Many that match, through a small window and a peer that takes nothing for a while.
            int t = w.Connect("CONNECT 5 clean keep=0 {receive=1} id=t");
            w.Stalled[t] = true;
            w.Send(t, "SUBSCRIBE id=1 filter=y/# q1");
            w.Pass(0);
            w.Release(t);
            w.Pass(0);
            Assert.AreEqual("SUBACK id=1 01", w.First(t));
            for (int i = 0; i < 297; i++) Assert.AreEqual("PUBLISH q0 retain topic=y/", w.First(t).Substring(0, 26));
            w.Silent(t);
            w.End();
        }

        // A message retained while a replay is under way comes once, as what it is.
        [TestMethod]
        public void RetainedDuringAReplay()
        {
            World w = new World();
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            w.Send(p, "PUBLISH q1 retain topic=a/1 id=1 payload=01 / PUBLISH q1 retain topic=a/2 id=1 payload=02");
            w.Send(p, "PUBLISH q1 retain topic=a/3 id=1 payload=03");
            w.Got(p, "PUBACK id=1 reason=00 / PUBACK id=1 reason=00 / PUBACK id=1 reason=00");
            int s = w.Connect("CONNECT 5 keep=0 {receive=1 session=60} id=s");
            w.Ask(s, "SUBSCRIBE id=1 filter=a/# q1", "SUBACK id=1 01 / PUBLISH q1 retain topic=a/1 id=1 payload=01");
            w.Send(p, "PUBLISH q1 retain topic=a/3 id=1 payload=33 / PUBLISH retain topic=a/2");
            w.Got(p, "PUBACK id=1 reason=00");
            w.Ask(s, "PUBACK id=1", "PUBLISH q1 retain topic=a/2 id=2 payload=02");
            w.Ask(s, "PUBACK id=2", "PUBLISH q1 topic=a/3 id=3 payload=33 / PUBLISH q0 topic=a/2 payload=");
            w.Ask(s, "PUBACK id=3", "");
            w.Ask(s, "UNSUBSCRIBE id=2 filter=a/#", "UNSUBACK id=2 00");
            w.End();
        }

        // A replay cut by the end of the connection goes on in the next one.
        [TestMethod]
        public void ReplayGoesOn()
        {
            World w = new World();
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            w.Send(p, "PUBLISH q1 retain topic=a/1 id=1 payload=01 / PUBLISH q1 retain topic=a/2 id=1 payload=02");
            w.Send(p, "PUBLISH q1 retain topic=a/3 id=1 payload=03");
            w.Got(p, "PUBACK id=1 reason=00 / PUBACK id=1 reason=00 / PUBACK id=1 reason=00");
            int s = w.Connect("CONNECT 5 keep=0 {receive=1 session=60} id=s");
            w.Ask(s, "SUBSCRIBE id=1 filter=a/# q1", "SUBACK id=1 01 / PUBLISH q1 retain topic=a/1 id=1 payload=01");
            w.Lose(s);
            w.Pass(5000);
            s = w.Resume("CONNECT 5 keep=0 {receive=1 session=60} id=s");
            w.Got(s, "PUBLISH dup q1 retain topic=a/1 id=1 payload=01");
            w.Ask(s, "PUBACK id=1", "PUBLISH q1 retain topic=a/2 id=2 payload=02");
            w.Ask(s, "PUBACK id=2", "PUBLISH q1 retain topic=a/3 id=3 payload=03");
            w.Ask(s, "PUBACK id=3", "");
            w.End();
        }

        // [MQTT-3.8.3-3] holds for what is retained as well.
        [TestMethod]
        public void NoLocal()
        {
            World w = new World();
            int a = w.Connect("CONNECT 5 keep=0 {session=60} id=a");
            int b = w.Connect("CONNECT 5 clean keep=0 id=b");
            w.Send(a, "PUBLISH retain topic=t/a payload=0A");
            w.Send(b, "PUBLISH retain topic=t/b payload=0B");
            w.Ask(a, "SUBSCRIBE id=1 filter=t/+ nl", "SUBACK id=1 00 / PUBLISH q0 retain topic=t/b payload=0B");
            w.Ask(a, "SUBSCRIBE id=1 filter=t/a", "SUBACK id=1 00 / PUBLISH q0 retain topic=t/a payload=0A");
            w.Lose(a);
            a = w.Resume("CONNECT 5 keep=0 {session=60} id=a");
            w.Ask(a, "SUBSCRIBE id=1 filter=t/# nl", "SUBACK id=1 00 / PUBLISH q0 retain topic=t/b payload=0B");
            // Who got the row of a session that ended is not taken for it.
            w.Lose(b);
            int c = w.Connect("CONNECT 5 clean keep=0 id=c");
            w.Ask(c, "SUBSCRIBE id=1 filter=t/b nl", "SUBACK id=1 00 / PUBLISH q0 retain topic=t/b payload=0B");
            w.End();
        }

        // A SUBSCRIBE waits for the replay of the one before, but not for good: what lets the replay go on may come
        // behind it.
        [TestMethod]
        public void SubscribeBehindAReplay()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Send(p, "PUBLISH q1 retain topic=a/1 id=1 payload=01 / PUBLISH q1 retain topic=a/2 id=2 payload=02");
            w.Send(p, "PUBLISH retain topic=b payload=03");
            w.Forget(p);
            int s = w.Connect("CONNECT 5 clean keep=0 {receive=1} id=s");
            w.Ask(s, "SUBSCRIBE id=1 filter=a/+ q1", "SUBACK id=1 01 / PUBLISH q1 retain topic=a/1 id=1 payload=01");
            w.Ask(s, "SUBSCRIBE id=2 filter=b", "");
            w.Pass(w.Broker.Limits.HoldMs - 1);
            w.Silent(s);
            w.Pass(1);
            w.Got(s, "SUBACK id=2 00");
            w.Ask(s, "PUBACK id=1",
                "PUBLISH q1 retain topic=a/2 id=2 payload=02 / PUBLISH q0 retain topic=b payload=03");
            w.Ask(s, "PUBACK id=2", "");
            w.End();
        }

        // UNSUBSCRIBE ends a replay that is under way, and the next one follows.
        [TestMethod]
        public void UnsubscribeDuringAReplay()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Send(p, "PUBLISH q1 retain topic=a/1 id=1 payload=01 / PUBLISH q1 retain topic=a/2 id=2 payload=02");
            w.Send(p, "PUBLISH q1 retain topic=a/3 id=3 payload=03 / PUBLISH q1 retain topic=b id=4 payload=04");
            w.Forget(p);
            int s = w.Connect("CONNECT 5 clean keep=0 {receive=1} id=s");
            w.Ask(s, "SUBSCRIBE id=1 filter=b q1", "SUBACK id=1 01 / PUBLISH q1 retain topic=b id=1 payload=04");
            w.Ask(s, "PUBACK id=1", "");
            w.Ask(s, "SUBSCRIBE id=2 filter=a/+ q1 filter=b q1",
                "SUBACK id=2 01 01 / PUBLISH q1 retain topic=a/1 id=2 payload=01");
            w.Ask(s, "UNSUBSCRIBE id=3 filter=a/+", "UNSUBACK id=3 00");
            // One more stood in the queue already.
            w.Ask(s, "PUBACK id=2", "PUBLISH q1 retain topic=a/2 id=3 payload=02");
            w.Ask(s, "PUBACK id=3", "PUBLISH q1 retain topic=b id=4 payload=04");
            w.Ask(s, "PUBACK id=4", "");
            w.Ask(s, "SUBSCRIBE id=4 filter=a/1", "SUBACK id=4 00 / PUBLISH q0 retain topic=a/1 payload=01");
            w.End();
        }
    }
}
