using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The journal in situations that come seldom.</summary>
    [TestClass]
    public class CornerTest
    {
        private static JournalLimits Limits()
        {
            JournalLimits limits = new JournalLimits();
            limits.Rows = new int[] { 40, 9 };
            limits.FrameBytes = 256;
            return limits;
        }

        private static Journal Opened(IByteDevice device, JournalLimits limits)
        {
            Journal journal = new Journal(device, limits, 5);
            Assert.IsTrue(journal.Open(new Reader()));
            return journal;
        }

        // A content of 40 bytes that all say so.
        private static void Put(Journal journal, int slot, int value)
        {
            byte[] bytes = new byte[40];
            for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)value;
            journal.Begin(1, 40);
            journal.Put(slot, 40);
            journal.Append(bytes, 0, 40);
            journal.Commit(0);
        }

        private static int Read(Journal journal, int slot)
        {
            byte[] bytes = new byte[64];
            if (journal.Read(slot, bytes) != 40) return -1;
            for (int i = 1; i < 40; i++) Assert.AreEqual(bytes[0], bytes[i]);
            return bytes[0];
        }

        private class Reader : IJournalReader
        {
            public int Count;

            public void Slot(int slot, byte[] buffer, int offset, int length)
            {
                Count++;
            }
        }

        [TestMethod]
        public void WhatIsReadBack()
        {
            Journal journal = Opened(new MemoryDevice(7, 1024), Limits());
            int slot = Journal.Slot(1, 9);
            Assert.IsFalse(journal.Holds(slot));
            Assert.AreEqual(-1, Read(journal, slot));
            Put(journal, slot, 7);
            Assert.IsTrue(journal.Holds(slot));
            Assert.AreEqual(7, Read(journal, slot), "before any sync");
            Assert.AreEqual(-1, journal.Read(slot, new byte[39]));
            // Slots that these limits do not have.
            Assert.IsFalse(journal.Holds(Journal.Slot(1, 10)));
            Assert.IsFalse(journal.Holds(Journal.Slot(1, 0)));
            Assert.IsFalse(journal.Holds(Journal.Slot(2, 1)));
        }

        [TestMethod]
        public void AFrameGivenUpLeavesNothing()
        {
            MemoryDevice device = new MemoryDevice(7, 1024);
            Journal journal = Opened(device, Limits());
            Put(journal, 1, 1);
            journal.Begin(1, 40);
            journal.Put(2, 40);
            journal.Abandon();
            Put(journal, 3, 3);
            Assert.IsTrue(journal.Sync());
            journal = Opened(device, Limits());
            Assert.AreEqual(1, Read(journal, 1));
            Assert.IsFalse(journal.Holds(2));
            Assert.AreEqual(3, Read(journal, 3));
            Assert.AreEqual(0, journal.Damaged);
        }

        [TestMethod]
        public void ContentsOfSlotsThatThereAreNoMore()
        {
            MemoryDevice device = new MemoryDevice(7, 1024);
            Journal journal = Opened(device, Limits());
            Put(journal, 40, 1);
            Put(journal, 39, 2);
            Put(journal, Journal.Slot(1, 9), 3);
            Assert.IsTrue(journal.Close());
            JournalLimits limits = Limits();
            limits.Rows = new int[] { 39 };
            Journal less = new Journal(device, limits, 5);
            Reader reader = new Reader();
            Assert.IsTrue(less.Open(reader));
            Assert.AreEqual(1, reader.Count);
            Assert.AreEqual(2, less.Unknown);
            Assert.AreEqual(2, Read(less, 39));
            less.Invariants();
        }

        // A byte went bad since the opening; the content is missed when its segment is to be emptied.
        [TestMethod]
        public void AContentThatGoesBadIsLostAloneAndCounted()
        {
            MemoryDevice device = new MemoryDevice(7, 1024);
            Journal journal = Opened(device, Limits());
            Put(journal, 1, 1);
            Assert.IsTrue(journal.Sync());
            int bad = device.Size(0) - 10;
            Put(journal, 2, 2);
            Assert.IsTrue(journal.Sync());
            device.Damage(0, bad, 0x5A);
            for (int i = 0; i < 400; i++)
            {
                Put(journal, 3 + i % 2, i & 127);
                journal.Tick(i);
                if (journal.NeedsSpace()) journal.Compact(256);
                journal.Invariants();
            }
            Assert.AreEqual(1, journal.Lost);
            Assert.IsFalse(journal.Holds(1));
            Assert.AreEqual(2, Read(journal, 2));
            Assert.IsTrue(journal.Sync());
            journal = Opened(device, Limits());
            Assert.IsFalse(journal.Holds(1));
            Assert.AreEqual(2, Read(journal, 2));
            Assert.AreEqual(0, journal.Damaged);
        }

        [TestMethod]
        public void ADeviceThatDoesNotSync()
        {
            FaultyDevice device = new FaultyDevice(new MemoryDevice(7, 1024));
            Journal journal = Opened(device, Limits());
            Put(journal, 1, 1);
            Assert.IsTrue(journal.Sync());
            Put(journal, 1, 2);
            device.NoSync = true;
            Assert.IsFalse(journal.Sync());
            Assert.IsTrue(journal.Failed);
            Assert.AreEqual(1, journal.Durable);
            Assert.IsFalse(journal.Close());
            Assert.IsFalse(journal.NeedsSpace());
            Journal again = new Journal(device, Limits(), 5);
            Assert.IsFalse(again.Open(new Reader()));
            Assert.IsTrue(again.Failed);
        }

        [TestMethod]
        public void ADeviceThatIsNotReadToTheEnd()
        {
            MemoryDevice memory = new MemoryDevice(7, 1024);
            Journal journal = Opened(memory, Limits());
            for (int slot = 1; slot <= 5; slot++) Put(journal, slot, slot);
            Assert.IsTrue(journal.Close());
            FaultyDevice device = new FaultyDevice(memory);
            journal = new Journal(device, Limits(), 5);
            Reader reader = new Reader();
            Assert.IsTrue(journal.Open(reader));
            Assert.AreEqual(5, reader.Count);
            device.LastRead = device.Reads; // the last content
            device.Reads = 0;
            journal = new Journal(device, Limits(), 5);
            reader = new Reader();
            Assert.IsFalse(journal.Open(reader));
            Assert.IsTrue(journal.Failed);
            Assert.AreEqual(4, reader.Count);
        }

        // Later the content of a slot cannot be read.
        [TestMethod]
        public void AContentThatIsNotRead()
        {
            FaultyDevice device = new FaultyDevice(new MemoryDevice(7, 1024));
            Journal journal = Opened(device, Limits());
            Put(journal, 1, 1);
            Assert.AreEqual(1, Read(journal, 1));
            device.LastRead = 0;
            Assert.AreEqual(-1, Read(journal, 1));
        }

        [TestMethod]
        public void ASegmentThatIsNotEmptied()
        {
            FaultyDevice device = new FaultyDevice(new MemoryDevice(7, 1024));
            Journal journal = Opened(device, Limits());
            device.NoClear = true;
            for (int i = 0; i < 400 && !journal.Failed; i++)
            {
                if (journal.Room(1, 40) == Fault.None) Put(journal, 1, i & 127);
                journal.Tick(i);
            }
            Assert.IsTrue(journal.Failed);
            Assert.AreEqual(Fault.StoreFailed, journal.Room(1, 40));
        }

        [DataRow(0, 1, 256)]
        [DataRow(256, 1, 256)]
        [DataRow(2, -1, 256)]
        [DataRow(2, 1, 63)]
        [DataRow(2, 1, 4194305)]
        [TestMethod]
        public void LimitsThatDoNotHold(int kinds, int rows, int frameBytes)
        {
            JournalLimits limits = new JournalLimits();
            if (kinds != 0) limits.Rows = new int[kinds];
            for (int kind = 0; kind < kinds; kind++) limits.Rows[kind] = rows;
            limits.FrameBytes = frameBytes;
            Refused(new FaultyDevice(16777216), limits);
        }

        [TestMethod]
        public void ADeviceBeyondTwoGigabytes()
        {
            Assert.IsNull(Journal.Check(new FaultyDevice(int.MaxValue / 6), Limits()));
            Refused(new FaultyDevice(int.MaxValue / 6 + 1), Limits());
        }

        private static void Refused(IByteDevice device, JournalLimits limits)
        {
            string wrong = Journal.Check(device, limits);
            Assert.IsNotNull(wrong);
            string told = null;
            try
            {
                Journal journal = new Journal(device, limits, 1);
                told = "taken: " + journal.LiveMax.ToString();
            }
            catch (ArgumentException refused)
            {
                told = refused.Message;
            }
            Assert.AreEqual(wrong, told);
        }
    }
}
