namespace Femto.Mqtt
{
    /// <summary>
    /// Where connections are accepted: a <c>listener</c> line, or <c>port</c> and <c>bind_address</c>.
    /// </summary>
    public sealed class ConfigListener
    {
        /// <summary>1 to 65,535.</summary>
        public int Port = 1883;
        /// <summary>Name or address; null: every network of this machine.</summary>
        public string Bind;
        /// <summary>Connections at one time through this listener; -1: as many as the broker has.</summary>
        public int MaxConnections = -1;
        /// <summary>The line that made it; 0: none did, and it stands for Mosquitto's default.</summary>
        public int Line;
    }
}
