using System;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading;
using Femto.Mqtt;

namespace Femto.Edge;

/// <summary>
/// A site with five sensors at 10 Hz in virtual time: the sensor app, the broker, its bridge with these rules, and a
/// real connection to a real broker. Time stands still until everything that is to go up has gone, and was answered.
/// </summary>
internal sealed class Site : IDisposable, IAppHost
{
    public const int StepMs = 100;
    public static readonly string[] Names = ["temperature", "humidity", "pressure", "vibration", "power"];
    public static readonly int[] Decimals = [2, 1, 2, 2, 1];

    private const int StartMs = 1000;
    private const int BootSeconds = 1_700_000_000;
    private const int LagMost = 20000;

    private readonly Broker broker;
    private readonly Bridge bridge;
    private readonly SensorApp app;
    private readonly WallClock clock = new();
    private readonly Arrivals arrivals;
    private int nowMs = StartMs;
    private bool stopping;

    public Site(int port, int version, string limitsName, string rules, int readings, Arrivals arrivals)
    {
        this.arrivals = arrivals;
        string text = $"device site-7\nstatus_interval 0\nlimits {limitsName}\n"
            + string.Concat(Names.Select((n, i) => $"sensor {n}\nsensor_source simulated {n}\nsensor_interval 0.1\n"
                + $"sensor_decimals {Decimals[i]}\n"))
            + $"connection cloud\naddress 127.0.0.1:{port}\nremote_clientid site-7\nnotifications false\n"
            + $"bridge_protocol_version {(version == 5 ? "mqttv50" : "mqttv311")}\ntopic femto/# out 1\n" + rules;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var error = new ConfigError();
        Configuration config = Configuration.Parse(bytes, bytes.Length, "site", error);
        if (config == null)
        {
            throw new ArgumentException(error.Text() + "\n" + text);
        }
        Limits limits = limitsName == "esp32" ? Limits.Esp32() : Limits.Esp32Psram();
        broker = new Broker(limits, 7);
        Meter = new Meter(version);
        bridge = new Bridge(broker, config.Bridges[0], Meter, null, 7);
        if (bridge.Clock != null)
        {
            bridge.Clock = clock;
        }
        Sensors = Names.Select((n, i) => new Recorded(
            SimulatedSensor.Make("simulated " + n, Decimals[i], i + 1, out _), readings)).ToArray();
        app = new SensorApp(broker, [bridge], config.App, Sensors, clock, this, BootReason.PowerOn);
        clock.Set(BootSeconds, 0, nowMs);
    }

    public Meter Meter { get; }

    public Recorded[] Sensors { get; }

    public int RamBytes => broker.RamBytes + bridge.RamBytes + app.RamBytes;

    public long DroppedMessages => broker.Counters.Where((_, i) => i is Counter.DroppedOffline
        or Counter.DroppedQueueFull or Counter.DroppedLocal or Counter.DroppedTooLarge).Sum();

    /// <summary>Milliseconds of the virtual time since the first reading.</summary>
    public int ElapsedMs => nowMs - StartMs;

    /// <summary>When a message's own time was, in milliseconds since the first reading.</summary>
    public static double Since(double t) => t - BootSeconds * 1000.0;

    /// <summary>Connects; nothing has been read yet.</summary>
    public void Connect()
    {
        var watch = Stopwatch.StartNew();
        while (!bridge.Connected || Meter.Open != 0)
        {
            broker.Tick(nowMs);
            bridge.Turn(nowMs);
            Thread.Sleep(1);
            if (watch.ElapsedMilliseconds > 10000)
            {
                throw new InvalidOperationException("the bridge does not connect");
            }
        }
    }

    /// <summary>All readings of this time, and what follows of them.</summary>
    public void Step()
    {
        int idle = 0;
        while (true)
        {
            int wait = app.Turn(nowMs);
            broker.Tick(nowMs);
            bridge.Turn(nowMs);
            bool waits = Meter.Open != 0 || bridge.SpoolLength() != 0;
            if ((wait > 10 || stopping) && !waits && broker.Wait(nowMs) != 0 && bridge.Wait(nowMs) != 0)
            {
                break;
            }
            if (waits && ++idle > 20)
            {
                Thread.Sleep(0);    // the broker at the other end has to answer
            }
        }
        while (Meter.Messages - arrivals.Count > LagMost)
        {
            Thread.Sleep(1);
        }
    }

    public void Advance() => nowMs += StepMs;

    /// <summary>Waits until the consumer has everything.</summary>
    public void Settle()
    {
        var watch = Stopwatch.StartNew();
        while (arrivals.Count < Meter.Messages && watch.ElapsedMilliseconds < 60000)
        {
            Thread.SpinWait(50);
        }
    }

    /// <summary>The device says goodbye; what rules have kept leaves as its time is over; the bridge ends.</summary>
    public void Stop()
    {
        app.Stop(nowMs);
        stopping = true;
        for (int i = 0; i < 700; i++)
        {
            Step();
            nowMs += StepMs;
        }
        bridge.Stop(nowMs);
        for (int i = 0; i < 2000 && !bridge.Stopped; i++)
        {
            nowMs += 1;
            bridge.Turn(nowMs);
            Thread.Sleep(1);
        }
    }

    public void Restart(int reason)
    {
        // Nobody asks for it.
    }

    public void Keep(byte[] data, int length)
    {
        // The black box is not looked at.
    }

    public int Kept(byte[] buffer) => 0;

    public void Dispose() => Meter.Dispose();
}
