using System;
using System.Collections.Generic;
using System.Linq;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Client.Test;

/// <summary>Mosquitto is stopped and started again with its store, QoS 2 messages on the way.</summary>
[TestClass]
public sealed class RestartTest
{
    private const int Forever = 60000;      // a hang, no measure

    private readonly Recorder got = new();

    [TestMethod]
    [DataRow(4, false)]
    [DataRow(5, false)]
    [DataRow(5, true)]
    public void TheSessionSurvivesARestartOfTheBroker(int version, bool board)
    {
        using Mosquitto broker = Mosquitto.Run();
        string topic = "survives";
        var events = new Recorder();
        var tap = new Tap(board ? new BoardTransport() : new PcTransport(), version);
        MqttClient reader = Reader(broker, version, tap, ClientLimits.Large(), events, topic);
        events.WaitEvent("subscribed 1 0x02");
        MqttClient writer = Clients.Connected(broker.Port, Clients.Persistent(version, "writer"), null, board);
        for (int i = 0; i < 200; i++)
        {
            if (i == 50)
            {
                got.WaitMessages(1);
                broker.Stop();
            }
            if (i == 150)
            {
                broker.Start();
            }
            writer.Publish(topic, i.ToString(), 2);
        }
        events.WaitEvent("connected 1");
        got.WaitDistinct(200);
        Assert.IsTrue(writer.Close(Forever));
        Assert.IsTrue(reader.Close(Forever));
        // Nothing lost, nothing overtaken, and nothing twice but what Mosquitto begins anew.
        CollectionAssert.AreEqual(Enumerable.Range(0, 200).Select(i => $"{topic} {i} 2").ToArray(),
            got.Messages.Distinct().ToArray());
        string[] twice = got.Messages.GroupBy(m => m).Where(g => g.Count() > 1).Select(g => g.Key.Split(' ')[1])
            .ToArray();
        string[] packets = tap.Packets;
        Console.WriteLine($"note: {twice.Length} of 200 published by Mosquitto again after their PUBREL");
        foreach (string payload in twice)
        {
            Assert.IsTrue(BegunAnew(packets, payload), $"{payload} came twice:\n" + string.Join('\n', packets));
        }
        Assert.AreEqual(1, events.Events.Count(e => e.StartsWith("subscribed")), "subscribed again without need");
        Assert.IsTrue(reader.Failures > 0);
    }

    // Mosquitto 2.0.11 sends everything at once after a restart, whatever the client takes: the whole backlog comes in
    // one connection all the same.
    [TestMethod]
    [DataRow(4)]
    [DataRow(5)]
    public void ABacklogLargerThanTheReceiveMaximum(int version)
    {
        using Mosquitto broker = Mosquitto.Run();
        ClientLimits limits = ClientLimits.Small();
        limits.ReceiveMaximum = 4;
        limits.ReceiveIds = 4;
        var first = new Recorder();
        MqttClient reader = Reader(broker, version, new PcTransport(), limits, first, "backlog");
        first.WaitEvent("subscribed 1 0x02");
        Assert.IsTrue(reader.Close(Forever));
        MqttClient writer = Clients.Connected(broker.Port, Clients.Options(version, "writer"));
        for (int i = 0; i < 500; i++)
        {
            writer.Publish("backlog", i.ToString(), 2);
        }
        Assert.IsTrue(writer.Close(Forever));
        broker.Stop();
        broker.Start();
        var tap = new Tap(new PcTransport(), version);
        var events = new Recorder();
        reader = Reader(broker, version, tap, limits, events, "backlog");
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 500).Select(i => $"backlog {i} 2").ToArray(), got.WaitMessages(500));
        Assert.IsTrue(reader.Close(Forever));
        Assert.AreEqual(0, reader.Failures, string.Join(", ", events.Events));
        Assert.HasCount(500, got.Messages);
        int most = MostOpen(tap.Packets);
        Console.WriteLine($"note: {most} messages on the way at once, the receive maximum was {limits.ReceiveMaximum}");
        Assert.IsTrue(most > limits.ReceiveIds, "Mosquitto has kept to the receive maximum: the test shows nothing");
    }

    private MqttClient Reader(
        Mosquitto broker, int version, ITransport transport, ClientLimits limits, Recorder events, string topic)
    {
        var client = new MqttClient(transport, new TransportOptions { Host = "127.0.0.1", Port = broker.Port },
            Clients.Persistent(version, "reader"), limits, 2)
        {
            Events = events,
            RetryBaseMs = 100,
            RetryCapMs = 1000,
            AskMs = 2,
        };
        client.Subscribe(topic, 2, got);
        client.Start();
        Assert.AreEqual(0, client.Connect(Forever), client.Error);
        return client;
    }

    // PUBLISH, PUBREL, and the same PUBLISH again: [MQTT-4.3.3-6] forbids it, and [MQTT-4.3.3-12] has the receiver take
    // it for a new message.
    private static bool BegunAnew(string[] packets, string payload)
    {
        string[] lines = packets.Where(p => p.StartsWith("< PUBLISH") && p.EndsWith(" " + payload)).ToArray();
        int first = Array.IndexOf(packets, lines[0]), last = Array.LastIndexOf(packets, lines[^1]);
        string id = lines[0].Split(' ')[2];
        return lines.All(l => l.Split(' ')[2] == id) && packets[first..last].Contains("< PUBREL " + id);
    }

    private static int MostOpen(string[] packets)
    {
        var open = new HashSet<string>();
        int most = 0;
        foreach (string[] p in packets.Select(p => p.Split(' ')))
        {
            if (p is ["<", "PUBLISH", ..])
            {
                open.Add(p[2]);
            }
            else if (p is [">", "PUBCOMP", ..])
            {
                open.Remove(p[2]);
            }
            most = Math.Max(most, open.Count);
        }
        return most;
    }
}
