using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Femto.Coverage
{
    /// <summary>How often each line and each branch of a source file was taken, over all runs.</summary>
    public sealed class FileHits
    {
        public readonly SortedDictionary<int, long> Lines = new();
        /// <summary>By line, place in the method's code and path; the method keeps apart what lies at the same
        /// place.</summary>
        public readonly SortedDictionary<(int Line, int Offset, int Path, string Method), long> Branches = new();
    }

    /// <summary>The results of coverlet, added up.</summary>
    public sealed class Hits
    {
        /// <summary>By assembly, then by source file.</summary>
        public readonly SortedDictionary<string, SortedDictionary<string, FileHits>> Assemblies = new();

        public static Hits Read(IEnumerable<string> folders)
        {
            Hits hits = new();
            foreach (string folder in folders.Where(Directory.Exists))
            {
                foreach (string file in Directory.EnumerateFiles(folder, "coverage.json", SearchOption.AllDirectories))
                {
                    hits.Add(file);
                }
            }
            return hits;
        }

        private void Add(string file)
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllText(file));
            foreach (JsonProperty module in document.RootElement.EnumerateObject())
            {
                string name = Path.GetFileNameWithoutExtension(module.Name);
                if (!Assemblies.TryGetValue(name, out var files)) Assemblies[name] = files = new();
                foreach (JsonProperty source in module.Value.EnumerateObject())
                {
                    if (!files.TryGetValue(source.Name, out FileHits hits)) files[source.Name] = hits = new();
                    foreach (JsonProperty type in source.Value.EnumerateObject())
                    {
                        foreach (JsonProperty method in type.Value.EnumerateObject()) Add(hits, method);
                    }
                }
            }
        }

        private static void Add(FileHits hits, JsonProperty method)
        {
            foreach (JsonProperty line in method.Value.GetProperty("Lines").EnumerateObject())
            {
                int number = int.Parse(line.Name);
                hits.Lines.TryGetValue(number, out long before);
                hits.Lines[number] = before + line.Value.GetInt64();
            }
            foreach (JsonElement branch in method.Value.GetProperty("Branches").EnumerateArray())
            {
                var key = (branch.GetProperty("Line").GetInt32(), branch.GetProperty("Offset").GetInt32(),
                    branch.GetProperty("Path").GetInt32(), method.Name);
                hits.Branches.TryGetValue(key, out long before);
                hits.Branches[key] = before + branch.GetProperty("Hits").GetInt64();
            }
        }
    }

    /// <summary>Covered and all, of lines and of branches.</summary>
    public sealed class Sum
    {
        public int Lines, LinesAll, Branches, BranchesAll;

        public void Add(FileHits hits)
        {
            Lines += hits.Lines.Count(l => l.Value > 0);
            LinesAll += hits.Lines.Count;
            Branches += hits.Branches.Count(b => b.Value > 0);
            BranchesAll += hits.Branches.Count;
        }

        public double LineShare => Share(Lines, LinesAll);
        public double BranchShare => Share(Branches, BranchesAll);

        // Rounded down: what is printed as reached has been reached.
        private static double Share(int part, int all) => all == 0 ? 100 : Math.Floor(1000.0 * part / all) / 10;
    }
}
