using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using Femto.Mqtt;

namespace Femto.Simulation
{
    /// <summary>One broker, its clients, the links between them and the clock: everything follows from the
    /// seed.</summary>
    public sealed class World : IBrokerLog
    {
        public static readonly string[] Topics =
            { "a", "b", "a/b", "a/c", "a/b/c", "b/c", "$x/a", "a/longer/name", "/", "a//b" };

        public static readonly string[] Filters =
        {
            "a", "#", "+", "a/#", "+/b", "a/+", "a/+/c", "+/+", "$x/#", "b/c", "a/b", "/+", "+/#", "a/longer/name",
            "$share/g/a/#", "$share/g/+/b", "$share/h/#", "$share/h/a/b", "$SYS/#",
        };

        public readonly Dice Dice;
        public readonly Dice Plan;      // of its own: worlds without local programs and rights stay as they were
        public readonly Limits Limits;
        public readonly Broker Broker;
        public readonly List<Client> Clients = new();
        public readonly List<Publication> Publications = new();
        public readonly Oracle Oracle;
        public TextWriter Trace;
        public int NowMs;
        public long Step;
        public bool Healing;
        public bool Leaving;
        public readonly Client Vandal;  // null in most worlds
        public readonly Rights Rights;  // null in most worlds
        public readonly List<LocalProgram> Programs = new();
        public readonly List<Client> Everybody = new(); // programs too, not the vandal
        public readonly Ledger Ledger;

        private readonly List<Link> links = new();
        private readonly Link[] byConnection;
        private readonly List<Publication> wills = new(); // published by the work that is put off
        private readonly int seed;
        private readonly int mishaps;
        private readonly int checkEvery;
        private readonly bool asksRoom;
        private readonly bool plain;
        private readonly byte[] waiting; // the broker's: connections that wait for a receive buffer
        private int wait;
        private int linkCount;

        static World()
        {
            // A failed Debug.Assert in the libraries is a fault like any other.
            System.Diagnostics.Trace.Listeners.Clear();
            System.Diagnostics.Trace.Listeners.Add(new AssertListener());
        }

        public World(int seed)
        {
            this.seed = seed;
            Dice = new Dice(seed);
            int clients = 2 + Dice.Next(4);
            Limits = Sizes.Random(Dice, clients);
            Plan = new Dice(seed ^ 0x5A5A0000);
            plain = Plan.Percent(35);
            int programs = plain || Plan.Percent(40) ? 0 : 1 + Plan.Next(2);
            Sizes.Programs(Limits, Plan, programs);
            Broker = new Broker(Limits, Dice.Next(int.MaxValue)) { Log = this };
            Oracle = new Oracle(this);
            NowMs = Dice.Of(1000, 5000, int.MaxValue - 20000);
            mishaps = Dice.Of(0, 1, 3, 8);
            checkEvery = Limits.Blocks > 5000 ? 64 : 1;
            asksRoom = Dice.Percent(50);
            byConnection = new Link[Limits.Connections];
            for (int i = 0; i < clients; i++) Clients.Add(new Client(this, "client" + i));
            if (Dice.Percent(25)) Vandal = new Client(this, "vandal") { BreaksRules = true };
            Everybody.AddRange(Clients);
            List<string> names = Clients.ConvertAll(x => x.Id);
            for (int i = 0; i < programs; i++) names.Add("local" + i);
            if (!plain && Plan.Percent(50)) Broker.Access = Rights = new Rights(this, names);
            for (int i = 0; i < programs; i++) Programs.Add(new LocalProgram(this, "local" + i));
            foreach (LocalProgram p in Programs) Everybody.Add(p.Self);
            Ledger = new Ledger(this);
            waiting = (byte[])Inside.Value(Broker, "ReceiveBuffers", "Waiting");
        }

        /// <summary>Plays the whole run.</summary>
        /// <returns>Null, or what was wrong.</returns>
        public string Play(int steps)
        {
            if (steps == 0) steps = 300 + Dice.Next(1200);
            try
            {
                RunBroker();
                for (int i = 0; i < steps; i++) Act();
                if (!plain && Plan.Percent(10))
                {
                    Shutdown(false);
                    return null;
                }
                Say("-- healing");
                Heal();
                Oracle.Final();
                Ledger.Final();
                if (!plain && Plan.Percent(10))
                {
                    Shutdown(true);
                    return null;
                }
                Say("-- leaving");
                Leave();
                if (Vandal == null) Broker.Invariants(true);
                else Inside.Forgotten(Broker); // what it retained stays
                return null;
            }
            catch (SimulationFault e)
            {
                return $"step {Step}: {e.Message}";
            }
            catch (Exception e)
            {
                return $"step {Step}: {e.GetType().Name}: {e.Message}\n{e.StackTrace}";
            }
        }

