namespace Femto.Mqtt
{
    /// <summary>What must hold between limits, and the RAM they come to.</summary>
    public static class BrokerMemory
    {
        /// <summary>Bytes of nanoFramework's heap that a broker of these limits takes, ever.</summary>
        public static int RamBytes(Limits limits)
        {
            return Heap.Object(Limits.Fields)
                + Heap.Object(45)                                              // the broker itself
                + Heap.Array(Counter.Count, 4) + Outgoing.Bytes() + Heap.Object(3) // ledger, message at hand, AuthReply
                + 2 * TopicPath.Bytes(limits.TopicLevels) - TopicPath.TableBytes() // levels of the topics at hand
                + Heap.Object(7) + PacketScratch.Bytes(limits.TopicLength)     // the packet at hand
                + Heap.Array(limits.TopicLength, 1)                            // another topic in one piece
                + TextTable.Bytes(limits.Texts, limits.TextBytes)              // level names, client identifiers
                + TopicTable.Bytes(limits)                                     // subscriptions, retained messages
                + MessagePool.Bytes(limits.Messages, limits.Blocks, limits.BlockBytes)
                + Deliveries.Bytes(limits.Sessions, limits.Deliveries)
                + ReceivedIds.Bytes(limits.Sessions, limits.ReceiveIds)        // QoS 2 from clients
                + Connections.Bytes(limits)
                + Sessions.Bytes(limits)
                + ReceiveBuffers.Bytes(limits)                                 // packets cut in two
                + SendBuffers.Bytes(limits)
                + AliasTable.Bytes(limits) + TopicMemory.Bytes(limits)
                + RetainedStore.Bytes(limits) + Replay.Bytes(limits)
                + Sender.Bytes(limits)                                         // acknowledgements that wait
                + Router.Bytes(limits)
                + Lifecycle.Bytes(limits)
                + Receiver.Bytes()                                             // the packets' objects
                + SysTopics.Bytes(limits)
                + LocalClients.Bytes(limits)                                   // inbox and delivery buffer
                + Heap.Array(limits.Connections, 2) + Heap.Array(limits.Connections, 1) // who is ready
                + ReasonTexts.Bytes() + StaticBytes;
        }

        // The libraries' own static fields: tables of properties and reason codes, references to texts.
        private const int StaticBytes = 888;

        /// <summary>Checks limits against each other.</summary>
        /// <returns>Null when they hold, else a line that names the limit and its range.</returns>
        public static string Check(Limits l)
        {
            return LimitRules.Check(l);
        }
    }
}
