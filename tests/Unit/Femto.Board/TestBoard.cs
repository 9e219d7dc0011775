namespace Femto.Mqtt.Unit
{
    /// <summary>A board of the tests: pins for everything.</summary>
    public class TestBoard : BoardProfile
    {
        public TestBoard()
        {
            Name = "desk";
            Target = "TEST";
            DataPin = 21;
            ClockPin = 22;
            AdcPins = new int[] { 34, 6, 35, 7 };
            CountPins = new int[] { 25 };
        }

        public override Limits NewLimits()
        {
            return Limits.Esp32();
        }
    }

    /// <summary>The same with large packets.</summary>
    public class BigBoard : TestBoard
    {
        public override Limits NewLimits()
        {
            return Limits.Esp32Psram();
        }
    }
}