        public string Summary()
        {
            int delivered = 0;
            foreach (Client client in Clients) delivered += client.Delivered;
            string text = $"{Publications.Count} published, {delivered} delivered";
            for (int i = Counter.SessionsExpired; i < Counter.Count; i++)
            {
                if (Broker.Counters[i] != 0 && (i == 1 || i >= Counter.Connects))
                {
                    text += $", c{i}={Broker.Counters[i]}";
                }
            }
            return text;
        }

        public void Say(string line)
        {
            Trace?.WriteLine($"{Step,6} {NowMs,8} {line}");
        }

        public static void Fail(string message)
        {
            throw new SimulationFault(message);
        }

        // ---- A step

        private void Act()
        {
            Step++;
            int what = Dice.Next(100);
            if (Vandal != null && Dice.Percent(8)) Vandal.Break();
            if (Programs.Count != 0 && Plan.Percent(15)) Programs[Plan.Next(Programs.Count)].Act();
            if (Rights != null && Plan.Percent(10))
            {
                Rights.Answer(false);
                Ledger.Note();
            }
            if (what < 32) Dice.Of(Clients.ToArray()).Act();
            else if (what < 95 && links.Count != 0) Move(links[Dice.Next(links.Count)], what);
            else if (what < 99) Pass(Dice.Of(1, 10, 60, 400, 3000));
            else if (links.Count != 0 && Dice.Next(10) < mishaps) Mishap(links[Dice.Next(links.Count)]);
            if (Dice.Percent(90)) RunBroker();
            Check();
        }

        private void Move(Link link, int what)
        {
            int most = Dice.Of(1, 7, 40, 1000);
            if (what < 54) Feed(link, most);
            else if (what < 74) Pull(link, most);
            else Deliver(link);
        }

        private void Mishap(Link link)
        {
            int what = Dice.Next(6);
            if (what == 0) link.StallUp = !link.StallUp;
            else if (what == 1) link.StallDown = !link.StallDown;
            else if (what == 2) Cut(link);
            else if (link.Client.Link == link) link.Client.Abandon(what == 3);
            if (what == 5) Pass(Dice.Of(1000, 30000, 100000));
            Say($"mishap {what} to {link}");
        }

        private void Check()
        {
            if (Step % checkEvery == 0 || Healing) Broker.Invariants();
            if (Broker.Counters[Counter.ProtocolErrors] > Oracle.ErrorsAllowed)
            {
                Fail("a client that broke no rule was told so");
            }
        }

        // ---- Time

        private void Pass(int milliseconds)
        {
            RunBroker();
            int guard = 0;
            while (wait <= milliseconds)
            {
                if (wait < 0) Fail("negative wait");
                if (wait == 0 && guard++ > 1000) Fail("asked to be woken at once, again and again");
                milliseconds -= wait;
                NowMs += wait;
                RunBroker();
            }
            NowMs += milliseconds;
            wait -= milliseconds;
        }

        private void RunBroker()
        {
            if (Rights != null && Healing) Rights.Answer(true);
            Broker.Tick(NowMs);
            Ledger.Note();
            int c;
            int guard = 0;
            while ((c = Broker.NextReady()) >= 0)
            {
                if (guard++ > 10000) Fail("NextReady without end");
                Link link = byConnection[c];
                if (link == null) continue; // closed since
                link.WantWrite = true;
                link.Blocked = false;
            }
            Ledger.Note();
            wait = Broker.Wait(NowMs);
            foreach (Link link in links) KeepAlive(link);
            foreach (Publication will in wills)
            {
                will.Done = Step;
                will.Accepted = !will.Denied;
            }
            wills.Clear();
        }

        // ---- Links

        /// <summary>Opens a connection, or null when the broker has none free.</summary>
        public Link Open(Client client)
        {
            int c = Broker.Open(NowMs, 1, null, 0, 0);
            if (c < 0) return null;
            if (byConnection[c] != null) Fail("a connection opened twice");
            Link link = new() { Number = ++linkCount, Connection = c, Client = client, OpenedMs = NowMs };
            byConnection[c] = link;
            links.Add(link);
            return link;
        }

