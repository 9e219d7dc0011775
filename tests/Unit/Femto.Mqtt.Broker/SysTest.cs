using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The values under $SYS, and the log.</summary>
    [TestClass]
    public class SysTest
    {
        [TestMethod]
        public void ReplayedOnSubscribe()
        {
            World w = new World();
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Ask(s, "SUBSCRIBE id=1 {sub=7} filter=$SYS/broker/clients/+", "SUBACK id=1 00"
                + " / PUBLISH q0 retain topic=$SYS/broker/clients/maximum {sub=7} payload=31"
                + " / PUBLISH q0 retain topic=$SYS/broker/clients/expired {sub=7} payload=30"
                + " / PUBLISH q0 retain topic=$SYS/broker/clients/connected {sub=7} payload=31"
                + " / PUBLISH q0 retain topic=$SYS/broker/clients/disconnected {sub=7} payload=30"
                + " / PUBLISH q0 retain topic=$SYS/broker/clients/total {sub=7} payload=31");
            w.Pass(12000);
            w.Ask(s, "SUBSCRIBE id=1 filter=$SYS/broker/uptime q2",
                "SUBACK id=1 02 / PUBLISH q0 retain topic=$SYS/broker/uptime payload=3132207365636F6E6473");
            w.Ask(s, "SUBSCRIBE id=1 filter=$SYS/broker/uptime rh2", "SUBACK id=1 00");
            w.Send(s, "SUBSCRIBE id=1 filter=$SYS/broker/version");
            w.First(s);
            Assert.AreEqual("PUBLISH q0 retain topic=$SYS/broker/version payload=46656D746F",
                w.First(s).Substring(0, 62));
            // Wildcards at the first level do not reach them [MQTT-4.7.2-1].
            w.Ask(s, "SUBSCRIBE id=1 filter=# filter=+/broker/uptime", "SUBACK id=1 00 00");
            // All of them, through a small send buffer.
            w.Ask(s, "UNSUBSCRIBE id=1 filter=$SYS/broker/clients/+ filter=$SYS/broker/uptime"
                + " filter=$SYS/broker/version",
                "UNSUBACK id=1 00 00 00");
            w.Send(s, "SUBSCRIBE id=1 filter=$SYS/#");
            Assert.AreEqual("SUBACK id=1 00", w.First(s));
            int n = 0;
            while (w.Waits(s))
            {
                Assert.AreEqual("PUBLISH q0 retain topic=$SYS/broker/", w.First(s).Substring(0, 36));
                n++;
            }
            Assert.AreEqual(Counter.Count + 12, n);
            w.End();
        }

        [TestMethod]
        public void PublishedEverySoOften()
        {
            Limits limits = World.Sizes();
            limits.SysSeconds = 10;
            World w = new World(limits);
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            int t = w.Connect("CONNECT 5 clean keep=0 id=t");
            w.Subscribe(t, "filter=#");
            w.Send(s, "SUBSCRIBE id=1 filter=$SYS/broker/clients/total rh2");
            w.Got(s, "SUBACK id=1 00");
            w.Pass(9999);
            w.Silent(s);
            w.Pass(1);
            w.Got(s, "PUBLISH q0 topic=$SYS/broker/clients/total payload=32");
            w.Pass(9999);
            w.Silent(s);
            w.Pass(1);
            w.Got(s, "PUBLISH q0 topic=$SYS/broker/clients/total payload=32");
            w.Silent(t);
            w.End();
        }

        // The messages a session lost, under its name, as soon as there are any.
        [TestMethod]
        public void DroppedBySession()
        {
            World w = new World();
            int p = w.Connect("CONNECT 4 clean keep=0 id=p");
            int s = w.Connect("CONNECT 4 keep=0 id=sensor");
            w.Subscribe(s, "filter=a");
            w.Ask(p, "SUBSCRIBE id=1 filter=$SYS/broker/dropped/session/#", "SUBACK id=1 00");
            w.Lose(s);
            w.Send(p, "PUBLISH topic=a / PUBLISH topic=a / PUBLISH topic=a");
            w.Ask(p, "SUBSCRIBE id=1 filter=$SYS/broker/dropped/session/+",
                "SUBACK id=1 00 / PUBLISH q0 retain topic=$SYS/broker/dropped/session/sensor payload=33");
            w.Ask(p, "SUBSCRIBE id=1 filter=$SYS/broker/dropped/offline",
                "SUBACK id=1 00 / PUBLISH q0 retain topic=$SYS/broker/dropped/offline payload=33");
            w.End();
        }

        private class Log : IBrokerLog
        {
            public string Text = "";

            public void Connected(int connection)
            {
                Text += "connected " + connection.ToString() + ";";
            }

            public void Disconnected(int connection, int reason, int cause)
            {
                Text += "disconnected " + connection.ToString() + " ";
                Text += reason.ToString() + " " + cause.ToString() + ";";
            }

            public void Refused(int connection, int reason)
            {
                Text += "refused " + connection.ToString() + " " + reason.ToString() + ";";
            }
        }

        [TestMethod]
        public void LogOfConnections()
        {
            Limits limits = World.Sizes();
            limits.Connections = 2;
            World w = new World(limits);
            Log log = new Log();
            w.Broker.Log = log;
            int a = w.Connect("CONNECT 5 clean keep=0 id=a");
            int b = w.Connect("CONNECT 4 keep=0 id=b");
            Assert.AreEqual("connected 0;connected 1;", log.Text);
            log.Text = "";
            Assert.AreEqual(-1, w.Broker.Open(w.NowMs, 0, null, 0, 0));
            w.Ask(a, "DISCONNECT reason=04", World.Closed);
            w.Lose(b);
            a = w.Connect("CONNECT 5 clean keep=0 id=a");
            w.Ask(a, "PINGRESP", "DISCONNECT reason=82 / CLOSED");
            a = w.Raw("CONNECT 4 keep=0");
            w.Got(a, "CONNACK reason=02 / CLOSED");
            a = w.Raw("PINGREQ");
            w.Got(a, World.Closed);
            a = w.Open();
            w.Lose(a);
            Assert.AreEqual("refused -1 137;disconnected 0 4 0;disconnected 1 128 2;connected 0;disconnected 0 130 1;"
                + "refused 0 133;refused 0 130;", log.Text);
            w.Broker.Log = null;
            w.End();
        }

        [TestMethod]
        public void NamesOfConnections()
        {
            World w = new World();
            byte[] peer = Line.Ascii("x192.168.1.2:50000, and a scope or so");
            int c = w.Broker.Open(w.NowMs, 3, peer, 1, peer.Length - 1);
            int n = w.Broker.PeerOf(c, out byte[] buffer, out int offset);
            Line.Clear();
            Line.Show(buffer, offset, n);
            Assert.AreEqual("192.168.1.2:50000, and a scope or so".Substring(0, n), Line.Text());
            Assert.AreEqual(3, w.Broker.ListenerOf(c));
            Assert.AreEqual(0, w.Broker.ClientIdOf(c, out buffer, out offset));
            w.Broker.Closed(c, w.NowMs);
            c = w.Connect("CONNECT 5 clean keep=0 id=me user=name pass=70");
            n = w.Broker.ClientIdOf(c, out buffer, out offset);
            Line.Clear();
            Line.Show(buffer, offset, n);
            n = w.Broker.UserNameOfSession(w.Session("me"), out buffer, out offset);
            Line.Add(" ");
            Line.Show(buffer, offset, n);
            Assert.AreEqual("me name", Line.Text());
            Assert.AreEqual(5, w.Broker.VersionOf(c));
            w.End();
        }
    }
}
