using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Limits are checked against their ranges and against each other, and the line names the limit.</summary>
    [TestClass]
    public class RangeTest
    {
        // Limits with a range of their own: name, lowest, highest.
        private static readonly string[] names =
        {
            "Connections", "Sessions", "PeerBytes", "LocalClients", "Subscriptions", "SharedGroups", "Retained",
            "TopicNodes", "Texts", "Deliveries", "Messages", "Blocks", "TopicLevels", "TopicLength",
            "RememberedTopicBytes", "PacketBytes", "ReceiveBuffers", "AckQueue", "SendWindow", "ReceiveMaximum",
            "TopicAliasesIn", "TopicAliasesOut", "ConnectMs", "HoldMs", "StallMs", "SendMs", "PacketMs", "SysSeconds",
            "KeepAliveSeconds",
        };
        private static readonly int[] low =
        {
            1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 64, 1, 1, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0,
        };
        private static readonly int[] high =
        {
            32767, 65534, 255, 255, 65534, 65534, 65534, 65533, 65534, 65534, 65534, 65534, 65535, 65535, 255,
            268435460, 65535, 65535, 65472, 65535, 65535, 65535, 86400000, 86400000, 86400000, 86400000, 86400000,
            86400, 65535,
        };

        private static void Set(Limits l, int i, int value)
        {
            if (i < 14) SetTable(l, i, value);
            else SetOther(l, i, value);
        }

        private static void SetTable(Limits l, int i, int value)
        {
            switch (i)
            {
                case 0: l.Connections = value; break;
                case 1: l.Sessions = value; break;
                case 2: l.PeerBytes = value; break;
                case 3: l.LocalClients = value; break;
                case 4: l.Subscriptions = value; break;
                case 5: l.SharedGroups = value; break;
                case 6: l.Retained = value; break;
                case 7: l.TopicNodes = value; break;
                case 8: l.Texts = value; break;
                case 9: l.Deliveries = value; break;
                case 10: l.Messages = value; break;
                case 11: l.Blocks = value; break;
                case 12: l.TopicLevels = value; break;
                default: l.TopicLength = value; break;
            }
        }

        private static void SetOther(Limits l, int i, int value)
        {
            switch (i)
            {
                case 14: l.RememberedTopicBytes = value; break;
                case 15: l.PacketBytes = value; break;
                case 16: l.ReceiveBuffers = value; break;
                case 17: l.AckQueue = value; break;
                case 18: l.SendWindow = value; break;
                case 19: l.ReceiveMaximum = value; break;
                case 20: l.TopicAliasesIn = value; break;
                case 21: l.TopicAliasesOut = value; break;
                case 22: l.ConnectMs = value; break;
                case 23: l.HoldMs = value; break;
                case 24: l.StallMs = value; break;
                case 25: l.SendMs = value; break;
                case 26: l.PacketMs = value; break;
                case 27: l.SysSeconds = value; break;
                default: l.KeepAliveSeconds = value; break;
            }
        }

        private static string With(int i, int value)
        {
            Limits l = Limits.Tiny();
            Set(l, i, value);
            return BrokerMemory.Check(l);
        }

        [TestMethod]
        public void EachLimitHasItsRange()
        {
            for (int i = 0; i < names.Length; i++)
            {
                string said = names[i] + " must be " + low[i].ToString() + " to " + high[i].ToString();
                Assert.AreEqual(said, With(i, low[i] - 1));
                Assert.AreEqual(said, With(i, high[i] + 1));
                Assert.AreNotEqual(said, With(i, low[i]), "the lowest");
                Assert.AreNotEqual(said, With(i, high[i]), "the highest");
            }
        }

        private static void Refused(Limits l, string said)
        {
            Assert.AreEqual(said, BrokerMemory.Check(l));
        }

        private static void Good(Limits l)
        {
            Assert.IsNull(BrokerMemory.Check(l));
        }

        [TestMethod]
        public void TablesDependOnEachOther()
        {
            Limits l = Limits.Tiny();
            l.Sessions = l.Connections + l.LocalClients;
            Good(l);
            l.Sessions--;
            Refused(l, "Sessions must be at least Connections and LocalClients together");
            l = Limits.Tiny();
            l.QueueMessages = l.Deliveries;
            Good(l);
            l.QueueMessages++;
            Refused(l, "QueueMessages must be 1 to Deliveries");
            l.QueueMessages = 0;
            Refused(l, "QueueMessages must be 1 to Deliveries");
            l = Limits.Tiny();
            l.QueueBlocks = (l.PacketBytes + l.BlockBytes - 1) / l.BlockBytes;
            Good(l);
            l.QueueBlocks--;
            Refused(l, "QueueBlocks must hold the largest packet");
            l = Limits.Tiny();
            l.Blocks = l.QueueBlocks;
            Good(l);
            l.Blocks--;
            Refused(l, "Blocks must be at least QueueBlocks");
            l = Limits.Tiny();
            l.RetainedBlocks = l.Blocks - 1;
            Good(l);
            l.RetainedBlocks++;
            Refused(l, "RetainedBlocks must be less than Blocks");
            l.RetainedBlocks = -1;
            Refused(l, "RetainedBlocks must be less than Blocks");
            l = Limits.Tiny();
            l.Messages = l.Retained + 1;
            Good(l);
            l.Messages--;
            Refused(l, "Messages must be more than Retained");
        }

        [TestMethod]
        public void SubscriptionsOfASessionAreFreeOrLimited()
        {
            Limits l = Limits.Tiny();
            l.SubscriptionsPerSession = 0;
            Good(l);
            l.SubscriptionsPerSession = -1;
            Refused(l, "SubscriptionsPerSession must be 0 or more");
        }

        [TestMethod]
        public void BuffersHaveTheirLeast()
        {
            Limits l = Limits.Tiny();
            l.BlockBytes = 15;
            Refused(l, "BlockBytes must be at least 16");
            l = Limits.Tiny();
            l.ClientIdLength = 22;
            Refused(l, "ClientIdLength must be at least 23");
            l = Limits.Tiny();
            l.ReceiveSmallBytes = 15;
            Refused(l, "ReceiveSmallBytes must be at least 16");
            l = Limits.Tiny();
            while (BrokerMemory.Check(l) == null) l.SendBytes--;
            Refused(l, "SendBytes is too small for TopicLength and PacketBytes");
            Assert.IsTrue(l.SendBytes >= l.TopicLength, "room for a topic");
            l = Limits.Tiny();
            l.ReceiveIds = l.ReceiveMaximum;
            Good(l);
            l.ReceiveIds--;
            Refused(l, "ReceiveIds must be ReceiveMaximum to 65535");
            l.ReceiveIds = 65536;
            Refused(l, "ReceiveIds must be ReceiveMaximum to 65535");
            l = Limits.Tiny();
            l.InboxBytes = 63;
            Refused(l, "InboxBytes must be at least 64 with local clients");
            l.InboxBytes = 64;
            Good(l);
            l.LocalClients = 0;
            l.InboxBytes = 0;
            Good(l);
        }

        [TestMethod]
        public void ABrokerIsNotBuiltWithLimitsThatDoNotHold()
        {
            Limits l = Limits.Tiny();
            l.Texts = 0;
            Assert.ThrowsException(typeof(ArgumentException), () => new Broker(l, 1));
        }

        [TestMethod]
        public void PresetsHoldWithinTheMemoryTheyPromise()
        {
            Good(Limits.Tiny());
            Good(Limits.Esp32());
            Good(Limits.Esp32Psram());
            Good(Limits.Host());
            Assert.IsTrue(BrokerMemory.RamBytes(Limits.Esp32()) <= 40960);
            Assert.IsTrue(BrokerMemory.RamBytes(Limits.Esp32Psram()) <= 1048576);
        }
    }
}
