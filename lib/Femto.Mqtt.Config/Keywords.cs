using System.Text;

namespace Femto.Mqtt
{
    /// <summary>
    /// The words of the language: those that Femto has, and those of Mosquitto that it refuses by name.
    /// </summary>
    public sealed class Keywords
    {
        private readonly byte[] table, notes;
        private readonly ushort[] start;                // of each line
        /// <summary>Number of words.</summary>
        public readonly int Count;

        /// <summary>About 9 KB of heap, for as long as a file is read.</summary>
        public Keywords()
        {
            table = Encoding.UTF8.GetBytes(KeywordText.Table);
            notes = Encoding.UTF8.GetBytes(KeywordText.Notes);
            for (int i = 0; i < table.Length; i++)
            {
                if (table[i] == '\n') Count++;
            }
            start = new ushort[Count];
            int line = 1;
            for (int i = 0; line < Count; i++)
            {
                if (table[i] == '\n') start[line++] = (ushort)(i + 1);
            }
        }

        /// <summary>The word; it ends in * when it stands for all that begin so.</summary>
        public string Name(int word)
        {
            int at = NameStart(word);
            return Encoding.UTF8.GetString(table, at, End(at) - at);
        }

        /// <summary>
        /// Whether Femto does something with it, or at least takes the value that it always behaves as.
        /// </summary>
        public bool Implemented(int word)
        {
            return Kind(word) != 'x';
        }

        /// <summary>Whether it belongs below <c>connection</c>.</summary>
        public bool OfBridge(int word)
        {
            return Section(word) == 'b';
        }

        /// <summary>Whether it belongs below <c>sensor</c>.</summary>
        public bool OfSensor(int word)
        {
            return Section(word) == 'a';
        }

        /// <summary>Whether it belongs below <c>aggregate</c>.</summary>
        public bool OfAggregate(int word)
        {
            int key = KeyOf(word);
            return key >= Key.AggregateOther && key < Key.BridgeEnd;
        }

        internal int Section(int word)
        {
            return table[start[word]];
        }

        internal int Kind(int word)
        {
            return table[start[word] + 1];
        }

        internal int KeyOf(int word)
        {
            int at = start[word] + 2;
            return Number(ref at);
        }

        /// <summary>The word's line, or -1.</summary>
        internal int Find(byte[] text, int offset, int length)
        {
            for (int word = 0; word < Count; word++)
            {
                int at = NameStart(word), i = 0;
                while (i < length && table[at + i] == text[offset + i]) i++;
                int next = table[at + i];
                if ((i == length && (next == ' ' || next == '\n')) || (next == '*' && i < length)) return word;
            }
            return -1;
        }

        /// <summary>The word that is most like this one, or -1 when none is.</summary>
        internal int Nearest(byte[] text, int offset, int length)
        {
            int best = -1, most = 1 + length / 4;       // one letter in four may be wrong, and one more
            if (length > 40) return -1;
            int[] row = new int[length + 1];
            for (int word = 0; word < Count; word++)
            {
                int at = NameStart(word);
                int distance = Distance(row, at, End(at) - at, text, offset, length);
                if (distance <= most)
                {
                    best = word;
                    most = distance - 1;
                }
            }
            return best;
        }

        /// <summary>The two numbers behind the word.</summary>
        internal void Range(int word, out int from, out int to)
        {
            int at = Arguments(word);
            from = Number(ref at);
            at++;
            to = Number(ref at);
        }

        /// <summary>Which of the words behind it this is, or -1.</summary>
        internal int Choice(int word, byte[] text, int offset, int length)
        {
            int choice = 0, at = Arguments(word);
            while (true)
            {
                int i = 0;
                while (i < length && table[at + i] == text[offset + i] && text[offset + i] != '|') i++;
                if (i == length && (table[at + i] == '|' || table[at + i] == '\n')) return choice;
                at += i;
                while (table[at] != '|' && table[at] != '\n') at++;
                if (table[at++] == '\n') return -1;
                choice++;
            }
        }

        /// <summary>The words behind it as text: <c>automatic, lazy or once</c>.</summary>
        internal string Choices(int word)
        {
            string text = null;
            int at = Arguments(word);
            while (true)
            {
                int end = at;
                while (table[end] != '|' && table[end] != '\n') end++;
                string choice = Encoding.UTF8.GetString(table, at, end - at);
                bool last = table[end] == '\n';
                text = text == null ? choice : text + (last ? " or " : ", ") + choice;
                if (last) return text;
                at = end + 1;
            }
        }

        /// <summary>The note behind the word.</summary>
        internal string Note(int word)
        {
            int letter = table[Arguments(word)];
            int at = 0;
            while (notes[at] != letter)
            {
                while (notes[at++] != '\n')
                {
                }
            }
            int end = at;
            while (notes[end] != '\n') end++;
            return Encoding.UTF8.GetString(notes, at + 2, end - at - 2);
        }

        private int NameStart(int word)
        {
            int at = start[word];
            while (table[at++] != ' ')
            {
            }
            return at;
        }

        private int Arguments(int word)
        {
            return End(NameStart(word)) + 1;
        }

        private int End(int at)
        {
            while (table[at] != ' ' && table[at] != '\n') at++;
            return at;
        }

        private int Number(ref int at)
        {
            bool minus = table[at] == '-';
            if (minus) at++;
            int value = 0;
            while (table[at] >= '0' && table[at] <= '9') value = value * 10 + table[at++] - '0';
            return minus ? -value : value;
        }

        // Letters to insert, to remove or to change (Levenshtein).
        private int Distance(int[] row, int at, int count, byte[] text, int offset, int length)
        {
            for (int j = 0; j <= length; j++) row[j] = j;
            for (int i = 1; i <= count; i++)
            {
                int diagonal = row[0];
                row[0] = i;
                for (int j = 1; j <= length; j++)
                {
                    int cost = diagonal + (table[at + i - 1] == text[offset + j - 1] ? 0 : 1);
                    diagonal = row[j];
                    if (row[j] + 1 < cost) cost = row[j] + 1;
                    if (row[j - 1] + 1 < cost) cost = row[j - 1] + 1;
                    row[j] = cost;
                }
            }
            return row[length];
        }
    }
}
