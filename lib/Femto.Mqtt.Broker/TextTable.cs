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

        private readonly ushort[] _references; // 0: the handle is free
        private readonly ushort[] _next;       // next in the bucket, or next free handle
        private readonly ushort[] _buckets;
        private readonly int _bucketShift;
        private readonly int _addressShift;    // from an address in the arena to a bucket, for Compact
        private readonly int _bytesMax;
        private int _firstFree;
        private int _end;                      // the arena is used below, with gaps

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
            _references = new ushort[textsMax + 1];
            _next = new ushort[textsMax + 1];
            _buckets = new ushort[1 << bucketBits];
            _bucketShift = 16 - bucketBits;
            _bytesMax = bytesMax;
            while (Arena.Length >> _addressShift >= _buckets.Length)
            {
                _addressShift++;
            }

            for (int h = textsMax; h > 0; h--)
            {
                _next[h] = (ushort)_firstFree;
                _firstFree = h;
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
            int h = _buckets[tag >> _bucketShift];
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

                h = _next[h];
            }

            return 0;
        }

        /// <summary>
        /// Finds or stores a text and counts one reference more. <paramref name="buffer"/> must not be
        /// <see cref="Arena"/>. Returns its handle, or 0 and has changed nothing when there is no room.
        /// </summary>
        public int Add(byte[] buffer, int offset, int length, int hash)
        {
            Debug.Assert(buffer != Arena); // compacting would move it away
            int h = Find(buffer, offset, length, hash);
            if (h != 0)
            {
                if (_references[h] == 0xFFFF)
                {
                    return 0; // full as well: one more could not be counted
                }

                _references[h]++;
                return h;
            }

            if (_firstFree == 0 || length > Free || length > 0xFFFF)
            {
                return 0;
            }

            if (_end + length > Arena.Length)
            {
                Compact();
            }

            h = _firstFree;
            _firstFree = _next[h];
            Array.Copy(buffer, offset, Arena, _end, length);
            Start[h] = _end;
            Length[h] = (ushort)length;
            Tag[h] = (ushort)TagOf(hash);
            _references[h] = 1;
            _end += length;
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
            Debug.Assert(_references[handle] != 0);
            if (--_references[handle] != 0)
            {
                return;
            }

            int bucket = Tag[handle] >> _bucketShift;
            int h = _buckets[bucket];
            if (h == handle)
            {
                _buckets[bucket] = _next[handle];
            }
            else
            {
                while (_next[h] != handle)
                {
                    h = _next[h];
                }

                _next[h] = _next[handle];
            }

            _next[handle] = (ushort)_firstFree;
            _firstFree = handle;
            Free += Length[handle];
            Count--;
            if (Count == 0)
            {
                _end = 0;
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
            for (int h = 1; h < _next.Length; h++)
            {
                if (_references[h] != 0)
                {
                    count++;
                    bytes += Length[h];
                    for (int i = Start[h]; i < Start[h] + Length[h]; i++)
                    {
                        Check(i < _end && owner[i] == 0, "two texts overlap");
                        owner[i] = 1;
                    }
                }
            }

            Check(count == Count, "Count");
            Check(bytes == _bytesMax - Free, "Free");
            int linked = 0;
            for (int b = 0; b < _buckets.Length; b++)
            {
                for (int h = _buckets[b]; h != 0; h = _next[h])
                {
                    Check(_references[h] != 0 && Tag[h] >> _bucketShift == b, "a text in a wrong bucket");
                    linked++;
                    Check(linked <= count, "a bucket goes round in circles");
                }
            }

            Check(linked == count, "a text in no bucket");
            for (int h = _firstFree; h != 0; h = _next[h])
            {
                Check(_references[h] == 0, "a text in use is free");
                linked++;
                Check(linked < _next.Length, "the free list goes round in circles");
            }

            Check(linked == _next.Length - 1, "a handle is lost");
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
            int bucket = Tag[h] >> _bucketShift;
            _next[h] = _buckets[bucket];
            _buckets[bucket] = (ushort)h;
        }

        // Moves all texts down over the gaps. They have to be visited in the order of their addresses, for
        // which no room is kept: the buckets are emptied, serve to sort the texts by address, and are
        // filled again.
        private void Compact()
        {
            Array.Clear(_buckets, 0, _buckets.Length);
            for (int h = 1; h < _next.Length; h++)
            {
                if (_references[h] != 0)
                {
                    LinkByAddress(h);
                }
            }

            int end = 0;
            for (int b = 0; b < _buckets.Length; b++)
            {
                for (int h = _buckets[b]; h != 0; h = _next[h])
                {
                    Array.Copy(Arena, Start[h], Arena, end, Length[h]);
                    Start[h] = end;
                    end += Length[h];
                }
            }

            _end = end;
            Array.Clear(_buckets, 0, _buckets.Length);
            for (int h = 1; h < _next.Length; h++)
            {
                if (_references[h] != 0)
                {
                    Link(h);
                }
            }
        }

        private void LinkByAddress(int handle)
        {
            int start = Start[handle];
            int bucket = start >> _addressShift;
            int h = _buckets[bucket];
            int before = 0;
            while (h != 0 && Start[h] < start)
            {
                before = h;
                h = _next[h];
            }

            _next[handle] = (ushort)h;
            if (before == 0)
            {
                _buckets[bucket] = (ushort)handle;
            }
            else
            {
                _next[before] = (ushort)handle;
            }
        }
    }
}
