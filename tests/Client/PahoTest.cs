using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Femto.Host.Test;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Client.Test;

/// <summary>MqttClient and Eclipse Paho ask each other, through Mosquitto and through Femto. And a client that is
/// killed: its will is published.</summary>
[TestClass]
public sealed class PahoTest
{
    private const int Forever = 60000;      // a hang, no measure

    private static Mosquitto mosquitto;
    private static FemtoProcess femto;

    private readonly Recorder got = new();

    [ClassInitialize]
    public static void Begin(TestContext _)
    {
        mosquitto = Mosquitto.Run();
        femto = FemtoProcess.Start();
    }

    [ClassCleanup]
    public static void End()
    {
        mosquitto.Dispose();
        femto.Dispose();
    }

    [TestMethod]
    [DataRow("mosquitto")]
    [DataRow("femto")]
    public void PahoAnswersOurRequests(string broker)
    {
        using Process paho = Paho(Port(broker), "respond", "paho/upper");
        Assert.AreEqual("ready", paho.StandardOutput.ReadLine());
        MqttClient client = Clients.Connected(Port(broker), Clients.Options(5, "asks-paho"), got);
        var requests = new MqttRequests(client, Clients.Utf8("reply/asks-paho"), 8);
        got.WaitEvent("subscribed 1 0x01");
        byte[] topic = Clients.Utf8("paho/upper");
        var expected = new List<string>();
        for (int i = 0; i < 8; i++)
        {
            byte[] text = Clients.Utf8("question " + i);
            int number = requests.Send(topic, 0, topic.Length, text, 0, text.Length, 1, Forever, Forever, got);
            Assert.IsTrue(number > 0, number.ToString());
            expected.Add($"{number} QUESTION {i}");
        }
        CollectionAssert.AreEquivalent(expected, got.WaitMessages(8));
        Assert.IsTrue(client.Close(Forever));
        Ended(paho);
    }

    [TestMethod]
    [DataRow("mosquitto")]
    [DataRow("femto")]
    public void WeAnswerPahosRequests(string broker)
    {
        MqttClient server = Clients.Connected(Port(broker), Clients.Options(5, "answers-paho"), got);
        server.Subscribe("ours/upper", 1, new Upper());
        got.WaitEvent("subscribed 1 0x01");
        using Process paho = Paho(Port(broker), "ask", "ours/upper", "reply/paho", "one", "two", "three");
        string[] lines = paho.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        CollectionAssert.AreEqual(new[] { "ready", "ONE for one", "TWO for two", "THREE for three" }, lines);
        Ended(paho);
        Assert.IsTrue(server.Close(Forever));
    }

    [TestMethod]
    [DataRow("mosquitto", 4)]
    [DataRow("mosquitto", 5)]
    [DataRow("femto", 4)]
    [DataRow("femto", 5)]
    public void AKilledClientsWillIsPublished(string broker, int version)
    {
        string topic = "will/" + version;
        MqttClient heir = Clients.Connected(Port(broker), Clients.Options(version, "heir" + version), got);
        heir.Subscribe(topic, 1, got);
        got.WaitEvent("subscribed 1 0x01");
        using Process doomed = Process.Start(new ProcessStartInfo("dotnet",
            [Doomed(), Port(broker).ToString(), version.ToString(), topic]) { RedirectStandardOutput = true });
        Assert.AreEqual("connected", doomed.StandardOutput.ReadLine());
        Assert.IsEmpty(got.Messages);
        doomed.Kill();
        Assert.AreEqual(topic + " died 1", got.WaitMessages(1)[0]);
        // Retained, for who comes late.
        var late = new Recorder();
        MqttClient visitor = Clients.Connected(Port(broker), Clients.Options(version, "visitor" + version), late);
        visitor.Subscribe(topic, 1, late);
        Assert.AreEqual(topic + " died 1 r", late.WaitMessages(1)[0]);
        Assert.IsTrue(visitor.Close(Forever));
        Assert.IsTrue(heir.Close(Forever));
    }

    private static int Port(string broker) => broker == "femto" ? femto.Port : mosquitto.Port;

    // The system's own Python: another one earlier on PATH does not see the packages that apt installs.
    private static Process Paho(int port, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("/usr/bin/python3",
            [Path.Combine(AppContext.BaseDirectory, "peer.py"), port.ToString(), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        });

    private static void Ended(Process paho)
    {
        paho.StandardInput.Close();
        Assert.IsTrue(paho.WaitForExit(Forever));
        Assert.AreEqual(0, paho.ExitCode);
    }

    private static string Doomed()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(folder.Parent.Parent.FullName, "Femto.Client.Doomed", folder.Name,
            "Femto.Client.Doomed.dll");
    }

    private sealed class Upper : IMessageSink
    {
        public int Message(MqttClient client, ClientMessage m)
        {
            byte[] answer = Clients.Utf8(m.PayloadText().ToUpperInvariant());
            Assert.AreEqual(Fault.None, client.Reply(m, answer, 0, answer.Length));
            return 0;
        }
    }
}
