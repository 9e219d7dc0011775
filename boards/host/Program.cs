using System;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Femto.Mqtt;

namespace Femto.Host;

/// <summary>The broker on a PC: the same core as on the board, behind this machine's sockets.</summary>
internal static class Program
{
    private const int Backlog = 1024;
    private const string Sockets = "FEMTO_SOCKETS";

    private static int Main(string[] args) => new Settings(Run).Invoke(args, Wrong);

    private static int Run(Settings settings)
    {
        Socket listener;
        try
        {
            listener = Listen(settings.Listen);
        }
        catch (SocketException e)
        {
            Wrong(Why(e, settings.Listen));
            return 2;
        }
        Limits limits = settings.NewLimits();
        var broker = new Broker(limits, RandomNumberGenerator.GetInt32(int.MaxValue));
        using var writer = new LineWriter(Console.OpenStandardOutput());
        var lines = new Lines(writer, broker, settings.Verbose);
        broker.Log = lines;
        using ISockets sockets = OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(Sockets) != "portable"
            ? new EpollSockets(listener, BrokerLoop.Slots(limits))
            : new PortableSockets(listener, BrokerLoop.Slots(limits));
        var loop = new BrokerLoop(broker, limits, sockets, lines);
        broker.Wakeup = loop;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopOnce);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopOnce);
        using SimulatedSensor sensor = settings.Sensor ? new SimulatedSensor(broker, lines) : null;

        writer.Add($"Femto {BrokerVersion.Number}, MQTT 5.0 and 3.1.1");
        writer.Add($"listening on {listener.LocalEndPoint}");
        int ram = BrokerMemory.RamBytes(limits);
        writer.Add(FormattableString.Invariant(
            $"limits {settings.LimitsName}: {limits.Connections} connections, at most {ram} bytes of RAM"));
        if (sensor != null)
        {
            writer.Add($"simulated sensor publishes each second to {SimulatedSensor.Topic}");
            sensor.Start();
        }
        loop.Run();
        lines.Write("stopped", "every connection is closed");
        return 0;

        void StopOnce(PosixSignalContext context)
        {
            context.Cancel = true;
            loop.Stop();
        }
    }

    private static Socket Listen(IPEndPoint where)
    {
        var socket = new Socket(where.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (where.Address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
        }
        socket.Bind(where);
        socket.Listen(Backlog);
        socket.Blocking = false;
        return socket;
    }

    private static string Why(SocketException e, IPEndPoint where) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"port {where.Port} on {where.Address} is in use: choose another with --port (0 picks a free one)",
        SocketError.AddressNotAvailable =>
            $"this machine has no address {where.Address}: choose one of its own with --bind",
        SocketError.AccessDenied =>
            $"port {where.Port} is not open to this account: choose one above 1023 with --port",
        _ => $"cannot listen on {where}: {e.Message}: choose others with --bind and --port",
    };

    private static void Wrong(string line) => Console.Error.WriteLine("femto: " + line);
}
