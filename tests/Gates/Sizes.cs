using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml.Linq;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>Sizes of libraries, files and functions.</summary>
    public static class Sizes
    {
        /// <summary>
        /// Bytes of IL in all method bodies. The board's metadata is no larger: its tokens are shorter.
        /// </summary>
        public static int CodeBytes(ModuleDefinition module) =>
            module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).Sum(m => m.Body.CodeSize);

        public static List<string> CheckCode(string library, int bytes, int limit) =>
            bytes <= limit
                ? new List<string>() : new List<string> { $"{library}: {bytes} bytes of IL, at most {limit}" };

        /// <summary>Bytes of an assembly's literals and of the names in it, as UTF-8 with an end each.</summary>
        public static int TextBytes(ModuleDefinition module)
        {
            var texts = new HashSet<string>();
            foreach (TypeDefinition type in module.GetTypes())
            {
                texts.Add(type.Name);
                texts.Add(type.Namespace);
                texts.UnionWith(type.Fields.Select(f => f.Name));
                texts.UnionWith(type.Methods.Select(m => m.Name));
                texts.UnionWith(type.Methods.Where(m => m.HasBody).SelectMany(m => m.Body.Instructions)
                    .Select(i => i.Operand).OfType<string>());
            }

            texts.UnionWith(module.GetMemberReferences().Select(r => r.Name));
            texts.UnionWith(module.GetTypeReferences().Select(r => r.Name));
            return texts.Sum(t => Encoding.UTF8.GetByteCount(t) + 1);
        }

        public static List<string> CheckText(string assembly, int bytes, int limit) =>
            bytes <= limit
                ? new List<string>() : new List<string> { $"{assembly}: {bytes} bytes of text, at most {limit}" };

        /// <summary>
        /// What is longer than its limit and not listed, or listed and grown, or listed and no longer too long. A line
        /// of the list is the item's name, a blank and its lines.
        /// </summary>
        public static List<string> Check(
            IEnumerable<(string Item, int Lines)> items, int limit, IEnumerable<string> exceptions)
        {
            var findings = new List<string>();
            Dictionary<string, int> listed = exceptions.ToDictionary(
                e => e.Substring(0, e.LastIndexOf(' ')).Trim(),
                e => int.Parse(e.Substring(e.LastIndexOf(' ') + 1)));
            foreach ((string item, int lines) in items)
            {
                bool isListed = listed.Remove(item, out int allowed);
                if (lines > limit && !isListed)
                {
                    findings.Add($"{item}: {lines} lines, at most {limit}");
                }
                else if (isListed && lines > allowed)
                {
                    findings.Add($"{item}: grown to {lines} lines from {allowed}");
                }
                else if (isListed && lines <= limit)
                {
                    findings.Add($"{item}: {lines} lines need no exception any more");
                }
            }

            findings.AddRange(listed.Keys.Select(item => item + ": in the exceptions, but not there"));
            return findings;
        }

        /// <summary>Public types without a summary in the documentation that the compiler wrote.</summary>
        public static List<string> Undocumented(IEnumerable<TypeDefinition> types, string documentationFile)
        {
            HashSet<string> documented = XDocument.Load(documentationFile).Descendants("member")
                .Where(m => !string.IsNullOrWhiteSpace(m.Element("summary")?.Value))
                .Select(m => m.Attribute("name").Value).ToHashSet();
            return types.Where(t => t.IsPublic && !documented.Contains(DocId.Of(t)))
                .Select(t => t.FullName + " has no doc comment").ToList();
        }
    }
}
