using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A local client with a sink that writes down what it gets, and calls back if told to.</summary>
    public class Sink : ILocalSink
    {
        /// <summary>For <see cref="OnMessage"/>: answer "ping" by "pong" and the other way round.</summary>
        public const int Echo = 1;
        /// <summary>The same, twice.</summary>
        public const int Twice = 2;
        /// <summary>Unsubscribe from "t" and close, once.</summary>
        public const int Leave = 3;

        /// <summary>The client.</summary>
        public LocalClient Client;
        /// <summary>What came, each ended by " / ".</summary>
        public string Log = "";
        /// <summary>What to do with a message.</summary>
        public int OnMessage;
        /// <summary>How often at most.</summary>
        public int Left;
        /// <summary>Calls of the sink under way; never more than one.</summary>
        public int Depth;

        private static readonly string[] calls = { "", "publish", "subscribe", "unsubscribe", "close" };

        public Sink(Rig rig, string id)
        {
            Client = new LocalClient(rig.Broker, Line.Ascii(id), this);
        }

        /// <summary>Publishes a payload in hexadecimal.</summary>
        public Fault Publish(string topic, string payload, int qos, bool retain)
        {
            byte[] t = Line.Ascii(topic);
            byte[] p = Line.Bytes(payload);
            return Client.Publish(t, 0, t.Length, p, 0, p.Length, qos, retain);
        }

        /// <summary>Subscribes.</summary>
        public void Subscribe(string filter, int options)
        {
            byte[] f = Line.Ascii(filter);
            Assert.AreEqual((int)Fault.None, (int)Client.Subscribe(f, 0, f.Length, options));
        }

        /// <summary>Unsubscribes.</summary>
        public void Unsubscribe(string filter)
        {
            byte[] f = Line.Ascii(filter);
            Assert.AreEqual((int)Fault.None, (int)Client.Unsubscribe(f, 0, f.Length));
        }

        /// <summary>A message came.</summary>
        public void Message(LocalClient client, LocalMessage m)
        {
            Assert.AreEqual(0, Depth++);
            Line.Clear();
            Line.Show(m.Buffer, m.TopicOffset, m.TopicLength);
            string topic = Line.Text();
            Line.Add(" ");
            Line.Hex(m.Buffer, m.PayloadOffset, m.PayloadLength);
            Line.Add(" q" + m.Qos.ToString());
            if (m.Retain) Line.Add(" retained");
            if (m.PropertiesLength != 0)
            {
                Line.Add(" properties ");
                Line.Byte(m.Buffer[m.PropertiesOffset]);
                Line.Add("..");
            }
            Log += Line.Text() + " / ";
            for (int i = 0; i < OnMessage && OnMessage != Leave && Left > 0; i++)
            {
                Left--;
                Publish(topic == "ping" ? "pong" : "ping", "31", 1, false);
            }
            if (OnMessage == Leave)
            {
                OnMessage = 0;
                Unsubscribe("t");
                Assert.AreEqual((int)Fault.None, (int)Client.Close());
            }
            Depth--;
        }

        /// <summary>An answer came.</summary>
        public void Answer(LocalClient client, int call, int reason)
        {
            Assert.AreEqual(0, Depth++);
            Line.Clear();
            Line.Add(calls[call] + " ");
            Line.Byte(reason);
            Log += Line.Text() + " / ";
            Depth--;
        }
    }
}
