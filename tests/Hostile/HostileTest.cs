using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Hostile
{
    /// <summary>The short form: every attack for a moment. Times are printed, not judged: others run beside
    /// this.</summary>
    [TestClass]
    public class HostileTest
    {
        private const double Seconds = 1.5;
        private const long Runtime = 192L << 20; // the .NET runtime, its code, buffers of the transport
        private const long Buffers = 32L << 20;

        [TestMethod]
        public void OthersAreAnsweredAndMemoryIsBounded()
        {
            using Campaign campaign = new();
            long before = campaign.Victim.Heap().Live;
            Console.WriteLine(Campaign.Head);
            campaign.Round(Seconds);
            campaign.Alone();
            foreach (Campaign.Row row in campaign.Rows)
            {
                Assert.IsTrue(row.Trips[0] > 0, row.Attack);
                bool bounded = row.Resident < campaign.Victim.Promised + Runtime;
                Assert.IsTrue(bounded, $"{row.Attack}: {row.Resident} bytes resident");
                Assert.IsTrue(row.Live < before + Buffers, $"{row.Attack}: {row.Live} managed, {before} at the start");
            }
        }
    }
}
