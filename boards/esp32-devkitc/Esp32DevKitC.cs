using Femto.Mqtt;

namespace Femto.Boards
{
    /// <summary>Espressif's ESP32-DevKitC with an ESP32-WROOM-32 (revision 3): no PSRAM.</summary>
    public sealed class Esp32DevKitC : BoardProfile
    {
        /// <summary>The board.</summary>
        public Esp32DevKitC()
        {
            Name = "esp32-devkitc";
            Target = "ESP32_REV3";
            DataPin = 21;
            ClockPin = 22;
            AdcPins = new int[] { 36, 0, 39, 3, 32, 4, 33, 5, 34, 6, 35, 7 };
            CountPins = new int[] { 25, 26, 27 };
        }

        /// <inheritdoc/>
        public override Limits NewLimits()
        {
            return InternalRam.NewLimits();
        }
    }
}
