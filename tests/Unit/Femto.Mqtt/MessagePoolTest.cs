using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The pool of messages.</summary>
    [TestClass]
    public class MessagePoolTest
    {
        private static uint state;

        // 0 to bound - 1.
        private static int Next(int bound)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            return (int)(state % (uint)bound);
        }

        [TestMethod]
        public void BlocksOfALength()
        {
            MessagePool pool = new MessagePool(4, 10, 16);
            int[] lengths = { 0, 1, 15, 16, 17, 32, 33, 160 };
            int[] blocks = { 1, 1, 1, 1, 2, 2, 3, 10 };
            for (int i = 0; i < lengths.Length; i++)
            {
                Assert.AreEqual(blocks[i], pool.BlocksFor(lengths[i]));
                int message = pool.Allocate(0, 0, lengths[i]);
                Assert.IsTrue(message != 0);
                Assert.AreEqual(10 - blocks[i], pool.FreeBlocks);
                pool.Invariants();
                pool.Release(message);
                Assert.AreEqual(10, pool.FreeBlocks);
                pool.Invariants();
            }
            Assert.AreEqual(lengths.Length, pool.Freed);
        }

        [TestMethod]
        public void FullOfBlocksOrOfMessages()
        {
            MessagePool pool = new MessagePool(3, 4, 16);
            Assert.AreEqual(0, pool.Allocate(0, 0, 65));
            int a = pool.Allocate(0, 0, 33);
            Assert.AreEqual(0, pool.Allocate(0, 0, 17));
            Assert.AreEqual(1, pool.FreeBlocks);
            Assert.AreEqual(2, pool.FreeMessages);
            int b = pool.Allocate(0, 0, 1);
            Assert.AreEqual(0, pool.Allocate(0, 0, 0));
            pool.Release(a);
            int c = pool.Allocate(0, 0, 1);
            int d = pool.Allocate(0, 0, 1);
            Assert.IsTrue(c != 0 && d != 0);
            Assert.AreEqual(0, pool.FreeMessages);
            Assert.AreEqual(1, pool.FreeBlocks);
            Assert.AreEqual(0, pool.Allocate(0, 0, 1), "no handle");
            pool.Invariants();
            pool.Release(b);
            pool.Release(c);
            pool.Release(d);
            Assert.AreEqual(4, pool.FreeBlocks);
            Assert.AreEqual(3, pool.FreeMessages);
            pool.Invariants();
        }

        [TestMethod]
        public void ReferencesAreCounted()
        {
            MessagePool pool = new MessagePool(2, 4, 16);
            int message = pool.Allocate(1, 2, 20);
            Assert.AreEqual(1, pool.References(message));
            Assert.AreEqual(1, (int)pool.TopicLength[message]);
            Assert.AreEqual(2, pool.PropertiesLength[message]);
            Assert.AreEqual(20, pool.Length[message]);
            Assert.AreEqual(MessagePool.Never, pool.Expiry[message]);
            pool.Retain(message);
            pool.Retain(message);
            pool.Release(message);
            pool.Release(message);
            Assert.AreEqual(0, pool.Freed);
            Assert.AreEqual(1, pool.References(message));
            pool.Release(message);
            Assert.AreEqual(1, pool.Freed);
            Assert.AreEqual(0, pool.References(message));
        }

        // Messages come and go at random, are written and read in pieces, and skipped through; each keeps its bytes.
        [TestMethod]
        public void RandomMessagesKeepTheirBytes()
        {
            const int Messages = 12;
            state = 12345;
            MessagePool pool = new MessagePool(Messages, 20, 16);
            int[] seed = new int[Messages + 1]; // 0: free
            byte[] bytes = new byte[200];
            byte[] read = new byte[200];
            int held = 0;
            int blocks = 0;
            for (int round = 1; round < 4000; round++)
            {
                int length = Next(90);
                if (Next(2) == 0)
                {
                    int message = pool.Allocate(0, 0, length);
                    bool room = held < Messages && blocks + pool.BlocksFor(length) <= 20;
                    Assert.AreEqual(room, message != 0);
                    if (message == 0) continue;
                    Assert.AreEqual(0, seed[message], "given twice");
                    seed[message] = round;
                    held++;
                    blocks += pool.BlocksFor(length);
                    Fill(bytes, round, length);
                    int written = 0;
                    while (written < length)
                    {
                        int n = 1 + Next(length - written);
                        pool.Append(bytes, written, n);
                        written += n;
                    }
                }
                else
                {
                    int message = 1 + Next(Messages);
                    if (seed[message] == 0) continue;
                    length = pool.Length[message];
                    Fill(bytes, seed[message], length);
                    int skip = length == 0 ? 0 : Next(length + 1);
                    pool.Seek(message);
                    pool.Skip(skip);
                    int at = skip;
                    while (at < length)
                    {
                        int n = 1 + Next(length - at);
                        pool.Read(read, at, n);
                        at += n;
                    }
                    for (int i = skip; i < length; i++) Assert.AreEqual(bytes[i], read[i]);
                    if (Next(3) == 0) continue;
                    pool.Release(message);
                    seed[message] = 0;
                    held--;
                    blocks -= pool.BlocksFor(length);
                }
                Assert.AreEqual(20 - blocks, pool.FreeBlocks);
                Assert.AreEqual(Messages - held, pool.FreeMessages);
                if (round % 16 == 0) pool.Invariants();
            }
            for (int message = 1; message <= Messages; message++)
            {
                if (seed[message] != 0) pool.Release(message);
            }
            pool.Invariants();
            Assert.AreEqual(20, pool.FreeBlocks);
        }

        private static void Fill(byte[] bytes, int seed, int length)
        {
            for (int i = 0; i < length; i++) bytes[i] = (byte)(seed * 31 + i * 7);
        }

        // Two readers take turns, each with its own place.
        [TestMethod]
        public void ReadersInTurn()
        {
            MessagePool pool = new MessagePool(1, 10, 16);
            byte[] bytes = new byte[100];
            Fill(bytes, 3, 100);
            int message = pool.Allocate(0, 0, 100);
            pool.Append(bytes, 0, 100);
            byte[] a = new byte[100];
            byte[] b = new byte[100];
            pool.Seek(message);
            int block = pool.ReadBlock;
            int offset = pool.ReadOffset;
            int at = 0;
            for (int n = 1; at < 100; n++)
            {
                int count = at + n > 100 ? 100 - at : n;
                pool.ReadBlock = block;
                pool.ReadOffset = offset;
                pool.Read(a, at, count);
                block = pool.ReadBlock;
                offset = pool.ReadOffset;
                at += count;
                pool.Seek(message);
                pool.Read(b, 0, 100);
            }
            for (int i = 0; i < 100; i++)
            {
                Assert.AreEqual(bytes[i], a[i]);
                Assert.AreEqual(bytes[i], b[i]);
            }
        }
    }
}
