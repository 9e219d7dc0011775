using System.Text;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// Topics that collide under one seed do not under another: nobody who lacks the seed can choose them.
    /// </summary>
    [TestClass]
    public class TopicHashTest
    {
        private const int Seed = 1234;
        private const int Buckets = 256;

        private static int Wanted => TopicFixture.OnBoard ? 10 : 60;

        [TestMethod]
        public void ChosenNamesCollideUnderTheirSeedOnly()
        {
            string[] names = CollidingNames();
            Assert.AreEqual(Wanted, LargestBucket(names, Seed), "all of them were chosen to collide");
            for (int seed = 1; seed <= 50; seed++)
            {
                // Sixty names in 256 buckets: more than eight in one would be no accident.
                int largest = LargestBucket(names, seed * 7919);
                Assert.IsTrue(largest <= 8, "seed " + seed * 7919 + ": " + largest);
            }
        }

        // With its own seed the attacker's names are all in one bucket: slow, but every answer is right.
        [TestMethod]
        public void CollidingNamesAreToldApart()
        {
            string[] names = CollidingNames();
            Limits limits = TopicFixture.Sizes(names.Length + 1, 1, names.Length, Buckets, Buckets, 2000);
            TopicFixture f = new TopicFixture(limits, Seed);
            for (int i = 0; i < names.Length; i++)
            {
                Assert.IsTrue(f.Subscribe("a/" + names[i], 1) != 0);
                Assert.IsTrue(f.Retain("a/" + names[i], i + 1) != 0);
            }

            f.Table.Invariants();
            for (int i = 0; i < names.Length; i++)
            {
                Assert.AreEqual(1, f.Match("a/" + names[i]));
                Assert.IsTrue(f.Found(f.Table.Find(f.Filter("a/" + names[i]), 1)));
            }

            for (int i = 0; i < names.Length; i += 2)
            {
                Assert.IsTrue(f.Unsubscribe("a/" + names[i], 1));
                Assert.AreEqual(i + 1, f.Clear("a/" + names[i]));
            }

            f.Table.Invariants();
            for (int i = 0; i < names.Length; i++) Assert.AreEqual(i % 2, f.Match("a/" + names[i]));
        }

        // Names of one length whose sixteen bits are the same: only their bytes tell them apart.
        [TestMethod]
        public void EqualTagsAreToldApart()
        {
            const int Names = 1000;
            TopicFixture f = new TopicFixture(new TopicFixture().Limits, Seed);
            int[] tags = new int[Names];
            int one = 0;
            int two = 0;
            for (int i = 0; i < Names && two == 0; i++)
            {
                tags[i] = Tag(f.Path, "n" + (i + 1000));
                for (int k = 0; k < i; k++)
                {
                    if (tags[k] == tags[i])
                    {
                        one = k + 1000;
                        two = i + 1000;
                    }
                }
            }

            Assert.IsTrue(two != 0, "no two names with the same tag");
            int first = f.Subscribe("a/n" + one, 1);
            Assert.AreEqual(0, f.Match("a/n" + two));
            int second = f.Subscribe("a/n" + two, 1);
            Assert.IsTrue(first != second);
            Assert.AreEqual(1, f.Match("a/n" + one));
            Assert.IsTrue(f.Found(first));
            Assert.AreEqual(1, f.Match("a/n" + two));
            Assert.IsTrue(f.Found(second));
            Assert.IsTrue(f.Unsubscribe("a/n" + one, 1));
            Assert.AreEqual(1, f.Match("a/n" + two));
            Assert.AreEqual(0, f.Match("a/n" + one));
        }

        // Names whose texts fall into the same of 256 buckets.
        private static string[] CollidingNames()
        {
            TopicPath path = new TopicPath(1, Seed);
            string[] names = new string[Wanted];
            int found = 0;
            for (int i = 0; found < names.Length; i++)
            {
                string name = "n" + i;
                if (BucketOf(path, name) == 17) names[found++] = name;
            }

            return names;
        }

        private static int LargestBucket(string[] names, int seed)
        {
            TopicPath path = new TopicPath(1, seed);
            int[] sizes = new int[Buckets];
            int largest = 0;
            for (int i = 0; i < names.Length; i++)
            {
                int size = ++sizes[BucketOf(path, names[i])];
                if (size > largest) largest = size;
            }

            return largest;
        }

        private static int BucketOf(TopicPath path, string name) => Tag(path, name) & Buckets - 1;

        private static int Tag(TopicPath path, string name)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(name);
            return TextTable.TagOf(path.HashOf(bytes, 0, bytes.Length));
        }
    }
}
