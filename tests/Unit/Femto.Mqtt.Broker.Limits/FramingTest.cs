using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>However the bytes of a connection are cut into pieces, the broker does the same.</summary>
    [TestClass]
    public class FramingTest
    {
        // What two clients send in turn, and what they get.
        private static readonly string[] session = new string[]
        {
            "0CONNECT 5 clean keep=60 {receive=9 aliases=3 session=0} id=a will {delay=3} q1 topic=w payload=31 user=u",
            "1CONNECT 4 clean keep=9 id=b",
            "0SUBSCRIBE id=1 {sub=300} filter=a/# q2 filter=b/+ q1",
            "1SUBSCRIBE id=2 filter=# q1",
            "1PUBLISH topic=a/b payload=31",
            "1PUBLISH q1 topic=b/c id=3 payload=3132333435363738",
            "1PUBLISH q2 topic=a/c id=4",
            "1PUBREL id=4",
            "0PUBACK id=1",
            "0PUBREC id=2",
            "0PUBCOMP id=2",
            "1PUBACK id=1",
            "1PUBACK id=2",
            "0PUBLISH q1 retain topic=a/long id=5 {alias=1 user=k:v expiry=70 format=1} payload=LONG",
            "0PUBACK id=3",
            "1PUBACK id=3",
            "0PINGREQ",
            "0PUBLISH topic= {alias=1} payload=MORE",
            "0UNSUBSCRIBE id=6 {user=x:y} filter=b/+ filter=none",
            "1PINGREQ",
            "0PUBLISH q2 topic=a/b id=7 payload=3334",
            "0PUBREL id=7",
            "1PUBACK id=4",
            "0PUBREC id=4",
            "0PUBCOMP id=4",
            "1UNSUBSCRIBE id=8 filter=#",
            "0PUBLISH retain topic=a/long",
            "1DISCONNECT",
            "0DISCONNECT reason=00 {reason=bye}",
        };

        // Runs the session and returns what both clients got, their counters behind it.
        private static string Run(int chunk, bool rooms, int small, int joined)
        {
            Limits limits = Limits.Tiny();
            limits.ReceiveSmallBytes = small;
            Rig r = new Rig(limits);
            r.Chunk = chunk;
            r.Rooms = rooms;
            r.Dice = new Dice(chunk + joined * 7 + 5);
            string[] got = { "", "" };
            r.Open();
            r.Open();
            byte[] waiting = new byte[0];
            int owner = 0;
            for (int i = 0; i <= session.Length; i++)
            {
                int c = i < session.Length ? session[i].ToCharArray()[0] - '0' : 2;
                // Packets of one client may stand together; then they arrive as one.
                if (c != owner || joined == 0 || i % 7 == 6)
                {
                    if (waiting.Length != 0) r.Arrive(owner, waiting);
                    waiting = new byte[0];
                    Collect(r, got);
                }
                if (c == 2) break;
                owner = c;
                string line = session[i].Substring(1);
                line = Replaced(Replaced(line, "LONG", Rig.Hexes(150)), "MORE", Rig.Hexes(90));
                byte[] packet = r.Bytes(c, line);
                byte[] both = new byte[waiting.Length + packet.Length];
                Array.Copy(waiting, 0, both, 0, waiting.Length);
                Array.Copy(packet, 0, both, waiting.Length, packet.Length);
                waiting = both;
            }
            string all = got[0] + "\n" + got[1];
            for (int i = 0; i < Counter.Count; i++) all += "," + r.Broker.Counters[i].ToString();
            r.Counts(Counter.ProtocolErrors, 0);
            Assert.AreEqual(0, r.Broker.ClientsConnected);
            r.End();
            return all;
        }

        private static string Replaced(string line, string word, string value)
        {
            int at = line.IndexOf(word);
            return at < 0 ? line : line.Substring(0, at) + value + line.Substring(at + word.Length);
        }

        private static void Collect(Rig r, string[] got)
        {
            for (int c = 0; c < 2; c++)
            {
                string more = r.All(c);
                if (more != "") got[c] += more + "\n";
            }
        }

        [TestMethod]
        public void EverySplitIsTheSame()
        {
            string expected = Run(0, false, 16, 0);
            Assert.IsTrue(expected.IndexOf("UNSUBACK id=6 00 11") > 0, expected);
            Assert.IsTrue(expected.IndexOf("PUBLISH q2 topic=a/b id=4 {sub=300} payload=3334") > 0, expected);
            int[] chunks = { 1, 2, 3, 7, 15, 16, 17, 100, -2, -9, -30, -200 };
            for (int i = 0; i < chunks.Length; i++)
            {
                Assert.AreEqual(expected, Run(chunks[i], false, 16, 0), "chunks of " + chunks[i].ToString());
                Assert.AreEqual(expected, Run(chunks[i], true, 16, 0), "with room, chunks of " + chunks[i].ToString());
                Assert.AreEqual(expected, Run(chunks[i], false, 200, 0), "chunks of " + chunks[i].ToString());
            }
        }

        // The same with several packets in one piece, which then are answered together.
        [TestMethod]
        public void EverySplitOfJoinedPacketsIsTheSame()
        {
            string expected = Run(0, false, 16, 1);
            for (int chunk = 1; chunk < 12; chunk++)
            {
                Assert.AreEqual(expected, Run(chunk, false, 16, 1), "chunks of " + chunk.ToString());
                Assert.AreEqual(expected, Run(-chunk * 9, true, 16, 1), "chunks up to " + (chunk * 9).ToString());
            }
        }

        [TestMethod]
        public void RemainingLength()
        {
            Rig r = Rig.Tiny();
            string[] wrong = { "C080", "C08000", "308000", "30808000", "3080808000", "30FFFFFFFF", "30FFFFFF7F" };
            string[] expected = { "", "81", "81", "81", "81", "81", "95" };
            for (int chunk = 0; chunk < 3; chunk++)
            {
                r.Chunk = chunk;
                for (int i = 0; i < wrong.Length; i++)
                {
                    int a = r.Connect("5 clean id=a");
                    r.Send(a, "HEX " + wrong[i]);
                    r.Told(a, expected[i] == "" ? "" : "DISCONNECT reason=" + expected[i] + " / CLOSED");
                    if (expected[i] == "") r.Lose(a);
                }
            }
            r.End();
        }

        // Random bytes: never an exception, and in the end the connection is closed or waits for more.
        [TestMethod]
        public void Garbage()
        {
            Dice dice = new Dice(99);
            Rig r = Rig.Tiny();
            for (int round = 0; round < 300; round++)
            {
                r.Chunk = round % 5;
                int a = r.Connect((4 + round % 2).ToString() + " clean id=a");
                byte[] bytes = new byte[1 + dice.Next(60)];
                for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)dice.Next(256);
                if (dice.Next(2) == 0 && bytes.Length > 2)
                {
                    // A plausible packet: a type, and a length that fits.
                    bytes[1] = (byte)(bytes.Length - 2);
                    int type = 3 + dice.Next(12);
                    bytes[0] = (byte)(type << 4 | (type == 6 || type == 8 || type == 10 ? 2 : 0));
                }
                r.Arrive(a, bytes);
                r.Hex(a);
                if (r.IsOpen(a)) r.Lose(a);
                else r.All(a);
            }
            r.End();
        }

        // Random bytes instead of CONNECT.
        [TestMethod]
        public void GarbageInsteadOfConnect()
        {
            Dice dice = new Dice(7);
            Rig r = Rig.Tiny();
            byte[] good = r.Bytes(0, "CONNECT 5 clean keep=60 {receive=9 user=k:v} id=a will {delay=3} q1 topic=w"
                + " payload=31");
            for (int round = 0; round < 500; round++)
            {
                r.Chunk = round % 4;
                int a = r.Open();
                byte[] bytes = new byte[good.Length];
                Array.Copy(good, 0, bytes, 0, good.Length);
                int flips = dice.Next(4);
                for (int i = 0; i < flips; i++) bytes[dice.Next(bytes.Length)] = (byte)dice.Next(256);
                r.Arrive(a, bytes);
                r.Hex(a);
                if (r.IsOpen(a)) r.Lose(a);
                else r.All(a);
                r.Pass(dice.Next(300));
            }
            r.End();
        }

        // What only a server sends is no client's packet, however well formed [MQTT-4.13.1-1].
        [TestMethod]
        public void PacketsOfAServer()
        {
            Rig r = Rig.Tiny();
            byte[][] packets = new byte[][]
            {
                new byte[] { 0x20, 3, 0, 0, 0 }, new byte[] { 0x20, 2, 0, 1 }, new byte[] { 0x90, 4, 0, 1, 0, 0 },
                new byte[] { 0xB0, 4, 0, 1, 0, 0 }, new byte[] { 0xD0, 0 },
            };
            for (int i = 0; i < packets.Length; i++)
            {
                int a = r.Connect("5 clean id=a");
                r.Arrive(a, packets[i]);
                r.Got(a, "DISCONNECT reason=82 / CLOSED");
                a = r.Connect("4 clean id=a");
                r.Arrive(a, packets[i]);
                r.Got(a, "CLOSED");
            }
            r.Counts(Counter.ProtocolErrors, 10);
            r.End();
        }

        // Bytes behind a packet that closes the connection are thrown away.
        [TestMethod]
        public void BehindTheLastPacket()
        {
            Rig r = Rig.Tiny();
            int s = r.Subscriber("4 clean id=s", "filter=#");
            int a = r.Connect("4 clean id=a");
            r.Send(a, "PUBLISH topic=t payload=31 / DISCONNECT / PUBLISH topic=t payload=32");
            r.Got(a, "CLOSED");
            r.Got(s, "PUBLISH q0 topic=t payload=31");
            r.End();
        }
    }
}
