using System;
using System.Diagnostics;

namespace Femto.Fuzz
{
    /// <summary>The command: tests/fuzz.</summary>
    public static class Program
    {
        public static int Main(string[] arguments)
        {
            int seed = -1, from = -1, first = 0;
            double minutes = 0;
            for (int i = 0; i + 1 < arguments.Length; i += 2)
            {
                string value = arguments[i + 1];
                if (arguments[i] == "--seed") seed = int.Parse(value);
                else if (arguments[i] == "--minutes") minutes = double.Parse(value);
                else if (arguments[i] == "--from") from = int.Parse(value);
                else if (arguments[i] == "--first") first = int.Parse(value);
            }
            if (seed >= 0)
            {
                string fault = Seeds.Play(seed);
                Console.WriteLine($"seed {seed}: {fault ?? "passed"}");
                return fault == null ? 0 : 1;
            }
            if (first == 0 && minutes <= 0)
            {
                Console.Error.WriteLine("fuzz --seed S | --minutes M [--from S] | --first N");
                return 2;
            }
            return first > 0 ? First(first) : Search(from, minutes);
        }

        // Plays seeds from 1 until one fails, for planted faults.
        private static int First(int most)
        {
            Stopwatch watch = Stopwatch.StartNew();
            for (int seed = 1; seed <= most; seed++)
            {
                string fault = Seeds.Play(seed);
                if (fault == null) continue;
                string line = fault.Split('\n')[0];
                Console.WriteLine($"found by seed {seed} after {watch.Elapsed.TotalSeconds:0.0} s: {line}");
                return 1;
            }
            Console.WriteLine($"not found in {most} seeds, {watch.Elapsed.TotalSeconds:0.0} s");
            return 0;
        }

        private static int Search(int from, double minutes)
        {
            if (from < 0) from = (int)(DateTime.UtcNow.Ticks / 10000000 % 20000) * 100000;
            Stopwatch watch = Stopwatch.StartNew();
            int failed = 0, seed = from;
            for (; watch.Elapsed.TotalMinutes < minutes; seed++)
            {
                string fault = Seeds.Play(seed);
                if (fault == null) continue;
                failed++;
                Console.WriteLine($"seed {seed}: {fault.Split('\n')[0]}");
                Console.Out.Flush();
            }
            Console.WriteLine($"{seed - from} seeds from {from}, {Seeds.Packets} hostile packets, "
                + $"{Seeds.Closes} connections closed, {Seeds.Delivered} messages of the good ones delivered, "
                + $"{Seeds.Refused} refused, {failed} seeds failed");
            return failed == 0 ? 0 : 1;
        }
    }
}
