using System;
using System.Text;

namespace Femto.Mqtt
{
    /// <summary>
    /// The rules of a bridge, and a row for each topic that they have met, with the memory of its stages. Rows are from
    /// 1; those of a rule lie together, as many as it was given.
    /// </summary>
    internal sealed class AggregateTable
    {
        // A row of `Rules`.
        public const int PatternAt = 0, PatternEnd = 1, FieldAt = 2, FieldLength = 3, SuffixAt = 4, SuffixLength = 5,
            Decimals = 6, Other = 7, Qos = 8, FirstStage = 9, EndStage = 10;
        private const int FirstRow = 11, RowCount = 12, FirstCell = 13, CellCount = 14, Used = 15, IdleMs = 16;
        public const int RuleRow = 17;

        // A row of `Stages`.
        public const int Kind = 0, Ms = 1, Amount = 2, Count = 3, Functions = 4, CellAt = 5;
        public const int StageRow = 6;

        // A row of `Alarms`: pattern's offset and end, which bounds it has; the bounds are two of `Bounds`.
        public const int AlarmRow = 3;
        public const int HasAbove = 1, HasBelow = 2;

        // Bits of `Flags`, beside the QoS of the last reading.
        public const int Retain = 4, InAlarm = 8, InUse = 16;

        public readonly int[] Rules, Stages, Alarms;
        public readonly long[] Bounds;
        public readonly byte[] Text;        // patterns, fields, suffixes

        public readonly int Rows;
        public readonly byte[] RuleOf;      // by row
        public readonly byte[] AlarmOf;     // its bounds: alarm + 1, 0 for none
        public readonly byte[] Flags;
        public readonly byte[] TopicLength;
        public readonly int[] LastMs;       // when the last reading came
        public readonly byte[] Topics;
        public readonly int[] Cells;
        private readonly int topicBytes;
        private readonly int[] hash;
        private readonly ushort[] heads, next;

        public AggregateTable(BridgeOptions o, Limits limits)
        {
            topicBytes = AggregateSetup.TopicBytes(limits);
            int rules = o.Aggregates.Length, stages = 0, cells = 0;
            for (int i = 0; i < rules; i++)
            {
                AggregateRule rule = o.Aggregates[i];
                stages += rule.Stages.Length;
                int topics = AggregateSetup.Topics(rule, limits);
                Rows += topics;
                cells += topics * AggregateSetup.Cells(rule);
            }
            Rules = new int[rules * RuleRow];
            Stages = new int[stages * StageRow];
            Alarms = new int[o.Alarms.Length * AlarmRow];
            Bounds = new long[o.Alarms.Length * 2];
            Text = new byte[AggregateSetup.TextBytes(o)];
            RuleOf = new byte[Rows + 1];
            AlarmOf = new byte[Rows + 1];
            Flags = new byte[Rows + 1];
            TopicLength = new byte[Rows + 1];
            LastMs = new int[Rows + 1];
            Topics = new byte[Rows * topicBytes];
            Cells = new int[cells];
            hash = new int[Rows + 1];
            heads = new ushort[Rows];
            next = new ushort[Rows + 1];
            Fill(o, limits);
        }

        public static int Bytes(BridgeOptions o, Limits limits)
        {
            int rows = 0, stages = 0, cells = 0;
            for (int i = 0; i < o.Aggregates.Length; i++)
            {
                AggregateRule rule = o.Aggregates[i];
                int topics = AggregateSetup.Topics(rule, limits);
                rows += topics;
                stages += rule.Stages.Length;
                cells += topics * AggregateSetup.Cells(rule);
            }
            return Heap.Object(17) + Heap.Array(o.Aggregates.Length * RuleRow, 4) + Heap.Array(stages * StageRow, 4)
                + Heap.Array(o.Alarms.Length * AlarmRow, 4) + Heap.Array(o.Alarms.Length * 2, 8)
                + Heap.Array(AggregateSetup.TextBytes(o), 1) + Heap.Array(rows + 1, 1) * 4
                + Heap.Array(rows + 1, 4) * 2 + Heap.Array(rows * AggregateSetup.TopicBytes(limits), 1)
                + Heap.Array(cells, 4) + Heap.Array(rows, 2) + Heap.Array(rows + 1, 2);
        }

