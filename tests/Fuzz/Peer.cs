using System;
using System.Collections.Generic;
using Femto.Mqtt;
using Femto.Mqtt.Unit;

namespace Femto.Fuzz
{
    /// <summary>The other end of one connection: what it still has to send, and a strict reader of what it
    /// gets.</summary>
    public sealed class Peer
    {
        public readonly List<byte> ToSend = new();
        public readonly Judge Judge;
        public bool Blocked, Reads = true, Good;
        /// <summary>The largest packet it said it takes.</summary>
        public long MaximumPacket = long.MaxValue;
        public int Version = 5, Connection;
        public int Connack = -1, Farewell = -1;
        /// <summary>Called for each whole packet: its bytes stand in PacketCodec's objects.</summary>
        public Action<Peer, byte[], int> Packet;

        private readonly HashSet<int> aliases = new();
        private byte[] buffer = new byte[4096];
        private int count;
        private int poison;

        public Peer(Judge judge)
        {
            Judge = judge;
        }

        /// <summary>What is wrong with these bytes of the broker, or null.</summary>
        public string Take(byte[] from, int offset, int n)
        {
            for (int i = 0; i < n; i++)
            {
                poison = from[offset + i] == Mutator.Poison ? poison + 1 : 0;
                if (poison == 4) return "bytes came out that nobody sent, or a password";
            }
            if (count + n > buffer.Length) Array.Resize(ref buffer, 2 * (count + n));
            Array.Copy(from, offset, buffer, count, n);
            count += n;
            int at = 0;
            string wrong = null;
            while (wrong == null)
            {
                int head = FixedHeader.Decode(buffer, at, count - at, out int remaining);
                if (head < 0) return "a length that is none";
                if (head == 0 || head + remaining > count - at) break;
                byte[] packet = new byte[head + remaining];
                Array.Copy(buffer, at, packet, 0, packet.Length);
                wrong = One(packet, head);
                at += packet.Length;
            }
            Array.Copy(buffer, at, buffer, 0, count - at);
            count -= at;
            return wrong;
        }

        /// <summary>Bytes of a packet whose rest has not come.</summary>
        public int Begun => count;

        private string One(byte[] packet, int head)
        {
            int type = packet[0] >> 4;
            Fault fault = PacketCodec.Take(packet, 0, packet.Length, Version);
            if (fault != Fault.None && type == PacketType.Connack) // to a version that is not known
            {
                fault = PacketCodec.Take(packet, 0, packet.Length, 9 - Version);
            }
            string shown = Convert.ToHexString(packet);
            if (fault != Fault.None && fault != Fault.TooLarge) return $"a malformed packet, {fault}: {shown}";
            if (packet.Length > MaximumPacket) return $"{packet.Length} bytes for who takes {MaximumPacket}: {shown}";
            if (Farewell >= 0) return "a packet behind the last: " + shown;
            if (type == PacketType.Connack)
            {
                if (Connack >= 0) return "a second CONNACK: " + shown;
                Connack = PacketCodec.Connack.Reason;
                if (Connack != 0) Farewell = Connack;
            }
            else if (type == PacketType.Disconnect)
            {
                if (Version != 5 || Connack != 0) return "a DISCONNECT to who knows none: " + shown;
                Farewell = PacketCodec.Disconnect.Reason;
                if (Farewell < 0x80) return "a DISCONNECT without a reason: " + shown;
            }
            else if (type == PacketType.Auth)
            {
                if (Version != 5) return "AUTH in 3.1.1";
            }
            else if (Connack != 0) return "a packet before CONNACK: " + shown;
            else if (type == PacketType.Connect || type == PacketType.Subscribe || type == PacketType.Unsubscribe
                || type == PacketType.Pingreq)
            {
                return "a client's packet: " + shown;
            }
            else if (type == PacketType.Publish && Version == 5)
            {
                Properties p = PacketCodec.Publish.Properties;
                bool alias = (p.Present & Has.TopicAlias) != 0;
                if (PacketCodec.Publish.TopicLength == 0 && (!alias || !aliases.Contains(p.TopicAlias)))
                {
                    return "an alias that nobody knows: " + shown;
                }
                if (alias) aliases.Add(p.TopicAlias);
            }
            int reason = PacketCodec.Ack.Reason;
            bool answered = type == PacketType.Puback || type == PacketType.Pubcomp && reason == 0
                || type == PacketType.Pubrec && reason >= 0x80;
            if (answered) Judge.Answered++;
            if (Packet != null) Packet(this, packet, type);
            return null;
        }
    }
}
