using System.Text;

namespace Femto.Mqtt
{
    /// <summary>The lines below a <c>connection</c>, as they become a bridge's options.</summary>
    internal sealed class BridgeSection
    {
        private readonly Configuration config;
        private BridgeOptions options;
        private bool systemTrust;

        /// <summary>The line of <c>connection</c>.</summary>
        public int Line;

        public BridgeSection(Configuration config)
        {
            this.config = config;
        }

        /// <summary>Whether there is one.</summary>
        public bool Open
        {
            get { return options != null; }
        }

        /// <summary>Those of the present section; null: there is none.</summary>
        public BridgeOptions Options
        {
            get { return options; }
        }

        /// <summary>Begins one; returns what is wrong, or null.</summary>
        public string Begin(string name, int line)
        {
            int count = config.Bridges.Length;
            BridgeOptions[] all = new BridgeOptions[count + 1];
            int[] lines = new int[count + 1];
            for (int i = 0; i < count; i++)
            {
                all[i] = config.Bridges[i];
                lines[i] = config.BridgeLines[i];
                if (Same(all[i].Name, name))
                {
                    return "there is a bridge " + name + " already, in line " + lines[i].ToString();
                }
            }
            options = new BridgeOptions();
            options.Name = name;
            options.Hosts = new string[0];
            options.Ports = new int[0];
            options.Topics = new BridgeTopic[0];
            systemTrust = false;
            all[count] = options;
            lines[count] = line;
            Line = line;
            config.Bridges = all;
            config.BridgeLines = lines;
            return null;
        }

        /// <summary>Looks at the whole section; returns what is wrong, or null.</summary>
        public string Finish()
        {
            BridgeOptions o = options;
            if (o == null) return null;
            if (o.Hosts.Length == 0) return "the bridge has no address line";
            if (o.Topics.Length == 0) return "the bridge has no topic line: nothing would go over it";
            if (o.RemotePassword != null && o.RemoteUserName == null)
            {
                return "remote_password goes with remote_username";
            }
            if ((o.CertFile == null) != (o.KeyFile == null)) return "bridge_certfile and bridge_keyfile go together";
            o.Tls = o.CaFile != null || systemTrust;
            if (!o.Tls && (o.CertFile != null || o.Insecure))
            {
                // Mosquitto connects without TLS then; who names a certificate does not want that.
                string which = o.CertFile != null ? "bridge_certfile" : "bridge_insecure";
                return which + " goes with bridge_cafile: without it there is no TLS";
            }
            string local = Local(o);
            for (int i = 0; i < config.Bridges.Length - 1; i++)
            {
                if (Same(Local(config.Bridges[i]), local))
                {
                    return "bridge " + config.Bridges[i].Name + " has the same local_clientid: " + local;
                }
            }
            return null;
        }

        /// <summary>One more address.</summary>
        public void Add(string host, int port)
        {
            int count = options.Hosts.Length;
            string[] hosts = new string[count + 1];
            int[] ports = new int[count + 1];
            for (int i = 0; i < count; i++)
            {
                hosts[i] = options.Hosts[i];
                ports[i] = options.Ports[i];
            }
            hosts[count] = host;
            ports[count] = port;
            options.Hosts = hosts;
            options.Ports = ports;
        }

        /// <summary>One more topic; returns what is wrong, or null.</summary>
        public string Add(BridgeTopic topic)
        {
            if (topic.LocalPrefix != null && !IsName(topic.LocalPrefix)) return "the local prefix holds + or #";
            if (topic.RemotePrefix != null && !IsName(topic.RemotePrefix)) return "the remote prefix holds + or #";
            if (topic.Pattern == null && (topic.LocalPrefix == null || topic.RemotePrefix == null))
            {
                return "without a pattern both prefixes are needed: they are the topics";
            }
            string wrong = Wrong(Joined(topic.LocalPrefix, topic.Pattern));
            if (wrong == null) wrong = Wrong(Joined(topic.RemotePrefix, topic.Pattern));
            if (wrong != null) return wrong;
            int count = options.Topics.Length;
            BridgeTopic[] all = new BridgeTopic[count + 1];
            for (int i = 0; i < count; i++) all[i] = options.Topics[i];
            all[count] = topic;
            options.Topics = all;
            return null;
        }

