using System.Text;

namespace Femto.Mqtt
{
    /// <summary>Goes through a file line by line, and stops at the first fault.</summary>
    internal sealed class ConfigParser
    {
        private readonly byte[] text;
        private readonly int length;
        private readonly string file;
        private readonly ConfigError error;
        private readonly Keywords words = new Keywords();
        private readonly Configuration config = new Configuration();
        private readonly int[] seen = new int[Key.Count];   // the line of a word that may come once in its section
        private readonly BridgeSection bridge;
        private readonly AggregateSection aggregate = new AggregateSection();
        private readonly AppSection app;
        private readonly PersistenceSection persistence;
        private readonly ConfigListener common = new ConfigListener(); // what stands outside of every listener line
        private ConfigListener listener;
        private int line, at, end;                          // the rest of the line at hand
        private int word = -1, key, early, earlyWord;       // early: a listener's word before the first listener
        private string name;
        private bool defaulted;                             // port or bind_address

        public ConfigParser(byte[] text, int length, string file, ConfigError error, PersistenceOptions defaults)
        {
            this.text = text;
            this.length = length;
            this.file = file;
            this.error = error;
            bridge = new BridgeSection(config);
            app = new AppSection(config);
            persistence = new PersistenceSection(defaults);
            config.File = file;
            config.Listeners = new ConfigListener[0];
            listener = common;
        }

        public Configuration Run()
        {
            int next = 0;
            if (length >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF) next = 3; // byte order mark
            while (next < length)
            {
                at = next;
                end = next;
                while (end < length && text[end] != '\n') end++;
                next = end + 1;
                line++;
                while (end > at && (IsBlank(text[end - 1]) || text[end - 1] == '\r')) end--;
                SkipBlanks();
                if (at < end && text[at] != '#' && !Line()) return null;
            }
            string wrong = bridge.Finish();
            if (wrong != null)
            {
                error.Set(file, bridge.Line, "connection", wrong);
                return null;
            }
            wrong = app.Finish();
            if (wrong != null)
            {
                error.Set(file, app.Line, app.Word, wrong);
                return null;
            }
            if (!persistence.Finish(config))
            {
                error.Set(file, config.PersistenceLine, "persistence_drive_bytes",
                    "the journal is larger: see persistence_journal_bytes");
                return null;
            }
            Finish();
            return config;
        }

        private void Finish()
        {
            if (config.Listeners.Length > 0 && !defaulted) return;
            if (!defaulted) common.Bind = "127.0.0.1";      // Mosquitto 2: without a listener this machine alone
            ConfigListener[] all = new ConfigListener[config.Listeners.Length + 1];
            all[0] = common;
            for (int i = 1; i < all.Length; i++) all[i] = config.Listeners[i - 1];
            config.Listeners = all;
            config.LocalOnly = !defaulted;
        }

        private bool Line()
        {
            int from = at;
            for (int i = at; i < end; i++)
            {
                if (text[i] == 0) return Fail("the line holds a byte 0");
            }
            if (!Utf8.IsValid(text, from, end - from)) return Fail("the line is not UTF-8");
            int count = Token();
            name = Encoding.UTF8.GetString(text, from, count);
            word = words.Find(text, from, count);
            if (word < 0)
            {
                int near = words.Nearest(text, from, count);
                return Fail(near < 0
                    ? "this keyword is unknown" : "this keyword is unknown: did you mean " + words.Name(near) + "?");
            }
            key = words.KeyOf(word);
            if (words.Kind(word) == 'x')
            {
                return Fail("this keyword of Mosquitto is not implemented by Femto: " + words.Note(word));
            }
            if (words.OfBridge(word) && key != Key.Connection && !bridge.Open)
            {
                return Fail("this keyword is misplaced: it belongs below a connection line");
            }
            if (words.OfAggregate(word) && !aggregate.Open)
            {
                return Fail("this keyword is misplaced: it belongs below an aggregate line");
            }
            if (words.OfSensor(word) && !app.Open)
            {
                return Fail("this keyword is misplaced: it belongs below a sensor line");
            }
            if (words.Section(word) == 'l' && config.Listeners.Length == 0 && early == 0)
            {
                early = line;
                earlyWord = word;
            }
            return Once() && Value();
        }

        private bool Once()
        {
            if (key == 0 || key == Key.Connection || key == Key.Listener || key == Key.Address || key == Key.Topic
                || key == Key.Aggregate || key == Key.AggregateAlarm || key == Key.Sensor)
            {
                return true;
            }
            if (seen[key] != 0) return Fail("this is said twice: line " + seen[key].ToString() + " says it already");
            seen[key] = line;
            return true;
        }

