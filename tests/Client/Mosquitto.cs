using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Client.Test;

/// <summary>A Mosquitto of the test's own on a free port, with a store that outlives it.</summary>
internal sealed partial class Mosquitto : IDisposable
{
    private const int Terminate = 15, KillAtOnce = 9, Pause = 19, Go = 18;
    private const int PatienceMs = 10000;

    private readonly string folder = Directory.CreateTempSubdirectory("femto-mosquitto-").FullName;
    private readonly List<string> log = new();
    private Process process;

    /// <param name="lines">Of its configuration, after listener and persistence.</param>
    public Mosquitto(params string[] lines)
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        string[] open = lines.Any(l => l.StartsWith("allow_anonymous")) ? [] : ["allow_anonymous true"];
        File.WriteAllLines(Path.Combine(folder, "m.conf"),
            [$"listener {Port} 127.0.0.1", "user root", "persistence true", $"persistence_location {folder}/",
            "log_type all", "max_queued_messages 0", "sys_interval 0", .. open,
            .. lines.Select(l => l.Replace("FOLDER", folder))]);
    }

    public int Port { get; }

    public string Folder => folder;

    /// <summary>Started, on a new port; with these lines in its configuration.</summary>
    public static Mosquitto Run(params string[] lines)
    {
        var broker = new Mosquitto(lines);
        broker.Start();
        return broker;
    }

    /// <summary>The lines for TLS with the server's certificate of this name.</summary>
    public static string[] Tls(string name, params string[] more) =>
        [$"certfile {Certificates.In(name + ".crt")}", $"keyfile {Certificates.In(name + ".key")}", .. more];

    public void Start()
    {
        string program = File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
        process = Process.Start(new ProcessStartInfo(program, ["-c", Path.Combine(folder, "m.conf")])
        {
            RedirectStandardError = true,
        });
        process.ErrorDataReceived += (_, e) =>
        {
            lock (log)
            {
                log.Add(e.Data ?? "");
                if (log.Count > 300)
                {
                    log.RemoveRange(0, 100);
                }
            }
        };
        process.BeginErrorReadLine();
        var watch = Stopwatch.StartNew();
        while (!Listens())
        {
            Assert.IsTrue(watch.ElapsedMilliseconds < PatienceMs && !process.HasExited, Log());
            Thread.Sleep(5);
        }
    }

    /// <summary>Ends in order: its sessions are on disk.</summary>
    public void Stop() => End(Terminate);

    public void Kill() => End(KillAtOnce);

    /// <summary>Stands still, with its connections open.</summary>
    public void Freeze() => Signal(process.Id, Pause);

    public void Thaw() => Signal(process.Id, Go);

    public string Log()
    {
        lock (log)
        {
            return string.Join('\n', log);
        }
    }

    public void Dispose()
    {
        if (process is { HasExited: false })
        {
            End(KillAtOnce);
        }
        process?.Dispose();
        Directory.Delete(folder, true);
    }

    private bool Listens()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void End(int signal)
    {
        Signal(process.Id, signal);
        Assert.IsTrue(process.WaitForExit(PatienceMs), "mosquitto did not end");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
