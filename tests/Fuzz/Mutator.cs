using System;
using System.Collections.Generic;
using System.Linq;
using Femto.Mqtt;
using Femto.Mqtt.Unit;

namespace Femto.Fuzz
{
    /// <summary>Packets of clients from the grammar and from the codec's vectors, and what may become of them: broken
    /// by bit, byte, field and property, cut, spliced, with a length that lies.</summary>
    public sealed class Mutator
    {
        /// <summary>Stands before and behind what is fed and in passwords, and in no packet that may be passed on:
        /// where it comes out somebody has read too far, or told too much.</summary>
        public const byte Poison = 0xFA;

        private static readonly byte[][] client4 = Load("4", true);
        private static readonly byte[][] client5 = Load("5", true);
        private static readonly byte[][] server4 = Load("4", false);
        private static readonly byte[][] server5 = Load("5", false);
        private static readonly string[] topics = { "a", "a/b", "a/b/c", "b", "", "/", "a//b",
            "t/very/long/name/of/a/topic",
            "$SYS/broker/uptime", "$SYS/broker/connection/h1/state", "$share/g/a", LongTopic };
        private static readonly string[] wills = { "a", "a/b", "a/b/c", "b", "$SYS/a", "a//b", LongTopic,
            "$SYS/broker/connection/h1/state" };
        private const string LongTopic = "a/name/that/is/longer/than/the/smallest/limits/allow/and/has/more/levels";
        private static readonly byte[] bridge = System.Text.Encoding.ASCII.GetBytes("femto-bridge");
        private static readonly string[] filters =
        {
            "a", "a/b", "#", "+", "a/#", "+/b", "a/+/c", "$share/g/a/#", "$share/g/+", "$share/h/#", "$SYS/#", "a/#/b",
            "$share/",
        };
        private static readonly byte[] wild = { 0, 1, 2, 4, 0x7F, 0x80, 0x81, 0xC0, 0xED, 0xFF, 0x23, 0x2B, 0x2F, 0x26,
            0x0B };

        private readonly Dice dice;
        private readonly int limit;

        /// <summary>A mutator of its own for each world.</summary>
        /// <param name="dice">Decides.</param>
        /// <param name="limit">Bytes of the largest packet that the other side takes.</param>
        public Mutator(Dice dice, int limit)
        {
            this.dice = dice;
            this.limit = limit;
        }

        private static byte[][] Load(string version, bool client)
        {
            string[][] tables =
            {
                ConnectVectors.Rows, ConnackVectors.Rows, PublishVectors.Rows, AckVectors.Rows,
                SubscribeVectors.Rows, SessionVectors.Rows,
            };
            return tables.SelectMany(t => t).Select(r => Line.Columns(r)).Where(c => c[1] == version)
                .Select(c => Clean(Line.Bytes(c[2]))).Where(b => b.Length > 0 && b.Length < 300
                    && OfClient(b[0] >> 4) == client)
                .ToArray();
        }

        private static byte[] Clean(byte[] b)
        {
            for (int i = 0; i < b.Length; i++) if (b[i] == Poison) b[i] = 0x7A;
            return b;
        }

        private static bool OfClient(int type)
        {
            return type != PacketType.Connack && type != PacketType.Suback && type != PacketType.Unsuback
                && type != PacketType.Pingresp;
        }

        /// <summary>A vector of the codec, valid or not.</summary>
        public byte[] Vector(int version, bool ofClient = true)
        {
            byte[][] table = version == 5 ? (ofClient ? client5 : server5) : ofClient ? client4 : server4;
            return (byte[])table[dice.Next(table.Length)].Clone();
        }

        public byte[] Connect(int version)
        {
            byte[] password = dice.One(4) ? Enumerable.Repeat(Poison, 4 + dice.Next(12)).ToArray() : null;
            List<byte> p = new();
            if (dice.One(2)) p.AddRange(new byte[] { 0x11, 0, 0, 0, (byte)dice.Next(dice.Of(4, 100)) });
            if (dice.One(2)) p.AddRange(new byte[] { 0x22, 0, (byte)dice.Next(4) });
            if (dice.One(6)) p.AddRange(new byte[] { 0x27, 0, 0, 0, (byte)(20 + dice.Next(100)), 0x21, 0, 1 });
            if (dice.One(6)) p.AddRange(new byte[] { 0x17, (byte)dice.Next(2), 0x19, (byte)dice.Next(2) });
            if (dice.One(8)) p.AddRange(new byte[] { 0x15, 0, 1, (byte)dice.Of('M', 'M', 'N'), 0x16, 0, 1, 1 });
            if (dice.One(10)) p.AddRange(new byte[] { 0x26, 0, 12 }.Concat(bridge).Concat(new byte[] { 0, 1, 49 }));
            byte[] ofWill = dice.Next(5) switch
            {
                0 => new byte[] { 0x18, 0, 0, 0, (byte)dice.Next(4), 0x02, 0, 0, 0, (byte)dice.Next(4) },
                1 => new byte[] { 0x18, 0, 0, 0, 2 },
                2 => new byte[] { 0x01, 1, 0x03, 0, 1, 65, 0x18, 0, 0, 0, 1, 0x08, 0, 1, 67, 0x09, 0, 1, 1,
                    0x26, 0, 1, 65, 0, 1, 66 },
                _ => None,
            };
            string will = dice.One(3) ? dice.Of(wills) : null;
            string id = dice.One(10) ? "" : "h" + dice.Next(7);
            int level = version == 4 && dice.One(6) ? 0x84 : version;
            int keepAlive = dice.One(5) ? 1 + dice.Next(3) : 0;
            return Packets.Connect(level, id, dice.One(2), keepAlive, will, 4 | dice.Next(3) << 3 | dice.Next(2) << 5,
                ofWill, password, p.ToArray());
        }

