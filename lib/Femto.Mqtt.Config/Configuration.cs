namespace Femto.Mqtt
{
    /// <summary>
    /// What a file in the language of mosquitto.conf says. <c>lib/Femto.Mqtt.Config/README.md</c> lists the words.
    /// </summary>
    public sealed class Configuration
    {
        /// <summary>The file, as it was named to <see cref="Parse(byte[], int, string, ConfigError)"/>.</summary>
        public string File;
        /// <summary>Where to listen. When the file says nothing: port 1883 on 127.0.0.1 alone.</summary>
        public ConfigListener[] Listeners;
        /// <summary>The file names no port, address or listener: the one listener is Mosquitto's default.</summary>
        public bool LocalOnly = true;
        /// <summary>
        /// The file says that clients need no password (allow_anonymous). Mosquitto 2 wants that said where there is a
        /// listener; Femto has no passwords yet, and whoever runs it should warn.
        /// </summary>
        public bool AllowAnonymous;
        /// <summary>A line for each client that comes or goes (connection_messages).</summary>
        public bool ConnectionMessages = true;
        /// <summary>The preset of limits: tiny, esp32, esp32-psram or host; null: not said (limits).</summary>
        public string Preset;
        /// <summary>One for each <c>connection</c>.</summary>
        public BridgeOptions[] Bridges = new BridgeOptions[0];
        /// <summary>The line of each bridge's <c>connection</c>.</summary>
        public int[] BridgeLines = new int[0];

        /// <summary>What survives a loss of power; null: nothing does (persistence).</summary>
        public PersistenceOptions Persistence;
        /// <summary>The lines of persistence, and of persistence_location or 0.</summary>
        public int PersistenceLine, LocationLine;

        /// <summary>The sensor app (device, sensor); null: the file has none.</summary>
        public AppOptions App;

        internal readonly int[] Values = new int[Key.LimitsEnd];
        internal readonly int[] Lines = new int[Key.LimitsEnd];     // 0: not said

        internal Configuration()
        {
        }

        /// <summary>Reads a whole file, as bytes. Nothing is opened, looked up or connected.</summary>
        /// <param name="text">UTF-8; not kept.</param>
        /// <param name="length">Bytes of it.</param>
        /// <param name="file">What to call it in errors.</param>
        /// <param name="error">Filled when the result is null.</param>
        /// <returns>Null when something is wrong. Never throws.</returns>
        public static Configuration Parse(byte[] text, int length, string file, ConfigError error)
        {
            return Parse(text, length, file, error, new PersistenceOptions());
        }

        /// <summary>The same; what the file does not say of persistence is as these have it.</summary>
        /// <param name="defaults">Changed, and kept when the file asks for persistence.</param>
        public static Configuration Parse(
            byte[] text, int length, string file, ConfigError error, PersistenceOptions defaults)
        {
            return new ConfigParser(text, length, file, error, defaults).Run();
        }

        /// <summary>Writes what the file says of sizes and times into limits, and checks them as a whole.</summary>
        /// <returns>Whether they hold.</returns>
        public bool Apply(Limits limits, ConfigError error)
        {
            for (int key = 1; key < Key.LimitsEnd; key++)
            {
                if (Lines[key] == 0) continue;
                Put(limits, key, Values[key]);
                string wrong = BrokerMemory.Check(limits);
                if (wrong != null)
                {
                    return error.Set(File, Lines[key], Name(key), "does not fit the other limits: " + wrong);
                }
            }
            for (int i = 0; i < Listeners.Length; i++)
            {
                if (Listeners[i].MaxConnections > limits.Connections)
                {
                    return error.Set(File, Listeners[i].Line, "max_connections", "the broker has no more than "
                        + limits.Connections.ToString() + " connections: choose other limits");
                }
            }
            return true;
        }

        private static void Put(Limits l, int key, int value)
        {
            switch (key)
            {
                case Key.MaxQueuedBytes:
                    l.QueueBlocks = value == 0 ? l.Blocks : (int)(((long)value + l.BlockBytes - 1) / l.BlockBytes);
                    break;
                case Key.MaxInflight:
                    l.QueueMessages += value - l.SendWindow;
                    if (l.QueueMessages > l.Deliveries) l.QueueMessages = l.Deliveries;
                    if (l.QueueMessages < 1) l.QueueMessages = 1;
                    l.SendWindow = l.ReceiveMaximum = value;
                    if (l.ReceiveIds < value) l.ReceiveIds = value;
                    break;
                case Key.MaxQueuedMessages:
                    // Mosquitto counts those that wait alone, Femto those on the way as well.
                    l.QueueMessages = value == 0 ? l.Deliveries : value + l.SendWindow;
                    break;
                case Key.MaxPacket: l.PacketBytes = value; break;
                case Key.MaxKeepAlive: l.KeepAliveSeconds = value; break;
                case Key.Expiration: l.SessionSeconds = (uint)value; break;
                case Key.SysInterval: l.SysSeconds = value; break;
                case Key.GlobalConnections: l.Connections = value; break;
                case Key.AliasesIn: l.TopicAliasesIn = value; break;
                case Key.AliasesOut: l.TopicAliasesOut = value; break;
            }
        }

        private static string Name(int key)
        {
            Keywords words = new Keywords();
            int word = 0;
            while (words.KeyOf(word) != key) word++;
            return words.Name(word);
        }
    }
}
