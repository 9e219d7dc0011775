using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

namespace Femto.Edge;

/// <summary>
/// What somebody at the upstream can know: of each sensor a value for each time, from what came up. Readings hold until
/// the next one; a window tells of its own time; what carries a time is put where it belongs.
/// </summary>
internal sealed class Consumer
{
    private readonly int windowMs;      // of rules that end in a window of one function, whose results carry no time
    private readonly List<(double At, double Value, double Came)>[] points;
    private readonly List<(double From, double To, double Mean, double Min, double Max, double Came)>[] windows;

    public Consumer(int windowMs)
    {
        this.windowMs = windowMs;
        points = Site.Names.Select(_ => new List<(double, double, double)>()).ToArray();
        windows = Site.Names.Select(_ => new List<(double, double, double, double, double, double)>()).ToArray();
    }

    public void Take(Publication p, int elapsedMs)
    {
        int slash = p.Topic.LastIndexOf('/');
        int sensor = p.Topic.Contains("/sensor/") ? Array.IndexOf(Site.Names, p.Topic[(slash + 1)..]) : -1;
        if (sensor < 0)
        {
            return;
        }
        if (p.Payload[0] == '{')
        {
            Json(sensor, p.Text, elapsedMs);
            return;
        }
        double value = double.Parse(p.Payload, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (windowMs != 0)
        {
            windows[sensor].Add((elapsedMs - windowMs, elapsedMs, value, value, value, elapsedMs));
        }
        else
        {
            points[sensor].Add((elapsedMs, value, elapsedMs));
        }
    }

    private void Json(int sensor, string text, int elapsedMs)
    {
        using JsonDocument json = JsonDocument.Parse(text);
        JsonElement root = json.RootElement;
        double at = Site.Since(root.GetProperty("t").GetDouble());
        if (root.TryGetProperty("v", out JsonElement values))
        {
            JsonElement steps = root.GetProperty("d");
            for (int i = 0; i < values.GetArrayLength(); i++)
            {
                at += i == 0 ? 0 : steps[i - 1].GetDouble();
                points[sensor].Add((at, values[i].GetDouble(), elapsedMs));
            }
            return;
        }
        windows[sensor].Add((at, at + root.GetProperty("ms").GetDouble(), root.GetProperty("mean").GetDouble(),
            root.GetProperty("min").GetDouble(), root.GetProperty("max").GetDouble(), elapsedMs));
    }

    /// <summary>The value known for each reading's time, NaN where nothing is known.</summary>
    public double[] Known(int sensor, int readings)
    {
        var known = new double[readings];
        Array.Fill(known, double.NaN);
        foreach ((double from, double to, double mean, _, _, _) in windows[sensor])
        {
            int end = (int)Math.Ceiling(to / Site.StepMs);
            for (int i = Math.Max(0, (int)(from / Site.StepMs)); i < Math.Min(end, readings); i++)
            {
                known[i] = mean;
            }
        }
        // An alarm that went up at once stands between the readings of batches.
        var sorted = points[sensor].OrderBy(p => p.At).ToArray();
        for (int k = 0; k < sorted.Length && windows[sensor].Count == 0; k++)
        {
            int from = (int)Math.Round(sorted[k].At / Site.StepMs);
            int to = k + 1 < sorted.Length ? (int)Math.Round(sorted[k + 1].At / Site.StepMs) : readings;
            for (int i = from; i < Math.Min(to, readings); i++)
            {
                known[i] = sorted[k].Value;
            }
        }
        return known;
    }

    /// <summary>When somebody could first know that a sensor was above a bound at some time from one on, until another;
    /// NaN: never.</summary>
    public double Alarmed(int sensor, double above, double from, double until)
    {
        double first = double.NaN;
        foreach ((double at, double value, double came) in points[sensor])
        {
            if (value > above && at >= from && at <= until && !(first <= came))
            {
                first = came;
            }
        }
        foreach ((double start, double end, _, _, double max, double came) in windows[sensor])
        {
            if (max > above && end > from && start <= until && !(first <= came))
            {
                first = came;
            }
        }
        return first;
    }
}
