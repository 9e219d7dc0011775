using System.Text;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Interned texts.</summary>
    [TestClass]
    public class TextTableTest
    {
        private static readonly TopicPath s_path = new TopicPath(1, 99);

        [TestMethod]
        public void TheSameTextHasTheSameHandle()
        {
            TextTable texts = new TextTable(4, 40);
            int kitchen = Add(texts, "kitchen");
            int garden = Add(texts, "garden");
            Assert.IsTrue(kitchen != 0 && garden != 0 && kitchen != garden);
            Assert.AreEqual(kitchen, Add(texts, "kitchen"));
            Assert.AreEqual(kitchen, Find(texts, "kitchen"));
            Assert.AreEqual(garden, Find(texts, "garden"));
            Assert.AreEqual(0, Find(texts, "kitche"));
            Assert.AreEqual("kitchen", Text(texts, kitchen));
            Assert.AreEqual(2, texts.Count);
            Assert.AreEqual(40 - 13, texts.Free);
            texts.Invariants();
        }

        [TestMethod]
        public void EveryAddNeedsARelease()
        {
            TextTable texts = new TextTable(4, 40);
            int h = Add(texts, "a");
            Add(texts, "a");
            texts.Release(h);
            Assert.AreEqual(h, Find(texts, "a"));
            texts.Release(h);
            Assert.AreEqual(0, Find(texts, "a"));
            Assert.AreEqual(0, texts.Count);
            Assert.AreEqual(40, texts.Free);
            texts.Invariants();
        }

        [TestMethod]
        public void TheEmptyTextIsAText()
        {
            TextTable texts = new TextTable(2, 1);
            int empty = Add(texts, "");
            int x = Add(texts, "x");
            Assert.IsTrue(empty != 0 && x != 0 && empty != x);
            Assert.AreEqual(empty, Find(texts, ""));
            texts.Release(empty);
            Assert.AreEqual(0, Find(texts, ""));
            Assert.AreEqual(x, Find(texts, "x"));
            texts.Invariants();
        }

        // Whatever their hashes: length and bytes decide.
        [TestMethod]
        public void EqualHashesAreToldApart()
        {
            TextTable texts = new TextTable(4, 40);
            byte[] kitchen = Encoding.UTF8.GetBytes("kitchen");
            byte[] kitten = Encoding.UTF8.GetBytes("kitteny");
            int whole = texts.Add(kitchen, 0, 7, 77);
            Assert.AreEqual(0, texts.Find(kitchen, 0, 5, 77), "a beginning of it");
            Assert.AreEqual(0, texts.Find(kitten, 0, 7, 77), "another of its length");
            int part = texts.Add(kitchen, 0, 5, 77);
            int other = texts.Add(kitten, 0, 7, 77);
            Assert.IsTrue(whole != part && part != other && other != whole);
            Assert.AreEqual(whole, texts.Find(kitchen, 0, 7, 77));
            Assert.AreEqual(part, texts.Find(kitchen, 0, 5, 77));
            Assert.AreEqual(other, texts.Find(kitten, 0, 7, 77));
            texts.Invariants();
        }

        [TestMethod]
        public void FullOfHandles()
        {
            TextTable texts = new TextTable(2, 40);
            int a = Add(texts, "a");
            Add(texts, "b");
            Assert.AreEqual(0, Add(texts, "c"));
            Assert.AreEqual(a, Add(texts, "a"));
            texts.Invariants();
        }

        [TestMethod]
        public void TheLastEighthOfHandlesIsForIdentities()
        {
            TextTable texts = new TextTable(16, 400);
            for (int i = 0; i < 14; i++) Assert.IsTrue(Add(texts, i.ToString()) != 0);
            Assert.AreEqual(0, Add(texts, "one more"));
            Assert.IsTrue(Add(texts, "7") != 0, "what is there costs none");
            Assert.IsTrue(AddIdentity(texts, "a") != 0);
            Assert.IsTrue(AddIdentity(texts, "b") != 0);
            Assert.AreEqual(0, AddIdentity(texts, "c"));
            texts.Invariants();
        }

        [TestMethod]
        public void FullOfBytes()
        {
            TextTable texts = new TextTable(9, 10);
            int first = Add(texts, "12345");
            Add(texts, "6789");
            Assert.AreEqual(0, Add(texts, "ab"));
            Assert.AreEqual(1, texts.Free);
            Assert.AreEqual(0, Add(texts, "a"), "the last eighth is for identities");
            Assert.IsTrue(AddIdentity(texts, "a") != 0);
            texts.Release(first);
            Assert.AreEqual(0, Add(texts, "vwxyz"));
            Assert.IsTrue(AddIdentity(texts, "vwxyz") != 0, "the gap is used again");
            Assert.AreEqual(0, texts.Free);
            Assert.AreEqual("6789", Text(texts, Find(texts, "6789")));
            Assert.AreEqual("vwxyz", Text(texts, Find(texts, "vwxyz")));
            texts.Invariants();
        }

        [TestMethod]
        public void ReferencesThatCannotBeCountedAreRefused()
        {
            TextTable texts = new TextTable(2, 10);
            int h = Add(texts, "a");
            for (int i = 1; i < 0xFFFF; i++)
            {
                if (Add(texts, "a") != h) Assert.IsTrue(false, "refused too early");
            }

            Assert.AreEqual(0, Add(texts, "a"));
            for (int i = 0; i < 0xFFFF; i++) texts.Release(h);
            Assert.AreEqual(0, texts.Count);
            texts.Invariants();
        }

        // Texts of 0 to 9 bytes come and go in an arena that is nearly full all the time.
        [TestMethod]
        public void CompactingKeepsEveryText()
        {
            const int Numbers = 200;
            TextTable texts = new TextTable(60, 150);
            int[] handles = new int[Numbers];
            uint random = 7;
            int refused = 0;
            for (int step = 0; step < (TopicFixture.OnBoard ? 500 : 20000); step++)
            {
                random = random * 1664525 + 1013904223;
                int number = (int)(random >> 16) % Numbers;
                if (handles[number] != 0)
                {
                    texts.Release(handles[number]);
                    handles[number] = 0;
                }
                else
                {
                    handles[number] = Add(texts, TextOf(number));
                    if (handles[number] == 0) refused++;
                }

                if (step % 50 == 0)
                {
                    texts.Invariants();
                    AssertTexts(texts, handles);
                }
            }

            Assert.IsTrue(refused > 10, "the table was never full");
        }

        private static void AssertTexts(TextTable texts, int[] handles)
        {
            for (int i = 0; i < handles.Length; i++)
            {
                Assert.AreEqual(handles[i], Find(texts, TextOf(i)));
                if (handles[i] != 0) Assert.AreEqual(TextOf(i), Text(texts, handles[i]));
            }
        }

        private static string TextOf(int number)
        {
            string text = number == 0 ? "" : number.ToString();
            return number % 3 == 0 ? text + text + text : text;
        }

        private static int Add(TextTable texts, string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return texts.Add(bytes, 0, bytes.Length, s_path.HashOf(bytes, 0, bytes.Length));
        }

        private static int AddIdentity(TextTable texts, string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return texts.AddIdentity(bytes, 0, bytes.Length, s_path.HashOf(bytes, 0, bytes.Length));
        }

        private static int Find(TextTable texts, string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return texts.Find(bytes, 0, bytes.Length, s_path.HashOf(bytes, 0, bytes.Length));
        }

        private static string Text(TextTable texts, int handle)
        {
            return texts.Length[handle] == 0
                ? ""
                : Encoding.UTF8.GetString(texts.Arena, texts.Start[handle], texts.Length[handle]);
        }
    }
}
