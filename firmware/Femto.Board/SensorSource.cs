namespace Femto.Mqtt
{
    /// <summary>The words behind <c>sensor_source</c>, as a board understands them.</summary>
    public sealed class SensorSource
    {
        public const int Unknown = 0;
        /// <summary><c>bme280 temperature</c>, <c>humidity</c> or <c>pressure</c>: Quantity.</summary>
        public const int Bme280 = 1;
        /// <summary><c>adc PIN</c>: millivolts.</summary>
        public const int Adc = 2;
        /// <summary><c>gpio PIN</c>: pulses since boot.</summary>
        public const int Count = 3;
        /// <summary><c>uptime</c>: seconds since boot. A board without any chip wired has a reading too.</summary>
        public const int Uptime = 4;

        /// <summary>A constant above.</summary>
        public int Kind;
        /// <summary>Pin, or a constant of <see cref="Bme280Chip"/>.</summary>
        public int Argument;
        /// <summary>What is wrong, and what would be right; null: nothing.</summary>
        public string Fault;

        /// <summary>Reads the words.</summary>
        public SensorSource(string words, BoardProfile board)
        {
            string[] all = words.Split(new char[] { ' ' });
            string second = all.Length == 2 ? all[1] : "";
            if (all.Length == 1 && all[0] == "uptime") Kind = Uptime;
            else if (all[0] == "bme280") Chip(second, board);
            else if (all[0] == "adc") Pin(Adc, second, board);
            else if (all[0] == "gpio") Pin(Count, second, board);
            else if (words == "chip") Fault = "chip: nanoFramework has no call for the chip's temperature";
            else Fault = "'" + words + "' is no sensor of this board: bme280 QUANTITY, adc PIN, gpio PIN or uptime";
        }

        private void Chip(string quantity, BoardProfile board)
        {
            Kind = Bme280;
            if (quantity == "temperature") Argument = Bme280Chip.Temperature;
            else if (quantity == "humidity") Argument = Bme280Chip.Humidity;
            else if (quantity == "pressure") Argument = Bme280Chip.Pressure;
            else Fault = "bme280 has temperature, humidity and pressure, not '" + quantity + "'";
            if (board.DataPin < 0) Fault = board.Name + " has no pins for a bme280";
        }

        private void Pin(int kind, string pin, BoardProfile board)
        {
            Kind = kind;
            int number = pin.Length == 0 || pin.Length > 2 ? -1 : 0;
            for (int i = 0; i < pin.Length && number >= 0; i++)
            {
                int digit = pin[i] - '0';
                number = digit < 0 || digit > 9 ? -1 : number * 10 + digit;
            }
            bool there = kind == Adc ? board.ChannelOf(number) >= 0 : board.Counts(number);
            Argument = number;
            if (!there) Fault = "pin '" + pin + "' of " + board.Name + " cannot do that: see its README";
        }
    }
}
