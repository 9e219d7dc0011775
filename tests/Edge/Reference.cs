using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Femto.Edge;

/// <summary>
/// What aggregation.md says of one topic under one rule, written down plainly: decimal numbers, lists of all readings,
/// a clock of longs. It shares no code with what it judges.
/// </summary>
internal sealed class Reference
{
    /// <summary>The words behind the pattern, split at the bars.</summary>
    public string[][] Steps;
    public int Decimals = 3;
    public string Field, Suffix = "";
    public char Other = 'p';                // p pass, d drop, c count
    public int Qos = -1;
    public decimal? Above, Below;

    /// <summary>Topic's ending and payload of what goes up.</summary>
    public Action<string, string> Out;
    public bool Online;
    /// <summary>Milliseconds from the clock of readings to the time of day; null: not known.</summary>
    public long? Offset;
    public long UpSince;

    public int Aggregated, Results, NotNumbers, Alarms;

    private sealed record Reading(decimal Value, long Ms);

    private sealed class State
    {
        public Reading Waits, Last;
        public long PassedMs;
        public List<Reading> Kept = new();
        public int Seen;
    }

    private State[] states;
    private bool alarm;
    private int others, lastQos;

    public void Begin() => states = Steps.Select(_ => new State()).ToArray();

    private static long Ms(string seconds) => (long)(decimal.Parse(seconds, CultureInfo.InvariantCulture) * 1000);

    // The number in a payload; null: none, or beyond the range.
    private decimal? Number(string payload)
    {
        if (Field != null)
        {
            int at = payload.IndexOf($"\"{Field}\":", StringComparison.Ordinal);
            if (at < 0)
            {
                return null;
            }
            at += Field.Length + 3;
            payload = payload[at..payload.IndexOfAny([',', '}'], at)];
        }
        if (!decimal.TryParse(payload, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value))
        {
            return null;
        }
        value = decimal.Round(value, Decimals, MidpointRounding.AwayFromZero);
        decimal units = Math.Abs(value);
        for (int i = 0; i < Decimals; i++)
        {
            units *= 10;
        }
        return units > int.MaxValue ? null : value;
    }

    private string Text(decimal value) => decimal.Round(value, Decimals, MidpointRounding.AwayFromZero)
        .ToString("0.######", CultureInfo.InvariantCulture);

    private string When(long ms) => Offset is long o ? $"\"t\":{ms + o}" : $"\"t\":null,\"up\":{ms - UpSince}";

    /// <summary>A message of this topic comes.</summary>
    public void Take(string payload, int qos, long now)
    {
        bool lost = qos == 0 && !Online;
        decimal? number = Number(payload);
        if (number == null)
        {
            if (Other == 'p' && lost)
            {
                return;
            }
            NotNumbers++;
            if (Other == 'p')
            {
                Out("", payload);
            }
            else if (Other == 'c')
            {
                others++;
            }
            return;
        }
        var reading = new Reading(number.Value, now);
        bool crosses = (reading.Value > Above || reading.Value < Below) != alarm && (Above != null || Below != null);
        if (crosses)
        {
            if (lost)
            {
                return;
            }
            alarm = !alarm;
            Alarms++;
            lastQos = qos;
            Out("", payload);
            Pass(0, reading, now, forced: true, look: false);
            return;
        }
        if (!Pass(0, reading, now, false, look: true))
        {
            Aggregated++;
            lastQos = qos;
            Pass(0, reading, now, false, look: false);
        }
        else if (!lost)
        {
            lastQos = qos;
            Out("", payload);
            Pass(0, reading, now, false, look: false);
        }
    }

    // Whether a reading gets behind the last step. look: nothing is changed.
    private bool Pass(int step, Reading r, long now, bool forced, bool look)
    {
        for (; step < Steps.Length; step++)
        {
            string[] words = Steps[step];
            State s = states[step];
            switch (words[0])
            {
                case "window":
                case "batch":
                    if (!look)
                    {
                        s.Kept.Add(r);
                    }
                    return false;
                case "sample":
                    bool first = s.Seen % int.Parse(words[1]) == 0;
                    if (!look)
                    {
                        s.Seen++;
                    }
                    if (!first)
                    {
                        return false;
                    }
                    break;
                default:
                    if (!forced && Stays(words, s, r))
                    {
                        if (!look && Silence(words) != 0)
                        {
                            s.Waits = r;
                        }
                        return false;
                    }
                    if (!look)
                    {
                        s.Last = r;
                        s.PassedMs = r.Ms;
                        s.Waits = null;
                    }
                    break;
            }
        }
        return true;
    }

    // Milliseconds after which a step lets go what waits; 0: never.
    private static long Silence(string[] words) => words[0] switch
    {
        "latest" => Ms(words[1]),
        "deadband" => words.Length > 2 ? Ms(words[2]) : 0,
        "batch" => words.Length > 2 ? Ms(words[2]) : 0,
        "window" => Ms(words[1]),
        _ => 0,
    };

