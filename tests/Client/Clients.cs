using System.Text;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Client.Test;

/// <summary>Clients as the tests need them.</summary>
internal static class Clients
{
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static ClientOptions Options(int version, string id) => new()
    {
        Version = version,
        ClientId = Utf8(id),
    };

    public static ClientOptions Persistent(int version, string id) => new()
    {
        Version = version,
        ClientId = Utf8(id),
        CleanStart = false,
        SessionExpiry = 3600,
    };

    public static MqttClient Make(int port, ClientOptions options, Recorder events = null, bool board = false) =>
        Make(new TransportOptions { Host = "127.0.0.1", Port = port }, options, events, board);

    public static MqttClient Make(
        TransportOptions where, ClientOptions options, Recorder events = null, bool board = false) =>
        new(board ? new BoardTransport() : new PcTransport(), where, options, ClientLimits.Large(), 8)
        {
            Events = events,
            RetryBaseMs = 100,
            RetryCapMs = 1000,
            AskMs = 2,
        };

    public static MqttClient Connected(int port, ClientOptions options, Recorder events = null, bool board = false)
    {
        MqttClient client = Make(port, options, events, board);
        client.Start();
        Assert.AreEqual(0, client.Connect(10000), client.Error);
        return client;
    }

    public static void Publish(this MqttClient client, string topic, string payload, int qos = 0,
        bool retain = false) =>
        Assert.AreEqual(Fault.None, client.Publish(topic, payload, qos, retain, 10000));
}
