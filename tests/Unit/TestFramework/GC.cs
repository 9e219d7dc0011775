using System;

namespace nanoFramework.Runtime.Native
{
    /// <summary>
    /// The board's collector tells how much of its heap is free. Here the heap is taken for one that nothing is ever
    /// collected in: what this thread allocates is missing from then on.
    /// </summary>
    public static class GC
    {
        public static uint Run(bool compactHeap)
        {
            _ = compactHeap;
            return unchecked((uint)-System.GC.GetAllocatedBytesForCurrentThread());
        }
    }
}
