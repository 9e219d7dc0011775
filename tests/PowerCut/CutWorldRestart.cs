using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Femto.Mqtt;

namespace Femto.PowerCut
{
    /// <summary>The power is back; and what must hold then and at the end.</summary>
    public sealed partial class CutWorld
    {
        private void Restart()
        {
            Say("-- power cut");
            site.Link?.Cut();
            foreach (CutClient c in clients)
            {
                if (c.Side == site) c.Drop();
            }
            device.Restart(which.Mode, which.Chance);
            NowMs += Dice.Of(10, 60000);
            if (which.Again != 0)
            {
                device.CutAfter = which.Again;
                Build();
                for (int i = 0; i < 20 && site.On; i++) Pass(100);
                if (site.On) device.CutAfter = int.MaxValue;
                site.Link?.Cut();
                device.Restart(which.Mode, which.Chance + 1);
            }
            Build();
            if (!site.On) throw new CutFault("the device cannot be opened");
            Journal journal = site.Persistence.Journal;
            if (journal.Damaged != 0) throw new CutFault("a torn end is taken for damage");
            int orphans = site.Persistence.Orphans;
            if (orphans != 0) throw new CutFault(orphans + " records without what they hang on");
            journal.Invariants();
            site.Broker.Invariants();
            Twice();
            if (Dice.Percent(30))
            {
                clients[0].Gone = true;
                goneStep = Step;
            }
        }

        // What was read is written anew from the tables, and must be what was read.
        private void Twice()
        {
            var limits = new JournalLimits { Rows = Rows(), FrameBytes = 1000 };
            site.Persistence.Flush();
            Dictionary<int, string> before = Side.Contents(device, limits);
            FieldInfo field = typeof(Persistence).GetField("changes", BindingFlags.Instance | BindingFlags.NonPublic);
            Changes changes = (Changes)field.GetValue(site.Persistence);
            for (int kind = Changes.Session; kind < Changes.Kinds; kind++)
            {
                for (int row = 1; row <= changes.Rows[kind]; row++) changes.Mark(kind, row);
            }
            site.Persistence.Flush();
            Dictionary<int, string> after = Side.Contents(device, limits);
            foreach (int slot in before.Keys.Union(after.Keys))
            {
                before.TryGetValue(slot, out string a);
                after.TryGetValue(slot, out string b);
                if (a != b) throw new CutFault($"slot {slot:x}: read {a ?? "nothing"}, written again {b ?? "nothing"}");
            }
        }

        private static int[] Rows()
        {
            Limits l = Limits();
            return new[] { 1, l.Messages, l.Sessions, l.Subscriptions, l.Retained, l.Sessions, l.Deliveries };
        }

        // Everybody comes back and takes what there is.
        private void Heal()
        {
            Say("-- healing");
            int quiet = 0;
            for (int round = 0; quiet < 12; round++)
            {
                if (round > 3000) throw new CutFault("does not get quiet: " + Unquiet());
                Step++;
                bool all = true;
                foreach (CutClient c in clients)
                {
                    if (c.Connection < 0) c.Open(false);
                    c.Push(int.MaxValue);
                    c.Pull(int.MaxValue);
                    c.Read(int.MaxValue);
                    all &= c.Quiet;
                }
                Pass(60);
                if (!site.On) throw new CutFault("the device is off");
                if (site.Bridge != null)
                {
                    all &= site.Bridge.Connected && site.Bridge.SpoolLength() == 0 && site.Link.Empty;
                }
                quiet = all ? quiet + 1 : 0;
            }
            Pass(6000);
            for (int round = 0; round < 40; round++)
            {
                foreach (CutClient c in clients)
                {
                    c.Push(int.MaxValue);
                    c.Pull(int.MaxValue);
                    c.Read(int.MaxValue);
                }
                Pass(60);
            }
        }

        private string Unquiet() => string.Join(", ", clients.Where(c => !c.Quiet).Select(c =>
            $"{c.Id} connected {c.Connected}, {c.Outbox.Count} in its outbox"))
            + (site.Bridge == null ? "" : $"; bridge {site.Bridge.Connected}, spool {site.Bridge.SpoolLength()}");

        private void Verify()
        {
            site.Broker.Invariants();
            foreach (int counter in new[] { Counter.DroppedQueueFull, Counter.DroppedPoolFull, Counter.DroppedStore })
            {
                if (site.Broker.Counters[counter] != 0) throw new CutFault($"counter {counter}: too small a world");
            }
            foreach (Publication p in publications)
            {
                if (p.Retain || p.Refused) continue;
                if (p.Will) Missed(p);
                else if (p.Qos != 0 && p.Accepted >= 0) Came(p);
            }
            foreach (string topic in retained.Keys) Value(topic);
        }

        private void Came(Publication p)
        {
            foreach (CutClient c in clients)
            {
                bool far = c.Side != p.From.Side;
                if (far && p.Topic.StartsWith("down") && p.Unheard) continue;
                bool must = !c.Gone && c.Subscriptions.Any(s => s.Session == c.Session && s.Matches(p.Topic)
                    && s.Granted < p.Sent && (far ? s.Ending == long.MaxValue : s.Ending > p.Accepted));
                if (!must || p.Came.ContainsKey(c.Key)) continue;
                throw new CutFault($"{c.Id} never got {p.Id}, sent in {p.Sent}, acknowledged in {p.Accepted}");
            }
        }

        // The will of a client that was connected when the power went and never came back.
        private void Missed(Publication p)
        {
            CutClient from = clients[0];
            if (!from.Gone || from.Will != p || !from.WasConnected) return;
            foreach (CutClient c in clients)
            {
                bool must = c != from && c.Side == site && c.Subscriptions.Any(s => s.Session == c.Session
                    && s.Matches(p.Topic) && s.Granted < goneStep && s.Ending == long.MaxValue);
                if (must && !p.Came.ContainsKey(c.Key)) throw new CutFault($"{c.Id} never got the will {p.Id}");
            }
        }

        // What is retained is the last one acknowledged, or one sent after it.
        private void Value(string topic)
        {
            List<Publication> list = retained[topic];
            int last = list.FindLastIndex(p => p.Accepted >= 0);
            string now = Retained(topic);
            for (int i = Math.Max(last, 0); i < list.Count; i++)
            {
                if ((list[i].Cleared ? null : list[i].Id) == now) return;
            }
            if (last < 0 && now == null) return;
            // One of QoS 1 that was sent again is published again, behind one of QoS 2 that the broker knows.
            for (int i = 0; i < last; i++)
            {
                bool again = list[i].Qos == 1 && list[i].Again && list[last].Qos == 2 && list[last].Again;
                if (again && (list[i].Cleared ? null : list[i].Id) == now) return;
            }
            throw new CutFault($"{topic} has {now ?? "nothing"}, acknowledged was {list[Math.Max(last, 0)].Id}");
        }

        private string Retained(string topic)
        {
            var reader = new Listener();
            reader.Read(site.Broker, topic, NowMs);
            return reader.Value;
        }
    }
}
