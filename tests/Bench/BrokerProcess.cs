using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Femto.Bench;

/// <summary>A broker under test as a child process on a free port of the loopback.</summary>
internal sealed class BrokerProcess : IDisposable
{
    public readonly string Name;
    public readonly int Port;
    private readonly Process process;
    private readonly string workFolder;

    private BrokerProcess(string name, int port, Process process, string workFolder)
    {
        Name = name;
        Port = port;
        this.process = process;
        this.workFolder = workFolder;
    }

    /// <summary>Femto as built beside this program, in the same configuration.</summary>
    public static BrokerProcess Femto(string limits)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        string path = Path.Combine(root.Parent.Parent.FullName, "host", root.Name, "femto.dll");
        if (!File.Exists(path))
        {
            throw new FileNotFoundException("Femto is not built: build boards/host in the same configuration", path);
        }
        return Started("Femto", null, Start("dotnet", path, "--port", "0", "--limits", limits, "--no-sensor"));
    }

    /// <summary>The same, with what was acknowledged kept on the disk.</summary>
    public static BrokerProcess DurableFemto()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        string path = Path.Combine(root.Parent.Parent.FullName, "host", root.Name, "femto.dll");
        string folder = Directory.CreateTempSubdirectory("femto-bench-").FullName;
        string conf = Path.Combine(folder, "femto.conf");
        File.WriteAllText(conf, $"listener {FreePort()} 127.0.0.1\nallow_anonymous true\npersistence true\n"
            + $"persistence_location {folder}\n");
        return Started("Femto, journal", folder, Start("dotnet", path, "--config", conf));
    }

    private static BrokerProcess Started(string name, string folder, Process process)
    {
        for (string line; (line = process.StandardOutput.ReadLine()) != null;)
        {
            int at = line.IndexOf("127.0.0.1:", StringComparison.Ordinal);
            if (at >= 0)
            {
                string digits = line[(at + 10)..].Split(' ', ',', ';')[0];
                Drain(process);
                return new BrokerProcess(name, int.Parse(digits, CultureInfo.InvariantCulture), process, folder);
            }
        }
        throw new InvalidOperationException("Femto did not start: " + process.StandardError.ReadToEnd());
    }

    /// <summary>Mosquitto with everything off that costs it time, and with no limit that makes it drop.</summary>
    /// <param name="durable">With its persistence on, as it comes: it saves every half hour.</param>
    public static BrokerProcess Mosquitto(string program, bool durable = false)
    {
        int port = FreePort();
        string folder = Directory.CreateTempSubdirectory("femto-bench-").FullName;
        string conf = Path.Combine(folder, "mosquitto.conf");
        File.WriteAllText(conf, string.Join('\n',
            $"listener {port} 127.0.0.1",
            "allow_anonymous true",
            durable ? $"persistence true\npersistence_location {folder}/\nuser root" : "persistence false",
            "log_dest none",
            "sys_interval 0",
            "set_tcp_nodelay true",
            "max_inflight_messages 0",              // no limit: the load's own window is the limit
            "max_queued_messages 0",                // no limit: nothing is dropped
            "max_connections -1",
            ""));
        Process process = Start(program, "-c", conf);
        Drain(process);
        for (int i = 0; i < 100; i++)
        {
            Thread.Sleep(50);
            if (Answers(port))
            {
                return new BrokerProcess(durable ? "Mosquitto, db" : "Mosquitto", port, process, folder);
            }
        }
        throw new InvalidOperationException("Mosquitto did not start");
    }

    /// <summary>Processor time of all its threads so far.</summary>
    public double CpuSeconds()
    {
        string stat = File.ReadAllText($"/proc/{process.Id}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture)
            + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    /// <summary>Resident memory in MB.</summary>
    public double MemoryMb()
    {
        process.Refresh();
        return process.WorkingSet64 / 1e6;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
        process.WaitForExit();
        if (workFolder != null)
        {
            Directory.Delete(workFolder, recursive: true);
        }
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });

    private static void Drain(Process process)
    {
        _ = process.StandardOutput.BaseStream.CopyToAsync(System.IO.Stream.Null);
        _ = process.StandardError.BaseStream.CopyToAsync(System.IO.Stream.Null);
    }

    private static bool Answers(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint).Port;
    }
}
