using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Text;
using Femto.Mqtt;

namespace Femto.Simulation
{
    /// <summary>Two brokers joined by a bridge over a link that chops, stalls and is cut: everything follows from the
    /// seed. Programs on both publish; one on each listens to all.</summary>
    public sealed class BridgeWorld
    {
        public int NowMs = 5000;
        public bool Healing;
        public TextWriter Trace;

        private sealed class Message
        {
            public int Number;
            public int Site;
            public string Topic;
            public int Qos;
            public bool Accepted;
            public bool Refused;
            public bool Early;  // published upstream before the bridge had subscribed there
            public readonly int[] Came = new int[2];
        }

        // A program: publishes at one QoS, or listens.
        private sealed class Node : ILocalSink
        {
            public BridgeWorld World;
            public int Site;
            public int Qos;
            public LocalClient Client;
            public readonly Queue<Message> Asked = new();

            public void Message(LocalClient client, LocalMessage m) => World.Arrived(this, m);

            public void Answer(LocalClient client, int call, int reason)
            {
                if (call != LocalCall.Publish) return;
                if (Qos == 0) return; // a failure at QoS 0
                Message m = Asked.Dequeue();
                m.Accepted = reason < 0x80;
                m.Refused = !m.Accepted;
                World.Say($"#{m.Number} answered {reason:x2}");
            }
        }

        private static readonly string[] topics = { "up/a", "up/b/c", "down/a", "down/b/c", "both/a", "both/b",
            "none/a" };

        private readonly Dice dice;
        private readonly Broker[] brokers = new Broker[2]; // 0 has the bridge, 1 is upstream
        private readonly BridgeLink link;
        private readonly Bridge bridge;
        private readonly int bridgeQos;
        private readonly List<Node> publishers = new();
        private readonly List<Message> messages = new();
        private readonly Dictionary<string, int>[] order = { new(), new() };
        private int step;

        public BridgeWorld(int seed)
        {
            dice = new Dice(seed ^ 0x0B1D6E);
            for (int i = 0; i < 2; i++) brokers[i] = new Broker(Limits(), dice.Next(int.MaxValue));
            link = new BridgeLink(this, brokers[1], dice);
            bridgeQos = dice.Next(3);
            bool small = dice.Percent(40);
            BridgeOptions o = new()
            {
                Name = "b", Hosts = new[] { "up" }, Ports = new[] { 1883 }, Version = dice.Of(4, 5),
                RestartBaseMs = 200, RestartCapMs = 1000, Notifications = dice.Percent(30),
                    KeepAliveSeconds = dice.Of(5, 60),
                SpoolMessages = small ? 3 + dice.Next(10) : 0, SpoolFull = small ? dice.Next(2) : 0,
                ReceiveMaximum = 1 + dice.Next(20),
                Topics = new[]
                {
                    Topic("up/#", BridgeTopic.Out), Topic("down/#", BridgeTopic.In), Topic("both/#", BridgeTopic.Both),
                },
            };
            bridge = new Bridge(brokers[0], o, link, null, dice.Next(int.MaxValue));
            for (int site = 0; site < 2; site++)
            {
                for (int qos = 0; qos < 3; qos++)
                {
                    Node p = new() { World = this, Site = site, Qos = qos };
                    p.Client = new LocalClient(brokers[site], Encoding.UTF8.GetBytes("p" + qos), p);
                    publishers.Add(p);
                }
                Node s = new() { World = this, Site = site };
                s.Client = new LocalClient(brokers[site], Encoding.UTF8.GetBytes("s"), s);
                s.Client.Subscribe(Encoding.UTF8.GetBytes("#"), 0, 1, 2);
            }
        }

        private BridgeTopic Topic(string pattern, int direction)
        {
            return new BridgeTopic { Pattern = pattern, Direction = direction, Qos = bridgeQos };
        }

        private static Limits Limits()
        {
            Limits l = Femto.Mqtt.Limits.Esp32();
            l.Connections = 3;
            l.LocalClients = 4;
            l.Sessions = 12;
            l.InboxBytes = 3000;
            l.QueueMessages = 1000;
            l.QueueBlocks = 3000;
            l.Deliveries = 8000;
            l.Messages = 3000;
            l.Blocks = 4000;
            l.SessionSeconds = uint.MaxValue;
            l.SysSeconds = 0;
            return l;
        }

