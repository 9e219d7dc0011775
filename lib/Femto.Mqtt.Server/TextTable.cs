using System;
using System.Diagnostics;

namespace Femto.Mqtt
{
    /// <summary>
    /// Interned UTF-8 texts: names of topic levels, client identifiers, share names, whole topics behind an
    /// alias. Each distinct text is kept once, under a handle from 1, until it has been released as often
    /// as it was added.
    /// </summary>
    public sealed class TextTable
    {
        private const int FieldsPerTable = 14;

        /// <summary>The bytes of all texts: text h is <c>Length[h]</c> bytes from <c>Start[h]</c>.</summary>
        public readonly byte[] Arena;
        /// <summary>
        /// Where in <see cref="Arena"/> a text stands. Changes when <see cref="Add"/> compacts the arena.
        /// </summary>
        public readonly int[] Start;
        /// <summary>Bytes of a text.</summary>
        public readonly ushort[] Length;
        /// <summary>Sixteen bits of a text's hash, see <see cref="TagOf"/>.</summary>
        public readonly ushort[] Tag;
        /// <summary>Texts in the table.</summary>
        public int Count;
        /// <summary>Bytes that further texts may have together.</summary>
        public int Free;

        private readonly ushort[] uses; // 0: the handle is free
        private readonly ushort[] nextText;       // next in the bucket, or next free handle
        private readonly ushort[] heads;
        private readonly int bucketShift;
        private readonly int addressShift;    // from an address in the arena to a bucket, for Compact
        private readonly int byteLimit;
        private int freeText;
        private int arenaEnd;                      // the arena is used below, with gaps

        /// <param name="textsMax">Distinct texts at one time, 1 to 65,534.</param>
        /// <param name="bytesMax">Bytes of all of them together.</param>
        public TextTable(int textsMax, int bytesMax)
        {
            int bucketBits = BucketBits(textsMax);
            Arena = new byte[ArenaBytes(bytesMax)];
            Start = new int[textsMax + 1];
            Length = new ushort[textsMax + 1];
            Tag = new ushort[textsMax + 1];
            Free = bytesMax;
            uses = new ushort[textsMax + 1];
            nextText = new ushort[textsMax + 1];
            heads = new ushort[1 << bucketBits];
            bucketShift = 16 - bucketBits;
            byteLimit = bytesMax;
            while (Arena.Length >> addressShift >= heads.Length)
            {
                addressShift++;
            }

            for (int h = textsMax; h > 0; h--)
            {
                nextText[h] = (ushort)freeText;
                freeText = h;
            }
        }

        /// <summary>Bytes that such a table takes on nanoFramework's heap.</summary>
        public static int Bytes(int textsMax, int bytesMax)
        {
            return Heap.Object(FieldsPerTable)
                + Heap.Array(ArenaBytes(bytesMax), 1)        // Arena
                + Heap.Array(textsMax + 1, 4)                // Start
                + 4 * Heap.Array(textsMax + 1, 2)            // Length, Tag, references, next
                + Heap.Array(1 << BucketBits(textsMax), 2);  // buckets
        }

        /// <summary>
        /// The sixteen bits of a seeded hash by which tables choose a bucket: its top ones. The hash ends in a
        /// multiplication by a secret number, so that they depend on every byte of the text and on all of the seed.
        /// </summary>
        public static int TagOf(int hash) => hash >> 16 & 0xFFFF;

        /// <summary>The handle of a text, or 0. The hash is that of <see cref="TopicPath"/>.</summary>
        public int Find(byte[] buffer, int offset, int length, int hash)
        {
            int tag = TagOf(hash);
            int end = offset + length;
            byte[] arena = Arena;
            int h = heads[tag >> bucketShift];
            while (h != 0)
            {
                if (Tag[h] == tag && Length[h] == length)
                {
                    int i = offset;
                    int j = Start[h];
                    while (i < end && buffer[i] == arena[j])
                    {
                        i++;
                        j++;
                    }

                    if (i == end)
                    {
                        return h;
                    }
                }

                h = nextText[h];
            }

            return 0;
        }

        /// <summary>
        /// Finds or stores a text and counts one reference more. <paramref name="buffer"/> must not be
        /// <see cref="Arena"/>. Returns its handle, or 0 and has changed nothing when there is no room. The last eighth
        /// of texts and of bytes is left to <see cref="AddIdentity"/>.
        /// </summary>
        public int Add(byte[] buffer, int offset, int length, int hash)
        {
            int h = Find(buffer, offset, length, hash);
            if (h != 0) return Use(h);

            int rows = Start.Length - 1;
            bool room = Count < rows - (rows >> 3) && length <= Free - (Arena.Length >> 3);
            return room ? Store(buffer, offset, length, hash) : 0;
        }

        /// <summary>
        /// The same for client identifiers and user names, which may use all of the table: subscriptions and retained
        /// messages of some clients do not keep others from connecting.
        /// </summary>
        public int AddIdentity(byte[] buffer, int offset, int length, int hash)
        {
            int h = Find(buffer, offset, length, hash);
            return h != 0 ? Use(h) : Store(buffer, offset, length, hash);
        }

