using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Femto.Gates
{
    /// <summary>
    /// nanoframework-packages.txt: nanoFramework's packages with version, files and dependencies, and where the types
    /// are that do not live in mscorlib.
    /// </summary>
    public sealed class NanoPackages
    {
        public sealed class Package
        {
            public string Id;
            public string Version;
            public string[] Files;
            public string[] Needs;
        }

        public const string Core = "nanoFramework.CoreLibrary";

        private readonly Dictionary<string, Package> packages = new();
        private readonly List<(string Prefix, string Id)> types = new();

        public static NanoPackages Read() => Parse(Repository.List("nanoframework-packages.txt"));

        public static NanoPackages Parse(IEnumerable<string> lines)
        {
            var result = new NanoPackages();
            string section = "";
            foreach (string line in lines)
            {
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (line.StartsWith('['))
                {
                    section = line;
                }
                else if (section == "[packages]")
                {
                    result.packages.Add(words[0], new Package
                    {
                        Id = words[0], Version = words[1], Files = words[2].Split(','), Needs = words[3..],
                    });
                }
                else if (section == "[types]")
                {
                    result.types.Add((words[0], words[1]));
                }
                else
                {
                    throw new InvalidDataException("in no section: " + line);
                }
            }

            string[] unknown = result.packages.Values.SelectMany(p => p.Needs).Concat(result.types.Select(t => t.Id))
                .Where(id => !result.packages.ContainsKey(id)).ToArray();
            return unknown.Length == 0 ? result : throw new InvalidDataException("no package " + unknown[0]);
        }

        public Package Find(string id) => packages.GetValueOrDefault(id);

        public IEnumerable<Package> All => packages.Values;

        /// <summary>The package of a type: by full name, by a prefix that ends with a dot, or mscorlib's.</summary>
        public string Of(string type) =>
            types.Where(t => type == t.Prefix || (t.Prefix.EndsWith('.')
                && type.StartsWith(t.Prefix, StringComparison.Ordinal)))
                .OrderByDescending(t => t.Prefix.Length).Select(t => t.Id).FirstOrDefault() ?? Core;

        /// <summary>These and all that they need.</summary>
        public SortedSet<string> Closure(IEnumerable<string> ids)
        {
            var all = new SortedSet<string>(StringComparer.Ordinal);
            var open = new Stack<string>(ids);
            while (open.TryPop(out string id))
            {
                if (all.Add(id) && packages.TryGetValue(id, out Package package))
                {
                    foreach (string need in package.Needs)
                    {
                        open.Push(need);
                    }
                }
            }

            return all;
        }
    }
}
