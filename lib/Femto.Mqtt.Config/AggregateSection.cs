using System.Text;

namespace Femto.Mqtt
{
    /// <summary>The aggregate lines of a bridge: rules of steps, settings of a rule, alarms.</summary>
    internal sealed class AggregateSection
    {
        private const string Steps = "latest, deadband, window, batch or sample";
        private const string Names = "min, max, mean, count, first and last, with commas between them";

        /// <summary>There is a rule that settings can belong to.</summary>
        public bool Open;

        private AggregateRule rule;

        /// <summary>PATTERN STEP [| STEP]...; returns what is wrong, or null.</summary>
        public string Begin(BridgeOptions options, string[] words, int line)
        {
            if (words.Length == 0) return "a value is missing: PATTERN STEP [| STEP]...";
            if (words.Length == 1) return "a step is missing: " + Steps;
            string wrong = BridgeSection.Wrong(words[0]);
            if (wrong != null) return wrong;
            rule = new AggregateRule();
            rule.Pattern = words[0];
            rule.Line = line;
            int steps = 1;
            for (int i = 1; i < words.Length; i++)
            {
                if (words[i] == "|") steps++;
            }
            rule.Stages = new AggregateStage[steps];
            int from = 1;
            for (int k = 0; k < steps; k++)
            {
                int to = from;
                while (to < words.Length && words[to] != "|") to++;
                wrong = Step(words, from, to, out rule.Stages[k]);
                if (wrong != null) return wrong;
                from = to + 1;
            }
            wrong = rule.Check();
            if (wrong != null) return wrong;
            int count = options.Aggregates.Length;
            AggregateRule[] all = new AggregateRule[count + 1];
            for (int i = 0; i < count; i++) all[i] = options.Aggregates[i];
            all[count] = rule;
            options.Aggregates = all;
            Open = true;
            return null;
        }

        private static string Step(string[] words, int from, int to, out AggregateStage stage)
        {
            stage = new AggregateStage();
            if (from >= to) return "a step is missing: " + Steps;
            int count = to - from - 1;
            string name = words[from];
            string first = count > 0 ? words[from + 1] : null;
            string second = count > 1 ? words[from + 2] : null;
            if (count > 2) return "there is more than " + name + " takes: '" + words[from + 3] + "'";
            if (name == "latest")
            {
                stage.Kind = AggregateStage.Latest;
                if (count > 1) return "there is more than latest takes: '" + second + "'";
                return Seconds(name, first, out stage.Ms);
            }
            if (name == "deadband")
            {
                stage.Kind = AggregateStage.Deadband;
                string wrong = Band(stage, first);
                if (wrong != null || second == null) return wrong;
                return Seconds(name, second, out stage.Ms);
            }
            if (name == "window")
            {
                stage.Kind = AggregateStage.Window;
                string wrong = Seconds(name, first, out stage.Ms);
                return wrong != null ? wrong : Functions(stage, second);
            }
            if (name == "batch")
            {
                stage.Kind = AggregateStage.Batch;
                string wrong = Count(name, first, out stage.Count);
                if (wrong != null || second == null) return wrong;
                return Seconds(name, second, out stage.Ms);
            }
            if (name != "sample") return "'" + name + "' is wrong: a step is " + Steps;
            stage.Kind = AggregateStage.Sample;
            if (count > 1) return "there is more than sample takes: '" + second + "'";
            return Count(name, first, out stage.Count);
        }

        private static string Band(AggregateStage stage, string text)
        {
            const string expected = "deadband takes an amount from 0 to 2147, or percent from 0% to 100%";
            if (text == null) return "a value is missing: " + expected;
            byte[] b = Encoding.UTF8.GetBytes(text);
            int length = b.Length;
            if (b[length - 1] == '%')
            {
                stage.Kind = AggregateStage.Percent;
                length--;
            }
            int millionths;
            if (!FixedPoint.Parse(b, 0, length, 6, out millionths) || millionths < 0)
            {
                return "'" + text + "' is wrong: " + expected;
            }
            stage.Amount = millionths;
            return null;
        }

        private static string Functions(AggregateStage stage, string text)
        {
            if (text == null) return "a value is missing: window takes " + Names;
            string[] names = text.Split(new char[] { ',' });
            for (int i = 0; i < names.Length; i++)
            {
                int function = Function(names[i]);
                if (function == 0 || (stage.Functions & function) != 0)
                {
                    return "'" + text + "' is wrong: window takes " + Names;
                }
                stage.Functions |= function;
            }
            return null;
        }

