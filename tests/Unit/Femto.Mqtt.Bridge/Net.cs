using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Brokers, bridges between them and one clock.</summary>
    public class Net
    {
        public World[] Sites;
        public Bridge[] Bridges = new Bridge[0];
        public World[] Homes = new World[0];   // of each bridge
        public int NowMs = 5000;

        public Net(int sites)
        {
            Sites = new World[sites];
            for (int i = 0; i < sites; i++) Sites[i] = new World(Sizes());
        }

        /// <summary>Sizes that a short test does not come near.</summary>
        public static Limits Sizes()
        {
            Limits l = World.Sizes();
            l.Connections = 4;
            l.Sessions = 10;
            l.SessionSeconds = 0xFFFFFFFF;
            return l;
        }

        /// <summary>Options of a bridge to the sites named, "1" or "12", with topics as in mosquitto.conf and ';'
        /// between them; a prefix "-" is none.</summary>
        public static BridgeOptions Options(string hosts, string topics)
        {
            BridgeOptions o = new BridgeOptions();
            o.Name = "b";
            o.Hosts = new string[hosts.Length];
            o.Ports = new int[hosts.Length];
            for (int i = 0; i < hosts.Length; i++)
            {
                o.Hosts[i] = hosts.Substring(i, 1);
                o.Ports[i] = 1883;
            }
            string[] lines = topics.Split(new char[] { ';' });
            o.Topics = new BridgeTopic[lines.Length];
            for (int i = 0; i < lines.Length; i++) o.Topics[i] = Topic(lines[i]);
            o.RestartBaseMs = 1000;
            o.RestartCapMs = 4000;
            o.Notifications = false;
            return o;
        }

        private static BridgeTopic Topic(string line)
        {
            string[] words = line.Split(new char[] { ' ' });
            BridgeTopic t = new BridgeTopic();
            t.Pattern = words[0] == "-" ? null : words[0];
            t.Direction = words[1] == "out" ? BridgeTopic.Out : words[1] == "in" ? BridgeTopic.In : BridgeTopic.Both;
            t.Qos = words[2][0] - '0';
            if (words.Length > 3 && words[3] != "-") t.LocalPrefix = words[3];
            if (words.Length > 4 && words[4] != "-") t.RemotePrefix = words[4];
            return t;
        }

        public Bridge Add(int site, BridgeOptions options, ITransport transport, IBridgeLog log)
        {
            return Add(site, options, transport, log, 99);
        }

        public Bridge Add(int site, BridgeOptions options, ITransport transport, IBridgeLog log, int seed)
        {
            Bridge b = new Bridge(Sites[site].Broker, options, transport, log, seed);
            Bridge[] bridges = new Bridge[Bridges.Length + 1];
            World[] homes = new World[bridges.Length];
            for (int i = 0; i < Bridges.Length; i++)
            {
                bridges[i] = Bridges[i];
                homes[i] = Homes[i];
            }
            bridges[Bridges.Length] = b;
            homes[Bridges.Length] = Sites[site];
            Bridges = bridges;
            Homes = homes;
            return b;
        }

        /// <summary>Everything that goes without time passing.</summary>
        public void Run()
        {
            for (int round = 0; round < 200; round++)
            {
                bool more = round < 8;
                for (int i = 0; i < Sites.Length; i++) Sites[i].Run();
                for (int i = 0; i < Bridges.Length; i++)
                {
                    int wait = Bridges[i].Turn(NowMs);
                    Assert.IsTrue(wait >= 0, "wait");
                    if (wait == 0 || Bridges[i].Wait(NowMs) == 0) more = true;
                    Bridges[i].Session.Invariants();
                    Homes[i].Run();
                }
                if (!more) return;
            }
            Assert.IsTrue(false, "it does not come to rest");
        }

        /// <summary>Time passes in steps.</summary>
        public void Pass(int milliseconds)
        {
            while (milliseconds > 0)
            {
                int step = milliseconds < 100 ? milliseconds : 100;
                milliseconds -= step;
                NowMs += step;
                for (int i = 0; i < Sites.Length; i++) Sites[i].NowMs = NowMs;
                Run();
            }
        }
    }
}
