using System.Text;

namespace Femto.Mqtt
{
    /// <summary>The device and its sensors, as they become the app's options.</summary>
    internal sealed class AppSection
    {
        private readonly Configuration config;
        private SensorOptions sensor;

        /// <summary>The line that <see cref="Finish"/> has something against.</summary>
        public int Line;
        /// <summary>The word that it is told of.</summary>
        public string Word;

        private int first;                  // line of the device's words

        public AppSection(Configuration config)
        {
            this.config = config;
        }

        /// <summary>Whether there is a sensor that a word can belong to.</summary>
        public bool Open
        {
            get { return sensor != null; }
        }

        /// <summary>Looks at all of it; returns what is wrong, or null.</summary>
        public string Finish()
        {
            if (config.App == null) return null;
            Line = first;
            Word = "device";
            if (config.App.Device == null && config.App.Sensors.Length == 0) return "there is no device line";
            Word = "sensor";
            for (int i = 0; i < config.App.Sensors.Length; i++)
            {
                SensorOptions s = config.App.Sensors[i];
                Line = s.Line;
                if (config.App.Device == null) return "a sensor belongs to a device: there is no device line";
                if (s.Source == null) return "sensor " + s.Name + " has no sensor_source line: what is to be read?";
            }
            return null;
        }

        public string Put(int key, int value, int line)
        {
            Begun(line);
            switch (key)
            {
                case Key.StatusInterval: App().StatusSeconds = value; break;
                case Key.WatchdogTimeout: App().WatchdogSeconds = value; break;
                case Key.SensorDecimals: sensor.Decimals = value; break;
                case Key.SensorFormat: sensor.Json = value != 0; break;
                case Key.SensorQos: sensor.Qos = value; break;
                case Key.SensorRetain: sensor.Retain = value != 0; break;
            }
            return null;
        }

        public string Put(int key, string value, int line)
        {
            Begun(line);
            switch (key)
            {
                case Key.Device:
                    App().Device = value;
                    App().Line = line;
                    return Level(value);
                case Key.BlackBoxFile: App().BlackBoxFile = value; return null;
                case Key.Sensor: return Begin(value, line);
                case Key.SensorSource: sensor.Source = value; return null;
                case Key.SensorUnit: sensor.Unit = value; return Plain(value);
                default:
                    sensor.Topic = value;
                    return BridgeSection.IsName(value) ? null : "a topic to publish to has no + and no #";
            }
        }

        /// <summary>Seconds between two readings.</summary>
        public string Interval(string[] words)
        {
            if (words.Length > 1) return "there is more than this keyword takes: '" + words[1] + "'";
            return AggregateSection.Seconds("sensor_interval", words.Length == 0 ? null : words[0],
                out sensor.IntervalMs);
        }

        private void Begun(int line)
        {
            if (first == 0) first = line;
        }

        private AppOptions App()
        {
            if (config.App == null) config.App = new AppOptions();
            return config.App;
        }

        private string Begin(string name, int line)
        {
            AppOptions app = App();
            string wrong = Level(name);
            if (wrong != null) return wrong;
            int count = app.Sensors.Length;
            SensorOptions[] all = new SensorOptions[count + 1];
            for (int i = 0; i < count; i++)
            {
                all[i] = app.Sensors[i];
                if (BridgeSection.Same(all[i].Name, name))
                {
                    return "there is a sensor " + name + " already, in line " + all[i].Line.ToString();
                }
            }
            if (count == 64) return "there are 64 sensors already";
            sensor = new SensorOptions();
            sensor.Name = name;
            sensor.Line = line;
            all[count] = sensor;
            app.Sensors = all;
            return null;
        }

        // One level of a topic that can stand in JSON as it is.
        private static string Level(string name)
        {
            byte[] b = Encoding.UTF8.GetBytes(name);
            bool good = b.Length <= 32;
            for (int i = 0; i < b.Length; i++)
            {
                if (b[i] == '/' || b[i] == '+' || b[i] == '#' || b[i] == ' ' || b[i] == '$' && i == 0) good = false;
            }
            return good ? Plain(name) : "'" + name + "' is wrong: a name is one level of a topic, up to 32 bytes "
                + "without blanks, / + #";
        }

        private static string Plain(string text)
        {
            byte[] b = Encoding.UTF8.GetBytes(text);
            bool good = b.Length <= 32;
            for (int i = 0; i < b.Length; i++)
            {
                if (b[i] < ' ' || b[i] == '"' || b[i] == '\\') good = false;
            }
            return good ? null : "'" + text + "' is wrong: up to 32 bytes without quotation marks and backslashes";
        }
    }
}
