using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using Femto.Client.Test;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Host.Test;

/// <summary>Whole bridge sections: several addresses, accounts, notifications, sizes, and the examples of Mosquitto's
/// manual and of guides for it.</summary>
[TestClass]
public sealed class BridgeSectionTest
{
    private readonly int port = Mosquitto.FreePort();
    private string file;

    [TestInitialize]
    public void Begin() => file = Path.GetTempFileName();

    [TestCleanup]
    public void End() => File.Delete(file);

    [TestMethod]
    public void RoundRobinStaysWhereItIsUntilThatFails()
    {
        using Upstream one = new(), two = new();
        using FemtoProcess femto = Start($"""
            connection cloud
            addresses localhost:{one.Port} localhost:{two.Port}
            round_robin true
            topic up/# out 1
            restart_timeout 1
            notifications false
            try_private false
            """);
        one.Accept();
        one.Welcome(4);
        femto.Line("cloud: connected to localhost:" + one.Port);
        one.Close();
        two.Accept();
        two.Welcome(4);
        femto.Line("cloud: connected to localhost:" + two.Port);
        // The first one listens all the time. What is published goes to the second.
        using RawClient below = new RawClient(port).Connect("below");
        below.Deliver("up/a", "1");
        Assert.AreEqual("up/a", Encoding.ASCII.GetString(two.Packet(3, 4)[4..8]));
        two.Close();
        one.Accept();
        one.Welcome(4);
        femto.Line("cloud: connection lost: ", "next try in 1 s, 1 message waits");
        femto.Line("cloud: the upstream lost the session: 1 message on the way is published anew and may arrive twice");
        byte[] anew = one.Packet(3, 4);
        Assert.AreEqual(0x32, anew[0], "anew: without DUP");
        Assert.AreEqual("up/a", Encoding.ASCII.GetString(anew[4..8]));
    }

    [TestMethod]
    public void WithoutRoundRobinTheFirstIsGoneBackTo()
    {
        int first = Mosquitto.FreePort();
        using Upstream two = new();
        using FemtoProcess femto = Start($"""
            connection cloud
            address localhost:{first} localhost:{two.Port}
            topic up/# out 1
            restart_timeout 1
            notifications false
            try_private false
            """);
        femto.Line("cloud: not connected: ", "next try at once");
        two.Accept();
        two.Welcome(4);
        femto.Line("cloud: connected to localhost:" + two.Port);
        using var one = new Mosquitto(first);
        Assert.AreEqual(0xE0, two.Packet(14, 4)[0], "DISCONNECT");
        femto.Line("cloud: left the upstream, next try at once");
        femto.Line("cloud: connected to localhost:" + first);
    }

    [TestMethod]
    [DataRow("secret # and more", true)]
    [DataRow("secret", false)]
    public void AnAccountAtTheUpstream(string password, bool good)
    {
        string accounts = Path.GetTempFileName();
        try
        {
            Run("mosquitto_passwd", "-b", "-c", accounts, "site 7", "secret # and more");
            using var above = new Mosquitto(lines: ["allow_anonymous false", "password_file " + accounts]);
            using FemtoProcess femto = Start($"""
                connection cloud
                address localhost:{above.Port}
                topic up/# out 1
                remote_username site 7
                remote_password {password}
                """);
            if (good)
            {
                femto.Line("cloud: connected to localhost:" + above.Port);
            }
            else
            {
                femto.Line("cloud: not connected: ", "not authorized", "next try in ");
            }
        }
        finally
        {
            File.Delete(accounts);
        }
    }

    [TestMethod]
    [DataRow("", "$SYS/broker/connection/me/state", true)]
    [DataRow("notification_topic state/of/me", "state/of/me", true)]
    [DataRow("notifications_local_only true", "$SYS/broker/connection/me/state", false)]
    public void NotificationsOnBothSides(string line, string topic, bool far)
    {
        using var above = new Mosquitto();
        using RawClient there = new RawClient(above.Port).Connect("there");
        there.Subscribe(topic);
        using FemtoProcess femto = Start($"""
            connection cloud
            address localhost:{above.Port}
            topic up/# out 1
            remote_clientid me
            {line}
            """);
        femto.Line("cloud: connected");
        using (RawClient here = new RawClient(port).Connect("here"))
        {
            here.Subscribe(topic);
            Assert.AreEqual(topic + " 1 retained", here.Message());
            here.Deliver("up/mark", "2");
        }
        if (far)
        {
            Assert.AreEqual(topic + " 1", there.Message());
        }
        femto.Terminate();
        Assert.AreEqual(0, femto.Ended());
        if (far)
        {
            Assert.AreEqual(topic + " 0", there.Message());
        }
        using RawClient later = new RawClient(above.Port).Connect("later");
        later.Subscribe("mark");
        later.Subscribe(topic);
        later.SendRaw(later.Publish("mark", "3"u8.ToArray()));
        Assert.AreEqual(far ? topic + " 0 retained" : "mark 3", later.Message());
    }

