using System;
using System.Collections.Generic;
using System.Text;
using Femto.Mqtt;

namespace Femto.CostMeter
{
    /// <summary>
    /// Changes of the topic table, and that a match costs the same among ten subscriptions as among ten thousand:
    /// a topic of 28 bytes in three levels.
    /// </summary>
    internal sealed class TopicTableOperations
    {
        private const string Topic = "site-01/boiler-7/temperature";

        private readonly TopicTable _table;
        private readonly TopicPath _path = new TopicPath(16, 12345);
        private readonly byte[] _topic = Encoding.UTF8.GetBytes(Topic);
        private readonly int _matches;

        private TopicTableOperations(int subscriptions, params string[] matching)
        {
            var limits = new Limits();
            limits.Sessions = 12;
            limits.Subscriptions = subscriptions + 1;
            limits.SharedGroups = 8;
            limits.Retained = 32;
            limits.TopicNodes = 3 * subscriptions + 10;
            limits.TopicLevels = 16;
            _table = new TopicTable(limits, new TextTable(2 * subscriptions + 20, 32 * subscriptions + 1000));
            _matches = matching.Length;
            for (int i = 0; i < _matches; i++)
            {
                Subscribe(matching[i], i + 1);
            }

            for (int i = _matches; i < subscriptions; i++)
            {
                Subscribe("site-" + i % 10 + "/pump-" + i + "/pressure", i % 6 + 1);
            }
        }

        public static IEnumerable<Operation> All()
        {
            var one = new TopicTableOperations(60, Topic);
            yield return new CodeOperation("topic table: subscribe and unsubscribe", 0, one.SubscribeAndUnsubscribe);
            yield return new CodeOperation("topic table: retain and clear", 0, one.RetainAndClear);
            for (int subscriptions = 10; subscriptions <= 10000; subscriptions *= 10)
            {
                var three = new TopicTableOperations(subscriptions, Topic, "site-01/+/temperature", "site-01/#");
                yield return new CodeOperation("match three of " + subscriptions + " subscriptions", 0, three.Match);
            }
        }

        private void Subscribe(string filter, int session)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(filter);
            Expect(_path.Filter(bytes, 0, bytes.Length) == Fault.None);
            Expect(_table.Subscribe(_path, session, 0, 0) != 0);
        }

        private void Match()
        {
            TakeApart();
            _table.Match(_path);
            Expect(_table.MatchedCount == _matches && _table.MatchedGroupCount == 0);
        }

        private void SubscribeAndUnsubscribe()
        {
            TakeApart();
            Expect(_table.Subscribe(_path, 7, 1, 0) != 0 && _table.Unsubscribe(_path, 7));
        }

        private void RetainAndClear()
        {
            TakeApart();
            Expect(_table.RetainedSet(_path, 1) != 0 && _table.RetainedClear(_path) == 1);
        }

        // In the runs that settle; the decoder's price is another operation's.
        private void TakeApart()
        {
            if (_path.Buffer != _topic)
            {
                Expect(_path.Name(_topic, 0, _topic.Length) == Fault.None);
            }
        }

        private static void Expect(bool truth)
        {
            if (!truth)
            {
                throw new InvalidOperationException("topic operations: not what was to be measured");
            }
        }
    }
}
