using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Host.Test;

/// <summary>A Mosquitto of the test's own, on a free port.</summary>
internal sealed class Mosquitto : IDisposable
{
    private readonly Process process;
    private readonly string file = Path.GetTempFileName();

    /// <param name="port">0: a free one.</param>
    /// <param name="lines">More of its configuration.</param>
    public Mosquitto(int port = 0, params string[] lines)
    {
        Port = port == 0 ? FreePort() : port;
        File.WriteAllText(file, $"listener {Port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n"
            + string.Concat(lines.Select(l => l + "\n")));
        string program = File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto";
        process = Process.Start(new ProcessStartInfo(program, ["-c", file]) { RedirectStandardError = true });
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        for (int i = 0; !IsOpen(); i++)
        {
            Assert.IsTrue(i < 500 && !process.HasExited, "Mosquitto did not start");
            Thread.Sleep(20);
        }
    }

    public int Port { get; }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint).Port;
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        File.Delete(file);
    }

    private bool IsOpen()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
