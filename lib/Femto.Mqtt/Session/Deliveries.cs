using System;
using System.Diagnostics;

namespace Femto.Mqtt
{
    /// <summary>
    /// The messages on their way to each session, in order: first those sent and not yet acknowledged, then
    /// those still to be sent. A delivery is a row that points to a message of the pool, and lives until the
    /// message is acknowledged (QoS 1 and 2) or written to the connection (QoS 0).
    /// </summary>
    /// <remarks>
    /// Deliveries run from 1; 0 is none. A delivery with more than one subscription identifier is followed by
    /// rows of phase <see cref="More"/> that carry the others.
    /// </remarks>
    public sealed class Deliveries
    {
        /// <summary>Phase: never sent.</summary>
        public const int Queued = 0;
        /// <summary>Phase: PUBLISH sent, PUBACK or PUBREC awaited.</summary>
        public const int Published = 1;
        /// <summary>Phase: PUBREC received, PUBCOMP awaited.</summary>
        public const int Released = 2;
        /// <summary>Phase of a row that only carries one more subscription identifier.</summary>
        public const int More = 3;

        /// <summary>The last packet identifier given to a message: those above are a client's for SUBSCRIBE and
        /// UNSUBSCRIBE. One session has fewer messages on the way.</summary>
        public const int LastId = 65472;

        /// <summary>The following delivery in the session, 0 at the end.</summary>
        public readonly ushort[] Next;
        /// <summary>The message in the pool; the delivery holds one reference.</summary>
        public readonly ushort[] Message;
        /// <summary>Packet identifier; 0 while never sent and for QoS 0.</summary>
        public readonly ushort[] PacketId;
        /// <summary>A phase constant of this class.</summary>
        public readonly byte[] Phase;
        /// <summary>
        /// QoS of the delivery in bits 0 and 1, RETAIN in bit 2, from a shared subscription in bit 3.
        /// </summary>
        public readonly byte[] Flags;
        /// <summary>First subscription identifier, 0 for none.</summary>
        public readonly int[] SubscriptionId;

        /// <summary>The session's first delivery.</summary>
        public readonly ushort[] First;
        /// <summary>The session's last row.</summary>
        public readonly ushort[] Last;
        /// <summary>The last row that was sent in the present connection; 0 when none was.</summary>
        public readonly ushort[] LastSent;
        /// <summary>Deliveries of the session, rows of phase More not counted.</summary>
        public readonly ushort[] Count;
        /// <summary>Deliveries sent in the present connection and not yet acknowledged.</summary>
        public readonly ushort[] InFlight;
        /// <summary>Pool blocks of the session's messages together.</summary>
        public readonly int[] Blocks;
        /// <summary>Rows not in use.</summary>
        public int Free;
        /// <summary>Grows each time a row is freed.</summary>
        public int Freed;

        /// <summary>Set by <see cref="Find"/>: the row before the one found, 0 when it is the first.</summary>
        public int Previous;

        private readonly MessagePool pool;
        private readonly ushort[] nextId;  // the identifier given last
        private readonly ushort[] idsFree; // how many identifiers after it are known to be free
        private int free;

        /// <param name="sessions">Sessions, numbered from 1.</param>
        /// <param name="deliveries">Rows for all sessions together, 1 to 65,534.</param>
        /// <param name="pool">Where the messages are.</param>
        public Deliveries(int sessions, int deliveries, MessagePool pool)
        {
            this.pool = pool;
            Next = new ushort[deliveries + 1];
            Message = new ushort[deliveries + 1];
            PacketId = new ushort[deliveries + 1];
            Phase = new byte[deliveries + 1];
            Flags = new byte[deliveries + 1];
            SubscriptionId = new int[deliveries + 1];
            First = new ushort[sessions + 1];
            Last = new ushort[sessions + 1];
            LastSent = new ushort[sessions + 1];
            Count = new ushort[sessions + 1];
            InFlight = new ushort[sessions + 1];
            Blocks = new int[sessions + 1];
            nextId = new ushort[sessions + 1];
            idsFree = new ushort[sessions + 1];
            for (int i = 1; i < deliveries; i++) Next[i] = (ushort)(i + 1);
            free = 1;
            Free = deliveries;
        }

