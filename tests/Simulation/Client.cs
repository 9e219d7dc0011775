using System;
using System.Collections.Generic;
using System.Linq;
using Femto.Mqtt;

namespace Femto.Simulation
{
    /// <summary>A client that keeps to the rules, whatever its links do. What it sends: the rest is in
    /// ClientReading.</summary>
    public sealed partial class Client
    {
        public readonly string Id;
        public Link Link;
        public readonly List<Subscription> Subscriptions = new();
        public readonly Dictionary<Publication, int> Copies = new();
        public int Delivered;
        public int Epoch;
        public int DetachedMs;
        public bool BreaksRules;
        public int SmallestPacket = int.MaxValue; // the least maximum it asked for
        public readonly Dictionary<Publication, long> RetainedAt = new(); // step of the last one marked RETAIN
        public bool Gone;           // could not connect again

        private readonly World world;
        private readonly Dice dice;
        private readonly List<Publication> sent = new();    // QoS 1 and 2, not through
        private readonly List<Publication> loose = new();   // no acknowledgement will come
        private readonly Queue<byte[]> acks = new();
        private readonly Dictionary<int, List<Subscription>> pending = new();
        private int nextId;
        private int refusals;

        // The session as the broker must have it.
        private bool exists;
        private bool unsure;
        private uint expiry;
        private bool vague;         // a DISCONNECT may have changed it
        private int connectMs;
        private int endingsAsked;
        private int endings;        // sessions the broker may have ended by itself, when last connected

        public Client(World world, string id)
        {
            this.world = world;
            dice = world.Dice;
            Id = id;
        }

        private bool Ready => Link != null && Link.Connected && Link.ClientOpen && !Link.Leaving;

        public void Act()
        {
            LookForEnd();
            if (Link == null)
            {
                if (dice.Percent(40)) Connect(dice.Percent(20), false);
                return;
            }
            if (!Ready)
            {
                if (world.NowMs - Link.OpenedMs > 20000) Abandon(false);
                return;
            }
            Ping();
            if (dice.Percent(60)) FlushAcks();
            Reauthenticate();
            int what = dice.Next(100);
            if (what < 45)
            {
                for (int n = dice.Of(1, 1, 1, 6); n > 0; n--) Publish();
            }
            else if (what < 60) Subscribe();
            else if (what < 65) Unsubscribe();
            else if (what < 67) Disconnect();
            else if (what < 68) Abandon(dice.Percent(50));
            else if (what < 69 && dice.Percent(50)) Connect(dice.Percent(20), false); // takes itself over
        }

        public void ActHealing()
        {
            if (Gone) return;
            LookForEnd();
            if (Link != null && world.NowMs - Link.OpenedMs > 30000 && !Link.Connected) World.Fail("no CONNACK");
            if (Link == null) Connect(false, true);
            if (!Ready) return;
            Ping();
            FlushAcks();
        }

        // Reads what came before the broker closed the link.
        private void LookForEnd()
        {
            if (Link == null || Link.BrokerOpen) return;
            Read(Link);
            if (!Link.Connected) unsure = true;
            Link.ClientOpen = false;
            Link = null;
        }

        public string Unquiet()
        {
            if (Gone) return null;
            if (!Ready) return "not connected";
            if (sent.Count != 0) return $"waits for {sent[0]}, released {sent[0].Released}";
            if (pending.Count != 0) return "waits for SUBACK or UNSUBACK";
            return acks.Count != 0 ? "has acknowledgements to send" : null;
        }

        // ---- Connections

