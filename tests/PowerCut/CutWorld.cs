using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Femto.Mqtt;
using Femto.Mqtt.Unit;
using Femto.Simulation;

namespace Femto.PowerCut
{
    /// <summary>A broker whose power goes at one write of its device, its clients and a broker upstream that keep
    /// theirs. Everything follows from the case: seed, call, what becomes of unsynced writes.</summary>
    public sealed partial class CutWorld
    {
        public const int Steps = 220;
        private const int StepsAfter = 60;

        public readonly Dice Dice;
        public int NowMs = 5000;
        public long Step;
        public TextWriter Trace;
        /// <summary>Calls of the device that changed something, up to the cut or the end.</summary>
        public int Calls;

        private readonly CutCase which;
        private readonly MemoryDevice device;
        private readonly PersistenceOptions options = new();
        private readonly bool bridged;
        private readonly int upVersion;
        private readonly Side site = new();     // the one whose power goes
        private readonly Side cloud = new();
        private readonly List<CutClient> clients = new();
        private readonly List<Publication> publications = new();
        private readonly Dictionary<string, Publication> byId = new();
        private readonly Dictionary<string, List<Publication>> retained = new();
        private readonly CutClient upper;       // the client upstream
        private long goneStep = -1;

        public CutWorld(CutCase which)
        {
            this.which = which;
            Dice = new Dice(which.Seed);
            device = new MemoryDevice(12, 4096);
            options.SyncMs = Dice.Of(0, 0, 20, 200);
            options.IdleMs = Dice.Of(0, 100, 1000);
            bridged = Dice.Percent(40);
            upVersion = Dice.Of(4, 5);
            cloud.Broker = new Broker(Limits(), 4711);
            site.Device = device;
            Build();
            for (int i = 0; i < 3; i++) clients.Add(new CutClient(this, site, "c" + i, Dice.Of(4, 5)));
            if (bridged) clients.Add(upper = new CutClient(this, cloud, "u", 5));
        }

        private static Limits Limits()
        {
            Limits l = Femto.Mqtt.Limits.Esp32();
            l.Connections = 8;
            l.Sessions = 12;
            l.Subscriptions = 24;
            l.Deliveries = 400;
            l.Messages = 300;
            l.Blocks = 500;
            l.BlockBytes = 32;
            l.QueueMessages = 200;
            l.QueueBlocks = 400;
            l.PacketBytes = 160;
            l.TopicLength = 48;
            l.ClientIdLength = 23;
            l.InboxBytes = 128;
            l.SendBytes = 256;
            l.ReceiveIds = 12;
            l.SysSeconds = 0;
            l.SessionSeconds = 0xFFFFFFFF;
            l.KeepAliveSeconds = 0;
            return l;
        }

        private void Build()
        {
            site.Broker = new Broker(Limits(), 99);
            site.Persistence = new Persistence(site.Broker, device, options, 1234);
            site.On = site.Persistence.Open() && !device.Off;
            if (!site.On || !bridged) return;
            site.Link = new CutLink(this, cloud.Broker);
            BridgeOptions o = new()
            {
                Name = "b", Hosts = new[] { "up" }, Ports = new[] { 1883 }, Version = upVersion, RestartBaseMs = 50,
                RestartCapMs = 200, Notifications = false, KeepAliveSeconds = 60,
                Topics = new[] { Topic("up/#", BridgeTopic.Out), Topic("down/#", BridgeTopic.In) },
            };
            site.Bridge = new Bridge(site.Broker, o, site.Link, null, 7 + (int)Step);
        }

        private static BridgeTopic Topic(string pattern, int direction) =>
            new() { Pattern = pattern, Direction = direction, Qos = 2 };

        public void Say(string line) => Trace?.WriteLine($"{Step,5} {NowMs,7} {line}");

        /// <summary>Plays the case.</summary>
        /// <returns>Null; or what was wrong.</returns>
        public string Play()
        {
            try
            {
                device.CutAfter = which.Call == 0 ? int.MaxValue : which.Call;
                for (int i = 0; i < Steps && site.On; i++) Act();
                Calls = device.Calls;
                Power(); // a call in the last step may have cut it
                if (!site.On) Restart();
                for (int i = 0; i < StepsAfter; i++) Act();
                Heal();
                Verify();
                return null;
            }
            catch (CutFault e)
            {
                return $"step {Step}: {e.Message}";
            }
            catch (Exception e)
            {
                return $"step {Step}: {e.GetType().Name}: {e.Message}\n{e.StackTrace}";
            }
        }

