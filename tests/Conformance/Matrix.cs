using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Femto.Conformance;

/// <summary>One normative statement. Server and Client: the tests that prove it, "none: reason", "open: what", or "-".
/// </summary>
internal sealed record Statement(string Id, string Binds, string Words, string Server, string Client)
{
    public bool BindsServer => Binds is "S" or "B";
    public bool BindsClient => Binds is "C" or "B";

    public static Statement Parse(string line)
    {
        string[] fields = line.Split('\t');
        return fields.Length == 5 ? new Statement(fields[0], fields[1], fields[2], fields[3], fields[4])
            : new Statement(line, "", "", "", "");
    }

    /// <summary>The tests that a proof names. A reason names those that show its facts in brackets.</summary>
    public static string[] Tests(string proof)
    {
        if (IsReason(proof) || IsOpen(proof))
        {
            return Regex.Matches(proof, @"(?<=[(,]\s*)[\w:/.*-]+(?=\)|,)").Select(m => m.Value).ToArray();
        }
        return proof == "-" ? [] : proof.Split(' ');
    }

    public static bool IsReason(string proof) => proof.StartsWith("none: ");

    public static bool IsOpen(string proof) => proof.StartsWith("open: ");
}

/// <summary>The statements of both specifications and what proves them.</summary>
internal static class Matrix
{
    public static readonly (string File, string Name, int Count)[] Versions =
        [("mqtt-3.1.1.tsv", "MQTT 3.1.1", 141), ("mqtt-5.0.tsv", "MQTT 5.0", 251)];

    // Where a proof's first word says the test is.
    private static readonly Dictionary<string, string> s_folders = new()
    {
        ["Mqtt"] = "Unit/Femto.Mqtt", ["Broker"] = "Unit/Femto.Mqtt.Broker", ["Client"] = "Unit/Femto.Mqtt.Client",
        ["Limits"] = "Unit/Femto.Mqtt.Broker.Limits", ["Topics"] = "Unit/Femto.Mqtt.Broker.Topics", ["Host"] = "Host",
        ["Config"] = "Unit/Femto.Mqtt.Config", ["Bridge"] = "Unit/Femto.Mqtt.Bridge", ["Sockets"] = "Client",
    };

    public static Statement[] Read(string file) =>
        File.ReadLines(Path.Combine(CaseTest.Folder, file)).Select(Statement.Parse).ToArray();

    /// <summary>What is wrong with these statements.</summary>
    public static List<string> Check(Statement[] statements, int count, ISet<string> tests)
    {
        var findings = new List<string>();
        if (statements.Length != count)
        {
            findings.Add($"{statements.Length} statements, should be {count}");
        }
        findings.AddRange(statements.GroupBy(s => s.Id).Where(g => g.Count() > 1).Select(g => g.Key + " twice"));
        foreach (Statement s in statements)
        {
            if (!Regex.IsMatch(s.Id, "^MQTT-[0-9]+[.-][0-9.]+-[0-9]+$") || s.Words == ""
                || !(s.BindsServer || s.BindsClient))
            {
                findings.Add(s.Id + " is no statement");
                continue;
            }
            if (s.BindsServer && (s.Server is "-" or "" || Statement.IsOpen(s.Server)))
            {
                findings.Add(s.Id + " binds a server and has neither test nor reason");
            }
            if (s.BindsClient && s.Client is "-" or "")
            {
                findings.Add(s.Id + " binds a client and has neither test nor reason, and is not named open");
            }
            findings.AddRange(Statement.Tests(s.Server).Concat(Statement.Tests(s.Client)).Where(t => !tests.Contains(t))
                .Select(t => $"{s.Id}: there is no test {t}"));
        }
        return findings;
    }

    /// <summary>Every test that a proof can name: cases, and the test methods in the sources.</summary>
    public static HashSet<string> Tests()
    {
        var tests = CaseTest.All.Select(c => "case:" + c.Name).ToHashSet();
        foreach ((string alias, string folder) in s_folders)
        {
            foreach (string file in Directory.EnumerateFiles(PathOf(folder), "*.cs"))
            {
                string text = File.ReadAllText(file);
                string type = Regex.Match(text, @"\bclass (\w+)").Groups[1].Value;
                const string method = @"\[TestMethod\](?:\s*(?:\[.*\]|//.*)[^\n]*)*\s*public \w+ (\w+)\(";
                foreach (Match m in Regex.Matches(text, method))
                {
                    tests.Add($"{alias}/{type}.{m.Groups[1].Value}");
                }
                // A class that derives from the one with the methods runs them too.
                foreach (Match m in Regex.Matches(text, @"\[TestClass\]\s*public (?:sealed )?class (\w+)"))
                {
                    tests.Add($"{alias}/{m.Groups[1].Value}.*");
                }
            }
        }
        return tests;
    }

