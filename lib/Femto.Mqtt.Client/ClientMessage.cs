using System.Text;

namespace Femto.Mqtt
{
    /// <summary>
    /// A message that arrived, as a view of the bytes it came in: valid until the sink's call returns. One object,
    /// used again for every message.
    /// </summary>
    public sealed class ClientMessage
    {
        /// <summary>What the topic refers to: <see cref="Buffer"/>, or the alias table's.</summary>
        public byte[] TopicBuffer;
        public int TopicOffset;
        /// <summary>Bytes, 1 or more.</summary>
        public int TopicLength;
        /// <summary>What properties and payload refer to.</summary>
        public byte[] Buffer;
        public int PayloadOffset;
        /// <summary>Bytes, 0 or more.</summary>
        public int PayloadLength;
        /// <summary>0 to 2.</summary>
        public int Qos;
        public bool Retain;
        public bool Dup;
        /// <summary>Properties of the message, <see cref="Femto.Mqtt.Properties.Present"/> 0 when there are none:
        /// response topic, correlation data, user properties, subscription identifiers. The raw block stands from
        /// <see cref="Femto.Mqtt.Properties.BlockOffset"/> on.</summary>
        public readonly Properties Properties;

        private readonly Encoding utf8;

        internal ClientMessage(Properties properties)
        {
            Properties = properties;
            utf8 = Encoding.UTF8;
        }

        /// <summary>The topic name as text. Allocates.</summary>
        public string Topic()
        {
            return utf8.GetString(TopicBuffer, TopicOffset, TopicLength);
        }

        /// <summary>The payload as text (UTF-8). Allocates.</summary>
        public string PayloadText()
        {
            return utf8.GetString(Buffer, PayloadOffset, PayloadLength);
        }
    }
}
