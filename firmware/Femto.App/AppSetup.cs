using System.Text;

namespace Femto.Mqtt
{
    /// <summary>What must hold between the app's options and the broker's limits. Boot code.</summary>
    internal static class AppSetup
    {
        private const int StatusBytes = 110;    // of the longest status, fault or event
        private const int WhenBytes = 31;       // ,"t":null,"up": and its number, the bracket

        /// <summary>What the app subscribes to.</summary>
        public static string Filter(AppOptions o)
        {
            return "femto/" + o.Device + "/cmd/#";
        }

        public static void SetWill(AppOptions o, BridgeOptions bridge)
        {
            bridge.StatusTopic = "femto/" + o.Device + "/status";
            bridge.StatusOffline = "{\"status\":\"offline\"}";
        }

        public static string Check(AppOptions o, Limits limits, out int line)
        {
            line = o.Line;
            if (o.Device == null || o.Device.Length == 0) return "there is no device line";
            int room = Outbox.Room(limits);
            int prefix = 6 + SensorTable.Length(o.Device);
            if (prefix + 10 + 32 > limits.TopicLength || prefix + 10 + StatusBytes > room)
            {
                return "the name of the device is too long for this board";
            }
            if (6 + SensorTable.Length(o.Device) > limits.ClientIdLength) return "the name of the device is too long";
            if (o.StatusSeconds < 0 || o.StatusSeconds > 86400) return "status_interval is 0 to 86400";
            if (o.WatchdogSeconds < 0 || o.WatchdogSeconds > 86400) return "watchdog_timeout is 0 to 86400";
            if (limits.LocalClients < 1) return "the limits have no room for a local client";
            for (int i = 0; i < o.Sensors.Length; i++)
            {
                string wrong = Check(o.Sensors[i], prefix, limits);
                if (wrong == null) continue;
                line = o.Sensors[i].Line;
                return "sensor " + o.Sensors[i].Name + ": " + wrong;
            }
            return null;
        }

        private static string Check(SensorOptions s, int prefix, Limits limits)
        {
            if (s.Name == null || s.Name.Length == 0) return "it has no name";
            if (s.IntervalMs < SensorTable.IntervalLeast || s.IntervalMs > SensorTable.IntervalMost)
            {
                return "an interval is 0.01 to 86400 seconds";
            }
            if (s.Decimals < 0 || s.Decimals > 6) return "decimals are 0 to 6";
            if (s.Qos < 0 || s.Qos > 2) return "QoS is 0 to 2";
            int topic = s.Topic == null ? prefix + 8 + SensorTable.Length(s.Name) : SensorTable.Length(s.Topic);
            if (topic > limits.TopicLength) return "its topic is longer than this board takes";
            if (s.Topic != null)
            {
                byte[] name = Encoding.UTF8.GetBytes(s.Topic);
                if (name.Length == 0 || !TopicText.IsName(name, 0, name.Length)) return "its topic is none";
            }
            int payload = 12;
            if (s.Json) payload += 9 + WhenBytes + (s.Unit == null ? 0 : 10 + SensorTable.Length(s.Unit));
            if (topic + payload <= Outbox.Room(limits)) return null;
            return "topic and unit are too long together for this board";
        }
    }
}