    /// <summary>Tests that the statements name and that did not pass in the run whose results these are.</summary>
    /// <param name="named">The tests.</param>
    /// <param name="results">Folder of the result files.</param>
    /// <param name="all">Every tier was run: a project without results counts.</param>
    public static List<string> NotPassed(IEnumerable<string> named, string results, bool all)
    {
        var findings = new List<string>();
        foreach (var project in named.Where(t => !t.StartsWith("case:")).Distinct().GroupBy(t => t.Split('/')[0]))
        {
            string file = Path.GetFileNameWithoutExtension(
                Directory.EnumerateFiles(PathOf(s_folders[project.Key]), "*.csproj").Single());
            string path = Path.Combine(results, file + ".trx");
            if (!File.Exists(path))
            {
                if (all)
                {
                    findings.Add("no results of " + file);
                }
                continue;
            }
            Dictionary<string, bool> passed = Results(path);
            foreach (string test in project)
            {
                string name = test.Split('/')[1];
                bool ok = name.EndsWith(".*") ? passed.Keys.Any(k => k.StartsWith(name[..^1]))
                    && passed.Where(p => p.Key.StartsWith(name[..^1])).All(p => p.Value)
                    : passed.TryGetValue(name, out bool one) && one;
                if (!ok)
                {
                    findings.Add(test + " did not run, or failed");
                }
            }
        }
        return findings;
    }

    // Class.Method: whether it passed with every one of its rows.
    private static Dictionary<string, bool> Results(string path)
    {
        XDocument document = XDocument.Load(path);
        XNamespace n = document.Root.Name.Namespace;
        var names = document.Descendants(n + "UnitTest").ToDictionary(u => (string)u.Attribute("id"), u =>
        {
            XElement method = u.Element(n + "TestMethod");
            return ((string)method.Attribute("className")).Split(',')[0].Split('.')[^1] + "."
                + ((string)method.Attribute("name")).Split(' ', '(')[0];
        });
        return document.Descendants(n + "UnitTestResult").GroupBy(r => names[(string)r.Attribute("testId")])
            .ToDictionary(g => g.Key, g => g.All(r => (string)r.Attribute("outcome") == "Passed"));
    }

    /// <summary>tests/conformance.md.</summary>
    public static string Render()
    {
        var text = new StringBuilder();
        text.AppendLine("# Conformance");
        text.AppendLine();
        text.AppendLine("Every normative statement of both specifications: who it binds (S server, C client, "
            + "B both), what");
        text.AppendLine("it is about in a few words, and the tests that prove it. Made from `Conformance/*.tsv`;");
        text.AppendLine("`Conformance/README.md` says how. `case:` tests are played to the core and to "
            + "the running program.");
        text.AppendLine();
        text.AppendLine("| | statements | bind a server | by tests | by a reason "
            + "| bind a client | by tests | by a reason | open |");
        text.AppendLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string file, string name, _) in Versions)
        {
            Statement[] all = Read(file);
            var server = all.Where(s => s.BindsServer).Select(s => s.Server).ToArray();
            var client = all.Where(s => s.BindsClient).Select(s => s.Client).ToArray();
            text.AppendLine($"| {name} | {all.Length} | {server.Length} | {server.Count(p => !Statement.IsReason(p))} "
                + $"| {server.Count(Statement.IsReason)} | {client.Length} "
                + $"| {client.Count(p => !Statement.IsReason(p) && !Statement.IsOpen(p))} "
                + $"| {client.Count(Statement.IsReason)} | {client.Count(Statement.IsOpen)} |");
        }
        foreach ((string file, string name, _) in Versions)
        {
            text.AppendLine();
            text.AppendLine("## " + name);
            text.AppendLine();
            text.AppendLine("| statement | binds | about | server | client |");
            text.AppendLine("| --- | --- | --- | --- | --- |");
            foreach (Statement s in Read(file))
            {
                text.AppendLine($"| {s.Id} | {s.Binds} | {s.Words} | {Cell(s.Server)} | {Cell(s.Client)} |");
            }
        }
        return text.ToString();
    }

    private static string Cell(string proof)
    {
        bool words = proof == "-" || Statement.IsReason(proof) || Statement.IsOpen(proof);
        return words ? proof.TrimStart('-') : string.Join(", ", Statement.Tests(proof).Select(t => $"`{t}`"));
    }

    private static string PathOf(string folder) => Path.Combine(CaseTest.Folder, "..", folder);
}
