namespace Femto.Mqtt.Unit
{
    /// <summary>Keeps what is written on the serial port.</summary>
    public class Lines : ILineWriter
    {
        public string[] All = new string[100];
        public int Count;

        public string Last
        {
            get { return Count == 0 ? "" : All[Count - 1]; }
        }

        public void Line(string text)
        {
            All[Count++] = text;
        }
    }
}
