using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Shared subscriptions at work, section 4.8.2.</summary>
    [TestClass]
    public class SharedTest
    {
        // How many messages came to a client, which takes and acknowledges nothing.
        private static int Count(World w, int c)
        {
            int n = 0;
            while (w.Waits(c))
            {
                Assert.AreEqual("PUBLISH ", w.First(c).Substring(0, 8));
                n++;
            }
            return n;
        }

        // [MQTT-4.8.2-3] and each message to one member.
        [TestMethod]
        public void RoundRobin()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int[] s = new int[3];
            for (int i = 0; i < 3; i++)
            {
                s[i] = w.Connect((i == 0 ? "CONNECT 4" : "CONNECT 5") + " clean keep=0 id=s" + i.ToString());
                w.Subscribe(s[i], "filter=$share/g/a/+" + (i == 1 ? " q1" : ""));
            }
            for (int round = 0; round < 4; round++)
            {
                for (int i = 0; i < 3; i++) w.Send(p, "PUBLISH topic=a/b payload=01");
                for (int i = 0; i < 3; i++) Assert.AreEqual(1, Count(w, s[i]));
            }
            // Who is away is passed over; whoever is left gets all.
            w.Lose(s[0]);
            for (int i = 0; i < 4; i++) w.Send(p, "PUBLISH topic=a/b payload=01");
            Assert.AreEqual(2, Count(w, s[1]));
            Assert.AreEqual(2, Count(w, s[2]));
            w.Ask(s[2], "UNSUBSCRIBE id=1 filter=$share/g/a/+", "UNSUBACK id=1 00");
            for (int i = 0; i < 4; i++) w.Send(p, "PUBLISH topic=a/b payload=01");
            Assert.AreEqual(4, Count(w, s[1]));
            Assert.AreEqual(0, Count(w, s[2]));
            w.End();
        }

        // Each group once, ordinary subscriptions apart, the QoS and the identifier of the member chosen.
        [TestMethod]
        public void GroupsAndOthers()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Subscribe(s, "{sub=1} filter=$share/g/a q1");
            w.Subscribe(s, "{sub=2} filter=$share/h/a");
            w.Ask(p, "PUBLISH q2 topic=a id=1 payload=01", "PUBREC id=1 reason=00");
            string one = w.First(s);
            string two = w.First(s);
            w.Silent(s);
            string g = "PUBLISH q1 topic=a id=1 {sub=1} payload=01";
            string h = "PUBLISH q0 topic=a {sub=2} payload=01";
            Assert.IsTrue(one == g && two == h || one == h && two == g, one + two);
            w.Subscribe(s, "{sub=3} filter=a");
            w.Send(p, "PUBLISH topic=a payload=02");
            Assert.AreEqual(3, Count(w, s));
            w.End();
        }

        // Members that are away keep the group's messages only when nobody else can take them.
        [TestMethod]
        public void MembersAway()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            int t = w.Connect("CONNECT 5 keep=0 {session=60} id=t");
            w.Subscribe(s, "filter=$share/g/a q1");
            w.Subscribe(t, "filter=$share/g/a q1");
            w.Lose(s);
            w.Ask(p, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH q1 topic=a id=2 payload=02",
                "PUBACK id=1 reason=00 / PUBACK id=2 reason=00");
            w.Got(t, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH q1 topic=a id=2 payload=02");
            w.Ask(t, "PUBACK id=1 / PUBACK id=2", "");
            w.Lose(t);
            w.Ask(p, "PUBLISH q1 topic=a id=1 payload=03 / PUBLISH q1 topic=a id=2 payload=04",
                "PUBACK id=1 reason=00 / PUBACK id=2 reason=00");
            w.Ask(p, "PUBLISH topic=a payload=05", "");
            w.Counts(Counter.DroppedOffline, 1);
            s = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            t = w.Resume("CONNECT 5 keep=0 {session=60} id=t");
            Assert.AreEqual(1, Count(w, s));
            Assert.AreEqual(1, Count(w, t));
            w.End();
        }

        // [MQTT-4.8.2-5]: what a member that leaves has not acknowledged at QoS 1 passes on; [MQTT-4.8.2-4]: at QoS 2
        // it does not, once it was sent.
        [TestMethod]
        public void AMemberLeaves()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 clean keep=0 {receive=2} id=s");
            w.Subscribe(s, "filter=$share/g/a q2");
            w.Subscribe(s, "filter=b q2");
            w.Send(p, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH q2 topic=a id=2 payload=02 / PUBREL id=2");
            w.Send(p, "PUBLISH q2 topic=a id=3 payload=03 / PUBLISH q1 topic=b id=4 payload=04");
            w.Forget(p);
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH q2 topic=a id=2 payload=02");
            int t = w.Connect("CONNECT 5 clean keep=0 id=t");
            w.Subscribe(t, "filter=$share/g/a q2");
            w.Lose(s);
            w.Got(t, "PUBLISH q1 topic=a id=1 payload=01 / PUBLISH q2 topic=a id=2 payload=03");
            w.Counts(Counter.SharedMoved, 2);
            w.Counts(Counter.DroppedSessionEnd, 2);
            w.End();
        }

        // A member that only loses its connection keeps what it had.
        [TestMethod]
        public void AMemberComesBack()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 keep=0 {session=60} id=s");
            w.Subscribe(s, "filter=$share/g/a q1");
            w.Ask(p, "PUBLISH q1 topic=a id=1 payload=01", "PUBACK id=1 reason=00");
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=01");
            int t = w.Connect("CONNECT 5 clean keep=0 id=t");
            w.Subscribe(t, "filter=$share/g/a");
            w.Lose(s);
            w.Silent(t);
            s = w.Resume("CONNECT 5 keep=0 {session=60} id=s");
            w.Got(s, "PUBLISH dup q1 topic=a id=1 payload=01");
            w.Ask(s, "DISCONNECT reason=00 {session=1}", World.Closed);
            w.Silent(t);
            w.Pass(1000);
            w.Got(t, "PUBLISH q0 topic=a payload=01");
            w.End();
        }

        // A message stays in the group through which it came, and is marked RETAIN only for who asked for it.
        [TestMethod]
        public void ToTheSameGroup()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Subscribe(s, "filter=$share/g/a q1 rap filter=$share/h/+ q1 rap");
            w.Ask(p, "PUBLISH q1 retain topic=a id=1 payload=01", "PUBACK id=1 reason=00");
            Assert.AreEqual(2, Count(w, s));
            int t = w.Connect("CONNECT 5 clean keep=0 id=t");
            int u = w.Connect("CONNECT 5 clean keep=0 id=u");
            w.Subscribe(t, "filter=$share/g/a q1");
            w.Subscribe(u, "filter=$share/h/+ q1 rap");
            w.Lose(s);
            w.Got(t, "PUBLISH q1 topic=a id=1 payload=01");
            w.Got(u, "PUBLISH q1 retain topic=a id=1 payload=01");
            w.Counts(Counter.SharedMoved, 2);
            w.End();
        }

        // Nobody is left: the messages end with the session, counted.
        [TestMethod]
        public void TheLastMemberLeaves()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Subscribe(s, "filter=$share/g/a q1");
            w.Ask(p, "PUBLISH q1 topic=a id=1 payload=01", "PUBACK id=1 reason=00");
            w.Lose(s);
            w.Counts(Counter.DroppedSessionEnd, 1);
            w.Ask(p, "PUBLISH q1 topic=a id=1 payload=01", "PUBACK id=1 reason=10");
            w.End();
        }

        // Who may not receive a message does not inherit it either.
        [TestMethod]
        public void HeirNeedsTheRight()
        {
            World w = new World();
            Hook hook = new Hook();
            w.Broker.Access = hook;
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int a = w.Connect("CONNECT 5 clean keep=0 id=a");
            w.Subscribe(a, "filter=$share/g/t q1");
            w.Ask(p, "PUBLISH q1 topic=t id=1 payload=31", "PUBACK id=1 reason=00");
            w.Got(a, "PUBLISH q1 topic=t id=1 payload=31");
            int b = w.Connect("CONNECT 5 clean keep=0 id=b");
            w.Subscribe(b, "filter=$share/g/t q1");
            hook.Delivers = "other";
            w.Lose(a);
            w.Silent(b);
            w.Counts(Counter.SharedMoved, 0);
            w.Counts(Counter.DroppedSessionEnd, 1);
            w.End();
        }
    }
}
