namespace Femto.Mqtt
{
    /// <summary>Where lines for people go: the serial port.</summary>
    public interface ILineWriter
    {
        /// <summary>Writes a line and its end.</summary>
        void Line(string text);
    }
}
