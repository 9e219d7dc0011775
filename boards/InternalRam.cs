using Femto.Mqtt;

namespace Femto.Boards
{
    /// <summary>
    /// The sizes for an ESP32 without PSRAM that runs the whole firmware: of its 85 KB of managed heap the classes take
    /// some 40, and a bridge and the app want their share too. boards/README.md has the sum.
    /// </summary>
    public static class InternalRam
    {
        /// <summary>A smaller <see cref="Limits.Esp32"/>.</summary>
        public static Limits NewLimits()
        {
            Limits l = Limits.Esp32();
            l.Connections = 5;
            l.Sessions = 8;
            l.Subscriptions = 40;
            l.SubscriptionsPerSession = 24;
            l.SharedGroups = 2;
            l.Retained = 20;
            l.RetainedBlocks = 20;
            l.TopicNodes = 64;
            l.Texts = 56;
            l.TextBytes = 560;
            l.QueueMessages = 32;
            l.QueueBlocks = 24;
            l.Deliveries = 48;
            l.Messages = 48;
            l.Blocks = 26;
            return l;
        }
    }
}
