using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Table 2-4: every identifier in every packet, once and twice.</summary>
    [TestClass]
    public class PropertyTableTest
    {
        // Identifier, a valid value, and the types of the packets that may carry it (0: the will).
        private static readonly string[] table = new string[]
        {
            "01|01|0 3", "02|00000001|0 3", "03|000161|0 3", "08|000161|0 3", "09|0001FF|0 3", "0B|8001|3 8",
            "11|00000001|1 2 14", "12|000161|2", "13|0001|2", "15|000161|1 2 15", "16|0001FF|1 2 15", "17|01|1",
            "18|00000001|0", "19|01|1", "1A|000161|2", "1C|000161|2 14",
            "1F|000161|2 4 5 6 7 9 11 14 15", "21|0001|1 2", "22|0001|1 2", "23|0001|3", "24|01|2", "25|01|2",
            "26|0001610000|0 1 2 3 4 5 6 7 8 9 10 11 14 15", "27|00000001|1 2", "28|01|2", "29|01|2", "2A|01|2",
        };

        // The packets with properties: type, what stands before the block and what behind it.
        private static readonly string[] packets = new string[]
        {
            "0|00044D5154540506003C00000163|000177000178", "1|00044D5154540502003C|000163", "2|0000|",
            "3|000161|78", "4|000100|", "5|000100|", "6|000192|", "7|000100|", "8|0001|00016100", "9|0001|00",
            "10|0001|000161", "11|0001|00", "14|00|", "15|18|",
        };

        private static string Packet(string[] packet, string block)
        {
            int type = int.Parse(packet[0]);
            int flags = type == 6 || type == 8 || type == 10 ? 2 : 0;
            if (type == 15 && block.IndexOf("15") != 0)
            {
                block = "15000173" + block; // AUTH must have a method
            }
            else if (type == 1 && block.StartsWith("16"))
            {
                block = "15000173" + block; // and CONNECT with data
            }
            string body = packet[1] + Byte(block.Length / 2) + block + packet[2];
            return Byte((type == 0 ? 1 : type) << 4 | flags) + Byte(body.Length / 2) + body;
        }

        private static string Byte(int value)
        {
            Line.Clear();
            Line.Byte(value);
            return Line.Text();
        }

        private static string Decode(string hex)
        {
            byte[] packet = Line.Bytes(hex);
            string text = PacketCodec.Decode(packet, 0, packet.Length, 5);
            return text.StartsWith("!") ? text : "ok";
        }

        private static bool Contains(string list, string item)
        {
            string[] items = Line.Split(list, ' ');
            for (int i = 0; i < items.Length; i++)
            {
                if (items[i] == item)
                {
                    return true;
                }
            }
            return false;
        }

        [TestMethod]
        public void EveryPropertyInEveryPacket()
        {
            for (int p = 0; p < packets.Length; p++)
            {
                string[] packet = Line.Columns(packets[p]);
                for (int i = 0; i < table.Length; i++)
                {
                    string[] row = Line.Columns(table[i]);
                    string property = row[0] + row[1];
                    string what = "property " + row[0] + " in packet " + packet[0];
                    bool allowed = Contains(row[2], packet[0]);
                    Assert.AreEqual(allowed ? "ok" : "!81", Decode(Packet(packet, property)), what);
                    bool repeats = row[0] == "26" || (row[0] == "0B" && packet[0] == "3");
                    string twice = allowed ? repeats ? "ok" : "!82" : "!81";
                    Assert.AreEqual(twice, Decode(Packet(packet, property + property)), what + ", twice");
                    // Cut by a byte: also in the block's own length.
                    string cut = property.Substring(0, property.Length - 2);
                    Assert.AreEqual("!81", Decode(Packet(packet, cut)), what + ", cut");
                }
            }
        }

        [TestMethod]
        public void NoOtherIdentifiers()
        {
            for (int id = 0; id < 256; id++)
            {
                bool known = false;
                for (int i = 0; i < table.Length; i++)
                {
                    known |= table[i].StartsWith(Byte(id));
                }
                for (int p = 0; p < packets.Length && !known; p++)
                {
                    string hex = Packet(Line.Columns(packets[p]), Byte(id) + "00010203");
                    Assert.AreEqual("!81", Decode(hex), "identifier " + id);
                }
            }
        }

        /// <summary>A property that the packet may not carry is left out when it is encoded.</summary>
        [TestMethod]
        public void EncodingLeavesOutWhatIsNotAllowed()
        {
            Properties p = new Properties();
            p.Present = Has.SessionExpiry | Has.MessageExpiry | Has.TopicAlias | Has.SharedAvailable;
            p.SessionExpiry = 1;
            p.MessageExpiry = 2;
            p.TopicAlias = 3;
            byte[] buffer = new byte[20];
            PacketWriter w = new PacketWriter();
            w.Open(buffer, 0, 20);
            p.Encode(w, PacketType.Publish);
            Line.Clear();
            Line.Hex(buffer, 0, w.Offset);
            Assert.AreEqual("080200000002230003", Line.Text());
            Assert.AreEqual(9, p.Size(PacketType.Publish));
            w.Open(buffer, 0, 20);
            p.Encode(w, PacketType.Unsubscribe);
            Assert.AreEqual(1, w.Offset);
            Assert.AreEqual((byte)0, buffer[0]);
            Assert.AreEqual(1, p.Size(PacketType.Unsubscribe));
        }

        /// <summary>The object is used again: nothing of an earlier packet may show.</summary>
        [TestMethod]
        public void NothingStays()
        {
            Decode("30110001610C26000161000162" + "0B05" + "230001" + "78");
            Assert.AreEqual(Has.User | Has.SubscriptionId | Has.TopicAlias, PacketCodec.Properties.Present);
            string[] others = new string[] { "3005000161" + "0078", "C000", "40020001", "E000", "F000" };
            for (int i = 0; i < others.Length; i++)
            {
                Decode("30110001610C26000161000162" + "0B05" + "230001" + "78");
                byte[] packet = Line.Bytes(others[i]);
                PacketCodec.Decode(packet, 0, packet.Length, 5);
                if (others[i] != "C000")
                {
                    Clean();
                }
            }
            Decode("30110001610C26000161000162" + "0B05" + "230001" + "78");
            byte[] old = Line.Bytes("3003000161");
            PacketCodec.Decode(old, 0, old.Length, 4);
            Clean();
        }

        private static void Clean()
        {
            Properties p = PacketCodec.Properties;
            Assert.AreEqual(0, p.Present);
            Assert.AreEqual(0, p.UserCount);
            Assert.AreEqual(0, p.SubscriptionIdCount);
            Assert.AreEqual(0, p.BlockLength);
            int cursor = 0;
            Assert.IsFalse(p.NextUser(ref cursor, out int _, out int _, out int _, out int _));
            cursor = 0;
            Assert.AreEqual(0, p.NextSubscriptionId(ref cursor));
        }

        [TestMethod]
        public void UserPropertiesFromTheCallersOwnBuffer()
        {
            Properties p = new Properties();
            // Two user properties with a correlation and an expiry between them, which are skipped.
            p.Buffer = Line.Bytes("FF" + "26000161000162" + "090002FFFE" + "0200000001" + "2600000000" + "FF");
            p.UserOffset = 1;
            p.UserEnd = p.Buffer.Length - 1;
            p.Present = Has.User;
            int cursor = 0;
            Assert.IsTrue(p.NextUser(ref cursor, out int key, out int keyLength, out int value, out int valueLength));
            Assert.AreEqual(4, key);
            Assert.AreEqual(1, keyLength);
            Assert.AreEqual(7, value);
            Assert.AreEqual(1, valueLength);
            Assert.IsTrue(p.NextUser(ref cursor, out key, out keyLength, out value, out valueLength));
            Assert.AreEqual(21, key);
            Assert.AreEqual(0, keyLength);
            Assert.AreEqual(0, valueLength);
            Assert.IsFalse(p.NextUser(ref cursor, out key, out keyLength, out value, out valueLength));
            Assert.IsFalse(p.NextUser(ref cursor, out key, out keyLength, out value, out valueLength));
            byte[] buffer = new byte[20];
            PacketWriter w = new PacketWriter();
            w.Open(buffer, 0, 13);
            p.Encode(w, PacketType.Puback);
            Line.Clear();
            Line.Hex(buffer, 0, w.Offset);
            Assert.AreEqual("0C" + "26000161000162" + "2600000000", Line.Text());
        }

        /// <summary>More subscription identifiers than the owner's array holds: all are counted and can be walked
        /// through, nothing is written past the array, and without an array nothing is kept but the first.</summary>
        [TestMethod]
        public void MoreSubscriptionIdentifiersThanRoom()
        {
            byte[] packet = Line.Bytes("300D00016109" + "0B01" + "0B02" + "0B03" + "0B8001");
            for (int room = -1; room <= 2; room++)
            {
                Properties p = new Properties();
                p.SubscriptionIds = room < 0 ? null : new int[room];
                PacketReader r = new PacketReader();
                r.Open(packet, 5, packet.Length - 5, 5);
                p.Decode(r, PacketType.Publish);
                Assert.AreEqual((int)Fault.None, (int)r.Fault);
                Assert.AreEqual(4, p.SubscriptionIdCount);
                Assert.AreEqual(1, p.SubscriptionId);
                int cursor = 0;
                Assert.AreEqual(1, p.NextSubscriptionId(ref cursor));
                Assert.AreEqual(2, p.NextSubscriptionId(ref cursor));
                Assert.AreEqual(3, p.NextSubscriptionId(ref cursor));
                Assert.AreEqual(128, p.NextSubscriptionId(ref cursor));
                Assert.AreEqual(0, p.NextSubscriptionId(ref cursor));
                Assert.AreEqual(0, p.NextSubscriptionId(ref cursor));
            }
        }
    }
}
