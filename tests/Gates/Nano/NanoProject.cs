using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace Femto.Gates
{
    /// <summary>A project as the rules see it: a .nfproj with its packages.config, or the .csproj beside it.</summary>
    public sealed class NanoProject
    {
        /// <summary>Relative to the root, with forward slashes; so are all paths here.</summary>
        public readonly string Path;
        public readonly XElement Xml;
        public readonly List<(string Path, string Link)> Compile = new();
        public readonly List<(string Name, string Hint)> References = new();
        public readonly List<string> Projects = new();
        public readonly List<(string Id, string Version, XElement Line)> Packages = new();

        private NanoProject(string path, XElement xml)
        {
            Path = path;
            Xml = xml;
        }

        public string Folder => System.IO.Path.GetDirectoryName(Path).Replace('\\', '/');

        public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

        public bool IsUnitTest => Name.EndsWith(".Unit", StringComparison.Ordinal);

        public static NanoProject Read(string root, string path)
        {
            var project = new NanoProject(path, XDocument.Load(System.IO.Path.Combine(root, path)).Root);
            foreach (XElement item in project.Items("Compile").Where(c => c.Attribute("Include") != null))
            {
                project.Compile.Add((project.Resolve(item.Attribute("Include").Value), item.Attribute("Link")?.Value));
            }

            foreach (XElement item in project.Items("Reference"))
            {
                string hint = item.Elements().FirstOrDefault(e => e.Name.LocalName == "HintPath")?.Value;
                project.References.Add((item.Attribute("Include").Value, hint));
            }

            foreach (XElement item in project.Items("ProjectReference"))
            {
                string include = item.Attribute("Include").Value;
                project.Projects.Add(include.StartsWith('$') ? include : project.Resolve(include));
            }

            string packages = System.IO.Path.Combine(root, project.Folder, "packages.config");
            if (path.EndsWith(".nfproj", StringComparison.Ordinal) && File.Exists(packages))
            {
                foreach (XElement line in XDocument.Load(packages).Root.Elements("package"))
                {
                    project.Packages.Add((line.Attribute("id").Value, line.Attribute("version").Value, line));
                }
            }

            return project;
        }

        /// <summary>The value of a property, null when there is none.</summary>
        public string Property(string name) => Items(name).FirstOrDefault()?.Value;

        public IEnumerable<XElement> Items(string name) => Xml.Descendants().Where(e => e.Name.LocalName == name);

        /// <summary>A path of this project's, from the root.</summary>
        public string Resolve(string include)
        {
            var parts = new List<string>(Folder.Split('/'));
            foreach (string part in include.Replace('\\', '/').Split('/'))
            {
                if (part == ".." && parts.Count > 0)
                {
                    parts.RemoveAt(parts.Count - 1);
                }
                else if (part != ".")
                {
                    parts.Add(part);
                }
            }

            return string.Join('/', parts);
        }
    }
}
