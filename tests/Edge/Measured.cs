using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;

namespace Femto.Edge;

/// <summary>One run of a day, or of a part of it, by one set of rules: what it cost, and what came of it.</summary>
internal sealed class Measured
{
    public Rules Rules;
    public int Readings;
    public long BytesUp, BytesDown;
    public int Messages;
    public long Dropped;
    public bool Arrived;            // the consumer got every message, as it was sent
    public int RamBytes;
    public double[] Errors;         // the largest of each sensor
    public double[] Ranges;         // of each sensor's raw signal
    public int Alarms;
    public int AlarmsMissed;
    public double AlarmDelayMs;     // the largest, in virtual time
    public double AlarmSocketMs;    // the largest, from reading to consumer over the real sockets; 0: not measured
    public double Seconds;
    public int[][] Raw;
    public double[][] Known;

    public long Bytes => BytesUp + BytesDown;

    /// <summary>The largest error of all sensors, as a part of the sensor's range.</summary>
    public double Error => Errors.Select((e, i) => e / Ranges[i]).Max();

    private static readonly (int Sensor, double Above)[] s_alarms =
        [(3, Rules.VibrationAlarm), (4, Rules.PowerAlarm)];

    public static Measured Run(int port, Rules rules, int readings)
    {
        var watch = Stopwatch.StartNew();
        using var arrivals = new Arrivals(port);
        using var site = new Site(port, rules.Version, rules.Limits, rules.Text, readings, arrivals);
        var consumer = new Consumer(rules.WindowMs);
        site.Meter.Published = p => consumer.Take(p, site.ElapsedMs);
        bool timed = rules.Text.Contains("aggregate_alarm");
        double socketMs = 0;
        site.Connect();
        for (int i = 0; i < readings; i++)
        {
            int before = site.Meter.Messages;
            long start = Stopwatch.GetTimestamp();
            site.Step();
            if (timed && site.Meter.Messages > before && Crosses(site, i))
            {
                site.Settle();
                socketMs = Math.Max(socketMs, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            site.Advance();
        }
        int elapsed = site.ElapsedMs;
        site.Stop();
        site.Settle();
        var result = new Measured
        {
            Rules = rules,
            Readings = readings * Site.Names.Length,
            BytesUp = site.Meter.BytesUp,
            BytesDown = site.Meter.BytesDown,
            Messages = site.Meter.Messages,
            Dropped = site.DroppedMessages,
            // The bridge's goodbye may bring a will, which the consumer gets beside what was sent.
            Arrived = arrivals.Count == site.Meter.Messages && arrivals.Sum == site.Meter.Sum,
            RamBytes = site.RamBytes,
            AlarmSocketMs = socketMs,
            Seconds = watch.Elapsed.TotalSeconds,
            Raw = site.Sensors.Select(s => s.Values).ToArray(),
        };
        if (site.Sensors.Any(s => s.Count != readings))
        {
            throw new InvalidOperationException("a sensor was not read at each step");
        }
        result.Compare(consumer, readings);
        return result;
    }

    private static bool Crosses(Site site, int i) => i > 0 && s_alarms.Any(a =>
        Value(site.Sensors[a.Sensor].Values, a.Sensor, i) > a.Above
        && Value(site.Sensors[a.Sensor].Values, a.Sensor, i - 1) <= a.Above);

    public static double Value(int[] values, int sensor, int i) => values[i] / Math.Pow(10, Site.Decimals[sensor]);

    private void Compare(Consumer consumer, int readings)
    {
        int sensors = Site.Names.Length;
        Errors = new double[sensors];
        Ranges = new double[sensors];
        Known = new double[sensors][];
        for (int s = 0; s < sensors; s++)
        {
            double unit = Math.Pow(10, -Site.Decimals[s]);
            Known[s] = consumer.Known(s, readings);
            Ranges[s] = (Raw[s].Max() - Raw[s].Min()) * unit;
            for (int i = 0; i < readings; i++)
            {
                double error = Math.Abs(Known[s][i] - Raw[s][i] * unit);
                Errors[s] = Math.Max(Errors[s], double.IsNaN(error) ? 0 : error);
            }
        }
        foreach ((int sensor, double above) in s_alarms)
        {
            foreach ((int from, int to) in Excursions(sensor, above))
            {
                Alarms++;
                double came = consumer.Alarmed(sensor, above, from * Site.StepMs, to * Site.StepMs);
                if (double.IsNaN(came))
                {
                    AlarmsMissed++;
                }
                else
                {
                    AlarmDelayMs = Math.Max(AlarmDelayMs, came - from * Site.StepMs);
                }
            }
        }
    }

    // From the first reading above to the last.
    private IEnumerable<(int From, int To)> Excursions(int sensor, double above)
    {
        int[] raw = Raw[sensor];
        int from = -1;
        for (int i = 0; i < raw.Length; i++)
        {
            bool now = Value(raw, sensor, i) > above;
            if (now && from < 0)
            {
                from = i;
            }
            if (!now && from >= 0)
            {
                yield return (from, i - 1);
                from = -1;
            }
        }
        if (from >= 0)
        {
            yield return (from, raw.Length - 1);
        }
    }
}
