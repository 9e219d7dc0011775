namespace Femto.Mqtt
{
    /// <summary>
    /// What has changed in the tables since it was last made durable: a bit for each row that is kept over a loss of
    /// power. Tables mark, an <see cref="IKeeper"/> writes what is marked as the tables then have it. So a message that
    /// came and was acknowledged in between costs nothing, and what is written is one moment's state.
    /// </summary>
    /// <remarks>
    /// Who answers a peer for something marked keeps the answer back: bytes in a send buffer from a position on, until
    /// <see cref="Synced"/> has moved. Made at boot, and only where there is a keeper.
    /// </remarks>
    public sealed class Changes
    {
        /// <summary>Kind of row: the clock, one row.</summary>
        public const int Clock = 0;
        /// <summary>Kind: messages of the pool.</summary>
        public const int Message = 1;
        /// <summary>Kind: sessions, with their wills.</summary>
        public const int Session = 2;
        /// <summary>Kind: subscriptions.</summary>
        public const int Subscription = 3;
        /// <summary>Kind: retained messages, which point to a message.</summary>
        public const int Retained = 4;
        /// <summary>Kind: identifiers received at QoS 2, a row for each session.</summary>
        public const int Received = 5;
        /// <summary>Kind: deliveries, which point to a message.</summary>
        public const int Delivery = 6;
        /// <summary>Number of kinds.</summary>
        public const int Kinds = 7;

        /// <summary>In <see cref="Kept"/>: a bridge's session that was read again, and that its bridge has not claimed.
        /// </summary>
        public const int Waits = 2;

        // What a mark stands for, about: record and frame. Messages and texts are added by who knows their length.
        private const int RecordBytes = 48;

        private const int AnswersMax = 16;

        /// <summary>Makes durable what is marked here.</summary>
        public IKeeper Keeper;
        /// <summary>By kind: rows.</summary>
        public readonly int[] Rows;
        /// <summary>By kind: 1 when its rows are kept.</summary>
        public readonly byte[] Keeps;
        /// <summary>By session: 1 when it is kept, or <see cref="Waits"/>; 0 when not.</summary>
        public readonly byte[] Kept;
        /// <summary>By delivery: its place in the order in which deliveries were made.</summary>
        public readonly int[] Order;
        /// <summary>By delivery: its session, 0 at QoS 0.</summary>
        public readonly ushort[] DeliverySession;
        /// <summary>By message: grows with each use of the row. A reference to an earlier use is told by it.</summary>
        public readonly ushort[] MessageStamp;
        /// <summary>By session: the same.</summary>
        public readonly ushort[] SessionStamp;
        /// <summary>By session: of a bridge's session that was read again, the runs of identifiers received from its
        /// upstream, until its bridge takes them, see <see cref="ReceivedRuns"/>; else null.</summary>
        public readonly byte[][] Runs;
        /// <summary>By connection: where in the send buffer the bytes begin that are held back, -1 for none.</summary>
        public readonly int[] Held;
        /// <summary>By connection: <see cref="Synced"/> when they were.</summary>
        public readonly int[] HeldSync;

        /// <summary>Sessions of bridges are kept.</summary>
        public bool KeepsBridges = true;
        /// <summary>Answers to local clients that are held back, see LocalClients.</summary>
        public readonly int[] Answers = new int[AnswersMax];
        /// <summary>How many.</summary>
        public int AnswerCount;

        /// <summary>Something is marked that is not durable.</summary>
        public bool Any;
        /// <summary>Grows with each mark.</summary>
        public int Count;
        /// <summary><see cref="Count"/> when the packet at hand began.</summary>
        public int Begin;
        /// <summary>An answer is held back.</summary>
        public bool Urgent;
        /// <summary>Grows when all that was marked has been made durable.</summary>
        public int Synced;
        /// <summary>Bytes that the marks stand for, about.</summary>
        public int Pending;
        /// <summary>Above this many they are written before more is taken.</summary>
        public int PendingMax = int.MaxValue;
        /// <summary>Nothing is kept any more: the device failed.</summary>
        public bool Off;
        /// <summary>The last number of <see cref="Order"/>.</summary>
        public int LastOrder;
        /// <summary>Second of uptime at which this run began.</summary>
        public uint BootUptime;

        private readonly int[] bits;
        private readonly int[] first; // by kind: bit of row 0

        /// <param name="rows">By kind.</param>
        /// <param name="connections">Rows of <see cref="Held"/>.</param>
        public Changes(int[] rows, int connections)
        {
            Rows = rows;
            Keeps = new byte[Kinds];
            first = new int[Kinds];
            int count = 0;
            for (int kind = 0; kind < Kinds; kind++)
            {
                Keeps[kind] = 1;
                first[kind] = count;
                count += rows[kind] + 1;
            }
            bits = new int[(count + 31) / 32];
            Kept = new byte[rows[Session] + 1];
            Order = new int[rows[Delivery] + 1];
            DeliverySession = new ushort[rows[Delivery] + 1];
            MessageStamp = new ushort[rows[Message] + 1];
            SessionStamp = new ushort[rows[Session] + 1];
            Runs = new byte[rows[Session] + 1][];
            Held = new int[connections];
            HeldSync = new int[connections];
            for (int c = 0; c < connections; c++) Held[c] = -1;
        }

        /// <summary>Bytes of nanoFramework's heap, the array of rows included.</summary>
        public static int Bytes(int[] rows, int connections)
        {
            int count = Kinds;
            for (int kind = 0; kind < Kinds; kind++) count += rows[kind];
            return Heap.Object(26) + Heap.Array(AnswersMax, 4) + Heap.Array(Kinds, 4) * 2 + Heap.Array(Kinds, 1)
                + Heap.Array((count + 31) / 32, 4)
                + Heap.Array(rows[Session] + 1, 12) + Heap.Array(rows[Session] + 1, 1)
                + Heap.Array(rows[Session] + 1, 2)
                + Heap.Array(rows[Delivery] + 1, 4) + Heap.Array(rows[Delivery] + 1, 2)
                + Heap.Array(rows[Message] + 1, 2) + Heap.Array(connections, 4) * 2;
        }

        /// <summary>A row has changed.</summary>
        public void Mark(int kind, int row)
        {
            if (Keeps[kind] == 0 || Off) return;
            int bit = first[kind] + row;
            bits[bit >> 5] |= 1 << (bit & 31);
            Any = true;
            Count++;
            Pending += RecordBytes;
        }

        /// <summary>A delivery was made.</summary>
        public void Queued(int session, int row)
        {
            Order[row] = ++LastOrder;
            DeliverySession[row] = (ushort)session;
            if (Kept[session] != 0) Mark(Delivery, row);
        }

        /// <summary>A row that belongs to a session has changed.</summary>
        public void Of(int session, int kind, int row)
        {
            if (Kept[session] != 0) Mark(kind, row);
        }

        /// <summary>A delivery is over.</summary>
        public void Done(int session, int row)
        {
            DeliverySession[row] = 0;
            if (Kept[session] != 0) Mark(Delivery, row);
        }

        /// <summary>A message's row is free. Alone this is no reason to write: who pointed to it is marked.</summary>
        public void Freed(int message)
        {
            int bit = first[Message] + message;
            bits[bit >> 5] |= 1 << (bit & 31);
        }

        /// <summary>The next marked row of a kind behind a row, 0: none. Its mark is taken away.</summary>
        public int Take(int kind, int row)
        {
            int start = first[kind];
            int end = start + Rows[kind];
            int bit = start + row + 1;
            while (bit <= end)
            {
                int word = bits[bit >> 5] >> (bit & 31);
                if (word == 0)
                {
                    bit = (bit | 31) + 1;
                    continue;
                }
                while ((word & 1) == 0)
                {
                    word >>= 1;
                    bit++;
                }
                if (bit > end) return 0;
                bits[bit >> 5] &= ~(1 << (bit & 31));
                return bit - start;
            }
            return 0;
        }

        /// <summary>All that was marked is durable.</summary>
        public void Done()
        {
            Any = false;
            Urgent = false;
            Pending = 0;
            Synced++;
        }

        /// <summary>Bytes of a connection's send buffer from a position on wait until what is marked is durable.
        /// </summary>
        public void Hold(int connection, int at)
        {
            if (!Any) return;
            Urgent = true;
            if (Held[connection] >= 0 && HeldSync[connection] == Synced) return;
            Held[connection] = at;
            HeldSync[connection] = Synced;
        }

        /// <summary>Where the bytes that may be sent end.</summary>
        public int Visible(int connection, int end)
        {
            int held = Held[connection];
            return held < 0 || HeldSync[connection] != Synced ? end : held;
        }
    }
}
