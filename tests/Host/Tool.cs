using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Host.Test;

/// <summary>A program of somebody else's, and the lines that it prints.</summary>
internal sealed class Tool : IDisposable
{
    private const int PatienceMs = 20000;

    private readonly Process process;
    private readonly List<string> lines = new();
    private int seen;

    public Tool(string program, params string[] arguments)
    {
        process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        process.OutputDataReceived += Add;
        process.ErrorDataReceived += Add;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Runs it to its end; what it printed.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var tool = new Tool(program, arguments);
        Assert.IsTrue(tool.process.WaitForExit(PatienceMs), program + " did not end:\n" + tool.All());
        tool.process.WaitForExit();
        Assert.AreEqual(0, tool.process.ExitCode, program + ":\n" + tool.All());
        return tool.All();
    }

    /// <summary>Waits for the next line that contains all of these, and passes those before it.</summary>
    public string Next(params string[] parts)
    {
        var watch = Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < PatienceMs)
        {
            lock (lines)
            {
                while (seen < lines.Count)
                {
                    string line = lines[seen++];
                    if (parts.All(line.Contains))
                    {
                        return line;
                    }
                }
            }
            Thread.Sleep(10);
        }
        throw new AssertFailedException($"no further line with '{string.Join("', '", parts)}' among:\n{All()}");
    }

    public string All()
    {
        lock (lines)
        {
            return string.Join('\n', lines);
        }
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

    private void Add(object sender, DataReceivedEventArgs e)
    {
        lock (lines)
        {
            if (e.Data != null)
            {
                lines.Add(e.Data);
            }
        }
    }
}
