using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Gates
{
    /// <summary>nf.sln holds every project of the PC, so that one build builds all.</summary>
    [TestClass]
    public class SolutionTest
    {
        [TestMethod]
        public void EveryProjectStandsInTheSolution()
        {
            string[] projects = new[] { "lib", "firmware", "boards", "tests" }
                .Select(Repository.PathOf).Where(Directory.Exists)
                .SelectMany(f => Directory.EnumerateFiles(f, "*.csproj", SearchOption.AllDirectories))
                .Select(f => Path.GetRelativePath(Repository.Root, f))
                .Where(f => !f.Contains("node_modules")).ToArray();
            Gate.Clean(Missing(projects, File.ReadAllText(Repository.PathOf("nf.sln"))));
        }

        [TestMethod]
        public void MissingProjectIsRefused()
        {
            const string solution = "\"A\", \"lib\\A\\A.csproj\"";
            Gate.Clean(Missing(new[] { "lib/A/A.csproj" }, solution));
            Gate.Refused(Missing(new[] { "tests/A/A.csproj" }, solution), "tests/A/A.csproj");
        }

        private static List<string> Missing(IEnumerable<string> projects, string solution) =>
            projects.Where(p => !solution.Contains('"' + p.Replace('/', '\\') + '"'))
                .Select(p => p + " is not in nf.sln").ToList();
    }
}
