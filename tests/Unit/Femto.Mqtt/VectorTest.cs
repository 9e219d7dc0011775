using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Every vector through every drive; README.md says what they are.</summary>
    [TestClass]
    public class VectorTest
    {
        private const int Room = 1024;

        private static readonly string[][] tables = new string[][]
        {
            ConnectVectors.Rows, ConnackVectors.Rows, PublishVectors.Rows, AckVectors.Rows,
            SubscribeVectors.Rows, SessionVectors.Rows,
        };
        private static readonly byte[] output = new byte[Room];

        // The row in hand.
        private static string name;
        private static int version;
        private static byte[] packet;
        private static string expected;
        private static byte[] canonical;
        private static bool valid;

        private static void Take(string row)
        {
            string[] parts = Line.Columns(row);
            name = parts[0];
            version = parts[1] == "5" ? 5 : 4;
            packet = Line.Bytes(parts[2]);
            expected = parts[3];
            canonical = parts.Length > 4 ? Line.Bytes(parts[4]) : packet;
            valid = !expected.StartsWith("!");
        }

        private static byte[] Part(byte[] source, int offset, int count)
        {
            byte[] part = new byte[count];
            Array.Copy(source, offset, part, 0, count);
            return part;
        }

        [TestMethod]
        public void ThereAreEnough()
        {
            int count = 0;
            int refused = 0;
            int types = 0;
            for (int t = 0; t < tables.Length; t++)
            {
                for (int i = 0; i < tables[t].Length; i++)
                {
                    Take(tables[t][i]);
                    count++;
                    refused += valid ? 0 : 1;
                    types |= valid ? 1 << (packet[0] >> 4) + (version == 5 ? 16 : 0) : 0;
                }
            }
            Assert.IsTrue(count >= 250, "rows: " + count);
            Assert.IsTrue(refused >= 100, "of which refused: " + refused);
            Assert.AreEqual(unchecked((int)0xFFFE7FFE), types, "all types in both versions, AUTH in one");
        }

        [TestMethod]
        public void Decodes()
        {
            for (int t = 0; t < tables.Length; t++)
            {
                for (int i = 0; i < tables[t].Length; i++)
                {
                    Take(tables[t][i]);
                    string text = PacketCodec.Decode(packet, 0, packet.Length, version);
                    Assert.AreEqual(expected, text, name);
                }
            }
        }

        [TestMethod]
        public void EncodesToTheSameBytes()
        {
            for (int t = 0; t < tables.Length; t++)
            {
                for (int i = 0; i < tables[t].Length; i++)
                {
                    Take(tables[t][i]);
                    if (valid)
                    {
                        PacketCodec.Decode(packet, 0, packet.Length, version);
                        Assert.AreEqual(canonical.Length, PacketCodec.EncodedSize(), name);
                        // Room for the packet and not a byte more, with a guard on either side.
                        Fill(output, 0x5A);
                        int end = PacketCodec.Encode(output, 7, canonical.Length);
                        Assert.AreEqual(7 + canonical.Length, end, name);
                        Assert.AreEqual(Hex(canonical, 0, canonical.Length), Hex(output, 7, end - 7), name);
                        Assert.IsTrue(output[6] == 0x5A && output[end] == 0x5A, name);
                        string text = PacketCodec.Decode(output, 7, canonical.Length, version);
                        Assert.AreEqual(expected, text, name);
                    }
                }
            }
        }

        private static void Fill(byte[] buffer, int value)
        {
            for (int i = 0; i < buffer.Length; i++)
            {
                buffer[i] = (byte)value;
            }
        }

        private static string Hex(byte[] buffer, int offset, int count)
        {
            Line.Clear();
            Line.Hex(buffer, offset, count);
            return Line.Text();
        }

        /// <summary>A packet cut short is incomplete. With its remaining length cut to fit it may be whole,
        /// but never reads on: it stands at the end of its array.</summary>
        [TestMethod]
        public void NoPrefixPasses()
        {
            for (int t = 0; t < tables.Length; t++)
            {
                for (int i = 0; i < tables[t].Length; i++)
                {
                    Take(tables[t][i]);
                    int head = FixedHeader.Decode(packet, 0, packet.Length, out int remaining);
                    for (int count = 0; count < packet.Length; count++)
                    {
                        byte[] part = Part(packet, 0, count);
                        string text = PacketCodec.Decode(part, 0, count, version);
                        Assert.AreEqual(head > 0 ? PacketCodec.Incomplete : ExpectedOfHead(part), text, name);
                        if (head == 2 && count >= 2)
                        {
                            part[1] = (byte)(count - 2);
                            RoundTrip(part, count);
                        }
                    }
                }
            }
        }

        // Of a packet whose remaining length is malformed: at what byte that is seen.
        private static string ExpectedOfHead(byte[] part)
        {
            bool seen = part.Length > 4 || (part.Length > 2 && part[part.Length - 1] == 0);
            return seen ? expected : PacketCodec.Incomplete;
        }

        // Decodes; what passes must encode and decode to the same text.
        private static void RoundTrip(byte[] buffer, int count)
        {
            string text = PacketCodec.Decode(buffer, 0, count, version);
            if (text == PacketCodec.Incomplete || text.StartsWith("!"))
            {
                return;
            }
            int size = PacketCodec.EncodedSize();
            Assert.IsTrue(size <= PacketCodec.Size, name);
            int found = PacketCodec.Version;
            int end = PacketCodec.Encode(output, 0, size);
            Assert.AreEqual(size, end, name);
            Assert.AreEqual(text, PacketCodec.Decode(output, 0, size, found), name);
        }

        /// <summary>What a transport sees when a packet arrives in two pieces: the first says that it needs
        /// more or how long the packet is, and whole it is what it is.</summary>
        [TestMethod]
        public void SplitAnywhere()
        {
            for (int t = 0; t < tables.Length; t++)
            {
                for (int i = 0; i < tables[t].Length; i++)
                {
                    Take(tables[t][i]);
                    int head = FixedHeader.Decode(packet, 0, packet.Length, out int remaining);
                    if (head < 0)
                    {
                        continue;
                    }
                    Assert.AreEqual(packet.Length, head + remaining, name);
                    byte[] joined = new byte[packet.Length];
                    for (int split = 1; split < packet.Length; split++)
                    {
                        byte[] first = Part(packet, 0, split);
                        int found = FixedHeader.Decode(first, 0, split, out int length);
                        Assert.AreEqual(split < head ? 0 : head, found, name);
                        Assert.AreEqual(split < head ? 0 : remaining, length, name);
                        Fill(joined, 0xFF);
                        Array.Copy(first, 0, joined, 0, split);
                        Array.Copy(packet, split, joined, split, packet.Length - split);
                        string text = PacketCodec.Decode(joined, 0, joined.Length, version);
                        Assert.AreEqual(expected, text, name);
                    }
                }
            }
        }

        /// <summary>What stands around the packet changes nothing, and nothing is written there.</summary>
        [TestMethod]
        public void GuardedEnds()
        {
            for (int t = 0; t < tables.Length; t++)
            {
                for (int i = 0; i < tables[t].Length; i++)
                {
                    Take(tables[t][i]);
                    Guarded(0x00, 9, 300);
                    Guarded(0xFF, 9, 300);
                    Guarded(0x2F, 1, 1);
                    Guarded(0x80, 300, 0);
                }
            }
        }

        private static void Guarded(int poison, int before, int after)
        {
            byte[] buffer = new byte[before + packet.Length + after];
            Fill(buffer, poison);
            Array.Copy(packet, 0, buffer, before, packet.Length);
            Assert.AreEqual(expected, PacketCodec.Decode(buffer, before, packet.Length, version), name);
            for (int i = 0; i < buffer.Length; i++)
            {
                bool inside = i >= before && i < before + packet.Length;
                if (buffer[i] != (inside ? packet[i - before] : poison))
                {
                    Assert.IsTrue(false, name + ": byte changed");
                }
            }
        }

        [TestMethod]
        public void EveryBitFlip()
        {
            for (int t = 0; t < tables.Length; t++)
            {
                for (int i = 0; i < tables[t].Length; i++)
                {
                    Take(tables[t][i]);
                    for (int bit = 0; bit < packet.Length * 8; bit++)
                    {
                        packet[bit >> 3] ^= (byte)(1 << (bit & 7));
                        RoundTrip(packet, packet.Length);
                        packet[bit >> 3] ^= (byte)(1 << (bit & 7));
                    }
                }
            }
        }
    }
}
