using System;
using System.Text;
using BenchmarkDotNet.Attributes;
using Femto.Mqtt;

namespace Femto.Bench;

/// <summary>
/// Match of one topic that three subscriptions want (its own name, one with '+', one with '#'), among a growing
/// number of others: the time must not grow with the table.
/// </summary>
[MemoryDiagnoser]
public class MatchBench
{
    private const int Sessions = 1000;

    private readonly TopicPath path = new(16, seed: 1);
    private readonly byte[] topic = Encoding.ASCII.GetBytes("site-01/boiler-7/temperature");
    private TopicTable table;

    [Params(10, 100, 1000, 10000)]
    public int Subscriptions;

    [GlobalSetup]
    public void Fill()
    {
        var limits = new Limits
        {
            Sessions = Sessions,
            Subscriptions = Subscriptions,
            SharedGroups = 1,
            Retained = 1,
            TopicNodes = 3 * Subscriptions + 10,
            TopicLevels = 16,
            Texts = 2 * Subscriptions + 10,
            TextBytes = 32 * Subscriptions + 1000,
        };
        table = new TopicTable(limits, new TextTable(limits.Texts, limits.TextBytes));
        Subscribe("site-01/boiler-7/temperature", 1);
        Subscribe("site-01/+/temperature", 2);
        Subscribe("site-01/#", 3);
        for (int i = 3; i < Subscriptions; i++)
        {
            Subscribe($"site-{i % 100:D2}/pump-{i}/pressure", i % Sessions + 1);
        }
        if (Match() != 3)
        {
            throw new InvalidOperationException("the topic must have three matches");
        }
    }

    [Benchmark]
    public int Match()
    {
        path.Name(topic, 0, topic.Length);
        table.Match(path);
        return table.MatchedCount;
    }

    private void Subscribe(string filter, int session)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(filter);
        if (path.Filter(bytes, 0, bytes.Length) != Fault.None || table.Subscribe(path, session, 0, 0) == 0)
        {
            throw new InvalidOperationException("the table does not take " + filter);
        }
    }
}
