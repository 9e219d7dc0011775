using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.PowerCut
{
    /// <summary>The power goes at every write of the first scenarios.</summary>
    [TestClass]
    public class PowerCutTest
    {
        [TestMethod]
        public void NothingPromisedIsLost()
        {
            var campaign = new Campaign { FailuresMax = 5 };
            campaign.Run(1, 5000, Console.WriteLine);
            Assert.IsNull(campaign.First);
            Assert.AreEqual(5000, campaign.Cuts);
            Console.WriteLine($"note: {campaign.Cuts} power cuts in {campaign.Scenarios} scenarios");
        }

        /// <summary>The id of a case is all that it needs.</summary>
        [TestMethod]
        public void ACaseReplays()
        {
            CutCase one = CutCase.Parse("3-40-2-77-2");
            Assert.AreEqual("3-40-2-77-2", one.ToString());
            Assert.AreEqual(Trace(one), Trace(one));
        }

        private static string Trace(CutCase one)
        {
            var trace = new System.IO.StringWriter();
            new CutWorld(one) { Trace = trace }.Play();
            return trace.ToString();
        }
    }
}
