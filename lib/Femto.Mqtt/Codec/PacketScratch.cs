namespace Femto.Mqtt
{
    /// <summary>
    /// What is used only while one packet is read or written, and holds nothing from one call to the next. So sessions
    /// that one thread serves, one call after the other, can share it: a bridge's client session uses its broker's.
    /// </summary>
    public sealed class PacketScratch
    {
        /// <summary>Those of the packet at hand.</summary>
        public readonly Properties Properties;
        public readonly PacketReader Reader;
        public readonly PacketWriter Writer;
        public readonly Ack Ack;
        public readonly Auth Auth;
        public readonly Disconnect Disconnect;
        /// <summary>A topic name in one piece: as many bytes as a topic may have.</summary>
        public readonly byte[] Topic;

        /// <summary>Of somebody's own, for topics up to a length. Boot code.</summary>
        public PacketScratch(int topicLength)
            : this(new Properties(), new PacketReader(), new PacketWriter(), new byte[topicLength])
        {
        }

        /// <summary>Of objects that exist. Boot code.</summary>
        public PacketScratch(Properties properties, PacketReader reader, PacketWriter writer, byte[] topic)
        {
            Properties = properties;
            Reader = reader;
            Writer = writer;
            Topic = topic;
            Ack = new Ack(properties);
            Auth = new Auth(properties);
            Disconnect = new Disconnect(properties);
        }

        /// <summary>Bytes of nanoFramework's heap that its parts take, without the object that names them.</summary>
        public static int Bytes(int topicLength)
        {
            return Heap.Object(47) + Heap.Object(5) + Heap.Object(3) + Heap.Object(4) + Heap.Object(2) * 2
                + Heap.Array(topicLength, 1);
        }
    }
}
