namespace Femto.Mqtt
{
    /// <summary>
    /// Bosch's BME280: temperature, humidity, pressure. Measures once a second by itself and is read when
    /// somebody asks, so that nothing waits. All arithmetic is in integers, as the chip's data sheet has it (4.2.3,
    /// with 64 bits for the pressure); nothing is allocated.
    /// </summary>
    public sealed class Bme280Chip
    {
        /// <summary>Hundredths of a degree Celsius.</summary>
        public const int Temperature = 0;
        /// <summary>Hundredths of a percent.</summary>
        public const int Humidity = 1;
        /// <summary>Pascals.</summary>
        public const int Pressure = 2;

        /// <summary>Milliseconds after which the first measurement is there, with one sample of each.</summary>
        public const int MeasureMs = 10;

        private const int IdRegister = 0xD0, HumidityControl = 0xF2, Control = 0xF4, Config = 0xF5, Data = 0xF7;
        private const int Id = 0x60;
        private const int EverySecond = 0xA0;   // pause between two measurements, no filter
        private const int Normal = 0x27;        // one sample of temperature and pressure, again and again
        private const int FreshMs = 500;        // quantities asked for within this time come from one reading
        private const int Nothing = 0x80000;    // what the chip says of a quantity that it has not measured

        private readonly IRegisters chip;
        private readonly byte[] bytes;
        private readonly int[] t, p, h;
        private readonly int[] values;
        private int sinceMs;
        private bool running, measured;

        /// <param name="chip">The chip on its bus.</param>
        public Bme280Chip(IRegisters chip)
        {
            this.chip = chip;
            bytes = new byte[26];
            t = new int[3];
            p = new int[9];
            h = new int[6];
            values = new int[3];
        }

        /// <summary>A quantity, not older than a second and a half.</summary>
        /// <returns>A constant of <see cref="SensorFault"/>; NotReady: ask again after <see cref="MeasureMs"/>.
        /// </returns>
        public int Read(int quantity, int nowMs, out int value)
        {
            value = 0;
            if (!running)
            {
                if (!SetUp()) return SensorFault.NoAnswer;
                running = true;
                measured = false;
                sinceMs = nowMs;
                return SensorFault.NotReady;
            }
            if (!measured && nowMs - sinceMs < MeasureMs) return SensorFault.NotReady;
            if (!measured || nowMs - sinceMs >= FreshMs)
            {
                int fault = Fetch();
                if (fault != SensorFault.None) return fault;
                measured = true;
                sinceMs = nowMs;
            }
            value = values[quantity];
            return SensorFault.None;
        }

        private int Fetch()
        {
            // Whatever goes wrong, it is set up again: it may have lost its power.
            running = false;
            if (!chip.Read(Data, bytes, 8)) return SensorFault.NoAnswer;
            int rawPressure = bytes[0] << 12 | bytes[1] << 4 | bytes[2] >> 4;
            int rawTemperature = bytes[3] << 12 | bytes[4] << 4 | bytes[5] >> 4;
            int rawHumidity = bytes[6] << 8 | bytes[7];
            if (rawTemperature == Nothing) return SensorFault.OutOfRange;
            Compute(rawTemperature, rawPressure, rawHumidity);
            running = true;
            return SensorFault.None;
        }

        private void Compute(int rawTemperature, int rawPressure, int rawHumidity)
        {
            int a = ((rawTemperature >> 3) - (t[0] << 1)) * t[1] >> 11;
            int b = (rawTemperature >> 4) - t[0];
            int fine = a + ((b * b >> 12) * t[2] >> 14);
            values[Temperature] = fine * 5 + 128 >> 8;
            values[Pressure] = PressureOf(rawPressure, fine);
            values[Humidity] = HumidityOf(rawHumidity, fine);
        }

        private int PressureOf(int raw, int fine)
        {
            long v1 = (long)fine - 128000;
            long v2 = v1 * v1 * p[5];
            v2 += v1 * p[4] << 17;
            v2 += (long)p[3] << 35;
            v1 = (v1 * v1 * p[2] >> 8) + (v1 * p[1] << 12);
            v1 = ((1L << 47) + v1) * p[0] >> 33;
            if (v1 == 0) return 0; // would be a division by zero
            long x = 1048576 - raw;
            x = ((x << 31) - v2) * 3125 / v1;
            v1 = p[8] * (x >> 13) * (x >> 13) >> 25;
            v2 = p[7] * x >> 19;
            x = (x + v1 + v2 >> 8) + ((long)p[6] << 4);
            return (int)(x + 128 >> 8);
        }

        private int HumidityOf(int raw, int fine)
        {
            int v = fine - 76800;
            int x = ((raw << 14) - (h[3] << 20) - h[4] * v + 16384) >> 15;
            int y = (((v * h[5] >> 10) * ((v * h[2] >> 11) + 32768) >> 10) + 2097152) * h[1] + 8192 >> 14;
            x *= y;
            x -= ((x >> 15) * (x >> 15) >> 7) * h[0] >> 4;
            if (x < 0) x = 0;
            if (x > 419430400) x = 419430400;
            // 1024ths of a percent, twelve bits down.
            return (x >> 12) * 25 + 128 >> 8;
        }

        // Identity, calibration, one sample of humidity. The chip may be plugged in later.
        private bool SetUp()
        {
            if (!chip.Read(IdRegister, bytes, 1) || bytes[0] != Id) return false;
            if (!chip.Read(0x88, bytes, 26)) return false;
            t[0] = bytes[0] | bytes[1] << 8;
            for (int i = 1; i < 3; i++) t[i] = Signed(2 * i);
            p[0] = bytes[6] | bytes[7] << 8;
            for (int i = 1; i < 9; i++) p[i] = Signed(6 + 2 * i);
            h[0] = bytes[25];
            if (!chip.Read(0xE1, bytes, 7)) return false;
            h[1] = Signed(0);
            h[2] = bytes[2];
            h[3] = (sbyte)bytes[3] * 16 | bytes[4] & 15;
            h[4] = (sbyte)bytes[5] * 16 | bytes[4] >> 4;
            h[5] = (sbyte)bytes[6];
            return chip.Write(HumidityControl, 1) && chip.Write(Config, EverySecond) && chip.Write(Control, Normal);
        }

        private int Signed(int at)
        {
            return (short)(bytes[at] | bytes[at + 1] << 8);
        }
    }
}