        /// <summary>Bytes of nanoFramework's heap that tables of this size take.</summary>
        public static int Bytes(int sessions, int deliveries)
        {
            return Heap.Object(19)
                + Heap.Array(deliveries + 1, 2) * 3 // Next, Message, PacketId
                + Heap.Array(deliveries + 1, 1) * 2 // Phase, Flags
                + Heap.Array(deliveries + 1, 4)     // SubscriptionId
                + Heap.Array(sessions + 1, 2) * 7   // First, Last, LastSent, Count, InFlight, nextId, idsFree
                + Heap.Array(sessions + 1, 4);      // Blocks
        }

        /// <summary>Appends a message to a session and takes a reference on it.</summary>
        /// <returns>The delivery, or 0 when no row is free.</returns>
        public int Add(int session, int message, int flags, int subscriptionId)
        {
            int row = Append(session);
            if (row == 0) return 0;
            Message[row] = (ushort)message;
            PacketId[row] = 0;
            Phase[row] = Queued;
            Flags[row] = (byte)flags;
            SubscriptionId[row] = subscriptionId;
            Count[session]++;
            Blocks[session] += pool.BlocksFor(pool.Length[message]);
            pool.Retain(message);
            if (pool.Changes != null && (flags & 3) != 0) pool.Changes.Queued(session, row);
            return row;
        }

        /// <summary>Adds one more subscription identifier to the delivery last added to the session.</summary>
        public void AddMore(int session, int subscriptionId)
        {
            int row = Append(session);
            Debug.Assert(row != 0);
            Message[row] = 0;
            PacketId[row] = 0;
            Phase[row] = More;
            SubscriptionId[row] = subscriptionId;
        }

        /// <summary>The next delivery to send in the present connection, or 0.</summary>
        public int NextToSend(int session)
        {
            int sent = LastSent[session];
            return sent == 0 ? First[session] : Next[sent];
        }

        /// <summary>Marks the next delivery as sent and gives it a packet identifier if it has none.</summary>
        public void Sent(int session, int row)
        {
            if (Phase[row] == Queued)
            {
                PacketId[row] = (ushort)NewId(session);
                Phase[row] = Published;
                // At QoS 2 the identifier must be known again: with another one the message would come twice.
                if (pool.Changes != null && (Flags[row] & 3) == 2) pool.Changes.Of(session, Changes.Delivery, row);
            }
            InFlight[session]++;
            int last = row;
            while (Next[last] != 0 && Phase[Next[last]] == More) last = Next[last];
            LastSent[session] = (ushort)last;
        }

        /// <summary>PUBREC has come: what is sent from now on is PUBREL.</summary>
        public void Release(int session, int row)
        {
            Phase[row] = Released;
            if (pool.Changes != null) pool.Changes.Of(session, Changes.Delivery, row);
        }

        /// <summary>The delivery in flight with this packet identifier, or 0; <see cref="Previous"/> is set.</summary>
        public int Find(int session, int packetId)
        {
            int end = LastSent[session];
            if (end == 0) return 0;
            int previous = 0;
            int row = First[session];
            while (true)
            {
                if (PacketId[row] == packetId)
                {
                    Previous = previous;
                    return row;
                }
                if (row == end) return 0;
                previous = row;
                row = Next[row];
                if (row == 0) return 0;
            }
        }

        /// <summary>Takes a delivery out of its session and releases its message.</summary>
        /// <param name="session">The session.</param>
        /// <param name="previous">The row before it, 0 when it is the first.</param>
        /// <param name="row">The delivery.</param>
        public void Remove(int session, int previous, int row)
        {
            pool.Release(Unlink(session, previous, row));
        }

