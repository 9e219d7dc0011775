using System;
using System.Diagnostics;
using System.IO;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Simulation
{
    /// <summary>A fixed set of seeds, so that the same worlds are played for every change; and a few new
    /// ones.</summary>
    [TestClass]
    public class SimulationTest
    {
        private const int FreshSeconds = 10;

        // Every cause must have been at work in one of the worlds; those behind the last are bridges'.
        private static readonly int[] reached = new int[Counter.Count];

        [TestMethod]
        public void Seeds()
        {
            for (int seed = 1; seed <= 600; seed++) Play(seed);
            for (int c = Counter.Connects; c <= Counter.SharedMoved; c++)
            {
                Assert.AreNotEqual(0, reached[c], $"{Ledger.Name(c)} was never counted: the worlds are too kind");
            }
        }

        /// <summary>Seeds that found something once.</summary>
        [TestMethod]
        public void Found()
        {
            string path = Path.Combine(PlantedFaults.Root(), "tests/Simulation/seeds.txt");
            foreach (string line in File.ReadAllLines(path))
            {
                if (line.StartsWith('#')) continue;
                int blank = line.IndexOf(' ');
                Play(int.Parse(line.Substring(0, blank)), line.Substring(blank));
            }
        }

        /// <summary>Seeds that nobody has played yet.</summary>
        [TestMethod]
        public void Fresh()
        {
            int from = (int)(DateTime.UtcNow.Ticks / 10000000 % 20000) * 100000;
            Stopwatch watch = Stopwatch.StartNew();
            int seed = from;
            for (; watch.Elapsed.TotalSeconds < FreshSeconds || seed - from < 20; seed++) Play(seed);
            Console.WriteLine($"note: simulation played fresh seeds {from} to {seed - 1}");
        }

        // The same seed does the same.
        [TestMethod]
        public void Replays()
        {
            for (int seed = 40; seed < 50; seed++) Assert.AreEqual(Trace(seed), Trace(seed));
        }

        private static void Play(int seed, string note = "")
        {
            World world = new(seed);
            string fault = world.Play(0);
            Assert.IsNull(fault, $"tests/simulate --seed {seed}: {fault} {note}");
            for (int c = 0; c < Counter.Count; c++) reached[c] |= world.Broker.Counters[c];
        }

        private static string Trace(int seed)
        {
            StringWriter writer = new();
            new World(seed) { Trace = writer }.Play(0);
            return writer.ToString();
        }

        /// <summary>Two brokers joined by a bridge over a link that chops, stalls and cuts.</summary>
        [TestMethod]
        public void BridgesLoseNothing()
        {
            for (int seed = 1; seed <= 100; seed++)
            {
                string fault = new BridgeWorld(seed).Play();
                Assert.IsNull(fault, $"seed {seed}: {fault}");
            }
        }
    }
}
