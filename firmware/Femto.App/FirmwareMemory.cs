namespace Femto.Mqtt
{
    /// <summary>What the whole firmware takes of the board's heap, part by part, as it is printed at boot.</summary>
    public static class FirmwareMemory
    {
        /// <summary>What a board without PSRAM can give: 48 KB.</summary>
        public const int Esp32Bytes = 49152;

        /// <summary>Bytes of all parts.</summary>
        public static int Bytes(Broker broker, Bridge[] bridges, SensorApp app)
        {
            int sum = broker.RamBytes;
            for (int i = 0; i < bridges.Length; i++) sum += bridges[i].RamBytes;
            return app == null ? sum : sum + app.RamBytes;
        }

        /// <summary>A line for each part, and the sum. Boot code.</summary>
        /// <param name="app">May be null.</param>
        /// <param name="most">What the board has; 0: not to be told.</param>
        public static string[] Lines(Broker broker, Bridge[] bridges, SensorApp app, int most)
        {
            int aggregation = 0;
            for (int i = 0; i < bridges.Length; i++) aggregation += bridges[i].AggregateBytes;
            string[] lines = new string[bridges.Length + 2 + (aggregation == 0 ? 0 : 1) + (app == null ? 0 : 1)];
            int n = 0;
            lines[n++] = Line("broker", broker.RamBytes);
            for (int i = 0; i < bridges.Length; i++)
            {
                lines[n++] = Line("bridge " + bridges[i].Options.Name, bridges[i].RamBytes - bridges[i].AggregateBytes);
            }
            if (aggregation != 0) lines[n++] = Line("aggregation", aggregation);
            if (app != null) lines[n++] = Line("sensor app", app.RamBytes);
            string sum = Line("together", Bytes(broker, bridges, app));
            lines[n] = most == 0 ? sum : sum + " of " + most.ToString();
            return lines;
        }

        private static string Line(string part, int bytes)
        {
            return "memory: " + part + " " + bytes.ToString() + " bytes";
        }
    }
}
