using System.Text;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Numbers as text, and the time of day.</summary>
    [TestClass]
    public class NumberTest
    {
        [DataRow("0", 3, 0)]
        [DataRow("-0", 3, 0)]
        [DataRow("1", 0, 1)]
        [DataRow("1.5", 0, 2)]
        [DataRow("-1.5", 0, -2)]
        [DataRow("1.49999999999999999999999", 0, 1)]
        [DataRow("1.4999", 1, 15)]
        [DataRow(" 21.5\r\n", 2, 2150)]
        [DataRow("+7", 1, 70)]
        [DataRow(".5", 1, 5)]
        [DataRow("5.", 1, 50)]
        [DataRow("2.5e2", 0, 250)]
        [DataRow("2.5E-1", 3, 250)]
        [DataRow("25e+1", 1, 2500)]
        [DataRow("0e99999999", 3, 0)]
        [DataRow("1e-99999999", 3, 0)]
        [DataRow("0.0000000000000000000001e22", 3, 1000)]
        [DataRow("12345678901234567890e-19", 3, 1235)]
        [DataRow("2147483.647", 3, 2147483647)]
        [DataRow("-2147483.6474", 3, -2147483647)]
        [TestMethod]
        public void TextBecomesANumber(string text, int decimals, int expected)
        {
            byte[] b = Encoding.UTF8.GetBytes("x" + text + "9");
            int value;
            Assert.IsTrue(FixedPoint.Parse(b, 1, b.Length - 2, decimals, out value), text);
            Assert.AreEqual(expected, value, text);
        }

        [DataRow("")]
        [DataRow("  ")]
        [DataRow("-")]
        [DataRow(".")]
        [DataRow("1.2.3")]
        [DataRow("1 2")]
        [DataRow("1e")]
        [DataRow("1e-")]
        [DataRow("1e1.5")]
        [DataRow("12x")]
        [DataRow("--1")]
        [DataRow("NaN")]
        [DataRow("2147483.648")]
        [DataRow("2147483.6475")]
        [DataRow("1e8")]
        [DataRow("1e99999999")]
        [DataRow("99999999999999999999")]
        [TestMethod]
        public void TextIsNoNumber(string text)
        {
            byte[] b = Encoding.UTF8.GetBytes(text);
            int value;
            Assert.IsFalse(FixedPoint.Parse(b, 0, b.Length, 3, out value), text);
        }

        [TestMethod]
        public void NumbersBecomeText()
        {
            Assert.AreEqual("0 0.00 0", Text(0, 0, false) + " " + Text(0, 2, false) + " " + Text(0, 2, true));
            Assert.AreEqual("5 0.05 0.50 -0.05", Text(5, 0, false) + " " + Text(5, 2, false) + " " + Text(50, 2, false)
                + " " + Text(-5, 2, false));
            Assert.AreEqual("0.5 12 -120 120.5", Text(50, 2, true) + " " + Text(1200, 2, true) + " "
                + Text(-120, 0, true) + " " + Text(12050, 2, true));
            Assert.AreEqual("-2147483648", Text(int.MinValue, 0, false));
            Assert.AreEqual("2147483.647", Text(int.MaxValue, 3, false));
            Assert.AreEqual("1700000000123", Text(1700000000123, 0, true));
            Assert.AreEqual(FixedPoint.TextBytes, Text(-9223372036854775807, 6, false).Length);
        }

        private static string Text(long value, int decimals, bool brief)
        {
            byte[] b = new byte[FixedPoint.TextBytes + 1];
            int n = FixedPoint.Write(value, decimals, brief, b, 1);
            return Encoding.UTF8.GetString(b, 1, n);
        }

        [TestMethod]
        public void TheTimeOfDayStandsOnAClockThatWraps()
        {
            WallClock clock = new WallClock();
            int ms = int.MaxValue - 1000;
            clock.Advance(ms);
            Assert.IsFalse(clock.Known);
            Assert.AreEqual(0L, clock.UptimeMs(ms));
            ms += 2000;                 // wraps
            clock.Advance(ms);
            Assert.AreEqual(2000L, clock.UptimeMs(ms));
            clock.Set(1700000000, 500, ms);
            Assert.IsTrue(clock.Known);
            Assert.AreEqual(1700000000500L, clock.TimeMs(ms));
            Assert.AreEqual(1699999999500L, clock.TimeMs(ms - 1000));
            for (int week = 0; week < 10; week++)
            {
                ms += 7 * 86400000;
                clock.Advance(ms);
            }
            Assert.AreEqual(1700000000500L + 70L * 86400000, clock.TimeMs(ms));
            Assert.AreEqual(2000L + 70L * 86400000, clock.UptimeMs(ms));
        }
    }
}