        private bool Value()
        {
            SkipBlanks();
            int number;
            switch (words.Kind(word))
            {
                case 's': return Text();
                case 'i': return Number(out number) && Last() && Put(number);
                case 'c': return Special();
                case 'w':
                    int from = at;
                    int count = Token();
                    number = count == 0 ? -1 : words.Choice(word, text, from, count);
                    if (number < 0) return Wrong(from, count, words.Choices(word));
                    return Last() && Put(number);
                case 'z':
                    if (!Number(0, 2147483647, out number)) return false;
                    if (number != 0) return Only("0");
                    return Last();
                default:
                    return Flag(out number) && Only(number) && Last() && Put(number);
            }
        }

        private bool Only(int flag)
        {
            int kind = words.Kind(word);
            if (kind == 't' && flag == 0) return Only("true");
            return kind != 'f' || flag == 0 || Only("false");
        }

        private bool Only(string value)
        {
            return Fail("Femto does not implement any value but " + value + ": " + words.Note(word));
        }

        private bool Put(int value)
        {
            if (key == 0) return true;
            if (key >= Key.Persistence)
            {
                persistence.Put(key, value, line);
                return true;
            }
            if (key >= Key.Device) return Good(app.Put(key, value, line));
            if (words.OfAggregate(word)) return Good(aggregate.Put(key, value));
            if (key >= Key.Connection)
            {
                bridge.Put(key, value);
                return true;
            }
            if (key == Key.MaxConnections)
            {
                listener.MaxConnections = value;
                if (listener.Line == 0) listener.Line = line;
            }
            else if (key == Key.ConnectionMessages)
            {
                config.ConnectionMessages = value != 0;
            }
            else if (key == Key.AllowAnonymous)
            {
                config.AllowAnonymous = true;
            }
            else if (key == Key.Preset)
            {
                config.Preset = value == 0 ? "tiny" : value == 1 ? "esp32" : value == 2 ? "esp32-psram" : "host";
            }
            else
            {
                if (config.Lines[key] != 0 && config.Values[key] != value)
                {
                    return Fail("all listeners have one value, and line " + config.Lines[key].ToString() + " says "
                        + config.Values[key].ToString());
                }
                config.Values[key] = value;
                config.Lines[key] = line;
            }
            return true;
        }

        private bool Special()
        {
            switch (key)
            {
                case Key.Listener: return Listener();
                case Key.Connection: return Connection();
                case Key.Address: return Addresses();
                case Key.Topic: return Topic();
                case Key.RestartTimeout: return RestartTimeout();
                case Key.Expiration: return Expiration();
                case Key.Aggregate: return Aggregate();
                case Key.AggregateAlarm: return Good(aggregate.Alarm(bridge.Options, Words(), line));
                case Key.SensorInterval: return Good(app.Interval(Words()));
                case Key.Port:
                    defaulted = true;
                    common.Line = line;
                    return Number(1, 65535, out common.Port) && Last();
                default:
                    defaulted = true;
                    common.Line = line;
                    return Rest(out common.Bind);
            }
        }

        private bool Listener()
        {
            int port;
            if (!Number(0, 65535, out port)) return false;
            if (port == 0) return Fail("Femto has no Unix sockets: give a port from 1 to 65535");
            if (early != 0 && !defaulted)
            {
                line = early;
                name = words.Name(earlyWord);
                return Fail("this keyword is misplaced: it belongs below the listener line that it is for");
            }
            listener = new ConfigListener();
            listener.Port = port;
            listener.Line = line;
            if (!AtEnd()) listener.Bind = TokenText();
            ConfigListener[] all = new ConfigListener[config.Listeners.Length + 1];
            for (int i = 0; i < config.Listeners.Length; i++)
            {
                ConfigListener other = config.Listeners[i];
                if (other.Port == port && BridgeSection.Same(other.Bind, listener.Bind))
                {
                    return Fail("line " + other.Line.ToString() + " listens there already");
                }
                all[i] = other;
            }
            all[all.Length - 1] = listener;
            config.Listeners = all;
            config.LocalOnly = false;
            seen[Key.MaxConnections] = seen[Key.AliasesIn] = seen[Key.AliasesOut] = 0;
            return Last();
        }

