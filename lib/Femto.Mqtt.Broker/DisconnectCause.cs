namespace Femto.Mqtt
{
    /// <summary>Who ended a connection.</summary>
    public static class DisconnectCause
    {
        /// <summary>The client sent DISCONNECT.</summary>
        public const int Client = 0;
        /// <summary>The broker closed it, for the reason given.</summary>
        public const int Broker = 1;
        /// <summary>The socket closed without DISCONNECT.</summary>
        public const int Lost = 2;
    }
}
