using System;
using System.CommandLine;
using System.Linq;

namespace Femto.Bench;

internal static class Program
{
    private static int Main(string[] args)
    {
        var root = new RootCommand("Femto's benchmarks: the broker beside Mosquitto, the codec and the match alone.");
        root.Subcommands.Add(BrokerCommand());
        root.Subcommands.Add(CodecCommand());
        root.Subcommands.Add(DurabilityCommand());
        return root.Parse(args).Invoke();
    }

    private static Command CodecCommand()
    {
        var command = new Command("codec", "Nanoseconds and bytes for each operation of the codec and the match.");
        command.SetAction(_ => MicroBench.Run());
        return command;
    }

    private static Command DurabilityCommand()
    {
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 2 };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3 };
        var command = new Command("durability", "What a journal costs, and how long it takes to be read again.")
        {
            seconds, rounds,
        };
        command.SetAction(parsed => new DurabilityBench
        {
            Seconds = parsed.GetValue(seconds),
            WarmSeconds = 0.5,
            Rounds = Math.Max(1, parsed.GetValue(rounds)),
        }.Run());
        return command;
    }

    private static Command BrokerCommand()
    {
        var scenarios = new Option<string[]>("--scenario")
        {
            Description = "loads to run: topics-subscribers",
            DefaultValueFactory = _ => Scenario.All.Select(s => s.Name).ToArray(),
            AllowMultipleArgumentsPerToken = true,
        };
        scenarios.AcceptOnlyFromAmong(Scenario.All.Select(s => s.Name).ToArray());
        var qos = new Option<int[]>("--qos")
        {
            DefaultValueFactory = _ => [0, 1, 2],
            AllowMultipleArgumentsPerToken = true,
        };
        var window = new Option<int[]>("--window")
        {
            Description = "messages outstanding on each topic",
            DefaultValueFactory = _ => [1, 20, 1000],
            AllowMultipleArgumentsPerToken = true,
        };
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 3 };
        var warm = new Option<double>("--warm") { DefaultValueFactory = _ => 1 };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 1 };
        var limits = new Option<string>("--limits") { DefaultValueFactory = _ => "host" };
        var peer = new Option<string>("--peer")
        {
            Description = "Mosquitto's program, or none to run Femto alone",
            DefaultValueFactory = _ => "mosquitto",
        };
        var peerOnly = new Option<bool>("--peer-only") { Description = "leave Femto out" };
        var command = new Command("broker", "Messages per second, latency, loss, processor time and memory.")
        {
            scenarios, qos, window, seconds, warm, rounds, limits, peer, peerOnly,
        };
        command.SetAction(parsed => new BrokerBench
        {
            Scenarios = parsed.GetValue(scenarios).Select(Scenario.Named).ToArray(),
            Qos = parsed.GetValue(qos),
            Windows = parsed.GetValue(window),
            Seconds = parsed.GetValue(seconds),
            WarmSeconds = parsed.GetValue(warm),
            Rounds = Math.Max(1, parsed.GetValue(rounds)),
            Limits = parsed.GetValue(limits),
            Peer = parsed.GetValue(peer),
            PeerOnly = parsed.GetValue(peerOnly),
        }.Run());
        return command;
    }
}
