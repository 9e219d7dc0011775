using System;
using System.Text;
using Femto.Mqtt;

namespace Femto.PowerCut
{
    /// <summary>A client that comes for a retained message and goes.</summary>
    public sealed class Listener
    {
        public string Value;

        public void Read(Broker broker, string topic, int nowMs)
        {
            int c = broker.Open(nowMs, 1, null, 0, 0);
            Feed(broker, c, Wire.Connect(4, "listener", true, null, null, 0, 0), nowMs);
            Feed(broker, c, Wire.Subscribe(4, 1, topic, 0), nowMs);
            for (int i = 0; i < 20; i++)
            {
                broker.Tick(nowMs);
                int n = broker.Pending(c, out byte[] data, out int offset, out bool _);
                for (int at = offset; at < offset + n;)
                {
                    int size = Wire.Whole(data, at, offset + n - at, out int header);
                    int length = data[at + header] << 8 | data[at + header + 1];
                    if (data[at] >> 4 == 3)
                    {
                        int from = at + header + 2 + length;
                        Value = Encoding.ASCII.GetString(data, from, at + size - from);
                    }
                    at += size;
                }
                if (n != 0) broker.Sent(c, n, nowMs);
            }
            broker.Closed(c, nowMs);
        }

        private static void Feed(Broker broker, int c, byte[] packet, int nowMs)
        {
            if (broker.Feed(c, packet, 0, packet.Length, nowMs) != packet.Length) throw new CutFault("held");
        }
    }
}
