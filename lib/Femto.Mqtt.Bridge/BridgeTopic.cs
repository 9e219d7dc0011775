namespace Femto.Mqtt
{
    /// <summary>
    /// What goes over a bridge: <c>topic PATTERN DIRECTION QOS LOCAL-PREFIX REMOTE-PREFIX</c> of mosquitto.conf.
    /// On this
    /// side its topics are local prefix and pattern one after the other, on the upstream's remote prefix and pattern.
    /// </summary>
    public sealed class BridgeTopic
    {
        /// <summary>From here to the upstream.</summary>
        public const int Out = 1;
        /// <summary>From the upstream to here.</summary>
        public const int In = 2;
        /// <summary>Both ways.</summary>
        public const int Both = 3;

        /// <summary>A topic filter, or null: the prefixes alone are the topics, one here for one there.</summary>
        public string Pattern;
        /// <summary>One of the constants above.</summary>
        public int Direction = Out;
        /// <summary>The highest QoS that messages are carried with, 0 to 2.</summary>
        public int Qos;
        /// <summary>Null: none.</summary>
        public string LocalPrefix;
        /// <summary>Null: none.</summary>
        public string RemotePrefix;
    }
}
