namespace Femto.Mqtt
{
    /// <summary>
    /// A board, as the firmware sees it: the class in <c>boards/NAME</c> fills it. The data file beside it
    /// (<c>board.json</c>) says the same for people and for flash.ps1; a test compares the two.
    /// </summary>
    public abstract class BoardProfile
    {
        /// <summary>The folder's name: <c>esp32-devkitc</c>.</summary>
        public string Name;
        /// <summary>nanoFramework's name of the firmware for it: <c>ESP32_REV3</c>.</summary>
        public string Target;
        /// <summary>Another firmware that runs on it; null: none.</summary>
        public string OtherTarget;
        /// <summary>Sockets of its network stack.</summary>
        public int Sockets = 16;
        /// <summary>Its network is a cable. Else it is Wi-Fi.</summary>
        public bool Ethernet;
        /// <summary>Pins of the I2C bus, -1: none.</summary>
        public int DataPin = -1, ClockPin = -1;
        /// <summary>Bytes of the server's buffer for reading.</summary>
        public int ReadBytes = 256;
        /// <summary>Pins an <c>adc</c> sensor may read, and the channel of each: <c>pin, channel, pin, channel ...</c>.
        /// </summary>
        public int[] AdcPins = new int[0];
        /// <summary>Pins a <c>gpio</c> sensor may count on.</summary>
        public int[] CountPins = new int[0];

        /// <summary>The sizes of all tables: a preset, changed so that the whole firmware fits. Made once.</summary>
        public abstract Limits NewLimits();

        /// <summary>Whether a firmware is for this board.</summary>
        public bool IsFor(string target)
        {
            return target == Target || target == OtherTarget && target != null;
        }

        /// <summary>The channel of a pin for readings of a voltage; -1: it has none.</summary>
        public int ChannelOf(int pin)
        {
            for (int i = 0; i + 1 < AdcPins.Length; i += 2)
            {
                if (AdcPins[i] == pin) return AdcPins[i + 1];
            }
            return -1;
        }

        /// <summary>Whether pulses can be counted on a pin.</summary>
        public bool Counts(int pin)
        {
            for (int i = 0; i < CountPins.Length; i++)
            {
                if (CountPins[i] == pin) return true;
            }
            return false;
        }
    }
}
