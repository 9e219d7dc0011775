using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Femto.Gates
{
    /// <summary>What a .nfproj has to be: nothing here builds it, so it is read instead.</summary>
    public static class NanoRules
    {
        private static readonly string[] s_folders = { "lib", "firmware", "tests/Unit" };

        private const string Types = NanoSolution.ProjectType + ";{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}";
        private const string Installed = "$(NanoFrameworkProjectSystemPath)";
        private const string Shared = "nanoframework/AssemblyInfo.cs";

        // The emulator has no network: what a unit test loads cannot need this.
        private const string Network = "nanoFramework.System.Net";

        public static List<string> Check(string root, NanoPackages packages)
        {
            NanoProject[] projects = Find(root, "*.nfproj").Select(p => NanoProject.Read(root, p)).ToArray();
            var findings = new List<string>();
            foreach (string path in Find(root, "*.csproj").Where(NeedsBoard))
            {
                string board = Path.ChangeExtension(path, ".nfproj");
                if (projects.All(p => p.Path != board))
                {
                    findings.Add(path + " has no .nfproj beside it (nanoframework/README.md: a new project)");
                }
            }

            foreach (NanoProject project in projects)
            {
                string pc = Path.ChangeExtension(project.Path, ".csproj");
                NanoProject beside = File.Exists(Path.Combine(root, pc)) ? NanoProject.Read(root, pc) : null;
                findings.AddRange(Structure(root, project).Concat(Sources(root, project, beside))
                    .Concat(Packages(project, packages)).Concat(References(project, packages))
                    .Concat(Projects(root, packages, project, beside, projects))
                    .Concat(IsLibrary(project) ? NanoNuspec.Check(root, project) : Array.Empty<string>())
                    .Select(f => project.Path + ": " + f));
            }

            findings.AddRange(projects.GroupBy(p => p.Folder).Where(g => g.Count() > 1)
                .Select(g => g.Key + ": more than one .nfproj, and one packages.config"));
            findings.AddRange(NanoSolution.Check(root, projects));
            return findings;
        }

        /// <summary>The projects of the folders that the board gets, relative to the root, sorted.</summary>
        public static string[] Find(string root, string pattern) =>
            s_folders.Select(f => Path.Combine(root, f)).Where(Directory.Exists)
                .SelectMany(f => Directory.EnumerateFiles(f, pattern, SearchOption.AllDirectories))
                .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/')).Where(IsSource)
                .OrderBy(f => f, StringComparer.Ordinal).ToArray();

        private static bool NeedsBoard(string path) =>
            !path.StartsWith("tests/Unit/", StringComparison.Ordinal)
            || path.EndsWith(".Unit.csproj", StringComparison.Ordinal);

        // What others may install: the libraries, not the unit tests and the firmware.
        private static bool IsLibrary(NanoProject project) =>
            project.Path.StartsWith("lib/", StringComparison.Ordinal);

        private static bool IsSource(string path) => !path.Split('/').Any(p => p is "bin" or "obj");

        private static IEnumerable<string> Structure(string root, NanoProject project)
        {
            bool unit = project.IsUnitTest;
            bool program = project.Property("OutputType") == "Exe";
            var wanted = new List<(string Property, string Value)>
            {
                ("NanoFrameworkProjectSystemPath", @"$(MSBuildExtensionsPath)\nanoFramework\v1.0\"),
                ("ImportDirectoryBuildProps", "false"), ("ImportDirectoryBuildTargets", "false"),
                ("ImportDirectoryPackagesProps", "false"),
                ("ProjectTypeGuids", Types), ("TargetFrameworkVersion", "v1.0"),
                ("AssemblyName", unit ? "NFUnitTest" : project.Name),
                ("OutputType", program && !unit ? "Exe" : "Library"),
            };
            if (unit)
            {
                wanted.Add(("IsTestProject", "true"));
                wanted.Add(("TestProjectType", "UnitTest"));
                wanted.Add(("RunSettingsFilePath", @"$(MSBuildProjectDirectory)\..\nano.runsettings"));
                if (!project.Items("ProjectCapability").Any(c => c.Attribute("Include")?.Value == "TestContainer"))
                {
                    yield return "no capability TestContainer";
                }

                if (!File.Exists(Path.Combine(root, project.Folder, "../nano.runsettings")))
                {
                    yield return "no nano.runsettings";
                }
            }
            else if (!program)
            {
                wanted.Add(("DocumentationFile", $@"bin\$(Configuration)\{project.Name}.xml"));
            }

            foreach ((string property, string value) in wanted.Where(w => project.Property(w.Property) != w.Value))
            {
                yield return $"{property} is '{project.Property(property)}' and not '{value}'";
            }

            if (!Guid.TryParseExact(project.Property("ProjectGuid"), "B", out _))
            {
                yield return "ProjectGuid is no GUID in braces";
            }

            string up = Up(project);
            string[] imports = project.Items("Import")
                .Select(i => i.Attribute("Project").Value + " if " + i.Attribute("Condition")?.Value).ToArray();
            string[] parts =
            {
                "NFProjectSystem.Default.props", "NFProjectSystem.props", "NFProjectSystem.CSharp.targets",
            };
            string last = $"!Exists('{Installed}NFProjectSystem.CSharp.targets')";
            string[] should = parts.Select(f => $"{Installed}{f} if Exists('{Installed}{f}')")
                .Append($@"{up}nanoframework\NoProjectSystem.targets if {last}").ToArray();
            if (!imports.SequenceEqual(should))
            {
                yield return "imports other than, in this order,\n    " + string.Join("\n    ", should);
            }
        }

        // Each file on disk once, and what the PC's project links in; nothing that is not there.
        private static IEnumerable<string> Sources(string root, NanoProject project, NanoProject beside)
        {
            string folder = Path.Combine(root, project.Folder);
            var wanted = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/')).Where(IsSource).Append(Shared)
                .Concat(beside == null ? Array.Empty<string>() : beside.Compile.Select(c => c.Path)).ToHashSet();
            string[] listed = project.Compile.Select(c => c.Path).ToArray();
            if (listed.Any(f => f.StartsWith("boards/", StringComparison.Ordinal)))
            {
                wanted.UnionWith(Boards(root));
            }

            foreach (string missing in wanted.Except(listed).OrderBy(f => f, StringComparer.Ordinal))
            {
                string line = Path.GetRelativePath(project.Folder, missing).Replace('/', '\\');
                string link = beside?.Compile.FirstOrDefault(c => c.Path == missing).Link?.Replace('/', '\\');
                link = link == null ? "" : " Link=\"" + link + "\"";
                yield return "add <Compile Include=\"" + line + "\"" + link + " />";
            }

            foreach (string twice in listed.GroupBy(f => f).Where(g => g.Count() > 1).Select(g => g.Key))
            {
                yield return "compiles twice " + twice;
            }

            foreach ((string path, string link) in project.Compile)
            {
                if (!File.Exists(Path.Combine(root, path)))
                {
                    yield return "compiles what is not there: " + path;
                }
                else if (beside != null && !wanted.Contains(path))
                {
                    yield return "compiles what the project of the PC does not: " + path;
                }

                if (link == null && !path.StartsWith(project.Folder + "/", StringComparison.Ordinal))
                {
                    yield return "a file of elsewhere needs a Link: " + path;
                }
            }
        }

        // A program that knows boards knows all of them: the folders of boards/ that hold no project of their own.
        private static IEnumerable<string> Boards(string root) =>
            Directory.EnumerateFiles(Path.Combine(root, "boards"), "*.cs", SearchOption.AllDirectories)
                .Where(f => !Directory.EnumerateFiles(Path.GetDirectoryName(f), "*.csproj").Any())
                .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/')).Where(IsSource);

        private static IEnumerable<string> Packages(NanoProject project, NanoPackages packages)
        {
            foreach ((string id, string version, XElement line) in project.Packages)
            {
                NanoPackages.Package known = packages.Find(id);
                if (known == null)
                {
                    yield return id + " is not in nanoframework-packages.txt";
                }
                else if (known.Version != version)
                {
                    yield return $"{id} {version} in packages.config and not {known.Version}";
                }

                if (line.Attribute("targetFramework")?.Value != "netnano1.0")
                {
                    yield return id + " in packages.config is not for netnano1.0";
                }

                if (project.IsUnitTest && id == Network)
                {
                    yield return "a unit test needs the network, which the emulator lacks";
                }
            }

            string[] ids = project.Packages.Select(p => p.Id).ToArray();
            foreach (string twice in ids.GroupBy(i => i).Where(g => g.Count() > 1).Select(g => g.Key))
            {
                yield return twice + " stands twice in packages.config";
            }

            foreach (string missing in packages.Closure(ids.Append(NanoPackages.Core)).Except(ids))
            {
                yield return missing + " is needed and not in packages.config: add " + Line(missing, packages);
            }

            if (!project.Items("None").Any(n => n.Attribute("Include")?.Value == "packages.config"))
            {
                yield return "packages.config is not an item";
            }
        }

        private static IEnumerable<string> References(NanoProject project, NanoPackages packages)
        {
            string up = Up(project);
            var wanted = new List<(string Name, string Hint)>();
            foreach ((string id, string version, _) in project.Packages)
            {
                foreach (string file in packages.Find(id)?.Files ?? Array.Empty<string>())
                {
                    string path = $@"{up}packages\{id}.{version}\lib\{file}";
                    wanted.Add((Path.GetFileNameWithoutExtension(file), path));
                }
            }

            foreach ((string name, string hint) in wanted.Except(project.References))
            {
                yield return $"needs the reference {name} with HintPath {hint}";
            }

            foreach ((string name, string hint) in project.References.Except(wanted))
            {
                yield return $"refers to {name} with HintPath {hint}, which packages.config does not give";
            }

            foreach (string twice in project.References.GroupBy(r => r.Name).Where(g => g.Count() > 1)
                .Select(g => g.Key))
            {
                yield return "refers twice to " + twice;
            }
        }

        // All that the PC's project refers to, however indirectly: nanoFramework's project system passes nothing on.
        private static IEnumerable<string> Projects(
            string root, NanoPackages packages, NanoProject project, NanoProject beside, NanoProject[] all)
        {
            foreach (string missing in project.Projects.Where(p => all.All(x => x.Path != p)))
            {
                yield return "refers to what is not there: " + missing;
            }

            var wanted = new SortedSet<string>(StringComparer.Ordinal);
            var open = new Stack<string>((beside ?? project).Projects);
            while (open.TryPop(out string path))
            {
                string board = Path.ChangeExtension(path, ".nfproj");
                if (path.StartsWith('$') || !wanted.Add(board))
                {
                    continue;
                }

                string next = beside == null ? board : Path.ChangeExtension(path, ".csproj");
                if (File.Exists(Path.Combine(root, next)))
                {
                    NanoProject.Read(root, next).Projects.ForEach(open.Push);
                }
            }

            foreach (string missing in wanted.Except(project.Projects))
            {
                string line = Path.GetRelativePath(project.Folder, missing).Replace('/', '\\');
                yield return "does not refer to " + missing + ": add <ProjectReference Include=\"" + line + "\" />";
            }

            foreach (string extra in project.Projects.Except(wanted))
            {
                yield return "refers to what the project of the PC does not: " + extra;
            }

            string[] ids = project.Packages.Select(p => p.Id).ToArray();
            foreach (string missing in all.Where(p => project.Projects.Contains(p.Path))
                .SelectMany(p => p.Packages).Select(p => p.Id).Distinct().Except(ids))
            {
                yield return missing + " is needed by a project referred to, and not in packages.config: add "
                    + Line(missing, packages);
            }
        }

        private static string Line(string id, NanoPackages packages) =>
            $"<package id=\"{id}\" version=\"{packages.Find(id)?.Version}\" targetFramework=\"netnano1.0\" />";

        private static string Up(NanoProject project) =>
            string.Concat(Enumerable.Repeat(@"..\", project.Folder.Split('/').Length));
    }
}