        private void Connect(bool clean, bool healing)
        {
            Link link = world.Open(this);
            if (link == null)
            {
                if (healing && ++refusals > 200) Gone = true;
                return;
            }
            if (Link != null) LetGo(Link);
            acks.Clear();
            pending.Clear();
            Link = link;
            int version = dice.Of(4, 5);
            clean |= unsure; // it lost track of its session
            link.Version = version;
            link.CleanStart = clean;
            Wire properties = new();
            if (version == 5)
            {
                link.Expiry = healing ? clean ? 0 : 20000u : dice.Of(0u, 4u, 60u, 20000u, 20000u);
                if (link.Expiry != 0 || dice.Percent(50)) properties.Byte(0x11).Four(link.Expiry);
                if (dice.Percent(50)) properties.Byte(0x21).Two(link.ReceiveMaximum = 1 + dice.Next(4));
                if (dice.Percent(20)) properties.Byte(0x27).Four((uint)(link.MaximumPacket = 40 + dice.Next(200)));
                if (dice.Percent(50)) properties.Byte(0x22).Two(1 + dice.Next(3));
            }
            else
            {
                link.Expiry = clean ? 0 : uint.MaxValue;
            }
            SmallestPacket = Math.Min(SmallestPacket, link.MaximumPacket);
            link.Expiry = Math.Min(link.Expiry, world.Limits.SessionSeconds);
            link.KeepAlive = healing ? 0 : dice.Of(0, 0, 5, 60);
            link.AskedKeepAlive = link.KeepAlive;
            Publication will = !healing && dice.Percent(30) ? NewWill(version) : null;
            int flags = clean ? 2 : 0;
            if (will != null) flags |= 4 | will.Qos << 3 | (will.Retain ? 32 : 0);
            if (world.Rights != null && version == 5 && will == null && !world.Leaving && world.Plan.Percent(40))
            {
                link.Method = "m1";
                properties.Byte(0x15).Text(link.Method);
                if (world.Plan.Percent(50)) properties.Byte(0x16).Data(new byte[3]);
            }
            Wire w = new();
            w.Text("MQTT").Byte(version).Byte(flags).Two(link.KeepAlive).Block(version, properties).Text(Id);
            if (will != null)
            {
                Wire p = new Wire().Raw(will.Properties);
                will.Sends = version == 5 ? dice.Of(0, 0, 3, 100) : 0; // seconds of delay
                if (will.Sends != 0) p.Byte(0x18).Four((uint)will.Sends);
                w.Block(version, p).Text(will.Topic).Data(will.Payload);
                link.Will = will;
            }
            connectMs = world.NowMs;
            endingsAsked = Endings();
            world.Say($"{Id} {link} CONNECT {version} clean={clean} expiry={link.Expiry} will={will} "
                + $"receive={link.ReceiveMaximum} max={link.MaximumPacket} keep={link.KeepAlive}");
            if (clean) Forget(link);
            Send(link, Wire.Packet(0x10, w));
        }

        // A client that asks for a new session has none of its own any more.
        private void Forget(Link link)
        {
            foreach (Subscription s in Subscriptions) s.SureTo = Math.Min(s.SureTo, world.Step);
            loose.AddRange(sent);
            sent.Clear();
            pending.Clear();
            acks.Clear();
        }

        // The client no longer looks at a link.
        private void LetGo(Link link)
        {
            if (!link.ClientOpen) return;
            if (!link.Connected) unsure = true;
            link.ClientOpen = false;
            link.Up.Clear();
            link.Down.Clear();
            acks.Clear();
            pending.Clear();
        }

        /// <summary>The client is gone without notice; the broker may learn of it late.</summary>
        public void Abandon(bool flows)
        {
            Link link = Link;
            if (link == null) return;
            world.Say($"{Id} abandons {link}");
            bool keep = flows && link.Connected;
            byte[] rest = keep ? link.Up.Data.AsSpan(link.Up.Start, link.Up.Count).ToArray() : new byte[0];
            LetGo(link);
            link.Up.Add(rest, 0, rest.Length);
            Link = null;
        }

        /// <summary>The broker's side of a link is closed.</summary>
        public void Closed(Link link)
        {
            foreach (Publication p in loose)
            {
                if (p.Link == link && p.Done == long.MaxValue) p.Done = world.Step;
            }
            if (!link.Connected && link.Down.Count == 0 && link.ClientOpen) unsure = true;
        }

        private void Disconnect()
        {
            bool withWill = Link.Version == 5 && dice.Percent(30);
            world.Say($"{Id} {Link} DISCONNECT will={withWill}");
            if (Link.Version == 5 && expiry != 0 && dice.Percent(30))
            {
                uint seconds = dice.Of(0u, 2u, 5000u);
                Wire w = new Wire().Byte(withWill ? 4 : 0).Block(5, new Wire().Byte(0x11).Four(seconds));
                vague = true;
                Send(Link, Wire.Packet(0xE0, w));
            }
            else
            {
                Send(Link, withWill ? new byte[] { 0xE0, 1, 4 } : new byte[] { 0xE0, 0 });
            }
            Link.Leaving = true;
        }