        private void Fill(BridgeOptions o, Limits limits)
        {
            int text = 0, stage = 0, row = 1, cell = 0;
            for (int i = 0; i < o.Aggregates.Length; i++)
            {
                AggregateRule rule = o.Aggregates[i];
                int r = i * RuleRow;
                Rules[r + PatternAt] = text;
                text = Append(rule.Pattern, text);
                Rules[r + PatternEnd] = text;
                Rules[r + FieldAt] = text;
                text = Append(rule.Field, text);
                Rules[r + FieldLength] = text - Rules[r + FieldAt];
                Rules[r + SuffixAt] = text;
                text = Append(rule.Suffix, text);
                Rules[r + SuffixLength] = text - Rules[r + SuffixAt];
                Rules[r + Decimals] = rule.Decimals;
                Rules[r + Other] = rule.Other;
                Rules[r + Qos] = rule.Qos;
                Rules[r + FirstRow] = row;
                Rules[r + RowCount] = AggregateSetup.Topics(rule, limits);
                Rules[r + FirstCell] = cell;
                Rules[r + CellCount] = AggregateSetup.Cells(rule);
                row += Rules[r + RowCount];
                cell += Rules[r + RowCount] * Rules[r + CellCount];
                Rules[r + FirstStage] = stage;
                int at = rule.Other == AggregateRule.Tally ? 1 : 0;
                int longest = 30000;
                for (int k = 0; k < rule.Stages.Length; k++)
                {
                    AggregateStage s = rule.Stages[k];
                    int t = stage++ * StageRow;
                    Stages[t + Kind] = s.Kind;
                    Stages[t + Ms] = s.Ms;
                    Stages[t + Amount] = (int)(s.Kind == AggregateStage.Deadband
                        ? AggregateSetup.Scaled(s.Amount, rule.Decimals) : s.Amount);
                    Stages[t + Count] = s.Count;
                    Stages[t + Functions] = s.Functions;
                    Stages[t + CellAt] = at;
                    at += AggregateSetup.Cells(s);
                    if (s.Ms > longest) longest = s.Ms;
                }
                Rules[r + EndStage] = stage;
                Rules[r + IdleMs] = 2 * longest;
            }
            for (int i = 0; i < o.Alarms.Length; i++)
            {
                AggregateAlarm alarm = o.Alarms[i];
                Alarms[i * AlarmRow] = text;
                text = Append(alarm.Pattern, text);
                Alarms[i * AlarmRow + 1] = text;
                Alarms[i * AlarmRow + 2] = (alarm.HasAbove ? HasAbove : 0) | (alarm.HasBelow ? HasBelow : 0);
                Bounds[i * 2] = alarm.Above;
                Bounds[i * 2 + 1] = alarm.Below;
            }
        }

        private int Append(string text, int end)
        {
            if (text == null) return end;
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Array.Copy(bytes, 0, Text, end, bytes.Length);
            return end + bytes.Length;
        }

        /// <summary>The row of a topic, or 0.</summary>
        public int Find(int topicHash, byte[] topic, int offset, int length)
        {
            int row = heads[(topicHash & int.MaxValue) % heads.Length];
            for (; row != 0; row = next[row])
            {
                if (hash[row] != topicHash || TopicLength[row] != length) continue;
                int at = TopicAt(row), i = 0;
                while (i < length && Topics[at + i] == topic[offset + i]) i++;
                if (i == length) return row;
            }
            return 0;
        }

        public static int HashOf(byte[] topic, int offset, int length)
        {
            int h = length;
            for (int end = offset + length; offset < end; offset++) h = h * 31 + topic[offset];
            return h ^ h >> 15;
        }

