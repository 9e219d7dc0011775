using System.Text;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A device with its broker, a listener beside it, and a clock; messages as text.</summary>
    public class Site : ILocalSink
    {
        public Net Net;
        public Broker Broker;
        public SensorApp App;
        public Board Board;
        public Gauge[] Gauges;
        public WallClock Clock = new WallClock();
        public LocalClient Listener;
        public Bridge[] Bridges = new Bridge[0];
        /// <summary>Properties of the last message heard.</summary>
        public string Properties = "";
        /// <summary>The last message was retained, or its QoS.</summary>
        public int Qos;

        /// <summary>Readings are not listened to.</summary>
        public bool Quiet;

        private string heard = "";

        /// <param name="config">Lines of the configuration with ';' between them, behind the device's.</param>
        public Site(string config)
            : this(config, new Board(), BootReason.PowerOn, new Net(2), false)
        {
        }

        public Site(string config, Board board, int reason)
            : this(config, board, reason, new Net(2), false)
        {
        }

        public Site(string config, Board board, int reason, Net net, bool bridged)
        {
            Net = net;
            Board = board;
            Broker = Net.Sites[0].Broker;
            AppOptions options = Options(config);
            if (bridged)
            {
                BridgeOptions o = Net.Options("1", "femto/# out 1");
                o.Notifications = true;
                SensorApp.SetWill(options, o);
                Bridges = new Bridge[] { Net.Add(0, o, new Link(Net.Sites), null) };
            }
            Gauges = new Gauge[options.Sensors.Length];
            for (int i = 0; i < Gauges.Length; i++)
            {
                Gauges[i] = new Gauge();
                Gauges[i].SinceMs = Net.NowMs;
            }
            Listener = new LocalClient(Broker, Utf8("listener"), this);
            App = new SensorApp(Broker, Bridges, options, Gauges, Clock, board, reason);
            Listen("femto/#");
        }

        public static AppOptions Options(string config)
        {
            string text = "device d;" + config;
            byte[] bytes = Utf8(text);
            for (int i = 0; i < bytes.Length; i++)
            {
                if (bytes[i] == ';') bytes[i] = (byte)'\n';
            }
            ConfigError error = new ConfigError();
            Configuration c = Configuration.Parse(bytes, bytes.Length, "f", error);
            Assert.IsNotNull(c, error.Text());
            return c.App;
        }

        public static byte[] Utf8(string text)
        {
            return Encoding.UTF8.GetBytes(text);
        }

        public void Listen(string filter)
        {
            byte[] f = Utf8(filter);
            Assert.IsTrue(Listener.Subscribe(f, 0, f.Length, 2 | 8) == Fault.None, "inbox");
            Net.Run();
        }

        /// <summary>The loop turns until nothing is to be done now.</summary>
        public void Turn()
        {
            for (int i = 0; i < 12; i++)
            {
                App.Turn(Net.NowMs);
                Net.Run();
                if (i > 0 && App.Wait(Net.NowMs) > 10) return;
            }
        }

        /// <summary>Time passes in steps of so many milliseconds.</summary>
        public void Pass(int milliseconds, int step)
        {
            while (milliseconds > 0)
            {
                int now = milliseconds < step ? milliseconds : step;
                milliseconds -= now;
                Net.NowMs += now;
                for (int i = 0; i < Net.Sites.Length; i++) Net.Sites[i].NowMs = Net.NowMs;
                Turn();
            }
        }

        public void Pass(int milliseconds)
        {
            Pass(milliseconds, 100);
        }

        /// <summary>Somebody publishes, and the device answers.</summary>
        public void Say(string topic, string payload)
        {
            Say(topic, new byte[0], payload);
        }

        public void Say(string topic, byte[] properties, string payload)
        {
            byte[] t = Utf8(topic);
            byte[] p = Utf8(payload);
            Fault fault = Listener.Publish(t, 0, t.Length, properties, 0, properties.Length, p, 0, p.Length, 1, false);
            Assert.IsTrue(fault == Fault.None, "inbox");
            Turn();
        }

        /// <summary>What was heard since the last look, topics without femto/d/, ';' behind each.</summary>
        public string Heard()
        {
            string all = heard;
            heard = "";
            return all;
        }

        /// <summary>The same, compared.</summary>
        public void Hears(string expected)
        {
            Assert.AreEqual(expected, Heard());
        }

        public void Message(LocalClient client, LocalMessage m)
        {
            string topic = Encoding.UTF8.GetString(m.Buffer, m.TopicOffset, m.TopicLength);
            if (topic.IndexOf("/cmd/") >= 0) return; // its own
            string payload = Encoding.UTF8.GetString(m.Buffer, m.PayloadOffset, m.PayloadLength);
            if (topic.IndexOf("femto/d/") == 0) topic = topic.Substring(8);
            if (Quiet && topic.IndexOf("sensor/") == 0) return;
            heard += topic + " " + payload + ";";
            Properties = "";
            for (int i = 0; i < m.PropertiesLength; i++)
            {
                Properties += ((int)m.Buffer[m.PropertiesOffset + i]).ToString() + " ";
            }
            Qos = m.Qos | (m.Retain ? 4 : 0);
        }

        public void Answer(LocalClient client, int call, int reason)
        {
        }
    }
}
