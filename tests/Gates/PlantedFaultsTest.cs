using System.Collections.Generic;
using System.IO;
using Femto.Simulation;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Gates
{
    /// <summary>The faults that the simulation plants can still be planted.</summary>
    [TestClass]
    public class PlantedFaultsTest
    {
        [TestMethod]
        public void EachOldTextStandsOnce()
        {
            string root = PlantedFaults.Root();
            List<PlantedFault> faults = PlantedFaults.Read(Path.Combine(root, "tests/Simulation/planted.txt"));
            Assert.IsTrue(faults.Count >= 10);
            foreach (PlantedFault fault in faults)
            {
                Assert.AreEqual(1, PlantedFaults.Occurrences(root, fault), $"{fault.Name}: {fault.Old}");
                Assert.AreNotEqual(fault.Old, fault.New, fault.Name);
            }
        }
    }
}
