using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace Femto.Gates
{
    /// <summary>What the .nuspec of a library for the board says, against its .nfproj and packages.config.</summary>
    public static class NanoNuspec
    {
        // Who installs the one wants the other, though it does not refer to it.
        private static readonly (string Package, string With)[] s_with =
        {
            ("Femto.Mqtt.Net.Server", "Femto.Mqtt.Tcp"),
        };

        private static readonly string[] s_built = { "dll", "pdb", "pdbx", "pe", "xml" };

        public static IEnumerable<string> Check(string root, NanoProject project)
        {
            string path = project.Folder + "/" + project.Name + ".nuspec";
            if (!File.Exists(Path.Combine(root, path)))
            {
                return new[] { "has no .nuspec beside it" };
            }

            XElement[] all = XDocument.Load(Path.Combine(root, path)).Root.Descendants().ToArray();
            return Metadata(project, all).Concat(Dependencies(project, all)).Concat(Files(root, project, all))
                .Select(f => "its .nuspec " + f);
        }

        private static IEnumerable<string> Metadata(NanoProject project, XElement[] all)
        {
            foreach ((string name, string value) in new[]
                { ("id", project.Name), ("version", "$version$"), ("license", "MIT"), ("readme", @"docs\README.md") })
            {
                string found = all.FirstOrDefault(e => e.Name.LocalName == name)?.Value;
                if (found != value)
                {
                    yield return $"has {name} '{found}' and not '{value}'";
                }
            }

            if (string.IsNullOrWhiteSpace(all.FirstOrDefault(e => e.Name.LocalName == "description")?.Value))
            {
                yield return "describes nothing";
            }
        }

        // The libraries that the project refers to, of the same version, and all packages that it needs.
        private static IEnumerable<string> Dependencies(NanoProject project, XElement[] all)
        {
            string[] wanted = project.Packages.Select(p => p.Id + " " + p.Version)
                .Concat(project.Projects.Select(p => Path.GetFileNameWithoutExtension(p) + " [$version$]"))
                .Concat(s_with.Where(w => w.Package == project.Name).Select(w => w.With + " [$version$]")).ToArray();
            string[] found = all.Where(e => e.Name.LocalName == "dependency")
                .Select(e => e.Attribute("id").Value + " " + e.Attribute("version").Value).ToArray();
            return wanted.Except(found).Select(d => "does not depend on " + d)
                .Concat(found.Except(wanted).Select(d => "depends on " + d + ", which the project does not need"));
        }

        // What a build in Release leaves, and a page to read.
        private static IEnumerable<string> Files(string root, NanoProject project, XElement[] all)
        {
            var found = all.Where(e => e.Name.LocalName == "file")
                .Select(e => (Source: e.Attribute("src").Value, Target: e.Attribute("target").Value)).ToList();
            foreach (string built in s_built.Select(e => project.Name + "." + e))
            {
                if (!found.Remove(($@"bin\Release\{built}", $@"lib\{built}")))
                {
                    yield return $@"does not take bin\Release\{built} to lib\{built}";
                }
            }

            foreach ((string source, string target) in found)
            {
                if (!File.Exists(Path.Combine(root, project.Resolve(source))))
                {
                    yield return "takes what is not there: " + source;
                }
            }

            if (found.All(f => f.Target != @"docs\README.md"))
            {
                yield return "takes no page to read";
            }
        }
    }
}
