namespace Femto.Mqtt
{
    /// <summary>
    /// A topic name or filter taken apart (section 4.7): one pass checks it and yields its levels and their
    /// hashes. The object is built once and used again; nothing is copied.
    /// </summary>
    /// <remarks>
    /// The hash of a text: <c>h</c> begins with a secret number; for each byte <c>h = (h ^ mix(byte)) * m</c>
    /// with a secret odd <c>m</c> and secret odd 16-bit numbers <c>mix</c>, all different. With the bytes
    /// themselves in place of <c>mix</c> there are texts that collide for every <c>m</c> (Thue and Morse's
    /// sequence over two characters). The top bits are the good ones. The same table tells which bytes need
    /// a closer look: their <c>mix</c> is 0; odd numbers let one test do for two bytes.
    /// </remarks>
    public sealed class TopicPath
    {
        /// <summary>The caller's buffer.</summary>
        public byte[] Buffer;
        /// <summary>Levels found, 1 to the maximum given to the constructor; 0 after a fault.</summary>
        public int Levels;
        /// <summary>Where each level begins in <see cref="Buffer"/>.</summary>
        public readonly int[] Start;
        /// <summary>Bytes of each level, 0 or more.</summary>
        public readonly int[] Length;
        /// <summary>The hash of each level: <see cref="HashOf"/> of its bytes.</summary>
        public readonly int[] Hash;
        /// <summary>A hash of all levels in their order; not <see cref="HashOf"/> of the whole
        /// topic.</summary>
        public int Full;
        /// <summary>The first character is '$'.</summary>
        public bool SystemTopic;
        /// <summary>The filter has '+' or '#'.</summary>
        public bool Wildcard;
        /// <summary>The group name of a shared subscription in <see cref="Buffer"/>.</summary>
        public int ShareStart;
        /// <summary>Bytes of the group name; 0: not shared.</summary>
        public int ShareLength;
        /// <summary>The hash of the group name; 0 when not shared.</summary>
        public int ShareHash;

        // 256 secret numbers; 0 for bytes that need a closer look: U+0000 '#' '+' '/' and all beyond ASCII.
        private readonly ushort[] mix;
        private readonly int basis;
        private readonly int multiplier;
        // Odd and secret: bytes whose mix is 0 are mixed in as (byte + 1) * special.
        private readonly int special;

        /// <summary>Bytes on the board's heap; the table of the hash is <see cref="TableBytes"/> of them.</summary>
        public static int Bytes(int levelsMax)
        {
            return Heap.Object(15) + 3 * Heap.Array(levelsMax, 4) + TableBytes();
        }

        /// <summary>What an object that shares another's table saves.</summary>
        public static int TableBytes()
        {
            return Heap.Array(256, 2);
        }

        /// <summary>Builds the table of the hash from the seed.</summary>
        /// <param name="levelsMax">Levels of the longest topic taken.</param>
        /// <param name="seed">A random number; two objects with the same seed hash alike.</param>
        public TopicPath(int levelsMax, int seed)
        {
            Start = new int[levelsMax];
            Length = new int[levelsMax];
            Hash = new int[levelsMax];
            mix = new ushort[256];
            uint state = (uint)seed;
            basis = (int)Next(ref state);
            multiplier = (int)(Next(ref state) | 1);
            special = (int)(Next(ref state) | 1);
            for (int b = 1; b < 0x80; b++)
            {
                if (b != '/' && b != '+' && b != '#')
                {
                    mix[b] = Distinct(ref state, b);
                }
            }
        }

        /// <summary>An object of its own that hashes like <paramref name="other"/> and shares its
        /// table.</summary>
        public TopicPath(int levelsMax, TopicPath other)
        {
            Start = new int[levelsMax];
            Length = new int[levelsMax];
            Hash = new int[levelsMax];
            mix = other.mix;
            basis = other.basis;
            multiplier = other.multiplier;
            special = other.special;
        }

