using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// Topics behind aliases, one table for each direction. They live as long as the network connection
    /// [MQTT-3.3.2-7].
    /// </summary>
    internal sealed class ClientAliases
    {
        /// <summary>The texts, a row of <see cref="RowBytes"/> for each alias.</summary>
        public readonly byte[] Text;
        /// <summary>Bytes of each alias' topic; 0: not set.</summary>
        public readonly ushort[] Length;
        public readonly int RowBytes;
        /// <summary>Set by <see cref="Choose"/>: the server knows the alias, the topic may be left out.</summary>
        public bool Known;

        private readonly byte[] uses; // how busy an outgoing alias is

        private ClientAliases(int aliases, int rowBytes)
        {
            RowBytes = rowBytes;
            Text = new byte[aliases * rowBytes];
            Length = new ushort[aliases];
            uses = new byte[aliases];
        }

        /// <summary>A table; null when it would have no rows.</summary>
        public static ClientAliases Make(int aliases, int rowBytes)
        {
            return aliases == 0 ? null : new ClientAliases(aliases, rowBytes);
        }

        public static int Bytes(int aliases, int rowBytes)
        {
            if (aliases == 0) return 0;
            return Heap.Object(5) + Heap.Array(aliases * rowBytes, 1) + Heap.Array(aliases, 2)
                + Heap.Array(aliases, 1);
        }

        public void Clear()
        {
            Array.Clear(Length, 0, Length.Length);
        }

        /// <summary>Puts a topic behind an alias, counted from 0. It fits.</summary>
        public void Set(int alias, byte[] buffer, int offset, int length)
        {
            Array.Copy(buffer, offset, Text, alias * RowBytes, length);
            Length[alias] = (ushort)length;
            uses[alias] = 1;
        }

        /// <summary>
        /// The alias of a topic among the first <paramref name="aliases"/>, or 0. Free aliases are given at once; when
        /// all are taken, topics that are not busy lose theirs: a hit counts up, a miss counts the idlest down.
        /// </summary>
        public int Choose(int aliases, byte[] buffer, int offset, int length)
        {
            Known = false;
            int idlest = 0;
            int idlestUses = 256;
            for (int i = 0; i < aliases; i++)
            {
                int known = Length[i];
                int count = known == 0 ? 0 : uses[i];
                if (known == length && Same(i * RowBytes, buffer, offset, length))
                {
                    if (count < 255) uses[i]++;
                    Known = true;
                    return i + 1;
                }
                if (count < idlestUses)
                {
                    idlest = i;
                    idlestUses = count;
                }
            }
            if (idlestUses > 0)
            {
                uses[idlest]--;
                return 0;
            }
            Set(idlest, buffer, offset, length);
            return idlest + 1;
        }

        // From the end: topics begin alike.
        private bool Same(int at, byte[] buffer, int offset, int length)
        {
            byte[] text = Text;
            for (int i = length - 1; i >= 0; i--)
            {
                if (text[at + i] != buffer[offset + i]) return false;
            }
            return true;
        }
    }
}
