using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace Femto.Coverage
{
    /// <summary>The command: tests/coverage.</summary>
    public static class Program
    {
        private const double LineLimit = 95;
        private const double BranchLimit = 90;
        private const int WorstFiles = 12;
        // What a program with a broker feeds with bytes from outside: the fuzzer's figure is told of it.
        private static readonly string[] core = { "Femto.Mqtt", "Femto.Mqtt.Broker", "Femto.Mqtt.Server" };

        // What the firmware runs on its own account: rows below the sum, and no part of it.
        private static readonly string[] firmware = { "Femto.App", "Femto.Board" };

        public static int Main(string[] arguments)
        {
            string root = Root();
            Suite[] suites = Suite.All(root);
            List<string> wanted = new();
            string missing = null;
            bool report = false;
            for (int i = 0; i < arguments.Length; i++)
            {
                if (arguments[i] == "--report") report = true;
                else if (arguments[i] == "--missing" && i + 1 < arguments.Length) missing = arguments[++i];
                else if (suites.Any(s => s.Name == arguments[i])) wanted.Add(arguments[i]);
                else return Help(suites);
            }
            Suite[] chosen = suites.Where(s => wanted.Count == 0 || wanted.Contains(s.Name)).ToArray();
            if (!report && !Run(root, chosen)) return 1;
            return Report(root, chosen, missing, wanted.Count == 0);
        }

        private static int Help(Suite[] suites)
        {
            Console.Error.WriteLine("coverage [--report] [--missing FILE] [SUITE ...]; suites: "
                + string.Join(' ', suites.Select(s => s.Name)));
            return 2;
        }

        private static string Root()
        {
            DirectoryInfo folder = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "nf.sln"))) folder = folder.Parent;
            return folder.FullName;
        }

        private static bool Run(string root, Suite[] suites)
        {
            string[] build =
            {
                "msbuild", "tests/Coverage/Coverage.csproj", "-t:BuildMeasured", "-nologo", "-v:quiet", "-m",
            };
            using Process process = Process.Start(new ProcessStartInfo("dotnet", build) { WorkingDirectory = root });
            process.WaitForExit();
            if (process.ExitCode != 0) return false;
            bool good = true;
            foreach (Suite suite in suites)
            {
                if (suite.Run(root)) continue;
                Console.WriteLine($"coverage: a test of {suite.Name} failed");
                good = false;
            }
            return good;
        }

        private static int Report(string root, Suite[] suites, string missing, bool whole)
        {
            Hits hits = Hits.Read(suites.Select(s => Suite.ResultsOf(root, s.Name)));
            if (missing != null) return Missing(hits, missing);
            Sum total = new();
            Console.WriteLine();
            Console.WriteLine("| library | lines | branches |");
            Console.WriteLine("| --- | --- | --- |");
            bool complete = Table(Projects(root, "lib"), hits, total);
            Console.WriteLine(Row("all of lib/", total));
            complete &= Table(firmware, hits, new Sum());
            foreach (Suite suite in suites) Alone(root, suite);
            Worst(root, hits);
            if (!whole) return 0;
            bool reached = complete && total.LineShare >= LineLimit && total.BranchShare >= BranchLimit;
            Console.WriteLine($"{(reached ? "reached" : "NOT REACHED")}: lines {total.LineShare:0.0} of {LineLimit} %, "
                + $"branches {total.BranchShare:0.0} of {BranchLimit} %");
            return reached ? 0 : 1;
        }

        private static string[] Projects(string root, string folder) => Directory
            .EnumerateFiles(Path.Combine(root, folder), "*.csproj", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).OrderBy(l => l).ToArray();

        // A row for each, added to the total; false when one was not measured.
        private static bool Table(string[] libraries, Hits hits, Sum total)
        {
            bool complete = true;
            foreach (string library in libraries)
            {
                Sum sum = new();
                // A library that no suite has loaded has no lines here: that is a fault, not a hundred percent.
                if (!hits.Assemblies.TryGetValue(library, out var files)) complete = false;
                else foreach (FileHits file in files.Values) { sum.Add(file); total.Add(file); }
                Console.WriteLine(files == null ? $"| `{library}` | not measured | |" : Row($"`{library}`", sum));
            }
            return complete;
        }

        private static string Row(string name, Sum sum) =>
            $"| {name} | {sum.LineShare:0.0} % of {sum.LinesAll} | {sum.BranchShare:0.0} % of {sum.BranchesAll} |";

        private static void Alone(string root, Suite suite)
        {
            Hits hits = Hits.Read(new[] { Suite.ResultsOf(root, suite.Name) });
            Sum sum = new();
            foreach (string library in core)
            {
                if (!hits.Assemblies.TryGetValue(library, out var files)) continue;
                foreach (FileHits file in files.Values) sum.Add(file);
            }
            Console.WriteLine($"{suite.Name,-11} alone, of {string.Join(", ", core)}: "
                + $"{sum.LineShare:0.0} % of lines, {sum.BranchShare:0.0} % of branches");
        }

        private static void Worst(string root, Hits hits)
        {
            Console.WriteLine();
            Console.WriteLine("branches missing, lines missing:");
            var files = hits.Assemblies.Values.SelectMany(a => a).Select(f =>
            {
                Sum sum = new();
                sum.Add(f.Value);
                return (f.Key, sum);
            });
            var worst = files.OrderByDescending(f => f.sum.BranchesAll - f.sum.Branches).Take(WorstFiles);
            foreach (var (file, sum) in worst)
            {
                Console.WriteLine($"{sum.BranchesAll - sum.Branches,4} {sum.LinesAll - sum.Lines,4}  "
                    + Path.GetRelativePath(root, file));
            }
        }

        // Each line of a file that lacks something, with the paths that were not taken.
        private static int Missing(Hits hits, string name)
        {
            foreach (var (file, found) in hits.Assemblies.Values.SelectMany(a => a).Where(f => f.Key.EndsWith(name)))
            {
                string[] text = File.ReadAllLines(file);
                Console.WriteLine(file);
                SortedSet<int> lines = new(found.Lines.Where(l => l.Value == 0).Select(l => l.Key));
                lines.UnionWith(found.Branches.Where(b => b.Value == 0).Select(b => b.Key.Line));
                foreach (int line in lines)
                {
                    var paths = found.Branches.Where(b => b.Key.Line == line).ToArray();
                    string lacks = found.Lines.TryGetValue(line, out long count) && count == 0 ? "line"
                        : $"{paths.Count(p => p.Value == 0)}/{paths.Length}";
                    Console.WriteLine($"{lacks,6} {line,4} {text[line - 1].TrimEnd()}");
                }
            }
            return 0;
        }
    }
}
