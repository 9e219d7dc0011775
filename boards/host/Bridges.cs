using System;
using System.Security.Cryptography;
using Femto.Mqtt;

namespace Femto.Host;

/// <summary>The bridges of the configuration, on the broker's thread, and the lines that tell of them.</summary>
internal sealed class Bridges : IBridgeLog, IDisposable
{
    private const int ClockMs = 60000;

    private readonly Bridge[] bridges;
    private readonly PcTransport[] transports, probes;
    private readonly string[] ended;                    // why the last connection or attempt is over; null: told
    private readonly bool[] up;
    private readonly WallClock clock = new();
    private Lines lines;
    private int clockMs;
    private bool clockSet;

    private Bridges(int count)
    {
        bridges = new Bridge[count];
        transports = new PcTransport[count];
        probes = new PcTransport[count];
        ended = new string[count];
        up = new bool[count];
    }

    /// <summary>Builds them; null with the reason when one cannot be. Nothing is connected yet.</summary>
    public static Bridges Build(Broker broker, Configuration config, out string wrong)
    {
        wrong = null;
        BridgeOptions[] options = config == null ? [] : config.Bridges;
        var all = new Bridges(options.Length);
        for (int i = 0; i < options.Length; i++)
        {
            // As Mosquitto names itself. Two machines with one file must not take each other's session.
            options[i].RemoteClientId ??= Environment.MachineName + "." + options[i].Name;
            all.transports[i] = new PcTransport();
            try
            {
                all.bridges[i] = new Bridge(broker, options[i], all.transports[i], all,
                    RandomNumberGenerator.GetInt32(int.MaxValue));
            }
            catch (ArgumentException e)
            {
                wrong = $"{config.File}:{config.BridgeLines[i]}: connection: {e.Message}";
                return null;
            }
            if (all.bridges[i].Clock != null)
            {
                all.bridges[i].Clock = all.clock;
            }
            if (options[i].Hosts.Length > 1 && !options[i].RoundRobin)
            {
                all.bridges[i].Probe = all.probes[i] = new PcTransport();
            }
        }
        return all;
    }

    /// <summary>In the order of the configuration.</summary>
    public Bridge[] All => bridges;

    /// <summary>The time of day, for readings: set from this machine's, again each minute.</summary>
    public WallClock Clock => clock;

    /// <summary>Whether all have ended.</summary>
    public bool Stopped => Array.TrueForAll(bridges, b => b.Stopped);

    /// <summary>To be called once, before the first <see cref="Turn"/>.</summary>
    public void Start(IWakeup wakeup, Lines lines)
    {
        this.lines = lines;
        for (int i = 0; i < bridges.Length; i++)
        {
            transports[i].Wakes(wakeup);
            probes[i]?.Wakes(wakeup);
        }
    }

    /// <summary>A line about each, for the start.</summary>
    public void Tell(Action<string> tell)
    {
        foreach (Bridge bridge in bridges)
        {
            BridgeOptions o = bridge.Options;
            int topics = o.Topics.Length;
            tell(FormattableString.Invariant($"bridge {o.Name} to {Where(bridge, 0)}")
                + (o.Hosts.Length > 1 ? $" and {o.Hosts.Length - 1} more" : "") + (o.Tls ? ", TLS" : "")
                + $", {topics} topic{(topics == 1 ? "" : "s")}, {bridge.RamBytes} bytes of RAM");
        }
    }

    public void Turn(int nowMs)
    {
        if (!clockSet || nowMs - clockMs >= ClockMs)
        {
            clockSet = true;
            clockMs = nowMs;
            long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            clock.Set(now / 1000, (int)(now % 1000), nowMs);
        }
        for (int i = 0; i < bridges.Length; i++)
        {
            Bridge bridge = bridges[i];
            bridge.Turn(nowMs);
            if (ended[i] != null)
            {
                string why = ended[i];
                ended[i] = null;
                lines.Write("bridge", $"{bridge.Options.Name}: {why}, {Next(bridge, nowMs)}, {Waiting(bridge)}");
            }
        }
    }

    public int Wait(int nowMs)
    {
        int wait = int.MaxValue;
        foreach (Bridge bridge in bridges)
        {
            wait = Math.Min(wait, bridge.Wait(nowMs));
        }
        return wait;
    }

    public void Stop(int nowMs)
    {
        foreach (Bridge bridge in bridges)
        {
            bridge.Stop(nowMs);
        }
    }

    public void Dispose()
    {
        for (int i = 0; i < bridges.Length; i++)
        {
            transports[i].Dispose();
            probes[i]?.Dispose();
        }
    }

    public void Connecting(Bridge bridge) => Write(bridge, $"connecting to {Where(bridge, bridge.Address)}");

    public void Connected(Bridge bridge, bool sessionPresent)
    {
        up[Array.IndexOf(bridges, bridge)] = true;
        Write(bridge, $"connected to {Where(bridge, bridge.Address)}, "
            + $"{(sessionPresent ? "session resumed" : "new session")}, {Waiting(bridge)}");
    }

    public void Disconnected(Bridge bridge, int reason)
    {
        int i = Array.IndexOf(bridges, bridge);
        string why = reason >= ReasonCode.UnspecifiedError
            ? Reasons.Text(reason) : bridge.Transport.Error ?? "closed by the upstream";
        ended[i] = reason == 0 ? "left the upstream"
            : (up[i] ? "connection lost: " : "not connected: ") + why.TrimEnd('.');
        up[i] = false;
    }

    public void Renewed(Bridge bridge, int messages) => Write(bridge, "the upstream lost the session: "
        + (messages == 1 ? "1 message on the way is" : $"{messages} messages on the way are")
        + " published anew and may arrive twice");

    public void SubscriptionRefused(Bridge bridge, int topic, int reason)
    {
        BridgeTopic t = bridge.Options.Topics[topic];
        Write(bridge, $"the upstream refused to subscribe to {t.RemotePrefix}{t.Pattern}: {Reasons.Text(reason)}");
    }

    public void Refused(Bridge bridge, int message, int reason) => Write(bridge, "a message was not taken upstream: "
        + (reason >= ReasonCode.UnspecifiedError ? Reasons.Text(reason) : ((Fault)reason).ToString()));

    public void Discarded(Bridge bridge, byte[] topic, int offset, int length, int bytes) => Write(bridge,
        $"a message of {bytes} bytes from the upstream was larger than the bridge takes, and is discarded: "
        + Lines.Text(topic, offset, length));

    public void Dropped(Bridge bridge, int messages) =>
        Write(bridge, $"{messages} message{(messages == 1 ? "" : "s")} dropped: no room in the spool, or QoS 0 "
            + "without a connection");

    private void Write(Bridge bridge, string what) => lines.Write("bridge", $"{bridge.Options.Name}: {what}");

    private static string Where(Bridge bridge, int address)
    {
        string host = bridge.Options.Hosts[address];
        return (host.Contains(':') ? $"[{host}]" : host) + ":" + bridge.Options.Ports[address];
    }

    private static string Next(Bridge bridge, int nowMs)
    {
        if (bridge.Stopped)
        {
            return "no further try";
        }
        int wait = bridge.Wait(nowMs);
        return wait == int.MaxValue ? $"next try when {bridge.Options.Threshold} messages wait"
            : wait == 0 ? "next try at once" : FormattableString.Invariant($"next try in {(wait + 999) / 1000} s");
    }

    private static string Waiting(Bridge bridge)
    {
        int count = bridge.SpoolLength();
        return count == 1 ? "1 message waits" : $"{count} messages wait";
    }
}
