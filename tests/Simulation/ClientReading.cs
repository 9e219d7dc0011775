using System;
using System.Collections.Generic;
using System.Text;
using Femto.Mqtt;

namespace Femto.Simulation
{
    /// <summary>What a client reads and how it answers.</summary>
    public sealed partial class Client
    {
        private static readonly Properties properties = new() { SubscriptionIds = new int[64] };
        private static readonly Connack connack = new(properties);
        private static readonly Femto.Mqtt.Publish publish = new(properties, new TopicPath(32, 1));
        private static readonly Ack ack = new(properties);
        private static readonly Suback suback = new(properties);
        private static readonly Femto.Mqtt.Disconnect disconnect = new(properties);
        private static readonly Auth auth = new(properties);

        private readonly Dictionary<int, Publication> second = new();   // QoS 2 received and not released
        private readonly Dictionary<int, Publication> last = new();     // by packet identifier, of this session
        private readonly Dictionary<Client, Publication> order = new();

        /// <summary>Reads what has come over a link.</summary>
        public void Read(Link link)
        {
            ByteQueue down = link.Down;
            if (BreaksRules) down.Clear();
            while (down.Count != 0)
            {
                if (!link.ClientOpen || link != Link || link.Leaving)
                {
                    down.Clear();
                    return;
                }
                int header = FixedHeader.Decode(down.Data, down.Start, down.Count, out int remaining);
                if (header < 0) World.Fail("remaining length");
                if (header == 0 || header + remaining > down.Count)
                {
                    if (!link.BrokerOpen) down.Clear();
                    return;
                }
                if (header + remaining > link.MaximumPacket) World.Fail("packet larger than the client's maximum");
                int first = down.Data[down.Start];
                PacketReader r = new();
                r.Open(down.Data, down.Start + header, remaining, link.Version);
                Handle(link, first >> 4, first & 15, r);
                down.Take(header + remaining);
            }
        }

        private void Handle(Link link, int type, int flags, PacketReader r)
        {
            bool early = type == PacketType.Connack || type == PacketType.Auth;
            if (!link.Connected && !early) World.Fail("packet before CONNACK");
            Fault fault;
            switch (type)
            {
                case PacketType.Connack:
                    if (link.Connected) World.Fail("CONNACK twice");
                    fault = connack.Decode(r, flags);
                    if (fault == Fault.None) Accepted(link);
                    break;
                case PacketType.Publish:
                    fault = publish.Decode(r, flags);
                    if (fault == Fault.None) Message(link);
                    break;
                case PacketType.Puback:
                case PacketType.Pubrec:
                case PacketType.Pubrel:
                case PacketType.Pubcomp:
                    ack.Type = type;
                    fault = ack.Decode(r, flags);
                    if (fault == Fault.None) Acknowledged(link, type);
                    break;
                case PacketType.Suback:
                case PacketType.Unsuback:
                    suback.Type = type;
                    fault = suback.Decode(r, flags);
                    if (fault == Fault.None) Answered(link, type);
                    break;
                case PacketType.Pingresp:
                    fault = Fault.None;
                    break;
                case PacketType.Disconnect:
                    fault = disconnect.Decode(r, flags);
                    if (link.Version == 4) World.Fail("DISCONNECT to a 3.1.1 client");
                    link.Reason = disconnect.Reason;
                    world.Say($"{Id} {link} got DISCONNECT {disconnect.Reason:x2}");
                    break;
                case PacketType.Auth:
                    fault = auth.Decode(r, flags);
                    if (fault == Fault.None) Authenticate(link);
                    break;
                default:
                    fault = Fault.ProtocolError;
                    break;
            }
            if (fault != Fault.None) World.Fail($"{Id} {link}: packet {type}: {fault}");
        }

        private void Authenticate(Link link)
        {
            string method = Encoding.UTF8.GetString(properties.Buffer, properties.AuthMethodOffset,
                properties.AuthMethodLength);
            if (method != link.Method) World.Fail($"{Id} {link}: AUTH of method {method}"); // [MQTT-4.12.0-5]
            world.Say($"{Id} {link} got AUTH {auth.Reason:x2}");
            if (auth.Reason == ReasonCode.ContinueAuthentication)
            {
                if (link.Connected && !link.Authenticates) World.Fail("AUTH that nobody asked for");
                SendAuth(link, ReasonCode.ContinueAuthentication);
                return;
            }
            if (!link.Connected || !link.Authenticates) World.Fail("AUTH with success");
            link.Authenticates = false;
        }

        // ---- CONNACK

