namespace Femto.CostMeter
{
    /// <summary>What the rewritten libraries write to: the only part of the meter that they call.</summary>
    public static class Counters
    {
        /// <summary>How often each basic block ran. Public and static, so that the rewritten code increments it in
        /// place.</summary>
        public static long[] Blocks = new long[0];

        /// <summary>Bytes that native copies moved, by the block that asked for them.</summary>
        public static long[] CopiedBytes = new long[0];

        /// <summary>Native copies by length: up to 16 bytes, 256, 1024, more.</summary>
        public static readonly long[] CopyLengths = new long[4];

        /// <summary>Called before a native copy. A byte costs so little that elements are taken for bytes.</summary>
        public static void Copy(int length, int block)
        {
            CopiedBytes[block] += length;
            CopyLengths[length <= 16 ? 0 : length <= 256 ? 1 : length <= 1024 ? 2 : 3]++;
        }

        internal static void Clear()
        {
            System.Array.Clear(Blocks);
            System.Array.Clear(CopiedBytes);
            System.Array.Clear(CopyLengths);
        }
    }
}