        // ---- Messages

        public Publication New(CutClient from, string topic, int qos)
        {
            var p = new Publication
            {
                Id = from.Id + "-" + publications.Count + new string('.', Dice.Of(0, 3, 60)), Topic = topic, Qos = qos,
                From = from, Session = from.Session,
            };
            publications.Add(p);
            byId[p.Id] = p;
            return p;
        }

        public void Retaining(Publication p)
        {
            if (!retained.TryGetValue(p.Topic, out List<Publication> list)) retained[p.Topic] = list = new();
            p.Index = list.Count;
            list.Add(p);
        }

        public Publication Arrived(CutClient to, string topic, string payload, int qos, bool retain)
        {
            if (!byId.TryGetValue(payload, out Publication p))
            {
                throw new CutFault($"{to.Id} got what nobody published: {payload}");
            }
            if (p.Topic != topic) throw new CutFault($"{to.Id} got {payload} on {topic}");
            if (retain) return p;
            long last = p.Accepted < 0 || p.Will ? long.MaxValue : p.Accepted;
            bool far = to.Side != p.From.Side || p.Will;
            bool may = to.Subscriptions.Any(s => s.Session == to.Session && s.Matches(topic) && (far || s.Asked <= last)
                && p.Sent <= s.Ended);
            if (!may) throw new CutFault($"{to.Id} got {payload}, which it had not subscribed to");
            Add(p.Came, to.Key);
            if (qos != 2) return p;
            Add(p.CameAtTwo, to.Key);
            if (p.Qos != 2) throw new CutFault($"{to.Id} got {payload} at QoS 2");
            if (p.CameAtTwo[to.Key] > 1) throw new CutFault($"{to.Id} got {payload} twice at QoS 2");
            return p;
        }

        private static void Add(Dictionary<string, int> counts, string key)
        {
            counts.TryGetValue(key, out int n);
            counts[key] = n + 1;
        }

        // ---- Steps

        private void Act()
        {
            Step++;
            CutClient c = Dice.Of(clients.ToArray());
            int what = Dice.Next(100);
            if (!c.Connected && c.Connection < 0 && what < 30) c.Open(Dice.Percent(8));
            else if (what < 24) Publish(c);
            else if (what < 32) Subscribe(c);
            else if (what < 34) c.Unsubscribe();
            else if (what < 36) c.Leave();
            else if (what < 38) c.Drop();
            else if (what < 56) c.Push(Dice.Of(3, 1000));
            else if (what < 76) c.Pull(Dice.Of(3, 1000));
            else if (what < 90) c.Read(Dice.Of(1, 1000));
            else Pass(Dice.Of(1, 30, 300));
            if (Dice.Percent(70)) Run();
        }

        private void Subscribe(CutClient c)
        {
            string filter = c == upper ? "up/#" : Dice.Of("q/a", "q/b", "q/#", "down/#");
            c.Subscribe(filter, Dice.Of(1, 2, 2));
        }

        private void Publish(CutClient c)
        {
            if (c == upper) c.Publish("down/x", 2, false);
            else if (bridged && Dice.Percent(40)) c.Publish("up/x", 2, false);
            else if (Dice.Percent(25)) c.Publish("r/" + c.Id, Dice.Next(3), true);
            else c.Publish(Dice.Of("q/a", "q/b"), Dice.Of(1, 2, 2), false);
        }

        private void Run()
        {
            Run(cloud);
            Run(site);
            if (!site.On || site.Bridge == null) return;
            site.Link.Move(Dice.Of(5, 1000));
            site.Bridge.Turn(NowMs);
            Power();
        }

        private void Run(Side side)
        {
            if (!side.On) return;
            side.Broker.Tick(NowMs);
            Power();
            if (!side.On) return;
            while (side.Broker.NextReady() >= 0)
            {
            }
            side.Broker.Invariants();
        }

        private void Power()
        {
            if (device.Off) site.On = false;
        }

        private void Pass(int milliseconds)
        {
            while (milliseconds > 0 && site.On)
            {
                int wait = Math.Min(site.Broker.Wait(NowMs), cloud.Broker.Wait(NowMs));
                if (site.Bridge != null) wait = Math.Min(wait, site.Bridge.Wait(NowMs));
                if (wait < 1) wait = 1;
                if (wait > milliseconds) wait = milliseconds;
                NowMs += wait;
                milliseconds -= wait;
                Run();
            }
        }
    }
}
