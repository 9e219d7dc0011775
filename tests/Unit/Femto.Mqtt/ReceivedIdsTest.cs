using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Packet identifiers received at QoS 2.</summary>
    [TestClass]
    public class ReceivedIdsTest
    {
        [TestMethod]
        public void SessionsAreApart()
        {
            ReceivedIds ids = new ReceivedIds(2, 3);
            Assert.IsFalse(ids.Contains(1, 5));
            Assert.IsTrue(ids.Add(1, 5));
            Assert.IsTrue(ids.Contains(1, 5));
            Assert.IsFalse(ids.Contains(2, 5));
            Assert.IsFalse(ids.Remove(2, 5));
            Assert.IsTrue(ids.Add(2, 65535));
            ids.Clear(1);
            Assert.IsFalse(ids.Contains(1, 5));
            Assert.IsTrue(ids.Remove(2, 65535));
            Assert.AreEqual(0, ids.Count[1] + ids.Count[2]);
        }

        [TestMethod]
        public void Full()
        {
            ReceivedIds ids = new ReceivedIds(1, 2);
            Assert.IsTrue(ids.Add(1, 1));
            Assert.IsTrue(ids.Add(1, 3));
            Assert.IsFalse(ids.Add(1, 5));
            Assert.IsFalse(ids.Contains(1, 5));
            Assert.IsFalse(ids.Remove(1, 5));
            Assert.IsTrue(ids.Remove(1, 1));
            Assert.IsTrue(ids.Contains(1, 3), "moved back into the hole");
            Assert.IsTrue(ids.Add(1, 5));
            Assert.AreEqual(2, (int)ids.Count[1]);
        }

        // Identifiers that all want the same few places come and go, beside a plain table.
        [TestMethod]
        public void RandomOperations()
        {
            uint state = 99;
            for (int capacity = 1; capacity <= 9; capacity += 2)
            {
                ReceivedIds ids = new ReceivedIds(3, capacity);
                bool[] has = new bool[200];
                int count = 0;
                for (int round = 0; round < 3000; round++)
                {
                    state ^= state << 13;
                    state ^= state >> 17;
                    state ^= state << 5;
                    int n = 1 + (int)(state >> 3) % 19;
                    int id = n < 10 ? n : n * capacity % 199 + 1; // many with the same home
                    Assert.AreEqual(has[id], ids.Contains(2, id));
                    if (has[id])
                    {
                        Assert.IsTrue(ids.Remove(2, id));
                        has[id] = false;
                        count--;
                    }
                    else
                    {
                        bool added = ids.Add(2, id);
                        Assert.AreEqual(count < capacity, added);
                        if (added)
                        {
                            has[id] = true;
                            count++;
                        }
                    }
                    Assert.AreEqual(count, (int)ids.Count[2]);
                    if (round % 16 != 0) continue;
                    for (int i = 1; i < 200; i++) Assert.AreEqual(has[i], ids.Contains(2, i));
                }
                Assert.AreEqual(0, ids.Count[1] + ids.Count[3]);
            }
        }
    }
}
