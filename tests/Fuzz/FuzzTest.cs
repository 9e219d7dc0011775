using System;
using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Fuzz
{
    /// <summary>A fixed set of seeds, then new ones for the rest of half a minute.</summary>
    [TestClass]
    public class FuzzTest
    {
        private const int Fixed = 40;
        private const int Seconds = 30;

        [TestMethod]
        public void HostileBytes()
        {
            Stopwatch watch = Stopwatch.StartNew();
            for (int seed = 1; seed <= Fixed; seed++) Play(seed);
            int from = (int)(DateTime.UtcNow.Ticks / 10000000 % 20000) * 100000;
            int fresh = from;
            for (; watch.Elapsed.TotalSeconds < Seconds; fresh++) Play(fresh);
            Console.WriteLine($"note: fuzz played {Fixed} fixed seeds and fresh ones from {from} to {fresh - 1}, "
                + $"{Seeds.Packets} packets");
            Assert.IsTrue(Seeds.Delivered > 100, "the good ones hardly get a word through");
            Assert.IsTrue(Seeds.Closes > 100, "the hostile ones are too kind");
        }

        private static void Play(int seed)
        {
            string wrong = Seeds.Play(seed);
            Assert.IsNull(wrong, $"tests/fuzz --seed {seed}: {wrong}");
        }
    }
}
