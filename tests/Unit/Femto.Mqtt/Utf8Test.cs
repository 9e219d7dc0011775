using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Section 1.5.4 and table 3-7 of the Unicode standard: every boundary of well-formed UTF-8.</summary>
    [TestClass]
    public class Utf8Test
    {
        private static readonly string[] wellFormed = new string[]
        {
            "", "01", "1F", "20", "7F", "61622F63",
            "C280", "C2BF", "C380", "DFBF",
            "E0A080", "E0BFBF", "E18080", "E1BFBF", "ECBFBF", "ED8080", "ED9FBF", "EE8080", "EFBBBF", "EFBFBE",
            "EFBFBF",
            "F0908080", "F0BFBFBF", "F1808080", "F3BFBFBF", "F4808080", "F48FBFBF",
            "61C3A962E282AC63F09F988064", "C2A9C2A9", "F09F9880F09F9880",
        };

        private static readonly string[] illFormed = new string[]
        {
            // U+0000, wherever it stands
            "00", "6100", "0061", "C2A900",
            // overlong
            "C080", "C0AF", "C1BF", "E08080", "E09FBF", "F0808080", "F08FBFBF", "F8808080", "FC80808080",
            // surrogates, also as a pair
            "EDA080", "EDBFBF", "EDA080EDB080", "61EDA08062",
            // beyond U+10FFFF, and bytes that never occur
            "F4908080", "F5808080", "F7BFBFBF", "F8888080", "FE", "FF",
            // continuation bytes alone
            "80", "BF", "6180", "C2A980", "E282AC80",
            // cut off, at the end and by another character
            "C2", "E2", "E282", "F0", "F09F", "F09F98", "C261", "E28261", "E26182", "F09F9861", "F09F6180",
            "F0619880", "C2C2", "E2C280",
            // second byte outside its range, third and fourth outside 80 to BF
            "C27F", "C2C0", "E0C080", "E07F80", "ED7F80", "EE7F80", "EEC080", "F07F8080", "F0C08080", "F47F8080",
            "E2827F", "E282C0", "F09F7F80", "F09FC080", "F09F987F", "F09F98C0",
        };

        [TestMethod]
        public void WellFormedPasses()
        {
            for (int i = 0; i < wellFormed.Length; i++)
            {
                Check(wellFormed[i], true);
            }
        }

        [TestMethod]
        public void IllFormedIsRefused()
        {
            for (int i = 0; i < illFormed.Length; i++)
            {
                Check(illFormed[i], false);
            }
        }

        // Alone, at the end of its array, and between letters that must not be looked at.
        private static void Check(string hex, bool valid)
        {
            byte[] text = Line.Bytes(hex);
            Assert.AreEqual(valid, Utf8.IsValid(text, 0, text.Length), hex);
            byte[] padded = Line.Bytes("80" + hex + "80");
            Assert.AreEqual(valid, Utf8.IsValid(padded, 1, text.Length), hex);
            byte[] led = Line.Bytes("6161" + hex);
            Assert.AreEqual(valid, Utf8.IsValid(led, 0, led.Length), hex);
        }

        /// <summary>All code points, encoded as RFC 3629 says.</summary>
        [TestMethod]
        public void EveryCodePointInSteps()
        {
            byte[] b = new byte[4];
            // A step that is prime visits every kind of last byte; the boundaries are in the tables.
            for (int c = 1; c <= 0x10FFFF; c += c < 0x1000 ? 1 : 101)
            {
                int size = Encode(c, b);
                bool surrogate = c >= 0xD800 && c <= 0xDFFF;
                if (Utf8.IsValid(b, 0, size) == surrogate)
                {
                    Assert.IsTrue(false, "U+" + c.ToString("X"));
                }
                for (int cut = 1; cut < size; cut++)
                {
                    Assert.IsFalse(Utf8.IsValid(b, 0, cut));
                }
            }
        }

        private static int Encode(int c, byte[] b)
        {
            if (c < 0x80)
            {
                b[0] = (byte)c;
                return 1;
            }
            if (c < 0x800)
            {
                b[0] = (byte)(0xC0 | c >> 6);
                b[1] = (byte)(0x80 | c & 0x3F);
                return 2;
            }
            if (c < 0x10000)
            {
                b[0] = (byte)(0xE0 | c >> 12);
                b[1] = (byte)(0x80 | c >> 6 & 0x3F);
                b[2] = (byte)(0x80 | c & 0x3F);
                return 3;
            }
            b[0] = (byte)(0xF0 | c >> 18);
            b[1] = (byte)(0x80 | c >> 12 & 0x3F);
            b[2] = (byte)(0x80 | c >> 6 & 0x3F);
            b[3] = (byte)(0x80 | c & 0x3F);
            return 4;
        }
    }
}
