using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Gates
{
    /// <summary>Gate: workflows are well-formed, name what is there, pin what they take from elsewhere.</summary>
    [TestClass]
    public class WorkflowsTest
    {
        private const string Sha = "0123456789abcdef0123456789abcdef01234567";

        private const string Good = "name: A\non:\n  push:\npermissions:\n  contents: read\njobs:\n  a:\n"
            + "    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n"
            + "      - uses: a/b@" + Sha + " # v1.0\n      - run: tests/run unit\n"
            + "  b:\n    needs: a\n    uses: ./.github/workflows/board.yml\n";

        [TestMethod]
        public void WorkflowsAreAsTheyShouldBe()
        {
            string[] files = Directory.GetFiles(Repository.PathOf(".github/workflows"), "*.yml");
            Assert.AreNotEqual(0, files.Length);
            Gate.Clean(files.SelectMany(f => Workflows.Check(Repository.Root, File.ReadAllText(f))
                .Select(x => Path.GetFileName(f) + ": " + x)).ToList());
        }

        [TestMethod]
        public void GoodWorkflowPasses() => Gate.Clean(Workflows.Check(Repository.Root, Good));

        [DataRow("  push:", "  push: [", "not well-formed")]
        [DataRow("permissions:\n  contents: read\n", "", "no permissions")]
        [DataRow("    timeout-minutes: 5\n", "", "a: no runs-on or no timeout-minutes")]
        [DataRow("ubuntu-24.04", "ubuntu-latest", "a: runs on a machine that changes")]
        [DataRow("      - run: tests/run unit\n", "      - name: x\n", "a: a step that neither uses nor runs")]
        [DataRow("tests/run unit", "tests/ran unit", "a: names what is not there: tests/ran")]
        [DataRow("tests/run unit", "msbuild other.slnf", "a: names what is not there: other.slnf")]
        [DataRow("tests/run unit", "ls lib\\none\\*.nuspec", "a: names what is not there: lib/none/*.nuspec")]
        [DataRow("@" + Sha, "@v1", "not pinned to a commit with its version beside it: uses: a/b@v1")]
        [DataRow(" # v1.0", "", "not pinned to a commit with its version beside it")]
        [DataRow("needs: a", "needs: c", "b: needs a job that is not there: c")]
        [DataRow("board.yml", "other.yml", "b: calls what is not there: ./.github/workflows/other.yml")]
        [TestMethod]
        public void BrokenWorkflowIsRefused(string old, string replacement, string reason)
        {
            StringAssert.Contains(Good, old);
            List<string> findings = Workflows.Check(Repository.Root, Good.Replace(old, replacement));
            Gate.Refused(findings, reason);
        }
    }
}
