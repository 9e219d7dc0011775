using System;
using System.Text;

namespace Femto.Mqtt
{
    /// <summary>What a bridge's options mean for its client session, and what must hold between them. Boot code.
    /// </summary>
    internal static class BridgeSetup
    {
        public static byte[] Utf8(string text)
        {
            return text == null ? null : Encoding.UTF8.GetBytes(text);
        }

        public static string RemoteClientId(BridgeOptions o)
        {
            return o.RemoteClientId != null ? o.RemoteClientId : o.Name + ".bridge";
        }

        public static string LocalClientId(BridgeOptions o)
        {
            return o.LocalClientId != null ? o.LocalClientId : "local." + RemoteClientId(o);
        }

        public static string NotificationTopic(BridgeOptions o)
        {
            if (o.NotificationTopic != null) return o.NotificationTopic;
            return "$SYS/broker/connection/" + RemoteClientId(o) + "/state";
        }

        /// <summary>A board without PSRAM.</summary>
        public static bool IsSmall(Limits limits)
        {
            return limits.PacketBytes <= 2048;
        }

        public static ClientLimits Sizes(BridgeOptions o, Limits limits)
        {
            bool small = IsSmall(limits);
            ClientLimits c = new ClientLimits();
            c.PacketBytes = small && limits.PacketBytes > 512 ? 512 : limits.PacketBytes;
            c.TopicLength = limits.TopicLength;
            c.SendBytes = small ? limits.TopicLength + 40 : limits.SendBytes;
            c.TextBytes = small ? 0 : 256;
            c.BlockBytes = limits.BlockBytes;
            c.SendWindow = limits.SendWindow < 65472 ? limits.SendWindow : 65472;
            c.ReceiveMaximum = o.ReceiveMaximum;
            if (small && c.ReceiveMaximum > limits.ReceiveMaximum) c.ReceiveMaximum = limits.ReceiveMaximum;
            // What is not released yet has room in the broker's tables, where it stands after a loss of power.
            if (c.ReceiveMaximum > limits.ReceiveIds) c.ReceiveMaximum = limits.ReceiveIds;
            c.ReceiveIds = limits.ReceiveIds;
            c.TopicAliasesIn = small ? 0 : o.MaxTopicAlias;
            c.TopicAliasesOut = small ? 0 : limits.TopicAliasesOut;
            c.Requests = small ? 2 : 16;
            return c;
        }

        public static ClientOptions Connect(BridgeOptions o)
        {
            ClientOptions c = new ClientOptions();
            c.Version = o.Version;
            c.ClientId = Utf8(RemoteClientId(o));
            c.UserName = Utf8(o.RemoteUserName);
            c.Password = Utf8(o.RemotePassword);
            c.CleanStart = o.CleanSession;
            c.SessionExpiry = o.CleanSession ? 0 : 0xFFFFFFFF;
            c.KeepAliveSeconds = o.KeepAliveSeconds;
            c.TryPrivate = o.TryPrivate;
            if (!StateGoesUp(o)) return c;
            c.WillTopic = Utf8(NotificationTopic(o));
            c.WillPayload = new byte[] { (byte)'0' };
            c.WillQos = 1;
            c.WillRetain = true;
            return c;
        }

        /// <summary>The state of the connection is published at the upstream.</summary>
        public static bool StateGoesUp(BridgeOptions o)
        {
            return o.Notifications && !o.NotificationsLocalOnly && o.StatusTopic == null;
        }

        /// <summary>The device's own last word, under the name that its topic has at the upstream.</summary>
        public static void SetWill(ClientOptions c, BridgeOptions o, TopicMap map, Limits limits)
        {
            if (o.StatusTopic == null) return;
            byte[] topic = Utf8(o.StatusTopic);
            byte[] name = new byte[limits.TopicLength];
            Array.Copy(topic, 0, name, 0, topic.Length);
            int length = map.Outbound(name, topic.Length);
            c.WillTopic = new byte[length];
            Array.Copy(name, 0, c.WillTopic, 0, length);
            c.WillPayload = Utf8(o.StatusOffline);
            c.WillQos = 1;
            c.WillRetain = true;
        }

        public static TransportOptions Transport(BridgeOptions o)
        {
            TransportOptions t = new TransportOptions();
            t.Host = o.Hosts[0];
            t.Port = o.Ports[0];
            t.Tls = o.Tls;
            t.CaFile = o.CaFile;
            t.CertFile = o.CertFile;
            t.KeyFile = o.KeyFile;
            t.Insecure = o.Insecure;
            return t;
        }

        /// <summary>Bytes of the options' own texts in their encoded form.</summary>
        public static int TextBytes(ClientOptions c)
        {
            return Text(c.ClientId) + Text(c.UserName) + Text(c.Password) + Text(c.WillTopic) + Text(c.WillPayload);
        }

        private static int Text(byte[] text)
        {
            return text == null ? 0 : Heap.Array(text.Length, 1);
        }

