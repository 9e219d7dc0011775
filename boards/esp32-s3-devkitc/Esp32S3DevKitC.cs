using Femto.Mqtt;

namespace Femto.Boards
{
    /// <summary>
    /// Espressif's ESP32-S3-DevKitC-1 with octal (N8R8, N16R8) or quad (N8R2) PSRAM. Pins 33 to 37 are octal PSRAM's,
    /// 3, 45 and 46 decide how the chip boots.
    /// </summary>
    public sealed class Esp32S3DevKitC : BoardProfile
    {
        /// <summary>The board.</summary>
        public Esp32S3DevKitC()
        {
            Name = "esp32-s3-devkitc";
            Target = "ESP32_S3_OCTAL";
            OtherTarget = "ESP32_S3_QUAD";
            DataPin = 8;
            ClockPin = 9;
            AdcPins = new int[] { 1, 0, 2, 1, 4, 3, 5, 4, 6, 5, 7, 6 };
            CountPins = new int[] { 15, 16 };
            ReadBytes = 1024;
        }

        /// <inheritdoc/>
        public override Limits NewLimits()
        {
            return Limits.Esp32Psram();
        }
    }
}
