using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>Where things are, and the Release builds that the gates read.</summary>
    public static class Repository
    {
        public static readonly string Root = FindRoot();

        private static readonly Resolver s_resolver = new();
        private static readonly Dictionary<string, ModuleDefinition> s_modules = new();

        // What is held to the rules of lib/: the libraries, and the firmware's part that runs on a PC too.
        private static readonly string[] s_folders = { "lib", "firmware" };

        /// <summary>The names of the libraries: the folders of lib/ and firmware/ that hold a project.</summary>
        public static readonly string[] LibraryNames =
            s_folders.SelectMany(ProjectsIn).OrderBy(n => n, StringComparer.Ordinal).ToArray();

        /// <summary>Where a library's sources are: lib/NAME or firmware/NAME.</summary>
        public static string FolderOf(string library) =>
            s_folders.Select(f => f + "/" + library).First(f => Directory.Exists(PathOf(f)));

        public static ModuleDefinition[] Libraries() => LibraryNames.Select(Library).ToArray();

        public static ModuleDefinition Library(string name) => Read(name, name);

        /// <summary>The unit tests of each library that has some.</summary>
        public static ModuleDefinition[] UnitTests() => UnitTestNames.Select(UnitTest).ToArray();

        /// <summary>The folders of tests/Unit that hold unit tests.</summary>
        public static readonly string[] UnitTestNames =
            ProjectsIn("tests/Unit").Where(n => n != "TestFramework").ToArray();

        public static ModuleDefinition UnitTest(string name) => Read(name + ".Unit", "NFUnitTest");

        /// <summary>The bad samples.</summary>
        public static ModuleDefinition Samples() => Read("Gates.Samples", "Gates.Samples");

        public static string PathOf(string relative) => Path.Combine(Root, relative);

        /// <summary>The source files below a folder, relative to the root, with forward slashes, sorted.</summary>
        public static string[] Sources(string folder)
        {
            string full = PathOf(folder);
            if (!Directory.Exists(full))
            {
                return Array.Empty<string>();
            }

            return Directory.EnumerateFiles(full, "*.cs", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
                .Where(f => !f.Split('/').Any(p => p is "bin" or "obj" or "node_modules" or "artifacts"))
                .OrderBy(f => f, StringComparer.Ordinal).ToArray();
        }

        /// <summary>Lines of a list beside the gates, without comments and blank lines.</summary>
        public static string[] List(string name) =>
            File.ReadAllLines(PathOf("tests/Gates/" + name)).Select(WithoutComment).Where(l => l.Length > 0).ToArray();

        private static string WithoutComment(string line)
        {
            // '#' also begins "#ctor": a comment stands at the start of a line or after a blank.
            int comment = line.StartsWith('#') ? 0 : line.IndexOf(" #", StringComparison.Ordinal);
            return (comment < 0 ? line : line.Substring(0, comment)).Trim();
        }

        private static string[] ProjectsIn(string folder) =>
            Directory.EnumerateDirectories(PathOf(folder))
                .Where(d => Directory.EnumerateFiles(d, "*.csproj").Any())
                .Select(Path.GetFileName).OrderBy(n => n, StringComparer.Ordinal).ToArray();

        private static ModuleDefinition Read(string project, string assembly)
        {
            lock (s_modules)
            {
                if (!s_modules.TryGetValue(project, out ModuleDefinition module))
                {
                    string path = PathOf($"artifacts/gates/bin/{project}/release/{assembly}.dll");
                    module = ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = s_resolver });
                    s_modules.Add(project, module);
                }

                return module;
            }
        }

        /// <summary>Our own libraries are the ones read here, never a copy that lies about.</summary>
        private sealed class Resolver : DefaultAssemblyResolver
        {
            public Resolver()
            {
                foreach (string folder in GetSearchDirectories())
                {
                    RemoveSearchDirectory(folder);
                }

                AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
                AddSearchDirectory(AppContext.BaseDirectory);
            }

            public override AssemblyDefinition Resolve(AssemblyNameReference name) =>
                LibraryNames.Contains(name.Name) ? Library(name.Name).Assembly : base.Resolve(name);
        }

        private static string FindRoot()
        {
            string folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "nf.sln")))
            {
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("nf.sln not found");
            }

            return folder;
        }
    }
}
