namespace Femto.Mqtt
{
    /// <summary>Whether a text can be a topic name (section 4.7), for who does not need its levels.</summary>
    internal static class TopicName
    {
        // 0 for bytes that need no closer look: ASCII but U+0000, '+' and '#'.
        private static readonly byte[] special = Table();

        private static byte[] Table()
        {
            byte[] table = new byte[256];
            table[0] = 1;
            table['+'] = 1;
            table['#'] = 1;
            for (int b = 0x80; b < 256; b++) table[b] = 1;
            return table;
        }

        /// <summary>Checks a topic name. Faults: TopicNameInvalid (empty, or a wildcard in it), MalformedPacket
        /// (UTF-8).</summary>
        public static Fault Check(byte[] buffer, int offset, int length)
        {
            byte[] s = special;
            byte[] b = buffer;
            int i = offset;
            int end = offset + length;
            int last = end - 8;
            // Eight at a time: most of what a message costs a client on a board.
            while (i <= last)
            {
                if ((s[b[i]] | s[b[i + 1]] | s[b[i + 2]] | s[b[i + 3]]
                    | s[b[i + 4]] | s[b[i + 5]] | s[b[i + 6]] | s[b[i + 7]]) != 0) return Closer(b, i, end);
                i += 8;
            }
            while (i < end)
            {
                if (s[b[i]] != 0) return Closer(b, i, end);
                i++;
            }
            return length == 0 ? Fault.TopicNameInvalid : Fault.None; // [MQTT-4.7.3-1]
        }

        /// <summary>Checks a topic filter, shared or not. Faults: TopicFilterInvalid, MalformedPacket
        /// (UTF-8).</summary>
        /// <param name="wildcard">It has '+' or '#'.</param>
        public static Fault CheckFilter(byte[] buffer, int offset, int length, out bool wildcard)
        {
            wildcard = false;
            if (!Utf8.IsValid(buffer, offset, length)) return Fault.MalformedPacket; // [MQTT-3.8.3-1]
            int end = offset + length;
            if (TopicText.IsShared(buffer, offset, length)) offset = Shared(buffer, offset + 7, end);
            if (offset == end) return Fault.TopicFilterInvalid; // [MQTT-4.8.2-1] [MQTT-4.7.3-1]
            for (int i = offset; i < end; i++)
            {
                int b = buffer[i];
                if (b != '+' && b != '#') continue;
                wildcard = true;
                bool level = (i == offset || buffer[i - 1] == '/')
                    && (i + 1 == end || b == '+' && buffer[i + 1] == '/');
                if (!level) return Fault.TopicFilterInvalid; // [MQTT-4.7.1-1] [MQTT-4.7.1-2]
            }
            return Fault.None;
        }

        // The offset behind "group/"; the end when there is no such thing.
        private static int Shared(byte[] buffer, int offset, int end)
        {
            for (int i = offset; i < end; i++)
            {
                int b = buffer[i];
                if (b == '/') return i == offset ? end : i + 1;
                if (b == '+' || b == '#') return end; // [MQTT-4.8.2-2]
            }
            return end;
        }

        private static Fault Closer(byte[] buffer, int offset, int end)
        {
            if (!Utf8.IsValid(buffer, offset, end - offset)) return Fault.MalformedPacket; // [MQTT-1.5.4-1]
            // [MQTT-3.3.2-2], in 3.1.1 [MQTT-4.7.1-1]
            return TopicText.IsName(buffer, offset, end - offset) ? Fault.None : Fault.TopicNameInvalid;
        }
    }
}
