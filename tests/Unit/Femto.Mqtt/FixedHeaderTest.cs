using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Section 2.1: the remaining length and the reserved flags.</summary>
    [TestClass]
    public class FixedHeaderTest
    {
        // Bytes after the first, the header's size, the remaining length: table 2.4 of 3.1.1, 1-1 of 5.0.
        private static readonly string[] lengths = new string[]
        {
            "00|2|0", "01|2|1", "7F|2|127", "8001|3|128", "FF7F|3|16383", "808001|4|16384", "FFFF7F|4|2097151",
            "80808001|5|2097152", "FFFFFF7F|5|268435455", "C102|3|321",
            // not in the shortest form, or longer than four bytes
            "8000|-1|0", "FF00|-1|0", "808000|-1|0", "FFFF00|-1|0", "80808000|-1|0", "FFFFFF00|-1|0",
            "80808080|-1|0", "FFFFFFFF|-1|0", "8080808001|-1|0",
            // more to come
            "|0|0", "80|0|0", "FFFF|0|0", "808080|0|0", "FFFFFF|0|0",
        };

        [TestMethod]
        public void RemainingLengths()
        {
            for (int i = 0; i < lengths.Length; i++)
            {
                string[] parts = Line.Columns(lengths[i]);
                byte[] buffer = Line.Bytes("30" + parts[0]);
                int head = FixedHeader.Decode(buffer, 0, buffer.Length, out int remaining);
                Assert.AreEqual(int.Parse(parts[1]), head, lengths[i]);
                Assert.AreEqual(int.Parse(parts[2]), remaining, lengths[i]);
                // In the middle of others, which would make it longer.
                byte[] padded = Line.Bytes("FFFF30" + parts[0] + "01FF01");
                head = FixedHeader.Decode(padded, 2, buffer.Length, out remaining);
                Assert.AreEqual(int.Parse(parts[1]), head, lengths[i]);
                Assert.AreEqual(int.Parse(parts[2]), remaining, lengths[i]);
            }
            Assert.AreEqual(0, FixedHeader.Decode(new byte[0], 0, 0, out int none));
            Assert.AreEqual(0, none);
        }

        [TestMethod]
        public void LengthSizes()
        {
            Assert.AreEqual(1, FixedHeader.LengthSize(0));
            Assert.AreEqual(1, FixedHeader.LengthSize(127));
            Assert.AreEqual(2, FixedHeader.LengthSize(128));
            Assert.AreEqual(2, FixedHeader.LengthSize(16383));
            Assert.AreEqual(3, FixedHeader.LengthSize(16384));
            Assert.AreEqual(3, FixedHeader.LengthSize(2097151));
            Assert.AreEqual(4, FixedHeader.LengthSize(2097152));
            Assert.AreEqual(4, FixedHeader.LengthSize(FixedHeader.RemainingLengthMax));
        }

        /// <summary>Table 2-2: all first bytes. PUBLISH has flags of its own.</summary>
        [TestMethod]
        public void ReservedFlags()
        {
            for (int version = 4; version <= 5; version++)
            {
                for (int first = 0; first < 256; first++)
                {
                    int type = first >> 4;
                    int flags = first & 15;
                    bool wantsTwo = type == PacketType.Pubrel || type == PacketType.Subscribe
                        || type == PacketType.Unsubscribe;
                    bool valid = type == PacketType.Publish || flags == (wantsTwo ? 2 : 0);
                    if (type == 0 || (type == PacketType.Auth && version == 4))
                    {
                        valid = false;
                    }
                    int expected = (int)(valid ? Fault.None : Fault.MalformedPacket);
                    Assert.AreEqual(expected, (int)FixedHeader.CheckFlags(first, version), "first byte " + first);
                }
            }
        }
    }
}
