namespace Femto.PowerCut
{
    /// <summary>A subscription as its client knows it, by steps.</summary>
    public sealed class Subscription
    {
        public string Filter;
        public int Qos;
        public int Session;
        public long Asked, Granted = long.MaxValue;
        public long Ending = long.MaxValue, Ended = long.MaxValue;  // UNSUBSCRIBE or a clean start: sent, answered

        /// <summary>It was granted, and its end was not asked for.</summary>
        public bool Stands => Granted < long.MaxValue && Ending == long.MaxValue;

        public bool Matches(string topic)
        {
            return Filter == topic || Filter.EndsWith("/#") && topic.StartsWith(Filter.Substring(0, Filter.Length - 1));
        }
    }
}
