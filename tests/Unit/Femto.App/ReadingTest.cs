using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Readings: when they are taken, and how they are said.</summary>
    [TestClass]
    public class ReadingTest
    {
        private const string Two = "status_interval 0;sensor a;sensor_source x;sensor_interval 1;sensor_decimals 2;"
            + "sensor b;sensor_source x;sensor_interval 0.3;sensor_decimals 0";

        [TestMethod]
        public void TheScheduleDoesNotDrift()
        {
            Site s = new Site(Two);
            s.Pass(0, 1);
            s.Turn();
            s.Pass(60000, 70);          // the loop comes late by up to 70 ms each time
            Assert.AreEqual(61, s.Gauges[0].Asked);
            Assert.AreEqual(201, s.Gauges[1].Asked);
        }

        [TestMethod]
        public void WhatWasSleptThroughIsLeftOut()
        {
            Site s = new Site(Two);
            s.Turn();
            s.Pass(10500, 10500);
            Assert.AreEqual("0 10500 ", s.Gauges[0].Times);
            s.Pass(1500, 10);
            Assert.AreEqual("0 10500 11000 12000 ", s.Gauges[0].Times); // on the same grid as before
        }

        [TestMethod]
        public void NumbersAsTheyAre()
        {
            Site s = new Site(Two);
            s.Gauges[0].Value = -2105;
            s.Gauges[1].Value = 7;
            s.Turn();
            s.Hears("status {\"status\":\"online\",\"version\":\"0.1.0\",\"boot\":\"power on\",\"uptime\":0,"
                + "\"t\":null};sensor/a -21.05;sensor/b 7;");
            s.Gauges[0].Value = 10;
            s.Pass(1000, 1000);
            s.Hears("sensor/a 0.10;sensor/b 7;");
        }

        [TestMethod]
        public void JsonSaysUnitAndTime()
        {
            Site s = new Site("status_interval 0;sensor a;sensor_source x;sensor_format json;sensor_unit °C;"
                + "sensor_retain true;sensor_qos 1;sensor b;sensor_source x;sensor_format json;sensor_decimals 0;"
                + "sensor_topic other/b");
            s.Gauges[0].Value = 2153;
            s.Turn();
            s.Heard();
            s.Pass(10000);
            Assert.AreEqual("sensor/a {\"value\":21.53,\"unit\":\"°C\",\"t\":null,\"up\":10000};", s.Heard());
            Assert.AreEqual(1 | 4, s.Qos);
            s.Listen("other/#");
            s.Clock.Set(1700000000, 250, s.Net.NowMs);
            s.Turn();
            s.Heard();
            s.Pass(10000);
            s.Hears("sensor/a {\"value\":21.53,\"unit\":\"°C\",\"t\":1700000010250};"
                + "other/b {\"value\":0,\"t\":1700000010250};");
        }

        [TestMethod]
        public void WaitLastsUntilTheNextReading()
        {
            Site s = new Site("sensor a;sensor_source x;sensor_interval 2");
            Assert.AreEqual(0, s.App.Wait(s.Net.NowMs));
            s.Turn();
            Assert.AreEqual(2000, s.App.Wait(s.Net.NowMs));
            Assert.AreEqual(500, s.App.Wait(s.Net.NowMs + 1500));
            Assert.AreEqual(0, s.App.Wait(s.Net.NowMs + 2500));
            Site slow = new Site("sensor a;sensor_source x;sensor_interval 3600");
            slow.Turn();
            Assert.AreEqual(5000, slow.App.Wait(slow.Net.NowMs)); // the watchdog wants to be fed
        }

        [TestMethod]
        public void NothingIsLostWhenTheInboxIsSmall()
        {
            string config = "status_interval 0";
            for (int i = 0; i < 6; i++)
            {
                config += ";sensor s" + i.ToString() + ";sensor_source x;sensor_interval 1;sensor_decimals 0;"
                    + "sensor_format json;sensor_unit aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
            }
            Site s = new Site(config);
            s.Turn();
            s.Heard();
            s.App.Turn(s.Net.NowMs);
            s.Net.NowMs += 1000;
            s.Net.Sites[0].NowMs = s.Net.NowMs;
            s.App.Turn(s.Net.NowMs);
            Assert.AreEqual(2, s.Gauges[0].Asked);
            Assert.AreEqual(1, s.Gauges[5].Asked); // the inbox takes one of these at a time
            Assert.AreEqual(10, s.App.Wait(s.Net.NowMs));
            s.Turn();
            Assert.AreEqual(2, s.Gauges[5].Asked);
            string all = s.Heard();
            for (int i = 0; i < 6; i++) Assert.IsTrue(all.IndexOf("sensor/s" + i.ToString() + " ") >= 0, all);
        }

        [TestMethod]
        public void AFailingSensorIsToldAndAskedLessOften()
        {
            Site s = new Site(Two);
            s.Turn();
            s.Heard();
            s.Gauges[0].Fault = SensorFault.NoAnswer;
            s.Gauges[0].SinceMs = s.Net.NowMs;
            s.Gauges[0].Times = "";
            s.Gauges[1].Value = 3;
            s.Pass(1000, 1000);
            s.Hears("fault/a {\"fault\":\"no answer\",\"retry\":1,\"t\":null,\"up\":1000};sensor/b 3;");
            s.Pass(700000, 500);
            Assert.AreEqual("1000 2000 4000 8000 16000 32000 64000 128000 256000 512000 ", Cut(s.Gauges[0].Times));
            Assert.IsTrue(s.Gauges[1].Asked > 1000, "the other is not disturbed");
            Assert.IsTrue(s.Heard().IndexOf("fault") < 0, "told once");
            s.Gauges[0].Fault = SensorFault.OutOfRange;
            s.Pass(300000, 500);
            string told = s.Heard();
            Assert.IsTrue(told.IndexOf("fault/a {\"fault\":\"out of range\",\"retry\":300,") >= 0, "another fault");
            s.Gauges[0].Fault = SensorFault.None;
            s.Gauges[0].Value = 1234;
            s.Pass(300000, 500);
            told = s.Heard();
            Assert.IsTrue(told.IndexOf("sensor/a 12.34;fault/a {\"fault\":null,") >= 0, "it is back");
            s.Gauges[0].Asked = 0;
            s.Pass(10000, 500);
            Assert.AreEqual(10, s.Gauges[0].Asked); // by its interval again
        }

        // The tries within the first ten minutes of back-off.
        private static string Cut(string times)
        {
            int at = times.IndexOf("512000 ");
            return at < 0 ? times : times.Substring(0, at + 7);
        }

        [TestMethod]
        public void WhatASensorThrowsIsItsFault()
        {
            Site s = new Site(Two);
            s.Gauges[0].Throws = true;
            s.Gauges[1].Fault = 99;
            s.Turn();
            string told = s.Heard();
            Assert.IsTrue(told.IndexOf("fault/a {\"fault\":\"broken\"") >= 0, told);
            Assert.IsTrue(told.IndexOf("fault/b {\"fault\":\"broken\"") >= 0, told);
        }

        [TestMethod]
        public void NotReadyIsNoFaultUnlessItLasts()
        {
            Site s = new Site("status_interval 0;sensor a;sensor_source x;sensor_interval 1");
            s.Gauges[0].Fault = SensorFault.NotReady;
            s.Turn();
            s.Heard();
            s.Pass(8000, 1000);
            s.Hears("");
            Assert.AreEqual(9, s.Gauges[0].Asked);
            s.Gauges[0].Fault = SensorFault.None;
            s.Pass(1000, 1000);
            s.Hears("sensor/a 0.00;");
            s.Gauges[0].Fault = SensorFault.NotReady;
            s.Pass(10000, 1000);
            s.Hears("fault/a {\"fault\":\"not ready\",\"retry\":1,\"t\":null,\"up\":19000};");
        }
    }
}
