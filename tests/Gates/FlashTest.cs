using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Gates
{
    /// <summary>
    /// Gate: what flash.ps1 would run, as boards/flash.json has it, against what nanoff documents. PowerShell itself is
    /// not at hand: the script is read, not run.
    /// </summary>
    [TestClass]
    public class FlashTest
    {
        private static readonly string s_script = File.ReadAllText(Repository.PathOf("flash.ps1"));
        private static readonly JsonElement s_data =
            JsonDocument.Parse(File.ReadAllText(Repository.PathOf("boards/flash.json"))).RootElement;
        private static readonly Dictionary<string, Dictionary<string, string>> s_documented = Documented();

        private static Dictionary<string, Dictionary<string, string>> Documented()
        {
            var all = new Dictionary<string, Dictionary<string, string>>();
            Dictionary<string, string> section = null;
            foreach (string line in Repository.List("nanoff-options.txt"))
            {
                if (line.StartsWith('['))
                {
                    all.Add(line.Trim('[', ']'), section = new Dictionary<string, string>());
                    continue;
                }

                string[] words = line.Split(' ', 2);
                section.Add(words[0], words.Length == 2 ? words[1] : null);
            }

            return all;
        }

        private static IEnumerable<(string Name, string[] Words)> Steps() =>
            s_data.GetProperty("steps").EnumerateObject().Select(s =>
                (s.Name, s.Value.GetProperty("command").EnumerateArray().Select(w => w.GetString()).ToArray()));

        // What is wrong with the options of a command.
        private static List<string> Check(string name, string[] words)
        {
            var findings = new List<string>();
            Dictionary<string, string> options = s_documented["options"];
            int i = Array.IndexOf(words, "--") + 1;
            while (i < words.Length)
            {
                string option = words[i++];
                if (!option.StartsWith("--") || !options.TryGetValue(option.Substring(2), out string value))
                {
                    findings.Add($"{name}: nanoff has no {option}");
                    continue;
                }

                bool follows = i < words.Length && !words[i].StartsWith("--");
                if (follows != (value != null))
                {
                    findings.Add($"{name}: {option} takes {value ?? "no value"}");
                }

                i += follows ? 1 : 0;
            }

            return findings;
        }

        [TestMethod]
        public void CommandsAreWhatNanoffDocuments()
        {
            var nanoff = Steps().Where(s => s.Words.Contains("nanoff")).ToList();
            Assert.HasCount(6, nanoff);
            foreach ((string name, string[] words) in nanoff)
            {
                Assert.AreEqual("dotnet tool run nanoff --", string.Join(' ', words.Take(5)), name);
            }

            Gate.Clean(nanoff.SelectMany(s => Check(s.Name, s.Words)).ToList());
        }

        [DataRow("--serial {port}", "nanoff has no --serial")]
        [DataRow("--target --update", "--target takes VALUE")]
        [DataRow("--update now", "--update takes no value")]
        [DataRow("x", "nanoff has no x")]
        [TestMethod]
        public void WrongCommandIsRefused(string words, string reason) =>
            Gate.Refused(Check("step", ("-- " + words).Split(' ')), reason);

        /// <summary>Every step is run and explains itself; the script runs nothing else.</summary>
        [TestMethod]
        public void ScriptRunsTheSteps()
        {
            CollectionAssert.AreEquivalent(Steps().Select(s => s.Name).ToArray(),
                Regex.Matches(s_script, @"Invoke-Step '(\w+)'").Select(m => m.Groups[1].Value).Distinct().ToArray());
            foreach (JsonProperty step in s_data.GetProperty("steps").EnumerateObject())
            {
                Assert.IsGreaterThan(20, step.Value.GetProperty("try").GetString().Length, step.Name);
                Assert.IsGreaterThan(10, step.Value.GetProperty("say").GetString().Length, step.Name);
            }

            foreach (string place in Steps().SelectMany(s => s.Words).Where(w => w.StartsWith('{')).Distinct())
            {
                StringAssert.Contains(s_script, $"$words['{place.Trim('{', '}')}'] = ");
            }
        }

        [TestMethod]
        public void FilesForNanoffHaveItsNames()
        {
            var findings = new List<string>();
            JsonElement network = s_data.GetProperty("network");
            Names(network, "network", findings);
            foreach (string part in new[] { "WirelessClient", "WirelessAccessPoint", "Ethernet" })
            {
                Names(network.GetProperty(part), part, findings);
            }

            Names(s_data.GetProperty("files"), "files", findings);
            foreach (JsonElement file in s_data.GetProperty("files").GetProperty("Files").EnumerateArray())
            {
                Names(file, "Files", findings);
                StringAssert.StartsWith(file.GetProperty("DestinationFilePath").GetString(), "I:\\");
            }

            Gate.Clean(findings);
        }

        private static void Names(JsonElement element, string section, List<string> findings)
        {
            foreach (JsonProperty p in element.EnumerateObject())
            {
                if (!s_documented[section].TryGetValue(p.Name, out string values))
                {
                    findings.Add($"{section} has no {p.Name}");
                }
                else if (values != null && !values.Split('|').Contains(p.Value.GetString().ToUpperInvariant()))
                {
                    findings.Add($"{section}.{p.Name} is one of {values}");
                }
            }
        }

        [TestMethod]
        public void VersionIsPinned()
        {
            JsonElement tools = JsonDocument.Parse(File.ReadAllText(Repository.PathOf(".config/dotnet-tools.json")))
                .RootElement.GetProperty("tools");
            string version = tools.GetProperty("nanoff").GetProperty("version").GetString();
            StringAssert.Matches(version, new Regex(@"^2\.5\.\d+$"));
        }

        /// <summary>Windows PowerShell 5.1 has none of these; and no password is an argument.</summary>
        [TestMethod]
        public void ScriptIsForBothPowerShells()
        {
            string code = Regex.Replace(s_script, @"<#.*?#>", "", RegexOptions.Singleline);
            code = Regex.Replace(code, @"'[^'\n]*'", "''");
            foreach (string newer in new[] { "??", "&&", "||", "?.", "-AsPlainText", "-Parallel" })
            {
                Assert.IsFalse(code.Contains(newer), newer);
            }

            Assert.IsFalse(Regex.IsMatch(code, @"\?[^\n:]*:[^:\n]"), "a conditional operator");
            Assert.IsFalse(s_script.Any(c => c > 126), "5.1 reads a file without a mark as ANSI");
            Assert.IsFalse(Steps().SelectMany(s => s.Words).Any(w => w.Contains("password")), "password");
            StringAssert.Contains(s_script, "Read-Host -AsSecureString");
        }

        [TestMethod]
        public void HelpNamesEveryParameter()
        {
            string block = Regex.Match(s_script, @"(?ms)^param\((.*?)^\)").Groups[1].Value;
            string[] parameters = Regex.Matches(block, @"\$(\w+)").Select(m => m.Groups[1].Value)
                .Where(n => n != "true").ToArray();
            Assert.HasCount(13, parameters);
            foreach (string parameter in parameters)
            {
                Assert.IsTrue(Regex.IsMatch(s_script, $@"(?m)^\.PARAMETER {parameter}\r?$"), parameter);
            }
        }
    }
}
