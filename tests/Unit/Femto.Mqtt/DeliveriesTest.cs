using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Deliveries: order, packet identifiers, and what a session holds.</summary>
    [TestClass]
    public class DeliveriesTest
    {
        private static uint state;
        private static MessagePool pool;
        private static Deliveries deliveries;

        private static int Next(int bound)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            return (int)(state % (uint)bound);
        }

        private static void Make(int sessions, int rows)
        {
            pool = new MessagePool(rows, rows * 2, 16);
            deliveries = new Deliveries(sessions, rows, pool);
        }

        // A delivery of a new message, of which only it holds a reference.
        private static int Add(int session, int length)
        {
            int message = pool.Allocate(0, 0, length);
            int row = deliveries.Add(session, message, 1, 0);
            pool.Release(message);
            return row;
        }

        // Sends the next delivery; its packet identifier.
        private static int Send(int session)
        {
            int row = deliveries.NextToSend(session);
            deliveries.Sent(session, row);
            return deliveries.PacketId[row];
        }

        private static bool Acknowledge(int session, int id)
        {
            int row = deliveries.Find(session, id);
            if (row == 0) return false;
            deliveries.InFlight[session]--;
            deliveries.Remove(session, deliveries.Previous, row);
            return true;
        }

        [TestMethod]
        public void InOrder()
        {
            Make(2, 8);
            for (int i = 0; i < 4; i++) Add(1, i);
            Add(2, 20);
            Assert.AreEqual(4, (int)deliveries.Count[1]);
            Assert.AreEqual(2, deliveries.Blocks[2]);
            Assert.AreEqual(3, deliveries.Free);
            Assert.AreEqual(1, Send(1));
            Assert.AreEqual(2, Send(1));
            Assert.AreEqual(3, Send(1));
            Assert.AreEqual(1, Send(2));
            Assert.AreEqual(3, (int)deliveries.InFlight[1]);
            Assert.IsFalse(Acknowledge(1, 4), "never sent");
            Assert.IsTrue(Acknowledge(1, 2));
            Assert.IsFalse(Acknowledge(1, 2));
            deliveries.Invariants();
            // The connection is lost: the rest goes out again, with the same identifiers.
            deliveries.Rewind(1);
            Assert.AreEqual(0, (int)deliveries.InFlight[1]);
            Assert.IsFalse(Acknowledge(1, 1), "not sent in this connection");
            Assert.AreEqual(1, Send(1));
            Assert.AreEqual(3, Send(1));
            Assert.AreEqual(4, Send(1));
            Assert.AreEqual(0, deliveries.NextToSend(1));
            Assert.IsTrue(Acknowledge(1, 4));
            Assert.IsTrue(Acknowledge(1, 1));
            Assert.IsTrue(Acknowledge(1, 3));
            deliveries.Clear(2);
            deliveries.Invariants();
            Assert.AreEqual(8, deliveries.Free);
            Assert.AreEqual(8, pool.FreeMessages);
        }

        [TestMethod]
        public void Full()
        {
            Make(1, 2);
            Assert.IsTrue(Add(1, 1) != 0);
            Assert.IsTrue(Add(1, 1) != 0);
            int references = pool.References(1);
            Assert.AreEqual(0, deliveries.Add(1, 1, 0, 0));
            Assert.AreEqual(references, pool.References(1));
            deliveries.Invariants();
        }

        // Identifiers run from 1 to the last and begin again; those in use are passed over.
        [TestMethod]
        public void IdentifiersWrap()
        {
            Make(2, 20);
            int[] kept = new int[6];
            int[] at = { 1, 2, 3, 7, 100, Deliveries.LastId };
            int k = 0;
            for (int id = 1; id <= Deliveries.LastId; id++)
            {
                Add(1, 0);
                Assert.AreEqual(id, Send(1));
                if (k < 6 && id == at[k]) kept[k++] = id;
                else Acknowledge(1, id);
            }
            Assert.AreEqual(6, k);
            deliveries.Invariants();
            for (int id = 4; id <= 110; id++)
            {
                if (id == 7 || id == 100) continue;
                Add(1, 0);
                Assert.AreEqual(id, Send(1));
                Acknowledge(1, id);
            }
            // Another session counts for itself.
            Add(2, 0);
            Assert.AreEqual(1, Send(2));
            for (int i = 0; i < 6; i++) Assert.IsTrue(Acknowledge(1, kept[i]), kept[i].ToString());
            deliveries.Invariants();
        }

        // All identifiers but one are in use. A board has no memory for so many.
        [TestMethod]
        public void LastFreeIdentifier()
        {
            if (typeof(object).Assembly.FullName.IndexOf("mscorlib") == 0) return;
            const int Rows = Deliveries.LastId - 1;
            pool = new MessagePool(1, 1, 16);
            deliveries = new Deliveries(1, Rows, pool);
            int message = pool.Allocate(0, 0, 0);
            for (int i = 1; i <= Rows; i++)
            {
                deliveries.Add(1, message, 1, 0);
                Assert.AreEqual(i, Send(1));
            }
            for (int i = 0; i < 4; i++)
            {
                Assert.IsTrue(Acknowledge(1, 10 + i));
                deliveries.Add(1, message, 1, 0);
                int expected = i == 0 ? Deliveries.LastId : 9 + i;
                Assert.AreEqual(expected, Send(1));
            }
        }

        // Rows that carry more subscription identifiers go with their delivery.
        [TestMethod]
        public void MoreIdentifiers()
        {
            for (int removed = 0; removed < 3; removed++)
            {
                Make(1, 12);
                for (int i = 0; i < 3; i++)
                {
                    Add(1, 20);
                    for (int more = 0; more < i + 1; more++) deliveries.AddMore(1, 10 + more);
                }
                Assert.AreEqual(3, (int)deliveries.Count[1]);
                Assert.AreEqual(3, deliveries.Free);
                for (int i = 1; i <= 3; i++) Assert.AreEqual(i, Send(1));
                Assert.AreEqual(0, deliveries.NextToSend(1));
                deliveries.Invariants();
                Assert.IsTrue(Acknowledge(1, 1 + removed));
                deliveries.Invariants();
                Assert.AreEqual(3 + removed + 2, deliveries.Free);
                Add(1, 1);
                Assert.AreEqual(4, Send(1));
                deliveries.Invariants();
                deliveries.Rewind(1);
                for (int i = 0; i < 3; i++) Send(1);
                Assert.AreEqual(0, deliveries.NextToSend(1));
                deliveries.Clear(1);
                deliveries.Invariants();
                Assert.AreEqual(12, deliveries.Free);
            }
        }

        // Random operations on a few sessions beside lists that are kept naively.
        [TestMethod]
        public void RandomOperations()
        {
            const int Sessions = 3;
            const int Rows = 30;
            state = 77;
            Make(Sessions, Rows);
            int[][] mark = new int[Sessions + 1][];    // of each delivery: its message's length
            int[][] id = new int[Sessions + 1][];      // 0: never sent
            int[] count = new int[Sessions + 1];
            int[] sent = new int[Sessions + 1];        // in this connection
            for (int s = 1; s <= Sessions; s++)
            {
                mark[s] = new int[Rows];
                id[s] = new int[Rows];
            }
            for (int round = 0; round < 20000; round++)
            {
                int s = 1 + Next(Sessions);
                int what = Next(10);
                if (what < 4)
                {
                    int length = Next(30);
                    if (pool.FreeMessages == 0 || pool.FreeBlocks < 2) continue;
                    int row = Add(s, length);
                    int all = count[1] + count[2] + count[3];
                    Assert.AreEqual(all < Rows, row != 0);
                    if (row == 0) continue;
                    mark[s][count[s]] = length;
                    id[s][count[s]++] = 0;
                }
                else if (what < 7)
                {
                    int row = deliveries.NextToSend(s);
                    Assert.AreEqual(sent[s] < count[s], row != 0);
                    if (row == 0) continue;
                    Assert.AreEqual(mark[s][sent[s]], pool.Length[deliveries.Message[row]]);
                    int given = Send(s);
                    if (id[s][sent[s]] != 0) Assert.AreEqual(id[s][sent[s]], given, "the same again");
                    else Assert.AreEqual(-1, Index(id[s], count[s], given), "in use");
                    id[s][sent[s]++] = given;
                }
                else if (what < 9)
                {
                    if (sent[s] == 0) continue;
                    int i = Next(sent[s]);
                    Assert.IsTrue(Acknowledge(s, id[s][i]));
                    Cut(mark[s], i, count[s]);
                    Cut(id[s], i, count[s]);
                    count[s]--;
                    sent[s]--;
                }
                else if (Next(4) == 0)
                {
                    deliveries.Clear(s);
                    count[s] = 0;
                    sent[s] = 0;
                }
                else if (Next(2) == 0)
                {
                    deliveries.Rewind(s);
                    sent[s] = 0;
                }
                else
                {
                    DropOldest(s, mark, id, count);
                }
                Assert.AreEqual(count[s], (int)deliveries.Count[s]);
                Assert.AreEqual(sent[s], (int)deliveries.InFlight[s]);
                deliveries.Invariants();
            }
            for (int s = 1; s <= Sessions; s++) deliveries.Clear(s);
            Assert.AreEqual(Rows, deliveries.Free);
            Assert.AreEqual(Rows, pool.FreeMessages);
        }

        // The oldest that was never sent, in no connection, goes.
        private static void DropOldest(int s, int[][] mark, int[][] id, int[] count)
        {
            int i = Index(id[s], count[s], 0);
            int before = deliveries.BeforeQueued(s);
            int row = before == 0 ? deliveries.First[s] : deliveries.Next[before];
            Assert.AreEqual(i >= 0, row != 0);
            if (i < 0) return;
            Assert.AreEqual(mark[s][i], pool.Length[deliveries.Message[row]]);
            deliveries.Remove(s, before, row);
            Cut(mark[s], i, count[s]);
            Cut(id[s], i, count[s]);
            count[s]--;
        }

        private static int Index(int[] list, int count, int value)
        {
            for (int i = 0; i < count; i++)
            {
                if (list[i] == value) return i;
            }
            return -1;
        }

        private static void Cut(int[] list, int at, int count)
        {
            for (int i = at + 1; i < count; i++) list[i - 1] = list[i];
        }
    }
}