        public static string Check(BridgeOptions o, Limits limits)
        {
            if (o.Name == null || o.Name.Length == 0) return "a bridge needs a name";
            if (o.Hosts == null || o.Hosts.Length == 0) return o.Name + ": no address";
            if (o.Ports == null || o.Ports.Length != o.Hosts.Length) return o.Name + ": each address needs a port";
            for (int i = 0; i < o.Ports.Length; i++)
            {
                if (o.Ports[i] < 1 || o.Ports[i] > 65535) return o.Name + ": ports are 1 to 65535";
            }
            if (o.Topics == null || o.Topics.Length == 0) return o.Name + ": no topic";
            for (int i = 0; i < o.Topics.Length; i++)
            {
                string wrong = CheckTopic(o.Topics[i], limits);
                if (wrong != null) return o.Name + ": " + wrong;
            }
            if (o.Version != 4 && o.Version != 5) return o.Name + ": the protocol version is 4 (3.1.1) or 5";
            if (o.Version == 4 && o.RemotePassword != null && o.RemoteUserName == null)
            {
                return o.Name + ": a password needs a user name";
            }
            if (Utf8(LocalClientId(o)).Length > limits.ClientIdLength) return o.Name + ": local_clientid is too long";
            return CheckNumbers(o, limits);
        }

        private static string CheckNumbers(BridgeOptions o, Limits limits)
        {
            const int day = 86400000;
            if (o.KeepAliveSeconds < 0 || o.KeepAliveSeconds > 65535) return o.Name + ": keep-alive is 0 to 65535";
            if (o.RestartBaseMs < 1 || o.RestartBaseMs > day || o.RestartCapMs < 0 || o.RestartCapMs > day)
            {
                return o.Name + ": restart_timeout is 1 ms to a day";
            }
            if (o.StartType < BridgeStart.Automatic || o.StartType > BridgeStart.Once) return o.Name + ": start_type";
            if (o.IdleSeconds < 1 || o.IdleSeconds > 86400) return o.Name + ": idle_timeout is 1 to 86400";
            if (o.MaxTopicAlias < 0 || o.MaxTopicAlias > 65535) return o.Name + ": aliases are 0 to 65535";
            if (o.ReceiveMaximum < 1 || o.ReceiveMaximum > 65535) return o.Name + ": receive maximum is 1 to 65535";
            if (o.MaxPacketBytes < 0) return o.Name + ": packets of fewer than 0 bytes";
            if (o.SpoolMessages < 0 || o.SpoolMessages > limits.Deliveries)
            {
                return o.Name + ": the spool has more messages than Limits.Deliveries";
            }
            if (o.SpoolBytes < 0) return o.Name + ": the spool has 0 bytes or more";
            if (o.LoopMessages < 0 || o.LoopMessages > 65535) return o.Name + ": LoopMessages is 0 to 65535";
            byte[] topic = Utf8(NotificationTopic(o));
            if (o.Notifications && !Name(topic, limits)) return o.Name + ": notification_topic is not a topic name";
            if (o.StatusTopic != null && !Name(Utf8(o.StatusTopic), limits)) return o.Name + ": StatusTopic";
            string wrong = AggregateSetup.Check(o, limits);
            return wrong == null ? null : o.Name + ": " + wrong;
        }

        private static string CheckTopic(BridgeTopic t, Limits limits)
        {
            if (t == null) return "a topic is missing";
            if (t.Direction < BridgeTopic.Out || t.Direction > BridgeTopic.Both) return "direction is out, in or both";
            if (t.Qos < 0 || t.Qos > 2) return "QoS is 0 to 2";
            if (!Prefix(t.LocalPrefix, limits)) return "a local prefix is no topic name";
            if (!Prefix(t.RemotePrefix, limits)) return "a remote prefix is no topic name";
            bool empty = t.Pattern == null || t.Pattern.Length == 0;
            if (empty && (t.LocalPrefix == null || t.RemotePrefix == null))
            {
                return "a topic without a pattern needs both prefixes";
            }
            if (!Filter(t.LocalPrefix, t.Pattern, limits) || !Filter(t.RemotePrefix, t.Pattern, limits))
            {
                return "a topic filter is not valid here";
            }
            return null;
        }

        private static bool Prefix(string text, Limits limits)
        {
            return text == null || text.Length == 0 || Name(Utf8(text), limits);
        }

        private static bool Name(byte[] text, Limits limits)
        {
            return text.Length <= limits.TopicLength && TopicPath.IsName(text, 0, text.Length);
        }

        public static bool Filter(string prefix, string pattern, Limits limits)
        {
            byte[] text = Utf8(prefix + pattern);
            TopicPath path = new TopicPath(limits.TopicLevels, 1);
            return text.Length <= limits.TopicLength && path.Filter(text, 0, text.Length) == Fault.None;
        }
    }
}
