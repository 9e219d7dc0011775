using System;
using System.Diagnostics;

namespace Femto.Simulation
{
    /// <summary>The command: tests/simulate.</summary>
    public static class Program
    {
        private const string Usage =
            "simulate --seed S [--steps N] [--quiet]   replays one run and prints its trace\n"
            + "simulate --minutes M [--from S] [--steps N]   searches seeds from S, default by the clock\n"
            + "simulate --bridge [--seed S | --minutes M [--from S]]   the same for two brokers and a bridge\n"
            + "simulate --first N                        plays seeds 1 to N, until one fails\n"
            + "simulate --planted [--name X] [--most N]  plants the faults of planted.txt, one at a time";

        public static int Main(string[] arguments)
        {
            int seed = -1;
            int steps = 0;
            double minutes = 0;
            int from = -1;
            bool quiet = false;
            int first = 0;
            bool planted = false;
            bool bridge = false;
            string name = null;
            int most = 2000;
            for (int i = 0; i < arguments.Length; i++)
            {
                string a = arguments[i];
                if (a == "--quiet")
                {
                    quiet = true;
                    continue;
                }
                if (a == "--bridge")
                {
                    bridge = true;
                    continue;
                }
                if (a == "--planted")
                {
                    planted = true;
                    continue;
                }
                if (i + 1 == arguments.Length) return Help();
                string value = arguments[++i];
                if (a == "--seed") seed = int.Parse(value);
                else if (a == "--steps") steps = int.Parse(value);
                else if (a == "--minutes") minutes = double.Parse(value);
                else if (a == "--from") from = int.Parse(value);
                else if (a == "--first") first = int.Parse(value);
                else if (a == "--most") most = int.Parse(value);
                else if (a == "--name") name = value;
                else return Help();
            }
            if (bridge) return Bridges(seed, from, minutes, quiet);
            if (seed >= 0) return Replay(seed, steps, quiet);
            if (planted) return Planting.Run(name, most);
            if (first > 0) return First(first);
            if (minutes <= 0) return Help();
            if (from < 0) from = (int)(DateTime.UtcNow.Ticks / 10000000 % 20000) * 100000;
            return Search(from, minutes, steps);
        }

        private static int Help()
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        private static int Replay(int seed, int steps, bool quiet)
        {
            World world = new(seed);
            if (!quiet) world.Trace = Console.Out;
            string fault = world.Play(steps);
            Console.WriteLine(fault == null ? $"seed {seed}: passed" : $"seed {seed}: {fault}");
            Console.WriteLine(world.Summary());
            return fault == null ? 0 : 1;
        }

        private static int Bridges(int seed, int from, double minutes, bool quiet)
        {
            if (seed >= 0)
            {
                string fault = new BridgeWorld(seed) { Trace = quiet ? null : Console.Out }.Play();
                Console.WriteLine($"seed {seed}: {fault ?? "passed"}");
                return fault == null ? 0 : 1;
            }
            Stopwatch watch = Stopwatch.StartNew();
            int failed = 0;
            if (from < 0) from = (int)(DateTime.UtcNow.Ticks / 10000000 % 20000) * 100000;
            for (seed = from; watch.Elapsed.TotalMinutes < minutes; seed++)
            {
                string fault = new BridgeWorld(seed).Play();
                if (fault == null) continue;
                failed++;
                Console.WriteLine($"seed {seed}: {fault.Split('\n')[0]}");
            }
            Console.WriteLine($"{seed - from} seeds from {from}, {failed} failed");
            return failed == 0 ? 0 : 1;
        }

        // Says where it is, for one who waits for it to end.
        private static int First(int most)
        {
            for (int seed = 1; seed <= most; seed++)
            {
                Console.WriteLine("at " + seed);
                string fault = new World(seed).Play(0);
                if (fault == null) continue;
                Console.WriteLine($"{seed} | {fault.Split('\n')[0]}");
                return 1;
            }
            return 0;
        }

        private static int Search(int from, double minutes, int steps)
        {
            Stopwatch watch = Stopwatch.StartNew();
            int failed = 0;
            int seed = from;
            for (; watch.Elapsed.TotalMinutes < minutes; seed++)
            {
                string fault = new World(seed).Play(steps);
                if (fault == null) continue;
                failed++;
                Console.WriteLine($"seed {seed}: {fault.Split('\n')[0]}");
            }
            Console.WriteLine($"{seed - from} seeds from {from}, {failed} failed");
            return failed == 0 ? 0 : 1;
        }
    }
}
