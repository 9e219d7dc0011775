using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// A broker under a transport that tests can make awkward: peers that take only so many bytes, bytes that arrive
    /// in pieces, no more than <see cref="Broker.Room"/>. Packets are lines of <see cref="Wire"/>. After each step the
    /// broker's tables are checked.
    /// </summary>
    public class Rig
    {
        /// <summary>The broker under test.</summary>
        public Broker Broker;
        /// <summary>The clock.</summary>
        public int NowMs = 1000;
        /// <summary>By connection: bytes that the peer still takes.</summary>
        public int[] Takes;
        /// <summary>Bytes of one Feed at most; 0: all there are; negative: random, up to so many.</summary>
        public int Chunk;
        /// <summary>Feed never more than Room says.</summary>
        public bool Rooms;
        /// <summary>For random chunks.</summary>
        public Dice Dice = new Dice(1);
        /// <summary>Bytes that the broker took.</summary>
        public int Fed;
        /// <summary>By connection: bytes that arrived and that the broker did not take yet.</summary>
        public int[] Rest;

        private const int Endless = int.MaxValue;

        private readonly bool[] open;
        private readonly bool[] gone; // the broker closed it, and the test has not looked yet
        private readonly int[] version;
        private readonly byte[][] input;
        private readonly byte[][] output;
        private readonly int[] count;
        private int wait;

        /// <summary>A broker of these sizes, with $SYS silent.</summary>
        public Rig(Limits limits)
        {
            limits.SysSeconds = 0;
            Broker = new Broker(limits, 4711);
            int n = limits.Connections;
            Takes = new int[n];
            Rest = new int[n];
            open = new bool[n];
            gone = new bool[n];
            version = new int[n];
            input = new byte[n][];
            output = new byte[n][];
            count = new int[n];
        }

        /// <summary>A broker where every limit is reached within a few packets.</summary>
        public static Rig Tiny()
        {
            return new Rig(Limits.Tiny());
        }

        // ---- Connections

        /// <summary>Opens a connection; -1: refused.</summary>
        public int Open()
        {
            int c = Broker.Open(NowMs, 1, null, 0, 0);
            if (c < 0) return c;
            Assert.IsFalse(open[c], "a connection given twice");
            open[c] = true;
            gone[c] = false;
            version[c] = 4;
            Takes[c] = Endless;
            Rest[c] = 0;
            if (input[c] == null)
            {
                input[c] = new byte[64];
                output[c] = new byte[64];
            }
            count[c] = 0;
            return c;
        }

        /// <summary>Opens a connection and sends a CONNECT that must be accepted.</summary>
        public int Connect(string line)
        {
            int c = Open();
            Send(c, "CONNECT " + line);
            string answer = Next(c);
            Assert.IsTrue(answer.IndexOf("CONNACK ") == 0 && answer.IndexOf("reason=00") > 0, answer);
            return c;
        }

        /// <summary>Connects and subscribes to one filter.</summary>
        public int Subscriber(string line, string filter)
        {
            int c = Connect(line);
            Send(c, "SUBSCRIBE id=1 " + filter);
            string answer = Next(c);
            Assert.AreEqual(0, answer.IndexOf("SUBACK id=1 0"), answer);
            return c;
        }

        /// <summary>The connection is lost.</summary>
        public void Lose(int c)
        {
            Assert.IsTrue(open[c], "open");
            open[c] = false;
            Rest[c] = 0;
            count[c] = 0;
            Broker.Closed(c, NowMs);
            Run();
        }

        /// <summary>Whether the broker still has the connection.</summary>
        public bool IsOpen(int c)
        {
            return open[c];
        }

        // ---- Bytes

        /// <summary>Packets arrive, with " / " between them.</summary>
        public void Send(int c, string lines)
        {
            Arrive(c, Bytes(c, lines));
        }

        /// <summary>The bytes of some packets.</summary>
        public byte[] Bytes(int c, string lines)
        {
            byte[] all = new byte[0];
            while (lines != null)
            {
                int split = lines.IndexOf(" / ");
                string line = split < 0 ? lines : lines.Substring(0, split);
                lines = split < 0 ? null : lines.Substring(split + 3);
                if (line.IndexOf("CONNECT ") == 0) version[c] = line.IndexOf("CONNECT 5") == 0 ? 5 : 4;
                byte[] packet = Wire.Packet(line, version[c]);
                byte[] both = new byte[all.Length + packet.Length];
                Array.Copy(all, 0, both, 0, all.Length);
                Array.Copy(packet, 0, both, all.Length, packet.Length);
                all = both;
            }
            return all;
        }

        /// <summary>Bytes arrive.</summary>
        public void Arrive(int c, byte[] bytes)
        {
            bool waits = Rest[c] != 0; // then nothing is read until the broker asks for it
            input[c] = Grown(input[c], Rest[c], bytes.Length);
            Array.Copy(bytes, 0, input[c], Rest[c], bytes.Length);
            Rest[c] += bytes.Length;
            if (!waits) Feed(c);
            Run();
        }

        private void Feed(int c)
        {
            int at = 0;
            while (at < Rest[c] && open[c])
            {
                int n = Rest[c] - at;
                int most = Chunk < 0 ? 1 + Dice.Next(-Chunk) : Chunk;
                if (most != 0 && n > most) n = most;
                int room = Broker.Room(c);
                Assert.IsTrue(room >= 0, "room");
                if (Rooms && n > room) n = room;
                if (n == 0) break;
                // What stands around the bytes must not matter.
                byte[] buffer = new byte[n + 2];
                buffer[0] = 0xFF;
                buffer[n + 1] = 0xFF;
                Array.Copy(input[c], at, buffer, 1, n);
                int taken = Broker.Feed(c, buffer, 1, n, NowMs);
                Assert.IsTrue(taken >= 0 && taken <= n, "taken");
                if (n <= room) Assert.AreEqual(n, taken, "Room promised it");
                at += taken;
                Fed += taken;
                if (taken < n) break;
            }
            Rest[c] = open[c] ? Rest[c] - at : 0;
            Array.Copy(input[c], at, input[c], 0, Rest[c]);
        }

        /// <summary>The peer takes so many bytes more.</summary>
        public void Take(int c, int bytes)
        {
            Takes[c] = bytes == Endless || Takes[c] == Endless ? Endless : Takes[c] + bytes;
            Write(c);
            Run();
        }

        /// <summary>The peer takes all there is and will be.</summary>
        public void TakeAll(int c)
        {
            Take(c, Endless);
        }

        /// <summary>The peer takes no bytes any more.</summary>
        public void Stall(int c)
        {
            Takes[c] = 0;
        }

        private static byte[] Grown(byte[] bytes, int used, int more)
        {
            if (used + more <= bytes.Length) return bytes;
            byte[] grown = new byte[(used + more) * 2];
            Array.Copy(bytes, 0, grown, 0, used);
            return grown;
        }

        private void Write(int c)
        {
            while (open[c])
            {
                int n = Broker.Pending(c, out byte[] buffer, out int offset, out bool close);
                if (n == 0 && close)
                {
                    open[c] = false;
                    gone[c] = true;
                    Rest[c] = 0;
                    Broker.Closed(c, NowMs);
                    return;
                }
                if (n > Takes[c]) n = Takes[c];
                if (n == 0) return;
                output[c] = Grown(output[c], count[c], n);
                Array.Copy(buffer, offset, output[c], count[c], n);
                count[c] += n;
                if (Takes[c] != Endless) Takes[c] -= n;
                Broker.Sent(c, n, NowMs);
            }
        }

        /// <summary>What a transport does after each batch, until it may wait.</summary>
        public void Run()
        {
            int rounds = 0;
            do
            {
                Broker.Tick(NowMs);
                int turns = 0;
                int c;
                while ((c = Broker.NextReady()) >= 0)
                {
                    Write(c);
                    if (Rest[c] != 0) Feed(c);
                    Assert.IsTrue(++turns < 10000, "NextReady never ends");
                }
                wait = Broker.Wait(NowMs);
                Assert.IsTrue(wait >= 0, "wait");
                Assert.IsTrue(++rounds < 10000, "work never ends");
            }
            while (wait == 0);
            Broker.Invariants();
        }

        /// <summary>Time passes; the broker is woken whenever it asked for it.</summary>
        public void Pass(int milliseconds)
        {
            int turns = 0;
            while (wait <= milliseconds)
            {
                Assert.IsTrue(turns++ < 10000, "woken again and again");
                milliseconds -= wait;
                NowMs += wait;
                Run();
            }
            NowMs += milliseconds;
            wait -= milliseconds;
        }

        // ---- What came back

        /// <summary>All packets that came since the last look, with " / " between them, and CLOSED.</summary>
        public string All(int c)
        {
            string lines = "";
            while (count[c] != 0)
            {
                string line = Next(c);
                lines = lines == "" ? line : lines + " / " + line;
            }
            if (!gone[c]) return lines;
            gone[c] = false;
            return lines == "" ? "CLOSED" : lines + " / CLOSED";
        }

        /// <summary>The same without the properties.</summary>
        public string Plain(int c)
        {
            string lines = All(c);
            int brace;
            while ((brace = lines.IndexOf(" {")) >= 0)
            {
                lines = lines.Substring(0, brace) + lines.Substring(lines.IndexOf("}") + 1);
            }
            return lines;
        }

        /// <summary>Exactly this came since the last look, properties left aside.</summary>
        public void Told(int c, string expected)
        {
            Assert.AreEqual(expected, Plain(c));
        }

        /// <summary>Exactly this came since the last look.</summary>
        public void Got(int c, string expected)
        {
            Assert.AreEqual(expected, All(c));
        }

        /// <summary>Sends, and checks all that comes back.</summary>
        public void Ask(int c, string lines, string expected)
        {
            Send(c, lines);
            Got(c, expected);
        }

        /// <summary>The first packet that came.</summary>
        public string Next(int c)
        {
            if (count[c] == 0) return "nothing";
            string line = PacketCodec.Decode(output[c], 0, count[c], version[c]);
            Assert.IsTrue(line != PacketCodec.Incomplete, "an incomplete packet");
            Assert.IsTrue(line.IndexOf("!") != 0, line);
            int size = PacketCodec.Size;
            count[c] -= size;
            Array.Copy(output[c], size, output[c], 0, count[c]);
            int reason = line.IndexOf(" {reason="); // texts for people are left out
            return reason < 0 ? line : line.Substring(0, reason) + line.Substring(line.IndexOf("}") + 1);
        }

        /// <summary>Whether a whole packet came that was not looked at.</summary>
        public bool Has(int c)
        {
            return count[c] != 0 && PacketCodec.Decode(output[c], 0, count[c], version[c]) != PacketCodec.Incomplete;
        }

        /// <summary>The bytes that came and were not looked at, in hexadecimal.</summary>
        public string Hex(int c)
        {
            Line.Clear();
            Line.Hex(output[c], 0, count[c]);
            count[c] = 0;
            return Line.Text();
        }

        /// <summary>Throws away what came. Of a connection that stands, an incomplete packet is kept.</summary>
        public void Ignore(int c)
        {
            while (Has(c)) Next(c);
            if (!open[c]) count[c] = 0;
            if (!open[c]) gone[c] = false;
        }

        /// <summary>A counter of the ledger.</summary>
        public void Counts(int counter, int expected)
        {
            Assert.AreEqual(expected, Broker.Counters[counter], "counter " + counter.ToString());
        }

        /// <summary>What a session lost, by client identifier.</summary>
        public int Lost(string clientId)
        {
            byte[] id = Line.Ascii(clientId);
            int session = Broker.FindSession(id, 0, id.Length);
            Assert.IsTrue(session != 0, clientId);
            return Broker.DroppedOf(session);
        }

        /// <summary>All leave, sessions end, the retained messages of these topics (with blanks between them) are
        /// cleared: then every table is as it was at boot.</summary>
        public void End(string retained)
        {
            for (int c = 0; c < open.Length; c++)
            {
                if (open[c]) Lose(c);
            }
            Pass(4000000);
            if (retained.Length != 0)
            {
                int c = Connect("4 clean id=end");
                string[] topics = retained.Split(new char[] { ' ' });
                for (int i = 0; i < topics.Length; i++) Send(c, "PUBLISH retain topic=" + topics[i]);
                Lose(c);
            }
            Broker.Invariants(true);
            Assert.AreEqual(Fed, Broker.Counters[Counter.BytesReceived]);
        }

        /// <summary>As the other, with nothing retained.</summary>
        public void End()
        {
            End("");
        }

        /// <summary>A payload of so many bytes, in hexadecimal.</summary>
        public static string Hexes(int bytes)
        {
            char[] digits = new char[bytes * 2];
            for (int i = 0; i < bytes; i++)
            {
                digits[2 * i] = (char)('0' + i / 10 % 10);
                digits[2 * i + 1] = (char)('0' + i % 10);
            }
            return new string(digits, 0, digits.Length);
        }
    }

    /// <summary>Random numbers that come again with the same seed, on the PC and on the board.</summary>
    public class Dice
    {
        private uint state;

        public Dice(int seed)
        {
            state = (uint)seed * 2654435761u | 1;
        }

        /// <summary>0 to bound - 1.</summary>
        public int Next(int bound)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            return (int)(state % (uint)bound);
        }
    }
}
