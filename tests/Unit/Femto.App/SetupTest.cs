using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What must hold of options, the memory told, and simulated sensors.</summary>
    [TestClass]
    public class SetupTest
    {
        private const string Long = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

        [TestMethod]
        public void OptionsAreChecked()
        {
            Wrong(null, 0, 0);
            Wrong("there is no device line", 1, 1);
            Wrong("status_interval is 0 to 86400", 2, 1);
            Wrong("watchdog_timeout is 0 to 86400", 3, 1);
            Wrong("the limits have no room for a local client", 4, 1);
            Wrong("the name of the device is too long for this board", 5, 1);
            Wrong("the name of the device is too long", 6, 1);
            Wrong("sensor a: it has no name", 7, 2);
            Wrong("sensor a: an interval is 0.01 to 86400 seconds", 8, 2);
            Wrong("sensor a: decimals are 0 to 6", 9, 2);
            Wrong("sensor a: QoS is 0 to 2", 10, 2);
            Wrong("sensor a: its topic is longer than this board takes", 11, 2);
            Wrong("sensor a: its topic is none", 12, 2);
            Wrong("sensor a: topic and unit are too long together for this board", 13, 2);
        }

        private static void Wrong(string expected, int change, int line)
        {
            AppOptions o = Site.Options("sensor a;sensor_source x");
            SensorOptions s = o.Sensors[0];
            Limits l = Limits.Esp32();
            if (change == 1) o.Device = null;
            if (change == 2) o.StatusSeconds = -1;
            if (change == 3) o.WatchdogSeconds = 86401;
            if (change == 4) l.LocalClients = 0;
            if (change == 5) l.InboxBytes = 120;
            if (change == 6) o.Device = Long;
            if (change == 6) l.ClientIdLength = 30;
            if (change == 7) s.Name = "";
            if (change == 8) s.IntervalMs = 9;
            if (change == 9) s.Decimals = 7;
            if (change == 10) s.Qos = 3;
            if (change == 11) s.Topic = Long + Long + Long + Long + Long;
            if (change == 12) s.Topic = "a/#";
            if (change == 13) s.Topic = Long + Long + Long;
            if (change == 13) s.Json = true;
            if (change == 13) s.Unit = Long;
            int at;
            string wrong = SensorApp.Check(o, l, out at);
            Assert.AreEqual(change == 7 ? "sensor : it has no name" : expected, wrong);
            if (expected != null) Assert.AreEqual(line, at);
            if (expected == null) return;
            Assert.ThrowsException(typeof(ArgumentException), () => Build(o, l), "it is not built either");
        }

        private static void Build(AppOptions o, Limits l)
        {
            ISensor[] one = new ISensor[] { new Gauge() };
            new SensorApp(new Broker(l, 1), new Bridge[0], o, one, new WallClock(), new Board(), 0);
        }

        [TestMethod]
        public void EachSensorNeedsItsOptions()
        {
            AppOptions o = Site.Options("sensor a;sensor_source x");
            Broker broker = new Broker(Limits.Esp32(), 1);
            Assert.ThrowsException(typeof(ArgumentException), () => new SensorApp(broker, new Bridge[0], o,
                new ISensor[0], new WallClock(), new Board(), 0), "one sensor is missing");
        }

        [TestMethod]
        public void MemoryIsToldPartByPart()
        {
            Net net = new Net(2);
            Site s = new Site("sensor a;sensor_source x", new Board(), 1, net, true);
            string[] lines = FirmwareMemory.Lines(s.Broker, s.Bridges, s.App, 1000);
            Assert.AreEqual(4, lines.Length);
            Assert.AreEqual("memory: broker " + s.Broker.RamBytes.ToString() + " bytes", lines[0]);
            Assert.AreEqual("memory: bridge b " + s.Bridges[0].RamBytes.ToString() + " bytes", lines[1]);
            Assert.AreEqual("memory: sensor app " + s.App.RamBytes.ToString() + " bytes", lines[2]);
            int sum = s.Broker.RamBytes + s.Bridges[0].RamBytes + s.App.RamBytes;
            Assert.AreEqual(sum, FirmwareMemory.Bytes(s.Broker, s.Bridges, s.App));
            Assert.AreEqual("memory: together " + sum.ToString() + " bytes of 1000", lines[3]);
            lines = FirmwareMemory.Lines(s.Broker, new Bridge[0], null, 0);
            Assert.AreEqual(2, lines.Length);
            Assert.AreEqual("memory: together " + s.Broker.RamBytes.ToString() + " bytes", lines[1]);
        }

        [DataRow("temperature", 5000, 35000)]
        [DataRow("humidity", 20000, 90000)]
        [DataRow("pressure", 1005000, 1021000)]
        [DataRow("vibration", 0, 9000)]
        [DataRow("power", 0, 1700000)]
        [TestMethod]
        public void ASimulatedDayIsPlausible(string kind, int least, int most)
        {
            SimulatedSensor s = Made("simulated " + kind, 3);
            int value;
            int low = int.MaxValue;
            int high = int.MinValue;
            for (int second = 0; second < 86400; second += 10)
            {
                Assert.AreEqual(SensorFault.None, s.Read(second * 1000, out value));
                if (value < low) low = value;
                if (value > high) high = value;
            }
            Assert.IsTrue(low >= least && high <= most, low.ToString() + " to " + high.ToString());
            Assert.IsTrue(high - low > (most - least) / 20, "it moves");
        }

        private static SimulatedSensor Made(string source, int decimals)
        {
            string wrong;
            SimulatedSensor s = SimulatedSensor.Make(source, decimals, 5, out wrong);
            Assert.IsNull(wrong, wrong);
            return s;
        }

        [TestMethod]
        public void EqualSeedsGiveEqualDays()
        {
            SimulatedSensor a = Made("simulated power", 1);
            SimulatedSensor b = Made("simulated power", 1);
            string wrong;
            SimulatedSensor c = SimulatedSensor.Make("simulated power", 1, 6, out wrong);
            int differ = 0;
            for (int i = 0; i < 1000; i++)
            {
                int x, y, z;
                a.Read(i * 100, out x);
                b.Read(i * 100, out y);
                c.Read(i * 100, out z);
                Assert.AreEqual(x, y);
                if (x != z) differ++;
            }
            Assert.IsTrue(differ > 500, "another seed, another day");
        }

        [TestMethod]
        public void ASimulatedSensorFailsOnRequest()
        {
            SimulatedSensor s = Made("simulated temperature spikes 0 stuck 100 50 outage 200 10 start 90", 2);
            int first = 0;
            int changes = 0;
            for (int second = 90; second < 300; second++)
            {
                int value;
                int fault = s.Read(second * 1000, out value);
                Assert.AreEqual(second >= 200 && second < 210 ? SensorFault.NoAnswer : SensorFault.None, fault);
                if (second == 100) first = value;
                if (second > 100 && second < 150) Assert.AreEqual(first, value);
                if (second > 150 && value != first) changes++;
            }
            Assert.IsTrue(changes > 50, "it moves again");
            s.Silent = true;
            int none;
            Assert.AreEqual(SensorFault.NoAnswer, s.Read(400000, out none));
        }

        [TestMethod]
        public void SpikesAreSeldomAndShort()
        {
            SimulatedSensor s = Made("simulated temperature spikes 100", 0);
            int spikes = 0;
            for (int i = 0; i < 100000; i++)
            {
                int value;
                s.Read(i * 100, out value);
                if (value >= 23) spikes++;
            }
            Assert.IsTrue(spikes > 1000 && spikes < 4000, spikes.ToString()); // 100 of two seconds each, about
        }

        [TestMethod]
        public void DecimalsAreThoseAskedFor()
        {
            int[] all = new int[7];
            for (int d = 0; d < 7; d++) Made("simulated pressure", d).Read(0, out all[d]);
            for (int d = 4; d < 7; d++) Assert.AreEqual(all[d - 1] * 10, all[d]);
            Assert.AreEqual((all[3] + 5) / 10, all[2]);
            Assert.AreEqual((all[3] + 500) / 1000, all[0]);
        }

        [DataRow("simulated")]
        [DataRow("simulated wind")]
        [DataRow("simulated power spikes")]
        [DataRow("simulated power spikes x")]
        [DataRow("simulated power spikes 99999")]
        [DataRow("simulated power stuck 1")]
        [DataRow("simulated power loud 1")]
        [TestMethod]
        public void WrongWordsAreTold(string source)
        {
            string wrong;
            Assert.IsNull(SimulatedSensor.Make(source, 1, 1, out wrong));
            Assert.IsNotNull(wrong);
            Assert.IsNull(SimulatedSensor.Make("adc 34", 1, 1, out wrong));
            Assert.IsNull(wrong);
        }
    }
}
