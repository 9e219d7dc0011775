using System;
using System.Collections.Generic;
using System.Linq;
using Femto.Mqtt;

namespace Femto.Simulation
{
    /// <summary>
    /// The broker as the specification has it: lists, and for each message and each subscription the steps between
    /// which it must have come into force. It says what may be delivered, and what must have been.
    /// </summary>
    public sealed class Oracle
    {
        private readonly World world;

        public Oracle(World world)
        {
            this.world = world;
        }

        /// <summary>Connections that the broker may close with an error though the client broke no rule: its
        /// table of texts is full and cannot hold an alias.</summary>
        public int ErrorsAllowed => world.Vandal != null ? int.MaxValue : world.Limits.Texts < 100
            && world.Limits.TopicAliasesIn != 0 ? int.MaxValue : 0;

        // The subscriptions of a client that may have matched when a message was routed.
        // A shared subscription may get later what a member that left had not.
        private List<Subscription> May(Client c, Publication p)
        {
            bool moved = world.Broker.Counters[Counter.SharedMoved] != 0;
            return c.Subscriptions.FindAll(s => s.Matches(p.Topic) && s.MayTo >= p.Sent
                && (s.MayFrom <= p.Done || moved && s.Shared)
                && !(s.NoLocal && p.From == c && !p.Will));
        }

        private bool Sure(Subscription s, Client c, Publication p)
        {
            long done = Math.Min(p.Done, world.Step);
            return s.Epoch == c.Epoch && s.SureFrom < p.Sent && s.SureTo > done && s.Matches(p.Topic)
                && !(s.NoLocal && p.From == c);
        }

        /// <summary>An empty message, which clears a retained one, says nothing of where it is from.</summary>
        public void Empty(Client c, string topic)
        {
            if (NoDelivery(c, topic)) World.Fail($"{topic}: {c.Id} has no right to receive it");
            bool any = world.Publications.Exists(p => p.Topic == topic && p.Payload.Length == 0
                && May(c, p).Count != 0);
            if (!any) World.Fail($"an empty message that {c.Id} should not get");
        }

        /// <summary>A message has come to a client.</summary>
        public void Delivery(Client c, Link link, Publication p, Publish packet, List<int> ids,
            Dictionary<Client, Publication> order)
        {
            if (p.Forbidden) World.Fail($"{p}: deleted by DISCONNECT");
            if (p.Denied && !world.Leaving) World.Fail($"{p}: {p.From.Id} has no right to publish there");
            if (NoDelivery(c, p.Topic)) World.Fail($"{p}: {c.Id} has no right to receive it");
            if (p.Will && !p.Ended) World.Fail($"{p}: its connection stands");
            if (p.Refused && p.Sends == 1 && !p.Will) World.Fail($"{p}: was refused");
            List<Subscription> may = May(c, p);
            List<Subscription> replays = packet.Retain && p.Retain ? Replays(c, p) : new();
            if (may.Count == 0 && replays.Count == 0) World.Fail($"{p}: no subscription of {c.Id} matched");
            if (packet.Retain && replays.Count == 0 && !(p.Retain && may.Exists(s => s.AsPublished)))
            {
                World.Fail($"{p}: retain is set");
            }
            CheckProperties(link, p, packet);
            CheckCopies(c, p, may, packet);
            List<Subscription> all = may.Concat(replays).ToList();
            // A subscription made anew while its replay goes on gives it the new QoS.
            List<Subscription> anew = c.Subscriptions.FindAll(s => replays.Exists(r => r.Text == s.Text));
            if (packet.Qos > Math.Min(p.Qos, all.Concat(anew).Max(s => s.Qos)))
            {
                World.Fail($"{p}: came at QoS {packet.Qos}");
            }
            if (link.Version == 5) CheckIds(c, ids, all, p);
            bool plain = replays.Count == 0 && !may.Exists(s => s.Shared);
            if (!plain || p.Payload.Length == 0) return;
            CheckPlain(c, link, p, packet, ids);
            CheckOrder(c, p, order);
        }

