using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// A message of a 3.1.1 server that is larger than the client's packets: its bytes are let go as they come, and
    /// only its topic, as far as there is room for it, and its identifier are kept.
    /// </summary>
    internal sealed class ClientDiscard
    {
        /// <summary>Bytes of it still to come; 0: none is being discarded.</summary>
        public int Left;
        /// <summary>Bytes behind the fixed header.</summary>
        public int Length;
        public int Qos;
        public int PacketId;
        /// <summary>Bytes of the topic that were kept, from the beginning of the buffer on.</summary>
        public int Kept;

        private readonly byte[] topic;
        private int topicLength;

        /// <param name="topic">The receive buffer: nothing else stands there meanwhile.</param>
        public ClientDiscard(byte[] topic)
        {
            this.topic = topic;
        }

        public static int Bytes()
        {
            return Heap.Object(7);
        }

        public void Begin(int qos, int length)
        {
            Qos = qos;
            Length = length;
            Left = length;
            Kept = 0;
            PacketId = 0;
            topicLength = 0;
        }

        /// <summary>Takes what there is of it.</summary>
        /// <returns>Where the bytes behind begin.</returns>
        public int Take(byte[] source, int at, int end)
        {
            while (at < end && Left != 0)
            {
                int position = Length - Left;
                int n = 1;
                if (position < 2)
                {
                    topicLength = topicLength << 8 | source[at];
                }
                else if (position < 2 + topicLength)
                {
                    n = 2 + topicLength - position;
                    if (n > end - at) n = end - at;
                    int room = topic.Length - Kept;
                    if (room > n) room = n;
                    if (room > 0) Array.Copy(source, at, topic, Kept, room);
                    Kept += room;
                }
                else if (Qos != 0 && position < 4 + topicLength)
                {
                    PacketId = PacketId << 8 | source[at];
                }
                else
                {
                    n = end - at;
                }
                if (n > Left) n = Left;
                at += n;
                Left -= n;
            }
            return at;
        }

        /// <summary>All of it is gone: was it a message?</summary>
        public Fault Check()
        {
            if (2 + topicLength + (Qos == 0 ? 0 : 2) > Length || topicLength == 0) return Fault.MalformedPacket;
            return Qos != 0 && PacketId == 0 ? Fault.ProtocolError : Fault.None; // [MQTT-2.3.1-1]
        }
    }
}
