using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Femto.Simulation;

namespace Femto.PowerCut
{
    /// <summary>A client that keeps its half of the session over its own connections and over the broker's power, and
    /// checks what comes.</summary>
    public sealed class CutClient
    {
        public readonly string Id;
        public readonly ISide Side;
        public int Session = 1;         // grows when its session ends
        public bool Gone;               // never comes back
        public Publication Will;        // of the present connection, or of the last one that ended without DISCONNECT
        public readonly List<Subscription> Subscriptions = new();
        public readonly List<Publication> Outbox = new();
        public int Connection = -1;
        public bool Connected;
        public bool WasConnected;       // when the last connection ended

        private readonly CutWorld world;
        private readonly Dice dice;
        private readonly int version;
        private readonly Dictionary<int, Publication> received = new(); // QoS 2, not released yet
        private readonly Dictionary<int, Subscription> asked = new();
        private readonly ByteQueue up = new(), down = new();
        private bool established;       // the broker has said that there is a session
        private bool cleanAsked;
        private int nextId;

        public CutClient(CutWorld world, ISide side, string id, int version)
        {
            this.world = world;
            Side = side;
            Id = id;
            this.version = version;
            dice = world.Dice;
        }

        public string Key => Id + "/" + Session;

        public bool Quiet => Gone || Connected && up.Count == 0 && down.Count == 0 && Outbox.Count == 0
            && asked.Count == 0 && received.Count == 0;

        // ---- What it does

        public void Open(bool clean)
        {
            if (Connection >= 0 || Gone) return;
            Connection = Side.Broker.Open(world.NowMs, 1, null, 0, 0);
            if (Connection < 0) return;
            cleanAsked = clean;
            if (clean)
            {
                established = false; // until it is answered it may be there or not
                foreach (Subscription s in Subscriptions) s.Ending = Math.Min(s.Ending, world.Step);
            }
            Publication will = null;
            if (dice.Percent(40))
            {
                will = world.New(this, "q/will", 2);
                will.Will = true;
                will.Sent = world.Step;
            }
            Will = will;
            int delay = dice.Of(0, 3);
            Send(Wire.Connect(version, Id, clean, will?.Topic, will?.Id, 2, delay));
        }

        public void Publish(string topic, int qos, bool retain)
        {
            if (!Connected || Outbox.Count >= 6) return;
            Publication p = world.New(this, topic, qos);
            p.Retain = retain;
            p.Cleared = retain && dice.Percent(20);
            p.Sent = world.Step;
            if (retain) world.Retaining(p);
            if (qos != 0)
            {
                p.PacketId = NewId();
                Outbox.Add(p);
            }
            Send(Packet(p, false));
        }

        private byte[] Packet(Publication p, bool dup) =>
            Wire.Publish(version, p.Topic, p.Cleared ? "" : p.Id, p.Qos, p.Retain, dup, p.PacketId);

        public void Subscribe(string filter, int qos)
        {
            if (!Connected || asked.Values.Any(x => x.Filter == filter)) return;
            // Made anew it would be another QoS for what is between: end it first.
            if (Subscriptions.Any(x => x.Filter == filter && x.Stands)) return;
            var s = new Subscription { Filter = filter, Qos = qos, Session = Session, Asked = world.Step };
            Subscriptions.Add(s);
            int id = NewId();
            asked[id] = s;
            Send(Wire.Subscribe(version, id, filter, qos));
        }

        public void Unsubscribe()
        {
            Subscription s = Subscriptions.FirstOrDefault(x => x.Stands);
            if (!Connected || s == null) return;
            s.Ending = world.Step;
            int id = NewId();
            asked[id] = s;
            Send(Wire.Subscribe(version, id, s.Filter, -1));
        }

        /// <summary>DISCONNECT, without the will.</summary>
        public void Leave()
        {
            if (!Connected) return;
            Send(new byte[] { 0xE0, 0 });
            Will = null;
            Push(int.MaxValue);
            Drop();
        }

        /// <summary>The connection is gone. What is under way to the client arrives, or a part of it.</summary>
        public void Drop()
        {
            if (Connection < 0) return;
            int c = Connection;
            Connection = -1;
            if (Side.On) Side.Broker.Closed(c, world.NowMs);
            up.Clear();
            Read(dice.Of(0, 1, 2, 1000));
            down.Clear();
            WasConnected = Connected;
            Connected = false;
            // What was asked and not answered may have come to be or not.
            asked.Clear();
        }

        private int NewId()
        {
            do
            {
                nextId = nextId % 60 + 1; // few, so that they come round
            }
            while (Outbox.Any(p => p.PacketId == nextId) || asked.ContainsKey(nextId));
            return nextId;
        }

        // ---- Bytes

        private void Send(byte[] packet)
        {
            up.Add(packet, 0, packet.Length);
        }

        public void Push(int most)
        {
            int n = Math.Min(most, up.Count);
            if (n == 0 || Connection < 0 || !Side.On) return;
            byte[] copy = new byte[n];
            Array.Copy(up.Data, up.Start, copy, 0, n);
            up.Take(Side.Broker.Feed(Connection, copy, 0, n, world.NowMs));
        }

