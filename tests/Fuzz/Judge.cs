using System;
using System.Collections.Generic;
using Femto.Mqtt;
using Femto.Mqtt.Unit;

namespace Femto.Fuzz
{
    /// <summary>
    /// What one client has sent, read apart from the broker: what is wrong in it must close the connection, with the
    /// reason that belongs to it; a connection must not be closed for anything else; and an MQTT 5 client must be told.
    /// Only the decoders are the broker's own: their vectors are tested elsewhere.
    /// </summary>
    public sealed class Judge
    {
        /// <summary>Set by the broker's log: CONNACK says success.</summary>
        public bool Connected;
        public int Version = 4;
        /// <summary>Set by the broker's log: why it closes the connection, or refuses it.</summary>
        public int Reason = -1;
        /// <summary>A packet was held when that happened: what overtakes it comes before its turn.</summary>
        public bool Held;
        /// <summary>It happened in Tick, NextReady, Complete or Sent; or while another connection was fed.</summary>
        public bool Outside;
        /// <summary>It happened in Tick.</summary>
        public bool Timer;
        /// <summary>The client has left, or is judged.</summary>
        public bool Over;
        /// <summary>Publications that were answered for good.</summary>
        public int Answered;
        /// <summary>The largest packet the client takes.</summary>
        public long MaximumPacket = long.MaxValue;

        private readonly Limits limits;
        private readonly Publish publish;
        private readonly Dictionary<int, bool> aliases = new(); // true: its topic was refused
        private readonly List<int> faults = new(), possible = new();
        private byte[] stream = new byte[512];
        private int taken, offered, published;
        private bool greeted, resumed;

        public Judge(Limits limits)
        {
            this.limits = limits;
            Properties properties = new() { SubscriptionIds = new int[8] };
            publish = new Publish(properties, new TopicPath(limits.TopicLevels, 1));
        }

        /// <summary>These bytes are about to be fed.</summary>
        public void Offer(byte[] from, int offset, int count)
        {
            if (taken + count > stream.Length) Array.Resize(ref stream, 2 * (taken + count));
            Array.Copy(from, offset, stream, taken, count);
            offered = count;
        }

        /// <summary>So many of them were taken.</summary>
        public void Took(int count)
        {
            taken += count;
            offered = 0;
        }

        /// <summary>After a call of the broker: null, or what is wrong.</summary>
        public string Look(bool holds)
        {
            if (Over) return null;
            if (Reason >= 0)
            {
                Over = true;
                return Connected ? Closed() : Refused();
            }
            if (holds || taken == 0) return null;
            return Settle();
        }

        // What the broker has taken and neither holds nor refused must be right.
        private string Settle()
        {
            int at = 0;
            while (true)
            {
                int size = Cut(at, taken, out int fault);
                if (fault != 0) return $"0x{fault:X2} is owed and does not come: {Show(at, taken - at)}";
                if (!Connected)
                {
                    if (stream[0] != 0x10) return "not a CONNECT, and the connection stands: " + Show(0, taken);
                    return size == 0 ? null : "a CONNECT without an answer: " + Show(0, size);
                }
                if (size == 0) break;
                Examine(at, size);
                if (faults.Count > 0) return $"0x{faults[0]:X2} is owed and does not come: {Show(at, size)}";
                bool left = stream[at] >> 4 == PacketType.Disconnect && possible.Count == 0;
                if (left) return "the client said DISCONNECT, and its connection stands";
                at += size;
            }
            Array.Copy(stream, at, stream, 0, taken + offered - at);
            taken -= at;
            return null;
        }

        private string Closed()
        {
            bool others = Outside && (Reason == ReasonCode.SessionTakenOver
                || Reason == ReasonCode.QuotaExceeded && limits.QueueFull == QueuePolicy.EndSession);
            if (others || Timer && Reason is ReasonCode.UnspecifiedError or ReasonCode.KeepAliveTimeout) return null;
            int end = taken + offered;
            for (int at = 0; ;)
            {
                int size = Cut(at, end, out int fault);
                if (fault == Reason) return null;
                if (fault != 0) return $"closed with 0x{Reason:X2} instead of 0x{fault:X2}: {Show(at, end - at)}";
                if (size == 0) return $"closed with 0x{Reason:X2} for nothing: {Show(0, end)}";
                Examine(at, size);
                if (faults.Contains(Reason) || possible.Contains(Reason)) return null;
                if (faults.Count > 0 && !Held)
                {
                    return $"closed with 0x{Reason:X2} instead of 0x{faults[0]:X2}: {Show(at, size)}";
                }
                at += size;
            }
        }

