namespace Femto.Mqtt
{
    /// <summary>
    /// A <c>sensor</c> section of the configuration. Filled before the app is built and not changed after. Names in
    /// brackets are the configuration's keywords.
    /// </summary>
    public sealed class SensorOptions
    {
        /// <summary>One level of a topic, unique (sensor).</summary>
        public string Name;
        /// <summary>What is read, in words that the board understands: <c>simulated temperature</c>,
        /// <c>bme280 humidity</c>, <c>adc 34</c>, <c>gpio 25</c>, <c>chip</c> (sensor_source).</summary>
        public string Source;
        /// <summary>Milliseconds between two readings, 10 to 86,400,000 (sensor_interval, in seconds).</summary>
        public int IntervalMs = 10000;
        /// <summary>Digits behind the point, 0 to 6 (sensor_decimals).</summary>
        public int Decimals = 2;
        /// <summary>As it stands in JSON; null: none (sensor_unit).</summary>
        public string Unit;
        /// <summary>JSON with unit and time; else the number alone (sensor_format).</summary>
        public bool Json;
        /// <summary>0 to 2 (sensor_qos).</summary>
        public int Qos;
        /// <summary>The last reading is kept for who comes later (sensor_retain).</summary>
        public bool Retain;
        /// <summary>Null: <c>femto/DEVICE/sensor/NAME</c> (sensor_topic).</summary>
        public string Topic;
        /// <summary>The line of <c>sensor</c>, from 1; 0: none.</summary>
        public int Line;
    }
}
