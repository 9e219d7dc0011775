using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Femto.Client.Test;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Host.Test;

/// <summary>The words of a bridge's section, from the file to what the upstream sees.</summary>
[TestClass]
public sealed class BridgeFileTest
{
    private readonly int port = Mosquitto.FreePort();
    private string file;

    [TestInitialize]
    public void Begin() => file = Path.GetTempFileName();

    [TestCleanup]
    public void End() => File.Delete(file);

    [TestMethod]
    [DataRow(4)]
    [DataRow(5)]
    public void TlsCarriesBothWays(int version)
    {
        using var above = new Mosquitto(lines: Tls("server"));
        using FemtoProcess femto = Start(above.Port, version, "bridge_cafile " + Certificates.Ca);
        StringAssert.Contains(femto.Line("bridge cloud to"), ", TLS, ");
        femto.Line("cloud: connected to localhost:" + above.Port);
        Down(femto, above, []);
        Up(femto, above, []);
    }

    [TestMethod]
    [DataRow(4)]
    [DataRow(5)]
    public void MutualTlsCarriesBothWays(int version)
    {
        string[] own = ["bridge_certfile " + Certificates.In("client.crt"),
            "bridge_keyfile " + Certificates.In("client.key")];
        using var above = new Mosquitto(lines: [.. Tls("server"), "cafile " + Certificates.Ca,
            "require_certificate true",
            "use_identity_as_username true"]);
        using FemtoProcess femto = Start(above.Port, version, ["bridge_cafile " + Certificates.Ca, .. own]);
        femto.Line("cloud: connected to localhost:" + above.Port);
        Down(femto, above, own);
        Up(femto, above, own);
    }

    [TestMethod]
    [DataRow("server", "other.crt", "", "does not descend from")]
    [DataRow("elsewhere", "ca.crt", "", "is for elsewhere.example, not for localhost")]
    [DataRow("expired", "ca.crt", "bridge_insecure true", "expired on")]
    public void WrongUpstreamIsRefusedWithItsReason(string certificate, string ca, string more, string why)
    {
        using var above = new Mosquitto(lines: Tls(certificate));
        using FemtoProcess femto = Start(above.Port, 4, "bridge_cafile " + Certificates.In(ca), more);
        femto.Line("cloud: not connected: ", why, "next try in 1 s");
        Assert.IsFalse(femto.Lines().Any(l => l.Contains("cloud: connected")));
    }

    [TestMethod]
    public void UpstreamWithoutOurCertificateIsTold()
    {
        using var above = new Mosquitto(lines: [.. Tls("server"), "cafile " + Certificates.Ca,
            "require_certificate true"]);
        using FemtoProcess femto = Start(above.Port, 4, "bridge_cafile " + Certificates.Ca);
        femto.Line("cloud: not connected: ", "the server ");
        Assert.IsFalse(femto.Lines().Any(l => l.Contains("cloud: connected")));
    }

    [TestMethod]
    public void InsecureLeavesOutTheName()
    {
        using var above = new Mosquitto(lines: Tls("elsewhere"));
        using FemtoProcess femto = Start(above.Port, 4, "bridge_cafile " + Certificates.Ca, "bridge_insecure true");
        femto.Line("cloud: connected to localhost:" + above.Port);
    }

    [TestMethod]
    public void TopicAliasesAsManyAsSaid()
    {
        using var above = new Upstream();
        using FemtoProcess femto = Start(above.Port, 5, "bridge_max_topic_alias 3", "remote_clientid me");
        Upstream.Connect connect = above.Accept();
        Assert.AreEqual(3, connect.TopicAliasMaximum);
        Assert.AreEqual("me", connect.ClientId);
        above.Welcome(5);
        using RawClient below = new RawClient(port).Connect("below");
        below.Subscribe("down/#");
        // Alias 3 is set, and used.
        above.Send(0x30, [0, 6, .. "down/a"u8, 3, 0x23, 0, 3, (byte)'1']);
        above.Send(0x30, [0, 0, 3, 0x23, 0, 3, (byte)'2']);
        Assert.AreEqual("down/a 1", below.Message());
        Assert.AreEqual("down/a 2", below.Message());
        // Alias 4 is one too many.
        above.Send(0x30, [0, 6, .. "down/a"u8, 3, 0x23, 0, 4, (byte)'3']);
        byte[] end = above.Packet(14, 5);
        Assert.AreEqual(0x94, end[2], "DISCONNECT: topic alias invalid");
    }