        // Codes of a CONNECT that is right and all the same not accepted.
        private static readonly int[] refusals =
        {
            ReasonCode.ClientIdentifierNotValid, ReasonCode.NotAuthorized, ReasonCode.BadAuthenticationMethod,
            ReasonCode.TopicNameInvalid, ReasonCode.PacketTooLarge, ReasonCode.QuotaExceeded,
        };

        private string Refused()
        {
            if (Timer && Reason == ReasonCode.MaximumConnectTime) return null;
            int end = taken + offered;
            int size = Cut(0, end, out int fault);
            string shown = end == 0 ? "nothing" : Show(0, end);
            if (fault == 0 && end > 0 && stream[0] != 0x10)
            {
                fault = ReasonCode.ProtocolError;
                if (stream[0] >> 4 == PacketType.Connect && size > 0) fault = ReasonCode.MalformedPacket;
            }
            if (fault == 0 && size == 0) return $"refused with 0x{Reason:X2} for nothing: {shown}";
            if (fault == 0) fault = (int)PacketCodec.Take(stream, 0, size, 5);
            if (fault == Reason) return null;
            if (fault != 0) return $"refused with 0x{Reason:X2} instead of 0x{fault:X2}: {shown}";
            if (Array.IndexOf(refusals, Reason) >= 0) return null;
            // An AUTH behind it may be what is wrong.
            Version = PacketCodec.Connect.Version;
            greeted = true;
            for (int at = size; (size = Cut(at, end, out fault)) > 0 || fault != 0; at += size)
            {
                if (fault == Reason) return null;
                if (fault != 0) break;
                Examine(at, size);
                if (stream[at] >> 4 == PacketType.Auth && (faults.Contains(Reason) || possible.Contains(Reason)))
                {
                    return null;
                }
            }
            return $"refused with 0x{Reason:X2} for nothing: {shown}";
        }

        /// <summary>The connection is closed and all that came was read: was the reason told?</summary>
        /// <param name="version">Of the connection.</param>
        /// <param name="connack">Reason of the CONNACK, -1 for none.</param>
        /// <param name="farewell">Reason of the DISCONNECT, or of a CONNACK that refuses; -1 for none.</param>
        public string Told(int version, int connack, int farewell)
        {
            if (Reason < 0 || version != 5) return null;
            if (!Connected && Reason == ReasonCode.MaximumConnectTime) return null; // CONNACK does not know the code
            if (Connected && connack != 0) return "closed without a CONNACK";
            return farewell == Reason ? null
                : $"closed for 0x{Reason:X2}, and told {(farewell < 0 ? "nothing" : $"0x{farewell:X2}")}";
        }

        // The packet at a place: its size; 0 when it is not whole. A fault may be seen before it is whole.
        private int Cut(int at, int end, out int fault)
        {
            fault = 0;
            long value = 0;
            for (int i = 1; i <= 5; i++)
            {
                if (at + i >= end) return 0;
                int b = stream[at + i];
                bool tooLong = i == 5 || i > 1 && b == 0;
                if (tooLong) fault = ReasonCode.MalformedPacket;
                if (tooLong) return 0;
                value |= (long)(b & 127) << 7 * (i - 1);
                if (b > 127 && i == 4) fault = ReasonCode.MalformedPacket;
                if (fault != 0) return 0;
                if (b > 127) continue;
                long size = 1 + i + value;
                if (size > limits.PacketBytes) fault = ReasonCode.PacketTooLarge;
                return fault == 0 && at + size <= end ? (int)size : 0;
            }
            return 0;
        }

