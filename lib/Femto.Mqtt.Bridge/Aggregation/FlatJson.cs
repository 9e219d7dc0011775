namespace Femto.Mqtt
{
    /// <summary>Finds one member of a JSON object by its name. What it does not need it skips: it is no checker.
    /// </summary>
    internal static class FlatJson
    {
        /// <summary>Where the value of a member of the outermost object begins.</summary>
        /// <param name="text">Holds the JSON.</param>
        /// <param name="name">Holds the member's name, as it is written between the quotes.</param>
        /// <param name="length">Bytes of the value: to the comma or bracket behind it.</param>
        /// <returns>Its offset, or -1: there is none, or the text ends too soon.</returns>
        public static int Find(byte[] text, int offset, int end, byte[] name, int nameOffset, int nameLength,
            out int length)
        {
            length = 0;
            int at = Blanks(text, offset, end);
            if (at == end || text[at] != '{') return -1;
            at++;
            while (true)
            {
                at = Blanks(text, at, end);
                if (at == end || text[at] != '"') return -1;
                int start = at + 1;
                at = Quoted(text, start, end);
                if (at < 0) return -1;
                bool found = at - 1 - start == nameLength;
                for (int i = 0; found && i < nameLength; i++) found = text[start + i] == name[nameOffset + i];
                at = Blanks(text, at, end);
                if (at == end || text[at] != ':') return -1;
                start = Blanks(text, at + 1, end);
                at = Value(text, start, end);
                if (at < 0) return -1;
                if (found)
                {
                    length = at - start;
                    return start;
                }
                if (text[at] != ',') return -1;
                at++;
            }
        }

        private static int Blanks(byte[] text, int at, int end)
        {
            while (at < end && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) at++;
            return at;
        }

        // Behind the quote that ends a string; -1: there is none.
        private static int Quoted(byte[] text, int at, int end)
        {
            while (at < end)
            {
                int c = text[at++];
                if (c == '"') return at;
                if (c == '\\') at++;
            }
            return -1;
        }

        // The comma or bracket behind a value; -1: there is none.
        private static int Value(byte[] text, int at, int end)
        {
            int depth = 0;
            while (at < end)
            {
                int c = text[at];
                if (c == '"')
                {
                    at = Quoted(text, at + 1, end);
                    if (at < 0) return -1;
                    continue;
                }
                if (depth == 0 && (c == ',' || c == '}')) return at;
                if (c == '{' || c == '[') depth++;
                else if (c == '}' || c == ']') depth--;
                at++;
            }
            return -1;
        }
    }
}