        private bool NoDelivery(Client c, string topic)
        {
            return world.Rights != null && world.Rights.NoDelivery(c.Id, topic);
        }

        // Subscriptions whose replay of retained messages may bring this one.
        private List<Subscription> Replays(Client c, Publication p)
        {
            return c.Subscriptions.FindAll(s => MayReplay(c, s) && s.Matches(p.Topic) && s.MayTo >= p.Sent
                && !(s.Handling == 1 && Existed(c, s)) && !Replaced(p, s.MayFrom));
        }

        // A replay that is under way goes on when its subscription is made anew without one.
        private static bool MayReplay(Client c, Subscription s)
        {
            return !s.Shared && (s.Handling != 2 || c.Subscriptions.Exists(o => o.Text == s.Text && o.Handling != 2
                && o.Epoch == s.Epoch));
        }

        // Whether the subscription was there for certain when it was made anew.
        private static bool Existed(Client c, Subscription s)
        {
            return c.Subscriptions.Exists(o => o != s && o.Text == s.Text && o.Epoch == s.Epoch && s.Epoch == c.Epoch
                && o.SureFrom < s.MayFrom && o.SureTo == s.MayFrom);
        }

        // Whether another message took its place as retained message before this step.
        private bool Replaced(Publication p, long step)
        {
            bool unsure = world.Broker.Counters[Counter.DroppedRetained] != 0;
            return world.Publications.Exists(q => q.Retain && q.Topic == p.Topic && q.Accepted && q.Sent > p.Done
                && q.Done < step && !(unsure && (q.Qos == 0 || q.Will)));
        }

        private void CheckProperties(Link link, Publication p, Publish packet)
        {
            if (link.Version != 5) return;
            Properties had = packet.Properties;
            bool expires = (had.Present & Has.MessageExpiry) != 0;
            if (expires && had.MessageExpiry == 0 && !packet.Dup)
            {
                World.Fail($"{p}: sent after its expiry"); // [MQTT-3.3.2-5]
            }
            if (expires && had.MessageExpiry > p.Expiry)
            {
                World.Fail($"{p}: expiry {had.MessageExpiry} above {p.Expiry}");
            }
            long passed = (uint)(world.NowMs - p.SentMs) / 1000;
            if (expires && had.MessageExpiry + passed + 2 < p.Expiry)
            {
                World.Fail($"{p}: {had.MessageExpiry} seconds left of {p.Expiry} after {passed}");
            }
            if (p.Sends > 1 || p.Will) return; // it may have come through a 3.1.1 connection too
            if (p.Expiry != 0 && !expires) World.Fail($"{p}: without its expiry");
            int own = Has.PayloadFormat | Has.ContentType | Has.ResponseTopic | Has.Correlation | Has.User;
            if ((had.Present & own) == 0 != (p.Signature == "")) World.Fail($"{p}: properties");
            if ((had.Present & own) == 0) return;
            string block = Convert.ToHexString(had.Buffer, had.BlockOffset, had.BlockLength);
            if (!block.Contains(p.Signature)) World.Fail($"{p}: properties {block}, not {p.Signature}");
        }

        private static void CheckCopies(Client c, Publication p, List<Subscription> may, Publish packet)
        {
            c.Copies.TryGetValue(p, out int copies);
            c.Copies[p] = ++copies;
            int live = may.Exists(s => !s.Shared) ? 1 : 0;
            live += may.Where(s => s.Shared).Select(s => s.Text).Distinct().Count();
            if (p.Qos == 1 && !p.Will && p.Sends > 1) live *= p.Sends;
            int replays = !p.Retain ? 0 : c.Subscriptions.Count(s => MayReplay(c, s)
                && s.Matches(p.Topic) && s.MayTo >= p.Sent);
            if (copies > live + replays) World.Fail($"{p}: copy {copies} for {c.Id}, at most {live} and {replays}");
        }

