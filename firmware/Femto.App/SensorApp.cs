using System;
using System.Text;

namespace Femto.Mqtt
{
    /// <summary>
    /// A device with sensors, as a program beside the broker: reads them by schedule and publishes what they say, tells
    /// how it is, and takes commands. Never blocks; called from the broker's thread alone, and allocates nothing after
    /// its constructor.
    /// </summary>
    /// <remarks>
    /// The broker's loop calls <see cref="Turn"/> before or after each <see cref="Broker.Tick"/>, and waits no longer
    /// than <see cref="Wait"/> says.
    /// </remarks>
    public sealed class SensorApp : ILocalSink, ITurn
    {
        /// <summary>The time of day, shared with the bridges; whoever knows it sets it.</summary>
        public readonly WallClock Clock;
        /// <summary>Bytes of nanoFramework's heap that the app takes. Its local client is the broker's; sensors and
        /// host are the board's.</summary>
        public readonly int RamBytes;
        /// <summary>Why this program began: a constant of <see cref="BootReason"/>, as the board or the black
        /// box says.</summary>
        public readonly int Boot;

        private const int RetryMs = 10;         // after the broker's inbox was full
        private const int BeatMs = 5000;        // the watchdog is fed at least so often
        private const int RefusedMs = 5000;     // until a status that was refused is published anew
        private const int BoxMs = 10000;        // after the boot, for those who want to hear of the last one
        private const int LeaveMs = 3000;       // for the goodbye to leave

        // Steps of the begin and the end.
        private const int Subscribing = 0, LastWill = 1, Running = 2, Leaving = 3, Gone = 4;

        private readonly Bridge[] bridges;
        private readonly int[] connects;        // of each bridge, as far as told
        private readonly byte[] up;
        private readonly LocalClient client;
        private readonly IAppHost host;
        private readonly AppOptions options;
        private readonly Phrase phrases;
        private readonly Outbox outbox;
        private readonly SensorTable sensors;
        private readonly Commands commands;
        private readonly BlackBox box;
        private readonly Watch watch;
        private readonly byte[] subscription;
        private int step;
        private bool begun, statusDue, timeKnown, told;
        private int nowMs, beganMs, statusMs, leaveMs, leaveReason, lost;
        private int boxNext, boxEnd;            // events that are to be published
        private bool boxWaits;
        private bool mute;                      // the last life ended without a goodbye
        private bool ended;                     // the broker has ended the app's session

        /// <summary>Builds the app and its local client. At boot, on the thread that will run the broker.</summary>
        /// <param name="broker">Its limits must allow for one local client more.</param>
        /// <param name="bridges">Those of this broker; may be empty.</param>
        /// <param name="options">Device and sensors.</param>
        /// <param name="sensors">One for each of the options' sensors, in their order.</param>
        /// <param name="clock">The same as the bridges'.</param>
        /// <param name="host">The board.</param>
        /// <param name="bootReason">A constant of <see cref="BootReason"/>.</param>
        /// <exception cref="ArgumentException">The options do not hold, or a table of the broker is full.</exception>
        public SensorApp(Broker broker, Bridge[] bridges, AppOptions options, ISensor[] sensors, WallClock clock,
            IAppHost host, int bootReason)
        {
            if (sensors.Length != options.Sensors.Length) throw new ArgumentException("each sensor needs its options");
            int line;
            string wrong = AppSetup.Check(options, broker.Limits, out line);
            if (wrong != null) throw new ArgumentException(wrong);
            this.host = host;
            this.bridges = bridges;
            this.options = options;
            Clock = clock;
            byte[] device = Encoding.UTF8.GetBytes(options.Device);
            phrases = new Phrase();
            outbox = new Outbox(broker.Limits, phrases, device);
            this.sensors = new SensorTable(options, sensors);
            commands = new Commands(this, outbox, this.sensors, phrases, device.Length);
            box = new BlackBox(host, clock);
            watch = new Watch(bridges, options.WatchdogSeconds);
            connects = new int[bridges.Length];
            up = new byte[bridges.Length];
            subscription = Encoding.UTF8.GetBytes(AppSetup.Filter(options));
            Boot = bootReason == BootReason.Unknown ? box.LastEnd() : bootReason;
            client = new LocalClient(broker, Encoding.UTF8.GetBytes("femto." + options.Device), this);
            outbox.Use(client);
            RamBytes = Bytes(options, bridges.Length, broker.Limits);
        }

