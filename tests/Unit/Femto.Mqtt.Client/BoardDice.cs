namespace Femto.Mqtt.Unit
{
    /// <summary>Random numbers that are the same on every machine.</summary>
    public class BoardDice
    {
        private uint state;

        public BoardDice(int seed)
        {
            state = (uint)seed * 2654435761u + 1;
        }

        /// <summary>0 to n - 1.</summary>
        public int Next(int n)
        {
            state = state * 1664525 + 1013904223;
            return (int)((state >> 8) % (uint)n);
        }
    }
}
