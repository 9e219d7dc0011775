namespace Femto.Mqtt
{
    /// <summary>When a bridge connects: <c>start_type</c>.</summary>
    public static class BridgeStart
    {
        /// <summary>At once, and again whenever the connection is lost.</summary>
        public const int Automatic = 0;
        /// <summary>When so many messages wait; the connection ends when there was nothing to carry for a while.
        /// </summary>
        public const int Lazy = 1;
        /// <summary>At once, and never again: each address is tried once.</summary>
        public const int Once = 2;
    }
}