        // An odd number that no byte below b has.
        private ushort Distinct(ref uint state, int b)
        {
            while (true)
            {
                int value = (int)(Next(ref state) >> 16 | 1);
                bool taken = false;
                for (int i = 1; i < b; i++) taken |= mix[i] == value;
                if (!taken) return (ushort)value;
            }
        }

        // A 32-bit counter through two multiplications: every seed gives its own sequence.
        private static uint Next(ref uint state)
        {
            state += 0x9E3779B9;
            uint x = state;
            x = (x ^ x >> 16) * 0x85EBCA6B;
            x = (x ^ x >> 13) * 0xC2B2AE35;
            return x ^ x >> 16;
        }

        /// <summary>
        /// Takes a topic name apart. Faults: TopicNameInvalid (empty, or a wildcard in it), MalformedPacket
        /// (UTF-8), TooLarge (more levels than there is room for; the rest of it is valid).
        /// </summary>
        public Fault Name(byte[] buffer, int offset, int length)
        {
            Levels = 0;
            if (length == 0)
            {
                return Fault.TopicNameInvalid; // [MQTT-4.7.3-1]
            }
            Buffer = buffer;
            SystemTopic = buffer[offset] == '$';
            if (ShareLength != 0 || Wildcard)
            {
                ShareLength = 0;
                ShareHash = 0;
                Wildcard = false;
            }
            ushort[] mix = this.mix;
            int[] starts = Start;
            int[] lengths = Length;
            int[] hashes = Hash;
            int multiplier = this.multiplier;
            int hash = basis;
            int full = hash;
            int level = 0;
            int start = offset;
            int end = offset + length;
            int last = end - 1;
            int i = offset;
            bool utf8 = false; // the rest is known to be well formed
            while (true)
            {
                // Two ordinary bytes at a time, their numbers are odd: most of what a PUBLISH costs on a board.
                while (i < last)
                {
                    int first = mix[buffer[i]];
                    int second = mix[buffer[i + 1]];
                    if ((first & second) == 0)
                    {
                        if (first != 0)
                        {
                            hash = (hash ^ first) * multiplier;
                            i++;
                        }
                        break;
                    }
                    hash = ((hash ^ first) * multiplier ^ second) * multiplier;
                    i += 2;
                }
                if (i == end)
                {
                    break;
                }
                int b = buffer[i];
                if (b == '/')
                {
                    starts[level] = start;
                    lengths[level] = i - start;
                    hashes[level] = hash;
                    full = (full ^ hash) * multiplier;
                    hash = basis;
                    i++;
                    start = i;
                    level++;
                    if (level == starts.Length)
                    {
                        return Overlong(buffer, i, end);
                    }
                    continue;
                }
                int value = mix[b];
                if (value == 0)
                {
                    if (b == '+' || b == '#')
                    {
                        return Fault.TopicNameInvalid; // [MQTT-4.7.0-1], in 3.1.1 [MQTT-4.7.1-1]
                    }
                    if (!utf8 && !Utf8.IsValid(buffer, i, end - i))
                    {
                        return Fault.MalformedPacket; // [MQTT-1.5.4-1] [MQTT-4.7.3-2]
                    }
                    utf8 = true;
                    value = (b + 1) * special;
                }
                hash = (hash ^ value) * multiplier;
                i++;
            }
            starts[level] = start;
            lengths[level] = i - start;
            hashes[level] = hash;
            Full = (full ^ hash) * multiplier;
            Levels = level + 1;
            return Fault.None;
        }

