using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A broker with a program in its own process that publishes and gets what it published.</summary>
    public class LoopBack : ILocalSink
    {
        /// <summary>The broker.</summary>
        public Broker Broker;
        /// <summary>Messages that came.</summary>
        public int Received;
        /// <summary>Answers to messages of QoS 1 that were not 0.</summary>
        public int Refused;

        private const int PayloadBytes = 16;

        private readonly LocalClient client;
        private readonly byte[] topic;
        private readonly byte[] payload;
        private int nowMs;

        public LoopBack(Limits limits)
        {
            Broker = new Broker(limits, 1);
            client = new LocalClient(Broker, Ascii("loop"), this);
            topic = Ascii("site/hall-12/temperature/air"); // 28 bytes
            payload = new byte[PayloadBytes];
            byte[] filter = Ascii("site/+/temperature/#");
            Assert.AreEqual((int)Fault.None, (int)client.Subscribe(filter, 0, filter.Length, 1));
            Turn();
        }

        /// <summary>Publishes one message after the other and lets the broker bring each.</summary>
        public void Publish(int messages, int qos)
        {
            for (int i = 0; i < messages; i++)
            {
                Fault fault = client.Publish(topic, 0, topic.Length, payload, 0, payload.Length, qos, false);
                if (fault != Fault.None) Assert.AreEqual((int)Fault.None, (int)fault, "not taken");
                Turn();
            }
        }

        /// <summary>A message came.</summary>
        public void Message(LocalClient client, LocalMessage message)
        {
            if (message.PayloadLength == PayloadBytes) Received++;
        }

        /// <summary>A call is done.</summary>
        public void Answer(LocalClient client, int call, int reason)
        {
            if (call == LocalCall.Publish && reason != ReasonCode.Success) Refused++;
        }

        private void Turn()
        {
            nowMs++;
            Broker.Tick(nowMs);
            while (Broker.NextReady() >= 0)
            {
            }
        }

        private static byte[] Ascii(string text)
        {
            byte[] bytes = new byte[text.Length];
            for (int i = 0; i < text.Length; i++) bytes[i] = (byte)text[i];
            return bytes;
        }
    }
}