        private bool Connection()
        {
            if (at == end) return Fail("a value is missing: a name for the bridge");
            string wrong = bridge.Finish();
            if (wrong != null)
            {
                line = bridge.Line;
                return Fail(wrong);
            }
            wrong = bridge.Begin(TokenText(), line);
            if (wrong != null) return Fail(wrong);
            for (int i = Key.Connection; i < Key.BridgeEnd; i++) seen[i] = 0;
            aggregate.Open = false;
            return Last();
        }

        private bool Aggregate()
        {
            for (int i = Key.AggregateOther; i < Key.BridgeEnd; i++) seen[i] = 0;
            return Good(aggregate.Begin(bridge.Options, Words(), line));
        }

        // What is left of the line, word by word. A comment is none, but the first may be a topic filter.
        private string[] Words()
        {
            int count = 0, from = at;
            while (count == 0 ? at < end : !AtEnd())
            {
                Token();
                count++;
            }
            string[] all = new string[count];
            at = from;
            for (int i = 0; i < count; i++)
            {
                SkipBlanks();
                all[i] = TokenText();
            }
            return all;
        }

        private bool Good(string wrong)
        {
            return wrong == null || Fail(wrong);
        }

        private bool Addresses()
        {
            if (AtEnd()) return Fail("a value is missing: HOST or HOST:PORT, one or several");
            while (!AtEnd())
            {
                int from = at;
                int count = Token();
                int colon = from + count - 1;               // from the back: an IPv6 address has colons of its own
                while (colon >= from && text[colon] != ':' && text[colon] != ']') colon--;
                int port = 1883, stop = from + count;
                if (colon >= from && text[colon] == ':')
                {
                    stop = colon;
                    port = Digits(colon + 1, from + count);
                    if (port < 1 || port > 65535)
                    {
                        return Fail(Shown(from, count) + " has no port from 1 to 65535 behind its last colon");
                    }
                }
                if (stop - from >= 2 && text[from] == '[' && text[stop - 1] == ']')
                {
                    from++;
                    stop--;
                }
                if (stop == from) return Fail("there is a port without a host");
                bridge.Add(Encoding.UTF8.GetString(text, from, stop - from), port);
                SkipBlanks();
            }
            return true;
        }

        private bool Topic()
        {
            if (at == end) return Fail("a value is missing: PATTERN [out|in|both [QOS [LOCAL-PREFIX REMOTE-PREFIX]]]");
            BridgeTopic topic = new BridgeTopic();
            topic.Pattern = Prefix();
            SkipBlanks();
            if (at < end)
            {
                int from = at;
                int count = Token();
                topic.Direction = Direction(from, count);
                if (topic.Direction == 0) return Wrong(from, count, "in, out or both");
                SkipBlanks();
            }
            if (!AtEnd())
            {
                if (!Number(0, 2, out topic.Qos)) return false;
            }
            if (!AtEnd()) topic.LocalPrefix = Prefix();
            if (!AtEnd()) topic.RemotePrefix = Prefix();
            if (!Last()) return false;
            string wrong = bridge.Add(topic);
            return wrong == null || Fail(wrong);
        }

        private bool Is(int from, int count, string value)
        {
            bool same = count == value.Length;
            for (int i = 0; same && i < count; i++) same = text[from + i] == value[i];
            return same;
        }

        // Capitals are as good here, as in Mosquitto.
        private int Direction(int from, int count)
        {
            byte[] small = new byte[4];
            for (int i = 0; i < count && i < 4; i++) small[i] = (byte)(text[from + i] | 32);
            if (count == 2 && small[0] == 'i' && small[1] == 'n') return BridgeTopic.In;
            if (count == 3 && small[0] == 'o' && small[1] == 'u' && small[2] == 't') return BridgeTopic.Out;
            bool both = count == 4 && small[0] == 'b' && small[1] == 'o' && small[2] == 't' && small[3] == 'h';
            return both ? BridgeTopic.Both : 0;
        }

        // A topic or prefix; "" is none.
        private string Prefix()
        {
            int from = at;
            int count = Token();
            return count == 2 && text[from] == '"' && text[from + 1] == '"'
                ? null : Encoding.UTF8.GetString(text, from, count);
        }

        private bool RestartTimeout()
        {
            int most = 86400, first, cap = 0;               // a day
            if (!Number(1, most, out first)) return false;
            if (!AtEnd())
            {
                if (!Number(1, most, out cap)) return false;
                if (cap < first) return Fail("the second number, the cap, is lower than the first");
            }
            bridge.Restart(first * 1000, cap * 1000);
            return Last();
        }

