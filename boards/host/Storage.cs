using System;
using System.IO;
using System.Security.Cryptography;
using Femto.Mqtt;

namespace Femto.Host;

/// <summary>What survives the process: the journal's files, and what the broker does with them.</summary>
internal sealed class Storage : IDisposable
{
    private readonly Persistence persistence;
    private readonly DiskDevice device;
    private readonly string path;
    private readonly long openedMs;
    private int saidMs;
    private bool failed;

    private Storage(Persistence persistence, DiskDevice device, string path)
    {
        this.persistence = persistence;
        this.device = device;
        this.path = path;
        persistence.Wall = Now();
        long start = Environment.TickCount64;
        failed = !persistence.Open();
        openedMs = Environment.TickCount64 - start;
    }

    /// <summary>Opens the journal that a configuration asks for, before anything is built on the broker.</summary>
    /// <param name="checkOnly">Only looks whether it could be.</param>
    /// <param name="wrong">What is wrong, or null. Null is returned then, and when nothing is to survive.</param>
    public static Storage Open(Broker broker, Configuration config, bool checkOnly, out string wrong)
    {
        wrong = null;
        PersistenceOptions options = config?.Persistence;
        if (options == null)
        {
            return null;
        }
        string directory = options.Location ?? ".";
        int line = config.LocationLine != 0 ? config.LocationLine : config.PersistenceLine;
        string where = $"{config.File}:{line}: {(config.LocationLine != 0 ? "persistence_location" : "persistence")}: ";
        if (!Directory.Exists(directory))
        {
            wrong = $"{where}there is no directory {directory}";
            return null;
        }
        int segments = Persistence.SegmentsFor(broker.Limits, options.JournalBytes, out int segmentBytes);
        if (segments == 0)
        {
            wrong = $"{config.File}:{config.PersistenceLine}: persistence: persistence_journal_bytes must be at least "
                + $"{Persistence.LeastBytes(broker.Limits)} for these limits";
            return null;
        }
        string path = Path.Combine(directory, options.File);
        if (checkOnly)
        {
            return null;
        }
        DiskDevice device = null;
        try
        {
            device = DiskDevice.Open(path, segments, segmentBytes);
            wrong = Persistence.Check(broker.Limits, device);
            if (wrong != null)
            {
                wrong = $"{where}{path} was made for other limits: {wrong}";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            wrong = $"{where}{path} cannot be opened: {e.Message}";
        }
        if (wrong != null)
        {
            device?.Dispose();
            return null;
        }
        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        return new Storage(new Persistence(broker, device, options, seed), device, path);
    }

    /// <summary>A line about what was read.</summary>
    public void Tell(Action<string> add)
    {
        add(FormattableString.Invariant($"journal {path}: {persistence.Restored} records in {openedMs} ms, ")
            + FormattableString.Invariant($"{persistence.Journal.Damaged + persistence.Orphans} damaged, ")
            + FormattableString.Invariant($"{persistence.RamBytes} bytes of RAM"));
        if (failed)
        {
            add(Failure());
        }
    }

    /// <summary>Called in each turn of the loop.</summary>
    public void Turn(int nowMs, Lines lines)
    {
        if (nowMs - saidMs >= 1000)
        {
            saidMs = nowMs;
            persistence.Wall = Now();
        }
        if (persistence.Failed && !failed)
        {
            failed = true;
            lines.Write("journal", Failure());
        }
    }

    /// <summary>An orderly stop.</summary>
    public void Close(Lines lines)
    {
        if (!persistence.Close() && !failed)
        {
            lines.Write("journal", Failure());
        }
    }

    public void Dispose() => device.Dispose();

    private string Failure() => $"{path} failed: {device.Error ?? "it cannot be read"}; what must survive is refused";

    private static uint Now() => (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
}
