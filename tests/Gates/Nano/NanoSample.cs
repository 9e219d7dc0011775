using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Femto.Gates
{
    /// <summary>The repository of sample.txt in a folder of its own. The tests break it, one thing at a time.</summary>
    public sealed class NanoSample : IDisposable
    {
        public readonly string Root = Directory.CreateTempSubdirectory("femto-nano-").FullName;

        private const string Folder = "tests/Gates/Nano/";

        public NanoSample()
        {
            string[] files = File.ReadAllText(Repository.PathOf(Folder + "sample.txt")).Split("\n=== ");
            foreach (string file in files.Skip(1))
            {
                string[] parts = file.Split('\n', 2);
                Write(parts[0], parts.Length > 1 ? parts[1] : "");
            }
        }

        public static NanoPackages Packages() => NanoPackages.Parse(new[]
        {
            "[packages]", "nanoFramework.CoreLibrary 1.0.0 mscorlib.dll",
            "nanoFramework.System.Text 1.3.0 Text.dll nanoFramework.CoreLibrary",
            "nanoFramework.TestFramework 3.0.0 Test.dll,Launcher.exe nanoFramework.CoreLibrary",
            "nanoFramework.System.Net 1.11.0 Net.dll nanoFramework.System.Text",
            "[types]", "System.Text. nanoFramework.System.Text",
        });

        /// <summary>broken.txt: file, text, what comes instead, reason.</summary>
        public static IEnumerable<object[]> Broken()
        {
            object[] row = null;
            foreach (string line in File.ReadLines(Repository.PathOf(Folder + "broken.txt")))
            {
                if (line.StartsWith('#') || line.Length == 0)
                {
                    continue;
                }

                int part = "-+=".IndexOf(line[0]);
                if (part < 0)
                {
                    row = new object[] { line, null, null, null };
                    continue;
                }

                row[part + 1] = line == "+" ? "" : line.Substring(2);
                if (part == 2)
                {
                    yield return row;
                }
            }
        }

        /// <summary>Replaces text that must be there, or the whole file; without a replacement it is deleted.</summary>
        public void Break(string file, string old, string replacement)
        {
            string path = Path.Combine(Root, file);
            if (old == null)
            {
                File.Delete(path);
                if (replacement != null)
                {
                    Write(file, replacement);
                }

                return;
            }

            string text = File.ReadAllText(path);
            if (!text.Contains(old, StringComparison.Ordinal))
            {
                throw new InvalidDataException(file + " has no " + old);
            }

            File.WriteAllText(path, text.Replace(old, replacement));
        }

        public void Dispose() => Directory.Delete(Root, true);

        private void Write(string file, string text)
        {
            string path = Path.Combine(Root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path));
            File.WriteAllText(path, text);
        }
    }
}
