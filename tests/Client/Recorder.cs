using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Client.Test;

/// <summary>Keeps what a client tells, and waits for it.</summary>
internal sealed class Recorder : IMessageSink, IClientEvents, IReplySink
{
    private const int PatienceMs = 6000;    // a hang, no measure

    private readonly List<string> messages = new(), events = new();

    /// <summary>How many of the next offers are held.</summary>
    public int Holds;

    public int Message(MqttClient client, ClientMessage m)
    {
        if (Holds > 0)
        {
            Holds--;
            return ClientSession.Hold;
        }
        Add(messages, $"{m.Topic()} {m.PayloadText()} {m.Qos}{(m.Retain ? " r" : "")}");
        return 0;
    }

    public void Changed(MqttClient client, int state, int reason) => Add(events, state switch
    {
        ClientState.Connected => "connected " + reason,
        ClientState.Connecting => "connecting",
        _ => $"offline 0x{reason:X2}",
    });

    public void Discarded(MqttClient client, byte[] topic, int offset, int length, int bytes) => Add(events,
        $"discarded {Encoding.UTF8.GetString(topic, offset, length)}");

    public void Subscribed(MqttClient client, int subscription, int reason) =>
        Add(events, $"subscribed {subscription} 0x{reason:X2}");

    public void Published(MqttClient client, int message, int reason) => Add(events, $"published 0x{reason:X2}");

    public void Reply(int request, ClientMessage reply) =>
        Add(messages, reply == null ? $"{request} none" : $"{request} {reply.PayloadText()}");

    public string[] Messages => Copy(messages);

    public string[] Events => Copy(events);

    public string[] WaitMessages(int count) => Wait(messages, m => m.Count >= count, count + " messages");

    public void WaitDistinct(int count) => Wait(messages, m => m.Distinct().Count() >= count, count + " different");

    public void WaitEvent(string text, int times = 1) =>
        Wait(events, e => e.Count(x => x == text) >= times, $"'{text}' {times} times");

    private static void Add(List<string> list, string text)
    {
        lock (list)
        {
            list.Add(text);
        }
    }

    private static string[] Copy(List<string> list)
    {
        lock (list)
        {
            return list.ToArray();
        }
    }

    private string[] Wait(List<string> list, System.Func<List<string>, bool> done, string what)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            lock (list)
            {
                if (done(list))
                {
                    return list.ToArray();
                }
                Assert.IsTrue(watch.ElapsedMilliseconds < PatienceMs, $"no {what} among {list.Count}: "
                    + string.Join(", ", list.TakeLast(20)) + "; events: " + string.Join(", ", events.TakeLast(20)));
            }
            Thread.Sleep(2);
        }
    }
}
