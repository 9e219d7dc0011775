using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A journal on a drive where only closing a file makes durable what was written.</summary>
    [TestClass]
    public class DriveTest
    {
        private const string S = "CONNECT 5 keep=0 {session=600} id=s";

        private static byte[] Some(int count)
        {
            byte[] bytes = new byte[count];
            for (int i = 0; i < count; i++) bytes[i] = (byte)(i + 1);
            return bytes;
        }

        // A subscriber is away; a message for it is acknowledged.
        private static DriveWorld Acknowledged(FakeDrive drive)
        {
            DriveWorld w = DriveWorld.On(drive);
            Assert.IsNull(w.Journal.Fault);
            int s = w.Connect(S);
            w.Subscribe(s, "filter=a q1");
            w.Lose(s);
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Ask(p, "PUBLISH q1 topic=a id=1 payload=01", "PUBACK id=1 reason=00");
            return w;
        }

        [TestMethod]
        public void WhatWasAcknowledgedSurvives()
        {
            DriveWorld w = Acknowledged(new FakeDrive()).Cut();
            Assert.IsNull(w.Journal.Fault);
            Assert.AreEqual(0, w.Journal.Persistence.Journal.Damaged);
            int s = w.Resume(S);
            w.Got(s, "PUBLISH q1 topic=a id=1 payload=01");
            w.End();
        }

        [TestMethod]
        public void WithoutOpeningAgainItWouldBeLost()
        {
            FakeDrive drive = new FakeDrive();
            DriveWorld.On(drive).Device.Close();
            drive.OnlyFlushes = true;
            DriveWorld w = Acknowledged(drive).Cut();
            Assert.AreEqual(0, w.Journal.Persistence.Restored);
            w.Connect(S);
        }

        [TestMethod]
        public void ManyRoundsOfPowerLoseNothing()
        {
            FakeDrive drive = new FakeDrive();
            DriveWorld w = DriveWorld.On(drive);
            int s = w.Connect(S);
            w.Subscribe(s, "filter=a/# q1");
            w.Lose(s);
            string waiting = "";
            for (int round = 1; round <= 20; round++)
            {
                int p = w.Connect("CONNECT 5 clean keep=0 id=p");
                // Retained values that change fill segments, and are compacted.
                for (int i = 0; i < 40; i++)
                {
                    w.Ask(p, "PUBLISH q1 retain topic=r id=7 payload=00112233445566778899", "PUBACK id=7 reason=10");
                }
                if (round % 4 == 0)
                {
                    w.Ask(p, "PUBLISH q1 topic=a/b id=1 payload=" + (10 + round).ToString(), "PUBACK id=1 reason=00");
                    waiting += (waiting.Length == 0 ? "" : " / ") + "PUBLISH q1 topic=a/b id="
                        + (round / 4).ToString() + " payload=" + (10 + round).ToString();
                }
                w = w.Cut();
                Assert.IsNull(w.Journal.Fault);
                Assert.AreEqual(0, w.Journal.Persistence.Journal.Damaged + w.Journal.Persistence.Orphans);
            }
            w.Got(w.Resume(S), waiting);
            w.End();
        }

        [TestMethod]
        public void ASyncOpensOneFile()
        {
            FakeDrive drive = new FakeDrive();
            DriveDevice d = new DriveDevice(drive, 6, 8192);
            Assert.IsTrue(d.Write(2, 0, Some(10), 0, 10));
            int opened = drive.Opened;
            Assert.IsTrue(d.Write(2, 10, Some(10), 0, 10));
            byte[] read = new byte[30];
            Assert.AreEqual(20, d.Read(2, 0, read, 0, 30));
            Assert.IsTrue(read[19] == 10);
            Assert.AreEqual(opened, drive.Opened);
            Assert.IsTrue(d.Sync(2));
            Assert.AreEqual(opened + 1, drive.Opened);
            // Nothing was written since, and nothing to another segment.
            Assert.IsTrue(d.Sync(2));
            Assert.IsTrue(d.Sync(3));
            Assert.AreEqual(opened + 1, drive.Opened);
            // What is read beside it stays open too.
            Assert.IsTrue(d.Write(3, 0, Some(5), 0, 5));
            Assert.AreEqual(4, d.Read(2, 1, read, 0, 4));
            opened = drive.Opened;
            Assert.AreEqual(4, d.Read(2, 5, read, 3, 4));
            Assert.IsTrue(read[3] == 6);
            Assert.AreEqual(opened, drive.Opened);
            Assert.AreEqual(0, d.Read(3, 5, read, 0, 4));
        }

        [TestMethod]
        public void EmptiedAndWrittenAgain()
        {
            FakeDrive drive = new FakeDrive();
            DriveDevice d = new DriveDevice(drive, 6, 8192);
            Assert.IsTrue(d.Write(1, 0, Some(10), 0, 10) && d.Sync(1) && d.Write(2, 0, Some(3), 0, 3) && d.Sync(2));
            byte[] read = new byte[10];
            Assert.AreEqual(10, d.Read(1, 0, read, 0, 10));
            Assert.IsTrue(d.Clear(1) && d.Clear(2));
            Assert.AreEqual(0, d.Size(1) + d.Size(2));
            Assert.IsTrue(d.Write(1, 0, Some(4), 0, 4) && d.Sync(1));
            d.Close();
            drive.Cut();
            d = new DriveDevice(drive, 6, 8192);
            Assert.AreEqual(4, d.Size(1));
            Assert.AreEqual(0, d.Size(2));
        }

        [TestMethod]
        public void ShapeIsKept()
        {
            FakeDrive drive = new FakeDrive();
            DriveDevice d = new DriveDevice(drive, 6, 8192);
            Assert.IsTrue(d.Write(5, 0, Some(10), 0, 10) && d.Sync(5));
            drive.Cut();
            d = new DriveDevice(drive, 24, 4096);
            Assert.IsNull(d.Error);
            Assert.AreEqual(6, d.Segments());
            Assert.AreEqual(8192, d.SegmentBytes());
            Assert.AreEqual(10, d.Size(5));
            drive.Open(0, 0);
            drive.Empty(0);
            drive.Write(0, 0, Some(40), 0, 40);
            drive.Close(0);
            d = new DriveDevice(drive, 24, 4096);
            Assert.AreEqual("it is not the head of a journal", d.Error);
            Assert.IsFalse(d.Write(1, 0, Some(1), 0, 1));
        }

        [TestMethod]
        public void FaultsComeBackAndStay()
        {
            FakeDrive drive = new FakeDrive();
            DriveDevice d = new DriveDevice(drive, 6, 8192);
            drive.Room = 60;
            Assert.IsTrue(d.Write(0, 0, Some(10), 0, 10));
            Assert.IsFalse(d.Write(0, 10, Some(50), 0, 50));
            Assert.AreEqual("drive full", d.Error);
            drive.Room = int.MaxValue;
            Assert.IsFalse(d.Sync(0));
            Assert.IsFalse(d.Clear(1));
            Assert.AreEqual(0, d.Read(0, 0, new byte[4], 0, 4));

            d = new DriveDevice(drive = new FakeDrive(), 6, 8192);
            Assert.IsTrue(d.Write(0, 0, Some(10), 0, 10));
            drive.Fails = true;
            Assert.IsFalse(d.Sync(0));
            Assert.AreEqual("write error", d.Error);

            // A drive that is full and does not say so.
            d = new DriveDevice(drive = new FakeDrive(), 6, 8192);
            drive.DropsWrites = true;
            Assert.IsTrue(d.Write(0, 0, Some(10), 0, 10));
            Assert.IsFalse(d.Sync(0));
            Assert.AreEqual("the drive took less than was written", d.Error);
        }

        [TestMethod]
        public void AFullDriveIsToldAndRefused()
        {
            FakeDrive drive = new FakeDrive();
            DriveWorld w = Acknowledged(drive);
            w.Journal.Turn(w.NowMs);
            Assert.AreEqual(0, w.Lines.Count);
            drive.Room = 0;
            int p = w.Connect("CONNECT 5 clean keep=0 id=x");
            w.Send(p, "PUBLISH q1 topic=a id=2 payload=02");
            Assert.IsFalse(w.IsOpen(p));
            w.Forget(p);
            w.Journal.Turn(w.NowMs);
            w.Journal.Turn(w.NowMs);
            Assert.AreEqual(1, w.Lines.Count);
            Assert.Contains("journal I:\\femto.db: drive full; what must survive is refused", w.Lines.Last);
            // What needs no journal goes on.
            int q = w.Connect("CONNECT 5 clean keep=0 id=y");
            w.Subscribe(q, "filter=b q1");
            w.Ask(q, "PUBLISH topic=b payload=03", "PUBLISH q0 topic=b payload=03");
            // And what was acknowledged before is there.
            drive.Room = int.MaxValue;
            w = w.Cut();
            w.Got(w.Resume(S), "PUBLISH q1 topic=a id=1 payload=01");
        }

        [TestMethod]
        public void ABrokenJournalIsToldAndTheBrokerRuns()
        {
            FakeDrive drive = new FakeDrive();
            drive.Fails = true;
            DriveWorld w = DriveWorld.On(drive);
            Assert.AreEqual("journal I:\\femto.db: no drive; what must survive is refused", w.Journal.Fault);
            int c = w.Connect("CONNECT 5 clean keep=0 id=y");
            w.Ask(c, "PINGREQ", "PINGRESP");
        }

        [TestMethod]
        public void TimeOfDayIsPassedOn()
        {
            DriveWorld w = DriveWorld.On(new FakeDrive());
            Assert.AreEqual(int.MaxValue, w.Journal.Turn(w.NowMs));
            Assert.AreEqual(0u, w.Journal.Persistence.Wall);
            w.Clock.Set(1000, 0, w.NowMs);
            w.Journal.Turn(w.NowMs + 1000);
            Assert.AreEqual(1001u, w.Journal.Persistence.Wall);
            Assert.AreEqual("journal I:\\femto.db: 0 records, 0 damaged, 10 segments of 8192 bytes", w.Journal.Text());
        }
    }
}