    private static bool Stays(string[] words, State s, Reading r)
    {
        if (s.Last == null)
        {
            return false;
        }
        long silence = Silence(words);
        if (silence != 0 && r.Ms - s.PassedMs >= silence)
        {
            return false;
        }
        if (words[0] == "latest")
        {
            return true;
        }
        decimal differs = Math.Abs(r.Value - s.Last.Value);
        return words[1].EndsWith('%')
            ? differs * 100 <= decimal.Parse(words[1][..^1], CultureInfo.InvariantCulture) * Math.Abs(s.Last.Value)
            : differs <= decimal.Parse(words[1], CultureInfo.InvariantCulture);
    }

    /// <summary>When something leaves by itself next.</summary>
    public long Due()
    {
        long due = long.MaxValue;
        for (int i = 0; i < Steps.Length; i++)
        {
            long silence = Silence(Steps[i]);
            State s = states[i];
            if (s.Waits != null)
            {
                due = Math.Min(due, s.PassedMs + silence);
            }
            if (s.Kept.Count != 0 && silence != 0)
            {
                due = Math.Min(due, s.Kept[0].Ms + silence);
            }
            if (Steps[i][0] == "batch" && s.Kept.Count >= int.Parse(Steps[i][1]))
            {
                due = Math.Min(due, s.Kept[^1].Ms);
            }
        }
        return due;
    }

    /// <summary>Time is now: what is due leaves.</summary>
    public void Turn(long now)
    {
        for (int i = 0; i < Steps.Length; i++)
        {
            string[] words = Steps[i];
            State s = states[i];
            long silence = Silence(words);
            if (words[0] == "window" && s.Kept.Count != 0 && now - s.Kept[0].Ms >= silence)
            {
                Window(i, words[2].Split(','), s, now);
            }
            else if (words[0] == "batch" && s.Kept.Count != 0 && (s.Kept.Count >= int.Parse(words[1])
                || silence != 0 && now - s.Kept[0].Ms >= silence))
            {
                Batch(s);
            }
            else if (s.Waits != null && now - s.PassedMs >= silence)
            {
                Reading r = s.Waits;
                Up(i + 1, r, now);
                s.Last = r;
                s.PassedMs = now;
                s.Waits = null;
            }
        }
    }

    private void Up(int step, Reading r, long now)
    {
        if (Pass(step, r, now, false, look: false))
        {
            Result("", One(r.Value, r.Ms));
        }
    }

    private string One(decimal value, long ms) =>
        Field == null ? Text(value) : $"{{\"{Field}\":{Text(value)},{When(ms)}}}";

    private void Result(string suffix, string payload)
    {
        if (Online || (Qos >= 0 ? Qos : lastQos) != 0)
        {
            Results++;
            Out(suffix, payload);
        }
    }

    private void Window(int i, string[] functions, State s, long now)
    {
        List<Reading> all = s.Kept;
        s.Kept = new List<Reading>();
        if (i + 1 < Steps.Length)
        {
            // The next step sees it as a reading of the window's begin.
            decimal value = decimal.Round(Function(functions[0], all), Decimals, MidpointRounding.AwayFromZero);
            Up(i + 1, new Reading(value, all[0].Ms), now);
            return;
        }
        if (functions.Length == 1 && functions[0] != "count" && Other != 'c')
        {
            Result(Suffix, One(Function(functions[0], all), all[0].Ms));
            return;
        }
        string text = string.Concat(new[] { "min", "max", "mean", "count", "first", "last" }
            .Where(functions.Contains).Select(f => $"\"{f}\":{Text(Function(f, all))},"));
        Result(Suffix, $"{{{text}{Others()}{When(all[0].Ms)},\"ms\":{now - all[0].Ms}}}");
    }

    private string Others()
    {
        string text = Other == 'c' && others != 0 ? $"\"other\":{others}," : "";
        others = 0;
        return text;
    }

    private static decimal Function(string name, List<Reading> all) => name switch
    {
        "min" => all.Min(r => r.Value),
        "max" => all.Max(r => r.Value),
        "mean" => all.Sum(r => r.Value) / all.Count,
        "count" => all.Count,
        "first" => all[0].Value,
        _ => all[^1].Value,
    };

    private void Batch(State s)
    {
        List<Reading> all = s.Kept;
        s.Kept = new List<Reading>();
        string steps = string.Join(',', all.Skip(1).Select((r, k) => r.Ms - all[k].Ms));
        string values = string.Join(',', all.Select(r => Text(r.Value)));
        Result(Suffix, $"{{{Others()}{When(all[0].Ms)},\"d\":[{steps}],\"v\":[{values}]}}");
    }
}
