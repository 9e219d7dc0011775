namespace Femto.Mqtt
{
    /// <summary>What is wrong in a configuration: the first fault found.</summary>
    public sealed class ConfigError
    {
        /// <summary>The file, as it was named to the parser.</summary>
        public string File;
        /// <summary>Line, from 1; 0: the file as a whole.</summary>
        public int Line;
        /// <summary>The word that the line begins with; null: none.</summary>
        public string Keyword;
        /// <summary>What is wrong, and what would be right.</summary>
        public string Reason;

        /// <summary>All in one line: <c>femto.conf:12: topic: ...</c></summary>
        public string Text()
        {
            string where = Line > 0 ? File + ":" + Line.ToString() : File;
            if (Keyword != null) where = where + ": " + Keyword;
            return where + ": " + Reason;
        }

        internal bool Set(string file, int line, string keyword, string reason)
        {
            File = file;
            Line = line;
            Keyword = keyword;
            Reason = reason;
            return false;
        }
    }
}
