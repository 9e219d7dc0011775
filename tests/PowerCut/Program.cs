using System;
using System.Diagnostics;

namespace Femto.PowerCut
{
    /// <summary>The command: tests/powercut.</summary>
    public static class Program
    {
        public static int Main(string[] args)
        {
            if (args.Length == 2 && args[0] == "--case")
            {
                CutCase one = CutCase.Parse(args[1]);
                string wrong = new CutWorld(one) { Trace = Console.Out }.Play();
                Console.WriteLine(wrong == null ? "right" : $"{one}: {wrong}");
                return wrong == null ? 0 : 1;
            }
            if (args.Length == 2 && args[0] == "--first") return First(int.Parse(args[1]));
            int cuts = args.Length == 2 && args[0] == "--cuts" ? int.Parse(args[1]) : 20000;
            var clock = Stopwatch.StartNew();
            var campaign = new Campaign();
            campaign.Run(1, cuts, Console.WriteLine);
            Console.WriteLine($"{campaign.Cuts} cuts in {campaign.Scenarios} scenarios, "
                + $"{clock.Elapsed.TotalSeconds:0} s: {campaign.Failed} failed");
            Console.WriteLine($"{campaign.Cuts - campaign.Failed} passed, {campaign.Failed} failed");
            return campaign.Failed == 0 ? 0 : 1;
        }

        // How many cuts until one finds something, and what it says.
        private static int First(int most)
        {
            var campaign = new Campaign { FailuresMax = 1 };
            campaign.Run(1, most, _ => { });
            string said = campaign.First?.Split('\n')[0];
            Console.WriteLine(said == null ? $"above {most} | nothing" : $"{campaign.FirstAt} | {said}");
            return said == null ? 0 : 1;
        }
    }
}
