namespace Femto.Mqtt
{
    /// <summary>What the board says while it boots. <c>firmware/README.md</c> shows its reader these lines.</summary>
    public static class BootText
    {
        /// <summary>Of all of Femto.</summary>
        public const string Version = BrokerVersion.Number;

        /// <summary>The first line.</summary>
        public static string Hello(string board, string target, string runtime)
        {
            return "Femto " + Version + " on " + board + " (" + target + ", nanoFramework " + runtime + ")";
        }

        /// <summary>What the tables hold.</summary>
        public static string Sizes(Limits l)
        {
            return "limits: " + l.Connections.ToString() + " connections, " + l.Sessions.ToString() + " sessions, "
                + l.Subscriptions.ToString() + " subscriptions, " + l.Messages.ToString() + " messages, "
                + l.Retained.ToString() + " retained, packets of " + l.PacketBytes.ToString() + " bytes";
        }

        /// <summary>What is to run.</summary>
        public static string Running(string device, int sensors, int listeners, int bridges)
        {
            return "device " + device + ": " + sensors.ToString() + " sensors, " + listeners.ToString()
                + " listeners, " + bridges.ToString() + " bridges";
        }

        /// <summary>A firmware that no board of this list is made for.</summary>
        public static string Strange(string target, string instead)
        {
            return "no board for target " + target + ": taken for " + instead + " (boards/README.md)";
        }
    }
}
