using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// Packet identifiers of QoS 2 messages that were received and not yet released: the receiver's half of
    /// exactly once (MQTT 5.0 section 4.3.3). One small open-addressed table for each session.
    /// </summary>
    public sealed class ReceivedIds
    {
        /// <summary>Identifiers held by each session.</summary>
        public readonly ushort[] Count;

        /// <summary>Told of what is to survive a loss of power; null: nothing is.</summary>
        public Changes Changes;

        private readonly ushort[] ids; // a row of `capacity` for each session; 0 is an empty place
        private readonly int capacity;

        /// <param name="sessions">Rows; sessions are numbered from 1.</param>
        /// <param name="capacity">Identifiers a session may hold: the receive maximum.</param>
        public ReceivedIds(int sessions, int capacity)
        {
            this.capacity = capacity;
            ids = new ushort[sessions * capacity];
            Count = new ushort[sessions + 1];
        }

        /// <summary>Bytes of nanoFramework's heap that a table of this size takes.</summary>
        public static int Bytes(int sessions, int capacity)
        {
            return Heap.Object(4) + Heap.Array(sessions * capacity, 2) + Heap.Array(sessions + 1, 2);
        }

        /// <summary>Whether the session holds the identifier.</summary>
        public bool Contains(int session, int id)
        {
            return Count[session] != 0 && Place(session, id) >= 0;
        }

        /// <summary>Adds an identifier that the session does not hold.</summary>
        /// <returns>False when the session's row is full.</returns>
        public bool Add(int session, int id)
        {
            if (Count[session] == capacity) return false;
            int row = (session - 1) * capacity;
            int at = id % capacity;
            while (ids[row + at] != 0)
            {
                if (++at == capacity) at = 0;
            }
            ids[row + at] = (ushort)id;
            Count[session]++;
            if (Changes != null) Changed(session);
            return true;
        }

        /// <summary>Removes an identifier.</summary>
        /// <returns>False when the session does not hold it.</returns>
        public bool Remove(int session, int id)
        {
            if (Count[session] == 0) return false;
            int hole = Place(session, id);
            if (hole < 0) return false;
            int row = (session - 1) * capacity;
            // Move back what was pushed past the hole, so that a search may stop at an empty place.
            int at = hole;
            while (true)
            {
                if (++at == capacity) at = 0;
                int moved = ids[row + at];
                if (moved == 0 || at == hole) break;
                int home = moved % capacity;
                int fromHome = at - home;
                if (fromHome < 0) fromHome += capacity;
                int fromHole = at - hole;
                if (fromHole < 0) fromHole += capacity;
                if (fromHome < fromHole) continue;
                ids[row + hole] = (ushort)moved;
                hole = at;
            }
            ids[row + hole] = 0;
            Count[session]--;
            if (Changes != null) Changed(session);
            return true;
        }

        private void Changed(int session)
        {
            Changes.Of(session, Changes.Received, session);
        }

        /// <summary>Copies a session's identifiers, two bytes each.</summary>
        /// <returns>The bytes.</returns>
        public int Copy(int session, byte[] target, int offset)
        {
            int at = offset;
            int row = (session - 1) * capacity;
            for (int i = 0; i < capacity; i++)
            {
                int id = ids[row + i];
                if (id == 0) continue;
                target[at++] = (byte)(id >> 8);
                target[at++] = (byte)id;
            }
            return at - offset;
        }

        /// <summary>Forgets all identifiers of a session.</summary>
        public void Clear(int session)
        {
            if (Count[session] == 0) return;
            Array.Clear(ids, (session - 1) * capacity, capacity);
            Count[session] = 0;
            if (Changes != null) Changed(session);
        }

        private int Place(int session, int id)
        {
            int row = (session - 1) * capacity;
            int start = id % capacity;
            int at = start;
            do
            {
                int found = ids[row + at];
                if (found == id) return at;
                if (found == 0) return -1;
                if (++at == capacity) at = 0;
            }
            while (at != start);
            return -1;
        }
    }
}
