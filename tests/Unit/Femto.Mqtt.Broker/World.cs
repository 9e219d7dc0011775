using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// A broker, a clock that stands until it is told to go on, and a transport that does what the surface asks of
    /// it. Tests send packets as lines of text and say line by line what each client gets; the broker's tables are
    /// checked after every step.
    /// </summary>
    public class World
    {
        /// <summary>Stands at the end of what a client got when its connection was closed.</summary>
        public const string Closed = "CLOSED";

        /// <summary>The broker under test.</summary>
        public Broker Broker;
        /// <summary>The clock.</summary>
        public int NowMs;
        /// <summary>The last bytes sent to a client, for those who do not care for lines.</summary>
        public byte[] LastPacket;
        /// <summary>The reason string of the last packet looked at.</summary>
        public string Why;
        /// <summary>By connection: the peer takes no bytes.</summary>
        public bool[] Stalled;

        private readonly int[] version;
        private readonly bool[] open;
        private readonly byte[][] received; // what has come and was not yet looked at
        private readonly int[] count;
        private readonly string[] closed;
        private readonly byte[][] rest;     // what the broker did not take yet
        private int wait;

        /// <summary>A broker of moderate size.</summary>
        public World()
            : this(Sizes())
        {
        }

        /// <summary>A broker of these sizes.</summary>
        public World(Limits limits)
        {
            Broker = new Broker(limits, 12345);
            Built();
            NowMs = 5000;
            int n = limits.Connections;
            Stalled = new bool[n];
            version = new int[n];
            open = new bool[n];
            received = new byte[n][];
            count = new int[n];
            closed = new string[n];
            rest = new byte[n][];
            for (int c = 0; c < n; c++) received[c] = new byte[6144];
            Run();
        }

        /// <summary>The broker stands and has done nothing yet.</summary>
        protected virtual void Built()
        {
        }

        /// <summary>Sizes that the tests do not come near; sessions end after an hour, and $SYS publishes nothing by
        /// itself.</summary>
        public static Limits Sizes()
        {
            Limits limits = Limits.Esp32();
            limits.Connections = 8;
            limits.Sessions = 16;
            limits.PacketBytes = 1024;
            limits.SendBytes = 512;
            limits.AckQueue = 8;
            limits.SendWindow = 8;
            limits.ReceiveMaximum = 8;
            limits.ReceiveIds = 8;
            limits.TopicNodes = 150;
            limits.Texts = 150;
            limits.TextBytes = 1500;
            limits.TopicLevels = 8;
            limits.TopicLength = 128;
            limits.ClientIdLength = 64;
            limits.Deliveries = 192;
            limits.Messages = 112;
            limits.Blocks = 192;
            limits.TopicAliasesIn = 4;
            limits.TopicAliasesOut = 4;
            limits.SessionSeconds = 3600;
            limits.KeepAliveSeconds = 0;
            limits.SysSeconds = 0;
            return limits;
        }

        /// <summary>Opens a connection and sends nothing.</summary>
        public int Open()
        {
            int c = Broker.Open(NowMs, 7, null, 0, 0);
            Assert.IsTrue(c >= 0, "a free connection");
            Assert.AreEqual(0, count[c], "unread output of the connection before");
            open[c] = true;
            version[c] = 4;
            closed[c] = "";
            count[c] = 0;
            rest[c] = null;
            Stalled[c] = false;
            Run();
            return c;
        }

        /// <summary>The same; what the broker sends is read as this version.</summary>
        public int Open(int protocol)
        {
            int c = Open();
            version[c] = protocol;
            return c;
        }

        /// <summary>Opens a connection, sends this, and does not look at the answer.</summary>
        public int Raw(string lines)
        {
            int c = Open();
            Send(c, lines);
            return c;
        }

        /// <summary>Opens a connection and sends a CONNECT that must be accepted; the session is new.</summary>
        public int Connect(string line)
        {
            int c = Raw(line);
            Accepted(c, "CONNACK reason=00");
            return c;
        }

        /// <summary>The same for a session that was kept.</summary>
        public int Resume(string line)
        {
            int c = Raw(line);
            Accepted(c, "CONNACK present reason=00");
            return c;
        }

        private void Accepted(int c, string start)
        {
            string got = First(c);
            int brace = got.IndexOf(" {");
            Assert.AreEqual(start, brace < 0 ? got : got.Substring(0, brace));
        }

        /// <summary>Bytes arrive at the broker: packets as text, with " / " between them, in one piece.</summary>
        public void Send(int c, string lines)
        {
            Feed(c, Bytes(c, lines));
            Run();
        }

        /// <summary>The same, a byte at a time.</summary>
        public void Trickle(int c, string lines)
        {
            byte[] bytes = Bytes(c, lines);
            for (int i = 0; i < bytes.Length; i++)
            {
                Feed(c, new byte[] { bytes[i] });
                Run();
            }
        }

        private byte[] Bytes(int c, string lines)
        {
            byte[] all = new byte[0];
            while (lines != null)
            {
                int split = lines.IndexOf(" / ");
                string line = split < 0 ? lines : lines.Substring(0, split);
                lines = split < 0 ? null : lines.Substring(split + 3);
                byte[] packet = Wire.Packet(line, version[c]);
                if (line.IndexOf("CONNECT ") == 0) version[c] = Wire.ConnectVersion;
                all = Join(all, packet);
            }
            return all;
        }

        private static byte[] Join(byte[] a, byte[] b)
        {
            byte[] both = new byte[a.Length + b.Length];
            for (int i = 0; i < a.Length; i++) both[i] = a[i];
            for (int i = 0; i < b.Length; i++) both[a.Length + i] = b[i];
            return both;
        }

        private void Feed(int c, byte[] bytes)
        {
            if (rest[c] != null)
            {
                rest[c] = Join(rest[c], bytes);
                return;
            }
            // What stands around the bytes must not matter.
            byte[] buffer = new byte[bytes.Length + 2];
            buffer[0] = 0xC0;
            buffer[bytes.Length + 1] = 0xC0;
            for (int i = 0; i < bytes.Length; i++) buffer[i + 1] = bytes[i];
            int taken = Broker.Feed(c, buffer, 1, bytes.Length, NowMs);
            Assert.IsTrue(taken >= 0 && taken <= bytes.Length, "taken");
            if (taken == bytes.Length) return;
            rest[c] = new byte[bytes.Length - taken];
            for (int i = taken; i < bytes.Length; i++) rest[c][i - taken] = bytes[i];
        }

        /// <summary>Whether bytes that arrived still wait before the broker.</summary>
        public bool Held(int c)
        {
            return rest[c] != null;
        }

        /// <summary>What a transport does after a batch: Tick, then whatever wants attention.</summary>
        public void Run()
        {
            Broker.Tick(NowMs);
            int c;
            while ((c = Broker.NextReady()) >= 0) Serve(c);
            wait = Broker.Wait(NowMs);
            Broker.Invariants();
        }

        /// <summary>The peer takes bytes again.</summary>
        public void Release(int c)
        {
            Stalled[c] = false;
            Serve(c);
            Run();
        }

        private void Serve(int c)
        {
            while (!Stalled[c] && open[c])
            {
                int n = Broker.Pending(c, out byte[] buffer, out int offset, out bool close);
                for (int i = 0; i < n; i++) received[c][count[c] + i] = buffer[offset + i];
                count[c] += n;
                if (n != 0) Broker.Sent(c, n, NowMs);
                if (n != 0) continue;
                if (!close) break;
                open[c] = false;
                closed[c] = Closed;
                rest[c] = null;
                Broker.Closed(c, NowMs);
            }
            if (!open[c] || rest[c] == null || Broker.Room(c) == 0) return;
            byte[] again = rest[c];
            rest[c] = null;
            Feed(c, again);
            if (rest[c] == null || rest[c].Length != again.Length) Run();
        }

        /// <summary>Time passes. The broker is woken when it asked to be, and not at the end.</summary>
        public void Pass(int milliseconds)
        {
            int guard = 0;
            while (wait <= milliseconds)
            {
                Assert.IsTrue(wait >= 0, "wait");
                Assert.IsTrue(wait > 0 || guard++ < 1000, "asked to be woken at once, again and again");
                milliseconds -= wait;
                NowMs += wait;
                Run();
            }
            NowMs += milliseconds;
            wait -= milliseconds;
        }

        /// <summary>The connection is lost.</summary>
        public void Lose(int c)
        {
            Assert.IsTrue(open[c], "open");
            open[c] = false;
            rest[c] = null;
            count[c] = 0;
            Broker.Closed(c, NowMs);
            Run();
        }

        /// <summary>Whether the transport still has the connection.</summary>
        public bool IsOpen(int c)
        {
            return open[c];
        }

        /// <summary>All that came since the last look, exactly: lines with " / " between them.</summary>
        public void Got(int c, string expected)
        {
            string lines = "";
            while (count[c] != 0)
            {
                string line = First(c);
                lines = lines == "" ? line : lines + " / " + line;
            }
            if (closed[c] != "") lines = lines == "" ? closed[c] : lines + " / " + closed[c];
            closed[c] = "";
            Assert.AreEqual(expected, lines);
        }

        /// <summary>What came since the last look is of no interest.</summary>
        public void Forget(int c)
        {
            count[c] = 0;
            closed[c] = "";
        }

        /// <summary>Nothing came since the last look, and the connection stands.</summary>
        public void Silent(int c)
        {
            Got(c, "");
        }

        /// <summary>Sends, and checks what comes back.</summary>
        public void Ask(int c, string lines, string expected)
        {
            Send(c, lines);
            Got(c, expected);
        }

        /// <summary>Subscribes; each filter is granted as asked and nothing is retained.</summary>
        public void Subscribe(int c, string filters)
        {
            Send(c, "SUBSCRIBE id=999 " + filters);
            string got = First(c);
            Assert.IsTrue(got.IndexOf("SUBACK id=999 0") == 0 && got.IndexOf(" 8") < 0 && got.IndexOf(" 9") < 0, got);
            Assert.AreEqual(0, count[c], "bytes behind SUBACK");
        }

        /// <summary>Whether something came that was not looked at.</summary>
        public bool Waits(int c)
        {
            return count[c] != 0;
        }

        /// <summary>The first packet that came.</summary>
        public string First(int c)
        {
            Assert.IsTrue(count[c] != 0, "nothing came");
            string line = PacketCodec.Decode(received[c], 0, count[c], version[c]);
            Assert.IsTrue(line != PacketCodec.Incomplete, "an incomplete packet");
            int size = PacketCodec.Size;
            LastPacket = new byte[size];
            for (int i = 0; i < size; i++) LastPacket[i] = received[c][i];
            count[c] -= size;
            for (int i = 0; i < count[c]; i++) received[c][i] = received[c][size + i];
            // The words of a reason string are the broker's own affair: Why has them.
            int why = line.IndexOf(" {reason=");
            Why = why < 0 ? "" : line.Substring(why + 9, line.Length - why - 10);
            return why < 0 ? line : line.Substring(0, why);
        }

        /// <summary>The first packet that came, in hexadecimal.</summary>
        public string FirstHex(int c)
        {
            First(c);
            Line.Clear();
            Line.Hex(LastPacket, 0, LastPacket.Length);
            return Line.Text();
        }

        /// <summary>A counter of the ledger.</summary>
        public void Counts(int counter, int expected)
        {
            Assert.AreEqual(expected, Broker.Counters[counter], "counter " + counter.ToString());
        }

        /// <summary>The session of a client identifier, or 0.</summary>
        public int Session(string clientId)
        {
            byte[] id = Line.Ascii(clientId);
            return Broker.FindSession(id, 0, id.Length);
        }

        /// <summary>All leave, sessions end, retained messages are cleared: then every table must be as it was at
        /// boot. Nobody may have got anything that the test did not look at.</summary>
        public void End()
        {
            for (int c = 0; c < open.Length; c++)
            {
                if (count[c] != 0) Got(c, "");
                if (open[c]) Lose(c);
            }
            Broker.Access = null;
            Pass(3700000);
            int cleaner = Connect("CONNECT 4 clean keep=0 id=cleaner");
            Send(cleaner, "SUBSCRIBE id=1 filter=#");
            First(cleaner);
            string topics = "";
            while (count[cleaner] != 0)
            {
                string line = First(cleaner);
                int topic = line.IndexOf(" topic=") + 7;
                topics += line.Substring(topic, line.IndexOf(" payload=") - topic) + " ";
            }
            string[] names = topics.Split(new char[] { ' ' });
            for (int i = 0; i + 1 < names.Length; i++) Send(cleaner, "PUBLISH retain topic=" + names[i]);
            Lose(cleaner);
            Broker.Invariants(true);
        }
    }
}
