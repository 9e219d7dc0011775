using System;
using System.Reflection;
using Femto.Mqtt;

namespace Femto.Simulation
{
    /// <summary>Looks into the broker's tables: only to say more of a fault.</summary>
    public static class Inside
    {
        private const BindingFlags Any = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

        public static string Look(Broker broker, int c)
        {
            return $"state {At(broker, "Connections", "State", c)}, hold {At(broker, "Connections", "Hold", c)}, "
                + $"stored {At(broker, "ReceiveBuffers", "Count", c)}, "
                + $"waiting {At(broker, "ReceiveBuffers", "Waiting", c)}, "
                + $"large {At(broker, "ReceiveBuffers", "large", c)}, "
                + $"free large {Value(broker, "ReceiveBuffers", "FreeLarge")}, "
                + $"acks {At(broker, "Sender", "ackCount", c)}, tail {At(broker, "Sender", "tailLeft", c)}, "
                + $"unacknowledged {At(broker, "Connections", "Unacknowledged", c)}";
        }

        /// <summary>As at boot, but for retained messages and their texts.</summary>
        public static void Forgotten(Broker broker)
        {
            Limits l = broker.Limits;
            int retained = Int(broker, "Topics", "RetainedCount");
            int messages = l.Messages - Int(broker, "Pool", "FreeMessages");
            if (broker.SessionCount() != 0) World.Fail("sessions are left");
            if (messages != retained) World.Fail($"{messages} messages are left, {retained} are retained");
            if (Int(broker, "Deliveries", "Free") != l.Deliveries) World.Fail("deliveries are left");
            if (Int(broker, "ReceiveBuffers", "FreeLarge") != l.ReceiveBuffers) World.Fail("receive buffers are left");
            if (Int(broker, "Topics", "SubscriptionCount") != 0) World.Fail("subscriptions are left");
            if (Int(broker, "Topics", "GroupCount") != 0) World.Fail("share groups are left");
        }

        private static int Int(Broker broker, string table, string field)
        {
            object t = typeof(Broker).GetField(table, Any).GetValue(broker);
            FieldInfo f = t.GetType().GetField(field, Any);
            return (int)(f != null ? f.GetValue(t) : t.GetType().GetProperty(field, Any).GetValue(t));
        }

        public static object Value(Broker broker, string table, string field)
        {
            object t = typeof(Broker).GetField(table, Any).GetValue(broker);
            return t.GetType().GetField(field, Any)?.GetValue(t);
        }

        private static object At(Broker broker, string table, string field, int index)
        {
            return (Value(broker, table, field) as Array)?.GetValue(index);
        }
    }
}