        /// <summary>Bytes of nanoFramework's heap that an app takes.</summary>
        public static int Bytes(AppOptions options, int bridges, Limits limits)
        {
            return Heap.Object(Fields) + Phrase.Bytes() + Outbox.Bytes(limits, SensorTable.Length(options.Device))
                + SensorTable.Bytes(options) + Commands.Bytes() + BlackBox.Bytes() + Watch.Bytes(bridges)
                + Heap.Array(bridges, 4) + Heap.Array(bridges, 1)
                + Heap.Array(SensorTable.Length(AppSetup.Filter(options)), 1);
        }

        private const int Fields = 32;

        /// <summary>Says what is wrong with options, for a broker of these limits. Boot code.</summary>
        /// <param name="line">That of the configuration; 0: none.</param>
        /// <returns>Null: nothing; else a line for people.</returns>
        public static string Check(AppOptions options, Limits limits, out int line)
        {
            return AppSetup.Check(options, limits, out line);
        }

        /// <summary>Makes this device's last word a bridge's will, where its topic lines carry it. Before the bridge is
        /// built. Boot code.</summary>
        public static void SetWill(AppOptions options, BridgeOptions bridge)
        {
            AppSetup.SetWill(options, bridge);
        }

        /// <summary>Seconds since the boot.</summary>
        internal int UptimeSeconds()
        {
            return (int)(Clock.UptimeMs(nowMs) / 1000);
        }

        /// <summary>The app has said goodbye, by <see cref="Stop"/> or a command, or its session has ended.</summary>
        public bool Stopped
        {
            get { return step == Gone; }
        }

        /// <summary>Whether loop, bridges and queues make progress: what feeds a watchdog. May be called from another
        /// thread. When it says no for the first time, the black box is kept with the reason.</summary>
        public bool Healthy(int nowMs)
        {
            int what = ended ? Watch.Queues : watch.Stalled(nowMs, outbox.Pending, outbox.SinceMs);
            if (what == Watch.Nothing || step == Gone && !ended) return true;
            if (!told)
            {
                told = true;
                box.Add(BlackBox.Stalled, what, 0, nowMs);
                box.Keep(nowMs, true);
            }
            return false;
        }

        /// <summary>Does everything that is due.</summary>
        /// <returns>What <see cref="Wait"/> says now.</returns>
        public int Turn(int nowMs)
        {
            this.nowMs = nowMs;
            Clock.Advance(nowMs);
            watch.Turned(nowMs);
            if (step == Gone) return int.MaxValue;
            if (!begun) Begin(nowMs);
            Notice(nowMs);
            if (outbox.Flush()) Act(nowMs);
            box.Keep(nowMs, false);
            return Wait(nowMs);
        }

        /// <summary>Milliseconds until Turn must be called again at the latest.</summary>
        public int Wait(int nowMs)
        {
            if (step == Gone) return int.MaxValue;
            if (!begun) return 0;
            if (outbox.Pending || step != Running) return RetryMs;
            if (statusDue) return 0;
            int wait = BeatMs;
            for (int i = 0; i < sensors.Count; i++)
            {
                int left = sensors.DueMs[i] - nowMs;
                if (left < wait) wait = left;
            }
            return wait < 0 ? 0 : wait;
        }

        /// <summary>Says goodbye: the device goes offline. Turn and <see cref="Broker.Tick"/> go on until
        /// <see cref="Stopped"/>, three seconds at most.</summary>
        public void Stop(int nowMs)
        {
            Leave(BootReason.PowerOn, nowMs);
        }

