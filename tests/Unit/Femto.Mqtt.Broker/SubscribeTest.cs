using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>SUBSCRIBE and UNSUBSCRIBE, identifiers, No Local, shared subscriptions.</summary>
    [TestClass]
    public class SubscribeTest
    {
        // [MQTT-3.8.4-6], [MQTT-3.9.3-1]: a code for each filter, in their order.
        [TestMethod]
        public void Codes()
        {
            World w = new World();
            int c = w.Connect("CONNECT 5 clean keep=0 id=c");
            w.Send(c, "SUBSCRIBE id=65535 filter=a q2 filter=a/#/b filter=b filter=a+ q1 filter=$share/g/x q1"
                + " filter=c# filter=#");
            Assert.AreEqual("900A" + "FFFF" + "00" + "028F008F018F00", w.FirstHex(c));
            w.Ask(c, "SUBSCRIBE id=1 filter=$share/g filter=$share//a filter=$share/g+/a filter=$share/g/ filter= q1",
                "SUBACK id=1 8F 8F 8F 8F 8F");
            w.Ask(c, "SUBSCRIBE id=1 filter=1/2/3/4/5/6/7/8 filter=1/2/3/4/5/6/7/8/9", "SUBACK id=1 00 8F");
            int old = w.Connect("CONNECT 4 clean keep=0 id=old");
            w.Send(old, "SUBSCRIBE id=1 filter=a q2 filter=a/#/b filter=b");
            Assert.AreEqual("9005" + "0001" + "028000", w.FirstHex(old));
            w.Counts(Counter.RefusedFilters, 3 + 5 + 1 + 1);
            w.End();
        }

        // [MQTT-3.10.4-1] to [MQTT-3.10.4-6], [MQTT-3.11.3-1]
        [TestMethod]
        public void Unsubscribe()
        {
            World w = new World();
            int c = w.Connect("CONNECT 5 clean keep=0 id=c");
            w.Ask(c, "SUBSCRIBE id=1 filter=a filter=a/+ filter=$share/g/a", "SUBACK id=1 00 00 00");
            w.Send(c, "UNSUBSCRIBE id=9 filter=a/b filter=a/+ filter=a/#/ filter=a/+ filter=$share/h/a"
                + " filter=$share/g/a");
            Assert.AreEqual("B009" + "0009" + "00" + "11008F111100", w.FirstHex(c));
            w.Ask(c, "PUBLISH topic=a/b / PUBLISH topic=a", "PUBLISH q0 topic=a payload=");
            int old = w.Connect("CONNECT 4 clean keep=0 id=old");
            w.Ask(old, "SUBSCRIBE id=1 filter=a", "SUBACK id=1 00");
            w.Send(old, "UNSUBSCRIBE id=9 filter=a filter=b");
            Assert.AreEqual("B0020009", w.FirstHex(old));
            w.Ask(old, "PUBLISH topic=a", "");
            w.Got(c, "PUBLISH q0 topic=a payload=");
            w.End();
        }

        [TestMethod]
        public void WrongPackets()
        {
            // Identifier 0, no filter, flags, QoS 3, reserved bits, retain handling 3, subscription identifier 0 and
            // twice, No Local on a shared subscription, a filter cut short.
            string[] wrong = new string[]
            {
                "SUBSCRIBE id=0 filter=a", "82", "SUBSCRIBE id=1", "82", "HEX 80070001000001" + "6100", "81",
                "HEX 82070001000001" + "6103", "82", "HEX 82070001000001" + "6140", "81",
                "HEX 82070001000001" + "6130", "82",
                "SUBSCRIBE id=1 {sub=0} filter=a", "82", "SUBSCRIBE id=1 {sub=1 sub=1} filter=a", "82",
                "SUBSCRIBE id=1 filter=$share/g/a nl", "82", "HEX 82070001000002" + "6100", "81",
                "UNSUBSCRIBE id=0 filter=a", "82", "UNSUBSCRIBE id=1", "82", "HEX A0060001000001" + "61", "81",
                "HEX A2060001000002" + "61", "81",
            };
            World w = new World();
            for (int i = 0; i < wrong.Length; i += 2)
            {
                int c = w.Connect("CONNECT 5 clean keep=0 id=a");
                w.Ask(c, wrong[i], "DISCONNECT reason=" + wrong[i + 1] + " / CLOSED");
            }
            int old = w.Connect("CONNECT 4 clean keep=0 id=a");
            w.Ask(old, "HEX 82060001000161" + "04", World.Closed);
            w.End();
        }

        // [MQTT-3.3.4-2], [MQTT-3.3.5-1]: one copy, with the highest QoS of those that match.
        [TestMethod]
        public void OverlappingFilters()
        {
            for (int version = 4; version <= 5; version++)
            {
                World w = new World();
                int p = w.Connect("CONNECT 4 clean keep=0 id=p");
                int s = w.Connect("CONNECT " + version.ToString() + " clean keep=0 id=s");
                w.Subscribe(s, "filter=a/b filter=a/+ q2 filter=# q1");
                w.Ask(p, "PUBLISH q2 topic=a/b id=1 payload=01", "PUBREC id=1 reason=00");
                w.Got(s, "PUBLISH q2 topic=a/b id=1 payload=01");
                w.Counts(Counter.Downgraded, 0);
                w.End();
            }
        }

        // [MQTT-3.8.4-3]: a second subscription to a filter replaces the first, options and identifier.
        [TestMethod]
        public void Replaced()
        {
            World w = new World();
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Ask(s, "SUBSCRIBE id=1 {sub=5} filter=a q2 nl", "SUBACK id=1 02");
            w.Ask(s, "PUBLISH q1 topic=a id=1", "PUBACK id=1 reason=10");
            w.Ask(s, "SUBSCRIBE id=1 {sub=6} filter=a", "SUBACK id=1 00");
            w.Ask(s, "PUBLISH topic=a", "PUBLISH q0 topic=a {sub=6} payload=");
            w.Ask(s, "SUBSCRIBE id=1 filter=a q1", "SUBACK id=1 01");
            w.Ask(s, "PUBLISH topic=a", "PUBLISH q0 topic=a payload=");
            w.Ask(s, "UNSUBSCRIBE id=2 filter=a", "UNSUBACK id=2 00");
            w.Ask(s, "PUBLISH topic=a", "");
            w.End();
        }

        // [MQTT-3.3.4-3] to [MQTT-3.3.4-5]
        [TestMethod]
        public void Identifiers()
        {
            World w = new World();
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            w.Subscribe(s, "{sub=268435455} filter=a/b q1");
            w.Subscribe(s, "{sub=1} filter=a/+ q1");
            w.Subscribe(s, "filter=+/b q1");
            w.Subscribe(s, "{sub=200} filter=x");
            w.Send(p, "PUBLISH topic=x payload=01 / PUBLISH topic=a/c payload=02 / PUBLISH topic=c/b payload=03");
            w.Got(s, "PUBLISH q0 topic=x {sub=200} payload=01 / PUBLISH q0 topic=a/c {sub=1} payload=02"
                + " / PUBLISH q0 topic=c/b payload=03");
            w.Send(p, "PUBLISH topic=a/b payload=04");
            Assert.AreEqual("PUBLISH q0 topic=a/b {sub=268435455 sub=1} payload=04", Sorted(w.First(s)));
            w.Silent(s);
            // Through a queue, to 3.1.1 and back.
            w.Ask(p, "PUBLISH q1 topic=a/b id=1 payload=05", "PUBACK id=1 reason=00");
            Assert.AreEqual("PUBLISH q1 topic=a/b id=1 {sub=268435455 sub=1} payload=05", Sorted(w.First(s)));
            w.Lose(s);
            w.Ask(p, "PUBLISH q1 topic=a/b id=1 payload=06", "PUBACK id=1 reason=00");
            s = w.Resume("CONNECT 4 keep=0 id=s");
            w.Got(s, "PUBLISH dup q1 topic=a/b id=1 payload=05 / PUBLISH q1 topic=a/b id=2 payload=06");
            w.Ask(s, "PUBACK id=1", "");
            w.Lose(s);
            s = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            Assert.AreEqual("PUBLISH dup q1 topic=a/b id=2 {sub=268435455 sub=1} payload=06", Sorted(w.First(s)));
            w.Ask(s, "PUBACK id=2", "");
            w.End();
        }

        // The two identifiers may come in any order.
        private static string Sorted(string line)
        {
            int at = line.IndexOf("{sub=1 sub=268435455}");
            return at < 0 ? line : line.Substring(0, at) + "{sub=268435455 sub=1}" + line.Substring(at + 21);
        }

        // [MQTT-3.8.3-3]
        [TestMethod]
        public void NoLocal()
        {
            World w = new World();
            int a = w.Connect("CONNECT 5 keep=0 {session=60} id=a");
            int b = w.Connect("CONNECT 5 clean keep=0 id=b");
            w.Subscribe(a, "filter=t nl");
            w.Subscribe(b, "filter=t nl");
            w.Send(a, "PUBLISH topic=t payload=01");
            w.Silent(a);
            w.Got(b, "PUBLISH q0 topic=t payload=01");
            // The identifier counts, not the connection; another subscription without it brings the message.
            w.Lose(a);
            a = w.Resume("CONNECT 5 keep=0 {session=60} id=a");
            w.Ask(a, "PUBLISH q1 topic=t id=1 payload=02", "PUBACK id=1 reason=00");
            w.Got(b, "PUBLISH q0 topic=t payload=02");
            w.Subscribe(a, "{sub=3} filter=+");
            w.Ask(a, "PUBLISH topic=t payload=03", "PUBLISH q0 topic=t {sub=3} payload=03");
            w.Got(b, "PUBLISH q0 topic=t payload=03");
            w.Ask(a, "PUBLISH topic=t payload=04", "PUBLISH q0 topic=t {sub=3} payload=04");
            w.Got(b, "PUBLISH q0 topic=t payload=04");
            w.End();
        }

        // A publisher repeats its topic: nothing of what is remembered outlives a change.
        [TestMethod]
        public void SubscriptionsChangeBetweenEqualTopics()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            string publish = "PUBLISH topic=t/1 payload=01 / PUBLISH topic=t/1 payload=02";
            string got = "PUBLISH q0 topic=t/1 payload=01 / PUBLISH q0 topic=t/1 payload=02";
            w.Ask(p, publish, "");
            w.Subscribe(s, "filter=t/+");
            w.Ask(p, publish, "");
            w.Got(s, got);
            w.Ask(s, "SUBSCRIBE id=1 {sub=4} filter=t/+ nl", "SUBACK id=1 00");
            w.Ask(p, "PUBLISH topic=t/1 payload=01", "");
            w.Got(s, "PUBLISH q0 topic=t/1 {sub=4} payload=01");
            w.Subscribe(p, "filter=t/1 nl");
            w.Ask(p, publish, "");
            w.Got(s, "PUBLISH q0 topic=t/1 {sub=4} payload=01 / PUBLISH q0 topic=t/1 {sub=4} payload=02");
            w.Ask(p, "UNSUBSCRIBE id=1 filter=t/1", "UNSUBACK id=1 00");
            w.Lose(s);
            w.Ask(p, publish, "");
            s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Subscribe(s, "filter=$share/g/#");
            w.Ask(p, publish, "");
            w.Got(s, got);
            w.Subscribe(p, "filter=t/1 nl"); // one's own, and nobody else's
            w.Ask(s, "UNSUBSCRIBE id=1 filter=$share/g/#", "UNSUBACK id=1 00");
            w.Ask(p, publish + " / PUBLISH q1 topic=t/1 id=1", "PUBACK id=1 reason=10");
            w.End();
        }
    }
}
