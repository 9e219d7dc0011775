using System.Text;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What a board does with the configuration it finds.</summary>
    [TestClass]
    public class PlanTest
    {
        private static BootPlan Plan(string text)
        {
            return new BootPlan(new TestBoard(), Encoding.UTF8.GetBytes(text), null);
        }

        [TestMethod]
        public void FirstBootListensOnNoNetwork()
        {
            BootPlan plan = new BootPlan(new TestBoard(), null, null);
            Assert.IsTrue(plan.FirstBoot);
            Assert.IsNull(plan.Fault);
            Assert.AreEqual(0, plan.Listeners.Length);
            Assert.AreEqual(0, plan.Configuration.Bridges.Length);
            Assert.AreEqual(6, plan.Limits.Connections);
            Assert.AreEqual("desk", plan.App.Device);
            Assert.AreEqual(1, plan.App.Sensors.Length);
            Assert.AreEqual("uptime", plan.App.Sensors[0].Source);
        }

        [TestMethod]
        public void AGoodFileIsDone()
        {
            BootPlan plan = Plan("listener 1883\nallow_anonymous true\nglobal_max_connections 4\ndevice hut\n"
                + "sensor t\nsensor_source bme280 temperature\n");
            Assert.IsNull(plan.Fault);
            Assert.IsFalse(plan.FirstBoot);
            Assert.AreEqual(1, plan.Listeners.Length);
            Assert.AreEqual(1883, plan.Listeners[0].Port);
            Assert.AreEqual(4, plan.Limits.Connections);
            Assert.AreEqual("hut", plan.App.Device);
            Assert.AreEqual("bme280 temperature", plan.App.Sensors[0].Source);
        }

        [TestMethod]
        public void TheJournalIsTheDrives()
        {
            Assert.AreEqual(0, Plan("max_keepalive 60\n").Segments);
            BootPlan plan = Plan("persistence true\npersistence_idle_ms 7\n");
            Assert.IsNull(plan.Fault);
            Assert.AreEqual("I:\\femto.db", plan.JournalPath);
            Assert.AreEqual(192 << 10, plan.Segments * plan.SegmentBytes);
            PersistenceOptions o = plan.Configuration.Persistence;
            Assert.AreEqual(250, o.SyncMs);
            Assert.AreEqual(7, o.IdleMs);
            Assert.AreEqual(64, o.DriveBlocks);
            Assert.AreEqual(1751, o.BlocksPerDay);
            plan = Plan("persistence true\npersistence_location I:\\j\npersistence_file x\n");
            Assert.AreEqual("I:\\j\\x", plan.JournalPath);
        }

        [TestMethod]
        public void AJournalThatDoesNotFitTheDrive()
        {
            string text = "listener 1883\nallow_anonymous true\npersistence true\npersistence_journal_bytes 65536\n";
            BootPlan plan = Plan(text);
            Assert.IsNull(plan.Fault);
            plan = new BootPlan(new BigBoard(), Encoding.UTF8.GetBytes(text), null);
            Assert.Contains("I:\\femto.conf:3: ", plan.Fault);
            Assert.Contains("persistence_journal_bytes must be at least ", plan.Fault);
            Assert.AreEqual(0, plan.Segments);
            Assert.AreEqual(0, plan.Listeners.Length);
            plan = Plan("persistence true\npersistence_journal_bytes 300000\n");
            Assert.Contains("I:\\femto.conf:1: ", plan.Fault);
            Assert.Contains("the journal is larger", plan.Fault);
        }

        [TestMethod]
        public void AJournalOfOtherLimitsIsLeftAlone()
        {
            FakeDrive drive = new FakeDrive();
            DriveDevice device = new DriveDevice(drive, 6, 4096);
            BootPlan plan = Plan("persistence true\n");
            string wrong = BootJournal.Wrong(plan, device);
            Assert.StartsWith("does not fit: I:\\femto.db was made for other limits: ", wrong);
            Assert.IsNull(BootJournal.Wrong(plan, new DriveDevice(new FakeDrive(), plan.Segments, plan.SegmentBytes)));
        }

        [TestMethod]
        public void AFileWithoutADeviceHasTheBoards()
        {
            BootPlan plan = Plan("max_keepalive 60\n");
            Assert.IsNull(plan.Fault);
            Assert.AreEqual("desk", plan.App.Device);
            Assert.AreEqual("uptime", plan.App.Sensors[0].Name);
        }

        [TestMethod]
        public void ABrokenFileBootsIntoTheDefault()
        {
            BootPlan plan = Plan("listener 1883\nallow_anonymous true\nglobal_max_connections 4\nlisten 7\n");
            Assert.Contains("I:\\femto.conf:4: listen: ", plan.Fault);
            Assert.IsFalse(plan.FirstBoot);
            Assert.AreEqual(0, plan.Listeners.Length);
            Assert.AreEqual(6, plan.Limits.Connections);
            Assert.AreEqual("desk", plan.App.Device);
        }

        // The words are right, but the tables do not hold together: nothing of it is left in the limits.
        [TestMethod]
        public void SizesThatDoNotHoldBootIntoTheDefault()
        {
            BootPlan plan = Plan("listener 1883\nallow_anonymous true\nglobal_max_connections 4\n"
                + "max_packet_size 100000000\n");
            Assert.Contains("I:\\femto.conf:4: max_packet_size: ", plan.Fault);
            Assert.AreEqual(0, plan.Listeners.Length);
            Assert.AreEqual(6, plan.Limits.Connections);
        }

        [TestMethod]
        public void AFileThatCannotBeReadBootsIntoTheDefault()
        {
            BootPlan plan = new BootPlan(new TestBoard(), null, "the drive does not answer");
            Assert.AreEqual("I:\\femto.conf: the drive does not answer", plan.Fault);
            Assert.IsFalse(plan.FirstBoot);
            Assert.AreEqual(0, plan.Listeners.Length);
        }

        [TestMethod]
        public void AListenerNeedsAllowAnonymous()
        {
            BootPlan plan = Plan("listener 1883\n");
            Assert.AreEqual(BootPlan.File + BootPlan.Closed, plan.Fault);
            Assert.AreEqual(0, plan.Listeners.Length);
        }

        // Without a listener line Mosquitto serves its own machine: here that is the programs on the board.
        [TestMethod]
        public void NoListenerIsNoFault()
        {
            BootPlan plan = Plan("device hut\n");
            Assert.IsNull(plan.Fault);
            Assert.AreEqual(0, plan.Listeners.Length);
        }

        // The words are right, but a topic is longer than this board takes.
        [TestMethod]
        public void AnAppThatDoesNotHoldBootsIntoTheDefault()
        {
            string name = "";
            for (int i = 0; i < 32; i++) name += "x";
            BootPlan plan = Plan("listener 1883\nallow_anonymous true\nglobal_max_connections 4\ndevice hut\n"
                + "sensor " + name + "\nsensor_source uptime\nsensor_topic " + name + name + name + name + name + "\n");
            Assert.IsNotNull(plan.Fault);
            Assert.AreEqual(0, plan.Listeners.Length);
            Assert.AreEqual(6, plan.Limits.Connections);
            Assert.AreEqual("desk", plan.App.Device);
        }
    }
}