        public int TopicAt(int row)
        {
            return (row - 1) * topicBytes;
        }

        /// <summary>Where the cells of a row begin.</summary>
        public int CellsAt(int row)
        {
            int r = RuleOf[row] * RuleRow;
            return Rules[r + FirstCell] + (row - Rules[r + FirstRow]) * Rules[r + CellCount];
        }

        /// <summary>The first rule that matches, or -1.</summary>
        public int Rule(byte[] topic, int offset, int length)
        {
            for (int r = 0; r < Rules.Length; r += RuleRow)
            {
                if (TopicMap.Matches(Text, Rules[r + PatternAt], Rules[r + PatternEnd], topic, offset, offset + length))
                {
                    return r / RuleRow;
                }
            }
            return -1;
        }

        /// <summary>The first alarm that matches, with bounds or without; -1: none.</summary>
        public int Alarm(byte[] topic, int offset, int length, bool bounds)
        {
            for (int a = 0; a < Alarms.Length; a += AlarmRow)
            {
                if (Alarms[a + 2] != 0 == bounds
                    && TopicMap.Matches(Text, Alarms[a], Alarms[a + 1], topic, offset, offset + length))
                {
                    return a / AlarmRow;
                }
            }
            return -1;
        }

        /// <summary>A row for a topic that has none: one not in use, or one that keeps nothing and whose topic has been
        /// silent for long. 0: there is none, or the topic is too long.</summary>
        public int Add(int rule, int topicHash, byte[] topic, int offset, int length, int nowMs)
        {
            int r = rule * RuleRow;
            if (length > topicBytes) return 0;
            int row;
            if (Rules[r + Used] < Rules[r + RowCount])
            {
                row = Rules[r + FirstRow] + Rules[r + Used]++;
            }
            else
            {
                row = Idle(r, nowMs);
                if (row == 0) return 0;
                Unlink(row);
                Array.Clear(Cells, CellsAt(row), Rules[r + CellCount]);
            }
            RuleOf[row] = (byte)rule;
            Flags[row] = InUse;
            AlarmOf[row] = (byte)(Alarm(topic, offset, length, true) + 1);
            LastMs[row] = nowMs;
            TopicLength[row] = (byte)length;
            Array.Copy(topic, offset, Topics, TopicAt(row), length);
            hash[row] = topicHash;
            int bucket = (topicHash & int.MaxValue) % heads.Length;
            next[row] = heads[bucket];
            heads[bucket] = (ushort)row;
            return row;
        }

        private int Idle(int r, int nowMs)
        {
            int end = Rules[r + FirstRow] + Rules[r + Used];
            int longest = Rules[r + IdleMs], found = 0;
            for (int row = Rules[r + FirstRow]; row < end; row++)
            {
                int idle = nowMs - LastMs[row];
                if (idle <= longest || Keeps(row)) continue;
                longest = idle;
                found = row;
            }
            return found;
        }

        // Whether something waits in one of its stages.
        private bool Keeps(int row)
        {
            int r = RuleOf[row] * RuleRow;
            int cells = CellsAt(row);
            if (Rules[r + Other] == AggregateRule.Tally && Cells[cells] != 0) return true;
            for (int t = Rules[r + FirstStage] * StageRow; t < Rules[r + EndStage] * StageRow; t += StageRow)
            {
                int state = Cells[cells + Stages[t + CellAt]];
                int kind = Stages[t + Kind];
                bool counts = kind == AggregateStage.Window || kind == AggregateStage.Batch;
                if (counts && state != 0) return true;
                if (!counts && kind != AggregateStage.Sample && (state & Aggregator.Pending) != 0) return true;
            }
            return false;
        }

        private void Unlink(int row)
        {
            int bucket = (hash[row] & int.MaxValue) % heads.Length;
            if (heads[bucket] == row)
            {
                heads[bucket] = next[row];
                return;
            }
            int before = heads[bucket];
            while (next[before] != row) before = next[before];
            next[before] = next[row];
        }
    }
}
