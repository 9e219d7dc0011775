using System;
using System.Linq;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Femto.Mqtt;

namespace Femto.Host;

/// <summary>The broker on a PC: the same core as on the board, behind this machine's sockets.</summary>
internal static class Program
{
    private const string Sockets = "FEMTO_SOCKETS";

    private static int Main(string[] args) => new Settings(Run).Invoke(args, line => Wrong(line));

    // A program that is to start again does so from here: as on a board, everything is built anew.
    private static int Run(Settings settings)
    {
        int reason = BootReason.Unknown;
        int code = Boot(settings, ref reason);
        while (code == Device.Again)
        {
            code = Boot(settings, ref reason);
        }
        return code;
    }

    private static int Boot(Settings settings, ref int reason)
    {
        string wrong = null;
        Configuration config = null;
        if (settings.ConfigName != null)
        {
            config = ConfigFile.Read(settings.ConfigName, out wrong);
            wrong ??= settings.Conflict(config);
        }
        if (wrong != null)
        {
            return Wrong(wrong);
        }
        Limits limits = settings.NewLimits(config);
        var error = new ConfigError();
        if (config != null && !config.Apply(limits, error))
        {
            return Wrong(error.Text());
        }
        var broker = new Broker(limits, RandomNumberGenerator.GetInt32(int.MaxValue));
        using Storage storage = Storage.Open(broker, config, settings.CheckOnly, out wrong);
        if (wrong != null)
        {
            return Wrong(wrong);
        }
        Device.SetWills(config);
        using Bridges bridges = Bridges.Build(broker, config, out wrong);
        if (wrong != null)
        {
            return Wrong(wrong);
        }
        using Device device = Device.Build(broker, bridges, config, reason, out wrong);
        if (wrong != null)
        {
            return Wrong(wrong);
        }
        if (settings.CheckOnly)
        {
            Console.WriteLine($"{config.File} is right: {Many(config.Listeners.Length, "listener")}, "
                + $"{Many(config.Bridges.Length, "bridge")}, "
                + (device == null ? "" : Many(device.Sensors, "sensor") + ", ")
                + $"limits {settings.LimitsName}, at most {BrokerMemory.RamBytes(limits)} bytes of RAM");
            return 0;
        }
        Door[] doors = Doors.Open(config?.Listeners ?? [settings.Listener], config?.File, out wrong);
        if (doors == null)
        {
            return Wrong(wrong);
        }
        int code = Serve(settings, config, broker, storage, bridges, device, doors);
        reason = device?.RestartReason ?? reason;
        return code;
    }

    private static int Serve(Settings settings, Configuration config, Broker broker, Storage storage, Bridges bridges,
        Device device, Door[] doors)
    {
        Limits limits = broker.Limits;
        using var writer = new LineWriter(Console.OpenStandardOutput());
        var lines = new Lines(writer, broker, settings.Verbose, config == null || config.ConnectionMessages);
        broker.Log = lines;
        Socket[] listeners = doors.Select(d => d.Socket).ToArray();
        using ISockets sockets = OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable(Sockets) != "portable"
            ? new EpollSockets(listeners, BrokerLoop.Slots(limits))
            : new PortableSockets(listeners, BrokerLoop.Slots(limits));
        var loop = new BrokerLoop(broker, limits, sockets, doors, lines, bridges, storage, device);
        broker.Wakeup = loop;
        bridges.Start(loop, lines);
        device?.Start(loop.Stop, lines);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopOnce);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopOnce);
        using SimulatedSensor sensor = settings.Sensor ? new SimulatedSensor(broker, lines) : null;

        writer.Add($"Femto {BrokerVersion.Number}, MQTT 5.0 and 3.1.1");
        foreach (Door door in doors)
        {
            writer.Add($"listening on {door.Where}");
        }
        if (config != null && config.LocalOnly)
        {
            writer.Add($"{config.File} has no listener: only this machine can connect");
        }
        else if (config != null && !config.AllowAnonymous)
        {
            writer.Add($"warning: {config.File} does not say allow_anonymous true; there are no passwords yet, so that "
                + "whoever reaches a listener may connect");
        }
        int ram = BrokerMemory.RamBytes(limits);
        writer.Add(FormattableString.Invariant(
            $"limits {settings.LimitsName}: {limits.Connections} connections, at most {ram} bytes of RAM"));
        storage?.Tell(writer.Add);
        bridges.Tell(writer.Add);
        device?.Tell(writer.Add, settings.LimitsName == "esp32" ? FirmwareMemory.Esp32Bytes : 0);
        if (sensor != null)
        {
            writer.Add($"simulated sensor publishes each second to {SimulatedSensor.Topic}");
            sensor.Start();
        }
        loop.Run();
        storage?.Close(lines);
        lines.Write("stopped", "every connection is closed");
        return device != null && device.RestartReason != BootReason.Unknown ? Device.Again : 0;

        void StopOnce(PosixSignalContext context)
        {
            context.Cancel = true;
            loop.Stop();
        }
    }

    private static string Many(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static int Wrong(string line)
    {
        Console.Error.WriteLine("femto: " + line);
        return 2;
    }
}
