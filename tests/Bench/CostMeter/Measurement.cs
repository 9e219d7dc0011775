using System;
using System.Collections.Generic;

namespace Femto.CostMeter
{
    /// <summary>One method's part in an operation.</summary>
    internal sealed class MethodCost
    {
        public string Name;
        public double Calls, Instructions, Ns;
        /// <summary>Its blocks that ran, with their runs.</summary>
        public List<(Block Block, double Runs)> Blocks = new List<(Block, double)>();
    }

    /// <summary>What an operation took, on average over the runs.</summary>
    internal sealed class Measurement
    {
        // Enough that an aligned cost (a ring that wraps, a list that is compacted) shows in the average.
        private const int WarmRuns = 64, Runs = 256;

        public Operation Operation;
        public double[] Counts = new double[CostModel.Classes];
        public double[] CopyLengths = new double[4];
        public SortedDictionary<string, double> Natives = new SortedDictionary<string, double>(StringComparer.Ordinal);
        public SortedDictionary<string, double> Allocations =
            new SortedDictionary<string, double>(StringComparer.Ordinal);
        public List<MethodCost> Methods = new List<MethodCost>();
        public double Ns;

        public double Instructions
        {
            get
            {
                double sum = 0;
                for (int i = 0; i < CostModel.InstructionClasses; i++)
                {
                    sum += Counts[i];
                }

                return sum;
            }
        }

        public static Measurement Of(Operation operation, Rewriter rewriter)
        {
            for (int i = 0; i < WarmRuns; i++)
            {
                operation.Before();
                operation.Run();
                operation.After();
            }

            long[] total = new long[Counters.Blocks.Length];
            long[] copied = new long[Counters.Blocks.Length];
            var result = new Measurement { Operation = operation };
            for (int i = 0; i < Runs; i++)
            {
                operation.Before();
                Counters.Clear();
                operation.Run();
                Add(Counters.Blocks, total);
                Add(Counters.CopiedBytes, copied);
                for (int k = 0; k < result.CopyLengths.Length; k++)
                {
                    result.CopyLengths[k] += (double)Counters.CopyLengths[k] / Runs;
                }

                operation.After();
            }

            result.Sum(rewriter, total, copied);
            return result;
        }

        private static void Add(long[] from, long[] to)
        {
            for (int i = 0; i < from.Length; i++)
            {
                to[i] += from[i];
            }
        }

        private void Sum(Rewriter rewriter, long[] total, long[] copied)
        {
            double calls = 0, innerCalls = 0;
            foreach (Method method in rewriter.Methods)
            {
                var cost = new MethodCost { Name = method.Name, Calls = (double)total[method.Entry] / Runs };
                foreach (Block block in method.Blocks)
                {
                    double runs = (double)total[block.Id] / Runs;
                    if (runs > 0)
                    {
                        Sum(block, runs, cost);
                        innerCalls += runs * block.InnerCalls;
                        cost.Ns += (double)copied[block.Id] / Runs * CostModel.CopiedByte;
                    }
                }

                calls += cost.Calls;
                Ns += cost.Ns;
                if (cost.Calls > 0)
                {
                    Methods.Add(cost);
                }
            }

            // Calls that the transport makes: their callers are not rewritten.
            Counts[(int)Class.OutsideCall] = calls - innerCalls;
            Ns += Counts[(int)Class.OutsideCall] * CostModel.Price(Class.OutsideCall);
            Methods.Sort((a, b) => b.Ns.CompareTo(a.Ns));
        }

        private void Sum(Block block, double runs, MethodCost cost)
        {
            for (int i = 0; i < CostModel.Classes; i++)
            {
                Counts[i] += runs * block.Counts[i];
                if (i < CostModel.InstructionClasses)
                {
                    cost.Instructions += runs * block.Counts[i];
                }
            }

            cost.Ns += runs * block.Ns;
            cost.Blocks.Add((block, runs));
            Count(block.Natives, "", runs, Natives);
            Count(block.Allocations, " in " + block.Method.Name, runs, Allocations);
        }

        private static void Count(List<string> names, string suffix, double runs, SortedDictionary<string, double> sums)
        {
            if (names != null)
            {
                foreach (string name in names)
                {
                    sums.TryGetValue(name + suffix, out double sum);
                    sums[name + suffix] = sum + runs;
                }
            }
        }
    }
}
