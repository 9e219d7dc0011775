using System;
using Femto.Mqtt;

var client = new MqttClient(new PcTransport(), "localhost", 1883, "hello-1");
client.Subscribe("hello/#", 1, new Printer());
client.Start();
if (client.Connect(10000) != 0) Console.WriteLine(client.Error);
client.Publish("hello/world", "Hello!", 1, false, 1000);
Console.ReadLine();
client.Close(5000);

sealed class Printer : IMessageSink
{
    public int Message(MqttClient c, ClientMessage m) { Console.WriteLine($"{m.Topic()} {m.PayloadText()}"); return 0; }
}