        /// <summary>As <see cref="Remove"/>, but the message is not released.</summary>
        /// <returns>The message, with the reference that the delivery held.</returns>
        public int Unlink(int session, int previous, int row)
        {
            int message = Message[row];
            if (pool.Changes != null && (Flags[row] & 3) != 0) pool.Changes.Done(session, row);
            Count[session]--;
            Blocks[session] -= pool.BlocksFor(pool.Length[message]);
            int lastSent = LastSent[session];
            do
            {
                if (row == lastSent) LastSent[session] = (ushort)previous;
                int next = Next[row];
                if (previous == 0) First[session] = (ushort)next;
                else Next[previous] = (ushort)next;
                Next[row] = (ushort)free;
                free = row;
                Free++;
                row = next;
            }
            while (row != 0 && Phase[row] == More);
            if (row == 0) Last[session] = (ushort)previous;
            Freed++;
            return message;
        }

        /// <summary>Drops what is queued at QoS 0. Nothing is on its way: see <see cref="Rewind"/>.</summary>
        /// <returns>How many deliveries that were.</returns>
        public int DropQos0(int session)
        {
            int dropped = 0;
            int previous = 0;
            int row = First[session];
            while (row != 0)
            {
                if (Phase[row] == Queued && (Flags[row] & 3) == 0)
                {
                    Remove(session, previous, row);
                    dropped++;
                    row = previous == 0 ? First[session] : Next[previous];
                    continue;
                }
                previous = row;
                row = Next[row];
            }
            return dropped;
        }

        /// <summary>The row before the first delivery that was never sent (0: there is none before it).</summary>
        public int BeforeQueued(int session)
        {
            int previous = LastSent[session];
            int row = previous == 0 ? First[session] : Next[previous];
            while (row != 0 && Phase[row] != Queued)
            {
                previous = row;
                row = Next[row];
            }
            return previous;
        }

        /// <summary>The connection is gone: everything not acknowledged is to be sent again, in order.</summary>
        public void Rewind(int session)
        {
            LastSent[session] = 0;
            InFlight[session] = 0;
        }

        /// <summary>The peer has lost the session: everything not acknowledged is to be sent as if for the first
        /// time. Nothing is on its way: see <see cref="Rewind"/>.</summary>
        /// <returns>How many deliveries had been sent before.</returns>
        public int Renew(int session)
        {
            int renewed = 0;
            for (int row = First[session]; row != 0; row = Next[row])
            {
                int phase = Phase[row];
                if (phase == Queued || phase == More) continue;
                Phase[row] = Queued;
                PacketId[row] = 0;
                if (pool.Changes != null) pool.Changes.Of(session, Changes.Delivery, row);
                renewed++;
            }
            return renewed;
        }

        /// <summary>Packet identifiers begin after this one. For a session that has sent nothing yet.</summary>
        public void StartAfter(int session, int id)
        {
            nextId[session] = (ushort)id;
            idsFree[session] = 0;
        }

        /// <summary>Drops all deliveries of a session.</summary>
        public void Clear(int session)
        {
            while (First[session] != 0) Remove(session, 0, First[session]);
            Rewind(session);
            nextId[session] = 0;
            idsFree[session] = 0;
        }

        /// <summary>Takes the rows that are to hold what was read again out of the free ones. At boot, when all
        /// are free.</summary>
        /// <param name="used">By row: not 0 when it is one of them.</param>
        public void Reserve(byte[] used)
        {
            free = 0;
            Free = 0;
            for (int row = Next.Length - 1; row > 0; row--)
            {
                if (used[row] == 0) GiveBack(row);
            }
        }

        /// <summary>A reserved row is not needed.</summary>
        public void GiveBack(int row)
        {
            Next[row] = (ushort)free;
            free = row;
            Free++;
        }

        /// <summary>Puts a delivery that was read again into its reserved row, at the end of its session.</summary>
        public void Restore(int session, int row, int message, int flags, int packetId, int phase, int subscriptionId)
        {
            Next[row] = 0;
            int last = Last[session];
            if (last == 0) First[session] = (ushort)row;
            else Next[last] = (ushort)row;
            Last[session] = (ushort)row;
            Message[row] = (ushort)message;
            PacketId[row] = (ushort)packetId;
            Phase[row] = (byte)phase;
            Flags[row] = (byte)flags;
            SubscriptionId[row] = subscriptionId;
            Count[session]++;
            Blocks[session] += pool.BlocksFor(pool.Length[message]);
            pool.Retain(message);
        }

