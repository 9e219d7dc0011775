using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What comes back seldom, and what has no room when it comes back.</summary>
    [TestClass]
    public class RestoreTest
    {
        private const string S = "CONNECT 5 keep=0 {session=600 receive=2} id=s user=u pass=70";

        [TestMethod]
        public void TheUserOfASession()
        {
            KeptWorld w = KeptWorld.First();
            w.Connect(S);
            w.Connect("CONNECT 5 keep=0 {session=600} id=t");
            for (int restart = 0; restart < 2; restart++)
            {
                w = w.Cut();
                byte[] text;
                int at;
                Assert.AreEqual(1, w.Broker.UserNameOfSession(w.Session("s"), out text, out at));
                Assert.AreEqual((int)'u', (int)text[at]);
                Assert.AreEqual(0, w.Broker.UserNameOfSession(w.Session("t"), out text, out at));
                w.Resume("CONNECT 5 keep=0 {session=600} id=t");
                w.Pass(1000);
            }
            w.End();
        }

        [TestMethod]
        public void IdentifiersOfSubscriptionsThatOverlap()
        {
            KeptWorld w = KeptWorld.First();
            int s = w.Connect("CONNECT 5 keep=0 {session=600} id=s");
            w.Send(s, "SUBSCRIBE id=1 {sub=7} filter=a/# q1 / SUBSCRIBE id=2 {sub=8} filter=a/+ q1"
                + " / SUBSCRIBE id=3 {sub=300} filter=a/b q1");
            w.Got(s, "SUBACK id=1 01 / SUBACK id=2 01 / SUBACK id=3 01");
            w.Lose(s);
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Ask(p, "PUBLISH q1 topic=a/b id=1 payload=01 / PUBLISH q1 topic=a/c id=2 payload=02",
                "PUBACK id=1 reason=00 / PUBACK id=2 reason=00");
            string before = Taken(w);
            Assert.AreEqual("{sub=7 sub=300 sub=8}{sub=7 sub=8}", Subs(before));
            w = w.Cut();
            Assert.AreEqual(before, Taken(w));
            w.End();
        }

        // What waits for the session, taken and not acknowledged.
        private static string Taken(KeptWorld w)
        {
            int s = w.Resume("CONNECT 5 keep=0 {session=600} id=s");
            string all = w.First(s) + " / " + w.First(s);
            w.Silent(s);
            w.Lose(s);
            w.Pass(2000);
            return all;
        }

        private static string Subs(string lines)
        {
            string all = "";
            for (int at = lines.IndexOf("{"); at >= 0; at = lines.IndexOf("{", at + 1))
            {
                all += lines.Substring(at, lines.IndexOf("}", at) - at + 1);
            }
            return all;
        }

        // The power goes between the retained messages that a new subscription brings.
        [TestMethod]
        public void RetainedMessagesThatWereStillToCome()
        {
            KeptWorld w = KeptWorld.First();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            for (int i = 0; i < 9; i++)
            {
                w.Ask(p, "PUBLISH q1 retain topic=r/" + i.ToString() + " id=1 payload=01", "PUBACK id=1 reason=10");
            }
            int s = w.Connect(S);
            w.Send(s, "SUBSCRIBE id=1 filter=r/# q1");
            Assert.AreEqual("SUBACK id=1 01", w.First(s));
            w.First(s);
            w.First(s);
            w.Silent(s);
            w.Pass(2000);
            w = w.Cut();
            s = w.Resume(S);
            bool[] came = new bool[9];
            int count = 0;
            while (w.Waits(s))
            {
                string got = w.First(s);
                int topic = got[got.IndexOf("topic=r/") + 8] - '0';
                if (!came[topic]) count++;
                came[topic] = true;
                int id = got.IndexOf(" id=") + 4;
                w.Send(s, "PUBACK id=" + got.Substring(id, got.IndexOf(" ", id) - id));
            }
            Assert.AreEqual(9, count);
            w.End();
        }

        // A journal, and a program with less room: what fits is there, the rest is counted, and all goes on.
        [DataRow(0)]
        [DataRow(1)]
        [DataRow(2)]
        [DataRow(3)]
        [DataRow(4)]
        [TestMethod]
        public void LessRoomThanBefore(int less)
        {
            KeptWorld w = KeptWorld.First();
            string large = "";
            for (int i = 0; i < 400; i++) large += "5A";
            for (int i = 0; i < 6; i++)
            {
                string n = i.ToString();
                int s = w.Connect("CONNECT 5 keep=0 {session=600} id=a-session-with-a-name-" + n);
                w.Subscribe(s, "filter=one/" + n + "/three/four/# q1");
                w.Lose(s);
                int p = w.Connect("CONNECT 5 clean keep=0 id=p");
                w.Ask(p, "PUBLISH q1 topic=one/" + n + "/three/four id=1 payload=" + large
                    + " / PUBLISH q1 retain topic=one/" + n + "/three id=2 payload=02",
                    "PUBACK id=1 reason=00 / PUBACK id=2 reason=10");
                w.Lose(p);
            }
            Assert.IsTrue(w.Persistence.Close());
            Limits limits = World.Sizes();
            if (less == 0)
            {
                limits.Blocks = 24;
                limits.QueueBlocks = 24;
                limits.RetainedBlocks = 12;
            }
            else if (less == 1) limits.TopicLevels = 4;
            else if (less == 2) limits.TextBytes = 150;
            else if (less == 3) limits.TopicNodes = 8;
            else
            {
                limits.Retained = 3;
                limits.Messages = 8;
            }
            w = KeptWorld.On(w.Device, w.Options, limits);
            int told = w.Broker.Counters[Counter.StoreDamaged];
            Assert.IsTrue(told > 0, "counted");
            Assert.AreEqual(told, w.Persistence.Orphans + w.Persistence.Journal.Unknown);
            Assert.IsTrue(w.Persistence.Restored > 3, "restored " + w.Persistence.Restored.ToString());
            int c = w.Connect("CONNECT 5 clean keep=0 id=c");
            w.Ask(c, "PINGREQ", "PINGRESP");
            w.Pass(2000);
            // What had no room was taken out of the journal: the next start finds nothing amiss.
            Assert.IsTrue(w.Persistence.Close());
            w = KeptWorld.On(w.Device, w.Options, limits);
            Assert.AreEqual(0, w.Persistence.Orphans);
            w.End();
        }

        // Far more is written than the device holds, and little of it lasts.
        [TestMethod]
        public void SpaceIsWonAsItIsUsed()
        {
            KeptWorld w = KeptWorld.On(new MemoryDevice(6, 8192), new PersistenceOptions(), World.Sizes());
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            string large = "";
            for (int i = 0; i < 300; i++) large += "5A";
            for (int i = 0; i < 400; i++)
            {
                w.Ask(p, "PUBLISH q1 retain topic=r/" + (i % 3).ToString() + " id=1 payload="
                    + large + (i % 10).ToString() + "0", "PUBACK id=1 reason=10");
            }
            Assert.IsTrue(w.Broker.Counters[Counter.StoreBytes] > 2 * 6 * 8192, "written");
            w = w.Cut();
            int t = w.Connect("CONNECT 4 clean keep=0 id=t");
            w.Ask(t, "SUBSCRIBE id=1 filter=r/#", "SUBACK id=1 00 / PUBLISH q0 retain topic=r/0 payload=" + large + "90"
                + " / PUBLISH q0 retain topic=r/1 payload=" + large + "70"
                + " / PUBLISH q0 retain topic=r/2 payload=" + large + "80");
        }

        // A program in the same process is answered like a peer: when it is durable, or that it cannot be kept.
        [DataRow(false, "publish 00 / ")]
        [DataRow(true, "publish 83 / ")]
        [TestMethod]
        public void ALocalClientIsAnsweredWhenItIsDurable(bool fails, string expected)
        {
            PersistenceOptions o = new PersistenceOptions();
            o.SyncMs = 100;
            KeptWorld w = KeptWorld.First(o);
            int s = w.Open(5);
            w.Send(s, "CONNECT 5 keep=0 {session=600} id=s");
            w.Send(s, "SUBSCRIBE id=1 filter=a q1");
            w.Pass(100);
            w.Lose(s);
            w.Pass(2000);
            Ear ear = new Ear();
            LocalClient local = new LocalClient(w.Broker, Line.Ascii("l"), ear);
            w.Device.FailWrites = fails;
            byte[] b = Line.Ascii("a1");
            Assert.AreEqual((int)Fault.None, (int)local.Publish(b, 0, 1, b, 1, 1, 1, false));
            w.Run();
            w.Pass(90);
            Assert.AreEqual("", ear.Log);
            w.Pass(10);
            w.Run();
            Assert.AreEqual(expected, ear.Log);
        }

        private class Ear : ILocalSink
        {
            public string Log = "";

            public void Message(LocalClient client, LocalMessage m)
            {
                Log += "message / ";
            }

            public void Answer(LocalClient client, int call, int reason)
            {
                Line.Clear();
                Line.Byte(reason);
                Log += (call == 1 ? "publish " : "call ") + Line.Text() + " / ";
            }
        }
    }
}
