using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>
    /// nanoframework-api.txt: what nanoFramework has and Femto uses, one documentation id a line, in sections. In
    /// [pairs] the left member is what the PC's compiler emits for a source that the board's compiles to the right one.
    /// [board only] is for what TlsOpener.cs uses, which the PC does not compile.
    /// </summary>
    public sealed class ApiList
    {
        public readonly HashSet<string> Library = new();
        public readonly HashSet<string> UnitTests = new();
        public readonly HashSet<string> BoardOnly = new();
        public readonly Dictionary<string, string> Pairs = new();

        public static ApiList Read() => Parse(Repository.List("nanoframework-api.txt"));

        public static ApiList Parse(IEnumerable<string> lines)
        {
            var list = new ApiList();
            string section = "";
            foreach (string line in lines)
            {
                if (line.StartsWith('['))
                {
                    section = line;
                    continue;
                }

                bool added = section switch
                {
                    "[library]" => list.Library.Add(line),
                    "[unit tests]" => !list.Library.Contains(line) && list.UnitTests.Add(line),
                    "[board only]" => !list.Library.Contains(line) && list.BoardOnly.Add(line),
                    "[pairs]" => list.Pairs.TryAdd(line.Split(" = ")[0], line.Split(" = ")[1]),
                    _ => throw new InvalidDataException("in no section: " + line),
                };
                if (!added)
                {
                    throw new InvalidDataException("twice: " + line);
                }
            }

            return list;
        }

        /// <summary>The board's name of a member.</summary>
        public string Board(string id) => Pairs.TryGetValue(id, out string other) ? other : id;

        /// <summary>Every external member that a module mentions and the list lacks, with the place.</summary>
        public List<string> Check(IEnumerable<TypeDefinition> types, bool unitTests)
        {
            var findings = new SortedSet<string>(StringComparer.Ordinal);
            foreach (TypeDefinition type in types)
            {
                foreach ((MemberReference member, string where) in Uses.In(type))
                {
                    foreach (string id in Ids(member).Select(Board))
                    {
                        if (!Library.Contains(id) && !(unitTests && UnitTests.Contains(id)))
                        {
                            findings.Add(id + "  used by " + where);
                        }
                    }
                }
            }

            return findings.ToList();
        }

        /// <summary>Entries that the board's class libraries do not have.</summary>
        public List<string> Unknown(HashSet<string> board) =>
            Library.Concat(UnitTests).Concat(BoardOnly).Concat(Pairs.Values).Where(id => !board.Contains(id)).ToList();

        /// <summary>
        /// Every id of the board's class libraries, null when their listing is not beside the project.
        /// </summary>
        public static HashSet<string> Board()
        {
            string folder = Repository.PathOf("../shared/nanoframework-api");
            if (!Directory.Exists(folder))
            {
                return null;
            }

            return Directory.EnumerateFiles(folder, "*.txt").SelectMany(File.ReadLines)
                .Where(l => l.Length > 2 && l[1] == ':').Select(l => l.Split("  ")[0].Replace('/', '.')).ToHashSet();
        }

        /// <summary>The assembly of each type of the board's class libraries, null without the listing.</summary>
        public static Dictionary<string, string> Assemblies()
        {
            string folder = Repository.PathOf("../shared/nanoframework-api");
            if (!Directory.Exists(folder))
            {
                return null;
            }

            var assemblies = new Dictionary<string, string>();
            foreach (string file in Directory.EnumerateFiles(folder, "*.txt"))
            {
                foreach (string line in File.ReadLines(file).Where(l => l.StartsWith("T:", StringComparison.Ordinal)))
                {
                    assemblies.TryAdd(line.Substring(2).Split("  ")[0], Path.GetFileNameWithoutExtension(file));
                }
            }

            return assemblies;
        }

        private static IEnumerable<string> Ids(MemberReference member)
        {
            if (member is TypeReference type)
            {
                return Uses.Elements(type).Where(IsExternal).Select(DocId.Of);
            }

            if (member.DeclaringType is ArrayType || !Uses.Elements(member.DeclaringType).Any(IsExternal))
            {
                return Array.Empty<string>();
            }

            return new[] { member is FieldReference field ? DocId.Of(field) : DocId.Of((MethodReference)member) };
        }

        /// <summary>Neither declared here nor in another of our own assemblies.</summary>
        public static bool IsExternal(TypeReference type) =>
            type.Scope is AssemblyNameReference assembly
            && !assembly.Name.StartsWith("Femto.", StringComparison.Ordinal);
    }
}
