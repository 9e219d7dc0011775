using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Femto.Mqtt;

namespace Femto.Edge;

/// <summary>
/// Random readings through broker, rules and bridge, and through the plain reference: what comes up must be the same,
/// message by message. Gaps, repetitions, steps of the time of day, an upstream that is away.
/// </summary>
internal sealed class Proof : ILocalSink
{
    private static readonly string[] s_steps =
    [
        "latest 5", "latest 0.25", "deadband 0.5 30", "deadband 0.2", "deadband 10% 20", "deadband 2.5%",
        "window 10 mean", "window 5 min,max,mean,count,first,last", "window 3 count", "window 60 last", "batch 7 20",
        "batch 20", "sample 3", "sample 5 | latest 10", "deadband 0.3 60 | batch 5 120",
        "window 4 mean | deadband 1 60",
        "window 2 max | batch 10 60", "latest 1 | window 15 mean,count", "sample 2 | deadband 5% 30 | batch 4",
        "deadband 0.1 | window 5 first | latest 20 | batch 3 90", "window 1 min | window 10 max | sample 2",
        "deadband 0 5 | sample 2 | window 30 mean,first",
    ];

    private readonly Random random;
    private readonly Broker broker;
    private readonly Bridge bridge;
    private readonly Upstream upstream;
    private readonly LocalClient client;
    private readonly WallClock clock = new();
    private readonly Dictionary<string, Reference> references = new();
    private readonly Dictionary<string, Queue<string>> expected = new();
    private readonly string[] topics;
    private readonly decimal[] values;
    private readonly string[] said;
    private int nowMs = 1000;
    private int awayUntilMs;
    private string fault;
    private int compared;

    private Proof(int seed)
    {
        random = new Random(seed);
        var text = new StringBuilder("connection c\naddress h\nnotifications false\nrestart_timeout 1 4\n"
            + "topic # out 1\n");
        topics = s_steps.Select((_, i) => "s" + i + "/t").ToArray();
        values = new decimal[topics.Length];
        said = new string[topics.Length];
        for (int i = 0; i < topics.Length; i++)
        {
            Rule(text, i);
        }
        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        var error = new ConfigError();
        Configuration config = Configuration.Parse(bytes, bytes.Length, "rules", error)
            ?? throw new InvalidOperationException(error.Text() + "\n" + text);
        broker = new Broker(Sizes(), seed);
        upstream = new Upstream(Came);
        bridge = new Bridge(broker, config.Bridges[0], upstream, null, seed) { Clock = clock };
        client = new LocalClient(broker, "p"u8.ToArray(), this);
        while (!bridge.Connected)
        {
            Turn();
            nowMs++;
        }
    }

    // Room for what an outage leaves.
    private static Limits Sizes()
    {
        Limits l = Limits.Esp32Psram();
        l.QueueMessages = 6000;
        l.Deliveries = 8000;
        l.Messages = 8000;
        l.QueueBlocks = 30000;
        l.Blocks = 40000;
        l.SysSeconds = 0;
        return l;
    }

    private void Rule(StringBuilder text, int i)
    {
        var r = new Reference
        {
            Steps = s_steps[i].Split('|').Select(s => s.Trim().Split(' ')).ToArray(),
            Decimals = random.Next(7),
            Qos = random.Next(-1, 2),
            UpSince = nowMs,
        };
        string last = r.Steps[^1][0];
        bool sums = last is "window" or "batch";
        r.Field = random.Next(3) == 0 ? "x" : null;
        r.Other = "pd"[random.Next(2)];
        if (sums)
        {
            r.Other = "pdc"[random.Next(3)];
            r.Suffix = random.Next(2) == 0 ? "/sum" : "";
        }
        text.Append(CultureInfo.InvariantCulture, $"aggregate s{i}/+ {s_steps[i]}\naggregate_decimals {r.Decimals}\n");
        text.Append("aggregate_topics 1\n");
        text.Append(r.Qos < 0 ? "" : $"aggregate_qos {r.Qos}\n");
        text.Append(r.Field == null ? "" : $"aggregate_field {r.Field}\n");
        text.Append(r.Suffix == "" ? "" : $"aggregate_suffix {r.Suffix}\n");
        text.Append(r.Other switch { 'd' => "aggregate_other drop\n", 'c' => "aggregate_other count\n", _ => "" });
        if (random.Next(2) == 0)
        {
            r.Above = random.Next(5, 30);
            r.Below = random.Next(2) == 0 ? r.Above - 25 : null;
            text.Append(CultureInfo.InvariantCulture, $"aggregate_alarm s{i}/# above {r.Above}");
            text.Append(r.Below == null ? "\n" : $" below {r.Below}\n");
        }
        string topic = topics[i];
        r.Out = (suffix, payload) => Expect(topic + suffix, payload);
        r.Begin();
        references[topic] = r;
    }

