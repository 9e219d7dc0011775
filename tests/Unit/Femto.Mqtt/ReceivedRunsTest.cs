using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Packet identifiers received at QoS 2, as runs.</summary>
    [TestClass]
    public class ReceivedRunsTest
    {
        // What is written for a restart, in hexadecimal.
        private static string Runs(ReceivedRuns runs)
        {
            byte[] b = new byte[runs.Length + 2];
            runs.Copy(b, 1);
            Assert.AreEqual(0, b[0] + b[b.Length - 1], "bytes beside the copy");
            Line.Clear();
            Line.Hex(b, 1, runs.Length);
            runs.Invariants();
            return Line.Text();
        }

        private static ReceivedRuns With(int most, int[] ids)
        {
            ReceivedRuns runs = new ReceivedRuns(most);
            for (int i = 0; i < ids.Length; i++) runs.Add(ids[i]);
            return runs;
        }

        // Two sessions, the first of which is kept.
        private static Changes Kept()
        {
            Changes changes = new Changes(new int[] { 1, 4, 2, 4, 4, 2, 8 }, 2);
            changes.Kept[1] = 1;
            return changes;
        }

        [TestMethod]
        public void NeighboursAreOneRun()
        {
            ReceivedRuns runs = With(3, new int[] { 5, 6, 4, 65535, 256 });
            Assert.AreEqual("00040006FFFFFFFF01000100", Runs(runs));
            Assert.IsTrue(runs.Find(4) >= 0 && runs.Find(5) >= 0 && runs.Find(6) >= 0 && runs.Find(65535) >= 0);
            Assert.IsTrue(runs.Find(3) < 0 && runs.Find(7) < 0 && runs.Find(65534) < 0);
            runs.Clear();
            Assert.AreEqual("", Runs(runs));
            Assert.IsTrue(runs.Find(5) < 0);
        }

        [TestMethod]
        public void RoomIsBesideARunOrInARowOfItsOwn()
        {
            ReceivedRuns runs = With(2, new int[] { 10, 11, 12 });
            Assert.IsTrue(runs.HasRoom(40));
            runs.Add(20);
            Assert.IsFalse(runs.HasRoom(40));
            Assert.IsTrue(runs.HasRoom(9) && runs.HasRoom(13) && runs.HasRoom(19) && runs.HasRoom(21));
            // The middle of a run would need a row for its other half.
            Assert.IsFalse(runs.Remove(runs.Find(11), 11));
            Assert.AreEqual("000A000C00140014", Runs(runs));
            Assert.IsTrue(runs.Remove(runs.Find(20), 20));
            Assert.IsTrue(runs.Remove(runs.Find(11), 11));
            Assert.AreEqual("000A000A000C000C", Runs(runs));
            Assert.IsTrue(runs.Remove(runs.Find(10), 10));
            Assert.AreEqual("000C000C", Runs(runs), "the last row moves into the hole");
        }

        [TestMethod]
        public void BothEndsOfARunGoByThemselves()
        {
            ReceivedRuns runs = With(1, new int[] { 7, 8, 9, 10 });
            Assert.IsTrue(runs.Remove(runs.Find(7), 7));
            Assert.IsTrue(runs.Remove(runs.Find(10), 10));
            Assert.AreEqual("00080009", Runs(runs));
        }

        // What one program copied the next one knows, in a table that is smaller too.
        [TestMethod]
        public void WhatWasCopiedIsKnownAfterARestart()
        {
            ReceivedRuns before = With(3, new int[] { 1, 2, 300, 65534, 65535 });
            Changes changes = Kept();
            changes.Runs[1] = new byte[before.Length];
            before.Copy(changes.Runs[1], 0);
            ReceivedRuns after = new ReceivedRuns(1);
            after.Keep(changes, 1);
            Assert.IsNull(changes.Runs[1], "it is taken");
            Assert.AreEqual(Runs(before), Runs(after));
            Assert.IsTrue(after.Find(2) >= 0 && after.Find(300) >= 0 && after.Find(65534) >= 0);
            Assert.IsTrue(after.Find(3) < 0);
            Assert.IsFalse(changes.Any, "what was known is no change");
            Assert.IsTrue(after.Remove(after.Find(300), 300));
            Assert.IsTrue(after.HasRoom(900));
        }

        [TestMethod]
        public void NothingKnownLeavesTheTableEmpty()
        {
            ReceivedRuns runs = new ReceivedRuns(2);
            runs.Keep(Kept(), 1);
            Assert.AreEqual(0, runs.Length);
            runs.Add(5);
            Assert.AreEqual("00050005", Runs(runs));
        }

        [TestMethod]
        public void EveryChangeOfAKeptSessionIsMarked()
        {
            Changes changes = Kept();
            ReceivedRuns runs = new ReceivedRuns(1);
            runs.Keep(changes, 1);
            runs.Clear();
            Assert.AreEqual(0, changes.Take(Changes.Received, 0), "there was nothing to forget");
            runs.Add(5);
            Assert.AreEqual(1, changes.Take(Changes.Received, 0), "new");
            runs.Add(6);
            runs.Add(7);
            Assert.AreEqual(1, changes.Take(Changes.Received, 0), "longer");
            Assert.IsFalse(runs.Remove(0, 6));
            Assert.AreEqual(0, changes.Take(Changes.Received, 0), "nothing was removed");
            Assert.IsTrue(runs.Remove(0, 7));
            Assert.AreEqual(1, changes.Take(Changes.Received, 0), "shorter");
            runs.Clear();
            Assert.AreEqual(1, changes.Take(Changes.Received, 0), "empty");
            ReceivedRuns other = new ReceivedRuns(1);
            other.Keep(changes, 2);
            other.Add(5);
            Assert.AreEqual(0, changes.Take(Changes.Received, 0), "a session that is not kept");
        }

        // Identifiers that come and go beside a plain table.
        [TestMethod]
        public void RandomOperations()
        {
            uint state = 99;
            ReceivedRuns runs = new ReceivedRuns(6);
            bool[] has = new bool[30];
            int refused = 0;
            for (int round = 0; round < 3000; round++)
            {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                int id = 1 + (int)((state >> 3) % 29);
                int run = runs.Find(id);
                Assert.AreEqual(has[id], run >= 0);
                bool done;
                if (run >= 0)
                {
                    done = runs.Remove(run, id);
                }
                else
                {
                    done = runs.HasRoom(id);
                    if (done) runs.Add(id);
                }
                if (done) has[id] = !has[id];
                else refused++;
                runs.Invariants();
                for (int i = 1; i < 30; i++) Assert.AreEqual(has[i], runs.Find(i) >= 0);
            }
            Assert.IsTrue(refused > 10 && refused < 2000, "refused " + refused.ToString());
        }

        [DataRow("00050003", "a run of nothing")]
        [DataRow("00000003", "a run of nothing")]
        [DataRow("0001000500030003", "an identifier twice")]
        [DataRow("0003000300010005", "an identifier twice")]
        [TestMethod]
        public void AWrongTableIsTold(string known, string expected)
        {
            Changes changes = Kept();
            changes.Runs[1] = Line.Bytes(known);
            ReceivedRuns runs = new ReceivedRuns(2);
            runs.Keep(changes, 1);
            string told = "nothing";
            try
            {
                runs.Invariants();
            }
            catch (InvalidOperationException wrong)
            {
                told = wrong.Message;
            }
            Assert.AreEqual(expected, told);
        }
    }
}
