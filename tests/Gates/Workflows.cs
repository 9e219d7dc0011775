using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Femto.Gates
{
    /// <summary>What a workflow of .github/workflows has to be: nothing here runs it, so it is read instead.</summary>
    public static class Workflows
    {
        // Folders of the repository: a word that begins with one and a slash names something that must be there.
        private static readonly string[] s_folders =
        {
            "boards", "firmware", "lib", "nanoframework", "tests", ".github",
        };

        public static List<string> Check(string root, string text)
        {
            var yaml = new YamlStream();
            try
            {
                yaml.Load(new StringReader(text));
            }
            catch (Exception e) when (e is YamlException or InvalidOperationException)
            {
                return new List<string> { "not well-formed: " + e.Message };
            }

            var findings = new List<string>();
            var top = (YamlMappingNode)yaml.Documents.Single().RootNode;
            findings.AddRange(new[] { "name", "on", "permissions", "jobs" }.Where(k => Get(top, k) == null)
                .Select(k => "no " + k));
            if (findings.Count > 0)
            {
                return findings;
            }

            var names = ((YamlMappingNode)Get(top, "jobs")).Children.Keys.Select(k => k.ToString()).ToHashSet();
            foreach ((YamlNode name, YamlNode job) in ((YamlMappingNode)Get(top, "jobs")).Children)
            {
                findings.AddRange(Job(root, (YamlMappingNode)job, names).Select(f => name + ": " + f));
            }

            findings.AddRange(Pins(text));
            return findings;
        }

        private static IEnumerable<string> Job(string root, YamlMappingNode job, HashSet<string> names)
        {
            foreach (string need in Words(Get(job, "needs")).Where(n => !names.Contains(n)))
            {
                yield return "needs a job that is not there: " + need;
            }

            string called = Get(job, "uses")?.ToString();
            if (called != null)
            {
                if (!called.StartsWith("./", StringComparison.Ordinal) || !File.Exists(Path.Combine(root, called)))
                {
                    yield return "calls what is not there: " + called;
                }

                yield break;
            }

            if (Get(job, "runs-on") == null || Get(job, "timeout-minutes") == null)
            {
                yield return "no runs-on or no timeout-minutes";
            }

            if (Get(job, "runs-on")?.ToString().EndsWith("-latest", StringComparison.Ordinal) == true)
            {
                yield return "runs on a machine that changes";
            }

            foreach (YamlMappingNode step in ((YamlSequenceNode)Get(job, "steps")).Children.Cast<YamlMappingNode>())
            {
                string uses = Get(step, "uses")?.ToString();
                string run = Get(step, "run")?.ToString();
                if (uses == null == (run == null))
                {
                    yield return "a step that neither uses nor runs, or both";
                }

                foreach (string path in Paths(run).Where(p => !Exists(root, p)))
                {
                    yield return "names what is not there: " + path;
                }
            }
        }

        // An action is pinned to a commit, with its version beside it for who reads.
        private static IEnumerable<string> Pins(string text) =>
            text.Split('\n').Select(l => l.Trim().TrimStart('-').Trim())
                .Where(l => l.StartsWith("uses:", StringComparison.Ordinal) && !l.Contains("uses: ./"))
                .Where(l => !Regex.IsMatch(l, "^uses: [\\w.-]+/[\\w./-]+@[0-9a-f]{40} # v[0-9.]+$"))
                .Select(l => "not pinned to a commit with its version beside it: " + l);

        private static IEnumerable<string> Paths(string run) =>
            run == null ? Array.Empty<string>() : Regex.Matches(run, "[\\w./\\\\*-]+").Select(m => m.Value)
                .Select(w => w.Replace('\\', '/').TrimEnd('.', '/'))
                .Where(w => s_folders.Any(f => w.StartsWith(f + "/", StringComparison.Ordinal)) || w.EndsWith(".slnf"));

        // What a build makes need not be there; the folder above it has to.
        private static bool Exists(string root, string path)
        {
            string part = path.Split("/bin/")[0];
            int star = part.IndexOf('*');
            string folder = star < 0 ? part : part.Substring(0, part.LastIndexOf('/', star));
            return File.Exists(Path.Combine(root, folder)) || Directory.Exists(Path.Combine(root, folder));
        }

        private static IEnumerable<string> Words(YamlNode node) => node switch
        {
            null => Array.Empty<string>(),
            YamlSequenceNode list => list.Children.Select(c => c.ToString()),
            _ => new[] { node.ToString() },
        };

        private static YamlNode Get(YamlMappingNode node, string key) =>
            node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode value) ? value : null;
    }
}