    private void Expect(string topic, string payload)
    {
        if (!expected.TryGetValue(topic, out Queue<string> queue))
        {
            expected[topic] = queue = new Queue<string>();
        }
        queue.Enqueue(payload);
    }

    private void Came(string topic, string payload)
    {
        compared++;
        if (!expected.TryGetValue(topic, out Queue<string> queue) || queue.Count == 0)
        {
            fault ??= $"at {nowMs} ms {topic} {payload} came up, the reference has none";
        }
        else if (queue.Dequeue() is string right && right != payload)
        {
            fault ??= $"at {nowMs} ms {topic} {payload} came up, the reference has {right}";
        }
    }

    public void Message(LocalClient client, LocalMessage message)
    {
        // It subscribes to nothing.
    }

    public void Answer(LocalClient client, int call, int reason)
    {
        if (reason >= ReasonCode.UnspecifiedError)
        {
            fault ??= $"at {nowMs} ms the broker refused a reading: {reason:x2}";
        }
    }

    // A turn of the loop; what is due by then leaves the reference, too.
    private void Turn()
    {
        broker.Tick(nowMs);
        foreach (Reference r in references.Values)
        {
            r.Online = bridge.Connected;
            r.Turn(nowMs);
        }
        bridge.Turn(nowMs);
        for (int i = 0; i < 4 && bridge.Wait(nowMs) == 0; i++)
        {
            bridge.Turn(nowMs);
        }
        broker.Tick(nowMs);
    }

    // Time passes as a loop lets it: it wakes when the bridge wants it.
    private void Pass(int ms)
    {
        int end = nowMs + ms;
        while (end - nowMs > 0)
        {
            // The transport wakes nobody, so that the bridge asks for a turn each 10 ms: longer naps are as good.
            int wait = bridge.Wait(nowMs);
            long due = references.Values.Min(r => r.Due()) - nowMs;
            int nap = (int)Math.Min(Math.Max(wait, 250), Math.Max(1, due));
            nowMs += Math.Min(nap, end - nowMs);
            Turn();
        }
    }

    private void Step()
    {
        int what = random.Next(1000);
        if (what == 0)
        {
            Pass(random.Next(20000, 130000));               // a gap
        }
        else if (what == 1 && awayUntilMs == 0)
        {
            upstream.Cut();
            upstream.Away = true;
            awayUntilMs = nowMs + random.Next(100, 60000);  // an outage
            Turn();
        }
        else if (what <= 3)
        {
            long seconds = 1_700_000_000L + random.Next(-100000, 100000);
            clock.Set(seconds, 7, nowMs);                   // the time of day is set, forward or back
            foreach (Reference r in references.Values)
            {
                r.Offset = seconds * 1000 + 7 - nowMs;
            }
        }
        if (awayUntilMs != 0 && nowMs - awayUntilMs >= 0)
        {
            upstream.Away = false;
            awayUntilMs = 0;
        }
        if (random.Next(4) != 0)
        {
            Pass(random.Next(3) == 0 ? random.Next(1, 900) : random.Next(1, 60));
        }
        Say();
    }

