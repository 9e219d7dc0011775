namespace Femto.Mqtt
{
    /// <summary>
    /// A sensor that is not there, for a PC and for tests: a realistic day with noise, slow drift and spikes, and on
    /// request a stuck value or an outage. Integers only; equal seeds give equal days.
    /// </summary>
    public sealed class SimulatedSensor : ISensor
    {
        // Of a kind, all in thousandths: mean, amplitudes of day and half day, drift a second, noise, spike; and what
        // is added while a machine runs, 20 minutes of each hour.
        private const int Mean = 0, Day = 1, HalfDay = 2, Drift = 3, Noise = 4, Spike = 5, Machine = 6, Columns = 7;
        private const int DaySeconds = 86400;

        /// <summary>Seconds between two spikes, on average; 0: none.</summary>
        public int SpikeSeconds = 7200;
        /// <summary>The second of each day at which the value sticks, and for how long; 0: never.</summary>
        public int StuckAt, StuckSeconds;
        /// <summary>The second of each day at which nobody answers, and for how long; 0: never.</summary>
        public int OutageAt, OutageSeconds;
        /// <summary>Nobody answers, as long as this is set.</summary>
        public bool Silent;

        private readonly int[] of = new int[Columns];
        private readonly bool positive;
        private readonly int decimals;
        private uint random;
        private bool begun;
        private int lastMs, drift, spikeMs, stuck;
        private bool sticks;
        private long dayMs;         // since midnight
        private int secondMs;       // of the second that drift has seen

        /// <param name="kind">0 temperature, 1 humidity, 2 pressure, 3 vibration, 4 power.</param>
        /// <param name="decimals">Of the readings, 0 to 6.</param>
        /// <param name="seed">Any.</param>
        /// <param name="startSeconds">The time of day at the first reading.</param>
        public SimulatedSensor(int kind, int decimals, int seed, int startSeconds)
        {
            int[] kinds = new int[]
            {
                20000, 4500, 900, 3, 15, 6000, 0,
                55000, -12000, 2500, 12, 80, 20000, 0,
                1013250, 1200, 700, 2, 12, 4000, 0,
                1200, 150, 50, 6, 120, 6000, 900,
                180000, 40000, 15000, 60, 1500, 900000, 420000,
            };
            for (int i = 0; i < Columns; i++) of[i] = kinds[kind * Columns + i];
            positive = kind >= 3;
            this.decimals = decimals;
            random = (uint)seed * 2654435761 | 1;
            dayMs = startSeconds * 1000L;
            for (int i = 0; i < 8; i++) Next();
        }

        /// <summary>Makes one of words: <c>simulated KIND [spikes SECONDS] [stuck AT FOR] [outage AT FOR]
        /// [start SECONDS]</c>. Boot code.</summary>
        /// <param name="source">As in <see cref="SensorOptions.Source"/>.</param>
        /// <param name="wrong">What is wrong with it, or null.</param>
        /// <returns>Null: it is another source, or wrong.</returns>
        public static SimulatedSensor Make(string source, int decimals, int seed, out string wrong)
        {
            wrong = null;
            string[] words = source.Split(new char[] { ' ' });
            if (words[0] != "simulated") return null;
            string[] names = new string[] { "temperature", "humidity", "pressure", "vibration", "power" };
            int kind = -1;
            for (int i = 0; i < names.Length; i++)
            {
                if (words.Length > 1 && words[1] == names[i]) kind = i;
            }
            if (kind < 0)
            {
                wrong = "simulated temperature, humidity, pressure, vibration or power";
                return null;
            }
            SimulatedSensor s = new SimulatedSensor(kind, decimals, seed, 21600);
            for (int i = 2; i < words.Length;)
            {
                string word = words[i];
                bool two = word == "stuck" || word == "outage";
                int first, second = 0;
                if (!two && word != "spikes" && word != "start" || !Seconds(words, i + 1, out first)
                    || two && !Seconds(words, i + 2, out second))
                {
                    wrong = "behind the kind: spikes SECONDS, stuck AT FOR, outage AT FOR, start SECONDS";
                    return null;
                }
                if (word == "spikes") s.SpikeSeconds = first;
                if (word == "start") s.dayMs = first * 1000L;
                if (word == "stuck") s.StuckAt = first;
                if (word == "stuck") s.StuckSeconds = second;
                if (word == "outage") s.OutageAt = first;
                if (word == "outage") s.OutageSeconds = second;
                i += two ? 3 : 2;
            }
            return s;
        }

        private static bool Seconds(string[] words, int i, out int seconds)
        {
            seconds = 0;
            if (i >= words.Length || words[i].Length == 0 || words[i].Length > 5) return false;
            for (int k = 0; k < words[i].Length; k++)
            {
                char c = words[i][k];
                if (c < '0' || c > '9') return false;
                seconds = seconds * 10 + (c - '0');
            }
            return seconds <= DaySeconds;
        }

        /// <inheritdoc/>
        public int Read(int nowMs, out int value)
        {
            if (!begun) lastMs = nowMs;
            begun = true;
            int passed = nowMs - lastMs;
            lastMs = nowMs;
            dayMs = (dayMs + passed) % (DaySeconds * 1000L);
            spikeMs -= passed < spikeMs ? passed : spikeMs;
            secondMs += passed;
            for (int n = 0; secondMs >= 1000; n++)
            {
                if (n < 600) Second();
                secondMs -= 1000;
            }
            int second = (int)(dayMs / 1000);
            long now = Curve(second);
            bool stick = Within(second, StuckAt, StuckSeconds);
            if (stick && !sticks) stuck = (int)now;
            sticks = stick;
            if (stick) now = stuck;
            value = Scaled(now);
            return Silent || Within(second, OutageAt, OutageSeconds) ? SensorFault.NoAnswer : SensorFault.None;
        }

        private static bool Within(int second, int at, int length)
        {
            int since = second - at;
            if (since < 0) since += DaySeconds;
            return since < length;
        }

        // What moves slowly, and when a spike begins.
        private void Second()
        {
            drift += Noisy(of[Drift]) - drift / 2048;
            if (SpikeSeconds == 0 || (int)(Next() >> 1) % SpikeSeconds != 0) return;
            spikeMs = 2000;
        }

        private long Curve(int second)
        {
            long now = of[Mean] + drift;
            now += of[Day] * (long)Sine((second - 32400) * 10 / 24) / 10000;
            now += of[HalfDay] * (long)Sine((second - 7200) * 20 / 24) / 10000;
            if (second % 3600 < 1200) now += of[Machine];
            // Three throws together: most are small, as noise is.
            int noise = of[Noise];
            now += (Noisy(noise) + Noisy(noise) + Noisy(noise)) / 2;
            if (spikeMs != 0) now += of[Spike];
            return now < 0 && positive ? 0 : now;
        }

        // Of hundredths of a degree, times 10,000 (Bhaskara's approximation, within 0.2 %).
        private static int Sine(int hundredths)
        {
            int x = hundredths % 36000;
            if (x < 0) x += 36000;
            bool minus = x >= 18000;
            if (minus) x -= 18000;
            long product = (long)x * (18000 - x);
            int sine = (int)(4 * product * 10000 / (405000000 - product));
            return minus ? -sine : sine;
        }

        // From -most to most.
        private int Noisy(int most)
        {
            return (int)((Next() >> 8) % (uint)(2 * most + 1)) - most;
        }

        private int Scaled(long thousandths)
        {
            for (int i = 3; i < decimals; i++) thousandths *= 10;
            long divisor = 1;
            for (int i = decimals; i < 3; i++) divisor *= 10;
            thousandths += thousandths < 0 ? -divisor / 2 : divisor / 2;
            return (int)(thousandths / divisor);
        }

        private uint Next()
        {
            uint x = random;
            x ^= x << 13;
            x ^= x >> 17;
            x ^= x << 5;
            random = x;
            return x;
        }
    }
}
