namespace Femto.Mqtt
{
    /// <summary>
    /// What must not wait: an <c>aggregate_alarm</c> line. Without bounds every message of such a topic goes up at
    /// once and no rule sees it. With bounds the reading that leaves them, and the one that comes back, go up at once
    /// as they are; the rule of the topic sees all readings as before.
    /// </summary>
    public sealed class AggregateAlarm
    {
        /// <summary>A topic filter, of topics on this side.</summary>
        public string Pattern;
        public bool HasAbove, HasBelow;
        /// <summary>In millionths: larger readings are alarms.</summary>
        public long Above;
        /// <summary>In millionths: smaller readings are alarms.</summary>
        public long Below;
        /// <summary>Its line, from 1; 0: none.</summary>
        public int Line;
    }
}
