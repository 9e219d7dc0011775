using System.Device.Gpio;
using Femto.Mqtt;

namespace Femto.Firmware
{
    /// <summary>Pulses since boot, counted by the chip's own counter: a meter, a tipping bucket, an anemometer.
    /// </summary>
    public sealed class PulseSensor : ISensor
    {
        private const int Filter = 1023; // the longest: what is shorter than 13 us is noise
        private const int NoSecondPin = -1;

        private readonly GpioPulseCounter counter;

        /// <param name="pin">With a pull-up of its own: a switch to ground makes a pulse.</param>
        public PulseSensor(int pin)
        {
            counter = new GpioPulseCounter(pin, NoSecondPin);
            counter.Polarity = GpioPulsePolarity.Falling;
            counter.FilterPulses = Filter;
            counter.Start();
        }

        /// <inheritdoc/>
        public int Read(int nowMs, out int value)
        {
            value = (int)counter.Read().Count;
            return SensorFault.None;
        }
    }
}
