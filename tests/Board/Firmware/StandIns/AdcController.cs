namespace System.Device.Adc
{
    public class AdcController
    {
        public int MaxValue => 4095;

        public AdcChannel OpenChannel(int channelNumber) => new AdcChannel();
    }
}