        // Section 4.12.1.
        private void Reauthenticate()
        {
            if (Link.Method == null || Link.Authenticates || !world.Plan.Percent(10)) return;
            Link.Authenticates = true;
            SendAuth(Link, 0x19);
        }

        private void SendAuth(Link link, int reason)
        {
            Wire p = new Wire().Byte(0x15).Text(link.Method);
            if (world.Plan.Percent(50)) p.Byte(0x16).Data(new byte[world.Plan.Next(8)]);
            world.Say($"{Id} {link} AUTH {reason:x2}");
            Send(link, Wire.Packet(0xF0, new Wire().Byte(reason).Block(5, p)));
        }

        private void Ping()
        {
            if (Link.KeepAlive == 0 || world.NowMs - Link.LastSentMs < Link.KeepAlive * 500) return;
            if (!world.Healing && dice.Percent(20)) return; // asleep
            Send(Link, new byte[] { 0xC0, 0 });
        }

        private void Send(Link link, byte[] packet)
        {
            link.LastSentMs = world.NowMs;
            link.Up.Add(packet, 0, packet.Length);
        }

        public void FlushAcks()
        {
            while (Ready && acks.Count != 0 && (world.Healing || dice.Percent(80))) Send(Link, acks.Dequeue());
        }

        // ---- Messages

        public Publication NewPublication(bool will, int version, int room)
        {
            Publication p = new()
            {
                Number = world.Publications.Count + 1, From = this, Will = will, Topic = dice.Of(World.Topics),
                Qos = dice.Next(3), Retain = dice.Percent(15), Sent = world.Step, SentMs = world.NowMs, Signature = "",
                Properties = new byte[0],
            };
            Wire w = new();
            if (version == 5 && dice.Percent(30)) Decorate(p, w);
            room -= p.Topic.Length + w.Count + 30;
            int size = Math.Max(4, Math.Min(room, 4 + dice.Of(0, 0, 3, 20, 100, 400)));
            p.Payload = new byte[size];
            for (int i = 4; i < size; i++) p.Payload[i] = (byte)(p.Number + i);
            p.Payload[0] = (byte)(p.Number >> 24);
            p.Payload[1] = (byte)(p.Number >> 16);
            p.Payload[2] = (byte)(p.Number >> 8);
            p.Payload[3] = (byte)p.Number;
            if (!will && p.Retain && dice.Percent(25)) p.Payload = new byte[0];
            p.Denied = world.Rights != null && world.Rights.NoPublish(Id, p.Topic);
            world.Publications.Add(p);
            return p;
        }

        private void Decorate(Publication p, Wire w)
        {
            if (dice.Percent(30)) w.Byte(0x01).Byte(1);
            if (dice.Percent(30)) w.Byte(0x03).Text("type" + p.Number);
            if (dice.Percent(30)) w.Byte(0x08).Text("reply/" + p.Number);
            if (dice.Percent(30)) w.Byte(0x09).Data(new byte[] { 0, 1, (byte)p.Number });
            for (int n = dice.Next(3); n > 0; n--) w.Byte(0x26).Text("k" + n).Text("v" + p.Number);
            p.Properties = w.ToArray();
            p.Signature = Convert.ToHexString(p.Properties);
            if (!dice.Percent(40)) return;
            p.Expiry = dice.Of(1u, 5u, 100u, 100000u);
            w.Byte(0x02).Four(p.Expiry);
            p.Properties = w.ToArray();
        }

        private Publication NewWill(int version)
        {
            return NewPublication(true, version, world.Limits.PacketBytes - 60);
        }

        private void Publish()
        {
            bool full = sent.Count >= world.Limits.ReceiveMaximum;
            Publication p = NewPublication(false, Link.Version, world.Limits.PacketBytes);
            if (full && p.Qos != 0) p.Qos = 0;
            if (p.Qos != 0)
            {
                p.PacketId = ++nextId;
                sent.Add(p);
            }
            else
            {
                loose.Add(p);
            }
            SendPublish(p);
        }