        private bool Expiration()
        {
            int from = at;
            int count = Token();
            const string expected = "a number with h, d, w, m or y behind it (hours, days, weeks, months, years)";
            if (count == 0) return Wrong(from, count, expected);
            int hours = 0;
            switch ((char)text[from + count - 1])
            {
                case 'h': hours = 1; break;
                case 'd': hours = 24; break;
                case 'w': hours = 7 * 24; break;
                case 'm': hours = 30 * 24; break;
                case 'y': hours = 365 * 24; break;
            }
            int number = Digits(from, from + count - 1);
            if (hours == 0 || number < 1) return Wrong(from, count, expected);
            if ((long)number * hours * 3600 > 0xFFFFFFFE) return Fail(Shown(from, count) + " is above 136 years");
            return Last() && Put((int)(uint)((long)number * hours * 3600));
        }

        private bool Text()
        {
            string value;
            if (!Rest(out value)) return false;
            if (key == Key.Sensor)
            {
                for (int i = Key.SensorSource; i <= Key.SensorTopic; i++) seen[i] = 0;
            }
            if (key >= Key.Persistence)
            {
                persistence.Put(key, value, line);
                return true;
            }
            if (key >= Key.Device) return Good(app.Put(key, value, line));
            if (words.OfAggregate(word)) return Good(aggregate.Put(key, value));
            if (key != Key.NotificationTopic)
            {
                bridge.Put(key, value);
                return true;
            }
            if (!BridgeSection.IsName(value)) return Fail("a topic to publish to has no + and no #");
            bridge.Put(key, value);
            return true;
        }

        // All that is left of the line, blanks within it too, as Mosquitto takes it.
        private bool Rest(out string value)
        {
            value = null;
            if (at == end) return Fail("a value is missing: a text");
            if (end - at > 65535) return Fail("the text is longer than 65535 bytes");
            value = Encoding.UTF8.GetString(text, at, end - at);
            return true;
        }

        private bool Flag(out int flag)
        {
            int from = at;
            int count = Token();
            flag = 0;
            if (count == 1 && text[from] == '0') return true;
            if (Is(from, count, "false")) return true;
            flag = 1;
            if (count == 1 && text[from] == '1') return true;
            return Is(from, count, "true") || Wrong(from, count, "true or false");
        }

        private bool Number(out int value)
        {
            int from, to;
            words.Range(word, out from, out to);
            return Number(from, to, out value);
        }

        private bool Number(int from, int to, out int value)
        {
            SkipBlanks();
            int start = at;
            int count = Token();
            bool minus = count > 1 && text[start] == '-';
            value = Digits(minus ? start + 1 : start, start + count);
            if (value >= 0 && minus) value = -value;
            bool good = Digits(minus ? start + 1 : start, start + count) >= 0 && value >= from && value <= to;
            return good || Wrong(start, count, "a number from " + from.ToString() + " to " + to.ToString());
        }

        // -1: no number, or above 2,147,483,647.
        private int Digits(int from, int to)
        {
            if (from >= to) return -1;
            long value = 0;
            for (int i = from; i < to; i++)
            {
                if (text[i] < '0' || text[i] > '9') return -1;
                value = value * 10 + text[i] - '0';
                if (value > 2147483647) return -1;
            }
            return (int)value;
        }

        // Nothing may follow but a comment.
        private bool Last()
        {
            if (AtEnd()) return true;
            return Fail("there is more than this keyword takes: " + Shown(at, end - at));
        }

        private bool AtEnd()
        {
            SkipBlanks();
            return at == end || text[at] == '#';
        }

        private void SkipBlanks()
        {
            while (at < end && IsBlank(text[at])) at++;
        }

        private static bool IsBlank(int b)
        {
            return b == ' ' || b == '\t';
        }

        // Moves past one word and returns its length.
        private int Token()
        {
            int from = at;
            while (at < end && !IsBlank(text[at])) at++;
            return at - from;
        }

        private string TokenText()
        {
            int from = at;
            int count = Token();
            return Encoding.UTF8.GetString(text, from, count);
        }

        private bool Wrong(int from, int count, string expected)
        {
            return Fail(count == 0
                ? "a value is missing: " + expected : Shown(from, count) + " is wrong: it must be " + expected);
        }

        // What stands there, cut where it is long; a cut may leave half a character, which the decoder replaces.
        private string Shown(int from, int count)
        {
            return count > 60 ? "'" + Encoding.UTF8.GetString(text, from, 60) + "...'"
                : "'" + Encoding.UTF8.GetString(text, from, count) + "'";
        }

        private bool Fail(string reason)
        {
            return error.Set(file, line, name, reason);
        }
    }
}
