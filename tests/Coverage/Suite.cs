using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace Femto.Coverage
{
    /// <summary>Test projects that run in one go and are counted as one: everything that calls lib/ in its own
    /// process.</summary>
    public sealed class Suite
    {
        public readonly string Name;
        private readonly string[] projects;
        private readonly string filter;

        private Suite(string name, IEnumerable<string> projects, string filter = null)
        {
            Name = name;
            this.projects = projects.ToArray();
            this.filter = filter;
        }

        public static Suite[] All(string root)
        {
            string tests = Path.Combine(root, "tests");
            IEnumerable<string> unit = Directory.EnumerateDirectories(Path.Combine(tests, "Unit"))
                .SelectMany(f => Directory.EnumerateFiles(f, "*.Unit.csproj")).OrderBy(f => f);
            return new[]
            {
                new Suite("unit", unit),
                // Fixed seeds alone, so that a figure can be got again.
                new Suite("simulation", new[] { Path.Combine(tests, "Simulation/Simulation.csproj") },
                    "Name=Seeds|Name=Found|Name=BridgesLoseNothing"),
                new Suite("fuzz", new[] { Path.Combine(tests, "Fuzz/Fuzz.csproj") }),
                new Suite("conformance", new[] { Path.Combine(tests, "Conformance/Femto.Conformance.Test.csproj") },
                    "FullyQualifiedName~CaseTest.Core"),
                new Suite("client", new[] { Path.Combine(tests, "Client/Femto.Client.Test.csproj") }),
            };
        }

        public static string ResultsOf(string root, string suite)
        {
            return Path.Combine(root, "artifacts/coverage/results", suite);
        }

        /// <summary>Runs the tests; false when one failed.</summary>
        public bool Run(string root)
        {
            string results = ResultsOf(root, Name);
            if (Directory.Exists(results)) Directory.Delete(results, true);
            Directory.CreateDirectory(results);
            bool good = true;
            foreach (string project in projects) good &= RunOne(root, project, results);
            return good;
        }

        private bool RunOne(string root, string project, string results)
        {
            ProcessStartInfo start = new("dotnet") { WorkingDirectory = root };
            string artifacts = Path.Combine(root, "artifacts/coverage/");
            string[] words =
            {
                "test", project, "--no-build", "--nologo", "-c", "Release", "-p:ArtifactsPath=" + artifacts,
                "-p:FemtoCoverage=true", "--collect", "XPlat Code Coverage",
                "--settings", Path.Combine(root, "tests/Coverage/coverlet.runsettings"),
                "--results-directory", Path.Combine(results, Path.GetFileNameWithoutExtension(project)),
                "--logger", "console;verbosity=minimal",
            };
            foreach (string word in words) start.ArgumentList.Add(word);
            if (filter != null)
            {
                start.ArgumentList.Add("--filter");
                start.ArgumentList.Add(filter);
            }
            // The conformance tests start no program of their own when a port is given; none of the cases run here
            // uses it.
            start.Environment["FEMTO_CONFORMANCE_PORT"] = "1";
            using Process process = Process.Start(start);
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
