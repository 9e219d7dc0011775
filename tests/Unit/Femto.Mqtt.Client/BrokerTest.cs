using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// Two clients and a real broker over links that chop, stall and cut: nothing of QoS 1 and 2 is lost, QoS 2 comes
    /// exactly once, and in order.
    /// </summary>
    [TestClass]
    public class BrokerTest
    {
        private static Limits Sizes()
        {
            Limits l = Limits.Esp32();
            l.PacketBytes = 512;
            l.Deliveries = 800;
            l.Messages = 500;
            l.QueueMessages = 400;
            l.Blocks = 3000;
            l.QueueBlocks = 2500;
            l.HoldMs = 600000;
            l.StallMs = 600000;
            l.SysSeconds = 0;
            return l;
        }

        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void NothingIsLost(int version)
        {
            int seeds = typeof(object).Assembly.FullName.IndexOf("mscorlib") == 0 ? 1 : 12;
            for (int seed = 1; seed <= seeds; seed++) World(seed * 2 + version, version, false);
        }

        // The broker forgets everything at times: what was not acknowledged is published anew, and done once.
        [TestMethod]
        [DataRow(4)]
        [DataRow(5)]
        public void TheBrokerForgets(int version)
        {
            int seeds = typeof(object).Assembly.FullName.IndexOf("mscorlib") == 0 ? 1 : 6;
            for (int seed = 1; seed <= seeds; seed++) World(seed * 2 + version, version, true);
        }

        private static void World(int seed, int version, bool forgets)
        {
            BoardDice dice = new BoardDice(seed);
            Broker broker = new Broker(Sizes(), seed);
            Peer[] peers = new Peer[] { new Peer(0, version, dice), new Peer(1, version, dice) };
            int nowMs = 1000;
            int renewed = 0;
            for (int step = 0; step < 12000; step++)
            {
                bool calm = step > 9000;
                nowMs += 1 + dice.Next(20);
                for (int i = 0; i < 2; i++)
                {
                    Peer p = peers[i];
                    p.Calm = calm;
                    if (!p.Online())
                    {
                        if (calm || dice.Next(40) == 0) p.Open(broker, nowMs);
                    }
                    else if (!calm && dice.Next(250) == 0)
                    {
                        p.Cut(broker, nowMs);
                    }
                    // Nothing is published before both listen.
                    if (!calm && peers[0].Subscribed && peers[1].Subscribed && dice.Next(5) == 0) p.Publish();
                    p.Move(broker, nowMs);
                }
                if (forgets && !calm && dice.Next(1500) == 0)
                {
                    for (int i = 0; i < 2; i++) peers[i].Cut(broker, nowMs);
                    broker = new Broker(Sizes(), seed + step);
                }
                Serve(broker, peers, nowMs);
            }
            for (int i = 0; i < 2; i++)
            {
                Peer p = peers[i];
                p.Session.Invariants();
                string what = "seed " + seed.ToString() + " peer " + i.ToString() + " ";
                Assert.AreEqual(ClientState.Connected, p.Session.State, what + "state");
                Assert.AreEqual(0, (int)p.Session.Deliveries.Count[1], what + "outbox");
                Assert.IsTrue(p.Published > 200 && p.Connects > 3 && p.Held > 10, what + "too little happened");
                if (!forgets) Assert.IsTrue(p.Present >= p.Connects - 1, what + "sessions present");
                Came(peers, p, what, forgets);
                renewed += p.Session.Renewed;
            }
            if (forgets) Assert.IsTrue(renewed > 0, "nothing was published anew");
            else Assert.AreEqual(0, renewed);
            broker.Invariants();
        }

        private static void Came(Peer[] peers, Peer p, string what, bool forgets)
        {
            for (int n = 0; n < p.Published; n++)
            {
                string number = what + n.ToString();
                Assert.AreEqual(1, (int)p.Done[n], number + " done");
                if (forgets) continue;
                for (int to = 0; to < 2; to++)
                {
                    int came = peers[to].Came[peers[0] == p ? 0 : 1][n];
                    if (p.Qos[n] == 0) Assert.IsTrue(came <= 1, number + " QoS 0 twice");
                    else if (p.Qos[n] == 1) Assert.IsTrue(came >= 1, number + " QoS 1 lost");
                    else Assert.AreEqual(1, came, number + " QoS 2");
                }
            }
            if (!forgets) Assert.AreEqual(0, p.Disorder, what + "order");
        }

        private static void Serve(Broker broker, Peer[] peers, int nowMs)
        {
            broker.Tick(nowMs);
            int c;
            while ((c = broker.NextReady()) >= 0)
            {
                if (!peers[0].Serve(broker, c, nowMs)) peers[1].Serve(broker, c, nowMs);
            }
            for (int i = 0; i < 2; i++) peers[i].ServeAgain(broker, nowMs);
        }
    }
}