        private bool Feed(Link link, int most)
        {
            ByteQueue up = link.Up;
            if (link.Blocked || link.StallUp || up.Count == 0) return false;
            int n = Math.Min(most, up.Count);
            if (asksRoom)
            {
                n = Math.Min(n, Broker.Room(link.Connection));
                if (n == 0)
                {
                    link.Blocked = true;
                    return false;
                }
            }
            byte[] copy = new byte[n];
            Array.Copy(up.Data, up.Start, copy, 0, n);
            if (n != 0) link.HeardMs = NowMs;
            int taken = Broker.Feed(link.Connection, copy, 0, n, NowMs);
            Ledger.Note();
            Say($"{link} fed {taken} of {n}");
            if (taken < 0 || taken > n) Fail("taken");
            if (asksRoom && taken < n) Fail("Room promised more than Feed took");
            up.Take(taken);
            link.Blocked = taken < n;
            return taken != 0;
        }

        private bool Pull(Link link, int most)
        {
            if (!link.WantWrite || link.StallDown) return false;
            int n = Broker.Pending(link.Connection, out byte[] buffer, out int offset, out bool close);
            if (n == 0)
            {
                link.WantWrite = false;
                if (!close) return false;
                Say($"{link} closed by the broker");
                Closed(link);
                return true;
            }
            int sent = Math.Min(n, most);
            if (link.ClientOpen) link.Down.Add(buffer, offset, sent);
            Broker.Sent(link.Connection, sent, NowMs);
            Ledger.Note();
            return true;
        }

        private bool Deliver(Link link)
        {
            if (link.StallDown || link.Down.Count == 0) return false;
            link.Client.Read(link);
            return true;
        }

        /// <summary>The connection is gone: at once for the broker, and for the client when it next looks.</summary>
        private void Cut(Link link)
        {
            Say($"{link} cut");
            link.Down.Clear();
            Closed(link);
        }

        private void Closed(Link link)
        {
            Broker.Closed(link.Connection, NowMs);
            Ledger.Note();
            byConnection[link.Connection] = null;
            links.Remove(link);
            link.BrokerOpen = false;
            link.Up.Clear();
            link.Client.Closed(link);
        }

        // ---- What the broker says

        public void Connected(int connection)
        {
            Link link = byConnection[connection];
            link.Accepted = true;
            int most = Limits.KeepAliveSeconds;
            int asked = link.AskedKeepAlive;
            bool ours = most != 0 && (asked == 0 || asked > most) && link.Version == 5;
            link.BrokerKeepAlive = ours ? most : asked;
        }

        // [MQTT-3.1.2-22]: closed after one and a half times the keep-alive; the broker is called whenever it asked to
        // be, so it is on the spot.
        private void KeepAlive(Link link)
        {
            bool held = link.Blocked || Broker.Holds(link.Connection) || waiting[link.Connection] != 0;
            if (held || link.Held) link.HeardMs = NowMs;
            link.Held = held;
            if (!link.Accepted || link.BrokerKeepAlive == 0 || link.Client == Vandal) return;
            if (NowMs - link.HeardMs > link.BrokerKeepAlive * 1500 + 100) Fail($"{link}: silent, and not closed");
        }

        /// <summary>The publication a payload tells of.</summary>
        public Publication Find(byte[] b, int o, int length)
        {
            int number = length < 4 ? 0 : b[o] << 24 | b[o + 1] << 16 | b[o + 2] << 8 | b[o + 3];
            if (number < 1 || number > Publications.Count) Fail("a message nobody published");
            Publication p = Publications[number - 1];
            if (!b.AsSpan(o, length).SequenceEqual(p.Payload)) Fail($"{p} came with another payload");
            return p;
        }

        public void Disconnected(int connection, int reason, int cause)
        {
            Link link = byConnection[connection];
            Say($"{link} of {link.Client.Id} disconnected, reason {reason:x2}, cause {cause}");
            link.DetachedMs = NowMs;
            link.Accepted = false;
            if (reason == ReasonCode.KeepAliveTimeout && link.Client != Vandal
                && NowMs - link.HeardMs < link.BrokerKeepAlive * 1500)
            {
                Fail($"{link}: closed before its keep-alive ran out");
            }
            if (link.Connected) link.Client.DetachedMs = NowMs;
            Publication will = link.Will;
            if (will == null) return;
            if (cause == DisconnectCause.Client && reason == 0)
            {
                will.Forbidden = true;
                return;
            }
            will.Ended = true;
            if (will.Sends != 0) return; // it waits for its delay
            will.Sent = Step;
            wills.Add(will);
        }

        public void Refused(int connection, int reason)
        {
            Say($"refused connection {connection}, reason {reason:x2}");
        }

        // ---- The end

