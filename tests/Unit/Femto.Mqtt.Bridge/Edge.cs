using System.Text;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A site whose readings go up through rules, and a subscriber at the upstream; payloads as text.
    /// </summary>
    public class Edge
    {
        public Net Net;
        public World Here, There;
        public Link Link;
        public Bridge Bridge;
        public BridgeOptions Options;

        private readonly int publisher, subscriber;
        private int id;

        public Edge(AggregateRule rule)
            : this(new AggregateRule[] { rule }, new AggregateAlarm[0])
        {
        }

        public Edge(AggregateRule[] rules, AggregateAlarm[] alarms)
            : this(Prepared(rules, alarms))
        {
        }

        public Edge(BridgeOptions options)
        {
            Net = new Net(2);
            Here = Net.Sites[0];
            There = Net.Sites[1];
            Link = new Link(Net.Sites);
            Options = options;
            Bridge = Net.Add(0, options, Link, null);
            Net.Run();
            subscriber = There.Connect("CONNECT 4 clean keep=0 id=b");
            There.Subscribe(subscriber, "filter=#");
            publisher = Here.Connect("CONNECT 5 clean keep=0 id=a");
        }

        public static BridgeOptions Prepared(AggregateRule[] rules, AggregateAlarm[] alarms)
        {
            BridgeOptions o = Net.Options("1", "# out 1");
            o.Aggregates = rules;
            o.Alarms = alarms;
            return o;
        }

        public static AggregateRule Rule(string pattern, AggregateStage first)
        {
            AggregateRule rule = new AggregateRule();
            rule.Pattern = pattern;
            rule.Stages = new AggregateStage[] { first };
            return rule;
        }

        public static AggregateRule Rule(string pattern, AggregateStage first, AggregateStage second)
        {
            AggregateRule rule = Rule(pattern, first);
            rule.Stages = new AggregateStage[] { first, second };
            return rule;
        }

        public static AggregateStage Stage(int kind, int ms)
        {
            AggregateStage s = new AggregateStage();
            s.Kind = kind;
            s.Ms = ms;
            return s;
        }

        public static AggregateStage Deadband(long millionths, int ms)
        {
            AggregateStage s = Stage(AggregateStage.Deadband, ms);
            s.Amount = millionths;
            return s;
        }

        public static AggregateStage Window(int ms, int functions)
        {
            AggregateStage s = Stage(AggregateStage.Window, ms);
            s.Functions = functions;
            return s;
        }

        public static AggregateStage Batch(int count, int ms)
        {
            AggregateStage s = Stage(AggregateStage.Batch, ms);
            s.Count = count;
            return s;
        }

        public static AggregateStage Sample(int count)
        {
            AggregateStage s = Stage(AggregateStage.Sample, 0);
            s.Count = count;
            return s;
        }

        /// <summary>A reading at QoS 0.</summary>
        public void Say(string topic, string payload)
        {
            Here.Send(publisher, "PUBLISH topic=" + topic + " payload=" + Hex(payload));
            Net.Run();
        }

        /// <summary>A reading at QoS 1, with its answer.</summary>
        public void Ask(string topic, string payload, string reason)
        {
            string n = (++id).ToString();
            Here.Ask(publisher, "PUBLISH q1 topic=" + topic + " id=" + n + " payload=" + Hex(payload),
                "PUBACK id=" + n + " reason=" + reason);
            Net.Run();
        }

        /// <summary>A reading that is retained.</summary>
        public void Keep(string topic, string payload)
        {
            Here.Send(publisher, "PUBLISH retain topic=" + topic + " payload=" + Hex(payload));
            Net.Run();
        }

        /// <summary>Readings one after the other, with a blank between them and so many milliseconds.</summary>
        public void Series(string topic, string payloads, int everyMs)
        {
            string[] all = payloads.Split(new char[] { ' ' });
            for (int i = 0; i < all.Length; i++)
            {
                Say(topic, all[i]);
                if (everyMs != 0) Net.Pass(everyMs);
            }
        }

        /// <summary>Time passes in large steps.</summary>
        public void Skip(int milliseconds)
        {
            while (milliseconds > 0)
            {
                int step = milliseconds < 20000 ? milliseconds : 20000; // the bridge's keep-alive is not missed
                milliseconds -= step;
                Net.NowMs += step;
                Here.NowMs = Net.NowMs;
                There.NowMs = Net.NowMs;
                Net.Run();
            }
        }

        /// <summary>What has come up since the last look: topics and payloads, ';' behind each.</summary>
        public string Up()
        {
            string all = "";
            while (There.Waits(subscriber))
            {
                string line = There.First(subscriber);
                int topic = line.IndexOf("topic=") + 6;
                int space = line.IndexOf(" ", topic);
                int payload = line.IndexOf("payload=");
                string name = space < 0 ? line.Substring(topic) : line.Substring(topic, space - topic);
                all += name + " " + (payload < 0 ? "" : Text(line.Substring(payload + 8))) + ";";
            }
            return all;
        }

        /// <summary>The same, compared.</summary>
        public void Came(string expected)
        {
            Assert.AreEqual(expected, Up());
        }

        public void Counts(int counter, int expected)
        {
            Assert.AreEqual(expected, Bridge.Counters[counter]);
        }

        private static string Hex(string text)
        {
            const string digits = "0123456789ABCDEF";
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            string hex = "";
            for (int i = 0; i < bytes.Length; i++)
            {
                hex += digits.Substring(bytes[i] >> 4, 1) + digits.Substring(bytes[i] & 15, 1);
            }
            return hex;
        }

        private static string Text(string hex)
        {
            byte[] bytes = new byte[hex.Length / 2];
            for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(Digit(hex[2 * i]) << 4 | Digit(hex[2 * i + 1]));
            return Encoding.UTF8.GetString(bytes, 0, bytes.Length);
        }

        private static int Digit(char c)
        {
            return c <= '9' ? c - '0' : c - 'A' + 10;
        }
    }
}
