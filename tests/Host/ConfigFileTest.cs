using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Host.Test;

/// <summary>--config and --check-config, from the file to the wire.</summary>
[TestClass]
public sealed class ConfigFileTest
{
    // The section on bridges of the mosquitto.conf that Mosquitto is documented with, each line that has a value, its
    // comment sign removed. What stands there in angle brackets is filled in.
    private const string Documented = """
        connection bridge-01
        address 127.0.0.1:{0}
        topic # both 1
        bridge_attempt_unsubscribe true
        bridge_protocol_version mqttv311
        cleansession false
        idle_timeout 60
        keepalive_interval 60
        notifications true
        restart_timeout 5 30
        round_robin false
        start_type automatic
        threshold 10
        try_private true
        bridge_outgoing_retain true
        bridge_max_packet_size 0
        bridge_insecure false
        """;

    private string file;

    [TestInitialize]
    public void Begin() => file = Path.GetTempFileName();

    [TestCleanup]
    public void End() => File.Delete(file);

    [TestMethod]
    public void CheckSaysWhatThereIs()
    {
        Write("listener 1884\nlistener 1885 ::1\nlimits esp32-psram\nconnection a\naddress b\ntopic c\n");
        var (exitCode, output, error) = FemtoProcess.Run("--check-config", file);
        Assert.AreEqual(0, exitCode, error);
        Assert.AreEqual("", error);
        Assert.AreEqual($"{file} is right: 2 listeners, 1 bridge, limits esp32-psram, at most 861312 bytes of RAM",
            Regex.Replace(output, @"\d+(?= bytes)", "861312"));
    }

    [TestMethod]
    public void ExampleIsRight()
    {
        var (exitCode, output, error) = FemtoProcess.Run("--check-config", Root("boards/host/femto.conf"));
        Assert.AreEqual(0, exitCode, error);
        StringAssert.Contains(output, "1 listener, 1 bridge, limits host");
    }

    [TestMethod]
    [DataRow("# a\n\nlisten 1883\n", ":3: listen: this keyword is unknown: did you mean listener?")]
    [DataRow("acl_file a\n", ":1: acl_file: this keyword of Mosquitto is not implemented by Femto: ")]
    [DataRow("max_packet_size 20000000\n", ":1: max_packet_size: does not fit the other limits: ")]
    [DataRow("connection a\naddress b\ntopic #\nlocal_clientid 0123456789012345678901234567890123456789012345678901234"
        + "567890123456789\nlimits esp32\n", ":1: connection: a: local_clientid is too long")]
    [DataRow("connection a\naddress b\ntopic #\nbridge_cafile /nowhere/ca.pem\n",
        ":1: connection: bridge_cafile: there is no file /nowhere/ca.pem")]
    public void FaultIsToldWithItsLine(string text, string expected)
    {
        Write(text);
        foreach (string option in new[] { "--check-config", "--config" })
        {
            var (exitCode, output, error) = FemtoProcess.Run(option, file);
            Assert.AreEqual(2, exitCode, error);
            Assert.AreEqual("", output);
            StringAssert.StartsWith(error, "femto: " + file + expected);
            Assert.AreEqual(1, error.TrimEnd('\n').Split('\n').Length, error);
        }
    }

    [TestMethod]
    [DataRow("there is no file /nowhere/femto.conf", "--config", "/nowhere/femto.conf")]
    [DataRow("is a directory", "--check-config", "/")]
    [DataRow("--config", "--config")]
    [DataRow("--port and --bind do not go with", "--config", "FILE", "--port", "1883")]
    [DataRow("--port and --bind do not go with", "--config", "FILE", "--bind", "::")]
    [DataRow("--limits does not go with", "--config", "FILE", "--limits", "esp32")]
    public void WrongUseIsToldInOneLine(string named, params string[] arguments)
    {
        Write("limits tiny\n");
        var (exitCode, output, error) = FemtoProcess.Run(arguments.Select(a => a == "FILE" ? file : a).ToArray());
        Assert.AreEqual(2, exitCode, error);
        Assert.AreEqual("", output);
        StringAssert.Contains(error, named);
        Assert.AreEqual(1, error.TrimEnd('\n').Split('\n').Length, error);
    }

    [TestMethod]
    public void ListenerInUseIsToldWithItsLine()
    {
        using var other = new Mosquitto();
        Write($"# in use\nlistener {other.Port} 127.0.0.1\n");
        var (exitCode, _, error) = FemtoProcess.Run("--config", file);
        Assert.AreEqual(2, exitCode);
        StringAssert.StartsWith(error, $"femto: {file}:2: port {other.Port} on 127.0.0.1 is in use: ");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("portable")]
    public void SeveralListenersWithLimitsOfTheirOwn(string sockets)
    {
        int second = Mosquitto.FreePort();
        Write($"listener {Mosquitto.FreePort()} 127.0.0.1\nmax_connections 1\nlistener {second} localhost\n"
            + "connection_messages false\nmax_packet_size 1000\n");
        using FemtoProcess femto = FemtoProcess.StartOver(sockets, "--config", file, "--limits", "esp32-psram");
        femto.Line("limits esp32-psram");
        femto.Line("warning: ", "does not say allow_anonymous true");
        femto.Line("listening on 127.0.0.1:" + second);
        using RawClient one = new RawClient(femto.Port).Connect("one");
        using RawClient three = new RawClient(second).Connect("three"), four = new RawClient(second).Connect("four");
        using (var two = new RawClient(femto.Port))
        {
            Assert.IsNull(two.Packet(), "the second connection was to be refused");
        }
        femto.Line("refuse", "all 1 connections of the listener");
        one.Subscribe("a");
        four.SendRaw(four.Publish("a", [1, 2, 3]));
        CollectionAssert.AreEqual(new byte[] { 0, 1, (byte)'a', 1, 2, 3 }, one.Packet()[2..]);
        four.SendRaw(four.Publish("a", new byte[1000]));
        Assert.IsNull(four.Packet(), "max_packet_size");
        one.Send(0xE0, []);
        Assert.IsNull(one.Packet());
        using RawClient five = new RawClient(femto.Port).Connect("five");
        Assert.IsFalse(femto.Lines().Any(l => l.Contains("connect ")), string.Join('\n', femto.Lines()));
    }

