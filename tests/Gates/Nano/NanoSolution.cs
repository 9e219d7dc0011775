using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Femto.Gates
{
    /// <summary>What nf.sln and board.slnf say of nanoFramework's projects.</summary>
    public static class NanoSolution
    {
        public const string ProjectType = "{11A8DD76-328B-46DF-9F39-F559912D0360}";

        public static List<string> Check(string root, IReadOnlyCollection<NanoProject> projects)
        {
            var findings = new List<string>();
            string text = File.ReadAllText(Path.Combine(root, "nf.sln"));
            Match[] entries = Regex.Matches(text,
                "^Project\\(\"(?<type>[^\"]*)\"\\) = \"(?<name>[^\"]*)\", \"(?<path>[^\"]*)\", \"(?<guid>[^\"]*)\"",
                RegexOptions.Multiline).ToArray();
            string[] configurations = Section(text, "SolutionConfigurationPlatforms")
                .Select(l => l.Split('=')[0].Trim()).ToArray();
            string[] settings = Section(text, "ProjectConfigurationPlatforms");
            foreach (NanoProject project in projects)
            {
                Match[] here = entries.Where(e => Slashes(e, "path") == project.Path).ToArray();
                if (here.Length != 1)
                {
                    findings.Add($"{project.Path} stands {here.Length} times in nf.sln, not once: dotnet sln add it");
                    continue;
                }

                findings.AddRange(CheckEntry(here[0], project));
                findings.AddRange(CheckSettings(here[0].Groups["guid"].Value, project, configurations, settings));
            }

            findings.AddRange(entries.Select(e => Slashes(e, "path"))
                .Where(p => p.EndsWith(".nfproj", StringComparison.Ordinal) && projects.All(x => x.Path != p))
                .Select(p => p + " is in nf.sln and not on disk"));
            findings.AddRange(entries.GroupBy(e => e.Groups["guid"].Value.ToUpperInvariant()).Where(g => g.Count() > 1)
                .Select(g => g.Key + " stands for several projects in nf.sln"));
            findings.AddRange(CheckFilter(root, projects));
            return findings;
        }

        private static IEnumerable<string> CheckEntry(Match entry, NanoProject project)
        {
            if (entry.Groups["type"].Value != ProjectType)
            {
                yield return project.Path + ": not of nanoFramework's project type in nf.sln: write " + ProjectType
                    + " in place of " + entry.Groups["type"].Value;
            }

            if (entry.Groups["name"].Value != project.Name)
            {
                yield return project.Path + ": another name in nf.sln: " + entry.Groups["name"].Value;
            }

            if (!string.Equals(entry.Groups["guid"].Value, project.Property("ProjectGuid"),
                StringComparison.OrdinalIgnoreCase))
            {
                yield return project.Path + ": another GUID in nf.sln: " + entry.Groups["guid"].Value;
            }
        }

        // Each configuration of the solution builds the project; only a program is deployed.
        private static IEnumerable<string> CheckSettings(
            string guid, NanoProject project, string[] configurations, string[] settings)
        {
            bool program = project.Property("OutputType") == "Exe";
            foreach (string configuration in configurations)
            {
                string value = configuration.Split('|')[0] + "|Any CPU";
                foreach (string what in new[] { "ActiveCfg", "Build.0", "Deploy.0" })
                {
                    bool wanted = what != "Deploy.0" || program;
                    bool there = settings.Contains($"{guid}.{configuration}.{what} = {value}");
                    if (wanted != there)
                    {
                        string fault = wanted ? "missing" : "too many";
                        yield return $"{project.Path}: {configuration}.{what} {fault} in nf.sln";
                    }
                }
            }
        }

        // board.slnf: the same solution without the PC's projects, for a Visual Studio that does not build .NET 10.
        private static IEnumerable<string> CheckFilter(string root, IReadOnlyCollection<NanoProject> projects)
        {
            using JsonDocument filter = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "board.slnf")));
            JsonElement solution = filter.RootElement.GetProperty("solution");
            if (solution.GetProperty("path").GetString() != "nf.sln")
            {
                yield return "board.slnf is not a filter of nf.sln";
            }

            string[] listed = solution.GetProperty("projects").EnumerateArray()
                .Select(p => p.GetString().Replace('\\', '/')).ToArray();
            foreach (string missing in projects.Select(p => p.Path).Except(listed))
            {
                yield return missing + " is not in board.slnf";
            }

            foreach (string extra in listed.Except(projects.Select(p => p.Path)))
            {
                yield return extra + " is in board.slnf and is no project of nanoFramework's";
            }
        }

        private static string[] Section(string text, string name)
        {
            string pattern = $"GlobalSection\\({name}\\)[^\r\n]*(.*?)EndGlobalSection";
            Match section = Regex.Match(text, pattern, RegexOptions.Singleline);
            return section.Groups[1].Value.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).ToArray();
        }

        private static string Slashes(Match entry, string group) => entry.Groups[group].Value.Replace('\\', '/');
    }
}
