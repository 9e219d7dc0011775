using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Commands and their answers.</summary>
    [TestClass]
    public class CommandTest
    {
        private const string Config = "status_interval 0;sensor a;sensor_source x;sensor_interval 1;sensor_decimals 0;"
            + "sensor bb;sensor_source x;sensor_interval 2.5;sensor_decimals 0";
        private const string Wanted =
            "\"ok\":false,\"error\":\"wanted: NAME, NAME SECONDS or SECONDS, 0.01 to 86400\"";
        private const string End = ",\"t\":null,\"up\":0};";

        private static Site Ready()
        {
            Site s = new Site(Config);
            s.Turn();
            s.Heard();
            return s;
        }

        [DataRow("ping", "", "\"ok\":true,\"uptime\":0")]
        [DataRow("ping", "hello", "\"ok\":true,\"uptime\":0")]
        [DataRow("interval", "a", "\"ok\":true,\"sensor\":\"a\",\"interval\":1")]
        [DataRow("interval", " bb ", "\"ok\":true,\"sensor\":\"bb\",\"interval\":2.5")]
        [DataRow("interval", "bb 0.25", "\"ok\":true,\"sensor\":\"bb\",\"interval\":0.25")]
        [DataRow("interval", "86400", "\"ok\":true,\"interval\":86400")]
        [DataRow("interval", "", Wanted)]
        [DataRow("interval", "a 0.009", Wanted)]
        [DataRow("interval", "86401", Wanted)]
        [DataRow("interval", "9999999999", Wanted)]
        [DataRow("interval", "a soon", Wanted)]
        [DataRow("interval", "a 1 2", "\"ok\":false,\"error\":\"this command takes nothing more\"")]
        [DataRow("interval", "c 1", "\"ok\":false,\"error\":\"there is no sensor c\"")]
        [DataRow("interval", "c\"\\\u00e4 1", "\"ok\":false,\"error\":\"there is no sensor c????\"")]
        [DataRow("report", "c", "\"ok\":false,\"error\":\"there is no sensor c\"")]
        [DataRow("report", "a b", "\"ok\":false,\"error\":\"this command takes nothing more\"")]
        [DataRow("reboot", "now", "\"ok\":false,\"error\":\"this command takes nothing more\"")]
        [DataRow("dance", "", "\"ok\":false,\"error\":\"unknown command: there are interval, report, reboot, ping\"")]
        [DataRow("pin", "", "\"ok\":false,\"error\":\"unknown command: there are interval, report, reboot, ping\"")]
        [TestMethod]
        public void EachIsAnswered(string command, string payload, string answer)
        {
            Site s = Ready();
            s.Say("femto/d/cmd/" + command, payload);
            s.Hears("reply/" + command + " {" + answer + End);
            Assert.AreEqual(1, s.Qos);
        }

        [TestMethod]
        public void AnIntervalHoldsFromNowOn()
        {
            Site s = Ready();
            s.Say("femto/d/cmd/interval", "a 0.2");
            s.Heard();
            s.Gauges[0].Asked = 0;
            s.Pass(2000);
            Assert.AreEqual(10, s.Gauges[0].Asked);
            s.Say("femto/d/cmd/interval", "5");
            s.Gauges[0].Asked = 0;
            s.Gauges[1].Asked = 0;
            s.Pass(10000);
            Assert.AreEqual(2, s.Gauges[0].Asked);
            Assert.AreEqual(2, s.Gauges[1].Asked);
        }

        [TestMethod]
        public void AReportBringsReadingsAndStatus()
        {
            Site s = Ready();
            s.Pass(100);
            s.Gauges[0].Value = 11;
            s.Gauges[1].Fault = SensorFault.NoAnswer;
            s.Say("femto/d/cmd/report", "");
            s.Hears("reply/report {\"ok\":true,\"sensors\":2,\"failing\":0,\"t\":null,\"up\":100};"
                + "status {\"status\":\"online\",\"version\":\"0.1.0\",\"boot\":\"power on\",\"uptime\":0,\"t\":null};"
                + "sensor/a 11;fault/bb {\"fault\":\"no answer\",\"retry\":2.5,\"t\":null,\"up\":100};");
            s.Say("femto/d/cmd/report", "a");
            s.Hears("reply/report {\"ok\":true,\"sensors\":1,\"failing\":1,\"t\":null,\"up\":100};"
                + "status {\"status\":\"online\",\"version\":\"0.1.0\",\"boot\":\"power on\",\"uptime\":0,\"t\":null};"
                + "sensor/a 11;");
            s.Gauges[0].Times = "";
            s.Pass(1000);
            Assert.AreEqual("1000 ", s.Gauges[0].Times); // the schedule is as before
            s.Heard();
            s.Say("femto/d/cmd/report", "events");
            s.Hears("reply/report {\"ok\":true,\"events\":2,\"t\":null,\"up\":1100};"
                + "blackbox {\"n\":1,\"t\":null,\"up\":0,\"event\":\"boot\",\"detail\":\"power on\"};"
                + "blackbox {\"n\":2,\"t\":null,\"up\":0,\"event\":\"sensor fails\",\"detail\":\"bb: no answer\"};");
        }

        [TestMethod]
        public void ARebootSaysGoodbyeFirst()
        {
            Site s = Ready();
            s.Say("femto/d/cmd/reboot", "");
            Assert.AreEqual(0, s.Board.Restarts);
            s.Pass(100);
            s.Hears("reply/reboot {\"ok\":true" + End + "status {\"status\":\"offline\"};");
            Assert.AreEqual(1, s.Board.Restarts);
            Assert.AreEqual(BootReason.Command, s.Board.Reason);
            Site next = new Site(Config, s.Board, BootReason.Unknown);
            Assert.AreEqual(BootReason.Command, next.App.Boot);
            next.Turn();
            Assert.AreEqual(0, next.Heard().IndexOf("status {\"status\":\"online\",\"version\":\"0.1.0\","
                + "\"boot\":\"command\""));
            next.Quiet = true;
            next.Pass(10000);
            next.Hears("blackbox {\"n\":1,\"t\":null,\"up\":0,\"event\":\"boot\",\"detail\":\"power on\"};"
                + "blackbox {\"n\":2,\"t\":null,\"up\":0,\"event\":\"goodbye\",\"detail\":\"command\"};");
        }

        [TestMethod]
        public void TheAnswerGoesWhereItIsAskedFor()
        {
            Site s = Ready();
            s.Listen("r/#");
            // Payload format, response topic "r/1", correlation "ab", user property "k" "v".
            byte[] p = new byte[]
            {
                1, 1, 3, 0, 1, 120, 8, 0, 3, 114, 47, 49, 9, 0, 2, 97, 98, 38, 0, 1, 107, 0, 1, 118,
            };
            s.Say("femto/d/cmd/ping", p, "");
            s.Hears("r/1 {\"ok\":true,\"uptime\":0" + End);
            Assert.AreEqual("9 0 2 97 98 ", s.Properties);
            s.Say("femto/d/cmd/ping", new byte[] { 9, 0, 0 }, "");
            s.Hears("reply/ping {\"ok\":true,\"uptime\":0" + End);
            Assert.AreEqual("9 0 0 ", s.Properties);
            s.Say("femto/d/cmd/ping/17/b", ""); // for 3.1.1: a name of the caller's own
            s.Hears("reply/ping/17/b {\"ok\":true,\"uptime\":0" + End);
            Assert.AreEqual("", s.Properties);
        }

        [TestMethod]
        public void AnAnswerIsNoCommand()
        {
            Site s = Ready();
            string topic = "femto/d/cmd/ping";
            byte[] p = new byte[3 + topic.Length];
            p[0] = 8;
            p[2] = (byte)topic.Length;
            for (int i = 0; i < topic.Length; i++) p[3 + i] = (byte)topic[i];
            s.Say(topic, p, "");
            s.Hears("reply/ping {\"ok\":false,\"error\":\"the response topic is one of commands\"" + End);
        }

        [TestMethod]
        public void ATopicThatHasNoRoomIsCountedAsLost()
        {
            Site s = Ready();
            byte[] p = new byte[3 + 130];
            p[0] = 8;
            p[2] = 130;
            for (int i = 3; i < p.Length; i++) p[i] = (byte)'r';
            s.Say("femto/d/cmd/ping", p, "");
            s.Hears("");
            s.Say("femto/d/cmd/report", "events");
            Assert.IsTrue(s.Heard().IndexOf("\"event\":\"lost\",\"detail\":\"1\"}") > 0, "it is in the black box");
        }

        [TestMethod]
        public void CommandsThatAreTooManyAreRefused()
        {
            Site s = new Site(Config + ";sensor_format json;sensor_unit aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
            s.Turn();
            s.Heard();
            byte[] topic = Site.Utf8("femto/d/cmd/dance");
            for (int i = 0; i < 5; i++)
            {
                Assert.IsTrue(s.Listener.Publish(topic, 0, topic.Length, null, 0, 0, 0, false) == Fault.None, "inbox");
            }
            s.Turn();
            string told = s.Heard();
            Assert.IsTrue(told.IndexOf("reply/refused {\"ok\":false,\"error\":\"too many at once, not carried out: ")
                > 0, told);
            s.Say("femto/d/cmd/report", "events");
            Assert.IsTrue(s.Heard().IndexOf("\"event\":\"refused\",\"detail\":\"") > 0, "it is in the black box");
        }

        [TestMethod]
        public void WithABridgeTheWillIsTheDevices()
        {
            Net net = new Net(2);
            int up = net.Sites[1].Connect("CONNECT 4 clean keep=0 id=up");
            net.Sites[1].Subscribe(up, "filter=femto/d/status");
            Site s = new Site(Config, new Board(), BootReason.PowerOn, net, true);
            s.Pass(1000);
            Link link = (Link)s.Bridges[0].Transport;
            string online = Text("{\"status\":\"online\",\"version\":\"0.1.0\",\"boot\":\"power on\",\"uptime\":0,"
                + "\"t\":null}");
            Next(net, up, "PUBLISH topic=femto/d/status payload=" + online);
            while (net.Sites[1].Waits(up)) net.Sites[1].First(up);
            link.Cut();
            net.Sites[1].Run();
            Next(net, up, "PUBLISH topic=femto/d/status payload=" + Text("{\"status\":\"offline\"}"));
            s.Pass(10000);
            Next(net, up, "PUBLISH topic=femto/d/status payload=" + Text(
                "{\"status\":\"online\",\"version\":\"0.1.0\",\"boot\":\"power on\",\"uptime\":2,\"t\":null}"));
            s.Say("femto/d/cmd/report", "events");
            string told = s.Heard();
            Assert.IsTrue(told.IndexOf("\"event\":\"bridge down\",\"detail\":\"1\"}") > 0, told);
            Assert.IsTrue(told.IndexOf("\"event\":\"bridge up\",\"detail\":\"1\"}") > 0, told);
        }

        private static void Next(Net net, int client, string expected)
        {
            string line = net.Sites[1].First(client);
            int at = line.IndexOf("topic=");
            Assert.AreEqual(expected, "PUBLISH " + line.Substring(at));
        }

        private static string Text(string text)
        {
            const string digits = "0123456789ABCDEF";
            byte[] bytes = Site.Utf8(text);
            string hex = "";
            for (int i = 0; i < bytes.Length; i++)
            {
                hex += digits.Substring(bytes[i] >> 4, 1) + digits.Substring(bytes[i] & 15, 1);
            }
            return hex;
        }
    }
}
