using System;
using System.Linq;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Femto.Bench;

/// <summary>Runs BenchmarkDotNet in this process and fails when an operation allocates.</summary>
internal static class MicroBench
{
    public static int Run()
    {
        new CodecBench().Check();
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(NullLogger.Instance)
            .WithArtifactsPath(System.IO.Path.Combine(AppContext.BaseDirectory, "BenchmarkDotNet.Artifacts"));
        Console.WriteLine("operation                                    ns        +-   bytes");
        int bad = 0;
        foreach (Type type in new[] { typeof(CodecBench), typeof(MatchBench) })
        {
            Summary summary = BenchmarkRunner.Run(type, config);
            foreach (BenchmarkReport report in summary.Reports)
            {
                bad += Print(report) ? 0 : 1;
            }
            bad += summary.HasCriticalValidationErrors || !summary.Reports.Any() ? 1 : 0;
        }
        Console.WriteLine(bad == 0 ? "no operation allocates" : $"{bad} operations allocate or did not run");
        return bad == 0 ? 0 : 1;
    }

    private static bool Print(BenchmarkReport report)
    {
        string name = report.BenchmarkCase.Descriptor.WorkloadMethod.Name;
        if (report.BenchmarkCase.HasParameters)
        {
            name += $" among {report.BenchmarkCase.Parameters.Items[0].Value} subscriptions";
        }
        if (report.ResultStatistics == null)
        {
            Console.WriteLine($"{name,-38} did not run");
            return false;
        }
        long bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? -1;
        double mean = report.ResultStatistics.Mean, error = report.ResultStatistics.StandardError;
        Console.WriteLine(FormattableString.Invariant($"{name,-38} {mean,8:F1}  {error,8:F1}  {bytes,6}"));
        return bytes == 0;
    }
}
