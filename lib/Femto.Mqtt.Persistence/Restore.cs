using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// Puts what a journal holds back into the broker's tables, each thing into the row it had. Kinds come in their
    /// order: messages before what points to them, sessions before what belongs to them. What points to a row in an
    /// earlier use is told by the stamp and left out. Boot code.
    /// </summary>
    internal sealed class Restore : IJournalReader
    {
        /// <summary>Records that were used, and that were not.</summary>
        public int Count, Orphans;

        private readonly Broker broker;
        private readonly Journal journal;
        private readonly Changes changes;
        private readonly MessagePool pool;
        private readonly Deliveries deliveries;
        private readonly uint wall;
        private readonly byte[] message;    // 1: restored
        private readonly byte[] delivery;   // 1: read
        private readonly ushort[] rows;     // deliveries in the order in which they were made
        private int rowCount;
        private bool prepared;
        private byte[] b;
        private int at;

        public Restore(Broker broker, Journal journal, Changes changes, uint wall)
        {
            this.broker = broker;
            this.journal = journal;
            this.changes = changes;
            this.wall = wall;
            pool = broker.Pool;
            deliveries = broker.Deliveries;
            message = new byte[broker.Limits.Messages + 1];
            delivery = new byte[broker.Limits.Deliveries + 1];
            rows = new ushort[broker.Limits.Deliveries + 1];
        }

        public void Slot(int slot, byte[] buffer, int offset, int length)
        {
            if (!prepared) Prepare();
            b = buffer;
            at = offset;
            int kind = slot >> 16;
            int row = slot & 0xFFFF;
            bool used;
            switch (kind)
            {
                case Changes.Clock:
                    used = Clock();
                    break;
                case Changes.Message:
                    used = Message(row, length);
                    break;
                case Changes.Session:
                    used = Session(row, length);
                    break;
                case Changes.Subscription:
                    used = Subscription(row, length);
                    break;
                case Changes.Retained:
                    used = Retained(row);
                    break;
                case Changes.Received:
                    used = Received(row, length);
                    break;
                default:
                    Delivery(row); // judged when all are there
                    return;
            }
            Judge(used, kind, row);
        }

        // Rows that records stand for are taken out of the free ones first.
        private void Prepare()
        {
            prepared = true;
            for (int m = 1; m < message.Length; m++)
            {
                if (journal.Holds(Journal.Slot(Changes.Message, m))) message[m] = 1;
            }
            pool.Reserve(message);
            for (int d = 1; d < delivery.Length; d++)
            {
                if (journal.Holds(Journal.Slot(Changes.Delivery, d))) delivery[d] = 1;
            }
            deliveries.Reserve(delivery);
        }

        // What was not used is taken out of the journal with the next group.
        private void Judge(bool used, int kind, int row)
        {
            if (used)
            {
                Count++;
                return;
            }
            Orphans++;
            if (kind != Changes.Clock) changes.Mark(kind, row);
        }

        private bool Clock()
        {
            if (Byte() != Records.Layout) return false;
            uint uptime = (uint)Int();
            uint then = (uint)Int();
            if (wall != 0 && then != 0 && wall > then) uptime += wall - then;
            broker.Uptime = uptime;
            changes.BootUptime = uptime;
            return true;
        }

        private bool Message(int m, int length)
        {
            int stamp = Short();
            int qos = Byte();
            uint expiry = (uint)Int();
            int topicLength = Short();
            int propertiesLength = Int();
            int content = length - 13;
            if (!pool.Restore(m, topicLength, propertiesLength, content))
            {
                pool.GiveBack(m);
                message[m] = 0;
                return false;
            }
            pool.Append(b, at, content);
            pool.Qos[m] = (byte)qos;
            pool.Expiry[m] = expiry;
            changes.MessageStamp[m] = (ushort)stamp;
            return true;
        }

        // The message that a record points to; 0: it is not there, or another one is.
        private int Pointer()
        {
            int m = Short();
            int stamp = Short();
            return m < message.Length && m != 0 && message[m] != 0 && changes.MessageStamp[m] == stamp ? m : 0;
        }

        private int Owner()
        {
            int s = Short();
            int stamp = Short();
            if (s == 0 || s >= changes.Kept.Length || changes.Kept[s] == 0) return 0;
            return changes.SessionStamp[s] == stamp ? s : 0;
        }

        private bool Session(int s, int length)
        {
            int end = at + length;
            int stamp = Short();
            int flags = Byte();
            uint expiry = (uint)Int();
            uint since = (uint)Int();
            uint delay = (uint)Int();
            uint due = (uint)Int();
            int will = Pointer();
            int idLength = Short();
            int hash = broker.Path.HashOf(b, at, idLength);
            Sessions t = broker.Sessions;
            if (t.Find(b, at, idLength, hash) != 0 || !t.Create(s, b, at, idLength, hash)) return false;
            changes.SessionStamp[s] = (ushort)stamp;
            changes.Kept[s] = (byte)((flags & Records.Bridge) != 0 ? Changes.Waits : 1);
            at += idLength;
            if ((flags & Records.UserName) != 0)
            {
                int user = broker.Texts.Add(b, at, end - at, broker.Path.HashOf(b, at, end - at));
                t.UserName[s] = (ushort)user;
            }
            t.ExpirySeconds[s] = expiry;
            bool connected = (flags & Records.Connected) != 0; // it lost its connection when the power went
            t.OfflineSince[s] = connected ? broker.Uptime : since;
            if (connected) changes.Mark(Changes.Session, s);
            if (will == 0) return true;
            pool.Retain(will);
            t.Will[s] = (ushort)will;
            t.WillRetain[s] = (byte)((flags & Records.WillRetain) != 0 ? 1 : 0);
            t.WillDelay[s] = delay;
            t.WillDue[s] = connected ? broker.Later(delay) : due;
            return true;
        }

        private bool Subscription(int row, int length)
        {
            int session = Owner();
            int options = Byte();
            int id = Int();
            TopicTable topics = broker.Topics;
            if (session == 0 || !topics.PreferSubscription(row)) return false;
            if (broker.Path.Filter(b, at, length - 9) != Fault.None) return false;
            int s = topics.Subscribe(broker.Path, session, options & 0x3F, id);
            if (s == 0) return false;
            if ((options & Replay.Pending) != 0)
            {
                topics.Options[s] |= Replay.Pending;
                if (!broker.Replay.IsActive(session)) broker.Replay.Begin(session);
            }
            return true;
        }

        private bool Retained(int slot)
        {
            int m = Pointer();
            int publisher = Owner();
            if (m == 0 || !broker.Topics.PreferRetained(slot)) return false;
            byte[] scratch = broker.SideScratch;
            int length = pool.TopicLength[m];
            if (length > scratch.Length) return false;
            pool.Seek(m);
            pool.Read(scratch, 0, length);
            if (broker.SidePath.Name(scratch, 0, length) != Fault.None) return false;
            int keeps = changes.Keeps[Changes.Retained];
            changes.Keeps[Changes.Retained] = 0; // what is read needs no mark
            bool set = broker.Topics.RetainedFind(broker.SidePath) == 0
                && broker.Retained.Set(broker.SidePath, m, publisher);
            changes.Keeps[Changes.Retained] = (byte)keeps;
            return set;
        }

        private bool Received(int s, int length)
        {
            if (Owner() != s) return false;
            if (changes.Kept[s] == Changes.Waits)
            {
                changes.Runs[s] = new byte[length - 4];
                Array.Copy(b, at, changes.Runs[s], 0, length - 4);
                at += length - 4;
                return true;
            }
            int keeps = changes.Keeps[Changes.Received];
            changes.Keeps[Changes.Received] = 0;
            bool all = true;
            for (int n = (length - 4) / 2; n > 0; n--) all &= broker.Received.Add(s, Short());
            changes.Keeps[Changes.Received] = (byte)keeps;
            return all;
        }

        private void Delivery(int row)
        {
            at += 8;
            changes.Order[row] = Int();
            rows[++rowCount] = (ushort)row;
        }

        /// <summary>All has been read: queues are filled in their order.</summary>
        public void Finish()
        {
            if (!prepared) return;
            Sort();
            byte[] record = new byte[16 + 4 * broker.Limits.Subscriptions];
            for (int i = 1; i <= rowCount; i++)
            {
                int row = rows[i];
                b = record;
                at = 0;
                int length = journal.Read(Journal.Slot(Changes.Delivery, row), record);
                bool used = length >= 16 && Queue(row, length);
                if (!used) deliveries.GiveBack(row);
                Judge(used, Changes.Delivery, row);
            }
            for (int s = 1; s < changes.Kept.Length; s++)
            {
                deliveries.Settle(s);
                if (broker.Replay.IsActive(s)) broker.Replay.Begin(s); // what is retained was read after it
            }
            // From here on a message lives as long as somebody points to it.
            for (int m = 1; m < message.Length; m++)
            {
                if (message[m] != 0) pool.Release(m);
            }
        }

        private bool Queue(int row, int length)
        {
            int session = Owner();
            int m = Pointer();
            int order = Int();
            int packetId = Short();
            int phase = Byte();
            int flags = Byte();
            if (session == 0 || m == 0) return false;
            if (order - changes.LastOrder > 0 || changes.LastOrder == 0) changes.LastOrder = order;
            int ids = (length - 16) / 4;
            deliveries.Restore(session, row, m, flags, packetId, phase, ids == 0 ? 0 : Int());
            changes.DeliverySession[row] = (ushort)session;
            for (int k = 1; k < ids && deliveries.Free != 0; k++) deliveries.AddMore(session, Int());
            return true;
        }

        // Heap sort by the order in which deliveries were made.
        private void Sort()
        {
            for (int i = rowCount / 2; i > 0; i--) Sift(i, rowCount);
            for (int end = rowCount; end > 1; end--)
            {
                ushort last = rows[end];
                rows[end] = rows[1];
                rows[1] = last;
                Sift(1, end - 1);
            }
        }

        private void Sift(int i, int end)
        {
            ushort row = rows[i];
            int order = changes.Order[row];
            while (i * 2 <= end)
            {
                int child = i * 2;
                if (child < end && changes.Order[rows[child + 1]] - changes.Order[rows[child]] > 0) child++;
                if (changes.Order[rows[child]] - order <= 0) break;
                rows[i] = rows[child];
                i = child;
            }
            rows[i] = row;
        }

        private int Byte()
        {
            return b[at++];
        }

        private int Short()
        {
            int value = b[at] << 8 | b[at + 1];
            at += 2;
            return value;
        }

        private int Int()
        {
            int value = b[at] << 24 | b[at + 1] << 16 | b[at + 2] << 8 | b[at + 3];
            at += 4;
            return value;
        }
    }
}
