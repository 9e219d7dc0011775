using Femto.Mqtt;

namespace Femto.Boards
{
    /// <summary>A board with an ESP32-WROVER (revision 3): 4 or 8 MB of PSRAM, on pins 16 and 17.</summary>
    public sealed class Esp32Wrover : BoardProfile
    {
        /// <summary>The board.</summary>
        public Esp32Wrover()
        {
            Name = "esp32-wrover";
            Target = "ESP32_PSRAM_REV3";
            DataPin = 21;
            ClockPin = 22;
            AdcPins = new int[] { 36, 0, 39, 3, 32, 4, 33, 5, 34, 6, 35, 7 };
            CountPins = new int[] { 25, 26, 27 };
            ReadBytes = 1024;
        }

        /// <inheritdoc/>
        public override Limits NewLimits()
        {
            return Limits.Esp32Psram();
        }
    }
}
