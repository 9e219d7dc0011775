using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// A client session, a clock that stands, and the test in the server's place: packets as lines of text both ways.
    /// The session's tables are checked after every step.
    /// </summary>
    public class Rig
    {
        /// <summary>Stands at the end of what the server got when the client closed the connection.</summary>
        public const string Closed = "CLOSED";

        public ClientSession Session;
        public ClientOptions Options;
        public Sink Sink = new Sink();
        public int NowMs = 5000;
        /// <summary>The server takes no bytes; or at most so many of each run.</summary>
        public bool Stalled;
        public int Piece = int.MaxValue;
        /// <summary>What the session did not take yet.</summary>
        public byte[] Rest = new byte[0];
        /// <summary>What Tick returned last.</summary>
        public int Wait;

        private readonly byte[] received = new byte[65536];
        private int count;
        private bool closed, open;

        public Rig(int version)
            : this(version, Sizes())
        {
        }

        public Rig(int version, ClientLimits limits)
        {
            Options = new ClientOptions();
            Options.Version = version;
            Options.ClientId = Line.Ascii("c");
            Options.KeepAliveSeconds = 0;
            Session = new ClientSession(limits, Options, Sink, -1 << 15); // identifiers begin with 2
        }

        /// <summary>Every limit is reached within a few packets.</summary>
        public static ClientLimits Sizes()
        {
            ClientLimits l = ClientLimits.Small();
            l.PacketBytes = 256;
            l.SendBytes = 96;
            l.TextBytes = 32;
            l.Messages = 8;
            l.Blocks = 12;
            l.BlockBytes = 32;
            l.SendWindow = 4;
            l.ReceiveMaximum = 3;
            l.ReceiveIds = 4;
            l.TopicLength = 48;
            l.TopicAliasesIn = 2;
            l.TopicAliasesOut = 2;
            l.Requests = 2;
            return l;
        }

        /// <summary>Connects; the server accepts with this and gets nothing else.</summary>
        public void Connect(string connack)
        {
            Open();
            Assert.IsTrue(First().IndexOf("CONNECT ") == 0, "CONNECT");
            Send(connack);
        }

        /// <summary>A connection that the server accepted, nothing to look at.</summary>
        public static Rig Connected(int version)
        {
            Rig r = new Rig(version);
            r.Connect("CONNACK");
            r.Told("connected");
            r.Got("");
            return r;
        }

        public void Open()
        {
            count = 0;
            closed = false;
            open = true;
            Rest = new byte[0];
            Session.Opened(NowMs);
            Run();
        }

        /// <summary>The server sends packets, in one piece.</summary>
        public void Send(string lines)
        {
            Feed(Bytes(lines, Options.Version));
            Run();
        }

        /// <summary>The same, a byte at a time.</summary>
        public void Trickle(string lines)
        {
            byte[] bytes = Bytes(lines, Options.Version);
            for (int i = 0; i < bytes.Length; i++)
            {
                Feed(new byte[] { bytes[i] });
                Run();
            }
        }

        /// <summary>Packets out of lines with " / " between them.</summary>
        public static byte[] Bytes(string lines, int version)
        {
            byte[] all = new byte[0];
            while (lines != null)
            {
                int split = lines.IndexOf(" / ");
                string line = split < 0 ? lines : lines.Substring(0, split);
                lines = split < 0 ? null : lines.Substring(split + 3);
                all = Join(all, Wire.Packet(line, version));
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

        /// <summary>Bytes arrive; what was not taken before stands before them.</summary>
        public void Feed(byte[] bytes)
        {
            Sink.NowMs = NowMs;
            bytes = Join(Rest, bytes);
            // What stands around the bytes must not matter.
            byte[] buffer = new byte[bytes.Length + 2];
            buffer[0] = 0xC0;
            buffer[bytes.Length + 1] = 0xC0;
            for (int i = 0; i < bytes.Length; i++) buffer[i + 1] = bytes[i];
            int room = Session.Room();
            int taken = Session.Feed(buffer, 1, bytes.Length, NowMs);
            Assert.IsTrue(taken >= 0 && taken <= bytes.Length, "taken");
            Assert.IsTrue(taken == bytes.Length || taken >= room, "less than Room said");
            Rest = new byte[bytes.Length - taken];
            for (int i = taken; i < bytes.Length; i++) Rest[i - taken] = bytes[i];
        }

        /// <summary>What a transport does after a batch.</summary>
        public void Run()
        {
            Sink.NowMs = NowMs;
            Wait = Session.Tick(NowMs);
            while (open && !Stalled)
            {
                int n = Session.Pending(out byte[] buffer, out int offset, out bool close);
                if (n > Piece) n = Piece;
                for (int i = 0; i < n; i++) received[count + i] = buffer[offset + i];
                count += n;
                if (n != 0)
                {
                    Session.Sent(n, NowMs);
                    if (Rest.Length != 0) Feed(new byte[0]);
                    continue;
                }
                if (!close) break;
                closed = true;
                open = false;
                Session.Closed(NowMs);
            }
            Session.Invariants();
        }

        /// <summary>The connection is lost.</summary>
        public void Lose()
        {
            Assert.IsTrue(open, "open");
            open = false;
            count = 0;
            Session.Closed(NowMs);
            Session.Invariants();
        }

        /// <summary>Time passes in one step.</summary>
        public void Pass(int milliseconds)
        {
            NowMs += milliseconds;
            Run();
        }

        /// <summary>All that the server got since the last look, exactly.</summary>
        public void Got(string expected)
        {
            string lines = "";
            while (count != 0)
            {
                string line = First();
                lines = lines == "" ? line : lines + " / " + line;
            }
            if (closed) lines = lines == "" ? Closed : lines + " / " + Closed;
            closed = false;
            Assert.AreEqual(expected, lines);
        }

        /// <summary>All that the sink was told since the last look.</summary>
        public void Told(string expected)
        {
            Assert.AreEqual(expected, Sink.Told);
            Sink.Told = "";
        }

        /// <summary>The first packet that the server got.</summary>
        public string First()
        {
            Assert.IsTrue(count != 0, "nothing came");
            string line = PacketCodec.Decode(received, 0, count, Options.Version);
            Assert.IsTrue(line != PacketCodec.Incomplete, "an incomplete packet");
            Drop(PacketCodec.Size);
            return line;
        }

        /// <summary>All the bytes the server got, in hexadecimal.</summary>
        public string Hex()
        {
            Line.Clear();
            Line.Hex(received, 0, count);
            Drop(count);
            return Line.Text();
        }

        private void Drop(int size)
        {
            count -= size;
            for (int i = 0; i < count; i++) received[i] = received[size + i];
        }

        /// <summary>Bytes the server got and nobody looked at.</summary>
        public int Waiting()
        {
            return count;
        }

        /// <summary>Publishes this, so many bytes of 0x31.</summary>
        public Fault Publish(string topic, int qos, int payload)
        {
            return Publish(topic, qos, payload, null, MessagePool.Never);
        }

        public Fault Publish(string topic, int qos, int payload, string properties, uint expiry)
        {
            byte[] t = Line.Ascii(topic);
            byte[] p = new byte[payload + 2];
            for (int i = 0; i < payload; i++) p[1 + i] = 0x31;
            byte[] encoded = properties == null ? null : Line.Bytes(properties);
            Sink.NowMs = NowMs;
            Fault fault = Session.Publish(t, 0, t.Length, p, 1, payload, qos & 3, (qos & 4) != 0, encoded, 0,
                encoded == null ? 0 : encoded.Length, expiry);
            Run();
            return fault;
        }

        /// <summary>Publishes, and it must be taken.</summary>
        public void Put(string topic, int qos)
        {
            Assert.AreEqual((int)Fault.None, (int)Publish(topic, qos, 1));
        }

        public int Subscribe(string filter, int options, int id)
        {
            byte[] f = Line.Ascii(filter);
            int request = Session.Subscribe(f, 0, f.Length, options, id);
            Run();
            return request;
        }

        public int Unsubscribe(string filter)
        {
            byte[] f = Line.Ascii(filter);
            int request = Session.Unsubscribe(f, 0, f.Length);
            Run();
            return request;
        }

        /// <summary>The server's packet ends the connection with this reason, in both versions; 3.1.1 has no word for
        /// it.</summary>
        public void Breaks(string lines, int reason)
        {
            Send(lines);
            Line.Clear();
            Line.Byte(reason);
            string code = Line.Text();
            Got(Options.Version == 5 ? "DISCONNECT reason=" + code + " / CLOSED" : Closed);
            Assert.IsTrue(Sink.Told.IndexOf("disconnected " + code) >= 0, Sink.Told);
            Sink.Told = "";
        }
    }
}
