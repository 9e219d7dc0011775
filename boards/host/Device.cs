using System;
using System.IO;
using System.Threading;
using Femto.Mqtt;

namespace Femto.Host;

/// <summary>The sensor app of the configuration, with simulated sensors, and this machine as its board.</summary>
internal sealed class Device : IAppHost, IDisposable
{
    /// <summary>An exit code that no process ends with: the program starts again.</summary>
    public const int Again = -1;

    private const int WatchMs = 5000;
    private const int WatchdogExit = 70;
    private const int GoodbyeTurns = 8;

    private readonly string file;
    private readonly AppOptions options;
    private readonly Timer watchdog;
    private SensorApp app;
    private Func<int, string[]> parts;
    private Action stop;
    private Lines lines;

    private Device(AppOptions options)
    {
        this.options = options;
        file = options.BlackBoxFile;
        watchdog = new Timer(Watch);
    }

    /// <summary>Why it is to start again; <see cref="BootReason.Unknown"/>: it is not.</summary>
    public int RestartReason { get; private set; }

    public int Sensors => options.Sensors.Length;

    /// <summary>The bridges say offline for the device when they are gone. Before they are built.</summary>
    public static void SetWills(Configuration config)
    {
        if (config?.App != null)
        {
            Array.ForEach(config.Bridges, bridge => SensorApp.SetWill(config.App, bridge));
        }
    }

    /// <summary>Builds it; null without a device in the configuration, or with the reason when it cannot be.</summary>
    public static Device Build(Broker broker, Bridges bridges, Configuration config, int reason, out string wrong)
    {
        wrong = null;
        AppOptions options = config?.App;
        if (options == null)
        {
            return null;
        }
        string fault = SensorApp.Check(options, broker.Limits, out int line);
        if (fault != null)
        {
            wrong = $"{config.File}:{line}: {(line == options.Line ? "device" : "sensor")}: {fault}";
            return null;
        }
        var sensors = new ISensor[options.Sensors.Length];
        for (int i = 0; i < sensors.Length; i++)
        {
            SensorOptions o = options.Sensors[i];
            sensors[i] = Femto.Mqtt.SimulatedSensor.Make(o.Source, o.Decimals, i + 1, out fault);
            if (sensors[i] == null)
            {
                fault ??= "a PC has simulated sensors: simulated temperature, humidity, pressure, vibration or power";
                wrong = $"{config.File}:{o.Line}: sensor: sensor_source {o.Source}: {fault}";
                return null;
            }
        }
        var device = new Device(options);
        try
        {
            device.app = new SensorApp(broker, bridges.All, options, sensors, bridges.Clock, device, reason);
        }
        catch (ArgumentException e)
        {
            wrong = $"{config.File}:{options.Line}: device: {e.Message}";
            device.Dispose();
            return null;
        }
        device.parts = most => FirmwareMemory.Lines(broker, bridges.All, device.app, most);
        return device;
    }

    /// <summary>To be called once, before the first <see cref="Turn"/>.</summary>
    public void Start(Action stop, Lines lines)
    {
        this.stop = stop;
        this.lines = lines;
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        app.Clock.Set(now / 1000, (int)(now % 1000), Environment.TickCount);
        watchdog.Change(WatchMs, WatchMs);
    }

    /// <summary>Lines for the start: what it is, and what everything takes.</summary>
    public void Tell(Action<string> tell, int most)
    {
        string many = Sensors == 1 ? "sensor" : "sensors";
        tell(FormattableString.Invariant($"device {options.Device}: {Sensors} simulated {many}")
            + $", femto/{options.Device}/...");
        Array.ForEach(parts(most), tell);
    }

    public void Turn(int nowMs) => app.Turn(nowMs);

    public int Wait(int nowMs) => app.Wait(nowMs);

    /// <summary>Says offline, as far as that goes without waiting: who is away hears it from the will.</summary>
    public void Goodbye(Broker broker, int nowMs)
    {
        watchdog.Change(Timeout.Infinite, Timeout.Infinite);
        app.Stop(nowMs);
        for (int i = 0; i < GoodbyeTurns && !app.Stopped; i++)
        {
            app.Turn(nowMs);
            broker.Tick(nowMs);
        }
    }

    public void Restart(int reason)
    {
        RestartReason = reason;
        lines.Write("device", "starts again, as commanded");
        stop();
    }

    public void Keep(byte[] data, int length)
    {
        if (file == null)
        {
            return;
        }
        try
        {
            // A cut in between leaves the old file or the new one.
            File.WriteAllBytes(file + ".new", data.AsSpan(0, length).ToArray());
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            lines?.Write("device", $"the last events cannot be kept: {e.Message}");
        }
    }

    public int Kept(byte[] buffer)
    {
        try
        {
            if (file == null || !File.Exists(file))
            {
                return 0;
            }
            using FileStream stream = File.OpenRead(file);
            return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    public void Dispose() => watchdog.Dispose();

    private void Watch(object state)
    {
        if (app.Healthy(Environment.TickCount))
        {
            return;
        }
        // Whoever watches over this process (systemd: Restart=always) starts it again.
        Console.Error.WriteLine("femto: the watchdog ends this process: no progress");
        Environment.Exit(WatchdogExit);
    }
}
