using System;
using System.Text;
using BenchmarkDotNet.Attributes;
using Femto.Mqtt;

namespace Femto.Bench;

/// <summary>
/// The codec on the PC, one packet an operation: a topic of 28 bytes in three levels, a payload of 16. A decode
/// is what the broker does with a packet that has come whole, fixed header and every check included.
/// </summary>
[MemoryDiagnoser]
public class CodecBench
{
    private const int TopicLevels = 16;

    private static readonly byte[] topic = Encoding.ASCII.GetBytes("site-01/boiler-7/temperature");
    private static readonly byte[] payload = Encoding.ASCII.GetBytes("21.75 C 12:00:01");

    private readonly PacketReader reader = new();
    private readonly PacketWriter writer = new();
    private readonly TopicPath path = new(TopicLevels, seed: 1);
    private readonly Properties properties = new();
    private readonly Publish publish;
    private readonly Connect connect;
    private readonly Subscribe subscribe;
    private readonly Ack ack;
    private readonly byte[] output = new byte[256];
    private readonly byte[] source;         // topic, then payload: what an encoded packet is made of
    private readonly Properties outProperties = new();
    private readonly Publish outPublish;
    private readonly byte[] publish0, publish5, connect5, subscribe5, puback;

    public CodecBench()
    {
        publish = new Publish(properties, path);
        connect = new Connect(properties, new Properties());
        subscribe = new Subscribe(properties);
        ack = new Ack(properties);
        source = [.. topic, .. payload];
        outPublish = new Publish(outProperties, null)
        {
            Buffer = source,
            TopicLength = topic.Length,
            PayloadOffset = topic.Length,
            PayloadLength = payload.Length,
        };
        byte[] name = [0, (byte)topic.Length, .. topic];
        // Message expiry, content type, one user property.
        byte[] block = [2, 0, 0, 0, 60, 3, 0, 4, .. "text"u8, 38, 0, 4, .. "unit"u8, 0, 1, .. "C"u8];
        publish0 = Packet(0x30, [.. name, .. payload]);
        publish5 = Packet(0x32, [.. name, 0, 7, (byte)block.Length, .. block, .. payload]);
        connect5 = Packet(0x10, [0, 4, .. "MQTT"u8, 5, 2, 0, 60, 5, 17, 0, 0, 14, 16, 0, 8, .. "sensor-1"u8]);
        subscribe5 = Packet(0x82, [0, 1, 0, .. name, 1]);
        puback = Packet(0x40, [0, 7]);
    }

    [Benchmark]
    public int DecodePublishQos0() => (int)publish.Decode(Open(publish0, 4), publish0[0] & 15);

    [Benchmark]
    public int DecodePublishQos1Mqtt5() => (int)publish.Decode(Open(publish5, 5), publish5[0] & 15);

    [Benchmark]
    public int DecodeConnectMqtt5() => (int)connect.Decode(Open(connect5, 5), 0);

    [Benchmark]
    public int DecodeSubscribeMqtt5() => (int)subscribe.Decode(Open(subscribe5, 5), 2);

    [Benchmark]
    public int DecodePuback()
    {
        ack.Type = PacketType.Puback;
        return (int)ack.Decode(Open(puback, 5), 0);
    }

    [Benchmark]
    public int EncodePublishQos0() => Encode(qos: 0, version: 4);

    [Benchmark]
    public int EncodePublishQos1Mqtt5() => Encode(qos: 1, version: 5);

    [Benchmark]
    public int TopicName() => (int)path.Name(topic, 0, topic.Length);

    [Benchmark]
    public bool Utf8Text() => Utf8.IsValid(topic, 0, topic.Length);

    /// <summary>Throws when an operation does not do what its figure would claim.</summary>
    public void Check()
    {
        int faults = DecodePublishQos0() + DecodePublishQos1Mqtt5() + DecodeConnectMqtt5()
            + DecodeSubscribeMqtt5() + DecodePuback() + TopicName();
        if (faults != 0 || !output.AsSpan(0, EncodePublishQos0()).SequenceEqual(publish0))
        {
            throw new InvalidOperationException("the codec refuses what the benchmark gives it");
        }
    }

    private PacketReader Open(byte[] packet, int version)
    {
        int head = FixedHeader.Decode(packet, 0, packet.Length, out int length);
        reader.Open(packet, head, length, version);
        return reader;
    }

    private int Encode(int qos, int version)
    {
        outPublish.Qos = qos;
        outPublish.PacketId = qos * 7;
        writer.Open(output, 0, output.Length);
        outPublish.Encode(writer, version);
        return writer.Offset;
    }

    private static byte[] Packet(int first, byte[] body) => [(byte)first, (byte)body.Length, .. body];
}