    [TestMethod]
    public void NoNotifications()
    {
        using var above = new Mosquitto();
        using RawClient there = new RawClient(above.Port).Connect("there");
        there.Subscribe("#");
        there.Subscribe("$SYS/broker/connection/#");
        using FemtoProcess femto = Start($"""
            connection cloud
            address localhost:{above.Port}
            topic up/# out 1
            notifications false
            """);
        femto.Line("cloud: connected");
        using RawClient here = new RawClient(port).Connect("here");
        here.Subscribe("$SYS/broker/connection/#");
        here.Subscribe("mark");
        here.Deliver("up/1", "2");
        Assert.AreEqual("up/1 2", there.Message());
        here.SendRaw(here.Publish("mark", "3"u8.ToArray()));
        Assert.AreEqual("mark 3", here.Message());
    }

    [TestMethod]
    [DataRow("mqttv311")]
    [DataRow("mqttv50")]
    public void LargerThanThePacketsForTheUpstreamIsToldAndLeftOut(string version)
    {
        using var above = new Mosquitto();
        using RawClient there = new RawClient(above.Port).Connect("there");
        there.Subscribe("up/#");
        using FemtoProcess femto = Start($"""
            connection cloud
            address localhost:{above.Port}
            bridge_protocol_version {version}
            topic up/# out 1
            bridge_max_packet_size 100
            """);
        femto.Line("cloud: connected");
        using RawClient here = new RawClient(port).Connect("here");
        here.Deliver("up/a", new string('x', 101));
        here.Deliver("up/b", new string('y', 80));
        Assert.AreEqual("up/b " + new string('y', 80), there.Message());
        femto.Line("cloud: a message was not taken upstream: TooLarge");
    }

    // A 3.1.1 upstream cannot be told how large a packet may be. Closing would bring the same one again for ever.
    [TestMethod]
    public void LargerThanThePacketsFromTheUpstreamIsToldAndLeftOut()
    {
        using var above = new Mosquitto();
        using FemtoProcess femto = Start($"""
            max_packet_size 300
            connection cloud
            address localhost:{above.Port}
            topic down/# in 2
            """);
        femto.Line("cloud: connected");
        using RawClient here = new RawClient(port).Connect("here");
        here.Subscribe("down/#");
        Run("mosquitto_pub", "-p", above.Port.ToString(), "-q", "2", "-r", "-t", "down/large", "-m",
            new string('x', 400));
        femto.Line("cloud: a message of ", "larger than the bridge takes, and is discarded: down/large");
        Run("mosquitto_pub", "-p", above.Port.ToString(), "-q", "2", "-r", "-t", "down/small", "-m", "1");
        StringAssert.StartsWith(here.Message(), "down/small 1");
        Assert.IsFalse(femto.Lines().Any(l => l.Contains("connection lost")));
    }

    // mosquitto.conf(5), "Example Bridge Topic Remapping": the host's name and port alone are others.
    [TestMethod]
    public void RemappingOfTheManual()
    {
        using var above = new Mosquitto(lines: "sys_interval 1");
        using FemtoProcess femto = Start($"""
            connection test-mosquitto-org
            address localhost:{above.Port}
            cleansession true
            topic clients/total in 0 test/mosquitto/org/ $SYS/broker/
            """);
        using RawClient below = new RawClient(port).Connect("below");
        below.Subscribe("test/#");
        StringAssert.StartsWith(below.Message(), "test/mosquitto/org/clients/total ");
    }

