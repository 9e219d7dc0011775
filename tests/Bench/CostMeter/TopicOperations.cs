using System.Collections.Generic;
using System.Text;
using Femto.Mqtt;

namespace Femto.CostMeter
{
    /// <summary>Matching a topic among the sixty subscriptions of a busy board.</summary>
    internal static class TopicOperations
    {
        public const int Sessions = 10;

        public static IEnumerable<Operation> All()
        {
            yield return new Match("match 1 of 60 subscriptions", CodecOperations.Topic, 1);
            yield return new Match("match none of 60 subscriptions", "building/floor-07/fan", 0);
            yield return new Match("match by '+' among 60 subscriptions", "building/floor-07/door", 1);
            yield return new Match("match by '#' among 60 subscriptions", "device/7/config/net/address", 1);
        }

        /// <summary>
        /// Six filters of each of ten sessions, 1 to 10; one of them is "building/+/door". The topic of the
        /// measurements is subscribed to by session 8 alone.
        /// </summary>
        public static IEnumerable<string> Filters(int session)
        {
            string n = (session - 1).ToString();
            yield return "building/floor-0" + n + "/tempsensor";
            yield return "building/floor-0" + n + "/humidity";
            yield return "building/floor-0" + n + "/light/+";
            yield return "device/" + n + "/cmd";
            yield return "device/" + n + "/config/#";
            yield return session == 4 ? "building/+/door" : "alarm/zone-" + n;
        }

        /// <summary>A board's sizes: costs depend on them little.</summary>
        public static Limits Limits()
        {
            return new Limits
            {
                Connections = 12,
                Sessions = 14,
                Subscriptions = 64,
                SharedGroups = 4,
                Retained = 32,
                RetainedBlocks = 32,
                TopicNodes = 160,
                Texts = 192,
                TextBytes = 2048,
                TopicLevels = 8,
                RememberedTopicBytes = 40,
                TopicLength = 128,
                ClientIdLength = 64,
                PacketBytes = 1024,
                ReceiveSmallBytes = 64,
                ReceiveBuffers = 2,
                SendBytes = 512,
                AckQueue = 16,
                SendWindow = 8,
                ReceiveMaximum = 8,
                ReceiveIds = 8,
                QueueMessages = 16,
                QueueBlocks = 32,
                Deliveries = 64,
                Messages = 64,
                Blocks = 128,
                BlockBytes = 64,
                TopicAliasesIn = 4,
                TopicAliasesOut = 4,
            };
        }

        private sealed class Match : Operation
        {
            private readonly TopicPath _path = new TopicPath(8, 12345);
            private readonly TopicTable _table;
            private readonly int _matches;

            public Match(string name, string topic, int matches)
                : base(name)
            {
                Limits limits = Limits();
                _matches = matches;
                _table = new TopicTable(limits, new TextTable(limits.Texts, limits.TextBytes));
                for (int session = 1; session <= Sessions; session++)
                {
                    foreach (string filter in Filters(session))
                    {
                        byte[] bytes = Encoding.UTF8.GetBytes(filter);
                        Expect(_path.Filter(bytes, 0, bytes.Length) == Fault.None, "a filter");
                        Expect(_table.Subscribe(_path, session, 0, 0) != 0, "room for 60 subscriptions");
                    }
                }

                byte[] name8 = Encoding.UTF8.GetBytes(topic);
                Expect(_path.Name(name8, 0, name8.Length) == Fault.None, "a topic");
            }

            public override void Run()
            {
                _table.Match(_path);
            }

            public override void After()
            {
                Expect(_table.MatchedCount == _matches, _matches + " matches");
            }
        }
    }
}