        private static void CheckIds(Client c, List<int> ids, List<Subscription> all, Publication p)
        {
            foreach (int id in ids)
            {
                // A subscription made anew while its replay goes on gives it the new identifier.
                bool any = c.Subscriptions.Exists(s => s.Identifier == id && all.Exists(a => a.Text == s.Text));
                if (!any) World.Fail($"{p}: subscription identifier {id}");
            }
        }

        // A message that came through ordinary subscriptions alone.
        private void CheckPlain(Client c, Link link, Publication p, Publish packet, List<int> ids)
        {
            List<Subscription> sure = c.Subscriptions.FindAll(s => !s.Shared && Sure(s, c, p));
            if (sure.Count == 0 || p.Will) return;
            int qos = Math.Min(p.Qos, sure.Max(s => s.Qos));
            if (packet.Qos < qos) World.Fail($"{p}: came at QoS {packet.Qos} instead of {qos}");
            if (p.Retain && !packet.Retain && sure.Exists(s => s.AsPublished)) World.Fail($"{p}: retain is not set");
            if (link.Version != 5) return;
            foreach (Subscription s in sure)
            {
                if (s.Identifier != 0 && !ids.Contains(s.Identifier)) World.Fail($"{p}: without identifier of {s}");
            }
        }

        private static void CheckOrder(Client c, Publication p, Dictionary<Client, Publication> order)
        {
            if (p.Will) return;
            order.TryGetValue(p.From, out Publication before);
            if (before != null && before.Number > p.Number)
            {
                if (p.Sends == 1) World.Fail($"{p}: came to {c.Id} after {before}");
                return;
            }
            order[p.From] = p;
        }

        // ---- The end of a run

        /// <summary>The world is healed and quiet: nothing may be missing that is not accounted for.</summary>
        public void Final()
        {
            foreach (Client c in world.Clients) c.ConfirmAll();
            foreach (LocalProgram p in world.Programs) p.ConfirmAll();
            foreach (Client c in world.Everybody)
            {
                if (!c.Gone) Final(c);
            }
            foreach (Publication p in world.Publications)
            {
                foreach (string text in World.Filters)
                {
                    if (text.StartsWith("$share")) FinalShared(p, text);
                }
            }
            int[] counters = world.Broker.Counters;
            if (world.Limits.QueueMessages == 1000 && world.Limits.SysSeconds == 0
                && counters[Counter.DroppedQueueFull] + counters[Counter.DroppedPoolFull] != 0)
            {
                World.Fail("dropped where there was room for everything");
            }
        }

        private void Final(Client c)
        {
            byte[] id = System.Text.Encoding.UTF8.GetBytes(c.Id);
            int session = world.Broker.FindSession(id, 0, id.Length);
            if (session == 0) World.Fail($"{c.Id}: connected, and no session");
            int dropped = world.Broker.DroppedOf(session);
            List<KeyValuePair<Publication, int>> missing = new();
            foreach (Publication p in world.Publications)
            {
                if (p.Payload.Length == 0) continue;
                List<Subscription> sure = c.Subscriptions.FindAll(s => !s.Shared && p.Done != long.MaxValue
                    && Sure(s, c, p));
                if (sure.Count == 0 || !p.Accepted) continue;
                if (p.NoMatch) World.Fail($"{p}: no matching subscribers, and {c.Id} has {sure[0]}");
                if (c.Copies.ContainsKey(p)) continue;
                int qos = Math.Min(p.Qos, sure.Max(s => s.Qos));
                bool stood = c.Link.ConnectedAt < p.Sent;
                if (qos != 0 || stood) missing.Add(new(p, Causes(c, p, qos)));
            }
            if (missing.Count > dropped)
            {
                World.Fail($"{c.Id}: {missing.Count} missing, {dropped} counted: {missing[0].Key}");
            }
            world.Ledger.Account(c.Id, session, missing);
            if (dropped == 0)
            {
                foreach (Subscription s in c.Subscriptions) FinalReplay(c, s);
            }
        }

