using System.Device.Adc;
using Femto.Mqtt;

namespace Femto.Firmware
{
    /// <summary>
    /// A voltage at a pin, in millivolts, as the mean of eight readings. The scale is that of the converter, not
    /// calibrated: 0 to 3300 mV over its range.
    /// </summary>
    public sealed class AdcSensor : ISensor
    {
        private const int Readings = 8, FullMillivolts = 3300;

        private readonly AdcChannel channel;
        private readonly int most, scale;

        /// <param name="channel">The converter's channel.</param>
        /// <param name="decimals">Digits behind the point.</param>
        public AdcSensor(int channel, int decimals)
        {
            AdcController controller = new AdcController();
            this.channel = controller.OpenChannel(channel);
            most = controller.MaxValue;
            scale = 1;
            for (int i = 0; i < decimals; i++) scale *= 10;
        }

        /// <inheritdoc/>
        public int Read(int nowMs, out int value)
        {
            long sum = 0;
            for (int i = 0; i < Readings; i++) sum += channel.ReadValue();
            value = (int)(sum * FullMillivolts * scale / (Readings * most));
            return SensorFault.None;
        }
    }
}