        /// <inheritdoc/>
        public void Message(LocalClient client, LocalMessage message)
        {
            if (step == Running) commands.Message(message, nowMs);
        }

        /// <inheritdoc/>
        public void Answer(LocalClient client, int call, int reason)
        {
            if (call == LocalCall.Close)
            {
                ended = step != Gone;   // its queue was full: nothing can be published any more
                return;
            }
            if (reason < ReasonCode.UnspecifiedError) return;
            lost++;
            if (call == LocalCall.Publish && !statusDue) statusMs = nowMs + RefusedMs; // it may have been the status
        }

        // The rest is for this assembly: what commands ask for.

        internal void Note(int kind, int who, int detail, int nowMs)
        {
            box.Add(kind, who, detail, nowMs);
        }

        /// <summary>Another interval for a sensor, or -1 for all.</summary>
        internal void Reschedule(int sensor, int ms, int nowMs)
        {
            for (int i = 0; i < sensors.Count; i++)
            {
                if (sensor >= 0 && i != sensor) continue;
                sensors.IntervalMs[i] = ms;
                if (sensors.Fault[i] == SensorFault.None) sensors.DueMs[i] = nowMs + ms;
            }
            box.Add(BlackBox.Command, sensor < 0 ? 255 : sensor, 1, nowMs);
        }

        /// <summary>Publishes at once; returns how many sensors, or events.</summary>
        internal int Report(int sensor, bool events)
        {
            if (events)
            {
                boxNext = 0;
                boxEnd = box.Count;
                boxWaits = false;
                return box.Count;
            }
            statusDue = true;
            for (int i = 0; i < sensors.Count; i++)
            {
                if (sensor < 0 || sensor == i) sensors.Flags[i] |= SensorTable.Asked;
            }
            return sensor < 0 ? sensors.Count : 1;
        }

        internal void Leave(int reason, int nowMs)
        {
            if (step >= Leaving) return;
            step = Leaving;
            statusDue = true;
            leaveReason = reason;
            leaveMs = nowMs + LeaveMs;
            box.Add(BlackBox.Goodbye, 0, reason, nowMs);
            box.Keep(nowMs, true);
        }

        private void Begin(int nowMs)
        {
            begun = true;
            beganMs = nowMs;
            statusDue = true;
            for (int i = 0; i < sensors.Count; i++) sensors.DueMs[i] = nowMs;
            // What is told of the last life: from its boot on.
            boxEnd = box.Count;
            boxNext = boxEnd;
            while (boxNext > 0 && (boxNext == boxEnd || box.KindOf(boxNext) != BlackBox.Boot)) boxNext--;
            boxWaits = boxNext != boxEnd;
            mute = box.DiedMute();
            for (int i = 0; i < boxEnd; i++)
            {
                // A fault that was told is retained, perhaps: it is told anew how the sensor is now.
                int who = box.WhoOf(i);
                if (box.KindOf(i) == BlackBox.SensorFails && who < sensors.Count) sensors.Untold(who);
            }
            box.Add(BlackBox.Boot, 0, Boot, nowMs);
            if (box.Count == boxEnd) // the oldest was pushed out
            {
                if (boxNext > 0) boxNext--;
                boxEnd--;
            }
            box.Keep(nowMs, true);
        }

        // What has happened around.
        private void Notice(int nowMs)
        {
            for (int i = 0; i < bridges.Length; i++)
            {
                bool now = bridges[i].Connected;
                int count = bridges[i].Counters[BridgeCounter.Connects];
                if (now && count != connects[i])
                {
                    connects[i] = count;
                    statusDue = true;   // the upstream has published the will meanwhile
                }
                if (now == (up[i] != 0)) continue;
                up[i] = (byte)(now ? 1 : 0);
                Note(now ? BlackBox.BridgeUp : BlackBox.BridgeDown, i, 0, nowMs);
            }
            if (Clock.Known && !timeKnown)
            {
                timeKnown = true;
                statusDue = true;
                Note(BlackBox.TimeSet, 0, 0, nowMs);
            }
            if (lost + outbox.Lost != 0)
            {
                Note(BlackBox.Lost, 0, lost + outbox.Lost, nowMs);
                lost = 0;
                outbox.Lost = 0;
            }
        }

