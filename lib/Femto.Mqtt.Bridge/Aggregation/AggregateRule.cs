namespace Femto.Mqtt
{
    /// <summary>
    /// What happens to the readings of some topics before they go up: an <c>aggregate</c> line of the configuration and
    /// those below it. The first rule whose pattern matches decides.
    /// </summary>
    public sealed class AggregateRule
    {
        // What is done with a message that is not a number.
        public const int Pass = 0, Drop = 1, Tally = 2;

        /// <summary>A topic filter, of topics on this side.</summary>
        public string Pattern;
        /// <summary>One to four steps; a reading passes one after the other.</summary>
        public AggregateStage[] Stages;
        /// <summary>The field of flat JSON that is the number; null: the payload is it (aggregate_field).</summary>
        public string Field;
        /// <summary>Digits kept behind the point, 0 to 6: three reach to 2,147,483.647
        /// (aggregate_decimals).</summary>
        public int Decimals = 3;
        /// <summary>Pass; Drop: not sent, counted; Tally: not sent, and the result says how many there were
        /// (aggregate_other).</summary>
        public int Other;
        /// <summary>Put behind the topic of the results; null: none. For rules that end in a window or a batch
        /// (aggregate_suffix).</summary>
        public string Suffix;
        /// <summary>QoS of results; -1: that of the last reading (aggregate_qos).</summary>
        public int Qos = -1;
        /// <summary>Topics that the rule has memory for; 0: 8 on a board without PSRAM, else 256
        /// (aggregate_topics).</summary>
        public int Topics;
        /// <summary>The line of <c>aggregate</c>, from 1; 0: none.</summary>
        public int Line;

        /// <summary>Null when the rule holds by itself, else what is wrong. Boot code.</summary>
        public string Check()
        {
            return AggregateSetup.Check(this);
        }
    }
}