        private void SendPublish(Publication p)
        {
            Link link = Link;
            Wire properties = new Wire().Raw(p.Properties);
            string topic = p.Topic;
            string how = "";
            if (link.AliasMaximum > 0 && dice.Percent(50))
            {
                int alias = 1 + dice.Next(link.AliasMaximum);
                link.AliasesOut.TryGetValue(alias, out string known);
                if (known == topic) topic = "";
                link.AliasesOut[alias] = p.Topic;
                properties.Byte(0x23).Two(alias);
                how = $" alias {alias}{(topic == "" ? " alone" : "")}";
            }
            bool again = p.Sends != 0;
            p.Sends++;
            p.Link = link;
            Wire w = new Wire().Text(topic);
            if (p.Qos != 0) w.Two(p.PacketId);
            w.Block(link.Version, link.Version == 5 ? properties : new Wire()).Raw(p.Payload);
            world.Say($"{Id} {link} PUBLISH {p} id={p.PacketId} again={again}{how} expiry={p.Expiry} "
                + $"{p.Payload.Length} bytes");
            Send(link, Wire.Packet(0x30 | (again ? 8 : 0) | p.Qos << 1 | (p.Retain ? 1 : 0), w));
        }

        // ---- Subscriptions

        private void Subscribe()
        {
            int id = ++nextId;
            List<Subscription> list = new();
            Wire w = new Wire().Two(id);
            bool v5 = Link.Version == 5;
            int identifier = v5 && dice.Percent(40) ? dice.Of(1, 2, 3, 200, 268435455) : 0;
            w.Block(Link.Version, identifier == 0 ? new Wire() : new Wire().Byte(0x0B).VarInt(identifier));
            for (int n = dice.Of(1, 1, 1, 2, 3); n > 0; n--)
            {
                string text = dice.Of(World.Filters);
                if (list.Any(x => x.Text == text)) continue;
                Subscription s = new()
                {
                    Text = text, Filter = text, Qos = dice.Next(3), Identifier = identifier, MayFrom = world.Step,
                    Epoch = Epoch,
                };
                if (text.StartsWith("$share/"))
                {
                    s.Group = text.Substring(7, 1);
                    s.Filter = text.Substring(9);
                }
                if (v5)
                {
                    s.NoLocal = !s.Shared && dice.Percent(20);
                    s.AsPublished = dice.Percent(30);
                    s.Handling = dice.Of(0, 0, 1, 2);
                }
                Unsure(text);
                list.Add(s);
                w.Text(text).Byte(s.Qos | (s.NoLocal ? 4 : 0) | (s.AsPublished ? 8 : 0) | s.Handling << 4);
                world.Say($"{Id} {Link} SUBSCRIBE id={id} {s} nl={s.NoLocal} rap={s.AsPublished} "
                    + $"rh={s.Handling} sub={identifier}");
            }
            Subscriptions.AddRange(list);
            pending[id] = list;
            Send(Link, Wire.Packet(0x82, w));
        }

        public void Unsure(string text)
        {
            foreach (Subscription s in Subscriptions)
            {
                if (s.Text == text) s.SureTo = Math.Min(s.SureTo, world.Step);
            }
        }

        private void Unsubscribe()
        {
            int id = ++nextId;
            string text = dice.Of(World.Filters);
            if (Subscriptions.Count != 0 && dice.Percent(70)) text = Subscriptions[dice.Next(Subscriptions.Count)].Text;
            bool sure = Subscriptions.Any(s => s.Text == text && s.Epoch == Epoch && s.SureFrom < world.Step
                && s.SureTo == long.MaxValue);
            Unsure(text);
            // A marker that carries what UNSUBACK is about.
            Subscription marker = new() { Text = text, MayFrom = world.Step, Qos = sure ? 1 : 0 };
            pending[id] = new List<Subscription> { marker };
            world.Say($"{Id} {Link} UNSUBSCRIBE id={id} {text}");
            Wire w = new Wire().Two(id).Block(Link.Version, new Wire()).Text(text);
            Send(Link, Wire.Packet(0xA2, w));
        }

        // ---- The end of a run

        /// <summary>Ends the session, whatever there was.</summary>
        public void Leave()
        {
            if (Link != null && !Link.BrokerOpen) Link = null;
            Connect(true, true);
            if (Link == null) return;
            Send(Link, new byte[] { 0xE0, 0 });
            Link.Leaving = true;
        }

        /// <summary>Clears all retained messages.</summary>
        public void Clean()
        {
            Connect(true, true);
            if (Link == null) return;
            foreach (string topic in World.Topics)
            {
                Wire w = new Wire().Text(topic).Block(Link.Version, new Wire());
                Send(Link, Wire.Packet(0x31, w));
            }
        }
    }
}