        // AUTH with the method of a CONNECT, DISCONNECT with a reason.
        private byte[] Reason()
        {
            byte[] method = { 0x15, 0, 1, (byte)dice.Of('M', 'M', 'N'), 0x16, 0, 2, 1, (byte)dice.Next(3) };
            if (dice.One(4)) method = method.Take(4).ToArray();
            if (!dice.One(4)) return Packets.Reason(PacketType.Auth, dice.Of(0x18, 0x18, 0x19), method);
            byte[] expiry = { 0x11, 0, 0, 0, (byte)dice.Next(3) };
            return Packets.Reason(PacketType.Disconnect, dice.Of(0, 4, 0x80), dice.One(2) ? expiry : None);
        }

        /// <summary>A packet that a client may send when it is connected.</summary>
        public byte[] Valid(int version)
        {
            int id = 1 + dice.Next(6);
            switch (dice.Next(21))
            {
                case 0: return Packets.Subscribe(version, id, dice.Next(3), None, dice.Of(filters), dice.Of(filters));
                case 1: return Packets.Subscribe(version, id, version == 5 ? dice.Of(0, 1, 2, 5, 9, 0x12, 0x2E) : 2,
                    version == 5 && dice.One(2) ? new byte[] { 0x0B, (byte)(1 + dice.Next(120)) } : None,
                        dice.Of(filters));
                case 2: return Packets.Subscribe(version, id, -1, None, dice.Of(filters));
                case 3: return new byte[] { 0xC0, 0 };
                case 4: return dice.One(4) ? new byte[] { 0xE0, 0 } : new byte[] { 0xC0, 0 };
                case 5:
                case 6:
                case 7: return Packets.Ack(dice.Of(PacketType.Puback, PacketType.Pubrec, PacketType.Pubrel,
                    PacketType.Pubcomp), id, Refusal(version));
                case 8:
                case 9: return Vector(version);
                case 10: return version == 5 ? Reason() : Publication(version, id);
                default: return Publication(version, id);
            }
        }

        private static readonly byte[] None = new byte[0];

        private byte[] Refusal(int version)
        {
            return version == 5 && dice.One(3) ? new byte[] { (byte)dice.Of(0, 0x10, 0x80, 0x97, 0x92) } : None;
        }

        private byte[] Publication(int version, int id)
        {
            int flags = dice.Next(3) << 1 | (dice.One(4) ? 1 : 0);
            byte[] payload = new byte[dice.Of(0, 1, 5, 20, 60, 150)];
            for (int i = 0; i < payload.Length; i++) payload[i] = (byte)('a' + (i + id) % 26);
            byte[] properties = None;
            if (version == 5)
            {
                properties = dice.Next(6) switch
                {
                    0 => new byte[] { 0x23, 0, (byte)(1 + dice.Next(2)) },
                    1 => new byte[] { 0x02, 0, 0, 0, (byte)dice.Next(4), 0x26, 0, 1, 65, 0, 2, 66, 67 },
                    2 => new byte[] { 0x01, 1, 0x03, 0, 2, 65, 66, 0x08, 0, 1, 67, 0x09, 0, 2, 1, 2 },
                    _ => None,
                };
            }
            string topic = dice.Of(topics);
            if (dice.One(12) && limit < 1500) return AtTheLimit(version, flags, id);
            if (topic == "" && (properties.Length == 0 || properties[0] != 0x23)) topic = "a/b";
            return Packets.Publish(version, topic, flags, id, payload, properties);
        }

