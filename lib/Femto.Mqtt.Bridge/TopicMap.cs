using System;
using System.Text;

namespace Femto.Mqtt
{
    /// <summary>
    /// The bridge's topics as bytes: what is subscribed to on each side, and the names of one side made out of those of
    /// the other. As in Mosquitto the first topic with a prefix that matches decides.
    /// </summary>
    internal sealed class TopicMap
    {
        // A row of `at`: where local prefix and pattern lie one after the other, how long the prefix is and both
        // together; the same for the remote side.
        private const int Local = 0;
        private const int LocalPrefix = 1;
        private const int LocalLength = 2;
        private const int Remote = 3;
        private const int RemotePrefix = 4;
        private const int RemoteLength = 5;
        private const int Row = 6;

        public readonly int Count;
        /// <summary>What the offsets refer to.</summary>
        public readonly byte[] Text;
        /// <summary>A message's local topic, made by <see cref="Inbound"/>.</summary>
        public readonly byte[] Name;

        private readonly ushort[] at;
        private readonly byte[] kind;   // direction, QoS from bit 2 on
        private readonly bool mapsIn, mapsOut;

        public TopicMap(BridgeTopic[] topics, int topicLength)
        {
            Count = topics.Length;
            Text = new byte[TextBytes(topics)];
            at = new ushort[Count * Row];
            kind = new byte[Count];
            int end = 0;
            for (int i = 0; i < Count; i++)
            {
                BridgeTopic t = topics[i];
                int row = i * Row;
                at[row + Local] = (ushort)end;
                end = Append(t.LocalPrefix, end);
                at[row + LocalPrefix] = (ushort)(end - at[row + Local]);
                end = Append(t.Pattern, end);
                at[row + LocalLength] = (ushort)(end - at[row + Local]);
                at[row + Remote] = (ushort)end;
                end = Append(t.RemotePrefix, end);
                at[row + RemotePrefix] = (ushort)(end - at[row + Remote]);
                end = Append(t.Pattern, end);
                at[row + RemoteLength] = (ushort)(end - at[row + Remote]);
                kind[i] = (byte)(t.Direction | t.Qos << 2);
                if (!Mapped(row)) continue;
                if ((t.Direction & BridgeTopic.In) != 0) mapsIn = true;
                if ((t.Direction & BridgeTopic.Out) != 0) mapsOut = true;
            }
            Name = new byte[mapsIn ? topicLength : 0];
        }

        public int Bytes()
        {
            return Heap.Object(7) + Heap.Array(Text.Length, 1) + Heap.Array(Name.Length, 1) + Heap.Array(at.Length, 2)
                + Heap.Array(kind.Length, 1);
        }

        private static int TextBytes(BridgeTopic[] topics)
        {
            int bytes = 0;
            for (int i = 0; i < topics.Length; i++)
            {
                BridgeTopic t = topics[i];
                bytes += Length(t.LocalPrefix) + Length(t.RemotePrefix) + 2 * Length(t.Pattern);
            }
            return bytes;
        }

        private static int Length(string text)
        {
            return text == null ? 0 : Encoding.UTF8.GetBytes(text).Length;
        }

        private int Append(string text, int end)
        {
            if (text == null) return end;
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            Array.Copy(bytes, 0, Text, end, bytes.Length);
            return end + bytes.Length;
        }

        private bool Mapped(int row)
        {
            return (at[row + LocalPrefix] | at[row + RemotePrefix]) != 0;
        }

        public bool Goes(int i, int direction)
        {
            return (kind[i] & direction) != 0;
        }

        public int Qos(int i)
        {
            return kind[i] >> 2;
        }

        /// <summary>The filter on this side.</summary>
        public int LocalFilter(int i, out int length)
        {
            length = at[i * Row + LocalLength];
            return at[i * Row + Local];
        }

        /// <summary>The filter at the upstream.</summary>
        public int RemoteFilter(int i, out int length)
        {
            length = at[i * Row + RemoteLength];
            return at[i * Row + Remote];
        }

        /// <summary>Whether a topic of this side goes up.</summary>
        public bool Carries(byte[] topic, int length)
        {
            for (int i = 0; i < Count; i++)
            {
                int start = at[i * Row + Local];
                if ((kind[i] & BridgeTopic.Out) != 0
                    && Matches(Text, start, start + at[i * Row + LocalLength], topic, 0, length)) return true;
            }
            return false;
        }

        /// <summary>Makes the upstream's name of a local one, in place.</summary>
        /// <returns>The new length; 0: it does not fit.</returns>
        public int Outbound(byte[] topic, int length)
        {
            if (!mapsOut) return length;
            for (int i = 0; i < Count; i++)
            {
                int row = i * Row;
                int start = at[row + Local];
                if ((kind[i] & BridgeTopic.Out) == 0 || !Mapped(row)
                    || !Matches(Text, start, start + at[row + LocalLength], topic, 0, length)) continue;
                int from = at[row + LocalPrefix];
                int to = at[row + RemotePrefix];
                int now = length - from + to;
                if (now > topic.Length) return 0;
                if (from != to) Array.Copy(topic, from, topic, to, length - from);
                if (to != 0) Array.Copy(Text, at[row + Remote], topic, 0, to);
                return now;
            }
            return length;
        }

        /// <summary>Makes the local name of one of the upstream's, in <see cref="Name"/>.</summary>
        /// <returns>Its length; 0: it does not fit; -1: the name stays as it is.</returns>
        public int Inbound(byte[] topic, int offset, int length)
        {
            if (!mapsIn) return -1;
            for (int i = 0; i < Count; i++)
            {
                int row = i * Row;
                int start = at[row + Remote];
                if ((kind[i] & BridgeTopic.In) == 0 || !Mapped(row)
                    || !Matches(Text, start, start + at[row + RemoteLength], topic, offset, offset + length)) continue;
                int from = at[row + RemotePrefix];
                int to = at[row + LocalPrefix];
                int now = length - from + to;
                if (now > Name.Length) return 0;
                if (to != 0) Array.Copy(Text, at[row + Local], Name, 0, to);
                Array.Copy(topic, offset + from, Name, to, length - from);
                return now;
            }
            return -1;
        }

        /// <summary>Whether a topic name matches a valid filter; both given by offset and end.</summary>
        public static bool Matches(byte[] filter, int i, int filterEnd, byte[] topic, int k, int topicEnd)
        {
            // [MQTT-4.7.2-1]
            if (topic[k] == '$' && i < filterEnd && (filter[i] == '+' || filter[i] == '#')) return false;
            while (i < filterEnd)
            {
                int c = filter[i];
                if (k < topicEnd && topic[k] == c && c != '+' && c != '#')
                {
                    i++;
                    k++;
                    continue;
                }
                if (c == '#') return true;
                if (c == '+')
                {
                    while (k < topicEnd && topic[k] != '/') k++;
                    i++;
                    continue;
                }
                // Section 4.7.1.2: "a/#" matches "a" too.
                return k == topicEnd && c == '/' && i + 2 == filterEnd && filter[i + 1] == '#';
            }
            return k == topicEnd;
        }
    }
}
