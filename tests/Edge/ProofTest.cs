using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Edge;

/// <summary>The rules against the plain reference: a share of the million that tests/headline proof does.</summary>
[TestClass]
public sealed class ProofTest
{
    [TestMethod]
    public void ResultsAreThoseOfThePlainReference()
    {
        (string wrong, int compared) = Proof.Check(60000, 100);
        Assert.IsNull(wrong, wrong);
        Assert.IsTrue(compared > 10000, $"only {compared} messages were compared");
    }

    [TestMethod]
    public void AnUpstreamThatIsSlowLosesNothing()
    {
        for (int seed = 1; seed <= 4; seed++)
        {
            string wrong = Scarce.Check(seed);
            Assert.IsNull(wrong, $"seed {seed}: {wrong}");
        }
    }
}
