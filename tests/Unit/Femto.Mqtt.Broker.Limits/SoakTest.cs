using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Random programs of several clients on a tiny broker, with bytes in random pieces and peers that read
    /// when they like: nothing throws, nothing is lost uncounted, and in the end every table is empty.</summary>
    [TestClass]
    public class SoakTest
    {
        // Clients do whatever they like: connect, come back, subscribe, publish, vanish. Only tables are checked.
        [TestMethod]
        public void Anything()
        {
            for (int seed = 1; seed <= 24; seed++) Program(seed, 250);
        }

        private static void Program(int seed, int steps)
        {
            Dice dice = new Dice(seed * 7919);
            Limits limits = Limits.Tiny();
            limits.QueueFull = seed % 3;
            limits.AckQueue = 1 + seed % 3;
            if (seed % 2 == 0) limits.Messages = 6;
            if (seed % 5 == 0) limits.Blocks = 13;
            if (seed % 7 == 0) limits.Texts = 9;
            if (seed % 4 == 0) limits.ReceiveBuffers = 1;
            Rig r = new Rig(limits);
            Sink sink = new Sink(r, "local");
            r.Rooms = seed % 2 == 0;
            bool[] on = new bool[4];
            for (int step = 0; step < steps; step++)
            {
                int c = dice.Next(4);
                r.Chunk = dice.Next(3) == 0 ? -dice.Next(40) : 0;
                r.Dice = dice;
                if (!on[c])
                {
                    c = r.Open();
                    on[c] = true;
                    if (dice.Next(4) == 0) r.Takes[c] = dice.Next(50);
                    r.Send(c, Connect(dice));
                }
                else
                {
                    Act(r, c, dice, sink);
                }
                for (int i = 0; i < 4; i++)
                {
                    if (on[i] && !r.IsOpen(i)) on[i] = false;
                    r.Ignore(i);
                }
                if (dice.Next(8) == 0) r.Pass(dice.Next(3000));
                if (dice.Next(100) == 0) r.Pass(100000);
            }
            for (int c = 0; c < 4; c++)
            {
                if (r.IsOpen(c)) r.Lose(c);
            }
            if (sink.Client.Close() == Fault.InboxFull)
            {
                r.Pass(3000);
                sink.Client.Close();
            }
            r.Pass(10000);
            r.End("a a/a a/b b b/a c a/a/a x");
            int sum = 0;
            for (int i = Counter.DroppedQueueFull; i <= Counter.DroppedSessionEnd; i++) sum += r.Broker.Counters[i];
            Assert.IsTrue(sum >= 0);
        }

        private static string Connect(Dice dice)
        {
            int version = 4 + dice.Next(2);
            string line = "CONNECT " + version.ToString() + (dice.Next(2) == 0 ? " clean" : "") + " keep="
                + (dice.Next(3) * 20).ToString();
            if (version == 5 && dice.Next(2) == 0)
            {
                line += " {session=" + (dice.Next(300)).ToString() + " receive=" + (1 + dice.Next(4)).ToString()
                    + " aliases=" + dice.Next(4).ToString() + "}";
            }
            line += " id=" + Pick(dice, "a b c d e f g");
            if (dice.Next(3) == 0)
            {
                line += " will" + (version == 5 && dice.Next(2) == 0 ? " {delay=" + dice.Next(20).ToString() + "}" : "")
                    + (dice.Next(2) == 0 ? " q1" : " q2") + (dice.Next(3) == 0 ? " retain" : "")
                    + " topic=" + Topic(dice) + " payload=31";
            }
            return dice.Next(4) == 0 ? line + " user=u" + dice.Next(3).ToString() : line;
        }

        private static string Pick(Dice dice, string choices)
        {
            string[] all = choices.Split(new char[] { ' ' });
            return all[dice.Next(all.Length)];
        }

        private static string Topic(Dice dice)
        {
            return Pick(dice, "a a/a a/b b b/a c a/a/a x");
        }

        private static string Filter(Dice dice)
        {
            return Pick(dice, "a a/a a/+ # +/a a/# +/+ $share/g/a/+ $share/h/# $share/g/b b $SYS/broker/uptime");
        }

        private static void Act(Rig r, int c, Dice dice, Sink sink)
        {
            int what = dice.Next(20);
            string id = (1 + dice.Next(5)).ToString();
            if (what < 8)
            {
                int qos = dice.Next(3);
                int size = dice.Next(3) == 0 ? dice.Next(230) : dice.Next(20);
                string line = "PUBLISH" + (qos > 0 && dice.Next(5) == 0 ? " dup" : "") + " q" + qos.ToString()
                    + (dice.Next(5) == 0 ? " retain" : "") + " topic=" + Topic(dice);
                if (qos > 0) line += " id=" + id;
                r.Send(c, line + " payload=" + Rig.Hexes(size));
            }
            else if (what == 8)
            {
                r.Send(c, "SUBSCRIBE id=" + id + " filter=" + Filter(dice) + " q" + dice.Next(3).ToString());
            }
            else if (what == 9) r.Send(c, "UNSUBSCRIBE id=" + id + " filter=" + Filter(dice));
            else if (what == 10) r.Send(c, "PUBACK id=" + id);
            else if (what == 11) r.Send(c, "PUBREC id=" + id);
            else if (what == 12) r.Send(c, "PUBREL id=" + id);
            else if (what == 13) r.Send(c, "PUBCOMP id=" + id);
            else if (what == 14) r.Send(c, dice.Next(3) == 0 ? "DISCONNECT" : "PINGREQ");
            else if (what == 15) r.Lose(c);
            else if (what == 16) r.Stall(c);
            else if (what == 17) r.Take(c, dice.Next(200));
            else if (what == 18) r.TakeAll(c);
            else if (dice.Next(3) == 0) Ask(sink, dice);
            else sink.Publish(Topic(dice), Rig.Hexes(dice.Next(60)), dice.Next(3), dice.Next(4) == 0);
        }

        private static void Ask(Sink sink, Dice dice)
        {
            sink.Log = "";
            byte[] filter = Line.Ascii(Filter(dice));
            if (dice.Next(2) == 0) sink.Client.Subscribe(filter, 0, filter.Length, dice.Next(3));
            else sink.Client.Unsubscribe(filter, 0, filter.Length);
        }

        // Well-behaved publishers and subscribers, some slow, some away for a while. Each subscriber gets every message
        // at most once at QoS 2, in the publisher's order, and what it did not get is in its session's count.
        [TestMethod]
        public void EveryLossIsCounted()
        {
            for (int seed = 1; seed <= 12; seed++) Ledger(seed, 150);
        }

        private static Dice dice;
        private static int[] last;         // by subscriber and publisher: number of the last message received
        private static int[] received;     // by subscriber: messages that were not received before
        private static string[] replies;   // by connection
        private static bool[] released;    // by publisher: its message is acknowledged for good
        private static int refused;

        private static void Ledger(int seed, int messages)
        {
            dice = new Dice(seed * 104729);
            Limits limits = Limits.Tiny();
            limits.QueueFull = seed % 2 == 0 ? QueuePolicy.DropNewest : QueuePolicy.DropOldest;
            limits.QueueMessages = 3 + seed % 4;
            limits.ReceiveBuffers = 4; // so that a CONNECT in pieces need not wait
            limits.Deliveries = 20;
            limits.Messages = 12;
            limits.HoldMs = seed % 3 == 0 ? 100 : 2000;
            Rig r = new Rig(limits);
            r.Dice = dice;
            last = new int[4];
            received = new int[2];
            replies = new string[] { "", "", "", "" };
            released = new bool[2];
            refused = 0;
            int qos = 1 + seed % 2;
            string[] id = { "s0", "s1" };
            for (int s = 0; s < 2; s++)
            {
                r.Subscriber("5 {session=9999 receive=2} id=" + id[s], "filter=t/+ q" + qos.ToString());
            }
            for (int p = 0; p < 2; p++) r.Connect("5 {session=9999} id=p" + p.ToString());
            int[] sent = new int[2];
            bool[] busy = new bool[2];
            int turns = 0;
            bool[] away = new bool[2];
            while (sent[0] < messages || sent[1] < messages || busy[0] || busy[1])
            {
                Assert.IsTrue(turns++ < 20000, "stalled");
                r.Chunk = dice.Next(2) == 0 ? -30 : 0;
                for (int p = 0; p < 2; p++)
                {
                    if (released[p]) busy[p] = released[p] = false;
                    if (busy[p] || sent[p] == messages || dice.Next(3) == 0) continue;
                    busy[p] = true;
                    int number = ++sent[p];
                    r.Send(2 + p, "PUBLISH q" + qos.ToString() + " topic=t/" + p.ToString() + " id=" + number.ToString()
                        + " payload=" + (1000 + number).ToString() + Rig.Hexes(dice.Next(30)));
                }
                for (int c = 0; c < 4; c++)
                {
                    if (c < 2) Moods(r, c, away, id[c]);
                    if (c >= 2 || !away[c]) Answer(r, c);
                }
                if (dice.Next(4) == 0) r.Pass(dice.Next(400));
            }
            // All that is still queued arrives.
            for (int s = 0; s < 2; s++)
            {
                if (away[s]) Return(r, s, away, id[s]);
                r.TakeAll(s);
            }
            for (int i = 0; i < 60; i++)
            {
                for (int c = 0; c < 4; c++) Answer(r, c);
                r.Pass(50);
            }
            int lost = 0;
            for (int s = 0; s < 2; s++)
            {
                int dropped = r.Lost(id[s]);
                lost += dropped;
                string which = "of " + id[s] + ", seed " + seed.ToString();
                Assert.AreEqual(2 * messages - refused, received[s] + dropped, which);
            }
            int counted = r.Broker.Counters[Counter.DroppedQueueFull] + r.Broker.Counters[Counter.DroppedPoolFull];
            Assert.AreEqual(lost, counted);
            Assert.AreEqual(refused, r.Broker.Counters[Counter.RefusedPoolFull]);
            r.Counts(Counter.ProtocolErrors, 0);
            r.End();
        }

        // A subscriber stops reading, reads a little, goes away or comes back.
        private static void Moods(Rig r, int c, bool[] away, string id)
        {
            int what = dice.Next(60);
            if (away[c])
            {
                if (what < 4) Return(r, c, away, id);
            }
            else if (what == 0 && !away[1 - c]) // one at a time, so that it gets the same row again
            {
                r.Lose(c);
                replies[c] = "";
                away[c] = true;
            }
            else if (what == 1) r.Stall(c);
            else if (what < 10) r.Take(c, 1 + dice.Next(60));
            else if (what < 14) r.TakeAll(c);
        }

        private static void Return(Rig r, int c, bool[] away, string id)
        {
            Assert.AreEqual(c, r.Open());
            r.Send(c, "CONNECT 5 {session=9999 receive=2} id=" + id);
            string answer = r.Next(c);
            Assert.AreEqual(0, answer.IndexOf("CONNACK present reason=00"), answer);
            away[c] = false;
        }

        private static void Answer(Rig r, int c)
        {
            while (r.Has(c))
            {
                string line = r.Next(c);
                string id = " id=" + Number(line, " id=").ToString();
                string reply = "";
                if (line.IndexOf("PUBLISH") == 0)
                {
                    Took(c, line);
                    reply = (line.IndexOf(" q2 ") > 0 ? "PUBREC" : "PUBACK") + id;
                }
                else if (line.IndexOf("PUBREL") == 0) reply = "PUBCOMP" + id;
                else if (line.IndexOf("PUBREC") == 0 && line.IndexOf("reason=97") < 0) reply = "PUBREL" + id;
                else
                {
                    released[c - 2] = true;
                    if (line.IndexOf("reason=97") > 0) refused++;
                }
                if (reply != "") replies[c] = replies[c] == "" ? reply : replies[c] + " / " + reply;
            }
            if (replies[c] == "" || dice.Next(3) == 0) return;
            r.Send(c, replies[c]);
            replies[c] = "";
        }

        private static void Took(int s, string line)
        {
            int p = Number(line, "topic=t/");
            int number = Number4(line, "payload=") - 1000;
            bool again = line.IndexOf(" dup ") > 0;
            int before = last[s * 2 + p];
            if (number > before)
            {
                last[s * 2 + p] = number;
                received[s]++;
                return;
            }
            Assert.IsTrue(again, "order: " + line); // only what was not acknowledged comes again
        }

        private static int Number(string line, string name)
        {
            int at = line.IndexOf(name) + name.Length;
            int end = line.IndexOf(" ", at);
            return int.Parse(end < 0 ? line.Substring(at) : line.Substring(at, end - at));
        }

        private static int Number4(string line, string name)
        {
            return int.Parse(line.Substring(line.IndexOf(name) + name.Length, 4));
        }
    }
}
