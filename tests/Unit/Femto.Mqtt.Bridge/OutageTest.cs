using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Outages: what is acknowledged here arrives there, in order, and at QoS 2 once.</summary>
    [TestClass]
    public class OutageTest
    {
        private static uint random;

        private static int Random(int below)
        {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            return (int)((random >> 1) % (uint)below);
        }

        [TestMethod]
        public void TheBacklogDrainsInOrder()
        {
            Net net = new Net(2);
            Link link = new Link(net.Sites);
            Bridge bridge = net.Add(0, Net.Options("1", "s/# out 1"), link, null);
            World here = net.Sites[0];
            World there = net.Sites[1];
            net.Run();
            int b = there.Connect("CONNECT 4 clean keep=0 id=b");
            there.Subscribe(b, "filter=s/#");
            link.Down[1] = true;
            link.Cut();
            net.Run();
            int a = here.Connect("CONNECT 5 clean keep=0 id=a");
            string all = "";
            for (int i = 1; i <= 9; i++)
            {
                string n = i.ToString();
                here.Ask(a, "PUBLISH q1 topic=s/1 id=" + n + " payload=0" + n, "PUBACK id=" + n + " reason=00");
                here.Send(a, "PUBLISH topic=s/1 payload=FF"); // not kept
                all += (i == 1 ? "" : " / ") + "PUBLISH q0 topic=s/1 payload=0" + n;
            }
            Assert.AreEqual(9, bridge.SpoolLength());
            there.Silent(b);
            link.Down[1] = false;
            net.Pass(4000);
            there.Got(b, all);
            Assert.AreEqual(0, bridge.SpoolLength());
        }

        [DataRow(SpoolPolicy.DropOldest, "FD FE FF ")]
        [DataRow(SpoolPolicy.KeepLatest, "FB FE FF ")]
        [TestMethod]
        public void AFullSpoolDropsWhatItsPolicySays(int policy, string left)
        {
            Net net = new Net(2);
            Link link = new Link(net.Sites);
            Log log = new Log();
            link.Down[1] = true;
            BridgeOptions o = Net.Options("1", "s/# out 1");
            o.SpoolMessages = 3;
            o.SpoolFull = policy;
            net.Add(0, o, link, log);
            World here = net.Sites[0];
            World there = net.Sites[1];
            net.Run();
            int b = there.Connect("CONNECT 4 clean keep=0 id=b");
            there.Subscribe(b, "filter=s/#");
            int a = here.Connect("CONNECT 5 clean keep=0 id=a");
            here.Send(a, "PUBLISH q1 topic=s/1 id=1 payload=FB / PUBLISH q1 topic=s/2 id=2 payload=FC"
                + " / PUBLISH q1 topic=s/3 id=3 payload=FD / PUBLISH q1 topic=s/2 id=4 payload=FE"
                + " / PUBLISH q1 topic=s/3 id=5 payload=FF");
            net.Run();
            link.Down[1] = false;
            net.Pass(4000);
            string got = "";
            while (there.Waits(b))
            {
                string line = there.First(b);
                got += line.Substring(line.Length - 2) + " ";
            }
            Assert.AreEqual(left, got);
            here.Counts(Counter.DroppedQueueFull, 2);
            Assert.IsTrue(log.Told.IndexOf("dropped") > 0, log.Told);
        }

        [TestMethod]
        public void AFullSpoolHoldsPublishers()
        {
            Net net = new Net(2);
            Link link = new Link(net.Sites);
            BridgeOptions o = Net.Options("1", "s/# out 1");
            o.SpoolMessages = 3;
            o.SpoolFull = SpoolPolicy.Hold;
            net.Add(0, o, link, null);
            World here = net.Sites[0];
            net.Run();
            link.Stalled = true;
            int a = here.Connect("CONNECT 5 clean keep=0 id=a");
            for (int i = 1; i <= 4; i++) here.Send(a, "PUBLISH q1 topic=s/1 id=" + i.ToString() + " payload=0A");
            net.Run();
            here.Got(a, "PUBACK id=1 reason=00 / PUBACK id=2 reason=00 / PUBACK id=3 reason=00");
            link.Stalled = false;
            net.Run();
            here.Got(a, "PUBACK id=4 reason=00");
        }

        // A day in the life of a link: messages of all kinds both ways while it stalls, chops, is cut and comes back.
        // forget: the upstream loses the session now and then.
        private static void Day(int seed, int version, bool forget)
        {
            random = (uint)seed * 2654435761u | 1;
            Net net = new Net(2);
            Link link = new Link(net.Sites);
            BridgeOptions o = Net.Options("1", "u/# out 2;d/# in 2");
            o.Version = version;
            o.CleanSession = forget;
            o.RestartBaseMs = 100;
            o.RestartCapMs = 300;
            Bridge bridge = net.Add(0, o, link, null, seed);
            net.Run();
            World here = net.Sites[0];
            World there = net.Sites[1];
            int a = here.Connect("CONNECT 5 clean keep=0 id=a");
            here.Subscribe(a, "filter=d/# q0");
            int b = there.Connect("CONNECT 5 clean keep=0 id=b");
            there.Subscribe(b, "filter=u/# q0");
            int[] sent = new int[4];    // by direction and QoS
            string[] order = new string[4];
            string[] came = new string[4];
            for (int i = 0; i < 4; i++)
            {
                order[i] = "";
                came[i] = "";
            }
            for (int step = 0; step < 150; step++)
            {
                int what = Random(20);
                if (what < 8) Publish(here, a, "u", sent, order, 0);
                else if (what < 14) Publish(there, b, "d", sent, order, 2);
                else if (what == 14) link.Cut();
                else if (what == 15) link.Piece = 1 + Random(20);
                else if (what == 16) link.Stalled = !link.Stalled;
                else if (what == 17) link.Deaf = !link.Deaf;
                else net.Pass(100 * (1 + Random(5)));
                net.Run();
                Look(here, a, came, 2);
                Look(there, b, came, 0);
            }
            link.Stalled = false;
            link.Deaf = false;
            for (int i = 0; i < 40; i++)
            {
                net.Pass(100);
                Look(here, a, came, 2);
                Look(there, b, came, 0);
            }
            string name = "seed " + seed.ToString();
            Assert.AreEqual(0, bridge.SpoolLength(), name);
            for (int i = 0; i < 4; i++)
            {
                bool down = i >= 2;
                if (!forget) Assert.AreEqual(order[i], Once(came[i], i % 2 == 0), name);
                else if (!down) Assert.AreEqual(order[i], Once(came[i], true), name);
            }
        }

        private static void Publish(World w, int c, string topic, int[] sent, string[] order, int row)
        {
            int qos = 1 + Random(2);
            row += qos - 1;
            int n = ++sent[row];
            string payload = Hex(n);
            string name = topic + "/" + qos.ToString();
            w.Send(c, "PUBLISH q" + qos.ToString() + " topic=" + name + " id=7 payload=" + payload);
            if (qos == 2) w.Send(c, "PUBREL id=7");
            order[row] += payload + " ";
        }

        private static string Hex(int n)
        {
            Line.Clear();
            Line.Byte(n);
            return Line.Text();
        }

        private static void Look(World w, int c, string[] came, int row)
        {
            while (w.Waits(c))
            {
                string line = w.First(c);
                int at = line.IndexOf(" topic=");
                if (line.IndexOf("PUBLISH") != 0) continue;
                int qos = line[at + 9] - '0';
                came[row + qos - 1] += line.Substring(line.Length - 2) + " ";
            }
        }

        // At QoS 1 what comes again is left out: that is allowed, but not in front of what was never there.
        private static string Once(string came, bool mayRepeat)
        {
            if (!mayRepeat) return came;
            string once = "";
            for (int i = 0; i < came.Length; i += 3)
            {
                string one = came.Substring(i, 3);
                if (once.IndexOf(one) < 0) once += one;
            }
            return once;
        }

        [DataRow(4)]
        [DataRow(5)]
        [TestMethod]
        public void NothingIsLostAndQos2ComesOnce(int version)
        {
            for (int seed = 1; seed <= 12; seed++) Day(seed, version, false);
        }

        [DataRow(4)]
        [DataRow(5)]
        [TestMethod]
        public void NothingIsLostWhenTheUpstreamForgets(int version)
        {
            for (int seed = 1; seed <= 6; seed++) Day(seed + 1000, version, true);
        }
    }
}
