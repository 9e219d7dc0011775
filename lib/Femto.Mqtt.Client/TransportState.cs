namespace Femto.Mqtt
{
    /// <summary>Where a transport stands.</summary>
    public static class TransportState
    {
        /// <summary>No connection: never opened, failed, or gone.</summary>
        public const int Closed = 0;
        /// <summary>The attempt is under way.</summary>
        public const int Connecting = 1;
        /// <summary>Bytes can go both ways.</summary>
        public const int Open = 2;
    }
}
