using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Sections 4.7 and 4.8: topic names, filters, shared subscriptions, and the hash.</summary>
    [TestClass]
    public class TopicPathTest
    {
        private const int LevelsMax = 5;

        private static readonly TopicPath path = new TopicPath(LevelsMax, 1);

        // Topic, and its levels in brackets ("$" before them: a system topic) or the fault. A topic that begins
        // with "x:" is hexadecimal.
        private static readonly string[] names = new string[]
        {
            "a|[a]", "/|[][]", "//|[][][]", "a/|[a][]", "/a|[][a]", "a/b|[a][b]", "a//b|[a][][b]",
            "ab/cd|[ab][cd]", "abc/d/ef|[abc][d][ef]", "sport/tennis/player1|[sport][tennis][player1]",
            "$SYS|$[$SYS]", "$SYS/a|$[$SYS][a]", "$|$[$]", "a/$b|[a][$b]", "/$|[][$]",
            "a b|[a b]", " |[ ]", "-._~%!*()|[-._~%!*()]", "A/a|[A][a]", "$share/g/a|$[$share][g][a]",
            "1/2/3/4/5|[1][2][3][4][5]", "////|[][][][][]", "1/2/3/4/|[1][2][3][4][]",
            "x:C3A92F61|[\\C3\\A9][a]", "x:612FF09F9880|[a][\\F0\\9F\\98\\80]", "x:C3A92FC3A9|[\\C3\\A9][\\C3\\A9]",
            "x:EFBBBF|[\\EF\\BB\\BF]", "x:01|[\\01]", "x:7F|[\\7F]", "x:C3A961622F63|[\\C3\\A9ab][c]",
            "|!90", "+|!90", "#|!90", "a/+|!90", "a/+/b|!90", "a/#|!90", "a+|!90", "ab+|!90", "#a|!90", "a#|!90",
            "ab/c#|!90", "x:C3A92B|!90", "x:C3A923|!90",
            "x:00|!81", "x:6100|!81", "x:610061|!81", "x:612F00|!81", "x:C3|!81", "x:61C3|!81", "x:6162C3|!81",
            "x:80|!81", "x:C080|!81", "x:61EDA080|!81", "x:C3A92F80|!81", "x:C3A900|!81", "x:C3A9C3|!81",
            "1/2/3/4/5/6|!06", "/////|!06", "1/2/3/4/5/|!06", "1/2/3/4/5/a/b/c|!06", "x:2F2F2F2F2FC3A9|!06",
            "1/2/3/4/5/+|!90", "1/2/3/4/5/6/#|!90", "x:2F2F2F2F2F00|!81", "x:2F2F2F2F2F2FFF|!81",
        };

        // Filter: the levels of the inner filter, "*" before them when there is a wildcard, and the group name.
        private static readonly string[] filters = new string[]
        {
            "a|[a]", "/|[][]", "a/b|[a][b]", "a//b|[a][][b]", "a/|[a][]",
            "+|*[+]", "#|*[#]", "+/+|*[+][+]", "+/#|*[+][#]", "/+|*[][+]", "/#|*[][#]", "a/+/b|*[a][+][b]",
            "a/b/#|*[a][b][#]", "+/|*[+][]", "+//#|*[+][][#]", "sport/+/player1|*[sport][+][player1]",
            "$SYS/#|*$[$SYS][#]", "$SYS/a|$[$SYS][a]", "a/$b|[a][$b]", "1/2/3/4/#|*[1][2][3][4][#]",
            "x:C3A92F2B|*[\\C3\\A9][+]",
            "|!8F", "a#|!8F", "#a|!8F", "##|!8F", "#/|!8F", "a/#/b|!8F", "a/#/|!8F", "#/a|!8F", "a/b#|!8F",
            "a+|!8F", "+a|!8F", "++|!8F", "a/b+/c|!8F", "a/+b|!8F", "+#|!8F", "#+|!8F", "a/+#|!8F",
            "x:00|!81", "x:2B00|!81", "x:C3|!81", "x:2B2FEDA080|!81", "x:612FFF|!81",
            "1/2/3/4/5/6|!06", "1/2/3/4/5/#|!06", "+/+/+/+/+/+|!06",
            "1/2/3/4/5/#/7|!8F", "1/2/3/4/5/a+|!8F", "x:2F2F2F2F2F00|!81",
            "$share|$[$share]", "$shar/g/a|$[$shar][g][a]", "$shared/g/a|$[$shared][g][a]",
            "$Share/g/a|$[$Share][g][a]", "$share/g/a|[a]@g", "$share/g//|[][]@g", "$share/g/#|*[#]@g",
            "$share/g/+/b|*[+][b]@g", "$share/group/a/b|[a][b]@group", "$share/g/$SYS/a|$[$SYS][a]@g",
            "$share/$g/a|[a]@$g", "$share/g/$share/h/a|$[$share][h][a]@g", "$share/g/1/2/3/4/5|[1][2][3][4][5]@g",
            "x:2473686172652FC3A92F61|[a]@\\C3\\A9",
            "$share/|!8F", "$share//|!8F", "$share//a|!8F", "$share/g|!8F", "$share/g/|!8F", "$share/+/a|!8F",
            "$share/#/a|!8F", "$share/g+/a|!8F", "$share/g#/a|!8F", "$share/#|!8F", "$share/+|!8F",
            "$share/g/a#|!8F", "$share/g/#/a|!8F", "$share/g/1/2/3/4/5/6|!06", "x:2473686172652FC32F61|!81",
        };

        private static byte[] Bytes(string topic)
        {
            return topic.StartsWith("x:") ? Line.Bytes(topic.Substring(2)) : Line.Ascii(topic);
        }

        private static string Text(Fault fault)
        {
            if (fault != Fault.None)
            {
                Assert.AreEqual(0, path.Levels);
                return PacketCodec.FaultText(fault);
            }
            Line.Clear();
            Line.Add(path.Wildcard ? "*" : "");
            Line.Add(path.SystemTopic ? "$" : "");
            for (int i = 0; i < path.Levels; i++)
            {
                Line.Add("[");
                Line.Show(path.Buffer, path.Start[i], path.Length[i]);
                Line.Add("]");
            }
            if (path.ShareLength > 0)
            {
                Line.Add("@");
                Line.Show(path.Buffer, path.ShareStart, path.ShareLength);
            }
            return Line.Text();
        }

        private static void CheckHashes()
        {
            for (int i = 0; i < path.Levels; i++)
            {
                Assert.AreEqual(path.HashOf(path.Buffer, path.Start[i], path.Length[i]), path.Hash[i]);
            }
            int share = path.ShareLength > 0 ? path.HashOf(path.Buffer, path.ShareStart, path.ShareLength) : 0;
            Assert.AreEqual(share, path.ShareHash);
        }

        /// <summary>Each alone, at the end of its array, and between bytes that would make it another; after a
        /// shared filter, of which nothing may stay.</summary>
        [TestMethod]
        public void Names()
        {
            byte[] shared = Line.Ascii("$share/g/#");
            for (int i = 0; i < names.Length; i++)
            {
                string[] parts = Line.Columns(names[i]);
                byte[] topic = Bytes(parts[0]);
                path.Filter(shared, 0, shared.Length);
                Assert.AreEqual(parts[1], Text(path.Name(topic, 0, topic.Length)), names[i]);
                CheckHashes();
                int full = path.Full;
                byte[] padded = Pad(topic);
                Assert.AreEqual(parts[1], Text(path.Name(padded, 3, topic.Length)), names[i]);
                Assert.AreEqual(full, path.Full, names[i]);
            }
        }

        private static byte[] Pad(byte[] topic)
        {
            byte[] padded = new byte[topic.Length + 6];
            for (int i = 0; i < padded.Length; i++)
            {
                padded[i] = (byte)(i % 2 == 0 ? '#' : 0xA9);
            }
            for (int i = 0; i < topic.Length; i++)
            {
                padded[3 + i] = topic[i];
            }
            return padded;
        }

        [TestMethod]
        public void Filters()
        {
            byte[] shared = Line.Ascii("$share/g/#");
            for (int i = 0; i < filters.Length; i++)
            {
                string[] parts = Line.Columns(filters[i]);
                byte[] topic = Bytes(parts[0]);
                path.Filter(shared, 0, shared.Length);
                Assert.AreEqual(parts[1], Text(path.Filter(topic, 0, topic.Length)), filters[i]);
                CheckHashes();
                byte[] padded = Pad(topic);
                Assert.AreEqual(parts[1], Text(path.Filter(padded, 3, topic.Length)), filters[i]);
            }
        }

        /// <summary>A filter without wildcards and the name it matches have the same hashes.</summary>
        [TestMethod]
        public void NameAndFilterHashAlike()
        {
            TopicPath other = new TopicPath(LevelsMax, 1);
            TopicPath sharing = new TopicPath(LevelsMax + 1, path);
            for (int i = 0; i < names.Length; i++)
            {
                byte[] topic = Bytes(Line.Columns(names[i])[0]);
                if (path.Name(topic, 0, topic.Length) == Fault.None && !TopicText.IsShared(topic, 0, topic.Length))
                {
                    Assert.AreEqual((int)Fault.None, (int)other.Filter(topic, 0, topic.Length));
                    Assert.AreEqual(path.Full, other.Full, names[i]);
                    Assert.AreEqual((int)Fault.None, (int)sharing.Name(topic, 0, topic.Length));
                    Assert.AreEqual(path.Full, sharing.Full, names[i]);
                    for (int level = 0; level < path.Levels; level++)
                    {
                        Assert.AreEqual(path.Hash[level], other.Hash[level], names[i]);
                    }
                }
            }
        }

        /// <summary>Different names have different hashes, and another seed gives others. 32 bits and some forty
        /// names: a collision would be one chance in millions, and the seed is fixed.</summary>
        [TestMethod]
        public void HashesDiffer()
        {
            TopicPath seeded = new TopicPath(LevelsMax, 2);
            int[] seen = new int[names.Length];
            int count = 0;
            for (int i = 0; i < names.Length; i++)
            {
                byte[] topic = Bytes(Line.Columns(names[i])[0]);
                if (path.Name(topic, 0, topic.Length) == Fault.None)
                {
                    for (int k = 0; k < count; k++)
                    {
                        Assert.AreNotEqual(seen[k], path.Full, names[i]);
                    }
                    seen[count++] = path.Full;
                    seeded.Name(topic, 0, topic.Length);
                    Assert.AreNotEqual(path.Full, seeded.Full, names[i]);
                    Assert.AreNotEqual(path.Hash[0], seeded.Hash[0], names[i]);
                }
            }
        }

        /// <summary>Texts that differ in a byte that needs a closer look, or in the order of bytes.</summary>
        [TestMethod]
        public void HashOfAnyText()
        {
            string[] texts = new string[]
            {
                "", "612F62", "612B62", "612362", "610062", "61C362", "61A962", "6162", "6261", "61FF62", "2F", "2B",
                "23", "00", "0000", "80", "FF", "FFFF",
            };
            for (int i = 0; i < texts.Length; i++)
            {
                byte[] left = Line.Bytes(texts[i]);
                for (int k = 0; k < i; k++)
                {
                    byte[] right = Line.Bytes(texts[k]);
                    Assert.AreNotEqual(path.HashOf(left, 0, left.Length), path.HashOf(right, 0, right.Length),
                        texts[i] + " " + texts[k]);
                }
            }
        }

        /// <summary>
        /// The words of Thue and Morse: with plain bytes instead of secret numbers a word of 128 or 256 letters and
        /// its opposite have the same hash whatever the multiplier, and a client could make a thousand such topics.
        /// </summary>
        [TestMethod]
        public void ThueMorseWordsDoNotCollide()
        {
            for (int seed = 0; seed < 16; seed++)
            {
                TopicPath seeded = new TopicPath(1, seed);
                for (int length = 64; length <= 1024; length *= 2)
                {
                    byte[] word = new byte[length];
                    byte[] opposite = new byte[length];
                    for (int i = 0; i < length; i++)
                    {
                        int ones = 0;
                        for (int bits = i; bits != 0; bits &= bits - 1)
                        {
                            ones++;
                        }
                        word[i] = (byte)('b' + (ones & 1));
                        opposite[i] = (byte)('c' - (ones & 1));
                    }
                    int left = seeded.HashOf(word, 0, length);
                    Assert.AreNotEqual(left, seeded.HashOf(opposite, 0, length), "length " + length);
                }
            }
        }

        /// <summary>No two characters may have the same secret number: all topics with the one in place of the
        /// other would collide.</summary>
        [TestMethod]
        public void CharactersDifferForEverySeed()
        {
            byte[] text = new byte[1];
            int[] seen = new int[128];
            for (int seed = 0; seed < 16; seed++)
            {
                TopicPath seeded = new TopicPath(1, seed);
                for (int i = 0; i < 128; i++)
                {
                    text[0] = (byte)i;
                    seen[i] = seeded.HashOf(text, 0, 1);
                    for (int k = 0; k < i; k++)
                    {
                        if (seen[k] == seen[i])
                        {
                            Assert.IsTrue(false, "seed " + seed + ", characters " + k + ", " + i);
                        }
                    }
                }
            }
        }

        [TestMethod]
        public void HeapBytes()
        {
            // 15 fields, three arrays of 8 int, one of 256 ushort.
            Assert.AreEqual(192 + 3 * 60 + 540, TopicPath.Bytes(8));
            Assert.AreEqual(540, TopicPath.TableBytes());
        }
    }
}
