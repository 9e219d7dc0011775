using System;
using Femto.Mqtt;

namespace Femto.Simulation
{
    /// <summary>Limits by chance, from those that fill within a few packets to those nobody comes near.</summary>
    public static class Sizes
    {
        public static Limits Random(Dice d, int clients)
        {
            Limits l = Limits.Tiny();
            int roomy = d.Next(3); // 0: everything is tiny
            l.Connections = clients + d.Next(3);
            l.LocalClients = 0;
            l.Sessions = l.Connections + d.Next(3);
            l.SysSeconds = d.Of(0, 0, 1, 10);
            l.TopicLevels = 6;
            l.PacketBytes = 128 + d.Next(300);
            l.SendBytes = 48 + 21 + 20 + 60 + d.Next(200);
            l.AckQueue = 1 + d.Next(4);
            l.SendWindow = 1 + d.Next(6);
            l.ReceiveMaximum = 1 + d.Next(6);
            l.ReceiveIds = l.ReceiveMaximum + d.Next(5);
            l.ReceiveBuffers = 1 + d.Next(3);
            l.BlockBytes = 16 + d.Next(64);
            int largest = (l.PacketBytes + l.BlockBytes - 1) / l.BlockBytes;
            l.QueueFull = d.Next(3);
            l.RememberedTopicBytes = d.Of(0, 8, 16);
            l.TopicAliasesIn = d.Next(4);
            l.TopicAliasesOut = d.Next(4);
            l.HoldMs = d.Of(50, 500, 2000);
            l.StallMs = d.Of(50, 300, 1000);
            l.SendMs = d.Of(5000, 60000);
            l.PacketMs = d.Of(1000, 10000);
            l.KeepAliveSeconds = d.Of(0, 0, 20);
            l.SessionSeconds = d.Of(3600u, 100000u);
            l.QueueMessages = 1 + d.Next(6);
            l.QueueBlocks = largest + d.Next(6);
            l.Deliveries = l.QueueMessages + d.Next(12);
            l.Messages = 3 + d.Next(12);
            l.Blocks = l.QueueBlocks + d.Next(20);
            l.Retained = 1 + d.Next(5);
            l.RetainedBlocks = 1 + d.Next(8);
            l.Subscriptions = 2 + d.Next(14);
            l.SharedGroups = 1 + d.Next(3);
            l.TopicNodes = 10 + d.Next(40);
            l.Texts = 16 + d.Next(30);
            l.TextBytes = 128 + d.Next(300);
            if (roomy >= 1)
            {
                l.Subscriptions = 100;
                l.SharedGroups = 20;
                l.TopicNodes = 200;
                l.Texts = 200;
                l.TextBytes = 3000;
                l.Retained = 15;
                l.RetainedBlocks = 90;
                l.Messages = 20 + d.Next(40);
                l.Blocks = 100 + d.Next(200);
            }
            if (roomy == 2)
            {
                l.QueueMessages = 1000;
                l.QueueBlocks = 20000;
                l.Deliveries = 8000;
                l.Messages = 4000;
                l.Blocks = 20000;
                l.Sessions = l.Connections + 20;
            }
            if (l.Retained >= l.Messages) l.Retained = l.Messages - 1;
            if (l.RetainedBlocks >= l.Blocks) l.RetainedBlocks = l.Blocks - 1;
            Checked(l);
            return l;
        }

        /// <summary>Room for programs in the same process.</summary>
        public static void Programs(Limits l, Dice d, int programs)
        {
            if (programs == 0) return;
            l.LocalClients = programs;
            l.Sessions += programs;
            l.InboxBytes = d.Of(64, 100, 300, 2000);
            Checked(l);
        }

        private static void Checked(Limits l)
        {
            string wrong = BrokerMemory.Check(l);
            if (wrong != null) throw new InvalidOperationException(wrong);
        }
    }
}
