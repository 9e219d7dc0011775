using System.Text;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A topic table of some size, and its calls with strings for topics.</summary>
    public class TopicFixture
    {
        /// <summary>Levels of a topic in these tests.</summary>
        public const int Levels = 8;

        /// <summary>The sizes of <see cref="Table"/>.</summary>
        public Limits Limits;
        /// <summary>The names.</summary>
        public TextTable Texts;
        /// <summary>The table under test.</summary>
        public TopicTable Table;
        /// <summary>The path that all calls use.</summary>
        public TopicPath Path;

        /// <summary>Makes an empty table that holds a bit of everything.</summary>
        public TopicFixture()
            : this(Sizes(20, 6, 10, 40, 30, 300), 1)
        {
        }

        /// <summary>Makes an empty table of these sizes, hashing with this seed.</summary>
        public TopicFixture(Limits limits, int seed)
        {
            Limits = limits;
            Texts = new TextTable(limits.Texts, limits.TextBytes);
            Table = new TopicTable(limits, Texts);
            Path = new TopicPath(limits.TopicLevels, seed);
        }

        /// <summary>Limits as far as the topic table knows them, for ten sessions.</summary>
        public static Limits Sizes(int subscriptions, int groups, int retained, int nodes, int texts, int textBytes)
        {
            Limits limits = new Limits();
            limits.Sessions = 10;
            limits.Subscriptions = subscriptions;
            limits.SharedGroups = groups;
            limits.Retained = retained;
            limits.TopicNodes = nodes;
            limits.Texts = texts;
            limits.TextBytes = textBytes;
            limits.TopicLevels = Levels;
            return limits;
        }

        /// <summary>Whether the tests run on the board or its emulator, where fewer random cases have to do.</summary>
        public static bool OnBoard => typeof(object).Assembly.FullName.IndexOf("mscorlib") == 0;

        /// <summary>The path of a filter.</summary>
        public TopicPath Filter(string filter)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(filter);
            Assert.AreEqual((int)Fault.None, (int)Path.Filter(bytes, 0, bytes.Length), filter);
            return Path;
        }

        /// <summary>The path of a topic name.</summary>
        public TopicPath Name(string topic)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(topic);
            Assert.AreEqual((int)Fault.None, (int)Path.Name(bytes, 0, bytes.Length), topic);
            return Path;
        }

        /// <summary>Subscribes with QoS 0 and no identifier.</summary>
        public int Subscribe(string filter, int session) => Table.Subscribe(Filter(filter), session, 0, 0);

        /// <summary>Unsubscribes.</summary>
        public bool Unsubscribe(string filter, int session) => Table.Unsubscribe(Filter(filter), session);

        /// <summary>Matches and returns the number of subscriptions and groups found.</summary>
        public int Match(string topic)
        {
            Table.Match(Name(topic));
            return Table.MatchedCount + Table.MatchedGroupCount;
        }

        /// <summary>Whether the last match found a subscription, exactly once.</summary>
        public bool Found(int subscription)
        {
            int times = 0;
            for (int i = 0; i < Table.MatchedCount; i++)
            {
                if (Table.Matched[i] == subscription) times++;
            }

            return times == 1;
        }

        /// <summary>Retains a message.</summary>
        public int Retain(string topic, int message) => Table.RetainedSet(Name(topic), message);

        /// <summary>Clears a retained message.</summary>
        public int Clear(string topic) => Table.RetainedClear(Name(topic));

        /// <summary>Nothing is left in the table, and nothing is lost.</summary>
        public void AssertEmpty()
        {
            Table.Invariants();
            Assert.AreEqual(0, Table.SubscriptionCount, "subscriptions");
            Assert.AreEqual(0, Table.GroupCount, "groups");
            Assert.AreEqual(0, Table.RetainedCount, "retained");
            Assert.AreEqual(0, Table.NodeCount, "nodes");
            Assert.AreEqual(0, Texts.Count, "texts");
            Assert.AreEqual(Limits.TextBytes, Texts.Free, "bytes");
        }

        /// <summary>All that a refused call must leave as it was.</summary>
        public string Counts()
        {
            return Table.SubscriptionCount + "," + Table.GroupCount + "," + Table.RetainedCount + ","
                + Table.NodeCount + "," + Texts.Count + "," + Texts.Free + "," + Table.Generation;
        }
    }
}
