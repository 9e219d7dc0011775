using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>Who may know whom: references point downward, and the core knows no world outside.</summary>
    public static class Layers
    {
        // A library may use those of a smaller number.
        private static readonly Dictionary<string, int> s_level = new()
        {
            ["Femto.Mqtt"] = -1,
            ["Femto.Mqtt.Server"] = 0,
            ["Femto.Mqtt.Broker"] = 1,
            ["Femto.Mqtt.Client"] = 1,
            ["Femto.Mqtt.Store"] = 1,
            ["Femto.Mqtt.Persistence"] = 2,
            ["Femto.Mqtt.Bridge"] = 2,
            ["Femto.Mqtt.Config"] = 3,
            ["Femto.Mqtt.Net.Server"] = 2,
            ["Femto.Mqtt.Tcp"] = 3,
            ["Femto.Mqtt.Net"] = 4,
            ["Femto.App"] = 4,
            ["Femto.Board"] = 5,
        };

        // No sockets, no files, no clock, no threads (lock alone) in what runs everywhere.
        private static readonly string[] s_world =
        {
            "System.Net", "System.IO", "System.DateTime", "System.TimeSpan", "System.Environment", "System.Random",
            "System.Threading.Thread", "System.Threading.Timer", "System.Threading.AutoResetEvent",
            "System.Threading.ManualResetEvent", "System.Threading.WaitHandle", "System.Diagnostics.Stopwatch",
        };

        private static readonly string[] s_sockets = { "Femto.Mqtt.Tcp", "Femto.Mqtt.Net" };

        // The client for people has a thread and a clock, for those who do not want to bring their own.
        // The board's server is the broker's thread.
        private static readonly string[] s_withThread = { "Femto.Mqtt.MqttClient", "Femto.Mqtt.BoardServer" };

        private static readonly string[] s_threads =
        {
            "System.Threading.Thread", "System.Threading.AutoResetEvent", "System.Threading.WaitHandle",
            "System.Environment",
        };

        public static List<string> Check(string library, IEnumerable<TypeDefinition> types)
        {
            var findings = new SortedSet<string>(StringComparer.Ordinal);
            if (!s_level.TryGetValue(library, out int level))
            {
                findings.Add(library + " has no place in the layers");
                return findings.ToList();
            }

            foreach (TypeDefinition type in types)
            {
                if (!type.IsNested && type.Namespace != "Femto.Mqtt")
                {
                    findings.Add("namespace " + type.Namespace + "  of " + type.FullName);
                }

                foreach ((TypeReference used, string where) in References(type))
                {
                    string assembly = (used.Scope as AssemblyNameReference)?.Name;
                    if (assembly != null && assembly.StartsWith("Femto.") && !IsBelow(assembly, level))
                    {
                        findings.Add($"{library} uses {assembly}: {used.FullName}  in {where}");
                    }

                    if (s_withThread.Contains(type.FullName) && s_threads.Contains(used.FullName))
                    {
                        continue;
                    }

                    if (!s_sockets.Contains(library) && s_world.Any(w => used.FullName == w || used.Namespace == w
                        || used.Namespace.StartsWith(w + ".", StringComparison.Ordinal)))
                    {
                        findings.Add($"{library} uses {used.FullName}  in {where}");
                    }
                }
            }

            return findings.ToList();
        }

        /// <summary>The project references in a library's project file.</summary>
        public static List<string> CheckProject(string library, string projectText)
        {
            return Regex.Matches(projectText, "<ProjectReference Include=\"([^\"]*)\"")
                .Select(m => Path.GetFileNameWithoutExtension(m.Groups[1].Value.Replace('\\', '/')))
                .Where(name => !IsBelow(name, s_level.GetValueOrDefault(library, int.MinValue)))
                .Select(name => library + " references the project " + name).ToList();
        }

        /// <summary>Within one library: types of one folder must not use those of another.</summary>
        /// <param name="folderOf">The folder of a type's source file, by the type's name.</param>
        public static List<string> CheckFolders(
            IEnumerable<TypeDefinition> types, IReadOnlyDictionary<string, string> folderOf, string user, string used)
        {
            var findings = new SortedSet<string>(StringComparer.Ordinal);
            foreach (TypeDefinition type in types.Where(t => Folder(folderOf, t) == user))
            {
                foreach ((TypeReference other, string where) in References(type))
                {
                    if (Folder(folderOf, other) == used)
                    {
                        findings.Add($"{user} uses {used}: {other.FullName}  in {where}");
                    }
                }
            }

            return findings.ToList();
        }

        /// <summary>The first folder below the library of every source file, by file name; "" at the top.</summary>
        public static Dictionary<string, string> FoldersOf(string library)
        {
            var folders = new Dictionary<string, string>();
            foreach (string source in Repository.Sources(Repository.FolderOf(library)))
            {
                string[] parts = source.Split('/');
                folders[Path.GetFileNameWithoutExtension(source)] = parts.Length > 3 ? parts[2] : "";
            }

            return folders;
        }

        private static string Folder(IReadOnlyDictionary<string, string> folderOf, TypeReference type)
        {
            while (type.DeclaringType != null)
            {
                type = type.DeclaringType;
            }

            return folderOf.TryGetValue(type.Name, out string folder) ? folder : null;
        }

        private static bool IsBelow(string library, int level) => s_level.TryGetValue(library, out int l) && l < level;

        private static IEnumerable<(TypeReference Used, string Where)> References(TypeDefinition type)
        {
            foreach ((MemberReference member, string where) in Uses.In(type))
            {
                foreach (TypeReference used in Uses.Elements(member as TypeReference ?? member.DeclaringType))
                {
                    yield return (used, where);
                }
            }
        }
    }
}
