using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// Writes what is marked as the tables have it now. Records, numbers big endian; a reference is the row (2) and its
    /// stamp (2):
    /// clock: layout 1, uptime 4, clock of the outside 4.
    /// message: stamp 2, QoS 1, expiry 4, topic length 2, properties length 4, topic, properties, payload.
    /// session: stamp 2, flags 1, expiry 4, offline since 4, will delay 4, will due 4, will 4, identifier length 2,
    /// identifier, user name.
    /// subscription: session 4, options 1, identifier 4, filter.
    /// retained: message 4, publisher 4. received: session 4, identifiers 2 each.
    /// delivery: session 4, message 4, order 4, packet identifier 2, phase 1, flags 1, subscription identifiers 4 each.
    /// </summary>
    internal sealed class Records
    {
        public const int Layout = 1;
        // Flags of a session.
        public const int Bridge = 1;
        public const int Connected = 2;
        public const int WillRetain = 4;
        public const int UserName = 8;

        private const int MessageHead = 13;
        private const int SessionHead = 25;
        private const int FrameHead = 32; // of a frame and its entry, and to spare

        private readonly Broker broker;
        private readonly Journal journal;
        private readonly Changes changes;
        private readonly bool wills;
        private readonly byte[] data;
        private int at;

        public Records(Broker broker, Journal journal, Changes changes, PersistenceOptions options)
        {
            this.broker = broker;
            this.journal = journal;
            this.changes = changes;
            wills = options.Wills;
            data = journal.Frame;
        }

        public static int Bytes()
        {
            return Heap.Object(6);
        }

        /// <summary>Bytes of the largest record with its frame.</summary>
        public static int Largest(Limits limits)
        {
            int largest = MessageHead + limits.PacketBytes + limits.TopicLength; // a topic behind an alias
            int session = SessionHead + limits.ClientIdLength + limits.PacketBytes;
            if (session > largest) largest = session;
            int received = 4 + limits.ReceiveIds * 4; // runs of a bridge: two identifiers each
            if (received > largest) largest = received;
            int delivery = 16 + 4 * limits.Subscriptions;
            if (delivery > largest) largest = delivery < 4 * limits.PacketBytes ? delivery : 4 * limits.PacketBytes;
            return largest + FrameHead;
        }

        /// <summary>Writes a group of all that is marked; nothing when nothing of it is new to the journal.</summary>
        public void Write(uint wall, int nowMs)
        {
            int before = journal.Changed;
            for (int row = changes.Take(Changes.Message, 0); row != 0; row = changes.Take(Changes.Message, row))
            {
                Drop(Changes.Message, row); // freed, and perhaps used again: who points to it has it written
            }
            for (int kind = Changes.Session; kind < Changes.Kinds; kind++)
            {
                for (int row = changes.Take(kind, 0); row != 0; row = changes.Take(kind, row)) Row(kind, row);
            }
            if (journal.Changed == before) return;
            Begin(Changes.Clock, 1, 9);
            Byte(Layout);
            Int((int)broker.Uptime);
            Int((int)wall);
            journal.Commit(nowMs);
        }

        private void Row(int kind, int row)
        {
            bool written;
            switch (kind)
            {
                case Changes.Session:
                    written = Session(row);
                    break;
                case Changes.Subscription:
                    written = Subscription(row);
                    break;
                case Changes.Retained:
                    written = Retained(row);
                    break;
                case Changes.Received:
                    written = Received(row);
                    break;
                default:
                    written = Delivery(row);
                    break;
            }
            if (!written) Drop(kind, row);
        }

        private void Drop(int kind, int row)
        {
            int slot = Journal.Slot(kind, row);
            if (!journal.Holds(slot)) return;
            journal.Begin(1, 0);
            journal.Delete(slot);
            journal.Continue();
        }

        private void Begin(int kind, int row, int length)
        {
            journal.Begin(1, length);
            journal.Put(Journal.Slot(kind, row), length);
            at = journal.Space(length);
        }

        private bool Session(int s)
        {
            Sessions t = broker.Sessions;
            if (t.ClientId[s] == 0 || changes.Kept[s] == 0) return false;
            TextTable texts = broker.Texts;
            int id = t.ClientId[s];
            int user = t.UserName[s];
            int will = wills ? t.Will[s] : 0;
            if (will != 0) Message(will);
            int connection = t.Connection[s];
            int flags = connection <= Sessions.Uplink ? Bridge : connection >= 0 ? Connected : 0;
            if (changes.Kept[s] == Changes.Waits) flags = Bridge;
            if (t.WillRetain[s] != 0) flags |= WillRetain;
            if (user != 0) flags |= UserName;
            int userLength = user == 0 ? 0 : texts.Length[user];
            Begin(Changes.Session, s, SessionHead + texts.Length[id] + userLength);
            Short(changes.SessionStamp[s]);
            Byte(flags);
            Int((int)t.ExpirySeconds[s]);
            Int((int)t.OfflineSince[s]);
            Int(will == 0 ? 0 : (int)t.WillDelay[s]);
            Int((int)t.WillDue[s]);
            Pointer(will);
            Short(texts.Length[id]);
            Text(id);
            if (user != 0) Text(user);
            journal.Continue();
            return true;
        }

        private bool Subscription(int row)
        {
            TopicTable topics = broker.Topics;
            int session = topics.Session[row];
            if (session == 0 || changes.Kept[session] == 0) return false;
            if (broker.Sessions.Connection[session] <= Sessions.Uplink) return false; // its configuration says it
            byte[] filter = broker.SideScratch;
            int length = topics.FilterOf(row, filter, 0);
            if (length == 0) return false;
            Begin(Changes.Subscription, row, 9 + length);
            Reference(session, changes.SessionStamp[session]);
            Byte(topics.Options[row]);
            Int(topics.SubscriptionId[row]);
            Array.Copy(filter, 0, data, at, length);
            journal.Continue();
            return true;
        }

        private bool Retained(int slot)
        {
            int message = broker.Topics.RetainedMessage[slot];
            if (message == 0) return false;
            Message(message);
            int publisher = broker.Retained.Publisher[slot];
            if (changes.Kept[publisher] == 0) publisher = 0;
            Begin(Changes.Retained, slot, 8);
            Pointer(message);
            Reference(publisher, changes.SessionStamp[publisher]);
            journal.Continue();
            return true;
        }

        private bool Received(int s)
        {
            if (changes.Kept[s] == 0) return false;
            int connection = broker.Sessions.Connection[s];
            ReceivedRuns runs = connection <= Sessions.Uplink
                ? broker.Uplinks[Sessions.Uplink - connection].Received : null;
            byte[] read = changes.Runs[s];
            int length = broker.Received.Count[s] * 2;
            if (runs != null) length = runs.Length;
            else if (read != null) length = read.Length;
            if (length == 0) return false;
            Begin(Changes.Received, s, 4 + length);
            Reference(s, changes.SessionStamp[s]);
            if (runs != null) runs.Copy(data, at);
            else if (read != null) Array.Copy(read, 0, data, at, length);
            else broker.Received.Copy(s, data, at);
            journal.Continue();
            return true;
        }

        private bool Delivery(int row)
        {
            Deliveries d = broker.Deliveries;
            int session = changes.DeliverySession[row];
            if (session == 0 || changes.Kept[session] == 0 || d.Phase[row] == Deliveries.More) return false;
            int message = d.Message[row];
            Message(message);
            int ids = d.SubscriptionId[row] == 0 ? 0 : 1;
            for (int more = d.Next[row]; more != 0 && d.Phase[more] == Deliveries.More; more = d.Next[more]) ids++;
            Begin(Changes.Delivery, row, 16 + 4 * ids);
            Reference(session, changes.SessionStamp[session]);
            Pointer(message);
            Int(changes.Order[row]);
            Short(d.PacketId[row]);
            Byte(d.Phase[row]);
            Byte(d.Flags[row]);
            for (int more = row; ids > 0; ids--)
            {
                Int(d.SubscriptionId[more]);
                more = d.Next[more];
            }
            journal.Continue();
            return true;
        }

        // Sees to it that the journal has a message.
        private void Message(int m)
        {
            if (journal.Holds(Journal.Slot(Changes.Message, m))) return;
            MessagePool pool = broker.Pool;
            int length = pool.Length[m];
            Begin(Changes.Message, m, MessageHead + length);
            Short(changes.MessageStamp[m]);
            Byte(pool.Qos[m]);
            Int((int)pool.Expiry[m]);
            Short(pool.TopicLength[m]);
            Int(pool.PropertiesLength[m]);
            pool.Seek(m);
            pool.Read(data, at, length);
            journal.Continue();
        }

        private void Pointer(int m)
        {
            Reference(m, changes.MessageStamp[m]);
        }

        private void Reference(int row, int stamp)
        {
            Short(row);
            Short(stamp);
        }

        private void Text(int text)
        {
            TextTable texts = broker.Texts;
            Array.Copy(texts.Arena, texts.Start[text], data, at, texts.Length[text]);
            at += texts.Length[text];
        }

        private void Byte(int value)
        {
            data[at++] = (byte)value;
        }

        private void Short(int value)
        {
            data[at++] = (byte)(value >> 8);
            data[at++] = (byte)value;
        }

        private void Int(int value)
        {
            Short(value >> 16);
            Short(value);
        }
    }
}
