using Femto.Mqtt;

namespace Femto.Boards
{
    /// <summary>
    /// Wireless-Tag's WT32-ETH01: an ESP32 without PSRAM, and a LAN8720 on pins 0, 16, 18, 19, 21, 22, 23, 25, 26
    /// and 27.
    /// </summary>
    public sealed class Wt32Eth01 : BoardProfile
    {
        /// <summary>The board.</summary>
        public Wt32Eth01()
        {
            Name = "wt32-eth01";
            Target = "WT32_ETH01";
            Ethernet = true;
            DataPin = 32;
            ClockPin = 33;
            AdcPins = new int[] { 36, 0, 39, 3, 35, 7 };
            CountPins = new int[] { 4, 14 };
        }

        /// <inheritdoc/>
        public override Limits NewLimits()
        {
            return InternalRam.NewLimits();
        }
    }
}