        private static int Function(string name)
        {
            if (name == "min") return AggregateStage.Min;
            if (name == "max") return AggregateStage.Max;
            if (name == "mean") return AggregateStage.Mean;
            if (name == "count") return AggregateStage.Number;
            if (name == "first") return AggregateStage.First;
            return name == "last" ? AggregateStage.Last : 0;
        }

        private static string Count(string name, string text, out int count)
        {
            count = 0;
            string expected = name + " takes a number of readings from 1 to 10000";
            if (text == null) return "a value is missing: " + expected;
            byte[] b = Encoding.UTF8.GetBytes(text);
            bool good = FixedPoint.Parse(b, 0, b.Length, 0, out count) && count >= 1 && count <= 10000;
            return good ? null : "'" + text + "' is wrong: " + expected;
        }

        /// <summary>Seconds with up to three digits behind the point, as milliseconds.</summary>
        public static string Seconds(string name, string text, out int ms)
        {
            ms = 0;
            string expected = name + " takes seconds from 0.01 to 86400";
            if (text == null) return "a value is missing: " + expected;
            byte[] b = Encoding.UTF8.GetBytes(text);
            bool good = FixedPoint.Parse(b, 0, b.Length, 3, out ms) && ms >= 10 && ms <= 86400000;
            return good ? null : "'" + text + "' is wrong: " + expected;
        }

        /// <summary>PATTERN [above N] [below N]; returns what is wrong, or null.</summary>
        public string Alarm(BridgeOptions options, string[] words, int line)
        {
            const string expected = "PATTERN [above NUMBER] [below NUMBER]";
            if (words.Length == 0) return "a value is missing: " + expected;
            string wrong = BridgeSection.Wrong(words[0]);
            if (wrong != null) return wrong;
            AggregateAlarm alarm = new AggregateAlarm();
            alarm.Pattern = words[0];
            alarm.Line = line;
            for (int i = 1; i < words.Length; i += 2)
            {
                bool above = words[i] == "above" && !alarm.HasAbove;
                if (!above && (words[i] != "below" || alarm.HasBelow))
                {
                    return "'" + words[i] + "' is wrong: it must be " + expected;
                }
                if (i + 1 == words.Length) return "a value is missing: a number behind " + words[i];
                long bound;
                if (!Bound(words[i + 1], out bound)) return "'" + words[i + 1] + "' is wrong: it must be a number";
                if (above) alarm.Above = bound;
                else alarm.Below = bound;
                if (above) alarm.HasAbove = true;
                else alarm.HasBelow = true;
            }
            if (alarm.HasAbove && alarm.HasBelow && alarm.Below > alarm.Above)
            {
                return "the bounds are the wrong way round: every reading would be an alarm";
            }
            int count = options.Alarms.Length;
            AggregateAlarm[] all = new AggregateAlarm[count + 1];
            for (int i = 0; i < count; i++) all[i] = options.Alarms[i];
            all[count] = alarm;
            options.Alarms = all;
            return null;
        }

        // In millionths, up to two thousand millions: with six digits when it is small, with three when it is not.
        private static bool Bound(string text, out long bound)
        {
            byte[] b = Encoding.UTF8.GetBytes(text);
            int value;
            bound = 0;
            if (FixedPoint.Parse(b, 0, b.Length, 6, out value))
            {
                bound = value;
                return true;
            }
            if (FixedPoint.Parse(b, 0, b.Length, 3, out value))
            {
                bound = value * 1000L;
                return true;
            }
            if (!FixedPoint.Parse(b, 0, b.Length, 0, out value)) return false;
            bound = value * 1000000L;
            return true;
        }

        public string Put(int key, int value)
        {
            if (key == Key.AggregateOther) rule.Other = value;
            else if (key == Key.AggregateDecimals) rule.Decimals = value;
            else if (key == Key.AggregateTopics) rule.Topics = value;
            else rule.Qos = value;
            return rule.Check();
        }

        public string Put(int key, string value)
        {
            if (key == Key.AggregateField) rule.Field = value;
            else rule.Suffix = value;
            return rule.Check();
        }
    }
}
