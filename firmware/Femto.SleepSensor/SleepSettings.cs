using System.Text;

namespace Femto.SleepSensor
{
    /// <summary>A word and its value a line: host, port, device, seconds, sda, scl.</summary>
    public sealed class SleepSettings
    {
        /// <summary>Where they lie.</summary>
        public const string File = "I:\\sleep.conf";

        /// <summary>The server; null: not said.</summary>
        public string Host;
        /// <summary>1 to 65,535.</summary>
        public int Port = 1883;
        /// <summary>One level of a topic.</summary>
        public string Device = "sleeper";
        /// <summary>From one reading to the next, 1 to 86,400; 300 when the file is missing or wrong.</summary>
        public int Seconds = 300;
        /// <summary>Pins of the I2C bus.</summary>
        public int DataPin = 21, ClockPin = 22;
        /// <summary>What is wrong; null: nothing.</summary>
        public string Fault;

        /// <param name="text">The file; null: there is none.</param>
        public SleepSettings(byte[] text)
        {
            if (text == null)
            {
                Fault = "there is no such file";
                return;
            }
            string[] lines = Encoding.UTF8.GetString(text, 0, text.Length).Split(new char[] { '\n' });
            for (int i = 0; i < lines.Length && Fault == null; i++)
            {
                string line = lines[i].Trim();
                if (line.Length == 0 || line[0] == '#') continue;
                string[] words = line.Split(new char[] { ' ' });
                if (words.Length != 2 || !Put(words[0], words[1])) Fault = "'" + line + "' is wrong";
            }
            if (Fault == null && Host == null) Fault = "there is no host line";
        }

        private bool Put(string word, string value)
        {
            if (word == "host") Host = value;
            else if (word == "device") Device = value;
            else if (word == "port") return Number(value, 65535, out Port);
            else if (word == "seconds") return Number(value, 86400, out Seconds);
            else if (word == "sda") return Number(value, 48, out DataPin);
            else if (word == "scl") return Number(value, 48, out ClockPin);
            else return false;
            return true;
        }

        private static bool Number(string text, int most, out int number)
        {
            number = 0;
            for (int i = 0; i < text.Length; i++)
            {
                int digit = text[i] - '0';
                if (digit < 0 || digit > 9 || number > most) return Reset(out number);
                number = number * 10 + digit;
            }
            return number >= 1 && number <= most || Reset(out number);
        }

        // A board that sleeps for no time would never be reached again.
        private static bool Reset(out int number)
        {
            number = 300;
            return false;
        }
    }
}
