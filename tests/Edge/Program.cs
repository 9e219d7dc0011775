using System;
using System.Globalization;

namespace Femto.Edge;

/// <summary>tests/headline: the headline, or the proof of the rules against a plain reference.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        double hours = 24;
        int readings = 1_000_000, seed = 1;
        string only = null, plot = null;
        bool proof = false;
        for (int i = 0; i < args.Length; i++)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "proof": proof = true; continue;
                case "--hours": hours = double.Parse(value, CultureInfo.InvariantCulture); break;
                case "--only": only = value; break;
                case "--plot": plot = value; break;
                case "--readings": readings = int.Parse(value, CultureInfo.InvariantCulture); break;
                case "--seed": seed = int.Parse(value, CultureInfo.InvariantCulture); break;
                default:
                    Console.Error.WriteLine("tests/headline [--hours H] [--only NAME] [--plot FILE], "
                        + "tests/headline proof [--readings N] [--seed N]");
                    return 2;
            }
            i++;
        }
        return (proof ? Proof.Print(readings, seed)
            : plot != null ? Headline.Draw(hours, plot) : Headline.Print(hours, only)) ? 0 : 1;
    }
}
