namespace Femto.Simulation
{
    /// <summary>A sequence of numbers that is the same on every machine.</summary>
    public sealed class Dice
    {
        private ulong state;

        public Dice(int seed)
        {
            state = (ulong)(uint)seed * 0x9E3779B97F4A7C15 + 0x1234567;
        }

        /// <summary>A number from 0 to <paramref name="below"/> less 1 (splitmix64).</summary>
        public int Next(int below)
        {
            state += 0x9E3779B97F4A7C15;
            ulong z = state;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            z ^= z >> 31;
            return (int)(z % (ulong)below);
        }

        /// <summary>True in so many of a hundred.</summary>
        public bool Percent(int percent) => Next(100) < percent;

        /// <summary>One of these.</summary>
        public T Of<T>(params T[] items) => items[Next(items.Length)];
    }
}