        // One thing after the other, as far as the broker's inbox takes them.
        private void Act(int nowMs)
        {
            if (step == Subscribing)
            {
                // Retained messages are not wanted: a command is for those who are there (retain handling 2).
                if (client.Subscribe(subscription, 0, subscription.Length, 1 | 0x20) == Fault.InboxFull) return;
                step = mute ? LastWill : Running;
            }
            if (step == LastWill)
            {
                // The will that nobody could publish, since the broker was gone with this program.
                Status(true, nowMs);
                step = Running;
                if (outbox.Pending) return;
            }
            commands.TellBusy(nowMs);
            if (outbox.Pending) return;
            if (statusDue || StatusMs(nowMs))
            {
                statusDue = false;
                statusMs = nowMs + options.StatusSeconds * 1000;
                Status(step == Leaving, nowMs);
                if (outbox.Pending) return;
            }
            if (step == Leaving)
            {
                MayGo(nowMs);
                return;
            }
            for (int i = 0; i < sensors.Count && !outbox.Pending; i++)
            {
                bool asked = (sensors.Flags[i] & SensorTable.Asked) != 0;
                if (asked || nowMs - sensors.DueMs[i] >= 0) Read(i, nowMs);
                if (!outbox.Pending) TellFault(i, nowMs);
            }
            if (!outbox.Pending) TellEvents(nowMs);
        }

        private bool StatusMs(int nowMs)
        {
            return options.StatusSeconds != 0 && nowMs - statusMs >= 0;
        }

        private void MayGo(int nowMs)
        {
            int waiting = 0;
            for (int i = 0; i < bridges.Length; i++)
            {
                if (bridges[i].Connected) waiting += bridges[i].SpoolLength();
            }
            // At least one turn more, so that the broker has carried out what is in its inbox.
            if (nowMs - leaveMs < 0 && (waiting != 0 || leaveMs - nowMs > LeaveMs - RetryMs)) return;
            step = Gone;
            client.Close();
            if (leaveReason == BootReason.Command) host.Restart(leaveReason);
        }

        private void Status(bool offline, int nowMs)
        {
            outbox.Begin(Phrase.Status);
            outbox.EndTopic();
            if (offline)
            {
                outbox.Say(Phrase.Offline);
            }
            else
            {
                outbox.Say(Phrase.Online);
                outbox.Say(Phrase.BootReasons + Boot);
                outbox.Say(Phrase.Uptime);
                outbox.Number(UptimeSeconds(), 0, false);
                outbox.Say(Phrase.Time);
                if (Clock.Known) outbox.Number(Clock.TimeMs(nowMs), 0, false);
                else outbox.Say(Phrase.Null);
                outbox.Char('}');
            }
            outbox.Send(1, true, nowMs);
        }

        private void Read(int i, int nowMs)
        {
            int before = sensors.Fault[i];
            int value;
            int fault = sensors.Read(i, nowMs, out value);
            if (before != sensors.Fault[i])
            {
                if (fault != SensorFault.None) Note(BlackBox.SensorFails, i, fault, nowMs);
                else Note(BlackBox.SensorIsBack, i, 0, nowMs);
            }
            if (fault != SensorFault.None) return;
            int flags = sensors.Flags[i];
            if (sensors.TopicLength(i) != 0)
            {
                outbox.BeginAnew();
                outbox.Add(sensors.Text, sensors.TopicAt(i), sensors.TopicLength(i));
            }
            else
            {
                outbox.Begin(Phrase.Sensor);
                outbox.Add(sensors.Text, sensors.NameAt(i), sensors.NameLength(i));
            }
            outbox.EndTopic();
            if ((flags & SensorTable.Json) == 0)
            {
                outbox.Number(value, sensors.Decimals[i], false);
            }
            else
            {
                outbox.Say(Phrase.Value);
                outbox.Number(value, sensors.Decimals[i], false);
                if (sensors.UnitLength(i) != 0)
                {
                    outbox.Say(Phrase.Unit);
                    outbox.Add(sensors.Text, sensors.UnitAt(i), sensors.UnitLength(i));
                    outbox.Char('"');
                }
                outbox.When(Clock, nowMs);
                outbox.Char('}');
            }
            outbox.Send(flags & 3, (flags & SensorTable.Retain) != 0, nowMs);
        }

