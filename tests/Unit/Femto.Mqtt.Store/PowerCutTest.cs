using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// The power goes at every call that changes the device, and what was not synced is lost, kept or shuffled. What is
    /// read again is what the slots held after some frame, none before the last that was called durable.
    /// </summary>
    [TestClass]
    public class PowerCutTest
    {
        private const int Frames = 120;
        private const int Further = 2;   // few, so that they do not hide what they should not
        private static int cuts;

        private static JournalLimits Limits()
        {
            JournalLimits limits = new JournalLimits();
            limits.Rows = new int[] { Script.Slots };
            limits.FrameBytes = 256;
            limits.SyncMs = 10;
            return limits;
        }

        // One run up to a cut; the id names it: seed, call, mode.
        private static void Cut(uint seed, int cutAfter, int mode, uint chance, bool cutRecovery)
        {
            cuts++;
            string id = "cut " + cuts + " (seed " + seed + " call " + cutAfter + " mode " + mode;
            id += " chance " + chance + ")";
            MemoryDevice device = new MemoryDevice(7, 1024);
            Script script = new Script(seed);
            script.Reset();
            Journal journal = new Journal(device, Limits(), 77);
            script.BeginReading();
            device.CutAfter = cutAfter;
            int frames = 0;
            if (journal.Open(script)) frames = Play(journal, script, 1, Frames);
            int durable = journal.Durable;
            device.Restart(mode, chance);
            if (cutRecovery)
            {
                device.CutAfter = 1 + (int)(chance % 5);
                new Journal(device, Limits(), 78).Open(script);
                device.Restart(mode, chance + 1);
            }
            Journal second = new Journal(device, Limits(), 79);
            script.BeginReading();
            Assert.IsTrue(second.Open(script), id + ": not opened");
            second.Invariants();
            Assert.AreEqual(0, second.Damaged, id + ": a torn end taken for damage");
            int k = script.Find(durable, frames);
            Assert.IsTrue(k >= 0, id + ": not a prefix of what was committed, from " + durable + " on");
            Journal third = new Journal(device, Limits(), 80);
            script.BeginReading();
            Assert.IsTrue(third.Open(script), id + ": not opened twice");
            Assert.IsTrue(script.Find(k, k) == k, id + ": another content the second time");
            Resume(device, third, script, k, id);
        }

        // Goes on from what was read, and reads it again after a clean stop.
        private static void Resume(MemoryDevice device, Journal journal, Script script, int k, string id)
        {
            int end = Play(journal, script, k + 1, k + Further);
            Assert.AreEqual(k + Further, end, id + ": goes not on");
            Assert.IsTrue(journal.Sync(), id);
            journal.Invariants();
            device.Restart(MemoryDevice.LoseAll, 1);
            Journal last = new Journal(device, Limits(), 81);
            script.BeginReading();
            Assert.IsTrue(last.Open(script), id);
            Assert.AreEqual(0, last.Damaged, id + ": what was torn is read again");
            Assert.AreEqual(end, script.Find(end, end), id + ": lost after going on");
        }

        private static int Play(Journal journal, Script script, int from, int to)
        {
            int k = from;
            for (; k <= to; k++)
            {
                if (!script.Frame(k, journal, k)) return k - 1;
                journal.Tick(k);
                if (journal.Failed) return k;
            }
            return to;
        }

        private static int Calls(uint seed)
        {
            MemoryDevice device = new MemoryDevice(7, 1024);
            Script script = new Script(seed);
            script.Reset();
            Journal journal = new Journal(device, Limits(), 77);
            Assert.IsTrue(journal.Open(script));
            Assert.AreEqual(Frames, Play(journal, script, 1, Frames));
            return device.Calls;
        }

        [TestMethod]
        public void AtEveryCall()
        {
            cuts = 0;
            for (uint seed = 1; seed <= 12; seed++)
            {
                int calls = Calls(seed);
                for (int cut = 1; cut <= calls; cut++)
                {
                    Cut(seed, cut, MemoryDevice.LoseAll, 1, false);
                    Cut(seed, cut, MemoryDevice.KeepAll, 1, false);
                    for (uint chance = 1; chance <= 4; chance++)
                    {
                        Cut(seed, cut, MemoryDevice.Shuffle, chance + seed * 16, chance == 4);
                    }
                }
            }
            Assert.IsTrue(cuts >= 5000, "cuts: " + cuts);
            OutputHelper.WriteLine(cuts + " cuts");
        }
    }
}
