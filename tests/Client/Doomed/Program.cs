using System;
using System.Text;
using System.Threading;
using Femto.Mqtt;

// Connects with a will, says so and stays until it is killed. Arguments: port, version, topic of the will.
int version = int.Parse(args[1]);
var options = new ClientOptions
{
    Version = version,
    ClientId = Encoding.UTF8.GetBytes("doomed-" + version),
    WillTopic = Encoding.UTF8.GetBytes(args[2]),
    WillPayload = Encoding.UTF8.GetBytes("died"),
    WillQos = 1,
    WillRetain = true,
};
var where = new TransportOptions { Host = "127.0.0.1", Port = int.Parse(args[0]) };
var client = new MqttClient(new PcTransport(), where, options, ClientLimits.Small(), 1);
client.Start();
Console.WriteLine(client.Connect(60000) == 0 ? "connected" : client.Error);
Thread.Sleep(Timeout.Infinite);
