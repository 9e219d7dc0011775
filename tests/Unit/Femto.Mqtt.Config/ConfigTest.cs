using System.Text;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    [TestClass]
    public class ConfigTest
    {
        private static uint s_seed;

        [TestMethod]
        public void FilesThatAreRight()
        {
            for (int i = 0; i < Vectors.Good.Length; i += 2)
            {
                Assert.AreEqual(Vectors.Good[i + 1], Told.By(Vectors.Good[i]), Vectors.Good[i]);
            }
        }

        [TestMethod]
        public void FilesThatAreWrong()
        {
            for (int i = 0; i < Faults.All.Length; i += 2)
            {
                Assert.AreEqual(Faults.All[i + 1], Told.By(Faults.All[i]), Faults.All[i]);
            }
        }

        [TestMethod]
        public void BytesThatAreNoText()
        {
            byte[] bytes = Encoding.UTF8.GetBytes("\nconnection c?d\n");
            bytes[13] = 0;
            Assert.AreEqual("f:2: the line holds a byte 0", Told.By(bytes, bytes.Length));
            bytes[13] = 0xFF;
            Assert.AreEqual("f:2: the line is not UTF-8", Told.By(bytes, bytes.Length));
            bytes[0] = 0xEF;                            // the first byte of a mark that never comes
            Assert.AreEqual("f:1: the line is not UTF-8", Told.By(bytes, 1));
        }

        [TestMethod]
        public void LengthEndsTheFile()
        {
            byte[] bytes = Encoding.UTF8.GetBytes("listener 18839");
            Assert.AreEqual("[*:1883]", Told.By(bytes, 13));
        }

        [TestMethod]
        public void LongLinesAreTaken()
        {
            string password = "0123456789";
            while (password.Length < 10000)
            {
                password += password;
            }
            string text = "connection c\naddress h\ntopic #\nremote_username u\nremote_password " + password + "\n";
            Assert.AreEqual("local [127.0.0.1:1883] {c h:1883 (# out 0 - -) user=u password=" + password + "}",
                Told.By(text));
            Assert.EndsWith(" is unknown", Told.By(password));
        }

        [TestMethod]
        public void EveryWordIsKnownAndEachThatFemtoHasStandsInTheVectors()
        {
            Keywords words = new Keywords();
            for (int i = 0; i < words.Count; i++)
            {
                string name = words.Name(i);
                string above = words.OfBridge(i) ? "connection c\n" : words.OfSensor(i) ? "sensor s\n" : "";
                if (words.OfAggregate(i)) above += "aggregate # batch 2\n";
                string told = Told.By(above + name);
                Assert.DoesNotContains("unknown", told);
                if (!words.Implemented(i))
                {
                    Assert.Contains(name + ": this keyword of Mosquitto is not implemented by Femto: ", told);
                    Assert.IsTrue(told.Length > name.Length + 70, told);
                    continue;
                }
                Assert.Contains("missing", told);
                bool good = false;
                for (int j = 0; j < Vectors.Good.Length; j += 2)
                {
                    good |= ("\n" + Vectors.Good[j]).IndexOf("\n" + name + " ") >= 0;
                }
                Assert.IsTrue(good, name + " is in no vector");
            }
            Assert.IsTrue(words.Count > 130);
        }

        [TestMethod]
        public void EachWordStandsOnce()
        {
            Keywords words = new Keywords();
            for (int i = 0; i < words.Count; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    Assert.IsTrue(words.Name(i) != words.Name(j), words.Name(i));
                }
            }
        }

        [TestMethod]
        public void GarbageNeverThrows()
        {
            Keywords words = new Keywords();
            string[] pieces = { " ", "\n", "#", "\t", "\r\n", "0", "1", "65536", "-1", "true", "false", "\"\"", "a/b",
                "+", ":", "[", "]", "::1:1883", "9d", "both", "lazy", "\uFEFF", "\u00FC", "connection c\n",
                "address h\n", "topic #\n", "listener 1883 ",
                "aggregate # latest 1\n", "device d\n", "sensor s\nsensor_source x\n", "|", "window 1 min", "0.5%" };
            byte[] bytes = new byte[400];
            s_seed = 1;
            int good = 0;
            for (int round = 0; round < 3000; round++)
            {
                int length = 0, parts = Next(12);
                for (int part = 0; part < parts; part++)
                {
                    int choice = Next(8);
                    string piece = choice < 3 ? words.Name(Next(words.Count)) + " " : pieces[Next(pieces.Length)];
                    byte[] b = Encoding.UTF8.GetBytes(choice == 7 ? "\n" : piece);
                    if (length + b.Length > bytes.Length) break;
                    System.Array.Copy(b, 0, bytes, length, b.Length);
                    length += b.Length;
                }
                for (int flips = Next(4) == 0 ? Next(3) : 0; flips > 0 && length > 0; flips--)
                {
                    bytes[Next(length)] = (byte)Next(256);
                }
                ConfigError error = new ConfigError();
                Configuration config = Configuration.Parse(bytes, length, "f", error);
                Assert.IsTrue(config != null ? error.Reason == null : error.Reason != null && error.Line > 0);
                good += config != null ? 1 : 0;
            }
            Assert.IsTrue(good > 20, good.ToString());
        }

        [TestMethod]
        public void LimitsOfABoard()
        {
            ConfigError error = new ConfigError();
            byte[] text = Encoding.UTF8.GetBytes("limits esp32\nmax_packet_size 512\nmax_queued_messages 1000\n");
            Configuration config = Configuration.Parse(text, text.Length, "f", error);
            Assert.AreEqual("esp32", config.Preset);
            Assert.IsFalse(config.Apply(Limits.Esp32(), error));
            Assert.AreEqual(3, error.Line);
            Assert.AreEqual("max_queued_messages", error.Keyword);
            text = Encoding.UTF8.GetBytes("max_queued_messages 50\n");
            Limits limits = Limits.Esp32();
            Assert.IsTrue(Configuration.Parse(text, text.Length, "f", error).Apply(limits, error));
            Assert.AreEqual(58, limits.QueueMessages);
        }

        private static int Next(int below)
        {
            s_seed = s_seed * 1664525 + 1013904223;
            return (int)((s_seed >> 8) % (uint)below);
        }
    }
}
