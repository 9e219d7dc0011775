using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// Packet identifiers of QoS 2 messages that were received and not yet released, as runs of consecutive numbers.
    /// Servers count identifiers up, so a backlog of any length is a run or two; a table of n runs has room for any n
    /// identifiers at the least.
    /// </summary>
    public sealed class ReceivedRuns
    {
        private ushort[] ends;    // first and last of each run
        private int runs;
        private Changes changes;  // told of what is to survive a loss of power; null: nothing is
        private int session;      // whose row is marked there

        /// <param name="most">Runs.</param>
        public ReceivedRuns(int most)
        {
            ends = new ushort[most * 2];
        }

        /// <summary>Bytes of nanoFramework's heap that a table of this size takes.</summary>
        public static int Bytes(int most)
        {
            return Heap.Object(4) + Heap.Array(most * 2, 2);
        }

        /// <summary>What changes is marked from now on, and what was known before the power went is taken over. At
        /// boot.</summary>
        /// <param name="kept">Where it is marked; what was known stands in its <see cref="Changes.Runs"/>.</param>
        /// <param name="row">The session.</param>
        public void Keep(Changes kept, int row)
        {
            changes = kept;
            session = row;
            byte[] known = kept.Runs[row];
            if (known == null) return;
            kept.Runs[row] = null;
            if (known.Length > ends.Length * 2) ends = new ushort[known.Length / 2];
            runs = known.Length / 4;
            for (int i = 0; i < runs * 2; i++) ends[i] = (ushort)(known[i * 2] << 8 | known[i * 2 + 1]);
        }

        /// <summary>Bytes that <see cref="Copy"/> takes.</summary>
        public int Length
        {
            get { return runs * 4; }
        }

        /// <summary>Copies the runs: first and last identifier, two bytes each.</summary>
        public void Copy(byte[] target, int offset)
        {
            for (int i = 0; i < runs * 2; i++)
            {
                target[offset + i * 2] = (byte)(ends[i] >> 8);
                target[offset + i * 2 + 1] = (byte)ends[i];
            }
        }

        private void Changed()
        {
            if (changes != null) changes.Of(session, Changes.Received, session);
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
            Changed();
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
            Changed();
            return true;
        }

        /// <summary>Forgets all identifiers.</summary>
        public void Clear()
        {
            if (runs == 0) return;
            runs = 0;
            Changed();
        }

        /// <summary>Checks the table; for tests.</summary>
        /// <exception cref="InvalidOperationException">It is wrong.</exception>
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
