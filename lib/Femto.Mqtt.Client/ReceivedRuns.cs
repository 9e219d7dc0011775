using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// Packet identifiers of QoS 2 messages that were received and not yet released, as runs of consecutive numbers.
    /// Servers count identifiers up, so a backlog of any length is a run or two; a table of n runs has room for any n
    /// identifiers at the least.
    /// </summary>
    internal sealed class ReceivedRuns
    {
        private readonly ushort[] ends; // first and last of each run
        private int runs;

        public ReceivedRuns(int most)
        {
            ends = new ushort[most * 2];
        }

        public static int Bytes(int most)
        {
            return Heap.Object(2) + Heap.Array(most * 2, 2);
        }

        /// <summary>The run that holds an identifier, or -1.</summary>
        public int Find(int id)
        {
            ushort[] e = ends;
            for (int i = runs * 2 - 2; i >= 0; i -= 2)
            {
                if (id >= e[i] && id <= e[i + 1]) return i;
            }
            return -1;
        }

        /// <summary>Whether <see cref="Add"/> finds room.</summary>
        public bool HasRoom(int id)
        {
            return runs * 2 < ends.Length || Neighbour(id) >= 0;
        }

        // A run that the identifier makes longer, or -1.
        private int Neighbour(int id)
        {
            ushort[] e = ends;
            for (int i = runs * 2 - 2; i >= 0; i -= 2)
            {
                if (e[i + 1] == id - 1 || e[i] == id + 1) return i;
            }
            return -1;
        }

        /// <summary>Adds an identifier that is not there and has room.</summary>
        public void Add(int id)
        {
            ushort[] e = ends;
            int run = Neighbour(id);
            if (run < 0)
            {
                run = runs * 2;
                runs++;
                e[run] = (ushort)id;
                e[run + 1] = (ushort)id;
            }
            else if (e[run] > id)
            {
                e[run] = (ushort)id;
            }
            else
            {
                e[run + 1] = (ushort)id;
            }
        }

        /// <summary>Removes an identifier from the run that <see cref="Find"/> gave.</summary>
        /// <returns>False: it stands in the middle of a run, and no row is free for the other half.</returns>
        public bool Remove(int run, int id)
        {
            ushort[] e = ends;
            int first = e[run];
            int last = e[run + 1];
            if (first == last)
            {
                runs--;
                e[run] = e[runs * 2];
                e[run + 1] = e[runs * 2 + 1];
            }
            else if (id == first)
            {
                e[run] = (ushort)(id + 1);
            }
            else
            {
                if (id != last)
                {
                    if (runs * 2 == e.Length) return false;
                    e[runs * 2] = (ushort)(id + 1);
                    e[runs * 2 + 1] = (ushort)last;
                    runs++;
                }
                e[run + 1] = (ushort)(id - 1);
            }
            return true;
        }

        public void Clear()
        {
            runs = 0;
        }

        public void Invariants()
        {
            for (int i = 0; i < runs * 2; i += 2)
            {
                if (ends[i] == 0 || ends[i] > ends[i + 1]) throw new InvalidOperationException("a run of nothing");
                for (int j = 0; j < i; j += 2)
                {
                    bool apart = ends[j] > ends[i + 1] || ends[j + 1] < ends[i];
                    if (!apart) throw new InvalidOperationException("an identifier twice");
                }
            }
        }
    }
}