        private void Accepted(Link link)
        {
            world.Say($"{Id} {link} CONNACK {connack.Reason:x2} present={connack.SessionPresent}");
            if (connack.Reason != 0)
            {
                unsure = true;
                if (world.Healing && ++refusals > 200) Gone = true;
                return;
            }
            bool present = connack.SessionPresent;
            int ended = Endings();
            if (link.CleanStart && present) World.Fail("session present after a clean start"); // [MQTT-3.2.2-2]
            if (!unsure && !vague) CheckPresent(link, present, ended);
            unsure = false;
            vague = false;
            exists = true;
            DetachedMs = link.DetachedMs;
            endings = endingsAsked;
            expiry = link.Expiry;
            link.Connected = true;
            link.ConnectedAt = world.Step;
            int had = properties.Present;
            if (link.Version == 5)
            {
                if ((had & Has.TopicAliasMaximum) != 0) link.AliasMaximum = properties.TopicAliasMaximum;
                if ((had & Has.SessionExpiry) != 0) expiry = properties.SessionExpiry;
                if ((had & Has.ServerKeepAlive) != 0) link.KeepAlive = properties.ServerKeepAlive;
            }
            foreach (Publication p in loose)
            {
                if (p.Link != link && p.Done == long.MaxValue) p.Done = world.Step;
            }
            if (present) Resume();
            else NewSession();
        }

        private int Endings()
        {
            int[] c = world.Broker.Counters;
            return c[Counter.EndedQueueFull] + c[Counter.SessionsEvicted];
        }

        private void CheckPresent(Link link, bool present, int ended)
        {
            if (link.CleanStart) return;
            if (!exists)
            {
                if (present) World.Fail("session present that never was");
                return;
            }
            long detached = world.NowMs - (long)DetachedMs;
            if (expiry == 0 && present) World.Fail("session outlived its connection");
            if (present && (uint)(connectMs - DetachedMs) < int.MaxValue
                && connectMs - DetachedMs > (expiry + 2) * 1000L) World.Fail("session outlived its expiry");
            if (!present && expiry != 0 && ended == endings && detached >= 0 && detached < expiry * 1000L)
            {
                World.Fail("session lost");
            }
        }

        private void NewSession()
        {
            long now = world.Step;
            foreach (Subscription s in Subscriptions)
            {
                s.MayTo = Math.Min(s.MayTo, now);
                s.SureTo = Math.Min(s.SureTo, now);
            }
            foreach (Publication p in sent) p.Done = now;
            sent.Clear();
            pending.Clear();
            acks.Clear();
            second.Clear();
            last.Clear();
            order.Clear();
            Copies.Clear();
            RetainedAt.Clear();
            Epoch++;
        }

        private void Resume()
        {
            foreach (Publication p in sent)
            {
                if (p.Released) acks.Enqueue(Wire.Ack(PacketType.Pubrel, p.PacketId));
                else SendPublish(p);
            }
        }

        // ---- Acknowledgements

        private void Acknowledged(Link link, int type)
        {
            int id = ack.PacketId;
            bool failed = ack.Reason >= 0x80;
            if (type == PacketType.Pubrel)
            {
                second.Remove(id);
                link.Unacknowledged.Remove(id);
                acks.Enqueue(Wire.Ack(PacketType.Pubcomp, id));
                return;
            }
            Publication p = sent.Find(x => x.PacketId == id);
            if (p == null)
            {
                World.Fail($"{Id} {link}: acknowledgement {type} of {id}, which is not under way");
                return;
            }
            if (p.Qos != (type == PacketType.Puback ? 1 : 2)) World.Fail("wrong acknowledgement");
            if (type == PacketType.Pubcomp)
            {
                if (!p.Released) World.Fail("PUBCOMP before PUBREC");
                if (failed && p.Sends == 1 && !p.Forbidden) world.Say("PUBCOMP not found");
                sent.Remove(p);
                return;
            }
            world.Say($"{Id} {link} got {(type == PacketType.Puback ? "PUBACK" : "PUBREC")} {id} {ack.Reason:x2}");
            if (p.Released) return; // sent again before
            p.Done = world.Step;
            p.NoMatch = ack.Reason == 0x10;
            Confirm(link, p.Sent);
            // At QoS 2 it may have been taken, and forgotten, when it came through a 3.1.1 connection.
            bool no = p.Denied && link.Version == 5 && (p.Qos == 1 || p.Sends == 1);
            bool said = ack.Reason == ReasonCode.NotAuthorized;
            if (no && !said || said && !p.Denied) World.Fail($"{p}: answered {ack.Reason:x2}");
            if (failed)
            {
                p.Refused = true;
                p.Accepted = false;
                sent.Remove(p);
                return;
            }
            p.Accepted = !p.Denied; // [MQTT-3.3.5-2]: a 3.1.1 client is not told
            if (type == PacketType.Puback)
            {
                sent.Remove(p);
                return;
            }
            p.Released = true;
            acks.Enqueue(Wire.Ack(PacketType.Pubrel, id));
        }

        // What was sent at QoS 0 before something that has been answered was routed.
        private void Confirm(Link link, long before)
        {
            foreach (Publication p in loose)
            {
                if (p.Link != link || p.Qos != 0 || p.Sent >= before || p.Done != long.MaxValue) continue;
                p.Done = world.Step;
                p.Accepted = !p.Denied;
            }
        }

        /// <summary>At the end of a run everything has been taken.</summary>
        public void ConfirmAll()
        {
            if (Ready) Confirm(Link, long.MaxValue);
        }

