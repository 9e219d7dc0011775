using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Femto.Mqtt;

namespace Femto.Simulation
{
    /// <summary>A program on the broker's own board: a local client whose sink publishes, unsubscribes and closes from
    /// within its calls.</summary>
    public sealed class LocalProgram : ILocalSink
    {
        /// <summary>What the oracle knows it as.</summary>
        public readonly Client Self;

        private sealed class Call
        {
            public int Kind;
            public Publication Publication;
            public Subscription Subscription;

            public bool Silent => Kind == LocalCall.Publish && Publication.Qos == 0;
        }

        private static readonly Publish packet = new(new Properties(), new TopicPath(32, 1));

        private readonly World world;
        private readonly Dice dice;
        private readonly LocalClient local;
        private readonly List<Call> calls = new();
        private readonly Dictionary<Client, Publication> order = new();
        private int failures;   // of the calls at QoS 0 that stand first
        private bool closing;

        public LocalProgram(World world, string id)
        {
            this.world = world;
            dice = world.Plan;
            Self = new Client(world, id);
            Self.Link = new Link { Client = Self, Version = 4, Connected = true };
            local = new LocalClient(world.Broker, Encoding.UTF8.GetBytes(id), this);
        }

        private bool Ended => Self.Gone;

        public void Act()
        {
            if (Ended || closing) return;
            int what = dice.Next(100);
            if (what < 55) Publish();
            else if (what < 80) Subscribe();
            else if (what < 95) Unsubscribe();
            else if (what < 97) Close();
        }

        /// <summary>What is still to come, or null.</summary>
        public string Unquiet() => Ended || calls.TrueForAll(x => x.Silent) ? null : "waits for an answer";

        /// <summary>All calls are through.</summary>
        public void ConfirmAll() => Through();

        public void Close()
        {
            if (Ended || closing || local.Close() != Fault.None) return;
            world.Say($"{Self.Id} closes");
            closing = true;
            foreach (Subscription s in Self.Subscriptions) s.SureTo = Math.Min(s.SureTo, world.Step);
            calls.Add(new Call { Kind = LocalCall.Close });
        }

        private void Publish()
        {
            bool silent = calls.Exists(x => x.Silent);
            int room = Math.Min(world.Limits.PacketBytes, world.Limits.InboxBytes);
            Publication p = Self.NewPublication(false, 4, room);
            if (silent) p.Qos = 0; // else nobody knows which of them an answer is for
            Wire w = new();
            if (dice.Percent(30)) w.Byte(0x26).Text("k").Text("v" + p.Number);
            p.Properties = w.ToArray();
            p.Signature = Convert.ToHexString(p.Properties);
            p.Sends = 1;
            byte[] topic = Encoding.UTF8.GetBytes(p.Topic);
            Fault fault = local.Publish(topic, 0, topic.Length, p.Properties, 0, p.Properties.Length,
                p.Payload, 0, p.Payload.Length, p.Qos, p.Retain);
            world.Say($"{Self.Id} publishes {p}: {fault}");
            if (fault == Fault.None)
            {
                calls.Add(new Call { Kind = LocalCall.Publish, Publication = p });
                return;
            }
            // Its queue may have ended the session; the next Tick says so.
            bool ended = fault == Fault.Closed && world.Limits.QueueFull == QueuePolicy.EndSession;
            if (!ended && fault != Fault.InboxFull && fault != Fault.TooLarge) World.Fail($"{Self.Id}: {fault}");
            p.Refused = true;
            p.Done = world.Step;
        }

        private void Subscribe()
        {
            string text = dice.Of(World.Filters);
            Subscription s = new()
            {
                Text = text, Filter = text, Qos = dice.Next(3), MayFrom = world.Step, Epoch = Self.Epoch,
                AsPublished = dice.Percent(30), Handling = dice.Of(0, 0, 1, 2),
            };
            if (text.StartsWith("$share/"))
            {
                s.Group = text.Substring(7, 1);
                s.Filter = text.Substring(9);
            }
            s.NoLocal = !s.Shared && dice.Percent(20);
            int options = s.Qos | (s.NoLocal ? 4 : 0) | (s.AsPublished ? 8 : 0) | s.Handling << 4;
            byte[] filter = Encoding.UTF8.GetBytes(text);
            Fault fault = local.Subscribe(filter, 0, filter.Length, options);
            world.Say($"{Self.Id} subscribes {s} options {options:x2}: {fault}");
            if (fault != Fault.None) return;
            Self.Unsure(text);
            Self.Subscriptions.Add(s);
            calls.Add(new Call { Kind = LocalCall.Subscribe, Subscription = s });
        }

