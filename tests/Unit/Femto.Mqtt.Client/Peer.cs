using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// A client over a link to a real broker: bytes go in pieces of any size, wait, and are lost when the link is cut.
    /// It publishes numbered messages and counts what it gets by publisher and number.
    /// </summary>
    public class Peer : IClientSink
    {
        /// <summary>Messages that a peer may publish in a test.</summary>
        public const int Most = 1500;

        public ClientSession Session;
        /// <summary>By number: the QoS it was published with, and how often it was acknowledged.</summary>
        public byte[] Qos = new byte[Most];
        public byte[] Done = new byte[Most];
        public int Published;
        /// <summary>By publisher and number: how often it came.</summary>
        public byte[][] Came = new byte[][] { new byte[Most], new byte[Most] };
        /// <summary>Times that a first arrival came after a later one of the same QoS.</summary>
        public int Disorder;
        public bool Subscribed, HoldsNow, Calm;
        public int Connects, Present, Held;

        private readonly int name;
        private readonly BoardDice dice;
        private readonly byte[] filter = new byte[] { (byte)'t', (byte)'/', (byte)'#' };
        private readonly byte[] topic = new byte[] { (byte)'t', (byte)'/', 0, (byte)'/', 0 };
        private readonly byte[] payload = new byte[400];
        private readonly int[][] last = new int[][] { new int[3], new int[3] };
        private readonly int[] messageNumber; // of a handle in the pool
        private readonly byte[] up = new byte[600], down = new byte[600]; // on the link
        private int upCount, downCount;
        private int connection = -1;
        private int request;

        public Peer(int name, int version, BoardDice dice)
        {
            this.name = name;
            this.dice = dice;
            ClientLimits limits = Rig.Sizes();
            limits.PacketBytes = 512;
            limits.Messages = 20;
            limits.Blocks = 60;
            limits.ReceiveIds = 8;
            limits.ReceiveMaximum = 8;
            messageNumber = new int[limits.Messages + 1];
            ClientOptions options = new ClientOptions();
            options.Version = version;
            options.ClientId = new byte[] { (byte)('a' + name) };
            options.CleanStart = false;
            options.SessionExpiry = 100000;
            options.KeepAliveSeconds = 20;
            Session = new ClientSession(limits, options, this, name * 1000);
        }

        public void Connected(ClientSession c, bool sessionPresent)
        {
            Connects++;
            if (sessionPresent) Present++;
            else Subscribed = false;
            if (!Subscribed) request = c.Subscribe(filter, 0, 3, 2, 0);
        }

        public void Disconnected(ClientSession c, int reason)
        {
        }

        public int Message(ClientSession c, ClientMessage m)
        {
            if (!Calm && dice.Next(20) == 0) HoldsNow = true;
            if (HoldsNow)
            {
                Held++;
                return ClientSession.Hold;
            }
            int at = m.PayloadOffset;
            Assert.AreEqual(5, m.TopicLength);
            int from = m.TopicBuffer[m.TopicOffset + 2] - 'a';
            int number = m.Buffer[at] << 8 | m.Buffer[at + 1];
            int qos = m.TopicBuffer[m.TopicOffset + 4] - '0';
            Assert.AreEqual(qos, m.Qos);
            Assert.AreEqual(2 + number * 7 % 380, m.PayloadLength, "length");
            for (int i = 2; i < m.PayloadLength; i++)
            {
                if (m.Buffer[at + i] != (byte)(number + i)) Assert.AreEqual("payload", number.ToString());
            }
            if (Came[from][number]++ == 0)
            {
                if (number + 1 < last[from][qos]) Disorder++;
                last[from][qos] = number + 1;
            }
            return 0;
        }

        public void Discarded(ClientSession c, byte[] t, int offset, int length, int qos, int bytes)
        {
            Assert.AreEqual("discarded", "");
        }

        public void Answer(ClientSession c, int answered, int reason)
        {
            if (answered == request && reason == 2) Subscribed = true;
        }

        public void Acknowledged(ClientSession c, int message, int reason)
        {
            Assert.AreEqual(0, reason & 0x80, "refused");
            int number = messageNumber[message];
            Done[number]++;
        }

        public int Auth(ClientSession c, int reason, byte[] data, int offset, int length, AuthReply reply)
        {
            return 0;
        }

        /// <summary>Publishes the next number, if the outbox takes it.</summary>
        public void Publish()
        {
            if (Published == Most) return;
            int n = Published;
            int qos = dice.Next(3);
            topic[2] = (byte)('a' + name);
            topic[4] = (byte)('0' + qos);
            int length = 2 + n * 7 % 380;
            payload[0] = (byte)(n >> 8);
            payload[1] = (byte)n;
            for (int i = 2; i < length; i++) payload[i] = (byte)(n + i);
            // The number must be known before the call: the sink may be told within it.
            for (int i = 1; i < messageNumber.Length; i++)
            {
                if (Session.Pool.References(i) == 0) messageNumber[i] = n;
            }
            Fault fault = Session.Publish(topic, 0, 5, payload, 0, length, qos, false, null, 0, 0, MessagePool.Never);
            if (fault == Fault.PoolFull) return;
            Assert.AreEqual((int)Fault.None, (int)fault);
            if (Session.LastMessage == 0) Done[n]++;
            Qos[n] = (byte)qos;
            Published++;
        }

        public bool Online()
        {
            return connection >= 0;
        }

        public void Open(Broker broker, int nowMs)
        {
            connection = broker.Open(nowMs, 0, null, 0, 0);
            if (connection < 0) return;
            upCount = 0;
            downCount = 0;
            Session.Opened(nowMs);
        }

        /// <summary>The link is cut: what is on it is lost.</summary>
        public void Cut(Broker broker, int nowMs)
        {
            if (connection < 0) return;
            broker.Closed(connection, nowMs);
            connection = -1;
            Session.Closed(nowMs);
        }

        /// <summary>Some bytes move, each way, in pieces.</summary>
        public void Move(Broker broker, int nowMs)
        {
            Session.Tick(nowMs);
            if (HoldsNow && (Calm || dice.Next(4) == 0))
            {
                HoldsNow = false;
                Session.Resume(nowMs);
            }
            if (connection < 0) return;
            bool close = false;
            if (dice.Next(6) != 0)
            {
                int n = Session.Pending(out byte[] buffer, out int offset, out close);
                int most = 1 + dice.Next(dice.Next(3) == 0 ? 4 : 300);
                if (n > most) n = most;
                if (n > up.Length - upCount) n = up.Length - upCount;
                if (n > 0)
                {
                    for (int i = 0; i < n; i++) up[upCount + i] = buffer[offset + i];
                    upCount += n;
                    Session.Sent(n, nowMs);
                    close = false;
                }
            }
            if (dice.Next(6) != 0 && upCount > 0)
            {
                int n = 1 + dice.Next(upCount);
                int room = broker.Room(connection);
                if (n > room) n = room;
                int taken = broker.Feed(connection, up, 0, n, nowMs);
                upCount -= taken;
                for (int i = 0; i < upCount; i++) up[i] = up[i + taken];
            }
            if (dice.Next(6) != 0 && downCount > 0)
            {
                int n = 1 + dice.Next(downCount);
                int taken = Session.Feed(down, 0, n, nowMs);
                downCount -= taken;
                for (int i = 0; i < downCount; i++) down[i] = down[i + taken];
            }
            if (close && upCount == 0) Cut(broker, nowMs);
        }

        /// <summary>The link may have room again for what the broker has.</summary>
        public void ServeAgain(Broker broker, int nowMs)
        {
            if (connection >= 0) Serve(broker, connection, nowMs);
        }

        /// <summary>The broker has something for this connection.</summary>
        /// <returns>False when it is not this one's.</returns>
        public bool Serve(Broker broker, int c, int nowMs)
        {
            if (c != connection) return false;
            int n = broker.Pending(c, out byte[] buffer, out int offset, out bool close);
            if (n > down.Length - downCount) n = down.Length - downCount;
            for (int i = 0; i < n; i++) down[downCount + i] = buffer[offset + i];
            downCount += n;
            if (n > 0) broker.Sent(c, n, nowMs);
            else if (close) Cut(broker, nowMs);
            return true;
        }
    }
}
