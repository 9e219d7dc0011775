namespace System.Device.Gpio
{
    public sealed class GpioPulseCounter
    {
        public GpioPulseCounter(int pinA, int pinB)
        {
        }

        public ushort FilterPulses { get; set; }

        public GpioPulsePolarity Polarity { get; set; }

        public GpioPulseCount Read() => default;

        public void Start()
        {
        }
    }
}