        // What can have kept a message that was accepted from a session that stood all the time.
        private int Causes(Client c, Publication p, int qos)
        {
            if (NoDelivery(c, p.Topic)) return 1 << Ledger.Denied;
            int causes = 1 << Ledger.QueueFull;
            if (qos == 0 || p.Will) causes |= 1 << Ledger.PoolFull; // else it would have been refused
            if (p.Expiry != 0 && (uint)(world.NowMs - p.SentMs) / 1000 + 2 >= p.Expiry) causes |= 1 << Ledger.Expired;
            if (p.Payload.Length + 300 > c.SmallestPacket || Many(c, p)) causes |= 1 << Ledger.TooLarge;
            return causes;
        }

        // More subscription identifiers than a head has room for; a local client's message larger than its buffer.
        private bool Many(Client c, Publication p)
        {
            return c.Subscriptions.FindAll(s => s.Identifier != 0 && s.Matches(p.Topic)).Count > 4
                || c.Id.StartsWith("local") && p.Payload.Length + 100 > world.Limits.PacketBytes;
        }

        // Whether it may be over by now.
        private bool Expires(Publication p)
        {
            return p.Expiry != 0 && (uint)(world.NowMs - p.SentMs) / 1000 + 2 >= p.Expiry;
        }

        // What was retained before a subscription was made, and still is, must have come.
        private void FinalReplay(Client c, Subscription s)
        {
            if (s.Shared || s.Epoch != c.Epoch || s.SureFrom == long.MaxValue || s.SureTo != long.MaxValue) return;
            bool older = c.Subscriptions.Exists(o => o != s && o.Text == s.Text && o.MayTo >= s.MayFrom);
            if (s.Handling == 2 || s.Handling == 1 && older) return;
            bool unsure = world.Broker.Counters[Counter.DroppedRetained] != 0;
            foreach (Publication p in world.Publications)
            {
                if (!p.Retain || !p.Accepted || p.Done >= s.MayFrom || p.Payload.Length == 0 || Expires(p)) continue;
                if (!s.Matches(p.Topic) || s.NoLocal && p.From == c || unsure && (p.Qos == 0 || p.Will)) continue;
                if (world.Publications.Exists(q => q != p && q.Retain && q.Topic == p.Topic && q.Done >= p.Sent))
                {
                    continue;
                }
                if (Math.Min(p.Qos, s.Qos) == 0 && c.Link.ConnectedAt >= s.MayFrom) continue;
                c.RetainedAt.TryGetValue(p, out long at);
                if (at < s.MayFrom) World.Fail($"{p}: retained, and did not come to {c.Id} for {s}");
            }
        }

        // A message for a share group whose members are all still there has come to one of them.
        private void FinalShared(Publication p, string text)
        {
            if (p.Qos == 0 || !p.Accepted || p.Payload.Length == 0 || Expires(p)) return;
            bool sure = false;
            int dropped = 0;
            foreach (Client c in world.Everybody)
            {
                foreach (Subscription s in c.Subscriptions)
                {
                    if (s.Text != text || s.MayTo < p.Sent) continue;
                    if (c.Gone || s.Epoch != c.Epoch || s.Qos == 0) return;
                    if (Sure(s, c, p)) sure = true;
                    if (c.Copies.ContainsKey(p)) return;
                    byte[] id = System.Text.Encoding.UTF8.GetBytes(c.Id);
                    dropped += world.Broker.DroppedOf(world.Broker.FindSession(id, 0, id.Length));
                }
            }
            if (sure && dropped == 0) World.Fail($"{p}: came to nobody of {text}");
        }
    }
}