        // As large as a packet may be, or a byte or two away from that.
        private byte[] AtTheLimit(int version, int flags, int id)
        {
            int size = limit + dice.Of(-1, 0, 0, 1, 1, 2);
            int rest = Packets.Publish(version, "a/b", flags, id, new byte[size - 20]).Length - (size - 20);
            byte[] payload = new byte[size - rest];
            Array.Fill(payload, (byte)'z');
            return Packets.Publish(version, "a/b", flags, id, payload);
        }

        /// <summary>Breaks it, or leaves it for once; the poison is taken out.</summary>
        public byte[] Break(byte[] packet, byte[] other)
        {
            List<byte> p = packet.ToList();
            for (int n = 1 + (dice.One(3) ? dice.Next(4) : 0); n > 0; n--) One(p, other);
            if (dice.One(2) && p.Count > 2 && p.Count < 16000) Relength(p);
            for (int i = 0; i < p.Count; i++) if (p[i] == Poison) p[i] = 0x7A;
            return p.Count == 0 ? new byte[] { 0 } : p.ToArray();
        }

        private void One(List<byte> p, byte[] other)
        {
            if (p.Count == 0) p.Add(0x30);
            int at = dice.Next(p.Count);
            switch (dice.Next(13))
            {
                case 0: p[at] ^= (byte)(1 << dice.Next(8)); break;
                case 1: p[at] = wild[dice.Next(wild.Length)]; break;
                case 2: p[at] = (byte)dice.Next(256); break;
                case 3: p.RemoveRange(at, 1 + dice.Next(p.Count - at)); break;
                case 4: p.Insert(at, (byte)dice.Next(256)); break;
                case 5: p.InsertRange(at, other.Skip(dice.Next(other.Length)).Take(1 + dice.Next(20))); break;
                case 6: p.AddRange(p.Skip(at).Take(1 + dice.Next(12)).ToArray()); break;
                case 7: p[0] = (byte)(p[0] & 0xF0 | dice.Next(16)); break;
                case 8: p[0] = (byte)(p[0] & 15 | dice.Next(16) << 4); break;
                case 9: Field(p); break;
                case 10: Property(p); break;
                case 11: // the length lies
                    p.RemoveRange(1, Math.Min(p.Count - 1, Head(p) - 1));
                    List<byte> length = new();
                    Packets.VarInt(length, dice.Of(0, 1, 2, p.Count, p.Count + 1, p.Count - 2, 127, 128, 300, limit - 3,
                        limit - 2, 16383, 268435455));
                    if (dice.One(6)) length = new List<byte> { 0x80, 0x80, 0x80, 0x80, 1 };
                    p.InsertRange(1, length);
                    break;
                default: p.Add((byte)dice.Next(256)); break;
            }
        }

        // Two bytes that look like the length of a text or like an identifier are changed by little, or to an extreme.
        private void Field(List<byte> p)
        {
            int from = Head(p);
            for (int tries = 0; tries < 20 && p.Count - from > 2; tries++)
            {
                int at = from + dice.Next(p.Count - from - 1);
                if (tries < 19 && (p[at] != 0 || p[at + 1] == 0 || at + 2 + p[at + 1] > p.Count)) continue;
                int value = dice.Of(0, p[at + 1] + 1, p[at + 1] - 1, p.Count - at - 2, p.Count - at - 1, 0xFFFF,
                    0x8000);
                p[at] = (byte)(value >> 8);
                p[at + 1] = (byte)value;
                return;
            }
        }

        // A property of any identifier with a value of any type, twice at times, at a place that may be right.
        private void Property(List<byte> p)
        {
            List<byte> property = new() { (byte)dice.Next(0x2C) };
            for (int n = dice.Of(1, 1, 2, 4, 5, 9); n > 0; n--)
            {
                property.Add((byte)dice.Of(0, 0, 1, 2, 'a', 0x80, 0xFF));
            }
            int head = Head(p);
            int type = p[0] >> 4;
            int at = type == PacketType.Connect ? head + 10 : type == PacketType.Publish && p.Count > head + 1
                ? head + 2 + p[head + 1] + ((p[0] & 6) != 0 ? 2 : 0) : type == PacketType.Disconnect ? head + 1
                : head + 2;
            if (at >= p.Count) return;
            p[at] = (byte)(p[at] + property.Count & 127);
            p.InsertRange(at + 1, property);
            if (!dice.One(4)) return;
            p[at] = (byte)(p[at] + property.Count & 127);
            p.InsertRange(at + 1, property);
        }

        // The length is made true again, so that what was broken behind it is reached.
        private static void Relength(List<byte> p)
        {
            p.RemoveRange(1, Head(p) - 1);
            List<byte> length = new();
            Packets.VarInt(length, p.Count - 1);
            p.InsertRange(1, length);
        }

        private static int Head(List<byte> p)
        {
            int at = 1;
            while (at < p.Count && at < 5 && p[at] > 127) at++;
            return Math.Min(at + 1, p.Count);
        }
    }
}
