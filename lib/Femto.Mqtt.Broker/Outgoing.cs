namespace Femto.Mqtt
{
    /// <summary>
    /// The message being routed: where its parts lie and what it needs. One reused object.
    /// </summary>
    internal sealed class Outgoing
    {
        public byte[] TopicBuffer;
        public int TopicOffset, TopicLength;

        // Properties and payload. The properties that are passed on unchanged lie in up to three runs: between
        // them stood the topic alias and the expiry interval, which each subscriber gets anew.
        public byte[] Buffer;
        public int Run0Offset, Run0Length, Run1Offset, Run1Length, Run2Offset, Run2Length;
        public int PropertiesLength;
        public int PayloadOffset, PayloadLength;

        public int Qos;
        public bool Retain;
        public uint Expiry;  // second of uptime, MessagePool.Never
        public int Handle;   // in the pool, 0 while it is only here
        public int Length;   // topic, properties and payload
        public int Blocks;   // of the pool

        internal static int Bytes()
        {
            return Heap.Object(19);
        }

        /// <summary>Describes a message without properties.</summary>
        public void Set(byte[] topicBuffer, int topicOffset, int topicLength,
            byte[] buffer, int payloadOffset, int payloadLength)
        {
            TopicBuffer = topicBuffer;
            TopicOffset = topicOffset;
            TopicLength = topicLength;
            Buffer = buffer;
            Run0Length = 0;
            Run1Length = 0;
            Run2Length = 0;
            PropertiesLength = 0;
            PayloadOffset = payloadOffset;
            PayloadLength = payloadLength;
            Expiry = MessagePool.Never;
            Handle = 0;
        }

        /// <summary>Adds the encoded properties between two positions of the buffer that lie before, between and
        /// behind two cuts. A cut of length zero cuts nothing.</summary>
        public void SetRuns(int offset, int end, int cutA, int cutALength, int cutB, int cutBLength)
        {
            if (cutALength == 0)
            {
                cutA = cutB;
                cutALength = cutBLength;
                cutBLength = 0;
            }
            if (cutBLength != 0 && cutB < cutA)
            {
                int swap = cutA;
                cutA = cutB;
                cutB = swap;
                swap = cutALength;
                cutALength = cutBLength;
                cutBLength = swap;
            }
            if (cutALength == 0) cutA = end;
            if (cutBLength == 0) cutB = end;
            Run0Offset = offset;
            Run0Length = cutA - offset;
            Run1Offset = cutA + cutALength;
            Run1Length = cutA == end ? 0 : cutB - Run1Offset;
            Run2Offset = cutB + cutBLength;
            Run2Length = cutB == end ? 0 : end - Run2Offset;
            PropertiesLength = Run0Length + Run1Length + Run2Length;
        }
    }
}