        /// <summary>Plays the whole run.</summary>
        /// <returns>Null, or what was wrong.</returns>
        public string Play()
        {
            try
            {
                int steps = 200 + dice.Next(800);
                for (step = 0; step < steps; step++) Act();
                Say("-- healing");
                Heal();
                Final();
                return null;
            }
            catch (Exception e) when (e is SimulationFault)
            {
                return $"step {step}: {e.Message}";
            }
            catch (Exception e)
            {
                return $"step {step}: {e.GetType().Name}: {e.Message}\n{e.StackTrace}";
            }
        }

        public void Say(string line)
        {
            Trace?.WriteLine($"{step,6} {NowMs,8} {line}");
        }

        private void Act()
        {
            int what = dice.Next(100);
            if (what < 25) Publish();
            else if (what < 90) link.Move();
            else if (what < 97) NowMs += dice.Of(1, 20, 300);
            else if (what < 98) link.Stalled = !link.Stalled;
            else if (what < 99) link.Refuses = !link.Refuses;
            else
            {
                Say("cut");
                link.Cut();
            }
            Run();
        }

        private void Run()
        {
            for (int round = 0; round < 100; round++)
            {
                brokers[0].Tick(NowMs);
                bridge.Turn(NowMs);
                brokers[1].Tick(NowMs);
                while (brokers[0].NextReady() >= 0)
                {
                }
                while (brokers[1].NextReady() >= 0)
                {
                }
                brokers[0].Invariants();
                brokers[1].Invariants();
                bridge.Session.Invariants();
                bool idle = brokers[0].Wait(NowMs) > 0 && brokers[1].Wait(NowMs) > 0 && bridge.Wait(NowMs) > 0;
                if (idle) return;
            }
            World.Fail("no rest");
        }

        private void Publish()
        {
            Node p = publishers[dice.Next(publishers.Count)];
            Message m = new() { Number = messages.Count + 1, Site = p.Site, Qos = p.Qos, Topic = dice.Of(topics) };
            byte[] topic = Encoding.UTF8.GetBytes(m.Topic);
            byte[] payload = Encoding.UTF8.GetBytes(m.Number + new string('.', dice.Of(0, 3, 50, 200)));
            Fault fault = p.Client.Publish(topic, 0, topic.Length, payload, 0, payload.Length, p.Qos, false);
            if (fault == Fault.InboxFull) return;
            if (fault != Fault.None) World.Fail("publish: " + fault);
            Say($"#{m.Number} at {m.Site} {m.Topic} q{m.Qos}");
            m.Early = p.Site == 1 && !Subscribed();
            messages.Add(m);
            if (p.Qos != 0) p.Asked.Enqueue(m);
        }

        private void Arrived(Node node, LocalMessage l)
        {
            string topic = Encoding.UTF8.GetString(l.Buffer, l.TopicOffset, l.TopicLength);
            if (topic.StartsWith("$")) return; // the bridge's own notifications
            string text = Encoding.UTF8.GetString(l.Buffer, l.PayloadOffset, l.PayloadLength).TrimEnd('.');
            Message m = messages[int.Parse(text) - 1];
            Say($"#{m.Number} came to {node.Site} at q{l.Qos}");
            if (topic != m.Topic) World.Fail($"#{m.Number} came with topic {topic}");
            if (!Crosses(m) && node.Site != m.Site)
            {
                World.Fail($"#{m.Number} {topic} came to {node.Site}: no rule carries it");
            }
            int qos = node.Site == m.Site ? m.Qos : Math.Min(m.Qos, bridgeQos);
            if (l.Qos != qos) World.Fail($"#{m.Number} came to {node.Site} at QoS {l.Qos} instead of {qos}");
            int came = ++m.Came[node.Site];
            // QoS 1 may be doubled where the link was cut, and nowhere else.
            if (came > 1 && (node.Site == m.Site || qos != 1 || came > 1 + link.Cuts))
            {
                World.Fail($"#{m.Number} {topic} q{m.Qos} came {came} times to {node.Site}");
            }
            if (came > 1) return;
            string key = m.Site + "/" + m.Qos + "/" + topic;
            order[node.Site].TryGetValue(key, out int before);
            if (before > m.Number) World.Fail($"#{m.Number} came to {node.Site} after #{before}");
            order[node.Site][key] = m.Number;
        }

