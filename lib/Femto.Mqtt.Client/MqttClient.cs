using System;
using System.Text;
using System.Threading;

namespace Femto.Mqtt
{
    /// <summary>
    /// An MQTT client for people: connects and connects again, remembers subscriptions, and may be called from any
    /// thread. It runs in a thread of its own (<see cref="Start"/>) or in the caller's (<see cref="Loop"/>). Nothing
    /// is allocated for a message.
    /// </summary>
    /// <remarks>Calls wait for each other, and for a sink that runs, at most as long as they say.</remarks>
    public sealed class MqttClient : IWakeup
    {
        private const int Idle = 0, Waiting = 1, Connecting = 2, Open = 3;
        private const int Rounds = 16;       // reads in one turn, then other threads get their chance
        private const int InputBytes = 65536;
        private const int PatienceMs = 5000; // of calls that name no time

        /// <summary>Hears of connections, subscriptions and acknowledgements; null: nobody.</summary>
        public IClientEvents Events;
        /// <summary>Gets messages that no subscription of this client asked for: those of a session that an earlier
        /// program left. Null: they are acknowledged and counted.</summary>
        public IMessageSink Sink;
        /// <summary>Answers an AUTH exchange; null: none.</summary>
        public IAuthenticator Authenticator;
        /// <summary>Milliseconds until the first attempt after a connection was lost, doubled for each that fails.
        /// Half of the time is by chance, so that many clients do not come back at once.</summary>
        public int RetryBaseMs = 1000;
        /// <summary>What it grows to.</summary>
        public int RetryCapMs = 60000;
        /// <summary>Milliseconds between two looks at a transport that cannot wake (on the board), and at a message
        /// that a sink has held.</summary>
        public int AskMs = 20;

        /// <summary>Where it connects; changes count from the next attempt on.</summary>
        public readonly TransportOptions Where;
        /// <summary>What CONNECT says; change it only while nothing is started.</summary>
        public readonly ClientOptions Options;
        /// <summary>The session below, for what CONNACK said and for counters. Not to be called.</summary>
        public readonly ClientSession Session;
        /// <summary>Why the last attempt or connection ended: the server's reason code, a <see cref="Fault"/>, or 0
        /// after Close.</summary>
        public int Reason;
        /// <summary>What the transport said about it; may be null.</summary>
        public string Error;
        /// <summary>Connections that were accepted.</summary>
        public int Connects;
        /// <summary>Attempts that failed, and connections that were lost.</summary>
        public int Failures;
        /// <summary>Messages for no subscription.</summary>
        public int Unclaimed;
        /// <summary>Set by Publish: the number that <see cref="IClientEvents.Published"/> will name; 0: the message
        /// was written at once and no call follows. Only for a program with one publishing thread.</summary>
        public int LastMessage;

        internal MqttRequests Requests;

        private readonly ITransport transport;
        private readonly Subscriptions subscriptions;
        private readonly byte[] input;
        private readonly bool wakes;
        private readonly ThreadStart run;
        private readonly AutoResetEvent wake;
        private readonly AutoResetEvent free;
        private readonly object gate;
        private readonly Encoding utf8;

        private Thread thread;       // of its own, while one runs
        private Thread turner;       // the thread inside Turn, or the last that was
        private bool turning;
        private bool busy;           // somebody is inside; guarded by the gate
        private int waiters;         // guarded by the gate
        private int nested;          // calls from within sinks
        private bool woken;
        private int link;
        private bool closing;
        private bool started;
        private int closeByMs;
        private int flushByMs;
        private int retryAtMs;
        private int retryMs;
        private int connectedAtMs;
        private uint random;

        /// <summary>A client of MQTT 5.0 with <see cref="ClientLimits.Large"/> and eight subscriptions, without TLS,
        /// user name or session.</summary>
        /// <param name="clientId">Unique at the server.</param>
        public MqttClient(ITransport transport, string host, int port, string clientId)
            : this(transport, new TransportOptions(), new ClientOptions(), ClientLimits.Large(), 8)
        {
            Where.Host = host;
            Where.Port = port;
            Options.ClientId = utf8.GetBytes(clientId);
        }

