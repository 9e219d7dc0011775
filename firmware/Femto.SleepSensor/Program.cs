using System;
using System.Device.I2c;
using System.IO;
using System.Net.NetworkInformation;
using System.Text;
using System.Threading;
using Femto.Firmware;
using Femto.Mqtt;
using nanoFramework.Hardware.Esp32;
using Pins = nanoFramework.Hardware.Esp32.Configuration;

namespace Femto.SleepSensor
{
    /// <summary>
    /// A sensor on a battery: wakes, measures, connects, publishes, waits until it is confirmed, sleeps. A client
    /// alone: no broker is loaded. Whatever goes wrong, it sleeps, and tries again at the next time.
    /// </summary>
    public static class Program
    {
        private const int NetworkMs = 15000, ConnectMs = 10000, ConfirmMs = 5000, MeasureMs = 100;

        /// <summary>Entry point.</summary>
        public static void Main()
        {
            SleepSettings settings = new SleepSettings(Settings());
            try
            {
                Console.WriteLine("woken: " + Cycle(settings));
            }
            catch (Exception e)
            {
                Console.WriteLine("woken: " + e.Message);
            }
            Console.WriteLine("sleeps " + settings.Seconds.ToString() + " s");
            Sleep.EnableWakeupByTimer(TimeSpan.FromSeconds(settings.Seconds));
            Sleep.StartDeepSleep();
        }

        private static string Cycle(SleepSettings settings)
        {
            if (settings.Fault != null) return SleepSettings.File + ": " + settings.Fault;
            string payload = Measure(settings);
            int waited = 0;
            while (!NetworkInterface.GetIsNetworkAvailable())
            {
                if (waited >= NetworkMs) return "no network";
                Thread.Sleep(100);
                waited += 100;
            }
            TransportOptions where = new TransportOptions();
            where.Host = settings.Host;
            where.Port = settings.Port;
            ClientOptions options = new ClientOptions();
            options.ClientId = Encoding.UTF8.GetBytes("femto." + settings.Device);
            MqttClient client = new MqttClient(new BoardTransport(), where, options, ClientLimits.Small(), 1);
            string topic = "femto/" + settings.Device + "/sensor/climate";
            if (client.Publish(topic, payload, 1, true, 0) != Fault.None) return "the message is too large";
            if (client.Connect(ConnectMs) != 0) return "not connected: " + client.Error;
            return client.Close(ConfirmMs) ? "published and confirmed: " + payload : "not confirmed in time";
        }

        // In units of the last digit: 2153 is 21.53 degrees; the pressure in pascals.
        private static string Measure(SleepSettings settings)
        {
            Pins.SetPinFunction(settings.DataPin, DeviceFunction.I2C1_DATA);
            Pins.SetPinFunction(settings.ClockPin, DeviceFunction.I2C1_CLOCK);
            Bme280Chip chip = new Bme280Chip(new I2cRegisters(
                I2cDevice.Create(new I2cConnectionSettings(1, 0x76, I2cBusSpeed.StandardMode)),
                I2cDevice.Create(new I2cConnectionSettings(1, 0x77, I2cBusSpeed.StandardMode))));
            int t, h, p;
            chip.Read(Bme280Chip.Temperature, 0, out t);
            Thread.Sleep(MeasureMs);
            int fault = chip.Read(Bme280Chip.Temperature, MeasureMs, out t);
            if (fault != SensorFault.None) return "{\"fault\":" + fault.ToString() + "}";
            chip.Read(Bme280Chip.Humidity, MeasureMs, out h);
            chip.Read(Bme280Chip.Pressure, MeasureMs, out p);
            return "{\"t\":" + t.ToString() + ",\"h\":" + h.ToString() + ",\"p\":" + p.ToString() + "}";
        }

        private static byte[] Settings()
        {
            try
            {
                return File.Exists(SleepSettings.File) ? File.ReadAllBytes(SleepSettings.File) : null;
            }
            catch (Exception)
            {
                return null;
            }
        }
    }
}
