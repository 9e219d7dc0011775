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
                + $"stored {At(broker, "ReceiveBuffers", "Count", c)}, waiting {At(broker, "ReceiveBuffers", "Waiting", c)}, "
                + $"large {At(broker, "ReceiveBuffers", "large", c)}, free large {Value(broker, "ReceiveBuffers", "FreeLarge")}, "
                + $"acks {At(broker, "Sender", "ackCount", c)}, tail {At(broker, "Sender", "tailLeft", c)}, "
                + $"unacknowledged {At(broker, "Connections", "Unacknowledged", c)}";
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
