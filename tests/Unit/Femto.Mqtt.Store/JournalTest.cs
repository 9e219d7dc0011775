using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The journal with a device that keeps its power.</summary>
    [TestClass]
    public class JournalTest
    {
        private static JournalLimits Limits()
        {
            JournalLimits limits = new JournalLimits();
            limits.Rows = new int[] { Script.Slots };
            limits.FrameBytes = 256;
            limits.SyncMs = 50;
            return limits;
        }

        private static Journal Opened(MemoryDevice device, Script script)
        {
            Journal journal = new Journal(device, Limits(), 5);
            script.BeginReading();
            Assert.IsTrue(journal.Open(script));
            return journal;
        }

        [TestMethod]
        public void ChecksumOfTheStandardsExample()
        {
            byte[] digits = { 49, 50, 51, 52, 53, 54, 55, 56, 57 };
            Assert.AreEqual(0xCBF43926, new Crc32().Add(0, digits, 0, 9));
            Crc32 crc = new Crc32();
            Assert.AreEqual(0xCBF43926, crc.Add(crc.Add(0, digits, 0, 4), digits, 4, 5));
        }

        [TestMethod]
        public void ThousandsOfFramesInSmallSpace()
        {
            MemoryDevice device = new MemoryDevice(7, 1024);
            Script script = new Script(3);
            script.Reset();
            Journal journal = Opened(device, script);
            for (int k = 1; k <= 3000; k++)
            {
                Assert.IsTrue(script.Frame(k, journal, k), "frame " + k);
                journal.Tick(k);
                journal.Invariants();
            }
            Assert.IsTrue(journal.Sync());
            Script read = new Script(3);
            Journal again = new Journal(device, Limits(), 6);
            read.BeginReading();
            Assert.IsTrue(again.Open(read));
            Assert.AreEqual(3000, read.Find(3000, 3000));
            Assert.AreEqual(0, again.Damaged);
            Assert.AreEqual(0, again.Torn);
        }

        [TestMethod]
        public void DurableOnlyAfterSync()
        {
            MemoryDevice device = new MemoryDevice(7, 1024);
            Script script = new Script(1);
            script.Reset();
            Journal journal = Opened(device, script);
            script.Frame(1, journal, 1000);
            Assert.AreEqual(1, journal.Committed);
            Assert.AreEqual(0, journal.Durable);
            Assert.AreEqual(50, journal.Tick(1000));
            Assert.AreEqual(1, journal.Tick(1049));
            Assert.AreEqual(0, journal.Durable);
            Assert.AreEqual(int.MaxValue, journal.Tick(1050));
            Assert.AreEqual(1, journal.Durable);
            Assert.AreEqual(1, journal.Syncs);
            Assert.IsTrue(journal.Sync());
            Assert.AreEqual(1, journal.Syncs, "nothing to sync");
        }

        [TestMethod]
        public void FramesOfAGroupShareOneSync()
        {
            MemoryDevice device = new MemoryDevice(7, 1024);
            Script script = new Script(2);
            script.Reset();
            Journal journal = Opened(device, script);
            script.Frame(1, journal, 0);
            script.Frame(2, journal, 20);
            script.Frame(3, journal, 40);
            journal.Tick(50);
            Assert.AreEqual(3, journal.Durable);
            Assert.AreEqual(1, journal.Syncs);
        }

        [TestMethod]
        public void OneDamagedByteCostsAtMostItsFrame()
        {
            const int Count = 6;
            for (int position = 0; position < 700; position++)
            {
                MemoryDevice device = new MemoryDevice(7, 1024);
                Script script = new Script(9);
                Journal journal = Opened(device, script);
                byte[] bytes = new byte[40];
                for (int slot = 1; slot <= Count; slot++)
                {
                    for (int b = 0; b < 40; b++) bytes[b] = (byte)(slot * 40 + b);
                    journal.Begin(1, 40);
                    journal.Put(slot, 40);
                    journal.Append(bytes, 0, 40);
                    journal.Commit(0);
                    Assert.IsTrue(journal.Sync());
                }
                if (position >= device.Size(0)) break;
                device.Damage(0, position, 0x5A);
                Journal again = Opened(device, script);
                int missing = 0;
                for (int slot = 1; slot <= Count; slot++)
                {
                    if (script.ReadLength[slot] < 0) missing++;
                }
                Assert.IsTrue(missing <= 1, "byte " + position + ": " + missing + " lost");
                bool last = missing == 1 && script.ReadLength[Count] < 0;
                Assert.AreEqual(missing == 0 || last ? 0 : 1, again.Damaged, "byte " + position);
            }
        }

        [TestMethod]
        public void FullIsSaidBeforeAnythingIsWritten()
        {
            MemoryDevice device = new MemoryDevice(6, 1024);
            JournalLimits limits = Limits();
            limits.Rows = new int[] { 1000 };
            Journal journal = new Journal(device, limits, 1);
            Script script = new Script(1);
            Assert.IsTrue(journal.Open(script));
            byte[] bytes = new byte[100];
            int slot = 1;
            while (journal.Room(1, 100) == Fault.None)
            {
                journal.Begin(1, 100);
                journal.Put(slot++, 100);
                journal.Append(bytes, 0, 100);
                journal.Commit(0);
                journal.Tick(0);
            }
            Assert.AreEqual(Fault.StoreFull, journal.Room(1, 100));
            Assert.AreEqual(Fault.TooLarge, journal.Room(1, 300));
            Assert.AreEqual(Fault.None, journal.Room(1, 0), "a deletion");
            journal.Begin(1, 0);
            journal.Delete(1);
            journal.Commit(0);
            Assert.AreEqual(Fault.None, journal.Room(1, 90));
            journal.Invariants();
        }

        [TestMethod]
        public void AFailingDeviceIsSaid()
        {
            MemoryDevice device = new MemoryDevice(7, 1024);
            Script script = new Script(1);
            script.Reset();
            Journal journal = Opened(device, script);
            script.Frame(1, journal, 0);
            Assert.IsTrue(journal.Sync());
            device.FailWrites = true;
            script.Frame(2, journal, 0);
            Assert.IsFalse(journal.Sync());
            Assert.IsTrue(journal.Failed);
            Assert.AreEqual(1, journal.Durable);
            Assert.AreEqual(Fault.StoreFailed, journal.Room(1, 1));
            Assert.AreEqual(int.MaxValue, journal.Tick(1));
        }

        [TestMethod]
        public void SizesThatDoNotFit()
        {
            JournalLimits limits = Limits();
            Assert.IsNull(Journal.Check(new MemoryDevice(6, 1024), limits));
            Assert.IsNotNull(Journal.Check(new MemoryDevice(5, 1024), limits));
            Assert.IsNotNull(Journal.Check(new MemoryDevice(6, 512), limits));
            limits.Rows = new int[] { 65536 };
            Assert.IsNotNull(Journal.Check(new MemoryDevice(6, 1024), limits));
        }
    }
}
