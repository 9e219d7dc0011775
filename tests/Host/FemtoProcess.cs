using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Host.Test;

/// <summary>A broker process of the test's own, on a free port, ended by its own process id.</summary>
internal sealed partial class FemtoProcess : IDisposable
{
    private const int PatienceMs = 20000;

    private readonly Process process;
    private readonly List<string> lines = new();
    private readonly Thread reader;

    private FemtoProcess(string program, IEnumerable<string> arguments, string sockets = "")
    {
        process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FEMTO_SOCKETS"] = sockets },
        });
        reader = new Thread(Read) { IsBackground = true };
        reader.Start();
    }

    public int Port { get; private set; }

    /// <summary>Starts it, on a free port if none is given, and waits until it listens.</summary>
    public static FemtoProcess Start(params string[] arguments) => StartOver("", arguments);

    /// <summary>Starts it and waits for nothing.</summary>
    public static FemtoProcess StartOnly(params string[] arguments) => new("dotnet", [Path(), .. arguments]);

    /// <summary>The same over the sockets that FEMTO_SOCKETS names.</summary>
    public static FemtoProcess StartOver(string sockets, params string[] arguments) =>
        Listening(new FemtoProcess("dotnet", [Path(), .. FreePort(arguments), .. arguments], sockets));

    /// <summary>The same with at most so many file handles.</summary>
    public static FemtoProcess StartWithHandles(int handles, string sockets, params string[] arguments) =>
        Listening(new FemtoProcess("sh", ["-c", $"ulimit -n {handles}; exec dotnet \"$@\"", "sh",
            Path(), .. FreePort(arguments), .. arguments], sockets));

    /// <summary>Runs it to its end.</summary>
    public static (int ExitCode, string Out, string Error) Run(params string[] arguments)
    {
        using var femto = new FemtoProcess("dotnet", [Path(), .. arguments]);
        string error = femto.process.StandardError.ReadToEnd();
        femto.Ended();
        return (femto.process.ExitCode, string.Join('\n', femto.Lines()), error);
    }

    public string[] Lines()
    {
        lock (lines)
        {
            return lines.ToArray();
        }
    }

    /// <summary>Waits for a line that contains all of these.</summary>
    public string Line(params string[] parts)
    {
        var watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < PatienceMs)
        {
            string found = Lines().FirstOrDefault(l => parts.All(l.Contains));
            if (found != null)
            {
                return found;
            }
            Thread.Sleep(10);
        }
        throw new AssertFailedException($"no line with '{string.Join("', '", parts)}' among:\n"
            + string.Join('\n', Lines()));
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Assert.AreEqual(0, Kill(process.Id, 15), "kill");

    /// <summary>Sends SIGINT, as Ctrl+C does.</summary>
    public void Interrupt() => Assert.AreEqual(0, Kill(process.Id, 2), "kill");

    /// <summary>Waits for the process to end and returns its exit code.</summary>
    public int Ended()
    {
        Assert.IsTrue(process.WaitForExit(PatienceMs), "the process did not end");
        reader.Join(PatienceMs);
        return process.ExitCode;
    }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Cpu()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }
        process.Dispose();
    }

    private static FemtoProcess Listening(FemtoProcess femto)
    {
        string line = femto.Line("listening on 127.0.0.1:");
        femto.Port = int.Parse(line[(line.LastIndexOf(':') + 1)..]);
        return femto;
    }

    private static string[] FreePort(string[] arguments) =>
        arguments.Contains("--port") || arguments.Contains("--config") ? [] : ["--port", "0"];

    private void Read()
    {
        for (string line; (line = process.StandardOutput.ReadLine()) != null;)
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }
    }

    /// <summary>Femto as built beside these tests, in the same configuration.</summary>
    private static string Path()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        return System.IO.Path.Combine(folder.Parent.Parent.FullName, "host", folder.Name, "femto.dll");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
