namespace Femto.Fuzz
{
    /// <summary>Chance from a seed, the same on every machine.</summary>
    public sealed class Dice
    {
        private ulong state;

        public Dice(int seed)
        {
            state = (ulong)(uint)seed * 0x9E3779B97F4A7C15 + 0x1234567;
            Next(2);
        }

        /// <summary>0 to <paramref name="below"/> - 1.</summary>
        public int Next(int below)
        {
            state += 0x9E3779B97F4A7C15;
            ulong z = state;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            z ^= z >> 31;
            return below <= 1 ? 0 : (int)(z % (ulong)below);
        }

        public bool One(int outOf) => Next(outOf) == 0;

        public T Of<T>(params T[] values) => values[Next(values.Length)];
    }
}
