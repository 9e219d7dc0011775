using System.Linq;
using System.Net;
using System.Net.Sockets;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Host.Test;

[TestClass]
public sealed class CommandLineTest
{
    [TestMethod]
    [DataRow("70000", "--port", "70000")]
    [DataRow("-1", "--port", "-1")]
    [DataRow("mqtt", "--port", "mqtt")]
    [DataRow("--port", "--port")]
    [DataRow("300.0.0.1", "--bind", "300.0.0.1")]
    [DataRow("somewhere", "--bind", "somewhere")]
    [DataRow("192.0.2.1", "--bind", "192.0.2.1")]
    [DataRow("huge", "--limits", "huge")]
    [DataRow("--quiet", "--quiet")]
    [DataRow("extra", "extra")]
    public void WrongUseIsToldInOneLine(string named, params string[] arguments)
    {
        var (exitCode, output, error) = FemtoProcess.Run(arguments);
        Assert.AreEqual(2, exitCode, error);
        Assert.AreEqual("", output);
        OneLine(error, named);
    }

    [TestMethod]
    public void PortInUse()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        string port = ((IPEndPoint)other.LocalEndPoint).Port.ToString();
        var (exitCode, output, error) = FemtoProcess.Run("--port", port);
        Assert.AreEqual(2, exitCode, error);
        Assert.AreEqual("", output);
        OneLine(error, port + " on 127.0.0.1 is in use");
    }

    [TestMethod]
    public void HelpListsEveryOption()
    {
        var (exitCode, output, error) = FemtoProcess.Run("--help");
        Assert.AreEqual(0, exitCode);
        Assert.AreEqual("", error);
        foreach (string option in new[] { "--port", "--bind", "--limits", "--config", "--check-config", "--no-sensor",
            "--verbose" })
        {
            StringAssert.Contains(output, option);
        }
    }

    [TestMethod]
    [DataRow("tiny")]
    [DataRow("esp32")]
    [DataRow("esp32-psram")]
    [DataRow("host")]
    public void StartTellsWhatRuns(string limits)
    {
        using FemtoProcess femto = FemtoProcess.Start("--limits", limits);
        femto.Line("Femto ", "MQTT 5.0 and 3.1.1");
        StringAssert.Matches(femto.Line("limits " + limits), new(@"at most [1-9]\d+ bytes of RAM"));
        femto.Line("simulated sensor", "femto/demo/temperature");
    }

    [TestMethod]
    public void PortIsFreeAgainAtOnce()
    {
        int port;
        using (FemtoProcess first = FemtoProcess.Start("--no-sensor"))
        {
            port = first.Port;
            using RawClient client = new RawClient(port).Connect("client");
            first.Interrupt();
            Assert.AreEqual(0, first.Ended());
        }
        using FemtoProcess second = FemtoProcess.Start("--no-sensor", "--port", port.ToString());
        Assert.AreEqual(port, second.Port);
    }

    private static void OneLine(string error, string named)
    {
        StringAssert.StartsWith(error, "femto: ");
        StringAssert.Contains(error, named);
        Assert.AreEqual(1, error.TrimEnd('\n').Split('\n').Count(), error);
    }
}
