using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The board's sensors.</summary>
    [TestClass]
    public class SensorTest
    {
        private static int Value(ISensor sensor, int nowMs)
        {
            int value;
            Assert.AreEqual(SensorFault.None, sensor.Read(nowMs, out value));
            return value;
        }

        private static int FaultOf(ISensor sensor, int nowMs)
        {
            int value;
            return sensor.Read(nowMs, out value);
        }

        // 25.08 degrees and 100,653 Pa are Bosch's own results; its floating-point formula gives 56.563 %.
        [TestMethod]
        public void Bme280AsInTheDataSheet()
        {
            FakeChip fake = new FakeChip();
            Bme280Chip chip = new Bme280Chip(fake);
            Bme280Sensor t = new Bme280Sensor(chip, Bme280Chip.Temperature, 2);
            Bme280Sensor h = new Bme280Sensor(chip, Bme280Chip.Humidity, 1);
            Bme280Sensor p = new Bme280Sensor(chip, Bme280Chip.Pressure, 3);
            Assert.AreEqual(SensorFault.NotReady, FaultOf(t, 1000));
            Assert.AreEqual(SensorFault.NotReady, FaultOf(t, 1000 + Bme280Chip.MeasureMs - 1));
            Assert.AreEqual(2508, Value(t, 1000 + Bme280Chip.MeasureMs));
            Assert.AreEqual(5657 / 10, Value(h, 1011));
            Assert.AreEqual(1006530, Value(p, 1012));
            // Half a second later the chip is asked again, and only then.
            fake.Set(0xFA, 519888 + 4000);
            Assert.AreEqual(2508, Value(t, 1509));
            Assert.AreEqual(2634, Value(t, 1510));
            Assert.AreEqual(0x27, (int)fake.Registers[0xF4]);
            Assert.AreEqual(0xA0, (int)fake.Registers[0xF5]);
            Assert.AreEqual(1, (int)fake.Registers[0xF2]);
        }

        [TestMethod]
        public void Bme280MayBePluggedInLater()
        {
            FakeChip fake = new FakeChip();
            Bme280Sensor t = new Bme280Sensor(new Bme280Chip(fake), Bme280Chip.Temperature, 2);
            fake.Gone = true;
            Assert.AreEqual(SensorFault.NoAnswer, FaultOf(t, 0));
            fake.Gone = false;
            fake.Registers[0xD0] = 0x58; // a BMP280: no humidity
            Assert.AreEqual(SensorFault.NoAnswer, FaultOf(t, 0));
            fake.Registers[0xD0] = 0x60;
            fake.WritesFail = true;
            Assert.AreEqual(SensorFault.NoAnswer, FaultOf(t, 0));
            fake.WritesFail = false;
            Assert.AreEqual(SensorFault.NotReady, FaultOf(t, 0));
            Assert.AreEqual(2508, Value(t, 10));
            // It loses its wire, and gets it back.
            fake.Gone = true;
            Assert.AreEqual(SensorFault.NoAnswer, FaultOf(t, 2010));
            Assert.AreEqual(SensorFault.NoAnswer, FaultOf(t, 2020));
            fake.Gone = false;
            Assert.AreEqual(SensorFault.NotReady, FaultOf(t, 3000));
            Assert.AreEqual(2508, Value(t, 3010));
        }

        // After a loss of power it answers, but measures nothing until it is set up again.
        [TestMethod]
        public void Bme280IsSetUpAgain()
        {
            FakeChip fake = new FakeChip();
            Bme280Sensor t = new Bme280Sensor(new Bme280Chip(fake), Bme280Chip.Temperature, 2);
            FaultOf(t, 0);
            Assert.AreEqual(2508, Value(t, 10));
            fake.Registers[0xF4] = 0;
            fake.Set(0xFA, 0x80000);
            Assert.AreEqual(SensorFault.OutOfRange, FaultOf(t, 1000));
            Assert.AreEqual(SensorFault.NotReady, FaultOf(t, 2000));
            Assert.AreEqual(0x27, (int)fake.Registers[0xF4]);
            fake.Set(0xFA, 519888);
            Assert.AreEqual(2508, Value(t, 2010));
        }

        [TestMethod]
        public void Bme280EndsOfTheScale()
        {
            FakeChip fake = new FakeChip();
            Bme280Chip chip = new Bme280Chip(fake);
            Bme280Sensor h = new Bme280Sensor(chip, Bme280Chip.Humidity, 2);
            fake.Registers[0xFD] = fake.Registers[0xFE] = 0;
            FaultOf(h, 0);
            Assert.AreEqual(0, Value(h, 10));
            fake.Registers[0xFD] = 0xFF;
            Assert.AreEqual(10000, Value(h, 2010));
            // A calibration of zeros would divide by zero.
            FakeChip zero = new FakeChip();
            zero.Registers[0x8E] = zero.Registers[0x8F] = 0;
            Bme280Sensor p = new Bme280Sensor(new Bme280Chip(zero), Bme280Chip.Pressure, 2);
            FaultOf(p, 0);
            Assert.AreEqual(0, Value(p, 10));
        }

        [TestMethod]
        public void UptimeCountsAcrossTheTurnOfTheClock()
        {
            UptimeSensor uptime = new UptimeSensor(1);
            int start = int.MaxValue - 700;
            Assert.AreEqual(0, Value(uptime, start));
            Assert.AreEqual(0, Value(uptime, start + 600));
            Assert.AreEqual(10, Value(uptime, start + 1200));
            Assert.AreEqual(30, Value(uptime, start + 3400));
            BrokenSensor broken = new BrokenSensor();
            Assert.AreEqual(SensorFault.Broken, FaultOf(broken, 0));
        }

        [TestMethod]
        public void WordsBecomeSensors()
        {
            TestBoard board = new TestBoard();
            SensorSource s = new SensorSource("bme280 humidity", board);
            Assert.AreEqual(SensorSource.Bme280, s.Kind);
            Assert.AreEqual(Bme280Chip.Humidity, s.Argument);
            Assert.IsNull(s.Fault);
            Assert.AreEqual(Bme280Chip.Pressure, new SensorSource("bme280 pressure", board).Argument);
            Assert.AreEqual(Bme280Chip.Temperature, new SensorSource("bme280 temperature", board).Argument);
            s = new SensorSource("adc 35", board);
            Assert.AreEqual(SensorSource.Adc, s.Kind);
            Assert.AreEqual(35, s.Argument);
            Assert.AreEqual(7, board.ChannelOf(35));
            Assert.IsNull(s.Fault);
            s = new SensorSource("gpio 25", board);
            Assert.AreEqual(SensorSource.Count, s.Kind);
            Assert.IsNull(s.Fault);
            s = new SensorSource("uptime", board);
            Assert.AreEqual(SensorSource.Uptime, s.Kind);
            Assert.IsNull(s.Fault);
        }

        [TestMethod]
        public void WordsThatAreNoSensorSayWhatIs()
        {
            TestBoard board = new TestBoard();
            Assert.AreEqual("bme280 has temperature, humidity and pressure, not 'colour'",
                new SensorSource("bme280 colour", board).Fault);
            Assert.AreEqual("'simulated' is no sensor of this board: bme280 QUANTITY, adc PIN, gpio PIN or uptime",
                new SensorSource("simulated", board).Fault);
            Assert.AreEqual("chip: nanoFramework has no call for the chip's temperature",
                new SensorSource("chip", board).Fault);
            Assert.AreEqual("pin '33' of desk cannot do that: see its README",
                new SensorSource("adc 33", board).Fault);
            string[] wrong = new string[]
            {
                "gpio", "gpio x", "gpio 2x", "gpio 100", "gpio 24", "adc 34 7", "uptime 1",
            };
            for (int i = 0; i < wrong.Length; i++) Assert.IsNotNull(new SensorSource(wrong[i], board).Fault, wrong[i]);
            board.DataPin = -1;
            Assert.AreEqual("desk has no pins for a bme280", new SensorSource("bme280 humidity", board).Fault);
        }
    }
}
