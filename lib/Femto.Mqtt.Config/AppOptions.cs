namespace Femto.Mqtt
{
    /// <summary>What the configuration says about the sensor app: a device and its sensors.</summary>
    public sealed class AppOptions
    {
        /// <summary>One level of a topic: <c>femto/DEVICE/...</c> (device).</summary>
        public string Device;
        /// <summary>In the order of the file.</summary>
        public SensorOptions[] Sensors = new SensorOptions[0];
        /// <summary>Seconds after which the status is published anew, with the uptime; 0: only when it changes
        /// (status_interval).</summary>
        public int StatusSeconds = 300;
        /// <summary>Seconds without progress of a bridge after which the watchdog starts the board again; 0: never
        /// (watchdog_timeout).</summary>
        public int WatchdogSeconds = 1800;
        /// <summary>Where a PC keeps the last events for the next start; null: nowhere. A board has its own place
        /// (blackbox_file).</summary>
        public string BlackBoxFile;
        /// <summary>The line of <c>device</c>, from 1; 0: none.</summary>
        public int Line;
    }
}
