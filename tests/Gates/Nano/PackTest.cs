using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Gates
{
    /// <summary>
    /// The packages for the board: nanoframework/pack.proj makes them as the workflow does, of files that stand in for
    /// what only nanoFramework's project system builds.
    /// </summary>
    [TestClass]
    [DoNotParallelize]
    public class PackTest
    {
        private static readonly string[] s_own = NanoRules.Find(Repository.Root, "*.nuspec");

        private string root;

        [TestInitialize]
        public void Copy()
        {
            root = Directory.CreateTempSubdirectory("femto-pack-").FullName;
            foreach (string file in s_own.Concat(new[]
                { "Directory.Build.props", "nanoframework/pack.proj", "nanoframework/package.md" }))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, file)));
                File.Copy(Repository.PathOf(file), Path.Combine(root, file));
            }

            foreach (string file in s_own)
            {
                string name = Path.GetFileNameWithoutExtension(file);
                string built = Path.Combine(root, Path.GetDirectoryName(file), "bin", "Release");
                Directory.CreateDirectory(built);
                foreach (string extension in new[] { "dll", "pdb", "pdbx", "pe", "xml" })
                {
                    File.WriteAllText(Path.Combine(built, name + "." + extension), extension);
                }
            }
        }

        [TestCleanup]
        public void Delete() => Directory.Delete(root, true);

        /// <summary>Each package holds its assembly, and with the packages it brings all that this one needs.</summary>
        [TestMethod]
        public void PackagesHoldWhatTheyNeed()
        {
            string said = Pack(out int code);
            Assert.AreEqual(0, code, said);
            var depends = new Dictionary<string, string[]>();
            foreach (string file in Directory.GetFiles(Path.Combine(root, "out"), "*.nupkg"))
            {
                using ZipArchive package = ZipFile.OpenRead(file);
                XElement nuspec = XDocument.Load(package.Entries.Single(e => e.Name.EndsWith(".nuspec")).Open()).Root;
                string id = nuspec.Descendants().First(e => e.Name.LocalName == "id").Value;
                string version = nuspec.Descendants().First(e => e.Name.LocalName == "version").Value;
                Assert.AreEqual($"{id}.{version}.nupkg", Path.GetFileName(file));
                string[] lib = package.Entries.Select(e => e.FullName).Where(n => n.StartsWith("lib/")).ToArray();
                CollectionAssert.AreEquivalent(
                    new[] { "dll", "pdb", "pdbx", "pe", "xml" }.Select(e => $"lib/{id}.{e}").ToArray(), lib);
                Assert.IsNotNull(package.GetEntry("docs/README.md"), id);
                depends[id] = nuspec.Descendants().Where(e => e.Name.LocalName == "dependency")
                    .Select(e => e.Attribute("id").Value).ToArray();
            }

            CollectionAssert.AreEquivalent(
                s_own.Select(Path.GetFileNameWithoutExtension).ToArray(), depends.Keys.ToArray());
            NanoPackages packages = NanoPackages.Read();
            Gate.Clean(depends.Values.SelectMany(d => d).Distinct()
                .Where(d => !depends.ContainsKey(d) && packages.Find(d) == null).ToList());
            CollectionAssert.IsSubsetOf(
                new[] { "Femto.Mqtt.Broker", "Femto.Mqtt.Tcp", "nanoFramework.System.Net" },
                Closure("Femto.Mqtt.Net.Server", depends));
            CollectionAssert.IsSubsetOf(
                new[] { "Femto.Mqtt.Client", "Femto.Mqtt.Tcp", "nanoFramework.System.Net" },
                Closure("Femto.Mqtt.Net", depends));
            CollectionAssert.DoesNotContain(Closure("Femto.Mqtt.Net", depends), "Femto.Mqtt.Broker");
            CollectionAssert.DoesNotContain(Closure("Femto.Mqtt.Net.Server", depends), "Femto.Mqtt.Client");
        }

        [TestMethod]
        public void PackageWithoutItsAssemblyIsRefused()
        {
            File.Delete(Path.Combine(root, "lib/Femto.Mqtt/bin/Release/Femto.Mqtt.pe"));
            string said = Pack(out int code);
            Assert.AreNotEqual(0, code);
            StringAssert.Contains(said, "Femto.Mqtt.pe");
        }

        private static string[] Closure(string id, Dictionary<string, string[]> depends)
        {
            var all = new HashSet<string>();
            var open = new Stack<string>(new[] { id });
            while (open.TryPop(out string next))
            {
                if (all.Add(next) && depends.TryGetValue(next, out string[] needs))
                {
                    Array.ForEach(needs, open.Push);
                }
            }

            return all.ToArray();
        }

        private string Pack(out int code)
        {
            var start = new ProcessStartInfo("dotnet")
            {
                WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            foreach (string word in "build nanoframework/pack.proj -nologo -nodeReuse:false -o out".Split(' '))
            {
                start.ArgumentList.Add(word);
            }

            using Process process = Process.Start(start);
            var errors = process.StandardError.ReadToEndAsync();
            string said = process.StandardOutput.ReadToEnd() + errors.Result;
            process.WaitForExit();
            code = process.ExitCode;
            return said;
        }
    }
}
