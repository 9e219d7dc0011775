namespace Femto.Mqtt
{
    /// <summary>What must hold between limits. Boot code.</summary>
    public static class LimitRules
    {
        // Fixed header 5, topic length 2, packet identifier 2, property length 4, expiry 5, alias 3.
        private const int PublishHead = 21;
        private const int SubscriptionId = 5;

        /// <summary>Checks limits against each other.</summary>
        /// <returns>Null when they hold, else a line that names the limit and its range.</returns>
        public static string Check(Limits l)
        {
            if (l.Connections < 1 || l.Connections > 32767) return "Connections must be 1 to 32767";
            if (l.Sessions < 1 || l.Sessions > 65534) return "Sessions must be 1 to 65534";
            if (l.PeerBytes < 0 || l.PeerBytes > 255) return "PeerBytes must be 0 to 255";
            if (l.LocalClients < 0 || l.LocalClients > 255) return "LocalClients must be 0 to 255";
            if (l.Sessions < l.Connections + l.LocalClients)
            {
                return "Sessions must be at least Connections and LocalClients together";
            }
            if (!Handles(l.Subscriptions)) return "Subscriptions must be 1 to 65534";
            if (l.SubscriptionsPerSession < 0) return "SubscriptionsPerSession must be 0 or more";
            if (!Handles(l.SharedGroups)) return "SharedGroups must be 1 to 65534";
            if (!Handles(l.Retained)) return "Retained must be 1 to 65534";
            if (l.TopicNodes < 1 || l.TopicNodes > 65533) return "TopicNodes must be 1 to 65533";
            if (!Handles(l.Texts)) return "Texts must be 1 to 65534";
            if (!Handles(l.Deliveries)) return "Deliveries must be 1 to 65534";
            if (!Handles(l.Messages)) return "Messages must be 1 to 65534";
            if (!Handles(l.Blocks)) return "Blocks must be 1 to 65534";
            if (l.BlockBytes < 16) return "BlockBytes must be at least 16";
            if (l.TopicLevels < 1 || l.TopicLevels > 65535) return "TopicLevels must be 1 to 65535";
            if (l.TopicLength < 1 || l.TopicLength > 65535) return "TopicLength must be 1 to 65535";
            if (l.RememberedTopicBytes < 0 || l.RememberedTopicBytes > 255)
            {
                return "RememberedTopicBytes must be 0 to 255";
            }
            if (l.ClientIdLength < 23) return "ClientIdLength must be at least 23"; // [MQTT-3.1.3-5]
            if (l.PacketBytes < 64 || l.PacketBytes > 268435460) return "PacketBytes must be 64 to 268435460";
            if (l.ReceiveSmallBytes < 16) return "ReceiveSmallBytes must be at least 16";
            if (l.ReceiveBuffers < 1 || l.ReceiveBuffers > 65535) return "ReceiveBuffers must be 1 to 65535";
            if (l.SendBytes < SendBytesMin(l)) return "SendBytes is too small for TopicLength and PacketBytes";
            if (l.AckQueue < 1 || l.AckQueue > 65535) return "AckQueue must be 1 to 65535";
            if (l.SendWindow < 1 || l.SendWindow > Deliveries.LastId) return "SendWindow must be 1 to 65472";
            if (l.ReceiveMaximum < 1 || l.ReceiveMaximum > 65535) return "ReceiveMaximum must be 1 to 65535";
            if (l.ReceiveIds < l.ReceiveMaximum || l.ReceiveIds > 65535)
            {
                return "ReceiveIds must be ReceiveMaximum to 65535";
            }
            if (l.QueueMessages < 1 || l.QueueMessages > l.Deliveries) return "QueueMessages must be 1 to Deliveries";
            if (l.QueueBlocks < Blocks(l, l.PacketBytes)) return "QueueBlocks must hold the largest packet";
            if (l.Blocks < l.QueueBlocks) return "Blocks must be at least QueueBlocks";
            // What is retained must leave room for messages on their way.
            if (l.RetainedBlocks < 0 || l.RetainedBlocks >= l.Blocks) return "RetainedBlocks must be less than Blocks";
            if (l.Messages <= l.Retained) return "Messages must be more than Retained";
            if (l.TopicAliasesIn < 0 || l.TopicAliasesIn > 65535) return "TopicAliasesIn must be 0 to 65535";
            if (l.TopicAliasesOut < 0 || l.TopicAliasesOut > 65535) return "TopicAliasesOut must be 0 to 65535";
            if (l.LocalClients > 0 && l.InboxBytes < 64) return "InboxBytes must be at least 64 with local clients";
            return CheckTimes(l);
        }

        /// <summary>Smallest send buffer: the head of any PUBLISH with four subscription identifiers, and a SUBACK for
        /// the fullest SUBSCRIBE.</summary>
        public static int SendBytesMin(Limits limits)
        {
            int head = PublishHead + 4 * SubscriptionId + limits.TopicLength;
            int suback = 16 + limits.PacketBytes / 4;
            return head > suback ? head : suback;
        }

        // Times are compared by their difference, which must stay far from wrapping.
        private static string CheckTimes(Limits l)
        {
            const int most = 86400000; // a day
            if (l.ConnectMs < 1 || l.ConnectMs > most) return "ConnectMs must be 1 to 86400000";
            if (l.HoldMs < 0 || l.HoldMs > most) return "HoldMs must be 0 to 86400000";
            if (l.StallMs < 0 || l.StallMs > most) return "StallMs must be 0 to 86400000";
            if (l.SendMs < 1 || l.SendMs > most) return "SendMs must be 1 to 86400000";
            if (l.PacketMs < 1 || l.PacketMs > most) return "PacketMs must be 1 to 86400000";
            if (l.SysSeconds < 0 || l.SysSeconds > 86400) return "SysSeconds must be 0 to 86400";
            if (l.KeepAliveSeconds < 0 || l.KeepAliveSeconds > 65535) return "KeepAliveSeconds must be 0 to 65535";
            return null;
        }

        private static bool Handles(int rows)
        {
            return rows >= 1 && rows <= 65534;
        }

        private static int Blocks(Limits l, int bytes)
        {
            return (bytes + l.BlockBytes - 1) / l.BlockBytes;
        }
    }
}