        /// <summary>After <see cref="Restore"/>: what stands before a delivery that was sent has been sent as well,
        /// at QoS 1, where that is not kept. It gets an identifier again.</summary>
        public void Settle(int session)
        {
            int sent = 0;
            for (int row = First[session]; row != 0; row = Next[row])
            {
                if (Phase[row] != Queued && Phase[row] != More) sent = row;
            }
            if (sent == 0) return;
            int id = LastId;
            for (int row = First[session]; row != sent; row = Next[row])
            {
                if (Phase[row] != Queued) continue;
                while (Uses(session, id)) id--;
                PacketId[row] = (ushort)id--;
                Phase[row] = Published;
                if (pool.Changes != null) pool.Changes.Of(session, Changes.Delivery, row);
            }
        }

        private bool Uses(int session, int id)
        {
            for (int row = First[session]; row != 0; row = Next[row])
            {
                if (PacketId[row] == id) return true;
            }
            return false;
        }

        /// <summary>Checks that no row is lost and counts agree. For tests.</summary>
        /// <exception cref="InvalidOperationException">Names what is wrong.</exception>
        public void Invariants()
        {
            int rows = Next.Length - 1;
            int seen = 0;
            for (int r = free; r != 0; r = Next[r])
            {
                if (++seen > rows) throw new InvalidOperationException("free delivery list has a loop");
            }
            if (seen != Free) throw new InvalidOperationException("free delivery count");
            for (int s = 1; s < First.Length; s++)
            {
                int count = 0;
                int blocks = 0;
                int last = 0;
                for (int r = First[s]; r != 0; r = Next[r])
                {
                    if (++seen > rows) throw new InvalidOperationException("delivery in two lists");
                    last = r;
                    if (Phase[r] == More) continue;
                    count++;
                    if (pool.References(Message[r]) == 0) throw new InvalidOperationException("message freed");
                    blocks += pool.BlocksFor(pool.Length[Message[r]]);
                }
                if (last != Last[s]) throw new InvalidOperationException("last delivery");
                if (count != Count[s]) throw new InvalidOperationException("delivery count");
                if (blocks != Blocks[s]) throw new InvalidOperationException("session blocks");
                if (InFlight[s] > count) throw new InvalidOperationException("in flight");
            }
            if (seen != rows) throw new InvalidOperationException("deliveries lost");
        }

        private int Append(int session)
        {
            int row = free;
            if (row == 0) return 0;
            free = Next[row];
            Free--;
            Next[row] = 0;
            int last = Last[session];
            if (last == 0) First[session] = (ushort)row;
            else Next[last] = (ushort)row;
            Last[session] = (ushort)row;
            return row;
        }

        // [MQTT-2.2.1-3]: an identifier that no message of this session is using. Identifiers are given in
        // order, so one look at those in use tells how many of the next ones are free.
        private int NewId(int session)
        {
            int id = nextId[session];
            if (idsFree[session] == 0)
            {
                while (true)
                {
                    int distance = NearestInUse(session, id);
                    if (distance > 1)
                    {
                        idsFree[session] = (ushort)(distance - 1);
                        break;
                    }
                    id = id == LastId ? 1 : id + 1;
                }
            }
            idsFree[session]--;
            id = id == LastId ? 1 : id + 1;
            nextId[session] = (ushort)id;
            return id;
        }

        // Steps from an identifier to the next one in use, at most as many as there are identifiers.
        private int NearestInUse(int session, int id)
        {
            int nearest = LastId;
            int row = First[session];
            while (row != 0 && Phase[row] != Queued)
            {
                int used = PacketId[row];
                if (used != 0)
                {
                    int distance = used > id ? used - id : used - id + LastId;
                    if (distance < nearest) nearest = distance;
                }
                row = Next[row];
            }
            return nearest;
        }
    }
}
