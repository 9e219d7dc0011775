namespace Femto.Mqtt
{
    /// <summary>What a topic is, asked of its text alone (section 4.7).</summary>
    public static class TopicText
    {
        /// <summary>Whether a well-formed UTF-8 text can be a topic name: not empty, no wildcards.</summary>
        public static bool IsName(byte[] buffer, int offset, int length)
        {
            return length > 0 && !HasWildcard(buffer, offset, offset + length);
        }

        /// <summary>Whether a filter begins with <c>$share/</c>, valid or not.</summary>
        public static bool IsShared(byte[] buffer, int offset, int length)
        {
            return length >= 7 && buffer[offset] == '$' && buffer[offset + 1] == 's'
                && buffer[offset + 2] == 'h' && buffer[offset + 3] == 'a' && buffer[offset + 4] == 'r'
                && buffer[offset + 5] == 'e' && buffer[offset + 6] == '/';
        }

        /// <summary>Whether there is a '+' or '#' between two offsets.</summary>
        public static bool HasWildcard(byte[] buffer, int offset, int end)
        {
            for (int i = offset; i < end; i++)
            {
                int b = buffer[i];
                if (b == '+' || b == '#')
                {
                    return true;
                }
            }
            return false;
        }
    }
}