    private void Say()
    {
        int i = random.Next(topics.Length);
        Reference r = references[topics[i]];
        string payload = random.Next(20) == 0 && said[i] != null ? said[i] : Payload(i, r);
        said[i] = payload;
        int qos = random.Next(2);
        byte[] topic = Encoding.UTF8.GetBytes(topics[i]);
        byte[] bytes = Encoding.UTF8.GetBytes(payload);
        if (client.Publish(topic, 0, topic.Length, bytes, 0, bytes.Length, qos, false) != Fault.None)
        {
            fault ??= "the inbox is full";
        }
        r.Online = bridge.Connected;
        r.Take(payload, qos, nowMs);
        Turn();
    }

    private string Payload(int i, Reference r)
    {
        if (random.Next(40) == 0)
        {
            string[] none = ["on", "NaN", "1.2.3", "--4", "1e", "0x10", "99999999999", "\"5\"", "{}", "true"];
            return none[random.Next(none.Length)];
        }
        decimal step = random.Next(-1000, 1001) / (random.Next(10) == 0 ? 100m : 2000m);
        values[i] = Math.Abs(values[i] + step) > 60 ? 0 : values[i] + step;
        string number = Number(values[i]);
        if (r.Field == null)
        {
            return number;
        }
        return random.Next(3) switch
        {
            0 => $"{{\"x\":{number}}}",
            1 => $"{{\"a\":\"b,}}\",\"x\":{number},\"c\":[1,2]}}",
            _ => $"{{\"n\":{{\"m\":1}},\"x\":{number}}}",
        };
    }

    // The same number in many ways of writing.
    private string Number(decimal value)
    {
        string plain = value.ToString(CultureInfo.InvariantCulture);
        return random.Next(8) switch
        {
            0 => (value * 1000).ToString(CultureInfo.InvariantCulture) + "e-3",
            1 => (value / 10).ToString(CultureInfo.InvariantCulture) + "E+1",
            2 => value > 0 ? "+" + plain : plain,
            3 => value.ToString("0.000000", CultureInfo.InvariantCulture),
            4 => plain + (plain.Contains('.') ? "4999999999" : ""),
            _ => plain,
        };
    }

    private string End()
    {
        upstream.Away = false;
        awayUntilMs = 0;
        Pass(200000);
        foreach ((string topic, Queue<string> queue) in expected)
        {
            if (queue.Count != 0)
            {
                fault ??= $"{queue.Count} messages of {topic} did not come up, first {queue.Peek()}";
            }
        }
        Count("aggregated", BridgeCounter.Aggregated, r => r.Aggregated);
        Count("results", BridgeCounter.Results, r => r.Results);
        Count("not numbers", BridgeCounter.NotNumbers, r => r.NotNumbers);
        Count("alarms", BridgeCounter.Alarms, r => r.Alarms);
        Count("unaggregated", BridgeCounter.Unaggregated, _ => 0);
        return fault;
    }

    private void Count(string what, int counter, Func<Reference, int> of)
    {
        int right = references.Values.Sum(of);
        if (bridge.Counters[counter] != right)
        {
            fault ??= $"{what}: {bridge.Counters[counter]} counted, the reference has {right}";
        }
    }

    /// <summary>So many readings, in worlds of 20,000 with seeds from one on.</summary>
    /// <returns>Null, or what is wrong; and messages that were compared.</returns>
    public static (string Wrong, int Compared) Check(int readings, int seed)
    {
        int compared = 0;
        for (int left = readings; left > 0; left -= 20000, seed++)
        {
            var world = new Proof(seed);
            for (int n = Math.Min(left, 20000); n > 0 && world.fault == null; n--)
            {
                world.Step();
            }
            string wrong = world.fault ?? world.End();
            if (wrong != null)
            {
                return ($"seed {seed}: {wrong}", compared);
            }
            compared += world.compared;
        }
        return (null, compared);
    }

    public static bool Print(int readings, int seed)
    {
        (string wrong, int compared) = Check(readings, seed);
        Console.WriteLine(wrong ?? FormattableString.Invariant(
            $"{readings:N0} readings by {s_steps.Length} rules: {compared:N0} messages as the reference has them"));
        return wrong == null;
    }
}