        /// <summary>
        /// Takes a topic filter apart. Of <c>$share/group/filter</c> the levels are those of the inner
        /// filter. Faults: TopicFilterInvalid, MalformedPacket (UTF-8), TooLarge (more levels than there is
        /// room for).
        /// </summary>
        public Fault Filter(byte[] buffer, int offset, int length)
        {
            Levels = 0;
            Wildcard = false;
            ShareLength = 0;
            ShareHash = 0;
            Buffer = buffer;
            if (!Utf8.IsValid(buffer, offset, length))
            {
                return Fault.MalformedPacket; // [MQTT-3.8.3-1]
            }
            int end = offset + length;
            if (TopicText.IsShared(buffer, offset, length))
            {
                int start = offset + 7;
                offset = Share(buffer, start, end);
                if (offset < 0)
                {
                    return Fault.TopicFilterInvalid;
                }
                ShareStart = start;
                ShareLength = offset - 1 - start;
                ShareHash = HashOf(buffer, start, ShareLength);
            }
            if (offset == end)
            {
                return Fault.TopicFilterInvalid; // [MQTT-4.7.3-1]
            }
            SystemTopic = buffer[offset] == '$';
            return FilterLevels(buffer, offset, end);
        }

        // The offset behind "group/", or -1 when the group name is not valid.
        private static int Share(byte[] buffer, int offset, int end)
        {
            int i = offset;
            while (i < end && buffer[i] != '/')
            {
                if (buffer[i] == '+' || buffer[i] == '#')
                {
                    return -1; // [MQTT-4.8.2-2]
                }
                i++;
            }
            if (i == offset || i == end)
            {
                return -1; // [MQTT-4.8.2-1] a name of at least one character, [MQTT-4.8.2-2] then '/'
            }
            return i + 1;
        }

        private Fault FilterLevels(byte[] buffer, int offset, int end)
        {
            int full = basis;
            int level = 0;
            int start = offset;
            for (int i = offset; i <= end; i++)
            {
                int b = i < end ? buffer[i] : '/';
                if (b == '#')
                {
                    if (i != start || i + 1 != end)
                    {
                        return Fault.TopicFilterInvalid; // [MQTT-4.7.1-1], in 3.1.1 [MQTT-4.7.1-2]
                    }
                    Wildcard = true;
                }
                else if (b == '+')
                {
                    if (i != start || (i + 1 != end && buffer[i + 1] != '/'))
                    {
                        return Fault.TopicFilterInvalid; // [MQTT-4.7.1-2], in 3.1.1 [MQTT-4.7.1-3]
                    }
                    Wildcard = true;
                }
                else if (b == '/')
                {
                    if (level < Start.Length)
                    {
                        int hash = HashOf(buffer, start, i - start);
                        Start[level] = start;
                        Length[level] = i - start;
                        Hash[level] = hash;
                        full = (full ^ hash) * multiplier;
                    }
                    level++;
                    start = i + 1;
                }
            }
            if (level > Start.Length)
            {
                return Fault.TooLarge;
            }
            Full = full;
            Levels = level;
            return Fault.None;
        }

        // Whether the levels that have no room are at least valid: what is wrong is told before what is too
        // long.
        private static Fault Overlong(byte[] buffer, int offset, int end)
        {
            if (!Utf8.IsValid(buffer, offset, end - offset))
            {
                return Fault.MalformedPacket;
            }
            if (TopicText.HasWildcard(buffer, offset, end))
            {
                return Fault.TopicNameInvalid;
            }
            return Fault.TooLarge;
        }

        /// <summary>The hash of any text, as levels and group names have it.</summary>
        public int HashOf(byte[] buffer, int offset, int length)
        {
            ushort[] mix = this.mix;
            int multiplier = this.multiplier;
            int hash = basis;
            int end = offset + length;
            for (int i = offset; i < end; i++)
            {
                int b = buffer[i];
                int value = mix[b];
                if (value == 0)
                {
                    value = (b + 1) * special;
                }
                hash = (hash ^ value) * multiplier;
            }
            return hash;
        }

        /// <summary><see cref="TopicText.IsName"/>.</summary>
        public static bool IsName(byte[] buffer, int offset, int length)
        {
            return TopicText.IsName(buffer, offset, length);
        }

        /// <summary><see cref="TopicText.IsShared"/>.</summary>
        public static bool IsShared(byte[] buffer, int offset, int length)
        {
            return TopicText.IsShared(buffer, offset, length);
        }
    }
}
