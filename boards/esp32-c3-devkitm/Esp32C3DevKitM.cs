using Femto.Mqtt;

namespace Femto.Boards
{
    /// <summary>
    /// Espressif's ESP32-C3-DevKitM-1: no PSRAM, and no counter in the chip. Pins 2, 8 and 9 decide how it boots.
    /// </summary>
    public sealed class Esp32C3DevKitM : BoardProfile
    {
        /// <summary>The board.</summary>
        public Esp32C3DevKitM()
        {
            Name = "esp32-c3-devkitm";
            Target = "ESP32_C3";
            DataPin = 5;
            ClockPin = 6;
            AdcPins = new int[] { 0, 0, 1, 1, 3, 3, 4, 4 };
        }

        /// <inheritdoc/>
        public override Limits NewLimits()
        {
            return InternalRam.NewLimits();
        }
    }
}