        /// <param name="transport">This client's alone.</param>
        /// <param name="subscriptions">How many filters it remembers, 1 to 255.</param>
        public MqttClient(ITransport transport, TransportOptions where, ClientOptions options, ClientLimits limits,
            int subscriptions)
        {
            this.transport = transport;
            Where = where;
            Options = options;
            this.subscriptions = new Subscriptions(this, subscriptions);
            int seed = (int)Environment.TickCount64;
            for (int i = 0; options.ClientId != null && i < options.ClientId.Length; i++)
            {
                seed = seed * 31 + options.ClientId[i];
            }
            random = (uint)seed;
            Session = new ClientSession(limits, options, this.subscriptions, seed);
            input = new byte[limits.PacketBytes < InputBytes ? limits.PacketBytes : InputBytes];
            run = new ThreadStart(Run);
            wake = new AutoResetEvent(false);
            free = new AutoResetEvent(false);
            gate = new object();
            utf8 = Encoding.UTF8;
            IWakingTransport waking = transport as IWakingTransport;
            wakes = waking != null;
            if (wakes) waking.Wakes(this);
        }

        /// <summary>A constant of <see cref="ClientState"/>.</summary>
        public int State
        {
            get { return Session.State; }
        }

        /// <summary>Connects in the background, in a thread of its own, and stays connected until
        /// <see cref="Close"/>.</summary>
        public void Start()
        {
            if (!Enter(PatienceMs)) return;
            if (thread == null)
            {
                closing = false;
                started = true;
                thread = new Thread(run);
                thread.Start();
            }
            Leave();
        }

        /// <summary>
        /// Connects, in the background after <see cref="Start"/>, else by <see cref="Loop"/>, and waits until it is
        /// done. After a failure it is tried again, in the background or by Loop.
        /// </summary>
        /// <param name="limitMs">At most so long.</param>
        /// <returns>0: connected. Else the reason of the first failure: see <see cref="Reason"/> and
        /// <see cref="Error"/>; <see cref="Fault.Hold"/>: not yet.</returns>
        public int Connect(int limitMs)
        {
            int failures = Failures;
            int end = Now() + limitMs;
            if (thread == null) closing = false;
            while (Session.State != ClientState.Connected)
            {
                if (Failures != failures) return Reason != 0 ? Reason : (int)Fault.Closed;
                if (end - Now() <= 0) return (int)Fault.Hold;
                if (thread == null) Loop(5);
                else Thread.Sleep(2);
            }
            return 0;
        }

        /// <summary>Does what is due in the caller's thread: connects, receives, sends. For programs without
        /// <see cref="Start"/>: to be called all the time.</summary>
        /// <param name="maxMs">At most so long it waits for something to do; 0: not at all.</param>
        public void Loop(int maxMs)
        {
            int end = Now() + maxMs;
            while (Enter(maxMs))
            {
                started = !closing;
                int waitMs = Turn();
                Leave();
                int left = end - Now();
                if (left <= 0) return;
                if (waitMs > left) waitMs = left;
                if (waitMs > 0) wake.WaitOne(waitMs, false);
            }
        }

        /// <summary>Something happened at the transport. From any thread.</summary>
        public void Wake()
        {
            wake.Set();
        }

        /// <summary>Publishes. While offline the message waits in the outbox.</summary>
        /// <param name="qos">0 to 2.</param>
        /// <param name="limitMs">At most so long it waits for room in the outbox; 0: not at all. In a sink it never
        /// waits.</param>
        /// <returns>None: sent or in the outbox. PoolFull: no room in time. Hold: a sink or another call kept the
        /// client busy all the time. TooLarge, TopicNameInvalid, MalformedPacket: never.</returns>
        public Fault Publish(byte[] topic, int topicOffset, int topicLength, byte[] payload, int payloadOffset,
            int payloadLength, int qos, bool retain, byte[] properties, int propertiesOffset, int propertiesLength,
            int limitMs)
        {
            int sinceMs = Now();
            int left = limitMs;
            while (true)
            {
                if (!Enter(left)) return Fault.Hold;
                bool inside = nested != 0;
                Fault fault = Session.Publish(topic, topicOffset, topicLength, payload, payloadOffset, payloadLength,
                    qos, retain, properties, propertiesOffset, propertiesLength, MessagePool.Never);
                LastMessage = Session.LastMessage;
                Leave();
                if (fault != Fault.PoolFull || inside) return fault;
                left = limitMs - (Now() - sinceMs);
                if (left <= 0 || closing) return fault;
                if (thread == null) Loop(1);
                else Thread.Sleep(1);
            }
        }

        /// <summary>The same with texts, which are encoded anew each time: this allocates.</summary>
        public Fault Publish(string topic, string payload, int qos, bool retain, int limitMs)
        {
            byte[] name = utf8.GetBytes(topic);
            byte[] bytes = utf8.GetBytes(payload);
            return Publish(name, 0, name.Length, bytes, 0, bytes.Length, qos, retain, null, 0, 0, limitMs);
        }

