namespace Femto.Mqtt
{
    /// <summary>Answers of <see cref="IAccess"/> that are not reason codes.</summary>
    public static class AccessAnswer
    {
        /// <summary>The answer comes later, by <see cref="Broker.Complete"/>.</summary>
        public const int Later = 0x100;
    }
}
