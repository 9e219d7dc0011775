using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using Femto.Mqtt;

namespace Femto.Edge;

/// <summary>
/// Readings at QoS 1 into windows and batches whose results find a spool of three messages and an upstream that is
/// mostly away: every reading that was taken comes up in exactly one result, or by itself.
/// </summary>
internal sealed class Scarce : ILocalSink
{
    private readonly Dictionary<string, int> accepted = new(), came = new();
    private readonly Queue<string> asked = new();
    private readonly LocalClient client;
    private string fault;

    private Scarce(Broker broker) => client = new LocalClient(broker, "p"u8.ToArray(), this);

    public static string Check(int seed)
    {
        const string rules = "connection c\naddress h\nnotifications false\nrestart_timeout 1 2\ntopic # out 1\n"
            + "bridge_spool_messages 3\naggregate w/+ window 5 count,max\naggregate_topics 3\n"
            + "aggregate b/+ batch 4 10\naggregate_topics 3\naggregate_qos 1\n";
        byte[] bytes = Encoding.UTF8.GetBytes(rules);
        Configuration config = Configuration.Parse(bytes, bytes.Length, "rules", new ConfigError());
        var random = new Random(seed);
        var broker = new Broker(Limits.Esp32(), seed);
        var world = new Scarce(broker);
        var upstream = new Upstream(world.Came);
        var bridge = new Bridge(broker, config.Bridges[0], upstream, null, seed);
        int nowMs = 0;
        int changeMs = 0;
        for (int i = 0; i < 6000; i++)
        {
            nowMs += random.Next(1, 200);
            bool last = i > 5500;
            if (nowMs > changeMs || last)
            {
                upstream.Away = !last && random.Next(3) != 0;
                changeMs = nowMs + random.Next(100, 30000);
                if (upstream.Away)
                {
                    upstream.Cut();
                }
            }
            string topic = (random.Next(2) == 0 ? "w/" : "b/") + random.Next(3);
            if (!last && world.asked.Count < 4)
            {
                world.Say(topic, random.Next(1000).ToString());
            }
            for (int turn = 0; turn < 3; turn++)
            {
                broker.Tick(nowMs);
                bridge.Turn(nowMs);
            }
        }
        return world.fault ?? world.End();
    }

    public void Message(LocalClient client, LocalMessage message)
    {
        // It subscribes to nothing.
    }

    public void Answer(LocalClient client, int call, int reason)
    {
        string topic = asked.Dequeue();
        if (reason < ReasonCode.UnspecifiedError)
        {
            accepted[topic] = accepted.GetValueOrDefault(topic) + 1;
        }
    }

    private void Say(string topic, string payload)
    {
        byte[] t = Encoding.UTF8.GetBytes(topic);
        byte[] p = Encoding.UTF8.GetBytes(payload);
        if (client.Publish(t, 0, t.Length, p, 0, p.Length, 1, false) == Fault.None)
        {
            asked.Enqueue(topic);
        }
    }

    private void Came(string topic, string payload)
    {
        int readings = 1;
        if (payload[0] == '{')
        {
            using JsonDocument json = JsonDocument.Parse(payload);
            readings = json.RootElement.TryGetProperty("count", out JsonElement count)
                ? count.GetInt32() : json.RootElement.GetProperty("v").GetArrayLength();
        }
        else if (topic[0] == 'w')
        {
            fault ??= "a reading passed its window";
        }
        came[topic] = came.GetValueOrDefault(topic) + readings;
    }

    private string End()
    {
        if (accepted.Values.Sum() < 1000 || accepted.Count != 6)
        {
            return $"only {accepted.Values.Sum()} readings of {accepted.Count} topics were taken";
        }
        foreach ((string topic, int count) in accepted)
        {
            if (came.GetValueOrDefault(topic) != count)
            {
                return $"{topic}: {count} readings were taken, {came.GetValueOrDefault(topic)} came up";
            }
        }
        return null;
    }
}
