using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A device that is full, fails, is damaged, or wears.</summary>
    [TestClass]
    public class StoreFaultTest
    {
        private const string S = "CONNECT 5 keep=0 {session=600} id=s";

        private static KeptWorld Subscribed(PersistenceOptions options, MemoryDevice device)
        {
            KeptWorld w = KeptWorld.On(device, options, World.Sizes());
            int s = w.Connect(S);
            w.Subscribe(s, "filter=a/# q1");
            w.Lose(s);
            return w;
        }

        [TestMethod]
        public void FullIsRefusedAndCounted()
        {
            KeptWorld w = Subscribed(new PersistenceOptions(), new MemoryDevice(6, 5200));
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            string payload = "";
            for (int i = 0; i < 300; i++) payload += "AB";
            int taken = 0;
            string got = "";
            for (int i = 0; i < 30 && got != "PUBACK id=1 reason=97"; i++)
            {
                w.Send(p, "PUBLISH q1 topic=a/b id=1 payload=" + payload);
                w.Pass(6000);
                got = w.First(p);
                if (got == "PUBACK id=1 reason=00") taken++;
            }
            Assert.AreEqual("PUBACK id=1 reason=97", got);
            Assert.IsTrue(taken > 2, "taken");
            w.Counts(Counter.RefusedStore, 1);
            // What needs no room goes on; a session that lasts and a subscription need some.
            w.Ask(p, "SUBSCRIBE id=2 filter=x", "SUBACK id=2 00");
            w.Ask(p, "PUBLISH q2 topic=x id=3 payload=01", "PUBLISH q0 topic=x payload=01 / PUBREC id=3 reason=00");
            // What had room is there after the power was away, and makes room when it is taken.
            w = w.Cut();
            int s = w.Resume(S);
            while (w.Waits(s))
            {
                w.First(s);
                taken--;
                w.Send(s, "PUBACK id=" + ((w.LastPacket[7 + 1] << 8) + w.LastPacket[7 + 2]).ToString());
            }
            p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Pass(2000);
            w.Ask(p, "PUBLISH q1 topic=a/b id=1 payload=" + payload, "PUBACK id=1 reason=00");
            Assert.AreEqual(0, taken);
        }

        [TestMethod]
        public void AFailingDeviceIsToldAndServiceGoesOn()
        {
            KeptWorld w = Subscribed(new PersistenceOptions(), new MemoryDevice(10, 8192));
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Subscribe(p, "filter=x q1");
            w.Device.FailWrites = true;
            // The answer cannot be kept to: the connection ends with a reason.
            w.Ask(p, "PUBLISH q1 topic=a/b id=1 payload=01", "DISCONNECT reason=83 / CLOSED");
            Assert.IsTrue(w.Persistence.Journal.Failed);
            p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Subscribe(p, "filter=x q1");
            w.Ask(p, "PUBLISH q1 topic=a/b id=1 payload=01", "PUBACK id=1 reason=83");
            w.Counts(Counter.RefusedStore, 1);
            w.Ask(p, "PUBLISH topic=x payload=01", "PUBLISH q0 topic=x payload=01");
            w.Ask(p, "PUBLISH q1 topic=x id=2 payload=02",
                "PUBLISH q1 topic=x id=1 payload=02 / PUBACK id=2 reason=00");
            // No session that lasts can be promised.
            int s = w.Raw(S);
            w.Got(s, "CONNACK reason=83 / CLOSED");
            s = w.Raw("CONNECT 4 keep=0 id=t");
            w.Got(s, "CONNACK reason=03 / CLOSED");
            s = w.Raw("CONNECT 4 clean keep=0 id=u");
            w.Got(s, "CONNACK reason=00");
            // A will and what is retained at QoS 0 cannot be refused: they live as long as the power does.
            w.Ask(s, "PUBLISH retain topic=r payload=05", "");
            w.Counts(Counter.DroppedStore, 1);
            w.Ask(s, "SUBSCRIBE id=1 filter=r", "SUBACK id=1 00 / PUBLISH q0 retain topic=r payload=05");
        }

        [TestMethod]
        public void OneDamagedByteCostsAtMostItsRecord()
        {
            int damaged = 0;
            for (int position = 0; position < 4000; position++)
            {
                MemoryDevice device = new MemoryDevice(10, 8192);
                KeptWorld w = Subscribed(new PersistenceOptions(), device);
                int p = w.Connect("CONNECT 5 clean keep=0 id=p");
                for (int i = 1; i <= 4; i++)
                {
                    string n = i.ToString();
                    w.Ask(p, "PUBLISH q1 topic=a/" + n + " id=1 payload=0" + n, "PUBACK id=1 reason=00");
                }
                Assert.IsTrue(w.Persistence.Close());
                if (position >= device.Size(0)) break;
                device.Damage(0, position, 0x5A);
                KeptWorld.NextDevice = device;
                KeptWorld again = KeptWorld.On(device, new PersistenceOptions(), World.Sizes());
                int found = 0;
                int session = again.Session("s");
                for (int i = 1; i <= 4; i++)
                {
                    if (session != 0 && again.Queued(session, i)) found++;
                }
                if (session != 0) Assert.IsTrue(found >= 3, "byte " + position.ToString() + ": " + found.ToString());
                int told = again.Broker.Counters[Counter.StoreDamaged];
                string which = "byte " + position.ToString();
                if (session == 0 || found < 4) Assert.IsTrue(told > 0, which + " is not counted");
                if (told > 0) damaged++;
                again.Broker.Invariants();
            }
            Assert.IsTrue(damaged > 300, "damaged: " + damaged.ToString());
        }

        [TestMethod]
        public void ABudgetStretchesTheGroupAndThenRefuses()
        {
            PersistenceOptions o = new PersistenceOptions();
            o.SyncMs = 100;
            o.SyncMaxMs = 1000;
            o.EraseBytes = 4096;
            o.BlocksPerDay = 24;
            o.RefuseWhenWorn = true;
            KeptWorld w = KeptWorld.First(o);
            int p = w.Open(4);
            w.Send(p, "CONNECT 4 clean keep=0 id=p");
            w.Got(p, "CONNACK reason=00");
            int quick = 0;
            int slow = 0;
            bool refused = false;
            for (int i = 0; i < 60 && !refused; i++)
            {
                w.Send(p, "PUBLISH q1 retain topic=r id=1 payload=01");
                w.Pass(101);
                if (w.Waits(p)) quick++;
                else slow++;
                w.Pass(1000);
                if (w.Waits(p))
                {
                    w.Got(p, "PUBACK id=1 reason=00");
                    continue;
                }
                w.Pass(5000); // held first, in case there is room again
                refused = !w.IsOpen(p);
                break;
            }
            Assert.IsTrue(refused, "refused");
            Assert.IsTrue(quick > 5 && slow > 5, "quick " + quick.ToString() + " slow " + slow.ToString());
            Assert.IsTrue(w.Broker.Counters[Counter.WearBlocks] >= 24, "blocks");
            w.Forget(p);
            // An hour brings a block.
            w.Pass(2 * 3600000);
            p = w.Connect("CONNECT 4 clean keep=0 id=p");
            w.Send(p, "PUBLISH q1 retain topic=r id=1 payload=01");
            w.Pass(1000);
            w.Got(p, "PUBACK id=1 reason=00");
            Assert.IsTrue(w.Broker.Counters[Counter.WearDays] > 0, "days");
        }

        [TestMethod]
        public void SizesThatDoNotFit()
        {
            Limits limits = World.Sizes();
            Assert.IsNull(Persistence.Check(limits, new MemoryDevice(6, 8192)));
            Assert.IsNotNull(Persistence.Check(limits, new MemoryDevice(5, 8192)));
            Assert.IsNotNull(Persistence.Check(limits, new MemoryDevice(6, 4096)));
            bool thrown = false;
            try
            {
                Broker broker = new Broker(limits, 1);
                Persistence p = new Persistence(broker, new MemoryDevice(6, 4096), new PersistenceOptions(), 1);
            }
            catch (System.ArgumentException)
            {
                thrown = true;
            }
            Assert.IsTrue(thrown, "thrown");
        }

        [TestMethod]
        public void HowADeviceIsCut()
        {
            Limits limits = World.Sizes();
            int least = Persistence.LeastBytes(limits);
            int bytes;
            Assert.AreEqual(0, Persistence.SegmentsFor(limits, least - 1, out bytes));
            Assert.AreEqual(0, bytes);
            Assert.AreEqual(6, Persistence.SegmentsFor(limits, least, out bytes));
            Assert.AreEqual(least / 6, bytes);
            Assert.AreEqual(0, bytes % 4096, "whole erase blocks");
            Assert.IsNull(Persistence.Check(limits, new MemoryDevice(6, bytes)));
            Assert.AreEqual(24, Persistence.SegmentsFor(limits, least * 100, out bytes));
            Assert.AreEqual(least * 100 / 24, bytes);
        }

        // The largest record is of another kind each time; a device of the least size takes it.
        [DataRow(0)]
        [DataRow(1)]
        [DataRow(2)]
        [TestMethod]
        public void RecordsThatAreLarge(int kind)
        {
            Limits limits = World.Sizes();
            int before = Persistence.LeastBytes(limits);
            if (kind == 0) limits.ClientIdLength = 20000;
            else if (kind == 1) limits.ReceiveIds = 20000;
            else limits.Subscriptions = 900;
            int least = Persistence.LeastBytes(limits);
            Assert.IsTrue(least > before, "least");
            Assert.IsNull(Persistence.Check(limits, new MemoryDevice(6, least / 6)));
            Assert.IsNotNull(Persistence.Check(limits, new MemoryDevice(6, least / 6 - 4096)));
        }

        [TestMethod]
        public void ADeviceThatFailsAtOnce()
        {
            MemoryDevice device = new MemoryDevice(10, 8192);
            device.FailWrites = true;
            Broker broker = new Broker(World.Sizes(), 1);
            Persistence p = new Persistence(broker, device, new PersistenceOptions(), 1);
            p.Flush();
            Assert.AreEqual(int.MaxValue, p.Wait(0), "not opened");
            p.Tick(0);
            Assert.IsFalse(p.Failed);
            Assert.IsFalse(p.Open());
            Assert.IsTrue(p.Failed);
            Assert.AreEqual((int)Fault.StoreFailed, (int)p.Room(1));
            Assert.AreEqual(int.MaxValue, p.Wait(0));
            p.Tick(1);
            Assert.IsFalse(p.Close());
        }

        [TestMethod]
        public void ADeviceThatFailsAtTheStop()
        {
            KeptWorld w = Subscribed(new PersistenceOptions(), new MemoryDevice(10, 8192));
            w.Device.FailWrites = true;
            Assert.IsFalse(w.Persistence.Close());
        }

        // Days that the drive lasts, at the opening: as if a day's budget were used.
        [DataRow(4096, 64, 100000, 24, 266666)]
        [DataRow(4096, 64, 100000, 1, 1000000)]
        [DataRow(4096, 64, 100000, 0, 1000000)]
        [DataRow(4096, 10, 10, 100000000, 0)]
        [DataRow(0, 64, 100000, 24, 0)]
        [TestMethod]
        public void DaysThatADriveLasts(int eraseBytes, int blocks, int endurance, int blocksPerDay, int days)
        {
            PersistenceOptions o = new PersistenceOptions();
            o.EraseBytes = eraseBytes;
            o.DriveBlocks = blocks;
            o.Endurance = endurance;
            o.BlocksPerDay = blocksPerDay;
            KeptWorld w = KeptWorld.First(o);
            w.Counts(Counter.WearDays, days);
        }
    }
}
