using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// Packets out of lines of text: the language in which <see cref="PacketText"/> shows them. Written apart from the
    /// codec, so that an encoder at fault does not hide a decoder at fault; what a broker must refuse can be written
    /// too. Properties keep the order they are written in.
    /// </summary>
    /// <remarks>
    /// <c>CONNECT 5 clean keep=10 {receive=2} id=a will {delay=5} q1 retain topic=t payload=31 user=u pass=70</c>,
    /// <c>PUBLISH dup q1 retain topic=a/b id=1 {alias=1 user=k:v} payload=6869</c>, <c>PUBACK id=1 reason=10</c>,
    /// <c>SUBSCRIBE id=1 {sub=7} filter=a/+ q1 nl rap rh2 filter=b</c>, <c>CONNACK present reason=00 {keep=5}</c>,
    /// <c>SUBACK id=1 00 80</c>, <c>HEX C000</c>.
    /// </remarks>
    public static class Wire
    {
        private static readonly string[] types = new string[]
        {
            "HEX", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBSCRIBE", "SUBACK",
            "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH",
        };
        // Name of a property, its identifier, and its type: byte, short, long, varint, text, binary, user.
        private static readonly string[] properties = new string[]
        {
            "format01b", "expiry02l", "type03t", "reply08t", "corr09x", "sub0Bv", "session11l", "client12t", "keep13s",
            "method15t", "data16x", "askproblem17b", "delay18l", "askresponse19b", "reason1Ft", "receive21s",
            "aliases22s", "alias23s", "user26u", "max27l", "info1At", "server1Ct", "maxqos24b", "retain25b",
            "wildcard28b", "subids29b", "shared2Ab",
        };

        private static readonly byte[] packet = new byte[4096];
        private static readonly byte[] block = new byte[2048]; // the properties being read
        private static int size;
        private static int blockSize;
        private static string[] words;
        private static int word; // the next one
        private static int version;

        /// <summary>The version that the last CONNECT asked for.</summary>
        public static int ConnectVersion;

        /// <summary>The bytes of one packet.</summary>
        public static byte[] Packet(string line, int protocol)
        {
            version = protocol;
            words = line.Split(new char[] { ' ' });
            word = 1;
            size = 0;
            int type = Index(words[0]);
            if (type == 0) return Line.Bytes(words[1]);
            bool two = type == PacketType.Pubrel || type == PacketType.Subscribe || type == PacketType.Unsubscribe;
            int flags = two ? 2 : 0;
            if (type == PacketType.Connect) Connect();
            else if (type == PacketType.Publish) flags = Publish();
            else if (type == PacketType.Subscribe || type == PacketType.Unsubscribe) Filters(type);
            else if (type == PacketType.Connack) Connack();
            else if (type == PacketType.Suback || type == PacketType.Unsuback) Answers();
            else if (type != PacketType.Pingreq && type != PacketType.Pingresp) Short(type);
            Assert.AreEqual(words.Length, word, line);
            int head = size < 128 ? 2 : 3;
            byte[] bytes = new byte[head + size];
            bytes[0] = (byte)(type << 4 | flags);
            bytes[1] = (byte)(head == 2 ? size : size & 127 | 128);
            if (head == 3) bytes[2] = (byte)(size >> 7);
            for (int i = 0; i < size; i++) bytes[head + i] = packet[i];
            return bytes;
        }

        private static int Index(string name)
        {
            for (int i = 0; i < types.Length; i++)
            {
                if (types[i] == name) return i;
            }
            Assert.AreEqual("a packet's name", name);
            return 0;
        }

        private static void Connect()
        {
            version = int.Parse(words[word++]);
            ConnectVersion = version;
            int flags = Flag("clean") ? 2 : 0;
            Text("MQTT");
            Byte(version);
            int flagsAt = size++;
            Short16(Number("keep=", 0));
            Block();
            Text(Value("id=", ""));
            if (Flag("will"))
            {
                flags |= 4;
                Block();
                Flag("q0");
                if (Flag("q1")) flags |= 8;
                if (Flag("q2")) flags |= 16;
                if (Flag("retain")) flags |= 32;
                Text(Value("topic=", ""));
                Binary(Value("payload=", ""));
            }
            string user = Value("user=", null);
            if (user != null)
            {
                flags |= 128;
                Text(user);
            }
            string password = Value("pass=", null);
            if (password != null)
            {
                flags |= 64;
                Binary(password);
            }
            packet[flagsAt] = (byte)flags;
        }

        private static int Publish()
        {
            int flags = Flag("dup") ? 8 : 0;
            if (Flag("q1")) flags |= 2;
            if (Flag("q2")) flags |= 4;
            Flag("q0");
            if (Flag("retain")) flags |= 1;
            Text(Value("topic=", ""));
            int id = Number("id=", -1);
            if (id >= 0) Short16(id);
            Block();
            Hex(Value("payload=", ""));
            return flags;
        }

        private static void Filters(int type)
        {
            Short16(Number("id=", 0));
            Block();
            while (word < words.Length)
            {
                Text(Value("filter=", ""));
                if (type == PacketType.Unsubscribe) continue;
                int options = 0;
                if (Flag("q1")) options |= 1;
                if (Flag("q2")) options |= 2;
                Flag("q0");
                if (Flag("nl")) options |= 4;
                if (Flag("rap")) options |= 8;
                if (Flag("rh1")) options |= 16;
                if (Flag("rh2")) options |= 32;
                Byte(options);
            }
        }

        private static void Connack()
        {
            Byte(Flag("present") ? 1 : 0);
            Hex(Value("reason=", "00"));
            Block();
        }

        // SUBACK and UNSUBACK: the reason codes stand at the end.
        private static void Answers()
        {
            Short16(Number("id=", 0));
            Block();
            while (word < words.Length) Hex(words[word++]);
        }

        // PUBACK to PUBCOMP, DISCONNECT, AUTH.
        private static void Short(int type)
        {
            if (type <= PacketType.Pubcomp) Short16(Number("id=", 0));
            string reason = Value("reason=", null);
            if (reason == null) return;
            Hex(reason);
            if (word < words.Length) Block();
        }

        // ---- Words

        private static bool Flag(string name)
        {
            if (word == words.Length || words[word] != name) return false;
            word++;
            return true;
        }

        private static string Value(string name, string otherwise)
        {
            if (word == words.Length || words[word].IndexOf(name) != 0) return otherwise;
            return words[word++].Substring(name.Length);
        }

        private static int Number(string name, int otherwise)
        {
            string value = Value(name, null);
            return value == null ? otherwise : int.Parse(value);
        }

        // ---- Bytes

        private static void Byte(int value)
        {
            packet[size++] = (byte)value;
        }

        private static void Short16(int value)
        {
            Byte(value >> 8);
            Byte(value);
        }

        private static void Text(string text)
        {
            Short16(text.Length);
            Add(Line.Ascii(text));
        }

        private static void Binary(string hex)
        {
            Short16(hex.Length / 2);
            Hex(hex);
        }

        private static void Hex(string hex)
        {
            Add(Line.Bytes(hex));
        }

        private static void Add(byte[] bytes)
        {
            for (int i = 0; i < bytes.Length; i++) packet[size++] = bytes[i];
        }

        // The properties in braces, if they stand here; nothing below MQTT 5.
        private static void Block()
        {
            int start = size;
            bool more = word < words.Length && words[word].IndexOf('{') == 0;
            bool first = true;
            while (more)
            {
                string text = words[word++];
                more = text.IndexOf('}') < 0;
                int from = first ? 1 : 0;
                first = false;
                int length = text.Length - from - (more ? 0 : 1);
                if (length > 0) Property(text.Substring(from, length));
            }
            blockSize = size - start;
            for (int i = 0; i < blockSize; i++) block[i] = packet[start + i];
            size = start;
            if (version < 5)
            {
                Assert.AreEqual(0, blockSize, "properties below MQTT 5");
                return;
            }
            VarInt(blockSize);
            for (int i = 0; i < blockSize; i++) packet[size++] = block[i];
        }

        private static void Property(string text)
        {
            int split = text.IndexOf('=');
            string name = text.Substring(0, split);
            string value = text.Substring(split + 1);
            for (int i = 0; i < properties.Length; i++)
            {
                string row = properties[i];
                int end = row.Length - 3;
                if (row.Substring(0, end) != name) continue;
                Hex(row.Substring(end, 2));
                Typed(row.Substring(end + 2), value);
                return;
            }
            Assert.AreEqual("a property's name", name);
        }

        private static void Typed(string type, string value)
        {
            if (type == "t") Text(value);
            else if (type == "x") Binary(value);
            else if (type == "b") Byte(int.Parse(value));
            else if (type == "s") Short16(int.Parse(value));
            else if (type == "v") VarInt(int.Parse(value));
            else if (type == "l")
            {
                uint number = uint.Parse(value);
                Short16((int)(number >> 16));
                Short16((int)number);
            }
            else
            {
                int colon = value.IndexOf(':');
                Text(value.Substring(0, colon));
                Text(value.Substring(colon + 1));
            }
        }

        private static void VarInt(int value)
        {
            while (value > 127)
            {
                Byte(value & 127 | 128);
                value >>= 7;
            }
            Byte(value);
        }
    }
}