    [TestMethod]
    public void DocumentedBridgeWorksUnchanged()
    {
        int port = Mosquitto.FreePort();
        using var upstream = new Mosquitto();
        Write($"listener {port} 127.0.0.1\n" + string.Format(Documented, upstream.Port) + "\n");
        using FemtoProcess femto = FemtoProcess.Start("--config", file);
        StringAssert.Matches(femto.Line("bridge bridge-01"), new(@"to 127.0.0.1:\d+, 1 topic, [1-9]\d+ bytes of RAM"));
        femto.Line("bridge-01: connecting to 127.0.0.1:" + upstream.Port);
        femto.Line("bridge-01: connected to 127.0.0.1:" + upstream.Port + ", new session");
        using RawClient above = new RawClient(upstream.Port).Connect("above"),
            below = new RawClient(port).Connect("below");
        above.Subscribe("up/+");
        below.Subscribe("down/+");
        below.SendRaw(below.Publish("up/1", "rising"u8.ToArray()));
        StringAssert.EndsWith(Encoding.ASCII.GetString(above.Packet()), "up/1rising");
        Thread.Sleep(300);                          // the bridge's own subscription upstream
        above.SendRaw(above.Publish("down/1", "falling"u8.ToArray()));
        StringAssert.EndsWith(Encoding.ASCII.GetString(below.Packet()), "down/1falling");
        femto.Terminate();
        Assert.AreEqual(0, femto.Ended());
    }

    [TestMethod]
    public void LinesTellOfTheBridge()
    {
        int port = Mosquitto.FreePort(), above = Mosquitto.FreePort();
        Write($"listener {port} 127.0.0.1\nconnection cloud\naddress 127.0.0.1:{above}\ntopic # out 1\n"
            + "restart_timeout 1\nbridge_protocol_version mqttv50\n");
        using FemtoProcess femto = FemtoProcess.Start("--config", file);
        femto.Line("cloud: not connected: ", "next try in 1 s", "0 messages wait");
        using RawClient below = new RawClient(port).Connect("below");
        byte[] publish = [0, 1, (byte)'a', 0, 1, 7];
        below.Send(0x32, publish);
        Assert.AreEqual(0x40, below.Packet()[0], "PUBACK");
        femto.Line("cloud: not connected: ", "1 message waits");
        using (var upstream = new Mosquitto(above))
        {
            femto.Line("cloud: connected to 127.0.0.1:" + above, "1 message waits");
        }
        femto.Line("cloud: connection lost: ", "next try in 1 s");
    }

    [TestMethod]
    public void ReadmeListsEveryKeyword()
    {
        string text = File.ReadAllText(Root("lib/Femto.Mqtt.Config/README.md"));
        int cut = text.IndexOf("## What is refused", StringComparison.Ordinal);
        string[] implemented = Listed(text[text.IndexOf("## What is implemented", StringComparison.Ordinal)..cut]);
        string[] refused = Listed(text[cut..]);
        var words = new Keywords();
        for (int i = 0; i < words.Count; i++)
        {
            string[] right = words.Implemented(i) ? implemented : refused;
            Assert.AreEqual(1, right.Count(w => w == words.Name(i)), words.Name(i) + " in its table");
        }
        Assert.AreEqual(words.Count, implemented.Length + refused.Length);
    }

    [TestMethod]
    public void ExamplesOfAggregationAreRight()
    {
        string[] blocks = Regex.Split(File.ReadAllText(Root("lib/Femto.Mqtt.Config/aggregation.md")), "\n\n")
            .Where(b => b.StartsWith("    ", StringComparison.Ordinal)).ToArray();
        Assert.AreEqual(5, blocks.Length);
        foreach (string block in blocks)
        {
            byte[] text = System.Text.Encoding.UTF8.GetBytes(block);
            var error = new ConfigError();
            Configuration config = Configuration.Parse(text, text.Length, "aggregation.md", error);
            Assert.IsNotNull(config, error.Text());
            Assert.IsTrue(config.Bridges[0].Aggregates.Length > 0);
            var limits = Limits.Esp32();
            Assert.AreEqual(block.Contains("topics 40") ? $"cloud: aggregate rules take {40 * 104} bytes, at most 4096 "
                + "on this board: say fewer aggregate_topics, or smaller batches" : null,
                Bridge.Check(config.Bridges[0], limits), block);
        }
    }

    // The words in the first column of a table.
    private static string[] Listed(string text) => text.Split('\n').Where(l => l.StartsWith("| `"))
        .SelectMany(l => Regex.Matches(l.Split('|')[1], "`([^`]*)`")).Select(m => m.Groups[1].Value).ToArray();

    private static string Root(string path)
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "nf.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return Path.Combine(folder, path);
    }

    private void Write(string text) => File.WriteAllText(file, text);
}
