namespace Femto.Mqtt
{
    /// <summary>Where a client session stands.</summary>
    public static class ClientState
    {
        /// <summary>No connection.</summary>
        public const int Offline = 0;
        /// <summary>CONNECT is sent, CONNACK awaited; an AUTH exchange may be under way.</summary>
        public const int Connecting = 1;
        /// <summary>CONNACK has come.</summary>
        public const int Connected = 2;
        /// <summary>The end is decided: what is pending may still be sent, then the transport closes.</summary>
        public const int Closing = 3;
    }
}
