using System.Text;

namespace Femto.Mqtt.Unit
{
    /// <summary>A configuration as one line of text: what differs from the defaults.</summary>
    public static class Told
    {
        public static string By(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return By(bytes, bytes.Length);
        }

        public static string By(byte[] bytes, int length)
        {
            ConfigError error = new ConfigError();
            Configuration config = Configuration.Parse(bytes, length, "f", error);
            if (config == null)
            {
                return error.Text();
            }
            Limits limits = Limits.Host();
            Limits other = Limits.Host();
            if (!config.Apply(limits, error))
            {
                return error.Text();
            }
            string told = config.LocalOnly ? "local " : "";
            for (int i = 0; i < config.Listeners.Length; i++)
            {
                ConfigListener l = config.Listeners[i];
                told += "[" + (l.Bind == null ? "*" : l.Bind) + ":" + l.Port.ToString()
                    + (l.MaxConnections < 0 ? "" : " most=" + l.MaxConnections.ToString()) + "]";
            }
            told += config.ConnectionMessages ? "" : " quiet";
            told += config.Preset == null ? "" : " " + config.Preset;
            told += Number(" blocks", limits.QueueBlocks, other.QueueBlocks);
            told += Number(" window", limits.SendWindow, other.SendWindow);
            told += Number(" receive", limits.ReceiveMaximum, other.ReceiveMaximum);
            told += Number(" ids", limits.ReceiveIds, other.ReceiveIds);
            told += Number(" queue", limits.QueueMessages, other.QueueMessages);
            told += Number(" packet", limits.PacketBytes, other.PacketBytes);
            told += Number(" keepalive", limits.KeepAliveSeconds, other.KeepAliveSeconds);
            told += limits.SessionSeconds == other.SessionSeconds ? "" : " expiry=" + limits.SessionSeconds.ToString();
            told += Number(" sys", limits.SysSeconds, other.SysSeconds);
            told += Number(" connections", limits.Connections, other.Connections);
            told += Number(" in", limits.TopicAliasesIn, other.TopicAliasesIn);
            told += Number(" out", limits.TopicAliasesOut, other.TopicAliasesOut);
            for (int i = 0; i < config.Bridges.Length; i++)
            {
                told += " {" + Bridge(config.Bridges[i], new BridgeOptions()) + Edge.By(config.Bridges[i]) + "}";
            }
            if (config.Persistence != null) told += Kept(config, config.Persistence, new PersistenceOptions());
            if (config.App != null) told += Edge.By(config.App);
            return told;
        }

        private static string Kept(Configuration config, PersistenceOptions o, PersistenceOptions d)
        {
            string told = " kept=" + config.PersistenceLine.ToString();
            told += o.Location == null ? "" : " in=" + o.Location;
            told += o.File == d.File ? "" : " file=" + o.File;
            told += config.LocationLine == 0 ? "" : " at " + config.LocationLine.ToString();
            told += o.Queues ? "" : " queues-";
            told += o.Received ? "" : " qos2-";
            told += o.Subscriptions ? "" : " subscriptions-";
            told += o.Retained ? "" : " retained-";
            told += o.Wills ? "" : " wills-";
            told += o.Bridges ? "" : " bridges-";
            told += Number(" group", o.SyncMs, d.SyncMs);
            told += Number(" idle", o.IdleMs, d.IdleMs);
            told += Number(" journal", o.JournalBytes, d.JournalBytes);
            told += Number(" erase", o.EraseBytes, d.EraseBytes);
            told += Number(" drive", o.DriveBlocks, d.DriveBlocks);
            told += Number(" budget", o.BlocksPerDay, d.BlocksPerDay);
            return told + (o.RefuseWhenWorn ? " refuse" : "");
        }

        private static string Bridge(BridgeOptions o, BridgeOptions d)
        {
            string told = o.Name;
            for (int i = 0; i < o.Hosts.Length; i++)
            {
                told += " " + o.Hosts[i] + ":" + o.Ports[i].ToString();
            }
            for (int i = 0; i < o.Topics.Length; i++)
            {
                BridgeTopic t = o.Topics[i];
                told += " (" + Text(t.Pattern) + (t.Direction == BridgeTopic.Out ? " out " :
                    t.Direction == BridgeTopic.In ? " in " : " both ") + t.Qos.ToString() + " "
                    + Text(t.LocalPrefix) + " " + Text(t.RemotePrefix) + ")";
            }
            told += Name(" remote=", o.RemoteClientId) + Name(" user=", o.RemoteUserName);
            told += Name(" password=", o.RemotePassword) + Name(" local=", o.LocalClientId);
            told += Name(" notify=", o.NotificationTopic) + Name(" ca=", o.CaFile);
            told += Name(" cert=", o.CertFile) + Name(" key=", o.KeyFile);
            told += Flag(" robin", o.RoundRobin, d.RoundRobin) + Flag(" clean", o.CleanSession, d.CleanSession);
            told += Flag(" notifications", o.Notifications, d.Notifications);
            told += Flag(" localonly", o.NotificationsLocalOnly, d.NotificationsLocalOnly);
            told += Flag(" tls", o.Tls, d.Tls) + Flag(" insecure", o.Insecure, d.Insecure);
            told += Flag(" retain", o.OutgoingRetain, d.OutgoingRetain) + Flag(" private", o.TryPrivate, d.TryPrivate);
            told += Flag(" unsubscribe", o.AttemptUnsubscribe, d.AttemptUnsubscribe);
            told += Number(" keepalive", o.KeepAliveSeconds, d.KeepAliveSeconds);
            told += Number(" base", o.RestartBaseMs, d.RestartBaseMs) + Number(" cap", o.RestartCapMs, d.RestartCapMs);
            told += Number(" start", o.StartType, d.StartType) + Number(" threshold", o.Threshold, d.Threshold);
            told += Number(" idle", o.IdleSeconds, d.IdleSeconds) + Number(" version", o.Version, d.Version);
            told += Number(" largest", o.MaxPacketBytes, d.MaxPacketBytes);
            told += Number(" aliases", o.MaxTopicAlias, d.MaxTopicAlias);
            told += Number(" receive", o.ReceiveMaximum, d.ReceiveMaximum);
            told += Number(" full", o.SpoolFull, d.SpoolFull) + Number(" messages", o.SpoolMessages, d.SpoolMessages);
            told += Number(" bytes", o.SpoolBytes, d.SpoolBytes) + Number(" loops", o.LoopMessages, d.LoopMessages);
            return told;
        }

        private static string Text(string text)
        {
            return text == null ? "-" : text;
        }

        private static string Name(string name, string text)
        {
            return text == null ? "" : name + text;
        }

        private static string Flag(string name, bool value, bool other)
        {
            return value == other ? "" : value ? name : name + "=no";
        }

        private static string Number(string name, int value, int other)
        {
            return value == other ? "" : name + "=" + value.ToString();
        }
    }
}
