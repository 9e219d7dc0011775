using System;
using System.Globalization;
using System.Linq;

namespace Femto.Hostile
{
    /// <summary>The command: tests/hostile.</summary>
    public static class Program
    {
        private const double MostMs = 50;
        private const long Growth = 16 << 20;

        public static int Main(string[] arguments)
        {
            if (arguments.Length == 2 && arguments[0] == "witness") return WellBehaved.Run(int.Parse(arguments[1]));
            double seconds = 20;
            int rounds = 3;
            for (int i = 0; i + 1 < arguments.Length; i += 2)
            {
                double value = double.Parse(arguments[i + 1], CultureInfo.InvariantCulture);
                if (arguments[i] == "--seconds") seconds = value;
                else if (arguments[i] == "--rounds") rounds = (int)value;
                else return Usage();
            }
            return arguments.Length % 2 == 0 ? Play(seconds, rounds) : Usage();
        }

        private static int Usage()
        {
            Console.Error.WriteLine("hostile [--seconds S] [--rounds N]");
            return 2;
        }

        private static int Play(double seconds, int rounds)
        {
            using Campaign campaign = new();
            Console.WriteLine(Campaign.Head);
            int firstRound = 0;
            for (int i = 0; i < rounds; i++)
            {
                campaign.Round(seconds);
                campaign.Alone();
                if (i == 0) firstRound = campaign.Rows.Count;
            }
            int slow = campaign.Rows.Count(r => r.Attack != Campaign.Together && r.Trips[2] >= MostMs);
            long first = campaign.Rows.Take(firstRound).Max(r => r.Resident);
            long last = campaign.Rows.TakeLast(firstRound).Max(r => r.Resident);
            long live = campaign.Rows[^1].Live - campaign.Rows[firstRound - 1].Live;
            bool flat = rounds < 2 || last - first < Growth && live < Growth;
            Console.WriteLine();
            Console.WriteLine(FormattableString.Invariant($"{slow} attacks with a p99 of {MostMs} ms ")
                + FormattableString.Invariant($"or more; from the first round to the last {(last - first) >> 10} KiB ")
                + FormattableString.Invariant($"more resident, {live >> 10} KiB more on the managed heap; ")
                + FormattableString.Invariant($"{campaign.Victim.Promised >> 10} KiB promised at the start"));
            Console.WriteLine(slow == 0 && flat ? "passed" : "failed");
            return slow == 0 && flat ? 0 : 1;
        }
    }
}
