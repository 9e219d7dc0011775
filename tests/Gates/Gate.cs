using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>How gates report.</summary>
    public static class Gate
    {
        /// <summary>Fails with every finding, one a line.</summary>
        public static void Clean(ICollection<string> findings)
        {
            if (findings.Count > 0)
            {
                Assert.Fail(findings.Count + " findings:\n    " + string.Join("\n    ", findings));
            }
        }

        /// <summary>The gate must refuse this sample, for this reason.</summary>
        public static void Refused(ICollection<string> findings, string reason)
        {
            if (!findings.Any(f => f.Contains(reason, StringComparison.Ordinal)))
            {
                Assert.Fail($"not refused for '{reason}'; findings: " + string.Join("\n    ", findings));
            }
        }

        /// <summary>A line that tests/run shows.</summary>
        public static void Note(string text) => Console.WriteLine("note: " + text);

        /// <summary>A sample's type with the nested ones.</summary>
        public static TypeDefinition[] Sample(string name)
        {
            TypeDefinition[] types = Repository.Samples().GetTypes()
                .Where(t => t.FullName == name || t.FullName.StartsWith(name + "/", StringComparison.Ordinal)
                    || t.FullName.StartsWith(name + "`", StringComparison.Ordinal)).ToArray();
            Assert.AreNotEqual(0, types.Length, "no sample " + name);
            return types;
        }
    }
}