        public void Pull(int most)
        {
            if (Connection < 0 || !Side.On) return;
            int n = Side.Broker.Pending(Connection, out byte[] data, out int offset, out bool close);
            if (n == 0 && close)
            {
                Drop();
                return;
            }
            n = Math.Min(n, most);
            down.Add(data, offset, n);
            Side.Broker.Sent(Connection, n, world.NowMs);
        }

        /// <summary>Handles so many packets that have arrived.</summary>
        public void Read(int most)
        {
            for (; most > 0 && down.Count != 0; most--)
            {
                int size = Wire.Whole(down.Data, down.Start, down.Count, out int header);
                if (size == 0) return;
                byte[] packet = new byte[size - header];
                int first = down.Data[down.Start];
                Array.Copy(down.Data, down.Start + header, packet, 0, packet.Length);
                down.Take(size);
                Handle(first, packet);
            }
        }

        // ---- What comes

        private void Handle(int first, byte[] b)
        {
            int id = b.Length >= 2 ? b[0] << 8 | b[1] : 0;
            int reason = version == 5 && b.Length > 2 ? b[2] : 0;
            switch (first >> 4)
            {
                case 2:
                    Connack(b);
                    break;
                case 3:
                    Message(first, b);
                    break;
                case 4:
                case 5:
                    Acknowledged(first >> 4, id, reason);
                    break;
                case 6:
                    received.Remove(id);
                    Send(Wire.Ack(0x70, id));
                    break;
                case 7:
                    Outbox.RemoveAll(p => p.PacketId == id && p.Released);
                    break;
                case 9:
                case 11:
                    Answered(id, b[b.Length - 1], first >> 4 == 9);
                    break;
                case 14:
                    break;
                default:
                    throw new CutFault($"{Id}: a packet of type {first >> 4}");
            }
        }

        private void Connack(byte[] b)
        {
            if (b[1] != 0)
            {
                if (b[1] < 0x80 && version == 5) throw new CutFault($"{Id}: refused {b[1]:x2}");
                return;
            }
            bool present = (b[0] & 1) != 0;
            if (cleanAsked && present) throw new CutFault($"{Id}: a session after a clean start");
            if (!cleanAsked && present != established && established)
            {
                throw new CutFault($"{Id}: the session is gone");
            }
            Connected = true;
            established = !cleanAsked || version == 5; // a clean session of 3.1.1 lasts as long as its connection
            if (!present) NewSession();
            foreach (Publication p in Outbox.ToArray())
            {
                if (p.Released) Send(Wire.Ack(0x62, p.PacketId));
                else Send(Packet(p, true));
                p.Again |= !p.Released;
            }
        }

        private void NewSession()
        {
            foreach (Subscription s in Subscriptions) s.Ended = Math.Min(s.Ended, world.Step);
            foreach (Subscription s in Subscriptions) s.Ending = Math.Min(s.Ending, world.Step);
            Session++;
            received.Clear();
            // What was on its way is no longer known there: given up, so that nothing comes twice by our doing.
            Outbox.Clear();
        }

        private void Message(int first, byte[] b)
        {
            int qos = first >> 1 & 3;
            int length = b[0] << 8 | b[1];
            string topic = Encoding.ASCII.GetString(b, 2, length);
            int at = 2 + length;
            int id = 0;
            if (qos != 0)
            {
                id = b[at] << 8 | b[at + 1];
                at += 2;
            }
            if (version == 5) at += 1 + b[at];
            string payload = Encoding.ASCII.GetString(b, at, b.Length - at);
            world.Say($"{Id} got {topic} {payload} q{qos} id {id}{((first & 8) != 0 ? " dup" : "")}");
            if (qos == 2 && received.TryGetValue(id, out Publication known))
            {
                if (known.Id != payload && !known.Cleared) throw new CutFault($"{Id}: another message is {id}");
                Send(Wire.Ack(0x50, id));
                return;
            }
            Publication p = world.Arrived(this, topic, payload, qos, (first & 1) != 0);
            if (qos == 1) Send(Wire.Ack(0x40, id));
            if (qos != 2) return;
            received[id] = p;
            Send(Wire.Ack(0x50, id));
        }

        private void Acknowledged(int type, int id, int reason)
        {
            Publication p = Outbox.FirstOrDefault(x => x.PacketId == id);
            if (p == null)
            {
                if (type == 5) Send(Wire.Ack(0x62, id));
                return;
            }
            if (reason >= 0x80)
            {
                p.Refused = true;
                Outbox.Remove(p);
                return;
            }
            if (p.Accepted < 0) p.Accepted = world.Step;
            p.Unheard = reason == 0x10;
            if (type == 4)
            {
                Outbox.Remove(p);
                return;
            }
            p.Released = true;
            Send(Wire.Ack(0x62, id));
        }

        private void Answered(int id, int reason, bool subscribed)
        {
            if (!asked.Remove(id, out Subscription s)) throw new CutFault($"{Id}: an answer to nothing");
            if (!subscribed)
            {
                s.Ended = world.Step;
                return;
            }
            if (reason >= 0x80) Subscriptions.Remove(s);
            else s.Granted = world.Step;
        }
    }
}