        private int UpstreamSession()
        {
            byte[] id = Encoding.UTF8.GetBytes(bridge.Options.RemoteClientId ?? "");
            return brokers[1].FindSession(id, 0, id.Length);
        }

        private bool Subscribed()
        {
            int session = UpstreamSession();
            if (session == 0) return false;
            int wanted = 0;
            foreach (BridgeTopic t in bridge.Options.Topics) wanted += t.Direction == BridgeTopic.Out ? 0 : 1;
            object topics = typeof(Broker).GetField("Topics", BindingFlags.Instance | BindingFlags.NonPublic)
                .GetValue(brokers[1]);
            return ((TopicTable)topics).SessionCount(session) >= wanted;
        }

        private static bool Crosses(Message m)
        {
            return m.Topic.StartsWith("both/") || m.Topic.StartsWith(m.Site == 0 ? "up/" : "down/");
        }

        private void Heal()
        {
            Healing = true;
            link.Stalled = false;
            link.Refuses = false;
            int quiet = 0;
            for (int round = 0; quiet < 20; round++)
            {
                if (round > 4000) World.Fail("never quiet: " + Unquiet());
                step++;
                link.Move();
                Run();
                NowMs += 50;
                quiet = Unquiet() == null ? quiet + 1 : 0;
            }
            // No message goes round for ever.
            int received = brokers[1].Counters[Counter.PublishReceived] + brokers[1].Counters[Counter.PublishSent];
            for (int round = 0; round < 200; round++)
            {
                link.Move();
                Run();
                NowMs += 100;
            }
            int now = brokers[1].Counters[Counter.PublishReceived] + brokers[1].Counters[Counter.PublishSent];
            if (now != received) World.Fail($"{now - received} messages crossed when nobody published");
        }

        private string Unquiet()
        {
            if (!bridge.Connected) return "not connected";
            if (bridge.SpoolLength() != 0) return $"{bridge.SpoolLength()} in the spool";
            if (!link.Empty) return "bytes under way";
            foreach (Node p in publishers)
            {
                if (p.Asked.Count != 0) return $"p{p.Qos} at {p.Site} waits";
            }
            byte[] id = Encoding.UTF8.GetBytes(bridge.Options.RemoteClientId ?? "");
            int session = brokers[1].FindSession(id, 0, id.Length);
            ushort[] counts = (ushort[])Inside.Value(brokers[1], "Deliveries", "Count");
            for (int s = 1; s < counts.Length; s++)
            {
                if (counts[s] != 0) return "queued upstream";
            }
            return null;
        }

        // Nothing acknowledged is missing, but for what was dropped and counted.
        private void Final()
        {
            int missing = 0;
            Message first = null;
            foreach (Message m in messages)
            {
                if (m.Qos == 0) continue;
                if (m.Refused && m.Came[0] + m.Came[1] != 0) World.Fail($"#{m.Number} was refused, and came");
                if (!m.Accepted) continue;
                if (m.Came[m.Site] == 0) World.Fail($"#{m.Number} did not come where it was published");
                if (m.Early || !Crosses(m) || bridgeQos == 0 || m.Came[1 - m.Site] != 0) continue;
                missing++;
                first ??= m;
            }
            int lost = brokers[0].DroppedOf(bridge.Uplink.Session) + brokers[1].DroppedOf(UpstreamSession());
            if (missing > lost)
            {
                World.Fail($"{missing} did not cross, {lost} counted: #{first.Number} {first.Topic} q{first.Qos}");
            }
            if (bridge.Counters[BridgeCounter.Renewed] != 0) World.Fail("the upstream lost the session");
        }
    }
}
