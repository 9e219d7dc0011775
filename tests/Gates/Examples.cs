using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Femto.Gates
{
    /// <summary>The programs that stand in a Markdown file, and the compiler for them.</summary>
    public static class Examples
    {
        // Types that hide .NET's own: not for these programs.
        private static readonly string[] s_hidden = { "Gates.Board.dll", "Gates.dll" };

        private static readonly MetadataReference[] s_references =
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")).Split(Path.PathSeparator)
                .Where(f => !s_hidden.Contains(Path.GetFileName(f)))
                .Select(f => (MetadataReference)MetadataReference.CreateFromFile(f)).ToArray();

        /// <summary>The blocks marked csharp, in their order.</summary>
        public static List<string> In(string markdown)
        {
            var blocks = new List<string>();
            StringBuilder block = null;
            foreach (string line in markdown.Split('\n').Select(l => l.TrimEnd('\r')))
            {
                if (block == null)
                {
                    block = line == "```csharp" ? new StringBuilder() : null;
                }
                else if (line == "```")
                {
                    blocks.Add(block.ToString());
                    block = null;
                }
                else
                {
                    block.Append(line).Append('\n');
                }
            }

            return blocks;
        }

        /// <summary>Lines that say something: no braces, no using, nothing empty.</summary>
        public static int Length(string program) =>
            program.Split('\n').Select(l => l.Trim())
                .Count(l => l.Length > 1 && !l.StartsWith("using ", StringComparison.Ordinal));

        /// <summary>The program, with what the compiler says against it.</summary>
        public static byte[] Compile(string program, List<string> findings)
        {
            var options = new CSharpParseOptions(LanguageVersion.CSharp9, preprocessorSymbols: new[] { "DEBUG" });
            CSharpCompilation compilation = CSharpCompilation.Create(
                "Example" + Guid.NewGuid().ToString("N"), new[] { CSharpSyntaxTree.ParseText(program, options) },
                s_references, new CSharpCompilationOptions(OutputKind.ConsoleApplication));
            using var stream = new MemoryStream();
            EmitResult result = compilation.Emit(stream);
            findings.AddRange(result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning)
                .Select(d => d.ToString()));
            return result.Success ? stream.ToArray() : null;
        }
    }
}
