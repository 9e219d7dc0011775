using System.Text;

namespace Femto.Mqtt
{
    /// <summary>What must hold for rules, and how they lie in the aggregator's tables. Boot code.</summary>
    internal static class AggregateSetup
    {
        public const int StagesMost = 4;
        private const int DayMs = 86400000;

        /// <summary>Bytes kept of a topic.</summary>
        public static int TopicBytes(Limits limits)
        {
            int most = BridgeSetup.IsSmall(limits) ? 48 : 128;
            return limits.TopicLength < most ? limits.TopicLength : most;
        }

        /// <summary>Topics of a rule that does not say how many.</summary>
        public static int Topics(AggregateRule rule, Limits limits)
        {
            if (rule.Topics != 0) return rule.Topics;
            return BridgeSetup.IsSmall(limits) ? 8 : 256;
        }

        /// <summary>Bytes that the rules of a bridge may take together.</summary>
        public static int Most(Limits limits)
        {
            return BridgeSetup.IsSmall(limits) ? 4096 : limits.PacketBytes <= 16384 ? 65536 : 1 << 26;
        }

        /// <summary>Cells of a stage, for each topic.</summary>
        public static int Cells(AggregateStage stage)
        {
            switch (stage.Kind)
            {
                case AggregateStage.Latest: return 4;
                case AggregateStage.Sample: return 1;
                case AggregateStage.Window: return 8;
                case AggregateStage.Batch: return 4 + 2 * stage.Count;
                default: return 5;
            }
        }

        /// <summary>Cells of a rule, for each topic.</summary>
        public static int Cells(AggregateRule rule)
        {
            int cells = rule.Other == AggregateRule.Tally ? 1 : 0;
            for (int i = 0; i < rule.Stages.Length; i++) cells += Cells(rule.Stages[i]);
            return cells;
        }

        /// <summary>Bytes of all texts of a bridge's rules and alarms.</summary>
        public static int TextBytes(BridgeOptions o)
        {
            int bytes = 0;
            for (int i = 0; i < o.Aggregates.Length; i++)
            {
                AggregateRule rule = o.Aggregates[i];
                bytes += Length(rule.Pattern) + Length(rule.Field) + Length(rule.Suffix);
            }
            for (int i = 0; i < o.Alarms.Length; i++) bytes += Length(o.Alarms[i].Pattern);
            return bytes;
        }

        public static int Length(string text)
        {
            return text == null ? 0 : Encoding.UTF8.GetBytes(text).Length;
        }

        /// <summary>Null when rules and alarms hold, else what is wrong.</summary>
        public static string Check(BridgeOptions o, Limits limits)
        {
            if (o.Aggregates == null || o.Alarms == null) return "Aggregates and Alarms are empty, not null";
            if (o.Aggregates.Length > 100 || o.Alarms.Length > 100) return "there are more than 100 aggregate lines";
            if (o.Aggregates.Length == 0) return null;
            long bytes = 0;
            for (int i = 0; i < o.Aggregates.Length; i++)
            {
                AggregateRule rule = o.Aggregates[i];
                string wrong = Check(rule);
                if (wrong == null && !BridgeSetup.Filter(null, rule.Pattern, limits)) wrong = "no valid topic filter";
                if (wrong != null) return "aggregate " + rule.Pattern + ": " + wrong;
                bytes += (long)Topics(rule, limits) * (TopicBytes(limits) + 20 + 4 * Cells(rule));
            }
            if (bytes > Most(limits))
            {
                return "aggregate rules take " + bytes.ToString() + " bytes, at most " + Most(limits).ToString()
                    + " on this board: say fewer aggregate_topics, or smaller batches";
            }
            return null;
        }

        /// <summary>Null when a rule holds by itself, else what is wrong.</summary>
        public static string Check(AggregateRule rule)
        {
            int count = rule.Stages == null ? 0 : rule.Stages.Length;
            if (count < 1 || count > StagesMost) return "a rule has 1 to 4 steps";
            for (int i = 0; i < count; i++)
            {
                AggregateStage s = rule.Stages[i];
                string wrong = Check(s, rule.Decimals);
                if (wrong != null) return wrong;
                if (i < count - 1 && !s.Flows())
                {
                    return s.Kind == AggregateStage.Batch ? "nothing can follow a batch"
                        : "nothing can follow a window of several functions, or of count";
                }
            }
            if (rule.Decimals < 0 || rule.Decimals > 6) return "decimals are 0 to 6";
            if (rule.Qos < -1 || rule.Qos > 2) return "QoS is 0 to 2";
            if (rule.Other < 0 || rule.Other > AggregateRule.Tally) return "other is pass, drop or count";
            if (rule.Topics < 0 || rule.Topics > 10000) return "a rule has at most 10000 topics";
            int last = rule.Stages[count - 1].Kind;
            bool sums = last == AggregateStage.Window || last == AggregateStage.Batch;
            if (!sums && rule.Suffix != null) return "a suffix is for rules that end in a window or a batch";
            if (!sums && rule.Other == AggregateRule.Tally)
            {
                return "other messages are counted by rules that end in a window or a batch";
            }
            if (rule.Suffix != null && !IsName(rule.Suffix)) return "a suffix has no + and no #";
            return null;
        }

        private static bool IsName(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return bytes.Length > 0 && TopicPath.IsName(bytes, 0, bytes.Length);
        }

        private static string Check(AggregateStage s, int decimals)
        {
            if (s.Kind < AggregateStage.Latest || s.Kind > AggregateStage.Sample) return "there is no such step";
            if (s.Ms < 0 || s.Ms > DayMs) return "a time is at most a day";
            if ((s.Kind == AggregateStage.Latest || s.Kind == AggregateStage.Window) && s.Ms == 0)
            {
                return "latest and window need a time";
            }
            if (s.Kind == AggregateStage.Window && (s.Functions < 1 || s.Functions > 63)) return "a window of nothing";
            bool counts = s.Kind == AggregateStage.Batch || s.Kind == AggregateStage.Sample;
            if (counts && (s.Count < 1 || s.Count > 10000)) return "a batch or sample is of 1 to 10000 readings";
            if (s.Amount < 0) return "a deadband is 0 or more";
            if (s.Kind == AggregateStage.Percent && s.Amount > 100000000) return "a deadband is at most 100 %";
            if (s.Kind == AggregateStage.Deadband && Scaled(s.Amount, decimals) > int.MaxValue)
            {
                return "the deadband is beyond the range of the numbers";
            }
            return null;
        }

        /// <summary>Millionths in units of the last digit, rounded down.</summary>
        public static long Scaled(long millionths, int decimals)
        {
            for (int i = decimals; i < 6; i++) millionths /= 10;
            return millionths;
        }
    }
}
