using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Femto.Edge;

/// <summary>A Mosquitto of this program's own on a free port.</summary>
internal sealed class Mosquitto : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("femto-edge-").FullName;
    private readonly Process process;

    public Mosquitto()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Port = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        string file = Path.Combine(folder, "m.conf");
        File.WriteAllLines(file, [$"listener {Port} 127.0.0.1", "allow_anonymous true", "max_queued_messages 0",
            "set_tcp_nodelay true", "log_type error"]);
        string program = File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
        process = Process.Start(new ProcessStartInfo(program, ["-c", file]) { RedirectStandardError = true });
        process.BeginErrorReadLine();
        var watch = Stopwatch.StartNew();
        while (!Listens())
        {
            if (watch.ElapsedMilliseconds > 10000 || process.HasExited)
            {
                throw new InvalidOperationException("mosquitto does not start: apt-get install mosquitto");
            }
            Thread.Sleep(5);
        }
    }

    public int Port { get; }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
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
}
