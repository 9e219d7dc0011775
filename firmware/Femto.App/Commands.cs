namespace Femto.Mqtt
{
    /// <summary>
    /// What comes to <c>femto/DEVICE/cmd/NAME</c>, and the answer: to the response topic of MQTT 5 with its correlation
    /// data, else to <c>femto/DEVICE/reply/NAME</c>.
    /// </summary>
    internal sealed class Commands
    {
        // MQTT 5 properties (section 2.2.2.2).
        private const int PayloadFormat = 1, MessageExpiry = 2, ContentType = 3, ResponseTopic = 8, Correlation = 9,
            UserProperty = 38;

        private readonly SensorApp app;
        private readonly Outbox outbox;
        private readonly SensorTable sensors;
        private readonly Phrase phrases;
        private readonly int prefixLength;  // of femto/DEVICE/cmd/
        private int busy;                   // commands not carried out, and nobody told yet

        // Of the message at hand: where it stands in the broker's buffer.
        private byte[] buffer;
        private int nameAt, nameLength, responseAt, responseLength, correlationAt, correlationLength;
        private int wordAt, wordLength, end;

        public Commands(SensorApp app, Outbox outbox, SensorTable sensors, Phrase phrases, int deviceLength)
        {
            this.app = app;
            this.outbox = outbox;
            this.sensors = sensors;
            this.phrases = phrases;
            prefixLength = phrases.Length(Phrase.Root) + deviceLength + phrases.Length(Phrase.Command);
        }

        public static int Bytes()
        {
            return Heap.Object(16);
        }

        /// <summary>Carries out a command. While another answer waits for the broker it cannot be answered, and so is
        /// not carried out: that is told later.</summary>
        public void Message(LocalMessage m, int nowMs)
        {
            if (!outbox.Flush())
            {
                busy++;
                return;
            }
            buffer = m.Buffer;
            nameAt = m.TopicOffset + prefixLength;
            nameLength = m.TopicLength - prefixLength;
            if (nameLength <= 0) return;
            Properties(m.PropertiesOffset, m.PropertiesOffset + m.PropertiesLength);
            wordAt = m.PayloadOffset;
            wordLength = 0;
            end = m.PayloadOffset + m.PayloadLength;
            int name = 0;
            while (name < nameLength && buffer[nameAt + name] != '/') name++; // what follows is the caller's own
            bool loops = Loops(m);
            Begin(loops);
            if (loops) Refuse(Phrase.NoCommandTopic);
            else if (phrases.Is(Phrase.PingName, buffer, nameAt, name)) Ping();
            else if (phrases.Is(Phrase.IntervalName, buffer, nameAt, name)) Interval(nowMs);
            else if (phrases.Is(Phrase.ReportName, buffer, nameAt, name)) Report();
            else if (phrases.Is(Phrase.RebootName, buffer, nameAt, name)) Reboot(nowMs);
            else Refuse(Phrase.UnknownCommand);
            outbox.When(app.Clock, nowMs);
            outbox.Char('}');
            outbox.Send(m.Qos, false, nowMs);
            buffer = null;
        }

        /// <summary>Tells how many commands were not carried out.</summary>
        public void TellBusy(int nowMs)
        {
            if (busy == 0) return;
            outbox.Begin(Phrase.Reply);
            outbox.Say(Phrase.EventNames + BlackBox.Refused);
            outbox.EndTopic();
            outbox.Say(Phrase.No);
            outbox.Say(Phrase.TooMany);
            outbox.Number(busy, 0, false);
            outbox.Char('"');
            outbox.When(app.Clock, nowMs);
            outbox.Char('}');
            outbox.Send(1, false, nowMs);
            app.Note(BlackBox.Refused, 0, busy, nowMs);
            busy = 0;
        }

        // Finds response topic and correlation data.
        private void Properties(int at, int last)
        {
            responseLength = 0;
            correlationLength = -1;
            while (at < last)
            {
                int id = buffer[at++];
                if (id == PayloadFormat)
                {
                    at++;
                    continue;
                }
                if (id == MessageExpiry)
                {
                    at += 4;
                    continue;
                }
                if (id != ContentType && id != ResponseTopic && id != Correlation && id != UserProperty) return;
                for (int texts = id == UserProperty ? 2 : 1; texts > 0; texts--)
                {
                    if (at + 2 > last) return;
                    int length = buffer[at] << 8 | buffer[at + 1];
                    at += 2;
                    if (id == ResponseTopic)
                    {
                        responseAt = at;
                        responseLength = length;
                    }
                    if (id == Correlation)
                    {
                        correlationAt = at;
                        correlationLength = length;
                    }
                    at += length;
                }
            }
        }

        // An answer that is a command would be answered without end.
        private bool Loops(LocalMessage m)
        {
            if (responseLength < prefixLength) return false;
            for (int i = 0; i < prefixLength; i++)
            {
                if (buffer[responseAt + i] != buffer[m.TopicOffset + i]) return false;
            }
            return true;
        }

        private void Begin(bool loops)
        {
            if (responseLength != 0 && !loops)
            {
                outbox.BeginAnew();
                outbox.Add(buffer, responseAt, responseLength);
            }
            else
            {
                outbox.Begin(Phrase.Reply);
                outbox.Add(buffer, nameAt, nameLength);
            }
            outbox.EndTopic();
            if (correlationLength < 0) return;
            outbox.Char((char)Correlation);
            outbox.Char((char)(correlationLength >> 8));
            outbox.Char((char)(correlationLength & 255));
            outbox.Add(buffer, correlationAt, correlationLength);
            outbox.EndProperties();
        }

        private void Refuse(int phrase)
        {
            outbox.Say(Phrase.No);
            outbox.Say(phrase);
            outbox.Char('"');
        }

        // The next word of the payload; false: there is none.
        private bool Word()
        {
            int at = wordAt + wordLength;
            while (at < end && buffer[at] <= ' ') at++;
            wordAt = at;
            while (at < end && buffer[at] > ' ') at++;
            wordLength = at - wordAt;
            return wordLength != 0;
        }

        private void Ping()
        {
            outbox.Say(Phrase.Yes);
            outbox.Char(',');
            outbox.Add(phrases.Text, phrases.At(Phrase.Uptime) + 2, phrases.Length(Phrase.Uptime) - 2);
            outbox.Number(app.UptimeSeconds(), 0, false);
        }

        // interval: NAME tells, NAME SECONDS and SECONDS set.
        private void Interval(int nowMs)
        {
            if (!Word())
            {
                Refuse(Phrase.WrongInterval);
                return;
            }
            int sensor = sensors.Find(buffer, wordAt, wordLength);
            int ms = 0;
            bool sets = sensor < 0 || Word();
            if (sets && !Seconds(out ms))
            {
                if (sensor < 0 && !Number())
                {
                    NoSensor();
                    return;
                }
                Refuse(Phrase.WrongInterval);
                return;
            }
            if (sets && Word())
            {
                Refuse(Phrase.NothingMore);
                return;
            }
            if (sets) app.Reschedule(sensor, ms, nowMs);
            outbox.Say(Phrase.Yes);
            if (sensor >= 0)
            {
                outbox.Say(Phrase.OfSensor);
                outbox.Add(sensors.Text, sensors.NameAt(sensor), sensors.NameLength(sensor));
                outbox.Char('"');
            }
            outbox.Say(Phrase.Interval);
            outbox.Number(sets ? ms : sensors.IntervalMs[sensor], 3, true);
        }

        private void NoSensor()
        {
            outbox.Say(Phrase.No);
            outbox.Say(Phrase.NoSensor);
            outbox.Quote(buffer, wordAt, wordLength);
            outbox.Char('"');
        }

        private bool Number()
        {
            int value;
            return FixedPoint.Parse(buffer, wordAt, wordLength, 3, out value) || buffer[wordAt] >= '0'
                && buffer[wordAt] <= '9' || buffer[wordAt] == '-';
        }

        private bool Seconds(out int ms)
        {
            return FixedPoint.Parse(buffer, wordAt, wordLength, 3, out ms) && ms >= SensorTable.IntervalLeast
                && ms <= SensorTable.IntervalMost;
        }

        // report: all sensors and the status at once; NAME: that sensor; events: the black box.
        private void Report()
        {
            int sensor = -1;
            bool events = false;
            if (Word())
            {
                sensor = sensors.Find(buffer, wordAt, wordLength);
                events = sensor < 0 && phrases.Is(Phrase.EventsName, buffer, wordAt, wordLength);
                if (sensor < 0 && !events)
                {
                    NoSensor();
                    return;
                }
                if (Word())
                {
                    Refuse(Phrase.NothingMore);
                    return;
                }
            }
            int count = app.Report(sensor, events);
            outbox.Say(Phrase.Yes);
            outbox.Say(events ? Phrase.Events : Phrase.Sensors);
            outbox.Number(count, 0, false);
            if (events) return;
            outbox.Say(Phrase.Failing);
            outbox.Number(sensors.FailingCount(), 0, false);
        }

        private void Reboot(int nowMs)
        {
            if (Word())
            {
                Refuse(Phrase.NothingMore);
                return;
            }
            app.Leave(BootReason.Command, nowMs);
            outbox.Say(Phrase.Yes);
        }
    }
}
