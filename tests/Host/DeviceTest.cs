using System;
using System.Globalization;
using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Host.Test;

/// <summary>The sensor app on the PC, as others see it: Mosquitto's tools and Paho, MQTT 5 and 3.1.1, here and at the
/// upstream.</summary>
[TestClass]
public sealed class DeviceTest
{
    private const string Python = "/usr/bin/python3";

    // Asks for a ping with correlation data by MQTT 5, and an interval by 3.1.1; prints the answers.
    private const string Paho = """
        import sys
        import paho.mqtt.client as mqtt
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties
        version, port = int(sys.argv[1]), int(sys.argv[2])
        client = mqtt.Client('paho', protocol=mqtt.MQTTv5 if version == 5 else mqtt.MQTTv311)
        def message(client, user, m):
            correlation = m.properties.CorrelationData.decode() if version == 5 else '-'
            print(m.topic, m.payload.decode(), correlation, flush=True)
            client.disconnect()
        def subscribed(*rest):
            properties = None
            if version == 5:
                properties = Properties(PacketTypes.PUBLISH)
                properties.ResponseTopic = 'femto/d/reply/paho'
                properties.CorrelationData = b'c-17'
            client.publish('femto/d/cmd/interval', 'temperature 0.5', qos=1, properties=properties)
        client.on_message = message
        client.on_subscribe = subscribed
        client.connect('127.0.0.1', port)
        client.subscribe('femto/d/reply/#', qos=1)
        client.loop_forever()
        """;

    private string folder, file, box;

    [TestInitialize]
    public void Begin()
    {
        folder = Directory.CreateTempSubdirectory("femto-device-").FullName;
        file = Path.Combine(folder, "site.conf");
        box = Path.Combine(folder, "box");
    }

    [TestCleanup]
    public void End() => Directory.Delete(folder, true);

    private void Write(int port, int upstream) => File.WriteAllText(file, $"""
        listener {port} 127.0.0.1
        allow_anonymous true
        limits esp32
        device d
        blackbox_file {box}
        sensor temperature
        sensor_source simulated temperature
        sensor_interval 0.2
        connection cloud
        address 127.0.0.1:{upstream}
        remote_clientid d
        restart_timeout 1
        bridge_protocol_version mqttv50
        topic femto/# out 1
        topic femto/+/cmd/# in 1
        aggregate femto/+/sensor/+ batch 3 5
        aggregate_topics 1
        """);

    private static Tool Listen(int port, string filter, params string[] options) => new("mosquitto_sub",
        ["-p", port.ToString(CultureInfo.InvariantCulture), "-v", "-t", filter, .. options]);

    private static string Port(int port) => port.ToString(CultureInfo.InvariantCulture);

    [TestMethod]
    public void OthersCommandItHereAndFromAbove()
    {
        using var upstream = new Mosquitto();
        int port = Mosquitto.FreePort();
        Write(port, upstream.Port);
        using Tool above = Listen(upstream.Port, "femto/#");
        using var femto = FemtoProcess.Start("--config", file);
        femto.Line("memory: together");
        above.Next("femto/d/status", "\"status\":\"online\"");
        above.Next("femto/d/sensor/temperature", "\"v\":[");
        foreach (int at in new[] { port, upstream.Port })
        {
            // Mosquitto's tool for request and response.
            string answer = Tool.Run("mosquitto_rr", "-V", "5", "-p", Port(at), "-t", "femto/d/cmd/ping", "-m", "x",
                "-e", "femto/d/reply/rr", "-W", "15");
            StringAssert.StartsWith(answer, "{\"ok\":true,\"uptime\":");
            answer = Tool.Run("mosquitto_rr", "-V", "5", "-p", Port(at), "-t", "femto/d/cmd/interval", "-m", "x 1",
                "-e", "femto/d/reply/rr", "-W", "15");
            StringAssert.StartsWith(answer, "{\"ok\":false,\"error\":\"there is no sensor x\"");
            // And Paho by both versions.
            StringAssert.Matches(Tool.Run(Python, "-c", Paho, "5", Port(at)), new System.Text.RegularExpressions.Regex(
                "^femto/d/reply/paho {\"ok\":true,\"sensor\":\"temperature\",\"interval\":0.5,\"t\":[0-9]+} c-17$"));
            StringAssert.Matches(Tool.Run(Python, "-c", Paho, "4", Port(at)), new System.Text.RegularExpressions.Regex(
                "^femto/d/reply/interval {\"ok\":true,\"sensor\":\"temperature\",\"interval\":0.5,\"t\":[0-9]+} -$"));
        }
        femto.Terminate();
        Assert.AreEqual(0, femto.Ended());
        above.Next("femto/d/status {\"status\":\"offline\"}");
    }

    [TestMethod]
    public void WhoKillsItHearsThatItIsOffline()
    {
        using var upstream = new Mosquitto();
        int port = Mosquitto.FreePort();
        Write(port, upstream.Port);
        using Tool above = Listen(upstream.Port, "femto/d/status", "-V", "5");
        var femto = FemtoProcess.Start("--config", file);
        above.Next("\"status\":\"online\"");
        using Tool here = Listen(port, "femto/d/#");
        here.Next("femto/d/status", "\"status\":\"online\"");
        femto.Dispose();                    // SIGKILL
        above.Next("{\"status\":\"offline\"}");
        using var again = FemtoProcess.Start("--config", file);
        here.Next("femto/d/status", "\"boot\":\"crash\"");      // it connects again by itself
        above.Next("\"status\":\"online\"", "\"boot\":\"crash\"");
        here.Next("femto/d/blackbox", "\"event\":\"boot\"");
        // Whoever asks it to boot sees it go and come.
        Tool.Run("mosquitto_pub", "-p", Port(upstream.Port), "-t", "femto/d/cmd/reboot", "-n");
        above.Next("{\"status\":\"offline\"}");
        above.Next("\"status\":\"online\"", "\"boot\":\"command\"");
        again.Line("device", "starts again");
    }

    [TestMethod]
    [DataRow("sensor_source simulated wind", "sensor: sensor_source simulated wind: simulated temperature, humidity")]
    [DataRow("sensor_source adc 34", "sensor: sensor_source adc 34: a PC has simulated sensors")]
    [DataRow("sensor_source simulated power\nsensor_topic " + Long, "sensor: sensor temperature: its topic is longer")]
    public void WhatIsWrongIsToldWithItsLine(string line, string told)
    {
        File.WriteAllText(file, "limits esp32\ndevice d\nsensor temperature\n" + line + "\n");
        (int exitCode, _, string error) = FemtoProcess.Run("--check-config", file);
        Assert.AreEqual(2, exitCode);
        StringAssert.StartsWith(error, $"femto: {file}:3: {told}");
    }

    private const string A40 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Long = A40 + A40 + A40 + A40;
}
