using System;
using Femto.Mqtt;

namespace Femto.Firmware
{
    /// <summary>The serial port of the log: the one that the board is flashed through.</summary>
    public sealed class SerialLines : ILineWriter
    {
        /// <inheritdoc/>
        public void Line(string text)
        {
            Console.WriteLine(text);
        }
    }
}
