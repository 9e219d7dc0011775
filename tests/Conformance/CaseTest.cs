using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Femto.Host.Test;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Conformance;

/// <summary>The table of cases, against the core and against the running program.</summary>
[TestClass]
public class CaseTest
{
    private static IReadOnlyList<Case> all;
    private static FemtoProcess femto;
    private static int port;

    internal static IReadOnlyList<Case> All => all ??= Case.Read(Path.Combine(Folder, "cases.txt"));

    /// <summary>This folder in the sources.</summary>
    internal static string Folder
    {
        get
        {
            DirectoryInfo folder = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "nf.sln")))
            {
                folder = folder.Parent;
            }
            return Path.Combine(folder.FullName, "tests", "Conformance");
        }
    }

    [ClassInitialize]
    public static void Start(TestContext context)
    {
        // Another broker, already running: to see where an expectation is doubtful (README.md).
        string other = Environment.GetEnvironmentVariable("FEMTO_CONFORMANCE_PORT");
        if (other == null)
        {
            femto = FemtoProcess.Start("--no-sensor", "--limits", "esp32-psram");
        }
        port = other == null ? femto.Port : int.Parse(other);
    }

    [ClassCleanup]
    public static void Stop() => femto?.Dispose();

    public static IEnumerable<object[]> Cases => All.Select(c => new object[] { c.ToString() });

    public static IEnumerable<object[]> SocketCases =>
        All.Where(c => !c.CoreOnly).Select(c => new object[] { c.ToString() });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Core(string name) => new CoreStage().Play(All.Single(c => c.ToString() == name));

    [TestMethod]
    [DynamicData(nameof(SocketCases))]
    public void Program(string name)
    {
        var stage = new SocketStage(port);
        try
        {
            stage.Play(All.Single(c => c.ToString() == name));
        }
        catch
        {
            stage.Clean();
            throw;
        }
    }
}
