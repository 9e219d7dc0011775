using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Simulation
{
    /// <summary>A fixed set of seeds, so that the same worlds are played for every change.</summary>
    [TestClass]
    public class SimulationTest
    {
        [TestMethod]
        [DataRow(1)]
        [DataRow(251)]
        [DataRow(501)]
        [DataRow(751)]
        public void Seeds(int first)
        {
            for (int seed = first; seed < first + 250; seed++) Play(seed);
        }

        /// <summary>Seeds that found something once.</summary>
        [TestMethod]
        [DataRow(147, "SUBSCRIBE held for good by a replay that waited for an acknowledgement behind it")]
        [DataRow(173, "the same")]
        public void Found(int seed, string fault)
        {
            Play(seed, fault);
        }

        // The same seed does the same.
        [TestMethod]
        public void Replays()
        {
            Assert.AreEqual(Trace(42), Trace(42));
        }

        private static void Play(int seed, string note = "")
        {
            string fault = new World(seed).Play(0);
            Assert.IsNull(fault, $"tests/simulate --seed {seed}: {fault} {note}");
        }

        private static string Trace(int seed)
        {
            System.IO.StringWriter writer = new();
            new World(seed) { Trace = writer }.Play(0);
            return writer.ToString();
        }
    }
}
