using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Femto.Bench;

/// <summary>Runs the brokers in turn under each load, prints one line for each, and the ratio.</summary>
internal sealed class BrokerBench
{
    public Scenario[] Scenarios;
    public int[] Qos, Windows;
    public double Seconds, WarmSeconds;
    public int Rounds;
    public string Limits;
    /// <summary>Path of Mosquitto, or <c>none</c>.</summary>
    public string Peer;
    /// <summary>Leave Femto out: to look at the load beside Mosquitto alone.</summary>
    public bool PeerOnly;

    private int missed;

    public int Run()
    {
        var brokers = new List<BrokerProcess>();
        try
        {
            if (!PeerOnly)
            {
                brokers.Add(BrokerProcess.Femto(Limits));
            }
            if (Peer != "none")
            {
                brokers.Add(BrokerProcess.Mosquitto(Peer));
            }
            Print($"{Stream.PayloadBytes}-byte payloads, {Seconds} s a run after {WarmSeconds} s to warm up, "
                + $"median of {Rounds}; messages are counted as received");
            Print("load   QoS window broker     messages/s   p50 us   p99 us  lost  CPU us/msg  RSS MB"
                + "  load CPU  ratio");
            foreach (Scenario scenario in Scenarios)
            {
                foreach (int qos in Qos)
                {
                    foreach (int window in Windows)
                    {
                        Compare(brokers, scenario, qos, window);
                    }
                }
            }
        }
        finally
        {
            brokers.ForEach(b => b.Dispose());
        }
        Print(missed == 0 ? "every target reached" : $"{missed} targets missed");
        return missed == 0 ? 0 : 1;
    }

    private void Compare(List<BrokerProcess> brokers, Scenario scenario, int qos, int window)
    {
        var results = brokers.Select(_ => new List<LoadResult>()).ToArray();
        for (int round = 0; round < Rounds; round++)
        {
            for (int b = 0; b < brokers.Count; b++)
            {
                using var load = new LoadRun(brokers[b].Port, scenario, qos, window);
                results[b].Add(load.Run(WarmSeconds, Seconds, brokers[b]));
            }
        }
        LoadResult[] medians = results.Select(Median).ToArray();
        double target = Target(qos, window);
        for (int b = 0; b < brokers.Count; b++)
        {
            LoadResult r = medians[b];
            string line = string.Format(CultureInfo.InvariantCulture,
                "{0,-6} {1,3} {2,6} {3,-10} {4,10:F0} {5,8:F0} {6,8:F0} {7,5} {8,11:F2} {9,7:F0} {10,9:F2}",
                scenario.Name, qos, window, brokers[b].Name, r.PerSecond, r.P50Us, r.P99Us,
                r.Lost + r.Disordered, r.CpuUs, r.MemoryMb, r.OwnCpuShare);
            if (b == 0 && !PeerOnly && brokers.Count > 1)
            {
                // Of the runs of one round, which follow each other: what else the machine did fell on both.
                double ratio = results[0].Zip(results[1], (own, peer) => own.PerSecond / Math.Max(1, peer.PerSecond))
                    .Order().ElementAt(Rounds / 2);
                bool miss = ratio < target || r.Lost + r.Disordered > 0;
                missed += miss ? 1 : 0;
                line += string.Format(CultureInfo.InvariantCulture, "  {0:F1}", ratio)
                    + (target > 0 ? FormattableString.Invariant($" (target {target:F0})") : "")
                    + (miss ? " MISSED" : "");
            }
            Print(line);
        }
    }

    /// <summary>What Femto must reach beside Mosquitto; 0 where nothing was promised.</summary>
    private static double Target(int qos, int window) => (qos, window) switch
    {
        (0, >= 1000) => 10,
        (_, 20) => 3,
        (0, 1) => 1,
        _ => 0,
    };

    private static LoadResult Median(List<LoadResult> runs)
    {
        LoadResult median = runs.OrderBy(r => r.PerSecond).ElementAt(runs.Count / 2);
        median.Lost = runs.Sum(r => r.Lost);
        median.Disordered = runs.Sum(r => r.Disordered);
        return median;
    }

    private static void Print(string line) => Console.WriteLine(line);
}
