using System;
using System.Threading;
using Femto.Mqtt;
using nanoFramework.Runtime.Native;

namespace Femto.Firmware
{
    /// <summary>
    /// The board's program. Nothing that goes wrong ends it: what heals is a state of its own, and what nobody thought
    /// of is told on the serial port and begun anew.
    /// </summary>
    public static class Program
    {
        private const int PauseMs = 10000;

        /// <summary>Entry point of the firmware.</summary>
        public static void Main()
        {
            SerialLines lines = new SerialLines();
            try
            {
                Boot boot = new Boot(lines);
                BoardServer server = boot.Build();
                if (server != null) server.Run();
                else Rest();
            }
            catch (Exception e)
            {
                object fault = e;
                lines.Line("fault: " + fault.GetType().FullName + ": " + e.Message);
                lines.Line(e.StackTrace);
            }
            lines.Line("begins anew in 10 s");
            // Time for who wants to put another program on it.
            Thread.Sleep(PauseMs);
            Power.RebootDevice(RebootOption.NormalReboot);
        }

        // What does not fit will not fit after another boot either: wait for somebody with a cable.
        private static void Rest()
        {
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
