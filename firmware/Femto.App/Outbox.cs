using System;

namespace Femto.Mqtt
{
    /// <summary>
    /// The one message that the app is about to publish: written piece by piece (topic, properties, payload), given to
    /// the broker's inbox, and kept here while that is full.
    /// </summary>
    internal sealed class Outbox
    {
        /// <summary>A message waits for the broker's inbox: nothing else may be written.</summary>
        public bool Pending;
        /// <summary>Since when, if Pending.</summary>
        public int SinceMs;
        /// <summary>Messages that the broker would never take.</summary>
        public int Lost;

        private const int InboxHead = 11;   // bytes of a call in the broker's inbox beside its texts
        private const int Most = 600;

        private readonly Phrase phrases;
        private readonly byte[] data;
        private readonly byte[] number = new byte[FixedPoint.TextBytes];
        private readonly byte[] device;
        private LocalClient client;
        private int length, topicEnd, propertiesEnd, flags;
        private bool overflow;

        public Outbox(Limits limits, Phrase phrases, byte[] device)
        {
            this.phrases = phrases;
            this.device = device;
            data = new byte[Room(limits)];
        }

        public void Use(LocalClient client)
        {
            this.client = client;
        }

        /// <summary>Bytes that a message may have, topic and properties included.</summary>
        public static int Room(Limits limits)
        {
            int room = (limits.InboxBytes < limits.PacketBytes ? limits.InboxBytes : limits.PacketBytes) - InboxHead;
            return room > Most ? Most : room;
        }

        public static int Bytes(Limits limits, int deviceLength)
        {
            return Heap.Object(13) + Heap.Array(Room(limits), 1) + Heap.Array(FixedPoint.TextBytes, 1)
                + Heap.Array(deviceLength, 1);
        }

        /// <summary>Begins a message: <c>femto/DEVICE</c> and a part of the topic.</summary>
        public void Begin(int phrase)
        {
            BeginAnew();
            Say(Phrase.Root);
            Add(device, 0, device.Length);
            Say(phrase);
        }

        /// <summary>Begins a message without a topic.</summary>
        public void BeginAnew()
        {
            length = 0;
            overflow = false;
        }

        public void EndTopic()
        {
            topicEnd = length;
            propertiesEnd = length;
        }

        public void EndProperties()
        {
            propertiesEnd = length;
        }

        public void Say(int phrase)
        {
            Add(phrases.Text, phrases.At(phrase), phrases.Length(phrase));
        }

        public void Add(byte[] text, int offset, int count)
        {
            if (count > data.Length - length)
            {
                overflow = true;
                return;
            }
            Array.Copy(text, offset, data, length, count);
            length += count;
        }

        public void Char(char c)
        {
            if (length == data.Length) overflow = true;
            else data[length++] = (byte)c;
        }

        public void Number(long value, int decimals, bool brief)
        {
            Add(number, 0, FixedPoint.Write(value, decimals, brief, number, 0));
        }

        /// <summary>The first bytes of what somebody sent, so that they can stand in JSON.</summary>
        public void Quote(byte[] text, int offset, int count)
        {
            if (count > 24) count = 24;
            for (int i = 0; i < count; i++)
            {
                int c = text[offset + i];
                Char(c < ' ' || c > '~' || c == '"' || c == '\\' ? '?' : (char)c);
            }
        }

        /// <summary>When something is, in milliseconds since 1970; null and the uptime while that is not known.
        /// </summary>
        public void When(WallClock clock, int nowMs)
        {
            Say(Phrase.Time);
            if (clock.Known)
            {
                Number(clock.TimeMs(nowMs), 0, false);
                return;
            }
            Say(Phrase.Null);
            Say(Phrase.Up);
            Number(clock.UptimeMs(nowMs), 0, false);
        }

        /// <summary>Publishes what was written; it is Pending when the broker's inbox is full.</summary>
        public void Send(int qos, bool retain, int nowMs)
        {
            flags = retain ? qos | 4 : qos;
            if (overflow)
            {
                Lost++;
                return;
            }
            Pending = true;
            SinceMs = nowMs;
            Flush();
        }

        /// <summary>Tries again what is Pending.</summary>
        /// <returns>True when nothing is Pending any more.</returns>
        public bool Flush()
        {
            if (!Pending) return true;
            Fault fault = client.Publish(data, 0, topicEnd, data, topicEnd, propertiesEnd - topicEnd,
                data, propertiesEnd, length - propertiesEnd, flags & 3, (flags & 4) != 0);
            if (fault == Fault.InboxFull) return false;
            Pending = false;
            if (fault != Fault.None) Lost++;
            return true;
        }
    }
}
