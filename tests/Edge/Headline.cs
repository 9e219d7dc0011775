using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Femto.Edge;

/// <summary>The day of five sensors, by each set of rules, as a table and as what the plot is drawn from.</summary>
internal static class Headline
{
    /// <summary>Runs the default set alone, for the plot.</summary>
    public static bool Draw(double hours, string file)
    {
        using var mosquitto = new Mosquitto();
        Measured m = Measured.Run(mosquitto.Port, Rules.Default, (int)(hours * 36000));
        File.WriteAllText(file, Plot(m));
        return m.Arrived;
    }

    public static bool Print(double hours, string only)
    {
        int readings = (int)(hours * 36000);
        var done = new List<Measured>();
        string length = hours == 24 ? "a day" : FormattableString.Invariant($"{hours} hours");
        Console.WriteLine(FormattableString.Invariant($"Five sensors at 10 Hz for {length}: {readings * 5:N0} readings")
            + ". MQTT's own bytes, up and down; TCP/IP adds 40 and more for each segment.\n");
        Console.WriteLine("| what goes up | bytes | fewer | messages | largest error | alarm known within |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
        Measured raw = null;
        foreach (Rules rules in Rules.Table.Where(r => only == null || r == Rules.Raw || r.Name.Contains(only)))
        {
            using var mosquitto = new Mosquitto(); // each begins with an empty store
            Measured m = Measured.Run(mosquitto.Port, rules, readings);
            raw ??= m;
            done.Add(m);
            Console.WriteLine(Row(m, raw));
            Console.Error.WriteLine(FormattableString.Invariant($"{m.Seconds:F0} s, dropped {m.Dropped}, ")
                + (m.Arrived ? "all arrived" : "NOT ALL ARRIVED") + FormattableString.Invariant($", RAM {m.RamBytes}"));
        }
        Measured standard = done.FirstOrDefault(m => m.Rules == Rules.Default);
        if (standard != null)
        {
            Console.WriteLine();
            Console.Write(Sensors(standard));
        }
        string wrong = Wrong(done, raw, hours);
        Console.Error.WriteLine(wrong ?? "all that is promised holds");
        return wrong == null;
    }

    private static string Row(Measured m, Measured raw) => FormattableString.Invariant(
        $"| {m.Rules.Name} | {m.Bytes:N0} | {Times(raw.Bytes, m.Bytes)} | {m.Messages:N0} | {m.Error:P1} | ")
        + $"{Alarm(m)} |";

    private static string Times(long all, long part) => all == part ? ""
        : ((double)all / part).ToString(all / part < 10 ? "F1" : "F0", CultureInfo.InvariantCulture) + " times";

    private static string Alarm(Measured m)
    {
        string delay = m.AlarmsMissed == m.Alarms ? "" : Seconds(m.AlarmDelayMs);
        string missed = m.AlarmsMissed == 0 ? "" : $"{m.AlarmsMissed} of {m.Alarms} never";
        return missed + (missed != "" && delay != "" ? ", " : "") + delay;
    }

    private static string Seconds(double ms) => ms == 0 ? "at once"
        : (ms / 1000).ToString(ms < 10000 ? "F1" : "F0", CultureInfo.InvariantCulture) + " s";

    private static string Sensors(Measured m)
    {
        var text = new StringBuilder("| sensor | rule promises | largest error |\n| --- | ---: | ---: |\n");
        string[] units = ["°C", "%", "hPa", "mm/s", "W"];
        for (int s = 0; s < Site.Names.Length; s++)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Site.Names[s]} | {Rules.Bounds[s]} {units[s]} | "
                + $"{Math.Round(m.Errors[s], 3)} {units[s]} |\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"\n{m.Alarms} alarms, the slowest at the consumer after "
            + $"{m.AlarmSocketMs:F1} ms over real sockets.\n");
        return text.ToString();
    }

    /// <summary>What the headline promises; null: it holds.</summary>
    public static string Wrong(List<Measured> all, Measured raw, double hours)
    {
        var wrong = new List<string>();
        foreach (Measured m in all)
        {
            if (!m.Arrived)
            {
                wrong.Add($"{m.Rules.Name}: the consumer did not get what was sent");
            }
            if (m.Dropped != 0)
            {
                wrong.Add($"{m.Rules.Name}: {m.Dropped} messages dropped");
            }
            if (!m.Rules.Text.Contains("aggregate_alarm"))
            {
                continue;
            }
            for (int s = 0; s < Site.Names.Length; s++)
            {
                if (m.Errors[s] > Rules.Bounds[s] + 1e-9)
                {
                    wrong.Add($"{m.Rules.Name}: {Site.Names[s]} is off by {m.Errors[s]}");
                }
            }
            if (m.AlarmsMissed != 0 || m.AlarmDelayMs > 1000 || m.AlarmSocketMs > 1000 || hours >= 1 && m.Alarms == 0)
            {
                wrong.Add($"{m.Rules.Name}: alarms come late");
            }
            if (raw.Bytes < 20 * m.Bytes)
            {
                wrong.Add($"{m.Rules.Name}: only {Times(raw.Bytes, m.Bytes)} fewer bytes");
            }
        }
        if (all.Count == Rules.Table.Length && all.Max(m => (double)raw.Bytes / m.Bytes) < 100)
        {
            wrong.Add("no rule sends a hundred times less");
        }
        return wrong.Count == 0 ? null : string.Join('\n', wrong);
    }

    // Lines of: panel, time in seconds, least and largest raw value, least and largest known upstream.
    private static string Plot(Measured m)
    {
        var text = new StringBuilder();
        Panel(text, m, 0, 0, m.Raw[0].Length, 600);
        int alarm = Array.FindIndex(m.Raw[4], v => v > Rules.PowerAlarm * 10);
        int from = Math.Max(0, alarm - 900);
        Panel(text, m, 4, from, Math.Min(m.Raw[4].Length, from + 1800), 1);
        return text.ToString();
    }

    private static void Panel(StringBuilder text, Measured m, int sensor, int from, int to, int step)
    {
        for (int i = from; i < to; i += step)
        {
            double least = double.MaxValue, most = double.MinValue;
            double low = double.MaxValue, high = double.MinValue;
            for (int k = i; k < Math.Min(i + step, to); k++)
            {
                double value = Measured.Value(m.Raw[sensor], sensor, k);
                least = Math.Min(least, value);
                most = Math.Max(most, value);
                low = Math.Min(low, m.Known[sensor][k]);
                high = Math.Max(high, m.Known[sensor][k]);
            }
            text.Append(CultureInfo.InvariantCulture,
                $"{Site.Names[sensor]},{i / 10.0},{least},{most},{low},{high}\n");
        }
    }
}