        private int Use(int h)
        {
            if (uses[h] == 0xFFFF)
            {
                return 0; // full as well: one more could not be counted
            }

            uses[h]++;
            return h;
        }

        private int Store(byte[] buffer, int offset, int length, int hash)
        {
            Debug.Assert(buffer != Arena); // compacting would move it away
            if (freeText == 0 || length > Free || length > 0xFFFF)
            {
                return 0;
            }

            if (arenaEnd + length > Arena.Length)
            {
                Compact();
            }

            int h = freeText;
            freeText = nextText[h];
            Array.Copy(buffer, offset, Arena, arenaEnd, length);
            Start[h] = arenaEnd;
            Length[h] = (ushort)length;
            Tag[h] = (ushort)TagOf(hash);
            uses[h] = 1;
            arenaEnd += length;
            Free -= length;
            Count++;
            Link(h);
            return h;
        }

        /// <summary>
        /// Takes back one reference; a text without any is forgotten and its handle used again.
        /// </summary>
        public void Release(int handle)
        {
            Debug.Assert(uses[handle] != 0);
            if (--uses[handle] != 0)
            {
                return;
            }

            int bucket = Tag[handle] >> bucketShift;
            int h = heads[bucket];
            if (h == handle)
            {
                heads[bucket] = nextText[handle];
            }
            else
            {
                while (nextText[h] != handle)
                {
                    h = nextText[h];
                }

                nextText[h] = nextText[handle];
            }

            nextText[handle] = (ushort)freeText;
            freeText = handle;
            Free += Length[handle];
            Count--;
            if (Count == 0)
            {
                arenaEnd = 0;
            }
        }

        /// <summary>
        /// For tests: throws when the table contradicts itself. Linear in its size, allocates.
        /// </summary>
        public void Invariants()
        {
            int count = 0;
            int bytes = 0;
            byte[] owner = new byte[Arena.Length];
            for (int h = 1; h < nextText.Length; h++)
            {
                if (uses[h] != 0)
                {
                    count++;
                    bytes += Length[h];
                    for (int i = Start[h]; i < Start[h] + Length[h]; i++)
                    {
                        Check(i < arenaEnd && owner[i] == 0, "two texts overlap");
                        owner[i] = 1;
                    }
                }
            }

            Check(count == Count, "Count");
            Check(bytes == byteLimit - Free, "Free");
            int linked = 0;
            for (int b = 0; b < heads.Length; b++)
            {
                for (int h = heads[b]; h != 0; h = nextText[h])
                {
                    Check(uses[h] != 0 && Tag[h] >> bucketShift == b, "a text in a wrong bucket");
                    linked++;
                    Check(linked <= count, "a bucket goes round in circles");
                }
            }

            Check(linked == count, "a text in no bucket");
            for (int h = freeText; h != 0; h = nextText[h])
            {
                Check(uses[h] == 0, "a text in use is free");
                linked++;
                Check(linked < nextText.Length, "the free list goes round in circles");
            }

            Check(linked == nextText.Length - 1, "a handle is lost");
        }

        private static void Check(bool condition, string what)
        {
            if (!condition)
            {
                throw new InvalidOperationException("TextTable: " + what);
            }
        }

        private static int BucketBits(int textsMax)
        {
            int bits = 0;
            while (2 << bits < textsMax && bits < 16)
            {
                bits++;
            }

            return bits;
        }

        // A sixteenth more than may be in use, so that a full table is not compacted with every text that
        // comes and goes.
        private static int ArenaBytes(int bytesMax) => bytesMax + (bytesMax >> 4);

        private void Link(int h)
        {
            int bucket = Tag[h] >> bucketShift;
            nextText[h] = heads[bucket];
            heads[bucket] = (ushort)h;
        }

        // Moves all texts down over the gaps. They have to be visited in the order of their addresses, for
        // which no room is kept: the buckets are emptied, serve to sort the texts by address, and are
        // filled again.
        private void Compact()
        {
            Array.Clear(heads, 0, heads.Length);
            for (int h = 1; h < nextText.Length; h++)
            {
                if (uses[h] != 0)
                {
                    LinkByAddress(h);
                }
            }

            int end = 0;
            for (int b = 0; b < heads.Length; b++)
            {
                for (int h = heads[b]; h != 0; h = nextText[h])
                {
                    Array.Copy(Arena, Start[h], Arena, end, Length[h]);
                    Start[h] = end;
                    end += Length[h];
                }
            }

            arenaEnd = end;
            Array.Clear(heads, 0, heads.Length);
            for (int h = 1; h < nextText.Length; h++)
            {
                if (uses[h] != 0)
                {
                    Link(h);
                }
            }
        }

        private void LinkByAddress(int handle)
        {
            int start = Start[handle];
            int bucket = start >> addressShift;
            int h = heads[bucket];
            int before = 0;
            while (h != 0 && Start[h] < start)
            {
                before = h;
                h = nextText[h];
            }

            nextText[handle] = (ushort)h;
            if (before == 0)
            {
                heads[bucket] = (ushort)handle;
            }
            else
            {
                nextText[before] = (ushort)handle;
            }
        }
    }
}