        // Retained: what a sensor's fault is, or null.
        private void TellFault(int i, int nowMs)
        {
            if ((sensors.Flags[i] & SensorTable.Told) != 0) return;
            sensors.Flags[i] |= SensorTable.Told;
            outbox.Begin(Phrase.Fault);
            outbox.Add(sensors.Text, sensors.NameAt(i), sensors.NameLength(i));
            outbox.EndTopic();
            outbox.Say(Phrase.FaultIs);
            int fault = sensors.Fault[i];
            if (fault == SensorFault.None)
            {
                outbox.Say(Phrase.Null);
            }
            else
            {
                outbox.Char('"');
                outbox.Say(Phrase.SensorFaults + fault);
                outbox.Char('"');
                outbox.Say(Phrase.Retry);
                outbox.Number(sensors.RetryMs(i), 3, true);
            }
            outbox.When(Clock, nowMs);
            outbox.Char('}');
            outbox.Send(1, true, nowMs);
        }

        private void TellEvents(int nowMs)
        {
            if (boxWaits && nowMs - beganMs < BoxMs) return;
            boxWaits = false;
            if (boxEnd > box.Count) boxEnd = box.Count;
            while (boxNext < boxEnd && !outbox.Pending)
            {
                Event(boxNext++, nowMs);
            }
        }

        private void Event(int i, int nowMs)
        {
            outbox.Begin(Phrase.BlackBox);
            outbox.EndTopic();
            outbox.Say(Phrase.Number);
            outbox.Number(i + 1, 0, false);
            outbox.Say(Phrase.Time);
            long ms = box.SecondsOf(i) * 1000L;
            if (!box.Known(i))
            {
                outbox.Say(Phrase.Null);
                outbox.Say(Phrase.Up);
            }
            outbox.Number(ms, 0, false);
            outbox.Say(Phrase.Event);
            int kind = box.KindOf(i);
            outbox.Say(Phrase.EventNames + kind);
            outbox.Char('"');
            Detail(kind, box.WhoOf(i), box.DetailOf(i));
            outbox.Char('}');
            outbox.Send(1, false, nowMs);
        }

        private void Detail(int kind, int who, int detail)
        {
            if (kind == BlackBox.TimeSet || kind > BlackBox.Lost) return;
            outbox.Say(Phrase.Detail);
            switch (kind)
            {
                case BlackBox.Boot:
                case BlackBox.Goodbye:
                    if (detail <= BootReason.Update) outbox.Say(Phrase.BootReasons + detail);
                    break;
                case BlackBox.Stalled:
                    if (who >= Watch.Loop && who <= Watch.Queues) outbox.Say(Phrase.Stalls + who - 1);
                    break;
                case BlackBox.BridgeUp:
                case BlackBox.BridgeDown:
                    outbox.Number(who + 1, 0, false);
                    break;
                case BlackBox.SensorFails:
                case BlackBox.SensorIsBack:
                case BlackBox.Command:
                    if (kind == BlackBox.Command) outbox.Say(Phrase.IntervalName);
                    if (kind == BlackBox.Command && who < sensors.Count) outbox.Char(' ');
                    if (who < sensors.Count) outbox.Add(sensors.Text, sensors.NameAt(who), sensors.NameLength(who));
                    if (kind != BlackBox.SensorFails || detail > SensorFault.NotReady) break;
                    outbox.Char(':');
                    outbox.Char(' ');
                    outbox.Say(Phrase.SensorFaults + detail);
                    break;
                default:
                    outbox.Number(detail, 0, false);
                    break;
            }
            outbox.Char('"');
        }
    }
}
