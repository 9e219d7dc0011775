using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Femto.Mqtt;

namespace Femto.Bench;

/// <summary>What it costs that nothing acknowledged is lost: throughput with and without a journal and beside Mosquitto
/// with its persistence, and how long a journal takes to be read again.</summary>
internal sealed class DurabilityBench
{
    public double Seconds, WarmSeconds;
    public int Rounds;

    public int Run()
    {
        bool right = Read(100000);
        BrokerProcess[] brokers =
        [
            BrokerProcess.Femto("host"), BrokerProcess.DurableFemto(), BrokerProcess.Mosquitto("mosquitto", true),
        ];
        try
        {
            Console.WriteLine(FormattableString.Invariant($"QoS 1, one publisher, a subscriber with a session that ")
                + FormattableString.Invariant($"lasts, payloads of 64 bytes, {Seconds} s a run, median of {Rounds}"));
            Console.WriteLine("window  messages/s: Femto  Femto, journal  Mosquitto, db  journal/none"
                + "  journal/Mosquitto  lost");
            foreach (int window in new[] { 1, 20, 1000 })
            {
                right &= Compare(brokers, window);
            }
        }
        finally
        {
            foreach (BrokerProcess broker in brokers)
            {
                broker.Dispose();
            }
        }
        return right ? 0 : 1;
    }

    private bool Compare(BrokerProcess[] brokers, int window)
    {
        var rates = brokers.Select(_ => new List<double>()).ToArray();
        long lost = 0;
        for (int round = 0; round < Rounds; round++)
        {
            for (int b = 0; b < brokers.Length; b++)
            {
                using var load = new LoadRun(brokers[b].Port, Scenario.Named("1-1"), 1, window, $"d{window}-{round}-");
                LoadResult r = load.Run(WarmSeconds, Seconds, brokers[b]);
                rates[b].Add(r.PerSecond);
                lost += r.Lost + r.Disordered;
            }
        }
        double[] m = rates.Select(r => r.Order().ElementAt(r.Count / 2)).ToArray();
        Console.WriteLine(string.Format(CultureInfo.InvariantCulture,
            "{0,6} {1,18:F0} {2,15:F0} {3,14:F0} {4,13:F2} {5,18:F2} {6,5}", window, m[0], m[1], m[2], m[1] / m[0],
            m[1] / m[2], lost));
        return lost == 0;
    }

    // A journal of so many records of 100 bytes, each written three times over in turn, on this machine's disk.
    private static bool Read(int records)
    {
        string folder = Directory.CreateTempSubdirectory("femto-bench-").FullName;
        try
        {
            var limits = new JournalLimits { Rows = [records / 2, records / 2], FrameBytes = 4096 };
            string path = Path.Combine(folder, "journal");
            var content = new byte[100];
            using (DiskDevice device = DiskDevice.Open(path, 24, 4 << 20))
            {
                var journal = new Journal(device, limits, 7);
                journal.Open(new Counter());
                for (int i = 0; i < records * 3; i++)
                {
                    int record = i * 7 % records;
                    journal.Begin(1, content.Length);
                    journal.Put(Journal.Slot(record & 1, 1 + record / 2), content.Length);
                    journal.Append(content, 0, content.Length);
                    journal.Commit(0);
                    if (i % 100 == 0)
                    {
                        journal.Tick(0);
                    }
                }
                journal.Sync();
            }
            var count = new Counter();
            var watch = Stopwatch.StartNew();
            using (DiskDevice device = DiskDevice.Open(path, 24, 4 << 20))
            {
                new Journal(device, limits, 7).Open(count);
            }
            double ms = watch.Elapsed.TotalMilliseconds;
            long megabytes = new DirectoryInfo(folder).GetFiles().Sum(f => f.Length) >> 20;
            Console.WriteLine(FormattableString.Invariant(
                $"a journal of {count.Slots} records, {megabytes} MB, is read again in {ms:F0} ms (target 2000)"));
            return count.Slots == records && ms < 2000;
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private sealed class Counter : IJournalReader
    {
        public int Slots;

        public void Slot(int slot, byte[] buffer, int offset, int length) => Slots++;
    }
}