        public void Restart(int firstMs, int capMs)
        {
            options.RestartBaseMs = firstMs;
            options.RestartCapMs = capMs;
        }

        public void Put(int key, int value)
        {
            BridgeOptions o = options;
            bool flag = value != 0;
            switch (key)
            {
                case Key.RoundRobin: o.RoundRobin = flag; break;
                case Key.CleanSession: o.CleanSession = flag; break;
                case Key.KeepAlive: o.KeepAliveSeconds = value; break;
                case Key.StartType: o.StartType = value; break;
                case Key.Threshold: o.Threshold = value; break;
                case Key.IdleTimeout: o.IdleSeconds = value; break;
                case Key.Notifications: o.Notifications = flag; break;
                case Key.NotificationsLocalOnly: o.NotificationsLocalOnly = flag; break;
                case Key.Version: o.Version = flag ? 5 : 4; break;
                case Key.SystemTrust: systemTrust = flag; break;
                case Key.Insecure: o.Insecure = flag; break;
                case Key.MaxPacketUp: o.MaxPacketBytes = value; break;
                case Key.OutgoingRetain: o.OutgoingRetain = flag; break;
                case Key.MaxTopicAlias: o.MaxTopicAlias = value; break;
                case Key.ReceiveMaximum: o.ReceiveMaximum = value; break;
                case Key.TryPrivate: o.TryPrivate = flag; break;
                case Key.AttemptUnsubscribe: o.AttemptUnsubscribe = flag; break;
                case Key.SpoolFull: o.SpoolFull = value; break;
                case Key.SpoolMessages: o.SpoolMessages = value; break;
                case Key.SpoolBytes: o.SpoolBytes = value; break;
                case Key.LoopMessages: o.LoopMessages = value; break;
            }
        }

        public void Put(int key, string value)
        {
            BridgeOptions o = options;
            switch (key)
            {
                case Key.RemoteClientId: o.RemoteClientId = value; break;
                case Key.RemoteUserName: o.RemoteUserName = value; break;
                case Key.RemotePassword: o.RemotePassword = value; break;
                case Key.LocalClientId: o.LocalClientId = value; break;
                case Key.NotificationTopic: o.NotificationTopic = value; break;
                case Key.CaFile: o.CaFile = value; break;
                case Key.CertFile: o.CertFile = value; break;
                case Key.KeyFile: o.KeyFile = value; break;
            }
        }

        /// <summary>Whether two texts are the same; null is the same as null alone.</summary>
        public static bool Same(string a, string b)
        {
            if (a == null || b == null) return a == null && b == null;
            byte[] left = Encoding.UTF8.GetBytes(a), right = Encoding.UTF8.GetBytes(b);
            if (left.Length != right.Length) return false;
            for (int i = 0; i < left.Length; i++)
            {
                if (left[i] != right[i]) return false;
            }
            return true;
        }

        /// <summary>Whether a text can be part of a topic name.</summary>
        public static bool IsName(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            for (int i = 0; i < bytes.Length; i++)
            {
                if (bytes[i] == '+' || bytes[i] == '#') return false;
            }
            return bytes.Length <= 65535;
        }

        private static string Joined(string prefix, string pattern)
        {
            return prefix == null ? pattern : pattern == null ? prefix : prefix + pattern;
        }

        public static string Wrong(string filter)
        {
            byte[] b = Encoding.UTF8.GetBytes(filter);
            bool good = b.Length <= 65535;
            for (int i = 0; i < b.Length; i++)
            {
                if (b[i] != '+' && b[i] != '#') continue;
                good = good && (i == 0 || b[i - 1] == '/');
                good = good && (i + 1 == b.Length || (b[i] == '+' && b[i + 1] == '/'));
            }
            return good
                ? null : "'" + filter + "' is no topic filter: + and # stand for whole levels, # only at the end";
        }

        private static string Local(BridgeOptions o)
        {
            if (o.LocalClientId != null) return o.LocalClientId;
            return o.RemoteClientId == null ? "local." + o.Name + ".bridge" : "local." + o.RemoteClientId;
        }
    }
}