        private void Heal()
        {
            Healing = true;
            foreach (Link link in links.ToArray())
            {
                link.OpenedMs = NowMs;
                link.StallUp = false;
                link.StallDown = false;
                if (!link.ClientOpen || link.Client == Vandal) Closed(link);
            }
            int quiet = 0;
            for (int round = 0; quiet < 60; round++)
            {
                if (round > 2500) Fail("never quiet: " + Unquiet());
                Step++;
                foreach (Client client in Clients) client.ActHealing();
                foreach (Link link in links.ToArray())
                {
                    while (link.BrokerOpen && Feed(link, int.MaxValue)) RunBroker();
                }
                RunBroker();
                foreach (Link link in links.ToArray())
                {
                    while (link.BrokerOpen && Pull(link, int.MaxValue)) Check();
                    Deliver(link);
                }
                RunBroker();
                Check();
                quiet = Unquiet() == null ? quiet + 1 : 0;
                Pass(quiet > 5 ? 2000 : round < 500 ? 20 : 200);
            }
            foreach (Link link in links)
            {
                int n = Broker.Pending(link.Connection, out _, out _, out bool close);
                if ((n != 0 || close) && !link.WantWrite)
                {
                    Fail($"{link} has {n} bytes to send, close {close}, and was not named");
                }
            }
        }

        private string Unquiet()
        {
            foreach (Link link in links)
            {
                if (link.Up.Count != 0) {
                    return $"{link.Up.Count} bytes not taken from {link} of {link.Client.Id}, room "
                        + $"{Broker.Room(link.Connection)}, blocked {link.Blocked}, asks for room {asksRoom}, "
                        + Inside.Look(Broker, link.Connection);
                }
                if (link.Down.Count != 0) return $"{link} down";
                if (link.WantWrite && Broker.Pending(link.Connection, out _, out _, out _) != 0)
                {
                    return $"{link} pending";
                }
            }
            foreach (LocalProgram program in Programs)
            {
                string why = program.Unquiet();
                if (why != null) return program.Self.Id + " " + why;
            }
            foreach (Client client in Clients)
            {
                string why = client.Unquiet();
                if (why != null) return client.Id + " " + why;
            }
            return null;
        }

        private void Leave()
        {
            Leaving = true;
            foreach (LocalProgram program in Programs)
            {
                program.Close();
                Settle();
            }
            foreach (Client client in Clients) client.Gone = false;
            Client cleaner = Clients[0];
            foreach (Client client in Clients)
            {
                client.Leave();
                Settle();
            }
            Pass(200000); // wills that waited for their delay
            cleaner.Clean();
            Settle();
            cleaner.Leave();
            Settle();
            foreach (Link link in links.ToArray()) Closed(link);
            if (Vandal != null) Pass((int)(Limits.SessionSeconds + 5) * 1000); // its sessions
        }

        // Everybody is sent away, in the middle of whatever is going on or when all is quiet.
        private void Shutdown(bool quiet)
        {
            Say("-- shutdown");
            List<Link> told = links.FindAll(x => quiet && x.Version == 5 && x.Connected && x.Client != Vandal);
            Broker.Shutdown(NowMs);
            Ledger.Note();
            if (Broker.Open(NowMs, 1, null, 0, 0) >= 0) Fail("a connection after Shutdown");
            for (int i = 0; i < 60; i++)
            {
                Step++;
                RunBroker();
                foreach (Link link in links.ToArray())
                {
                    link.StallDown = false;
                    while (link.BrokerOpen && Pull(link, int.MaxValue)) Check();
                    link.Client.Read(link);
                }
                Pass(100);
            }
            if (links.Count != 0 || Broker.ClientsConnected != 0) Fail("connections outlive Shutdown");
            foreach (Link link in told)
            {
                if (link.Reason != ReasonCode.ServerShuttingDown) Fail($"{link} was not told of Shutdown");
            }
            Broker.Invariants();
        }

        private void Settle()
        {
            for (int i = 0; i < 40; i++)
            {
                Step++;
                foreach (Link link in links.ToArray())
                {
                    while (link.BrokerOpen && Feed(link, int.MaxValue)) RunBroker();
                }
                RunBroker();
                foreach (Link link in links.ToArray())
                {
                    while (link.BrokerOpen && Pull(link, int.MaxValue)) Check();
                    link.Client.Read(link);
                    link.Client.FlushAcks();
                }
                RunBroker();
                Pass(10);
            }
        }

        private sealed class AssertListener : TraceListener
        {
            public override void Fail(string message) => throw new InvalidOperationException("Debug.Assert " + message);

            public override void Fail(string message, string detail) => Fail(message + " " + detail);

            public override void Write(string message)
            {
            }

            public override void WriteLine(string message)
            {
            }
        }
    }
}
