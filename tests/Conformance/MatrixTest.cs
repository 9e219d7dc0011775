using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Conformance;

/// <summary>The tables of statements are complete and true.</summary>
[TestClass]
public class MatrixTest
{
    [TestMethod]
    public void EveryStatementHasItsProof()
    {
        HashSet<string> tests = Matrix.Tests();
        Clean(Matrix.Versions.SelectMany(v => Matrix.Check(Matrix.Read(v.File), v.Count, tests)));
    }

    // Every case is named by a statement; what proves nothing would rot.
    [TestMethod]
    public void EveryCaseProvesSomething()
    {
        var named = Named().ToHashSet();
        Clean(CaseTest.All.Select(c => "case:" + c.Name).Distinct().Where(c => !named.Contains(c)));
    }

    // Under tests/run: the tests named in other projects were run before, and passed.
    [TestMethod]
    public void EveryNamedTestHasPassed()
    {
        string results = Environment.GetEnvironmentVariable("FEMTO_TEST_RESULTS");
        if (results != null)
        {
            bool all = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FEMTO_TEST_TIERS"));
            Clean(Matrix.NotPassed(Named(), results, all));
        }
    }

    [TestMethod]
    public void RenderedIsUpToDate()
    {
        string path = Path.Combine(CaseTest.Folder, "..", "conformance.md");
        string text = Matrix.Render();
        if (Environment.GetEnvironmentVariable("FEMTO_CONFORMANCE_WRITE") == "1")
        {
            File.WriteAllText(path, text);
        }
        Assert.AreEqual(text, File.Exists(path) ? File.ReadAllText(path) : "",
            "FEMTO_CONFORMANCE_WRITE=1 dotnet test tests/Conformance writes it anew");
    }

    [TestMethod]
    [DataRow("MQTT-1.0.0-1\tS\twords\t-\t-", "neither test nor reason")]
    [DataRow("MQTT-1.0.0-1\tS\twords\topen: later\t-", "neither test nor reason")]
    [DataRow("MQTT-1.0.0-1\tB\twords\tcase:a\t-", "binds a client")]
    [DataRow("MQTT-1.0.0-1\tS\twords\tcase:b\t-", "no test case:b")]
    [DataRow("MQTT-1.0.0-1\tS\twords\tBroker/X.Y\t-", "no test Broker/X.Y")]
    [DataRow("MQTT-1.0.0-1\tS\twords\tnone: so it is (case:a, case:b)\t-", "no test case:b")]
    [DataRow("MQTT-1.0.0-1\tS\t\tcase:a\t-", "no statement")]
    [DataRow("MQTT-1.0.0-1 S words case:a -", "no statement")]
    public void WhatIsWrongIsFound(string line, string finding)
    {
        var findings = Matrix.Check([Statement.Parse(line)], 1, new HashSet<string> { "case:a" });
        Assert.HasCount(1, findings);
        Assert.Contains(finding, findings[0]);
    }

    [TestMethod]
    public void WhatIsMissingIsFound()
    {
        Statement[] twice = Enumerable.Repeat(Statement.Parse("MQTT-1.0.0-1\tS\twords\tnone: reason\t-"), 2).ToArray();
        Assert.HasCount(2, Matrix.Check(twice, 3, new HashSet<string>()));
        string empty = Directory.CreateTempSubdirectory().FullName;
        Assert.HasCount(1, Matrix.NotPassed(["Broker/ConnectTest.SecondConnect"], empty, true));
        File.WriteAllText(Path.Combine(empty, "Femto.Mqtt.Broker.Unit.trx"), "<TestRun xmlns='http://x' />");
        Assert.HasCount(1, Matrix.NotPassed(["Broker/ConnectTest.SecondConnect"], empty, false));
        Directory.Delete(empty, true);
    }

    private static IEnumerable<string> Named() => Matrix.Versions.SelectMany(v => Matrix.Read(v.File))
        .SelectMany(s => Statement.Tests(s.Server).Concat(Statement.Tests(s.Client)));

    private static void Clean(IEnumerable<string> findings) => Assert.AreEqual("", string.Join('\n', findings));
}
