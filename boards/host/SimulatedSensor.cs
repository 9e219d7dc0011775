using System;
using System.Globalization;
using System.Text;
using System.Threading;
using Femto.Mqtt;

namespace Femto.Host;

/// <summary>
/// A thermometer that is not there: once a second a reading through the in-process client, the way a program
/// on the board publishes. Retained, so that whoever subscribes sees one at once.
/// </summary>
internal sealed class SimulatedSensor : ILocalSink, IDisposable
{
    public const string Topic = "femto/demo/temperature";
    private const int PeriodMs = 1000;

    private readonly LocalClient client;
    private readonly Lines lines;
    private readonly byte[] topic = Encoding.UTF8.GetBytes(Topic);
    private readonly byte[] payload = new byte[16];
    private readonly Random noise = new();
    private readonly Timer timer;
    private int readings;

    public SimulatedSensor(Broker broker, Lines lines)
    {
        this.lines = lines;
        client = new LocalClient(broker, Encoding.UTF8.GetBytes("simulated-sensor"), this);
        timer = new Timer(Publish);
    }

    public void Start() => timer.Change(0, PeriodMs);

    public void Dispose() => timer.Dispose();

    public void Message(LocalClient client, LocalMessage message)
    {
        // It subscribes to nothing.
    }

    public void Answer(LocalClient client, int call, int reason)
    {
        // QoS 0 is not answered.
    }

    private void Publish(object state)
    {
        double celsius = 21 + 4 * Math.Sin(readings++ * Math.PI / 300) + noise.NextDouble() * 0.2;
        string value = celsius.ToString("F2", CultureInfo.InvariantCulture);
        int length = Encoding.UTF8.GetBytes(value, payload);
        Fault fault = client.Publish(topic, 0, topic.Length, payload, 0, length, qos: 0, retain: true);
        lines.Reading(Topic, value, fault);
    }
}
