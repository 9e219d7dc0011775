using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>PacketReader and PacketWriter: the data types of section 1.5.</summary>
    [TestClass]
    public class ReaderWriterTest
    {
        private static readonly PacketReader r = new PacketReader();
        private static readonly PacketWriter w = new PacketWriter();

        private static void Open(string hex)
        {
            // Something before and behind, which must not be read.
            byte[] buffer = Line.Bytes("0101" + hex + "0101010101");
            r.Open(buffer, 2, hex.Length / 2, 5);
        }

        private static void Good(int offset)
        {
            Assert.AreEqual((int)Fault.None, (int)r.Fault);
            Assert.AreEqual(2 + offset, r.Offset);
        }

        private static void Bad()
        {
            Assert.AreEqual((int)Fault.MalformedPacket, (int)r.Fault);
            Assert.AreEqual(r.End, r.Offset);
        }

        [TestMethod]
        public void Numbers()
        {
            Open("FF");
            Assert.AreEqual(255, r.Byte());
            Good(1);
            Assert.AreEqual(0, r.Byte());
            Bad();
            Open("8001");
            Assert.AreEqual(0x8001, r.UInt16());
            Good(2);
            Open("80");
            Assert.AreEqual(0, r.UInt16());
            Bad();
            Open("FEDCBA98");
            Assert.AreEqual(0xFEDCBA98u, r.UInt32());
            Good(4);
            Open("FEDCBA");
            Assert.AreEqual(0u, r.UInt32());
            Bad();
        }

        private static readonly string[] varInts = new string[]
        {
            "00|0", "7F|127", "8001|128", "FF7F|16383", "808001|16384", "FFFF7F|2097151", "80808001|2097152",
            "FFFFFF7F|268435455",
            "|x", "80|x", "8080|x", "808080|x", "8000|x", "808000|x", "80808000|x", "80808080|x", "FFFFFFFF7F|x",
        };

        [TestMethod]
        public void VariableByteIntegers()
        {
            for (int i = 0; i < varInts.Length; i++)
            {
                string[] parts = Line.Columns(varInts[i]);
                Open(parts[0]);
                int value = r.VarInt();
                if (parts[1] == "x")
                {
                    Assert.AreEqual(0, value, varInts[i]);
                    Bad();
                }
                else
                {
                    Assert.AreEqual(int.Parse(parts[1]), value, varInts[i]);
                    Good(parts[0].Length / 2);
                    byte[] written = new byte[4];
                    w.Open(written, 0, parts[0].Length / 2);
                    w.VarInt(value);
                    Line.Clear();
                    Line.Hex(written, 0, w.Offset);
                    Assert.AreEqual(parts[0], Line.Text());
                }
            }
        }

        [TestMethod]
        public void Fields()
        {
            Open("0002C3A9");
            Assert.AreEqual(4, r.Text(out int length));
            Assert.AreEqual(2, length);
            Good(4);
            Open("0000");
            Assert.AreEqual(4, r.Text(out length));
            Assert.AreEqual(0, length);
            Good(2);
            Open("0001FF");
            Assert.AreEqual(4, r.Binary(out length));
            Assert.AreEqual(1, length);
            Good(3);
            Open("0001FF");
            Assert.AreEqual(0, r.Text(out length));
            Assert.AreEqual(0, length);
            Bad();
            Open("0002FF");
            Assert.AreEqual(0, r.Binary(out length));
            Assert.AreEqual(0, length);
            Bad();
            Open("00");
            r.Text(out length);
            Assert.AreEqual(0, length);
            Bad();
            Open("010203");
            r.Byte();
            Assert.AreEqual(3, r.Rest(out length));
            Assert.AreEqual(2, length);
            Good(3);
            Assert.AreEqual(5, r.Rest(out length));
            Assert.AreEqual(0, length);
            Good(3);
        }

        [TestMethod]
        public void TheFirstFaultSticks()
        {
            Open("0102030405060708");
            Assert.AreEqual(0, r.Fail(Fault.ProtocolError));
            Assert.AreEqual(0, r.Fail(Fault.TopicNameInvalid));
            Assert.AreEqual(0, r.Byte());
            Assert.AreEqual(0, r.UInt16());
            Assert.AreEqual(0u, r.UInt32());
            Assert.AreEqual(0, r.VarInt());
            Assert.AreEqual(0, r.Binary(out int length));
            Assert.AreEqual(0, r.Text(out length));
            r.Rest(out length);
            Assert.AreEqual(0, length);
            Assert.AreEqual((int)Fault.ProtocolError, (int)r.Fault);
            r.Open(r.Buffer, 2, 1, 4);
            Assert.AreEqual(1, r.Byte());
            Assert.AreEqual((int)Fault.None, (int)r.Fault);
        }

        [TestMethod]
        public void Writes()
        {
            byte[] buffer = new byte[20];
            byte[] text = Line.Ascii("xabcx");
            w.Open(buffer, 1, 17);
            w.Byte(0x1FF);
            w.UInt16(0x8001);
            w.UInt32(0xFEDCBA98);
            w.VarInt(128);
            w.Copy(text, 1, 3);
            w.Copy(text, 5, 0);
            w.Binary(text, 3, 1);
            w.Binary(text, 5, 0);
            Line.Clear();
            Line.Hex(buffer, 0, 20);
            Assert.AreEqual("00FF8001FEDCBA9880016162630001630000" + "0000", Line.Text());
            Assert.AreEqual(18, w.Offset);
            Assert.AreEqual(18, w.End);
        }
    }
}