        /// <summary>Answers a request: publishes to its response topic, with its correlation data, at its QoS. For a
        /// sink, while the message is valid.</summary>
        /// <returns>As Publish; TopicNameInvalid: it has no response topic.</returns>
        public Fault Reply(ClientMessage request, byte[] payload, int payloadOffset, int payloadLength)
        {
            Properties p = request.Properties;
            if ((p.Present & Has.ResponseTopic) == 0) return Fault.TopicNameInvalid;
            // The property as it came: its identifier and length stand before it.
            bool correlated = (p.Present & Has.Correlation) != 0;
            return Publish(p.Buffer, p.ResponseTopicOffset, p.ResponseTopicLength, payload, payloadOffset,
                payloadLength, request.Qos, false, p.Buffer, p.CorrelationOffset - 3,
                correlated ? p.CorrelationLength + 3 : 0, 0);
        }

        /// <summary>Subscribes now or when connected, and again whenever the server has lost the session.</summary>
        /// <param name="filter">Kept: not to be changed. The same filter again replaces options and sink.</param>
        /// <param name="options">QoS; MQTT 5: no local 4, retain as published 8, retain handling 0x10 and 0x20.</param>
        /// <returns>The subscription's number, 0 when there are too many.</returns>
        public int Subscribe(byte[] filter, int options, IMessageSink sink)
        {
            if (!Enter(PatienceMs)) return 0;
            int row = subscriptions.Add(filter, options, sink);
            Leave();
            return row;
        }

        /// <summary>The same with a text.</summary>
        public int Subscribe(string filter, int options, IMessageSink sink)
        {
            return Subscribe(utf8.GetBytes(filter), options, sink);
        }

        /// <summary>Unsubscribes now or when connected.</summary>
        /// <returns>False: it was not subscribed to.</returns>
        public bool Unsubscribe(byte[] filter)
        {
            if (!Enter(PatienceMs)) return false;
            bool known = subscriptions.Remove(filter);
            Leave();
            return known;
        }

        /// <summary>
        /// Sends what is in the outbox and waits for its acknowledgements, then disconnects and ends the client's
        /// thread. What could not be delivered stays in the outbox, for the next <see cref="Start"/>. In a sink it
        /// returns at once, and the rest is done after.
        /// </summary>
        /// <param name="limitMs">At most so long.</param>
        /// <returns>True: all was delivered, and the connection ended in order.</returns>
        public bool Close(int limitMs)
        {
            int end = Now() + limitMs;
            if (!Enter(limitMs)) return false;
            bool inside = nested != 0;
            Thread own = thread;
            closing = true;
            closeByMs = end;
            flushByMs = end - (limitMs < 1000 ? limitMs >> 2 : 250);
            Leave();
            if (inside) return false;
            int left = end - Now();
            if (own != null) own.Join(left > 0 ? left + AskMs : AskMs);
            while (own == null && link != Idle) Loop(5);
            return link == Idle && Reason == 0 && Queued() == 0;
        }

        /// <summary>Messages in the outbox: waiting, or not yet acknowledged.</summary>
        public int Queued()
        {
            return Session.Deliveries.Count[Session.Session];
        }

        internal bool IsSubscribed(int subscription)
        {
            return subscriptions.IsGranted(subscription);
        }

        internal int Now()
        {
            return (int)Environment.TickCount64;
        }

        // Only one thread is inside; a sink's own calls come through.
        internal bool Enter(int limitMs)
        {
            int sinceMs = 0;
            int left = limitMs;
            while (true)
            {
                lock (gate)
                {
                    if (!busy)
                    {
                        busy = true;
                        return true;
                    }
                    if (turning && turner == Thread.CurrentThread)
                    {
                        nested++;
                        return true;
                    }
                    if (left <= 0) return false;
                    waiters++;
                }
                if (left == limitMs) sinceMs = Now();
                free.WaitOne(left, false);
                lock (gate) waiters--;
                left = limitMs - (Now() - sinceMs);
                if (left <= 0) left = 0;
                else if (left == limitMs) left--;
            }
        }

        internal void Leave()
        {
            if (nested != 0)
            {
                nested--;
                return;
            }
            if (!turning && !woken)
            {
                woken = true; // what this call left has to be sent
                wake.Set();
            }
            bool wanted;
            lock (gate)
            {
                turning = false;
                busy = false;
                wanted = waiters != 0;
            }
            if (wanted) free.Set();
        }

        private void Run()
        {
            while (true)
            {
                while (!Enter(int.MaxValue)) { }
                int waitMs = Turn();
                bool end = link == Idle && closing;
                if (end)
                {
                    thread = null;
                    started = false;
                }
                Leave();
                if (end) return;
                if (waitMs > 0) wake.WaitOne(waitMs, false);
            }
        }