        // One whole packet behind CONNECT: the faults it has for sure, and what it may be closed for in a state that is
        // not followed here. Each is looked at once, in order.
        private void Examine(int at, int size)
        {
            faults.Clear();
            possible.Clear();
            int type = stream[at] >> 4;
            if (!greeted)
            {
                greeted = true;
                PacketCodec.Take(stream, at, size, 5);
                resumed = !PacketCodec.Connect.CleanStart; // there may be identifiers from before
                bool given = (PacketCodec.Connect.Properties.Present & Has.MaximumPacketSize) != 0;
                if (given) MaximumPacket = PacketCodec.Connect.Properties.MaximumPacketSize;
                return;
            }
            if (type == PacketType.Connect)
            {
                faults.Add(ReasonCode.ProtocolError);
                return;
            }
            if (type == PacketType.Publish)
            {
                OfPublish(at, size);
                return;
            }
            Fault fault = FixedHeader.CheckFlags(stream[at], Version);
            if (fault == Fault.None && Servers(type)) fault = Fault.ProtocolError;
            if (fault == Fault.None) fault = PacketCodec.Take(stream, at, size, Version);
            if (fault != Fault.None) faults.Add((int)fault);
            else if (type == PacketType.Subscribe) Answer(PacketCodec.Subscribe.Count);
            else if (type == PacketType.Unsubscribe) Answer(Version == 5 ? PacketCodec.Unsubscribe.Count : 0);
            else if (type is PacketType.Puback or PacketType.Pubrec or PacketType.Pubcomp)
            {
                possible.Add(ReasonCode.ProtocolError); // of a delivery at another QoS
            }
            else if (type == PacketType.Auth)
            {
                possible.Add(ReasonCode.ProtocolError);
                possible.Add(ReasonCode.QuotaExceeded);
                possible.Add(ReasonCode.NotAuthorized); // the hook's word
            }
            else if (type == PacketType.Disconnect && (PacketCodec.Properties.Present & Has.SessionExpiry) != 0
                && PacketCodec.Properties.SessionExpiry != 0)
            {
                possible.Add(ReasonCode.ProtocolError); // [MQTT-3.14.2-2]
            }
        }

        private static bool Servers(int type)
        {
            return type is PacketType.Connack or PacketType.Suback or PacketType.Unsuback or PacketType.Pingresp;
        }

        // One with more codes than fit the send buffer or the client can never be answered.
        private void Answer(int codes)
        {
            int remaining = codes + (Version == 5 ? 3 : 2);
            int size = 1 + FixedHeader.LengthSize(remaining) + remaining;
            if (size > limits.SendBytes || size > MaximumPacket) faults.Add(ReasonCode.ImplementationSpecificError);
        }

        private void OfPublish(int at, int size)
        {
            int head = FixedHeader.Decode(stream, at, size, out int remaining);
            PacketReader reader = PacketCodec.Reader;
            reader.Open(stream, at + head, remaining, Version);
            Fault fault = publish.Decode(reader, stream[at] & 15);
            int present = Version == 5 && fault is Fault.None or Fault.TooLarge ? publish.Properties.Present : 0;
            bool aliased = (present & Has.TopicAlias) != 0;
            int alias = aliased ? publish.Properties.TopicAlias : 0;
            bool known = aliases.TryGetValue(alias, out bool refused) && aliased;
            bool tooLong = fault == Fault.TooLarge || fault == Fault.None && publish.TopicLength > limits.TopicLength;
            if (fault != Fault.None && fault != Fault.TooLarge) faults.Add((int)fault);
            else if (!tooLong && (present & Has.SubscriptionId) != 0) faults.Add(ReasonCode.ProtocolError);
            else if (aliased && (alias == 0 || alias > limits.TopicAliasesIn))
            {
                faults.Add(tooLong && publish.Qos == 0 ? ReasonCode.TopicNameInvalid : ReasonCode.TopicAliasInvalid);
            }
            else if (publish.TopicLength == 0 && !known) faults.Add(ReasonCode.ProtocolError);
            else
            {
                if (publish.TopicLength == 0) tooLong = refused;
                if (tooLong && (publish.Qos == 0 || Version != 5)) faults.Add(ReasonCode.TopicNameInvalid);
                else if (aliased) aliases[alias] = tooLong;
                if (aliased) possible.Add(ReasonCode.ImplementationSpecificError); // no room for its text
            }
            if (faults.Count > 0 || publish.Qos == 0) return;
            published++;
            // In 3.1.1 an answer to an identifier that is not known looks like any other: nothing is taken off.
            int waiting = published - (Version == 5 ? Answered : 0) + (resumed ? limits.ReceiveIds : 0);
            if (waiting > limits.ReceiveMaximum) possible.Add(ReasonCode.ReceiveMaximumExceeded);
            if (Version != 5) possible.Add(ReasonCode.QuotaExceeded);
        }

        private string Show(int at, int count)
        {
            return Convert.ToHexString(stream, at, Math.Min(count, 400));
        }
    }
}