        private void Answered(Link link, int type)
        {
            int id = suback.PacketId;
            if (!pending.Remove(id, out List<Subscription> list)) World.Fail($"answer to {id}, which was not asked");
            long now = world.Step;
            Confirm(link, list[0].MayFrom);
            bool codes = type == PacketType.Suback || link.Version == 5;
            if (codes && suback.Count != list.Count) World.Fail("number of reason codes");
            for (int i = 0; i < list.Count; i++)
            {
                Subscription s = list[i];
                int reason = codes ? suback.Buffer[suback.ReasonsOffset + i] : 0;
                if (type == PacketType.Unsuback)
                {
                    if (codes && s.Qos == 1 && reason != 0) World.Fail($"{Id}: UNSUBACK {reason:x2} for {s.Text}");
                    Older(s, now);
                    continue;
                }
                world.Say($"{Id} {link} SUBACK {id} {s} {reason:x2}");
                bool denied = world.Rights != null && world.Rights.NoSubscription(Id, s.Text);
                if (denied && reason != (link.Version == 5 ? ReasonCode.NotAuthorized : 0x80))
                {
                    World.Fail($"{Id}: {s} is not allowed, and was answered {reason:x2}");
                }
                if (denied)
                {
                    s.MayTo = -1;
                    continue;
                }
                if (reason == ReasonCode.NotAuthorized) World.Fail($"{Id}: {s} is allowed");
                if (reason >= 0x80)
                {
                    if (world.Broker.Counters[Counter.RefusedSubscriptions] == 0) World.Fail("refused without a count");
                    s.MayTo = -1;
                    continue;
                }
                if (reason != s.Qos) World.Fail("granted another QoS than asked");
                s.SureFrom = now;
                s.Epoch = Epoch;
                Older(s, now);
            }
        }

        public void Older(Subscription s, long now)
        {
            foreach (Subscription o in Subscriptions)
            {
                if (o.Text == s.Text && o.MayFrom < s.MayFrom) o.MayTo = Math.Min(o.MayTo, now);
            }
        }

        // ---- Messages

        private void Message(Link link)
        {
            int id = publish.PacketId;
            int length = publish.PayloadLength;
            string topic = TopicOf(link);
            Publication p = null;
            if (System.Array.IndexOf(World.Topics, topic) < 0)
            {
                if (!topic.StartsWith("$SYS") && world.Vandal == null) World.Fail($"topic {topic}");
            }
            else if (length == 0)
            {
                world.Say($"{Id} {link} got an empty message {topic}");
                world.Oracle.Empty(this, topic);
            }
            else
            {
                int o = publish.PayloadOffset;
                byte[] b = publish.Buffer;
                p = world.Find(b, o, length);
                world.Say($"{Id} {link} got PUBLISH {p} at q{publish.Qos} id={id} dup={publish.Dup} "
                    + $"retain={publish.Retain} subs={string.Join(',', Ids())}");
                if (topic != p.Topic) World.Fail($"{p} came with topic {topic}");
            }
            if (Flow(link, id, p) && p != null)
            {
                if (publish.Retain) RetainedAt[p] = world.Step;
                Delivered++;
                world.Oracle.Delivery(this, link, p, publish, Ids(), order);
            }
        }

        private static List<int> Ids()
        {
            List<int> list = new();
            if ((properties.Present & Has.SubscriptionId) == 0) return list;
            int cursor = 0;
            for (int i = 0; i < properties.SubscriptionIdCount; i++)
            {
                list.Add(properties.NextSubscriptionId(ref cursor));
            }
            return list;
        }

        private string TopicOf(Link link)
        {
            string topic = Encoding.UTF8.GetString(publish.Buffer, publish.TopicOffset, publish.TopicLength);
            if ((properties.Present & Has.TopicAlias) == 0 || link.Version == 4) return topic;
            int alias = properties.TopicAlias;
            if (alias > 3) World.Fail("alias above the maximum");
            if (topic != "") link.AliasesIn[alias] = topic;
            else if (!link.AliasesIn.TryGetValue(alias, out topic)) World.Fail("alias that was not set");
            return topic;
        }

        // Packet identifiers, windows, DUP. False: it has come before.
        private bool Flow(Link link, int id, Publication p)
        {
            int qos = publish.Qos;
            if (qos == 0) return true;
            bool fresh = !last.TryGetValue(id, out Publication before) || before != p || !publish.Dup;
            if (!link.Unacknowledged.Add(id)) World.Fail($"identifier {id} used twice in one connection");
            int window = Math.Min(link.ReceiveMaximum, world.Limits.SendWindow);
            if (link.Unacknowledged.Count > window) World.Fail("beyond the receive maximum");
            last[id] = p;
            if (qos == 1)
            {
                link.Unacknowledged.Remove(id);
                Owe(link, id, PacketType.Puback);
                return fresh;
            }
            Owe(link, id, PacketType.Pubrec);
            if (second.TryGetValue(id, out Publication known))
            {
                if (known != p) World.Fail($"identifier {id} used for {p} before {known} was released");
                if (!publish.Dup) World.Fail($"{p} sent again without DUP"); // [MQTT-3.3.1-1]
                return false;
            }
            second[id] = p;
            return true;
        }

        private void Owe(Link link, int id, int type)
        {
            acks.Enqueue(Wire.Ack(type, id));
        }
    }
}
