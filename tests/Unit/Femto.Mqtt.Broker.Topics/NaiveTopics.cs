namespace Femto.Mqtt.Unit
{
    /// <summary>A sequence of numbers that is the same on every machine.</summary>
    public class NaiveRandom
    {
        private uint _state;

        /// <summary>Begins the sequence of this seed.</summary>
        public NaiveRandom(int seed)
        {
            _state = (uint)seed * 2654435769 + 1;
        }

        /// <summary>A number from 0 to <paramref name="below"/> less 1.</summary>
        public int Next(int below)
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return (int)((_state >> 8) % (uint)below);
        }
    }

    /// <summary>
    /// The topic table as one would write it without a thought for its cost: a list of subscriptions and a list of
    /// retained messages, and section 4.7 word by word. It says what the real one must answer.
    /// </summary>
    public class NaiveTopics
    {
        /// <summary>What levels are parted by.</summary>
        public static readonly char[] Slash = { '/' };

        private const int Rows = 64;

        /// <summary>Subscriptions in use, from row 0.</summary>
        public int Count;
        /// <summary>Filters without <c>$share/group/</c>.</summary>
        public string[] Filter = new string[Rows];
        /// <summary>Share names, empty when not shared.</summary>
        public string[] Group = new string[Rows];
        /// <summary>Sessions.</summary>
        public int[] Session = new int[Rows];
        /// <summary>Options.</summary>
        public int[] Options = new int[Rows];
        /// <summary>Subscription identifiers.</summary>
        public int[] SubscriptionId = new int[Rows];
        /// <summary>The table's handles.</summary>
        public int[] Handle = new int[Rows];

        /// <summary>Retained messages in use, from row 0.</summary>
        public int RetainedCount;
        /// <summary>Topics with a retained message.</summary>
        public string[] Topic = new string[Rows];
        /// <summary>Their messages.</summary>
        public int[] Message = new int[Rows];

        private readonly string[] _distinct = new string[1000];
        private int _distinctCount;

        /// <summary>Whether a filter matches a topic name.</summary>
        public static bool Matches(string filter, string topic)
        {
            // A filter that starts with a wildcard does not match a topic that begins with '$'. [MQTT-4.7.2-1]
            if (topic[0] == '$' && (filter[0] == '+' || filter[0] == '#')) return false;
            string[] f = filter.Split(Slash);
            string[] t = topic.Split(Slash);
            for (int i = 0; i < f.Length; i++)
            {
                if (f[i] == "#") return true;
                if (i >= t.Length) return false;
                if (f[i] != "+" && f[i] != t[i]) return false;
            }

            return f.Length == t.Length;
        }

        /// <summary>The row of a subscription, or -1.</summary>
        public int Find(string group, string filter, int session)
        {
            for (int i = 0; i < Count; i++)
            {
                if (Session[i] == session && Filter[i] == filter && Group[i] == group) return i;
            }

            return -1;
        }

        /// <summary>Subscribes or replaces.</summary>
        public void Subscribe(string group, string filter, int session, int options, int subscriptionId, int handle)
        {
            int row = Find(group, filter, session);
            if (row < 0) row = Count++;
            Group[row] = group;
            Filter[row] = filter;
            Session[row] = session;
            Options[row] = options;
            SubscriptionId[row] = subscriptionId;
            Handle[row] = handle;
        }

        /// <summary>Takes out a row; the last one takes its place.</summary>
        public void Remove(int row)
        {
            Count--;
            Group[row] = Group[Count];
            Filter[row] = Filter[Count];
            Session[row] = Session[Count];
            Options[row] = Options[Count];
            SubscriptionId[row] = SubscriptionId[Count];
            Handle[row] = Handle[Count];
        }

        /// <summary>Takes out all of a session's rows.</summary>
        public void RemoveSession(int session)
        {
            for (int i = Count - 1; i >= 0; i--)
            {
                if (Session[i] == session) Remove(i);
            }
        }

        /// <summary>The row of a retained message, or -1.</summary>
        public int FindRetained(string topic)
        {
            for (int i = 0; i < RetainedCount; i++)
            {
                if (Topic[i] == topic) return i;
            }

            return -1;
        }

        /// <summary>Retains or replaces.</summary>
        public void Retain(string topic, int message)
        {
            int row = FindRetained(topic);
            if (row < 0) row = RetainedCount++;
            Topic[row] = topic;
            Message[row] = message;
        }

        /// <summary>Clears a retained message if there is one.</summary>
        public void Clear(string topic)
        {
            int row = FindRetained(topic);
            if (row < 0) return;
            RetainedCount--;
            Topic[row] = Topic[RetainedCount];
            Message[row] = Message[RetainedCount];
        }

        /// <summary>Members of the group of a row, itself included.</summary>
        public int Members(int row)
        {
            int members = 0;
            for (int i = 0; i < Count; i++)
            {
                if (Group[i] == Group[row] && Filter[i] == Filter[row]) members++;
            }

            return members;
        }

        /// <summary>How many nodes a tree of all these filters and topics has; with one more if not null.</summary>
        public int Nodes(string more)
        {
            _distinctCount = 0;
            for (int i = 0; i < Count; i++) AddPrefixes(Filter[i]);
            for (int i = 0; i < RetainedCount; i++) AddPrefixes(Topic[i]);
            if (more != null) AddPrefixes(more);
            return _distinctCount;
        }

        /// <summary>How many groups there are; with one more if its name is not empty.</summary>
        public int Groups(string moreGroup, string moreFilter)
        {
            _distinctCount = 0;
            for (int i = 0; i < Count; i++)
            {
                if (Group[i] != "") AddDistinct(Group[i] + " " + Filter[i]);
            }

            if (moreGroup != "") AddDistinct(moreGroup + " " + moreFilter);
            return _distinctCount;
        }

        /// <summary>How many names all levels and groups have; with one more filter and group if not null.</summary>
        public int Names(string moreGroup, string more)
        {
            _distinctCount = 0;
            for (int i = 0; i < Count; i++) AddNames(Group[i], Filter[i]);
            for (int i = 0; i < RetainedCount; i++) AddNames("", Topic[i]);
            if (more != null) AddNames(moreGroup, more);
            return _distinctCount;
        }

        /// <summary>How many names the last <see cref="Names"/> found.</summary>
        public int NameCount => _distinctCount;

        /// <summary>One of the names that the last <see cref="Names"/> found.</summary>
        public string NameAt(int index) => _distinct[index];

        private void AddNames(string group, string filter)
        {
            string[] levels = filter.Split(Slash);
            for (int i = 0; i < levels.Length; i++)
            {
                if (levels[i] != "+" && levels[i] != "#") AddDistinct(levels[i]);
            }

            if (group != "") AddDistinct(group);
        }

        private void AddPrefixes(string filter)
        {
            string[] levels = filter.Split(Slash);
            string prefix = "";
            for (int i = 0; i < levels.Length && levels[i] != "#"; i++)
            {
                prefix = prefix + "/" + levels[i];
                AddDistinct(prefix);
            }
        }

        private void AddDistinct(string text)
        {
            for (int i = 0; i < _distinctCount; i++)
            {
                if (_distinct[i] == text) return;
            }

            _distinct[_distinctCount++] = text;
        }
    }
}
