using System;
using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Client.Test;

/// <summary>The client in 15 lines is what Sample/Program.cs is, which the solution builds.</summary>
[TestClass]
public sealed class ReadmeTest
{
    [TestMethod]
    public void TheClientInFifteenLinesIsTheSampleThatIsBuilt()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "nf.sln")))
        {
            root = Path.GetDirectoryName(root);
        }
        string readme = File.ReadAllText(Path.Combine(root, "README.md"));
        int begin = readme.IndexOf("```csharp\n", readme.IndexOf("## A client in 15 lines", StringComparison.Ordinal),
            StringComparison.Ordinal) + 10;
        string sample = readme[begin..readme.IndexOf("```", begin, StringComparison.Ordinal)];
        Assert.AreEqual(File.ReadAllText(Path.Combine(root, "tests/Client/Sample/Program.cs")), sample);
        Assert.IsTrue(sample.TrimEnd().Split('\n').Length <= 15);
    }
}
