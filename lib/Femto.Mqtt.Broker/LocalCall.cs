namespace Femto.Mqtt
{
    /// <summary>The calls of <see cref="LocalClient"/> that are answered.</summary>
    public static class LocalCall
    {
        public const int Publish = 1;
        public const int Subscribe = 2;
        public const int Unsubscribe = 3;
        /// <summary>Also answered unasked, with 0x97, when the session ended because its queue was full.</summary>
        public const int Close = 4;
    }
}