    // mosquitto.conf(5), the table of patterns and prefixes under "topic"; then the tree of topics behind it.
    [TestMethod]
    [DataRow("topic pattern both 1 L/ R/", "L/pattern", "R/pattern")]
    [DataRow("topic pattern both 1 L/ \"\"", "L/pattern", "pattern")]
    [DataRow("topic pattern both 1 \"\" R/", "pattern", "R/pattern")]
    [DataRow("topic pattern both 1 \"\" \"\"", "pattern", "pattern")]
    [DataRow("topic \"\" both 1 local remote", "local", "remote")]
    [DataRow("topic \"\" both 1 local \"\"", null, null)]
    [DataRow("topic \"\" both 1 \"\" remote", null, null)]
    [DataRow("topic \"\" both 1 \"\" \"\"", null, null)]
    [DataRow("topic # both 2 local/topic/ remote/topic/", "local/topic/a/b", "remote/topic/a/b")]
    public void PrefixesOfTheManual(string topic, string here, string there)
    {
        using var above = new Mosquitto();
        string section = $"connection b\naddress localhost:{above.Port}\n{topic}\n";
        if (here == null)
        {
            File.WriteAllText(file, section);
            var (exitCode, _, error) = FemtoProcess.Run("--check-config", file);
            Assert.AreEqual(2, exitCode);
            StringAssert.StartsWith(error, $"femto: {file}:3: topic: without a pattern both prefixes are needed");
            return;
        }
        using RawClient up = new RawClient(above.Port).Connect("up");
        up.Subscribe(there);
        using FemtoProcess femto = Start(section);
        femto.Line("b: connected");
        using RawClient below = new RawClient(port).Connect("below");
        below.Deliver(here, "up");
        Assert.AreEqual(there + " up", up.Message());
        below.Subscribe(here);
        // Retained, so that it comes whenever the bridge's subscription stands.
        using RawClient from = new RawClient(above.Port).Connect("from");
        from.Deliver(there, "down", retain: true);
        StringAssert.StartsWith(below.Message(), here + " down");
    }

    // The section of guides that lead to a cloud with certificates: an account by its certificate, topics of their own.
    [TestMethod]
    public void SectionOfACloudsGuide()
    {
        using var above = new Mosquitto(lines: ["certfile " + Certificates.In("server.crt"),
            "keyfile " + Certificates.In("server.key"), "cafile " + Certificates.Ca, "require_certificate true",
            "use_identity_as_username true", "allow_anonymous false"]);
        using FemtoProcess femto = Start($"""
            # Bridge to the cloud
            connection cloud-iot
            address localhost:{above.Port}

            # Which topics
            topic cloud_to_gateway in 1
            topic gateway_to_cloud out 1
            topic both_directions both 1

            bridge_protocol_version mqttv311
            bridge_insecure false

            cleansession true
            clientid gateway
            start_type automatic
            notifications false
            log_type all

            bridge_cafile {Certificates.Ca}
            bridge_certfile {Certificates.In("client.crt")}
            bridge_keyfile {Certificates.In("client.key")}
            """);
        femto.Line("cloud-iot: connected to localhost:" + above.Port);
        using RawClient below = new RawClient(port).Connect("below");
        below.Subscribe("cloud_to_gateway");
        below.Subscribe("both_directions");
        string[] way = ["-h", "localhost", "-p", above.Port.ToString(), "--cafile", Certificates.Ca, "--cert",
            Certificates.In("client.crt"), "--key", Certificates.In("client.key"), "-q", "1"];
        Run("mosquitto_pub", [.. way, "-t", "cloud_to_gateway", "-m", "1", "-r"]);
        StringAssert.StartsWith(below.Message(), "cloud_to_gateway 1");
        Run("mosquitto_pub", [.. way, "-t", "both_directions", "-m", "2", "-r"]);
        StringAssert.StartsWith(below.Message(), "both_directions 2");
        below.Deliver("gateway_to_cloud", "3", retain: true);
        Assert.AreEqual("gateway_to_cloud 3\n", Run("mosquitto_sub", [.. way, "-t", "gateway_to_cloud", "-v", "-C", "1",
            "-W", "20"]));
    }

    private FemtoProcess Start(string section)
    {
        File.WriteAllText(file, $"listener {port} 127.0.0.1\nallow_anonymous true\n{section}\n");
        return FemtoProcess.Start("--config", file);
    }

    private static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
        });
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, program);
        return said;
    }
}
