namespace Femto.Mqtt
{
    /// <summary>
    /// Topic aliases (MQTT 5.0 section 3.3.2.3.4), both ways: those a client set, and those the broker sets
    /// towards a client for its busiest topics. They live as long as the network connection [MQTT-3.3.2-7].
    /// </summary>
    internal sealed class AliasTable
    {
        /// <summary>Set by <see cref="Choose"/>: the client knows the alias, the topic may be left out.</summary>
        public bool Known;

        /// <summary>What Find says of an alias that came with a topic that is not taken.</summary>
        public const int Refused = 0xFFFF;

        private readonly ushort[] inbound;   // text of alias 1.. of each connection
        private readonly ushort[] outbound;
        private readonly byte[] uses;        // how busy an outbound alias is
        private readonly int maxIn;
        private readonly int maxOut;
        private readonly TextTable texts;
        private readonly TopicPath hasher;

        public AliasTable(Limits limits, TextTable texts, TopicPath hasher)
        {
            this.texts = texts;
            this.hasher = hasher;
            maxIn = limits.TopicAliasesIn;
            maxOut = limits.TopicAliasesOut;
            inbound = new ushort[limits.Connections * maxIn];
            outbound = new ushort[limits.Connections * maxOut];
            uses = new byte[limits.Connections * maxOut];
        }

        public static int Bytes(Limits limits)
        {
            return Heap.Object(8) + Heap.Array(limits.Connections * limits.TopicAliasesIn, 2)
                + Heap.Array(limits.Connections * limits.TopicAliasesOut, 2)
                + Heap.Array(limits.Connections * limits.TopicAliasesOut, 1);
        }

        /// <summary>The text of an alias a client set, <see cref="Refused"/>, or 0. The alias is in range.</summary>
        public int Find(int c, int alias)
        {
            return inbound[c * maxIn + alias - 1];
        }

        /// <summary>A client sets an alias, new or anew.</summary>
        /// <returns>False when the text table is full.</returns>
        public bool Set(int c, int alias, byte[] buffer, int offset, int length)
        {
            int text = texts.Add(buffer, offset, length, hasher.HashOf(buffer, offset, length));
            if (text == 0) return false;
            int at = c * maxIn + alias - 1;
            Release(at);
            inbound[at] = (ushort)text;
            return true;
        }

        /// <summary>A client sets an alias to a topic that is not taken; it holds until it is set anew.</summary>
        public void Refuse(int c, int alias)
        {
            int at = c * maxIn + alias - 1;
            Release(at);
            inbound[at] = Refused;
        }

        private void Release(int at)
        {
            if (inbound[at] != 0 && inbound[at] != Refused) texts.Release(inbound[at]);
        }

        /// <summary>
        /// The alias under which a topic goes to a client, or 0. Free aliases are given at once; when all are
        /// taken, topics that are not busy lose theirs: a hit counts up, a miss counts the idlest down.
        /// </summary>
        public int Choose(int c, int aliases, byte[] buffer, int offset, int length)
        {
            Known = false;
            int row = c * maxOut;
            int hash = hasher.HashOf(buffer, offset, length);
            int text = texts.Find(buffer, offset, length, hash);
            int idlest = 0;
            int idlestUses = 256;
            for (int i = 0; i < aliases; i++)
            {
                int at = row + i;
                int known = outbound[at];
                if (known == 0)
                {
                    idlest = i;
                    idlestUses = 0;
                    break;
                }
                if (known == text)
                {
                    if (uses[at] < 255) uses[at]++;
                    Known = true;
                    return i + 1;
                }
                if (uses[at] < idlestUses)
                {
                    idlest = i;
                    idlestUses = uses[at];
                }
            }
            int victim = row + idlest;
            if (idlestUses > 0)
            {
                uses[victim]--;
                return 0;
            }
            text = texts.Add(buffer, offset, length, hash);
            if (text == 0) return 0;
            if (outbound[victim] != 0) texts.Release(outbound[victim]);
            outbound[victim] = (ushort)text;
            uses[victim] = 1;
            return idlest + 1;
        }

        /// <summary>The connection is gone, and its aliases with it.</summary>
        public void Clear(int c)
        {
            for (int i = c * maxIn; i < (c + 1) * maxIn; i++)
            {
                Release(i);
                inbound[i] = 0;
            }
            for (int i = c * maxOut; i < (c + 1) * maxOut; i++)
            {
                if (outbound[i] != 0) texts.Release(outbound[i]);
                outbound[i] = 0;
                uses[i] = 0;
            }
        }
    }
}
