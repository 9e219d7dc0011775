using System;

namespace Femto.Mqtt.Unit
{
    /// <summary>A sensor that says what the test wants, and notes when it was asked.</summary>
    public class Gauge : ISensor
    {
        public int Value;
        public int Fault;
        public bool Throws;
        public int Asked;
        /// <summary>When it was asked, in milliseconds since the last look, with a blank behind each.</summary>
        public string Times = "";
        public int SinceMs;

        public int Read(int nowMs, out int value)
        {
            Asked++;
            Times += (nowMs - SinceMs).ToString() + " ";
            value = Value;
            if (Throws) throw new ArgumentException("bus");
            return Fault;
        }
    }
}
