using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// Every limit reached, as the table in lib/DESIGN.md tells it: who is told, with which reason code, and which
    /// counter grows. Tables of connections, sessions, subscriptions, texts and retained messages.
    /// </summary>
    [TestClass]
    public class LimitTest
    {
        [TestMethod]
        public void Connections()
        {
            Rig r = Rig.Tiny();
            for (int i = 0; i < 4; i++) Assert.AreEqual(i, r.Open());
            Assert.AreEqual(-1, r.Open());
            r.Counts(Counter.ConnectsRefused, 1);
            r.Lose(2);
            Assert.AreEqual(2, r.Open());
            r.End();
        }

        // The oldest session that is offline and has nothing queued makes room.
        [TestMethod]
        public void SessionsEvictTheOldestIdleOne()
        {
            Rig r = Rig.Tiny();
            for (int i = 1; i <= 5; i++)
            {
                int c = r.Subscriber("5 {session=1000} id=s" + i.ToString(), "filter=t/" + i.ToString() + " q1");
                r.Lose(c);
                r.Pass(1000);
            }
            int p = r.Connect("5 clean id=p");
            r.Ask(p, "PUBLISH q1 topic=t/1 id=1 payload=31", "PUBACK id=1 reason=00");
            int d = r.Connect("5 clean id=new");
            r.Counts(Counter.SessionsEvicted, 1);
            r.Lose(d);
            int s = r.Open();
            r.Send(s, "CONNECT 5 {session=1000} id=s2");
            Assert.AreEqual(0, r.All(s).IndexOf("CONNACK reason=00"), "s2 was the oldest with nothing queued");
            s = r.Open();
            r.Send(s, "CONNECT 5 {session=1000} id=s1");
            Assert.AreEqual(0, r.All(s).IndexOf("CONNACK present"), "s1 has a message");
            r.Counts(Counter.SessionsEvicted, 1);
            r.Counts(Counter.ConnectsRefused, 0);
            r.End();
        }

        [TestMethod]
        public void SessionsAllInUse()
        {
            Rig r = Rig.Tiny();
            for (int i = 1; i <= 5; i++)
            {
                r.Lose(r.Subscriber("5 {session=1000} id=s" + i.ToString(), "filter=t q1"));
            }
            int p = r.Connect("5 clean id=p");
            r.Ask(p, "PUBLISH q1 topic=t id=1 payload=31", "PUBACK id=1 reason=00");
            int c = r.Open();
            r.Send(c, "CONNECT 5 clean id=new");
            r.Told(c, "CONNACK reason=97 / CLOSED");
            c = r.Open();
            r.Ask(c, "CONNECT 4 clean id=new", "CONNACK reason=03 / CLOSED");
            r.Counts(Counter.ConnectsRefused, 2);
            r.Counts(Counter.SessionsEvicted, 0);
            r.End();
            r.Counts(Counter.SessionsExpired, 5);
            r.Counts(Counter.DroppedSessionEnd, 5);
        }

        // Clients that are connected are never thrown out for a new one.
        [TestMethod]
        public void SessionsOfConnectedClientsStay()
        {
            Limits limits = Limits.Tiny();
            limits.Sessions = 5;
            Rig r = new Rig(limits);
            LocalClient local = new LocalClient(r.Broker, Line.Ascii("l"), null);
            for (int i = 1; i <= 4; i++) r.Connect("5 clean id=s" + i.ToString());
            r.Lose(3);
            r.Connect("5 clean id=other");
            r.Counts(Counter.SessionsEvicted, 0);
            Assert.AreEqual(5, r.Broker.SessionCount());
            local.Close();
            r.End();
        }

        [TestMethod]
        public void Subscriptions()
        {
            Rig r = Rig.Tiny();
            int a = r.Connect("5 clean id=a");
            int b = r.Connect("4 clean id=b");
            r.Ask(a, "SUBSCRIBE id=1 filter=a filter=b filter=c filter=d filter=e", "SUBACK id=1 00 00 00 00 00");
            r.Ask(b, "SUBSCRIBE id=2 filter=a q1 filter=b filter=x filter=y", "SUBACK id=2 01 00 00 80");
            r.Ask(a, "SUBSCRIBE id=6 filter=f", "SUBACK id=6 97"); // its sixth, and there are eight in all
            r.Counts(Counter.RefusedSubscriptions, 2);
            r.Ask(a, "SUBSCRIBE id=3 filter=a q2", "SUBACK id=3 02"); // replaces its own row
            r.Ask(a, "UNSUBSCRIBE id=4 filter=a", "UNSUBACK id=4 00");
            r.Ask(b, "SUBSCRIBE id=5 filter=y q1", "SUBACK id=5 01");
            r.Counts(Counter.RefusedSubscriptions, 2);
            r.End();
        }

        [TestMethod]
        public void SubscriptionsPerSession()
        {
            Rig r = Rig.Tiny();
            int a = r.Connect("5 clean id=a");
            int b = r.Connect("4 clean id=b");
            r.Ask(a, "SUBSCRIBE id=1 filter=a filter=b filter=c filter=d filter=e filter=f filter=g",
                "SUBACK id=1 00 00 00 00 00 00 97");
            r.Counts(Counter.RefusedSubscriptions, 1);
            r.Ask(a, "SUBSCRIBE id=2 filter=f q1", "SUBACK id=2 01"); // replaces its own row
            r.Ask(b, "SUBSCRIBE id=3 filter=g", "SUBACK id=3 00"); // there is room for others
            r.Ask(a, "UNSUBSCRIBE id=4 filter=a", "UNSUBACK id=4 00");
            r.Ask(a, "SUBSCRIBE id=5 filter=g", "SUBACK id=5 00");
            r.Counts(Counter.RefusedSubscriptions, 1);
            r.End();
        }

        [TestMethod]
        public void SharedGroups()
        {
            Rig r = Rig.Tiny();
            int a = r.Connect("5 clean id=a");
            r.Ask(a, "SUBSCRIBE id=1 filter=$share/x/t filter=$share/y/t filter=$share/z/t filter=$share/x/t q1",
                "SUBACK id=1 00 00 97 01");
            r.Counts(Counter.RefusedSubscriptions, 1);
            r.Ask(a, "UNSUBSCRIBE id=2 filter=$share/x/t", "UNSUBACK id=2 00");
            r.Ask(a, "SUBSCRIBE id=3 filter=$share/z/t", "SUBACK id=3 00");
            r.End();
        }

        [TestMethod]
        public void TopicNodes()
        {
            Limits limits = Limits.Tiny();
            limits.SubscriptionsPerSession = 8;
            Rig r = new Rig(limits);
            int a = r.Connect("5 clean id=a");
            r.Ask(a, "SUBSCRIBE id=1 filter=a/+/+/+ filter=b/+/+/+ filter=c/+/+/+ filter=d/+/+/+ filter=e/+/+/+",
                "SUBACK id=1 00 00 00 00 00");
            r.Ask(a, "SUBSCRIBE id=2 filter=f/+/+/+ filter=g filter=f/+", "SUBACK id=2 00 97 00");
            r.Counts(Counter.RefusedSubscriptions, 1);
            r.Ask(a, "PUBLISH q1 retain topic=h id=1 payload=31", "PUBACK id=1 reason=97");
            r.Ask(a, "PUBLISH retain topic=h payload=31", "");
            r.Counts(Counter.RefusedRetained, 1);
            r.Counts(Counter.DroppedRetained, 1);
            r.End();
        }

        [TestMethod]
        public void Texts()
        {
            Limits limits = Limits.Tiny();
            limits.Texts = 5;
            Rig r = new Rig(limits);
            int a = r.Connect("5 clean id=a"); // one
            r.Ask(a, "SUBSCRIBE id=1 filter=x/y filter=a filter=z filter=$share/y/x filter=w/y filter=v",
                "SUBACK id=1 00 00 00 00 00 97"); // x, y, z, w; the others are known
            r.Counts(Counter.RefusedSubscriptions, 1);
            int b = r.Open();
            r.Send(b, "CONNECT 5 clean id=b");
            r.Told(b, "CONNACK reason=97 / CLOSED");
            r.Counts(Counter.ConnectsRefused, 1);
            r.Send(a, "PUBLISH topic=x {alias=1} payload=31");
            r.Got(a, "PUBLISH q0 topic=x payload=31");
            r.Send(a, "PUBLISH topic=new {alias=2} payload=31");
            r.Told(a, "DISCONNECT reason=83 / CLOSED");
            r.End();
        }

        // The last eighth of the texts is for client identifiers and user names.
        [TestMethod]
        public void TextsLeftForClients()
        {
            Limits limits = Limits.Tiny();
            limits.Texts = 16;
            limits.Subscriptions = 20;
            limits.SubscriptionsPerSession = 20;
            Rig r = new Rig(limits);
            int a = r.Connect("5 clean id=a"); // one
            r.Ask(a, "SUBSCRIBE id=1 filter=b filter=c filter=d filter=e filter=f filter=g filter=h filter=i filter=j "
                + "filter=k filter=l filter=m filter=n filter=o",
                "SUBACK id=1 00 00 00 00 00 00 00 00 00 00 00 00 00 97");
            r.Ask(a, "PUBLISH q1 retain topic=z id=1 payload=31", "PUBACK id=1 reason=97");
            int b = r.Connect("5 clean id=x");
            r.Connect("4 clean id=y");
            int last = r.Open();
            r.Ask(last, "CONNECT 5 clean id=w", "CONNACK reason=97 / CLOSED");
            r.Ask(b, "SUBSCRIBE id=1 filter=a", "SUBACK id=1 00"); // a text that is there costs none
            r.End();
        }

        [TestMethod]
        public void TextBytes()
        {
            Limits limits = Limits.Tiny();
            limits.TextBytes = 22;
            Rig r = new Rig(limits);
            int a = r.Connect("5 clean id=aaaaaaaaaa");
            r.Ask(a, "SUBSCRIBE id=1 filter=bbbbb filter=cccccc filter=ccccc filter=d", "SUBACK id=1 00 97 00 97");
            r.Counts(Counter.RefusedSubscriptions, 2);
            int b = r.Open();
            r.Ask(b, "CONNECT 4 clean id=xyz", "CONNACK reason=03 / CLOSED");
            r.Connect("4 clean id=x"); // two bytes are left for clients
            r.End();
        }

        // A CONNECT that is refused for its user name leaves nothing: not the session, and its will is not sent.
        [TestMethod]
        public void TextsForAUserName()
        {
            Limits limits = Limits.Tiny();
            limits.Texts = 5;
            Rig r = new Rig(limits);
            int a = r.Subscriber("5 clean id=a", "filter=w");
            r.Ask(a, "SUBSCRIBE id=2 filter=x filter=y", "SUBACK id=2 00 00");
            int b = r.Open();
            r.Send(b, "CONNECT 5 clean id=b will topic=w payload=31 user=u");
            r.Told(b, "CONNACK reason=97 / CLOSED");
            r.Pass(10000);
            r.Got(a, "");
            Assert.AreEqual(1, r.Broker.SessionCount());
            r.End();
        }

        // The same for a session that was kept: it goes on without a will.
        [TestMethod]
        public void TextsForAUserNameOfAKeptSession()
        {
            Limits limits = Limits.Tiny();
            limits.Texts = 5;
            Rig r = new Rig(limits);
            int b = r.Connect("5 {session=100} id=b");
            r.Lose(b);
            int a = r.Subscriber("5 clean id=a", "filter=w");
            r.Ask(a, "SUBSCRIBE id=2 filter=x filter=y", "SUBACK id=2 00 00");
            b = r.Open();
            r.Send(b, "CONNECT 5 {session=100} id=b will topic=w payload=31 user=u");
            r.Told(b, "CONNACK reason=97 / CLOSED");
            r.Pass(200000);
            r.Got(a, "");
            Assert.AreEqual(1, r.Broker.SessionCount());
            r.Counts(Counter.SessionsExpired, 1);
            r.End();
        }

        [TestMethod]
        public void Retained()
        {
            Rig r = Rig.Tiny();
            int s = r.Subscriber("5 clean id=s", "filter=#");
            int a = r.Connect("5 clean id=a");
            for (int i = 1; i <= 4; i++)
            {
                r.Ask(a, "PUBLISH q1 retain topic=" + i.ToString() + " id=1 payload=31", "PUBACK id=1 reason=00");
            }
            r.All(s);
            r.Ask(a, "PUBLISH q1 retain topic=5 id=2 payload=31", "PUBACK id=2 reason=97");
            r.Ask(a, "PUBLISH q2 retain topic=5 id=3 payload=31", "PUBREC id=3 reason=97");
            r.Got(s, ""); // refused: nobody gets it
            r.Counts(Counter.RefusedRetained, 2);
            r.Ask(a, "PUBLISH retain topic=5 payload=32", "");
            r.Got(s, "PUBLISH q0 topic=5 payload=32"); // QoS 0 cannot be refused: routed but not kept
            r.Counts(Counter.DroppedRetained, 1);
            int b = r.Connect("4 clean id=b");
            r.Ask(b, "PUBLISH q1 retain topic=5 id=1 payload=31", "CLOSED");
            r.Counts(Counter.RefusedRetained, 3);
            r.Ask(a, "PUBLISH q1 retain topic=4 id=4 payload=33", "PUBACK id=4 reason=00"); // replaces
            r.Ask(a, "PUBLISH q1 retain topic=4 id=5", "PUBACK id=5 reason=00");
            r.Ask(a, "PUBLISH q1 retain topic=5 id=6 payload=34", "PUBACK id=6 reason=00");
            r.Counts(Counter.RefusedRetained, 3);
            r.End("1 2 3 5");
        }

        [TestMethod]
        public void RetainedBlocks()
        {
            Rig r = Rig.Tiny();
            int a = r.Connect("5 clean id=a");
            string two = " payload=" + Rig.Hexes(40); // blocks of 32
            r.Ask(a, "PUBLISH q1 retain topic=1 id=1" + two, "PUBACK id=1 reason=10");
            r.Ask(a, "PUBLISH q1 retain topic=2 id=1" + two, "PUBACK id=1 reason=10");
            r.Ask(a, "PUBLISH q1 retain topic=3 id=1 payload=31", "PUBACK id=1 reason=10");
            r.Ask(a, "PUBLISH q1 retain topic=4 id=1" + two, "PUBACK id=1 reason=97");
            r.Ask(a, "PUBLISH q1 retain topic=3 id=1" + two, "PUBACK id=1 reason=10"); // in place of one block
            r.Ask(a, "PUBLISH q1 retain topic=4 id=1 payload=31", "PUBACK id=1 reason=97");
            r.Ask(a, "PUBLISH q1 retain topic=3 id=1 payload=31", "PUBACK id=1 reason=10"); // one block again
            r.Ask(a, "PUBLISH q1 retain topic=4 id=1 payload=31", "PUBACK id=1 reason=10");
            r.Counts(Counter.RefusedRetained, 2);
            r.End("1 2 3 4");
        }

        [TestMethod]
        public void TopicLevels()
        {
            Rig r = Rig.Tiny();
            int a = r.Connect("5 clean id=a");
            r.Ask(a, "SUBSCRIBE id=1 filter=a/b/c/d filter=a/b/c/d/e filter=+/+/+/+/+ filter=$share/g/a/b/c/d",
                "SUBACK id=1 00 8F 8F 00");
            r.Counts(Counter.RefusedFilters, 2);
            r.Ask(a, "UNSUBSCRIBE id=2 filter=a/b/c/d/e", "UNSUBACK id=2 8F");
            r.Ask(a, "PUBLISH q1 topic=a/b/c/d/e id=1 payload=31", "PUBACK id=1 reason=90");
            r.Ask(a, "PUBLISH q2 topic=a/b/c/d/e id=2 payload=31", "PUBREC id=2 reason=90");
            r.Counts(Counter.RefusedTopics, 2);
            r.Send(a, "PUBLISH topic=a/b/c/d/e payload=31");
            r.Told(a, "DISCONNECT reason=90 / CLOSED");
            r.Counts(Counter.ProtocolErrors, 1);
            int b = r.Connect("4 clean id=b");
            r.Ask(b, "SUBSCRIBE id=1 filter=a/b/c/d/e", "SUBACK id=1 80");
            r.Ask(b, "PUBLISH topic=a/b/c/d/e payload=31", "CLOSED");
            r.Counts(Counter.ProtocolErrors, 2);
            r.End();
        }

        [TestMethod]
        public void TopicLength()
        {
            Rig r = Rig.Tiny();
            int a = r.Connect("5 clean id=a");
            string fits = "123456789012345678901234567890123456789012345678";
            r.Ask(a, "SUBSCRIBE id=1 filter=" + fits + " filter=" + fits + "9", "SUBACK id=1 00 8F");
            r.Counts(Counter.RefusedFilters, 1);
            r.Ask(a, "PUBLISH topic=" + fits + " payload=31", "PUBLISH q0 topic=" + fits + " payload=31");
            r.Ask(a, "PUBLISH q1 topic=" + fits + "9 id=1 payload=31", "PUBACK id=1 reason=90");
            r.Counts(Counter.RefusedTopics, 1);
            r.Send(a, "PUBLISH topic=" + fits + "9 payload=31");
            r.Told(a, "DISCONNECT reason=90 / CLOSED");
            r.Counts(Counter.ProtocolErrors, 1);
            int b = r.Open();
            r.Send(b, "CONNECT 5 clean id=b will topic=" + fits + "9 payload=31");
            r.Told(b, "CONNACK reason=90 / CLOSED");
            r.Counts(Counter.ConnectsRefused, 1);
            r.End();
        }

        [TestMethod]
        public void ClientIdLength()
        {
            Rig r = Rig.Tiny();
            r.Connect("5 clean id=12345678901234567890123");
            int b = r.Open();
            r.Send(b, "CONNECT 5 clean id=123456789012345678901234");
            r.Told(b, "CONNACK reason=85 / CLOSED");
            b = r.Open();
            r.Ask(b, "CONNECT 4 clean id=123456789012345678901234", "CONNACK reason=02 / CLOSED");
            r.Counts(Counter.ConnectsRefused, 2);
            r.End();
        }

        [TestMethod]
        public void TopicAliasesIn()
        {
            Rig r = Rig.Tiny();
            int a = r.Subscriber("5 clean id=a", "filter=#");
            r.Send(a, "PUBLISH topic=x {alias=2} payload=31 / PUBLISH topic= {alias=2} payload=32");
            r.Got(a, "PUBLISH q0 topic=x payload=31 / PUBLISH q0 topic=x payload=32");
            r.Send(a, "PUBLISH topic=x {alias=3} payload=31");
            r.Told(a, "DISCONNECT reason=94 / CLOSED");
            r.Counts(Counter.ProtocolErrors, 1);
            r.End();
        }

        // The broker sets no more aliases than the client allows, nor than it has.
        [TestMethod]
        public void TopicAliasesOut()
        {
            Rig r = Rig.Tiny();
            int a = r.Subscriber("5 clean {aliases=9} id=a", "filter=#");
            int b = r.Subscriber("5 clean {aliases=1} id=b", "filter=#");
            int p = r.Connect("5 clean id=p");
            for (int round = 0; round < 2; round++)
            {
                r.Send(p, "PUBLISH topic=aaaa / PUBLISH topic=bbbb / PUBLISH topic=cccc");
                if (round == 0)
                {
                    r.Got(a, "PUBLISH q0 topic=aaaa {alias=1} payload= / PUBLISH q0 topic=bbbb {alias=2} payload="
                        + " / PUBLISH q0 topic=cccc payload=");
                    r.Got(b, "PUBLISH q0 topic=aaaa {alias=1} payload= / PUBLISH q0 topic=bbbb payload="
                        + " / PUBLISH q0 topic=cccc {alias=1} payload=");
                }
                else
                {
                    r.Got(a, "PUBLISH q0 topic= {alias=1} payload= / PUBLISH q0 topic= {alias=2} payload="
                        + " / PUBLISH q0 topic=cccc payload=");
                }
            }
            r.All(b);
            r.End();
        }

        // Combinations that a broker could not keep its promises with.
        [TestMethod]
        public void LimitsThatDoNotHold()
        {
            Limits l = Limits.Tiny();
            Assert.IsNull(BrokerMemory.Check(l));
            l.PeerBytes = 256;
            Refused(l, "PeerBytes");
            l = Limits.Tiny();
            l.RetainedBlocks = l.Blocks;
            Refused(l, "RetainedBlocks");
            l = Limits.Tiny();
            l.Messages = l.Retained;
            Refused(l, "Messages");
            l = Limits.Tiny();
            l.KeepAliveSeconds = 65536;
            Refused(l, "KeepAliveSeconds");
            l = Limits.Tiny();
            l.SysSeconds = 3000000;
            Refused(l, "SysSeconds");
            l = Limits.Tiny();
            l.SendMs = int.MaxValue;
            Refused(l, "SendMs");
        }

        private static void Refused(Limits limits, string name)
        {
            string wrong = BrokerMemory.Check(limits);
            Assert.IsTrue(wrong != null && wrong.IndexOf(name + " ") == 0, name);
        }
    }
}