        // What is due. Returns the milliseconds until something can be.
        private int Turn()
        {
            int nowMs = Now();
            lock (gate)
            {
                turner = Thread.CurrentThread;
                turning = true;
            }
            woken = false;
            int waitMs = Requests == null ? int.MaxValue : Requests.Tick(nowMs);
            int due = closing && link != Idle ? Closing(nowMs) : int.MaxValue;
            if (due < waitMs) waitMs = due;
            if (link == Idle && started && !closing) retryAtMs = nowMs;
            if (link == Waiting || link == Idle && started && !closing)
            {
                due = retryAtMs - nowMs;
                int wrong = due <= 0 ? Session.CheckOptions() : 0;
                if (wrong != 0)
                {
                    Reason = wrong;
                    End(nowMs);
                    due = 0;
                }
                else if (due <= 0)
                {
                    transport.Open(Where);
                    link = Connecting;
                    due = 0;
                    if (Events != null) Events.Changed(this, ClientState.Connecting, 0);
                }
            }
            else if (link == Connecting)
            {
                due = Attempt(nowMs);
            }
            else if (link == Open)
            {
                due = Exchange(nowMs);
                if (closing && link == Open && Session.State == ClientState.Connected && Queued() == 0) return 0;
            }
            return due < waitMs ? due : waitMs;
        }

        private int Closing(int nowMs)
        {
            if (link != Open || closeByMs - nowMs <= 0)
            {
                End(nowMs);
                return int.MaxValue;
            }
            if (Session.State == ClientState.Connected && (Queued() == 0 || flushByMs - nowMs <= 0))
            {
                Session.Disconnect(0, nowMs);
            }
            int left = (flushByMs - nowMs > 0 ? flushByMs : closeByMs) - nowMs;
            return left;
        }

        private int Attempt(int nowMs)
        {
            int state = transport.State();
            if (state == TransportState.Connecting) return wakes ? int.MaxValue : AskMs;
            if (state == TransportState.Closed)
            {
                Reason = (int)Fault.Closed;
                End(nowMs);
                return 0;
            }
            link = Open;
            Session.Opened(nowMs);
            return Exchange(nowMs);
        }

        private int Exchange(int nowMs)
        {
            int got = 1;
            int due = 0;
            for (int i = 0; i < Rounds && got > 0; i++)
            {
                if (subscriptions.Held && i == 0) Session.Resume(nowMs);
                int room = Session.Room();
                if (room > input.Length) room = input.Length;
                got = room > 0 ? transport.Receive(input, 0, room) : 0;
                if (got > 0) Session.Feed(input, 0, got, nowMs);
                due = Session.Tick(nowMs);
                if (subscriptions.Dirty && Session.State == ClientState.Connected) subscriptions.Ask(Session);
                if (!Flush(nowMs) || got < 0)
                {
                    End(nowMs);
                    return 0;
                }
            }
            if (got > 0) return 0;
            if ((!wakes || subscriptions.Held) && due > AskMs) due = AskMs;
            return due;
        }

        // Sends what is pending. False: the connection is over.
        private bool Flush(int nowMs)
        {
            while (true)
            {
                byte[] buffer;
                int offset;
                bool close;
                int count = Session.Pending(out buffer, out offset, out close);
                if (count == 0) return !close;
                int sent = transport.Send(buffer, offset, count);
                if (sent <= 0) return sent == 0;
                Session.Sent(sent, nowMs);
            }
        }

        internal void Connected(bool sessionPresent)
        {
            connectedAtMs = Now();
            Connects++;
            Error = null;
            // The next connection goes on with this session.
            if (Options.Version == 5 && Options.SessionExpiry != 0) Options.CleanStart = false;
            if (Events != null) Events.Changed(this, ClientState.Connected, sessionPresent ? 1 : 0);
        }

        // The connection or the attempt is over.
        private void End(int nowMs)
        {
            bool connected = Session.State == ClientState.Connected;
            Error = transport.Error;
            transport.Close();
            if (link == Open) Session.Closed(nowMs);
            else if (closing) Reason = 0;
            if (closing)
            {
                link = Idle;
            }
            else
            {
                link = Waiting;
                Failures++;
                if (connected && nowMs - connectedAtMs >= retryMs) retryMs = 0; // it was a good one
                retryMs = retryMs == 0 ? RetryBaseMs : retryMs << 1;
                // Another has our client identifier: taking it back at once would go on for ever.
                if (retryMs > RetryCapMs || Reason == ReasonCode.SessionTakenOver) retryMs = RetryCapMs;
                random = random * 1664525 + 1013904223;
                int half = retryMs >> 1;
                retryAtMs = nowMs + half + (int)(random >> 8) % (half + 1);
            }
            if (Events != null) Events.Changed(this, ClientState.Offline, Reason);
        }
    }
}