    [TestMethod]
    public void NoTopicAliasesWhenNone()
    {
        using var above = new Upstream();
        using FemtoProcess femto = Start(above.Port, 5, "bridge_max_topic_alias 0");
        Assert.IsTrue(above.Accept().TopicAliasMaximum <= 0);
    }

    [TestMethod]
    public void ReceiveMaximumAsSaid()
    {
        using var above = new Upstream();
        using FemtoProcess femto = Start(above.Port, 5, "bridge_receive_maximum 3");
        Assert.AreEqual(3, above.Accept().ReceiveMaximum);
        above.Welcome(5);
        for (byte id = 1; id <= 3; id++)
        {
            above.Send(0x34, [0, 6, .. "down/a"u8, 0, id, 0, id]);
            CollectionAssert.AreEqual(new byte[] { 0, id }, above.Packet(5, 5)[2..4], "PUBREC");
        }
        above.Send(0x34, [0, 6, .. "down/a"u8, 0, 4, 0, 4]);
        CollectionAssert.AreEqual(new byte[] { 0, 4 }, above.Packet(5, 5)[2..4], "one too many is borne with");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void TryPrivateThenAsAnOrdinaryClient(bool silent)
    {
        using var above = new Upstream();
        using FemtoProcess femto = Start(above.Port, 4, "try_private true");
        Assert.AreEqual(0x84, above.Accept().Level);
        if (!silent)
        {
            above.Send(0x20, [0, 1]);
        }
        above.Close();
        Assert.AreEqual(4, above.Accept().Level);
        above.Welcome(4);
        femto.Line("cloud: connected to localhost:" + above.Port);
    }

    [TestMethod]
    public void WithoutTryPrivateAlwaysAnOrdinaryClient()
    {
        using var above = new Upstream();
        using FemtoProcess femto = Start(above.Port, 4, "try_private false");
        Assert.AreEqual(4, above.Accept().Level);
        above.Close();
        femto.Line("cloud: not connected: ", "next try in 1 s");
        Assert.AreEqual(4, above.Accept().Level);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void VersionFiveMarksItselfWhenItMay(bool may)
    {
        using var above = new Upstream();
        using FemtoProcess femto = Start(above.Port, 5, "try_private " + (may ? "true" : "false"));
        Upstream.Connect connect = above.Accept();
        Assert.AreEqual(5, connect.Level);
        Assert.AreEqual(may, connect.Marked);
    }

    [TestMethod]
    [DataRow("local_clientid spool", "spool")]
    [DataRow("", "local.me")]
    public void LocalClientIdIsTheSpools(string line, string id)
    {
        using var above = new Upstream();
        using FemtoProcess femto = Start(above.Port, 4, "remote_clientid me", line);
        Assert.AreEqual("me", above.Accept().ClientId);
        // Nobody else may have it.
        using var other = new RawClient(port);
        byte[] text = Encoding.ASCII.GetBytes(id);
        other.Send(0x10, [0, 4, .. "MQTT"u8, 4, 2, 0, 0, 0, (byte)text.Length, .. text]);
        CollectionAssert.AreEqual(new byte[] { 0x20, 2, 0, 2 }, other.Packet());
        using RawClient free = new RawClient(port).Connect(line == "" ? "spool" : "local.me");
    }

    [TestMethod]
    [DataRow("", " retained")]
    [DataRow("bridge_outgoing_retain true", " retained")]
    [DataRow("bridge_outgoing_retain false", null)]
    public void OutgoingRetainAsSaid(string line, string expected)
    {
        using var above = new Mosquitto();
        using FemtoProcess femto = Start(above.Port, 4, line);
        femto.Line("cloud: connected");     // what is retained then is sent up once more
        using RawClient live = new RawClient(above.Port).Connect("live"), below = new RawClient(port).Connect("below");
        live.Subscribe("up/#");
        below.Deliver("up/a", "1", retain: true);
        Assert.AreEqual("up/a 1", live.Message());
        using RawClient later = new RawClient(above.Port).Connect("later");
        later.Subscribe("up/#");
        below.Deliver("up/b", "2");
        Assert.AreEqual(expected == null ? "up/b 2" : "up/a 1" + expected, later.Message());
    }

    [TestMethod]
    public void LazyWaitsForTheThresholdAndLeavesWhenIdle()
    {
        using var above = new Upstream();
        using FemtoProcess femto = Start(above.Port, 4, "start_type lazy", "threshold 3", "idle_timeout 1",
            "try_private false");
        using RawClient below = new RawClient(port).Connect("below");
        below.Deliver("up/a", "1");
        below.Deliver("up/a", "2");
        Assert.IsFalse(femto.Lines().Any(l => l.Contains("cloud: connecting")));
        below.Deliver("up/a", "3");
        above.Accept();
        above.Welcome(4);
        for (int i = 1; i <= 3; i++)
        {
            byte[] message = above.Packet(3, 4);
            Assert.AreEqual('0' + i, message[^1]);
            above.Send(0x40, message[8..10]);
        }
        femto.Line("cloud: left the upstream, next try when 3 messages wait, 0 messages wait");
    }

    [TestMethod]
    public void OnceIsOnce()
    {
        using (FemtoProcess femto = Start(Mosquitto.FreePort(), 4, "start_type once"))
        {
            femto.Line("cloud: not connected: ", "no further try");
        }
        using var above = new Upstream();
        using FemtoProcess second = Start(above.Port, 4, "start_type once", "try_private false");
        above.Accept();
        above.Welcome(4);
        second.Line("cloud: connected");
        above.Close();
        second.Line("cloud: connection lost: ", "no further try");
        using RawClient below = new RawClient(port).Connect("below");
        below.Ping();
    }

    [TestMethod]
    public void ListenerWithoutAnAddressIsOnBothProtocols()
    {
        File.WriteAllText(file, $"listener {port}\nallow_anonymous true\n");
        using FemtoProcess femto = FemtoProcess.StartOnly("--config", file);
        string line = femto.Line("listening on ");
        StringAssert.EndsWith(line, (Socket.OSSupportsIPv6 ? "[::]:" : "0.0.0.0:") + port);
        using RawClient four = new RawClient(port).Connect("four");
        four.Subscribe("a");
        IPAddress other = Socket.OSSupportsIPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        using RawClient six = new RawClient(other, port).Connect("six");
        six.SendRaw(six.Publish("a", "1"u8.ToArray()));
        Assert.AreEqual("a 1", four.Message());
        // As people know the address, not as a socket for both protocols has it.
        femto.Line("connect ", "four from 127.0.0.1:");
        femto.Line("connect ", Socket.OSSupportsIPv6 ? "six from [::1]:" : "six from 127.0.0.1:");
    }

    private static string[] Tls(string certificate) =>
        ["certfile " + Certificates.In(certificate + ".crt"), "keyfile " + Certificates.In(certificate + ".key")];

    private FemtoProcess Start(int above, int version, params string[] lines)
    {
        File.WriteAllText(file, $"listener {port} 127.0.0.1\nallow_anonymous true\nconnection cloud\n"
            + $"address localhost:{above}\ntopic up/# out 1\ntopic down/# in 2\nrestart_timeout 1\n"
            + $"bridge_protocol_version {(version == 5 ? "mqttv50" : "mqttv311")}\nnotifications false\n"
            + string.Concat(lines.Select(l => l + "\n")));
        return FemtoProcess.Start("--config", file);
    }

    // A retained message comes whenever the bridge's subscription stands.
    private void Down(FemtoProcess femto, Mosquitto above, string[] own)
    {
        using RawClient below = new RawClient(port).Connect("below");
        below.Subscribe("down/#");
        Client(above, "mosquitto_pub", own, "-t", "down/1", "-m", "falling", "-q", "1", "-r");
        StringAssert.StartsWith(below.Message(), "down/1 falling");
    }

    // What went up, retained, is there for who comes later; the upstream has acknowledged it when the spool is empty.
    private void Up(FemtoProcess femto, Mosquitto above, string[] own)
    {
        using RawClient below = new RawClient(port).Connect("below");
        below.Deliver("up/1", "rising", retain: true);
        Assert.AreEqual("up/1 rising\n", Client(above, "mosquitto_sub", own, "-t", "up/1", "-v", "-C", "1",
            "-W", "20"));
    }

    private static string Client(Mosquitto above, string program, string[] own, params string[] arguments)
    {
        string[] files = own.Length == 0 ? []
            : ["--cert", own[0].Split(' ')[1], "--key", own[1].Split(' ')[1]];
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program,
            ["-h", "localhost", "-p", above.Port.ToString(), "--cafile", Certificates.Ca, .. files, .. arguments])
        {
            RedirectStandardOutput = true,
        });
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, program);
        return said;
    }
}