        private void Unsubscribe()
        {
            string text = dice.Of(World.Filters);
            if (Self.Subscriptions.Count != 0) text = Self.Subscriptions[dice.Next(Self.Subscriptions.Count)].Text;
            bool sure = Self.Subscriptions.Any(s => s.Text == text && s.SureFrom < world.Step
                && s.SureTo == long.MaxValue);
            byte[] filter = Encoding.UTF8.GetBytes(text);
            Fault fault = local.Unsubscribe(filter, 0, filter.Length);
            world.Say($"{Self.Id} unsubscribes {text}: {fault}");
            if (fault != Fault.None) return;
            Self.Unsure(text);
            Subscription marker = new() { Text = text, MayFrom = world.Step, Qos = sure ? 1 : 0 };
            calls.Add(new Call { Kind = LocalCall.Unsubscribe, Subscription = marker });
        }

        // ---- What the broker says

        public void Answer(LocalClient client, int call, int reason)
        {
            world.Say($"{Self.Id} is answered {call}: {reason:x2}");
            if (call == LocalCall.Close && reason == ReasonCode.QuotaExceeded)
            {
                if (world.Limits.QueueFull != QueuePolicy.EndSession) World.Fail("a local client was closed");
                End();
                return;
            }
            // The session is gone, and the sink will be told next.
            if (Ended || reason == ReasonCode.UnspecifiedError) return;
            if (call == LocalCall.Publish && calls.Count != 0 && calls[0].Silent)
            {
                if (reason < 0x80) World.Fail($"{Self.Id}: QoS 0 was answered");
                failures++;
                return;
            }
            Through();
            if (calls.Count == 0 || calls[0].Kind != call)
            {
                World.Fail($"{Self.Id}: answer to {call}, which was not asked");
            }
            Call first = calls[0];
            calls.RemoveAt(0);
            if (call == LocalCall.Publish) Published(first.Publication, reason);
            else if (call == LocalCall.Subscribe) Subscribed(first.Subscription, reason);
            else if (call == LocalCall.Close) End();
            else
            {
                if (first.Subscription.Qos == 1 && reason != 0) World.Fail($"{Self.Id}: unsubscribed with {reason:x2}");
                Self.Older(first.Subscription, world.Step);
            }
        }

        // Calls at QoS 0 that stand first were carried out.
        private void Through()
        {
            while (calls.Count != 0 && calls[0].Silent)
            {
                Publication p = calls[0].Publication;
                calls.RemoveAt(0);
                p.Done = world.Step;
                p.Accepted = failures == 0 && !p.Denied;
                if (p.Denied && failures == 0) World.Fail($"{p}: not allowed, and nobody said so");
            }
            failures = 0;
        }

        private void Published(Publication p, int reason)
        {
            p.Done = world.Step;
            p.NoMatch = reason == ReasonCode.NoMatchingSubscribers;
            p.Accepted = reason < 0x80;
            p.Refused = !p.Accepted;
            if (p.Denied != (reason == ReasonCode.NotAuthorized)) World.Fail($"{p}: answered {reason:x2}");
        }

        private void Subscribed(Subscription s, int reason)
        {
            bool denied = world.Rights != null && world.Rights.NoSubscription(Self.Id, s.Text);
            if (denied != (reason == ReasonCode.NotAuthorized)) World.Fail($"{Self.Id}: {s} answered {reason:x2}");
            if (reason >= 0x80)
            {
                s.MayTo = -1;
                return;
            }
            if (reason != s.Qos) World.Fail("granted another QoS than asked");
            s.SureFrom = world.Step;
            Self.Older(s, world.Step);
        }

        private void End()
        {
            foreach (Call c in calls)
            {
                if (c.Publication != null) c.Publication.Done = world.Step;
            }
            calls.Clear();
            foreach (Subscription s in Self.Subscriptions)
            {
                s.SureTo = Math.Min(s.SureTo, s.MayFrom);
                s.MayTo = Math.Min(s.MayTo, world.Step);
            }
            Self.Gone = true;
        }

        public void Message(LocalClient client, LocalMessage m)
        {
            if (Ended) World.Fail($"{Self.Id}: a message after its end");
            string topic = Encoding.UTF8.GetString(m.Buffer, m.TopicOffset, m.TopicLength);
            if (Array.IndexOf(World.Topics, topic) < 0)
            {
                if (!topic.StartsWith("$SYS") && world.Vandal == null) World.Fail($"topic {topic}");
                return;
            }
            if (m.PayloadLength == 0)
            {
                world.Oracle.Empty(Self, topic);
                return;
            }
            Publication p = world.Find(m.Buffer, m.PayloadOffset, m.PayloadLength);
            world.Say($"{Self.Id} got {p} at q{m.Qos} retain={m.Retain}");
            if (topic != p.Topic) World.Fail($"{p} came with topic {topic}");
            string properties = Convert.ToHexString(m.Buffer, m.PropertiesOffset, m.PropertiesLength);
            if (p.Sends <= 1 && !p.Will && properties != p.Signature) World.Fail($"{p}: properties {properties}");
            packet.Qos = m.Qos;
            packet.Retain = m.Retain;
            if (m.Retain) Self.RetainedAt[p] = world.Step;
            Self.Delivered++;
            world.Oracle.Delivery(Self, Self.Link, p, packet, new List<int>(), order);
            if (!world.Healing && dice.Percent(15)) Act();
        }
    }
}
