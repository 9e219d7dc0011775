namespace Femto.Mqtt
{
    /// <summary>
    /// Stands between the broker and a bridge's spool: readings that a rule matches do not go up as they are, but
    /// into the memory of their topic, and what the rule makes of them is queued for this uplink alone. Numbers are
    /// ints that count units of the last digit kept; sums are longs, so that no window can overflow.
    /// </summary>
    /// <remarks>
    /// A window or a batch that finds no room in the spool goes on until it does: it says how many readings it holds
    /// and how long it lasted.
    /// </remarks>
    internal sealed class Aggregator : IUplinkFilter
    {
        // Where a reading ends up.
        private const int Out = 0;      // behind the last stage
        private const int Kept = 1;
        private const int Full = 2;     // before a batch that could not leave yet

        // What Routed does for the message last looked at.
        private const int Nothing = 0, Through = 1, Take = 2, Past = 3, Cross = 4, Bypass = 5, NoRow = 6, NoNumber = 7,
            TallyUp = 8;

        // Cells. Latest and deadband: state, what waits, since when, when one passed, which.
        private const int Value = 1, ValueMs = 2, SentMs = 3, SentValue = 4;
        private const int Sent = 1;
        internal const int Pending = 2;
        // Window: count, then
        private const int Min = 1, Max = 2, SumLow = 3, SumHigh = 4, First = 5, Last = 6, StartMs = 7;
        // Batch: count, then when the first and the last came, bytes of text, values, times.
        private const int BatchStartMs = 1, BatchLastMs = 2, BatchBytes = 3, Readings = 4;

        private const int RetryMs = 100;
        private const int EnvelopeBytes = 90;   // of a batch, beside its readings, and one reading more

        private readonly Bridge bridge;
        private readonly Uplink uplink;
        private readonly AggregateTable table;
        private readonly int[] cells, stages, rules, counters;
        private readonly ResultWriter writer;
        private readonly int payloadBytes;      // of the largest result
        private int act, actRow, actValue, actMs, actFlags;
        private bool timed;
        private int dueMs;

        public Aggregator(Bridge bridge, Uplink uplink, BridgeOptions o, Limits limits)
        {
            this.bridge = bridge;
            this.uplink = uplink;
            table = new AggregateTable(o, limits);
            cells = table.Cells;
            stages = table.Stages;
            rules = table.Rules;
            counters = bridge.Counters;
            writer = new ResultWriter(uplink.Pool);
            payloadBytes = limits.PacketBytes - limits.TopicLength - 16;
        }

        public static int Bytes(BridgeOptions o, Limits limits)
        {
            return Heap.Object(16) + AggregateTable.Bytes(o, limits) + ResultWriter.Bytes();
        }

        public bool Takes(byte[] topic, int topicOffset, int topicLength, byte[] buffer, int payloadOffset,
            int payloadLength, int qos, bool retain, int nowMs)
        {
            act = Nothing;
            if (payloadLength == 0) return false;   // takes a retained message back
            int hash = AggregateTable.HashOf(topic, topicOffset, topicLength);
            int row = table.Find(hash, topic, topicOffset, topicLength);
            int rule;
            if (row != 0)
            {
                rule = table.RuleOf[row];
            }
            else
            {
                rule = table.Rule(topic, topicOffset, topicLength);
                if (rule < 0) return false;
                if (table.Alarm(topic, topicOffset, topicLength, false) >= 0)
                {
                    act = Bypass;
                    return false;
                }
            }
            int r = rule * AggregateTable.RuleRow;
            int value;
            bool number = Read(r, buffer, payloadOffset, payloadLength, out value);
            if (!number && rules[r + AggregateTable.Other] != AggregateRule.Tally)
            {
                act = NoNumber;
                return rules[r + AggregateTable.Other] == AggregateRule.Drop;
            }
            if (row == 0) row = table.Add(rule, hash, topic, topicOffset, topicLength, nowMs);
            if (row == 0)
            {
                act = NoRow;
                return false;
            }
            actRow = row;
            actValue = value;
            actMs = nowMs;
            actFlags = retain ? qos | AggregateTable.Retain : qos;
            if (!number)
            {
                act = TallyUp;
                return true;
            }
            if (table.AlarmOf[row] != 0 && IsAlarm(row, value) != ((table.Flags[row] & AggregateTable.InAlarm) != 0))
            {
                act = Cross;
                return false;
            }
            int where = Walk(row, rules[r + AggregateTable.FirstStage], value, nowMs, false, false);
            act = where == Kept ? Take : where == Out ? Through : Past;
            return where == Kept;
        }

        public void Routed()
        {
            int row = actRow;
            switch (act)
            {
                case Nothing: return;
                case Bypass: counters[BridgeCounter.Alarms]++; break;
                case NoRow: counters[BridgeCounter.Unaggregated]++; break;
                case NoNumber: counters[BridgeCounter.NotNumbers]++; break;
                case TallyUp:
                    counters[BridgeCounter.NotNumbers]++;
                    cells[table.CellsAt(row)]++;
                    table.LastMs[row] = actMs;
                    break;
                default:
                    table.LastMs[row] = actMs;
                    int alarm = table.Flags[row] & AggregateTable.InAlarm;
                    if (act == Cross)
                    {
                        counters[BridgeCounter.Alarms]++;
                        alarm ^= AggregateTable.InAlarm;
                    }
                    if (act == Take) counters[BridgeCounter.Aggregated]++;
                    if (act == Past) counters[BridgeCounter.Unaggregated]++;
                    table.Flags[row] = (byte)(AggregateTable.InUse | alarm | actFlags);
                    int first = rules[table.RuleOf[row] * AggregateTable.RuleRow + AggregateTable.FirstStage];
                    Walk(row, first, actValue, actMs, true, act == Cross);
                    break;
            }
            act = Nothing;
        }

        private bool Read(int r, byte[] buffer, int offset, int length, out int value)
        {
            value = 0;
            int field = rules[r + AggregateTable.FieldLength];
            if (field != 0)
            {
                offset = FlatJson.Find(buffer, offset, offset + length, table.Text, rules[r + AggregateTable.FieldAt],
                    field, out length);
                if (offset < 0) return false;
            }
            return FixedPoint.Parse(buffer, offset, length, rules[r + AggregateTable.Decimals], out value);
        }

        private bool IsAlarm(int row, int value)
        {
            int alarm = table.AlarmOf[row] - 1;
            int has = table.Alarms[alarm * AggregateTable.AlarmRow + 2];
            long exact = value;
            int decimals = rules[table.RuleOf[row] * AggregateTable.RuleRow + AggregateTable.Decimals];
            for (; decimals < 6; decimals++) exact *= 10;
            return (has & AggregateTable.HasAbove) != 0 && exact > table.Bounds[alarm * 2]
                || (has & AggregateTable.HasBelow) != 0 && exact < table.Bounds[alarm * 2 + 1];
        }

        // Takes a reading through the stages of its rule, from one of them on. commit: their memory changes. force:
        // it goes up in any case, so that deadband and latest compare the next one with it.
        private int Walk(int row, int stage, int value, int ms, bool commit, bool force)
        {
            int end = rules[table.RuleOf[row] * AggregateTable.RuleRow + AggregateTable.EndStage]
                * AggregateTable.StageRow;
            int at = table.CellsAt(row);
            for (int s = stage * AggregateTable.StageRow; s < end; s += AggregateTable.StageRow)
            {
                int c = at + stages[s + AggregateTable.CellAt];
                switch (stages[s + AggregateTable.Kind])
                {
                    case AggregateStage.Window:
                        if (commit) AddToWindow(c, s, value, ms);
                        return Kept;
                    case AggregateStage.Batch:
                        if (IsFull(c, s)) return Full;
                        if (commit) AddToBatch(c, s, value, ms);
                        return Kept;
                    case AggregateStage.Sample:
                        int seen = cells[c];
                        if (commit) cells[c] = seen + 1 == stages[s + AggregateTable.Count] ? 0 : seen + 1;
                        if (seen != 0) return Kept;
                        break;
                    default:
                        if (!force && Holds(c, s, value, ms))
                        {
                            if (commit) Wait(c, s, value, ms);
                            return Kept;
                        }
                        if (commit) Passed(c, s, value, ms);
                        break;
                }
            }
            return Out;
        }

        // Whether latest or deadband keep a reading.
        private bool Holds(int c, int s, int value, int ms)
        {
            if ((cells[c] & Sent) == 0) return false;
            int period = stages[s + AggregateTable.Ms];
            bool over = period != 0 && ms - cells[c + SentMs] >= period;
            int kind = stages[s + AggregateTable.Kind];
            if (over || kind == AggregateStage.Latest) return !over;
            long last = cells[c + SentValue];
            long differs = value - last;
            if (differs < 0) differs = -differs;
            long band = stages[s + AggregateTable.Amount];
            if (kind == AggregateStage.Deadband) return differs <= band;
            return differs * 100000000 <= band * (last < 0 ? -last : last);
        }

        private void Wait(int c, int s, int value, int ms)
        {
            int period = stages[s + AggregateTable.Ms];
            if (period == 0) return;            // it never goes by itself
            cells[c] |= Pending;
            cells[c + Value] = value;
            cells[c + ValueMs] = ms;
            Due(cells[c + SentMs] + period);
        }

        private void Passed(int c, int s, int value, int ms)
        {
            cells[c] = Sent;
            cells[c + SentMs] = ms;
            if (stages[s + AggregateTable.Kind] != AggregateStage.Latest) cells[c + SentValue] = value;
        }

        private void AddToWindow(int c, int s, int value, int ms)
        {
            if (cells[c] == 0)
            {
                cells[c + Min] = value;
                cells[c + Max] = value;
                cells[c + SumLow] = 0;
                cells[c + SumHigh] = 0;
                cells[c + First] = value;
                cells[c + StartMs] = ms;
                Due(ms + stages[s + AggregateTable.Ms]);
            }
            cells[c]++;
            cells[c + Last] = value;
            if (value < cells[c + Min]) cells[c + Min] = value;
            if (value > cells[c + Max]) cells[c + Max] = value;
            long sum = Sum(c) + value;
            cells[c + SumLow] = (int)sum;
            cells[c + SumHigh] = (int)(sum >> 32);
        }

        private long Sum(int c)
        {
            return (long)cells[c + SumHigh] << 32 | (uint)cells[c + SumLow];
        }

        private bool IsFull(int c, int s)
        {
            return cells[c] >= stages[s + AggregateTable.Count]
                || cells[c] != 0 && cells[c + BatchBytes] + EnvelopeBytes > payloadBytes;
        }

        private void AddToBatch(int c, int s, int value, int ms)
        {
            int n = cells[c];
            int most = stages[s + AggregateTable.Count];
            if (n == 0)
            {
                cells[c + BatchStartMs] = ms;
                cells[c + BatchLastMs] = ms;
                cells[c + BatchBytes] = 0;
                if (stages[s + AggregateTable.Ms] != 0) Due(ms + stages[s + AggregateTable.Ms]);
            }
            cells[c + Readings + n] = value;
            cells[c + Readings + most + n] = ms - cells[c + BatchLastMs];
            writer.Real = false;
            writer.Length = 0;
            writer.Number(value, 6); // at most two bytes too many
            writer.Number(ms - cells[c + BatchLastMs], 0);
            cells[c + BatchBytes] += writer.Length + 2;
            cells[c + BatchLastMs] = ms;
            cells[c] = n + 1;
            if (IsFull(c, s)) Due(ms);
        }

        private void Due(int ms)
        {
            if (timed && ms - dueMs >= 0) return;
            timed = true;
            dueMs = ms;
        }

        /// <summary>Milliseconds until <see cref="Turn"/> has something to do.</summary>
        public int WaitMs(int nowMs)
        {
            if (!timed) return int.MaxValue;
            int left = dueMs - nowMs;
            return left < 0 ? 0 : left;
        }

        /// <summary>Publishes what is due.</summary>
        public void Turn(int nowMs)
        {
            if (timed && nowMs - dueMs >= 0) Publish(nowMs, false);
        }

        /// <summary>Publishes what is kept, as far as there is room.</summary>
        public void Flush(int nowMs)
        {
            Publish(nowMs, true);
        }

        private void Publish(int nowMs, bool all)
        {
            timed = false;
            for (int row = 1; row <= table.Rows; row++)
            {
                if ((table.Flags[row] & AggregateTable.InUse) == 0) continue;
                int r = table.RuleOf[row] * AggregateTable.RuleRow;
                for (int i = rules[r + AggregateTable.FirstStage]; i < rules[r + AggregateTable.EndStage]; i++)
                {
                    int s = i * AggregateTable.StageRow;
                    int c = table.CellsAt(row) + stages[s + AggregateTable.CellAt];
                    int due;
                    if (!Waits(c, s, nowMs, out due)) continue;
                    if (!all && nowMs - due < 0) Due(due);
                    else if (!Fire(row, i, c, s, nowMs)) Due(nowMs + RetryMs);
                }
            }
        }

        // Whether a stage keeps something that is to leave it by itself, and when.
        private bool Waits(int c, int s, int nowMs, out int due)
        {
            int period = stages[s + AggregateTable.Ms];
            due = nowMs;
            switch (stages[s + AggregateTable.Kind])
            {
                case AggregateStage.Sample: return false;
                case AggregateStage.Window:
                    due = cells[c + StartMs] + period;
                    return cells[c] != 0;
                case AggregateStage.Batch:
                    if (cells[c] != 0 && IsFull(c, s)) return true;
                    due = cells[c + BatchStartMs] + period;
                    return cells[c] != 0 && period != 0;
                default:
                    due = cells[c + SentMs] + period;
                    return (cells[c] & Pending) != 0 && period != 0;
            }
        }

        // What a stage keeps leaves it; false: there is no room.
        private bool Fire(int row, int stage, int c, int s, int nowMs)
        {
            int kind = stages[s + AggregateTable.Kind];
            if (kind == AggregateStage.Batch)
            {
                if (!Publish(row, s, c, 0, nowMs)) return false;
                cells[c] = 0;
                return true;
            }
            if (kind == AggregateStage.Window)
            {
                int functions = stages[s + AggregateTable.Functions];
                bool one = (functions & (functions - 1)) == 0;
                bool last = stage + 1 == rules[table.RuleOf[row] * AggregateTable.RuleRow + AggregateTable.EndStage];
                bool gone = one && !last ? Pass(row, stage + 1, (int)Function(c, functions), cells[c + StartMs], nowMs)
                    : Publish(row, s, c, 0, nowMs);
                if (gone) cells[c] = 0;
                return gone;
            }
            int value = cells[c + Value];
            if (!Pass(row, stage + 1, value, cells[c + ValueMs], nowMs)) return false;
            Passed(c, s, value, nowMs);
            return true;
        }

        // On to the next stage, or up; false: there is no room.
        private bool Pass(int row, int stage, int value, int ms, int nowMs)
        {
            int where = Walk(row, stage, value, ms, false, false);
            if (where == Full) return false;
            if (where == Out && !Publish(row, -1, value, ms, nowMs)) return false;
            Walk(row, stage, value, ms, true, false);
            return true;
        }

        // A result for the spool. s: the stage that it is of, c its cells; -1: a single reading, c its value.
        private bool Publish(int row, int s, int c, int ms, int nowMs)
        {
            int r = table.RuleOf[row] * AggregateTable.RuleRow;
            int flags = table.Flags[row];
            int qos = rules[r + AggregateTable.Qos];
            if (qos < 0) qos = flags & 3;
            writer.Real = false;
            writer.Length = 0;
            Write(row, r, s, c, ms, nowMs);
            int bytes = writer.Length;
            int topic = table.TopicAt(row);
            int length = table.TopicLength[row];
            int suffix = s < 0 ? 0 : rules[r + AggregateTable.SuffixLength];
            int answer = uplink.Offer(table.Topics, topic, length, length + suffix, bytes, qos,
                (flags & AggregateTable.Retain) != 0);
            if (answer == Uplink.NoRoom) return false;
            if (answer == Uplink.Queued)
            {
                uplink.Pool.Append(table.Topics, topic, length);
                if (suffix != 0) uplink.Pool.Append(table.Text, rules[r + AggregateTable.SuffixAt], suffix);
                writer.Real = true;
                writer.Length = 0;
                Write(row, r, s, c, ms, nowMs);
                uplink.Offered();
                counters[BridgeCounter.Results]++;
            }
            if (s >= 0 && rules[r + AggregateTable.Other] == AggregateRule.Tally) cells[table.CellsAt(row)] = 0;
            return true;
        }

        private void Write(int row, int r, int s, int c, int ms, int nowMs)
        {
            if (s < 0)
            {
                WriteOne(r, c, ms);
            }
            else if (stages[s + AggregateTable.Kind] == AggregateStage.Batch)
            {
                WriteBatch(row, r, s, c);
            }
            else
            {
                int functions = stages[s + AggregateTable.Functions];
                bool one = (functions & (functions - 1)) == 0 && functions != AggregateStage.Number;
                bool tally = rules[r + AggregateTable.Other] == AggregateRule.Tally;
                if (one && !tally) WriteOne(r, Function(c, functions), cells[c + StartMs]);
                else WriteWindow(row, r, functions, c, nowMs);
            }
        }

        private void WriteOne(int r, long value, int ms)
        {
            int decimals = rules[r + AggregateTable.Decimals];
            int field = rules[r + AggregateTable.FieldLength];
            if (field == 0)
            {
                writer.Number(value, decimals);
                return;
            }
            writer.Char('{');
            writer.Char('"');
            writer.Copy(table.Text, rules[r + AggregateTable.FieldAt], field);
            writer.Char('"');
            writer.Char(':');
            writer.Number(value, decimals);
            writer.When(bridge.Clock, ms);
            writer.Char('}');
        }

        private long Function(int c, int function)
        {
            switch (function)
            {
                case AggregateStage.Min: return cells[c + Min];
                case AggregateStage.Max: return cells[c + Max];
                case AggregateStage.Mean:
                    long twice = Sum(c) * 2;
                    long count = cells[c];
                    return (twice < 0 ? twice - count : twice + count) / (count * 2); // half away from zero
                case AggregateStage.Number: return cells[c];
                case AggregateStage.First: return cells[c + First];
                default: return cells[c + Last];
            }
        }

        private void WriteWindow(int row, int r, int functions, int c, int nowMs)
        {
            int decimals = rules[r + AggregateTable.Decimals];
            writer.Char('{');
            for (int f = AggregateStage.Min; f <= AggregateStage.Last; f += f)
            {
                if ((functions & f) == 0) continue;
                writer.Member(Name(f), Function(c, f), f == AggregateStage.Number ? 0 : decimals);
            }
            WriteOthers(row, r);
            writer.When(bridge.Clock, cells[c + StartMs]);
            writer.Member(ResultWriter.Ms, nowMs - cells[c + StartMs], 0);
            writer.Char('}');
        }

        private static int Name(int function)
        {
            switch (function)
            {
                case AggregateStage.Min: return ResultWriter.Min;
                case AggregateStage.Max: return ResultWriter.Max;
                case AggregateStage.Mean: return ResultWriter.Mean;
                case AggregateStage.Number: return ResultWriter.Count;
                case AggregateStage.First: return ResultWriter.First;
                default: return ResultWriter.Last;
            }
        }

        private void WriteOthers(int row, int r)
        {
            if (rules[r + AggregateTable.Other] != AggregateRule.Tally) return;
            int others = cells[table.CellsAt(row)];
            if (others != 0) writer.Member(ResultWriter.Other, others, 0);
        }

        private void WriteBatch(int row, int r, int s, int c)
        {
            int count = cells[c];
            int times = c + Readings + stages[s + AggregateTable.Count];
            writer.Char('{');
            WriteOthers(row, r);
            writer.When(bridge.Clock, cells[c + BatchStartMs]);
            writer.Member(ResultWriter.Steps);
            writer.Char('[');
            for (int i = 1; i < count; i++)
            {
                if (i > 1) writer.Char(',');
                writer.Number(cells[times + i], 0);
            }
            writer.Char(']');
            writer.Member(ResultWriter.Values);
            writer.Char('[');
            for (int i = 0; i < count; i++)
            {
                if (i > 0) writer.Char(',');
                writer.Number(cells[c + Readings + i], rules[r + AggregateTable.Decimals]);
            }
            writer.Char(']');
            writer.Char('}');
        }
    }
}
