using System;
using System.Diagnostics;
using System.IO;

namespace Femto.Client.Test;

/// <summary>What this process holds.</summary>
internal sealed record Usage(int Handles, int Threads, long Bytes)
{
    public static Usage Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using Process self = Process.GetCurrentProcess();
        return new Usage(Directory.GetFiles("/proc/self/fd").Length, self.Threads.Count, GC.GetTotalMemory(true));
    }

    public override string ToString() => $"{Handles} handles, {Threads} threads, {Bytes / 1024} KB";
}
