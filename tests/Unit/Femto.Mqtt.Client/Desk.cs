using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>An MqttClient over a connection of the test's own; the test is the server. What sinks, events and the
    /// authenticator are told stands in one text.</summary>
    public class Desk : ITransport, IClientEvents, IAuthenticator
    {
        public MqttClient Client;
        public string Told = "";
        /// <summary>The next attempt to connect fails.</summary>
        public bool Down;
        /// <summary>The connection is lost at the next look.</summary>
        public bool Lost;
        public int AuthAnswer;

        private readonly int version;
        private readonly byte[] received = new byte[4096];
        private int count;
        private byte[] coming = new byte[0];
        private bool open;

        public Desk(int version, int subscriptions)
        {
            this.version = version;
            ClientOptions options = new ClientOptions();
            options.Version = version;
            options.ClientId = Line.Ascii("c");
            options.KeepAliveSeconds = 0;
            options.CleanStart = false;
            options.SessionExpiry = 60;
            ClientLimits limits = ClientLimits.Small();
            limits.Requests = 2;
            Client = new MqttClient(this, new TransportOptions(), options, limits, subscriptions);
            Client.RetryBaseMs = 0;
            Client.Events = this;
        }

        /// <summary>Connected, and nothing to look at.</summary>
        public static Desk Connected(int version, int subscriptions)
        {
            Desk d = new Desk(version, subscriptions);
            d.Connect("CONNACK");
            d.Heard("connecting;connected 0;");
            return d;
        }

        /// <summary>Connects; the server answers so.</summary>
        public void Connect(string connack)
        {
            Turn();
            Assert.IsTrue(First().IndexOf("CONNECT ") == 0, "CONNECT");
            Send(connack);
        }

        public void Turn()
        {
            for (int i = 0; i < 8; i++) Client.Loop(0);
        }

        /// <summary>The server sends.</summary>
        public void Send(string lines)
        {
            byte[] more = Rig.Bytes(lines, version);
            byte[] all = new byte[coming.Length + more.Length];
            for (int i = 0; i < coming.Length; i++) all[i] = coming[i];
            for (int i = 0; i < more.Length; i++) all[coming.Length + i] = more[i];
            coming = all;
            Turn();
        }

        /// <summary>All that the server got.</summary>
        public void Got(string expected)
        {
            Turn();
            string lines = "";
            while (count != 0)
            {
                string line = First();
                lines = lines == "" ? line : lines + " / " + line;
            }
            Assert.AreEqual(expected, lines);
        }

        public string First()
        {
            Assert.IsTrue(count != 0, "nothing came");
            string line = PacketCodec.Decode(received, 0, count, version);
            Assert.IsTrue(line != PacketCodec.Incomplete, "an incomplete packet");
            count -= PacketCodec.Size;
            for (int i = 0; i < count; i++) received[i] = received[PacketCodec.Size + i];
            return line;
        }

        public void Heard(string expected)
        {
            Turn();
            Assert.AreEqual(expected, Told);
            Told = "";
        }

        /// <summary>Subscribes, with an ear of this name; the number.</summary>
        public int Subscribe(string name, string filter)
        {
            return Client.Subscribe(Line.Ascii(filter), 1, name == null ? null : new Ear(this, name));
        }

        // ---- The client's transport

        public string Error
        {
            get { return Down ? "down" : null; }
        }

        public void Open(TransportOptions options)
        {
            open = !Down;
            Lost = false;
            count = 0;
            coming = new byte[0];
        }

        public int State()
        {
            return open ? TransportState.Open : TransportState.Closed;
        }

        public int Receive(byte[] buffer, int offset, int room)
        {
            if (Lost) return -1;
            int n = coming.Length < room ? coming.Length : room;
            for (int i = 0; i < n; i++) buffer[offset + i] = coming[i];
            byte[] rest = new byte[coming.Length - n];
            for (int i = 0; i < rest.Length; i++) rest[i] = coming[n + i];
            coming = rest;
            return n;
        }

        public int Send(byte[] buffer, int offset, int length)
        {
            for (int i = 0; i < length; i++) received[count++] = buffer[offset + i];
            return length;
        }

        public void Close()
        {
            open = false;
        }

        // ---- Who is told

        public void Changed(MqttClient client, int state, int reason)
        {
            string name = state == ClientState.Connecting ? "connecting" : state == ClientState.Connected ? "connected "
                : "offline ";
            Told += name + (state == ClientState.Connecting ? "" : reason.ToString()) + ";";
        }

        public void Subscribed(MqttClient client, int subscription, int reason)
        {
            Told += "subscribed " + subscription.ToString() + " " + reason.ToString() + ";";
        }

        public void Published(MqttClient client, int message, int reason)
        {
            Told += "published " + reason.ToString() + ";";
        }

        public void Discarded(MqttClient client, byte[] topic, int offset, int length, int bytes)
        {
            Told += "discarded;";
        }

        public int Auth(MqttClient client, int reason, byte[] data, int offset, int length, AuthReply reply)
        {
            Told += "auth " + reason.ToString() + " " + length.ToString() + ";";
            return AuthAnswer;
        }
    }
}
