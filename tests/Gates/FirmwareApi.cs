using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>
    /// The board's program, compiled on the PC over types that stand in for nanoFramework's: it uses nothing that the
    /// board lacks, and these types say what the board's own listing says (firmware-api.txt).
    /// </summary>
    public sealed class FirmwareApi
    {
        private readonly Dictionary<string, string> _lines = new(StringComparer.Ordinal);
        private readonly HashSet<string> _source = new(StringComparer.Ordinal);
        private readonly ApiList _library;

        /// <param name="lines">firmware-api.txt: a line of the listing each; in [from the sources] what the listing of
        /// this project does not hold, read in the libraries' own sources.</param>
        /// <param name="library">What else the board has.</param>
        public FirmwareApi(IEnumerable<string> lines, ApiList library)
        {
            _library = library;
            bool fromSources = false;
            foreach (string line in lines)
            {
                if (line.StartsWith('['))
                {
                    fromSources = line == "[from the sources]";
                    continue;
                }

                string id = line.Split("  ")[0];
                _lines.Add(id, line);
                if (fromSources)
                {
                    _source.Add(id);
                }
            }
        }

        public int Count => _lines.Count;

        /// <summary>Members that the program mentions and the board lacks.</summary>
        public List<string> Missing(ModuleDefinition module)
        {
            var findings = new SortedSet<string>(StringComparer.Ordinal);
            foreach (TypeDefinition type in Uses.Types(module).Where(IsProgram))
            {
                foreach ((MemberReference member, string where) in Uses.In(type))
                {
                    foreach (string id in Ids(member).Select(_library.Board).Where(id => !Has(id)))
                    {
                        findings.Add(id + "  used by " + where);
                    }
                }
            }

            return findings.ToList();
        }

        private bool Has(string id) => _lines.ContainsKey(id) || _library.Library.Contains(id);

        /// <summary>Public members of types that stand in for others, and what the list says otherwise.</summary>
        public List<string> Differing(ModuleDefinition module)
        {
            var findings = new List<string>();
            foreach (string said in Uses.Types(module).Where(IsStandIn).SelectMany(Lines))
            {
                string id = said.Split("  ")[0];
                if (!_lines.TryGetValue(id, out string line))
                {
                    findings.Add(id + " stands in for nothing in firmware-api.txt");
                }
                else if (!Same(said, line))
                {
                    findings.Add($"'{said}' and not '{line}'");
                }
            }

            return findings;
        }

        /// <summary>Lines that nanoFramework's own listing does not have.</summary>
        public List<string> Unknown(ICollection<string> listing) =>
            _lines.Where(l => !_source.Contains(l.Key) && !listing.Contains(l.Value)).Select(l => l.Value).ToList();

        private static string NamespaceOf(TypeReference type) =>
            type.DeclaringType == null ? type.Namespace : NamespaceOf(type.DeclaringType);

        private static bool IsProgram(TypeDefinition type) => 
            NamespaceOf(type) is "Femto.Firmware" or "Femto.Boards" or "Femto.SleepSensor";

        private static bool IsStandIn(TypeDefinition type) =>
            (type.IsPublic || type.IsNestedPublic) && IsForeign(type);

        private static IEnumerable<string> Ids(MemberReference member)
        {
            if (member is TypeReference type)
            {
                return Uses.Elements(type).Where(IsForeign).Select(DocId.Of);
            }

            if (member.DeclaringType is ArrayType || !IsForeign(member.DeclaringType))
            {
                return Array.Empty<string>();
            }

            return new[] { member is FieldReference field ? DocId.Of(field) : DocId.Of((MethodReference)member) };
        }

        private static bool IsForeign(TypeReference type) =>
            NamespaceOf(type).Length > 0 && !NamespaceOf(type).StartsWith("Femto.", StringComparison.Ordinal);

        // As the listing writes them.
        private static IEnumerable<string> Lines(TypeDefinition type)
        {
            yield return DocId.Of((TypeReference)type) + "  " + Kind(type);
            foreach (FieldDefinition field in type.Fields.Where(f => f.IsPublic && !f.IsSpecialName))
            {
                yield return DocId.Of((FieldReference)field) + (field.HasConstant
                    ? "  = " + field.Constant + "  static" : "  : " + field.FieldType.FullName);
            }

            foreach (PropertyDefinition p in type.Properties)
            {
                MethodDefinition accessor = p.GetMethod ?? p.SetMethod;
                if (accessor.IsPublic)
                {
                    yield return DocId.Of((MethodReference)accessor) + "  : " + p.PropertyType.FullName
                        + (accessor.IsStatic ? "  static" : "");
                }
            }

            foreach (EventDefinition e in type.Events)
            {
                yield return DocId.Of((MethodReference)e.AddMethod) + "  : " + e.EventType.FullName;
            }

            bool isDelegate = Kind(type) == "delegate";
            foreach (MethodDefinition m in type.Methods.Where(m => m.IsPublic && !m.IsGetter && !m.IsSetter
                && !m.IsAddOn && !m.IsRemoveOn && !isDelegate && !(m.IsConstructor && m.Parameters.Count == 0)))
            {
                yield return DocId.Of((MethodReference)m)
                    + (m.IsConstructor ? "" : "  : " + m.ReturnType.FullName + (m.IsStatic ? "  static" : ""));
            }
        }

        private static string Kind(TypeDefinition type) =>
            type.IsEnum ? "enum" : type.IsValueType ? "struct"
            : type.BaseType.FullName == "System.MulticastDelegate" ? "delegate" : "class";

        // The listing says more than stand-ins do: bases, accessors, what is native.
        private static bool Same(string said, string line)
        {
            string[] a = said.Split("  ");
            string[] b = line.Replace('/', '.').Split("  ");
            if (a[0].StartsWith("T:", StringComparison.Ordinal))
            {
                return b[1].Contains(a[1], StringComparison.Ordinal);
            }

            string first = a.Length > 1 ? a[1].Replace('/', '.') : "";
            string other = b.Length > 1 ? b[1].Split(" {")[0] : "";
            // The listing leaves out the type of a field.
            bool plainField = a[0].StartsWith("F:", StringComparison.Ordinal) && first.StartsWith(':') && other == "";
            return plainField || first == other && said.EndsWith("  static", StringComparison.Ordinal)
                == line.Contains("  static", StringComparison.Ordinal);
        }
    }
}
