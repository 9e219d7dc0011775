using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>What encoding does that no decoded vector asks for.</summary>
    [TestClass]
    public class EncodeTest
    {
        private static readonly byte[] buffer = new byte[600];
        private static readonly PacketWriter w = new PacketWriter();

        private static string Written()
        {
            Line.Clear();
            Line.Hex(buffer, 0, w.Offset);
            return Line.Text();
        }

        private static Properties Some()
        {
            Properties p = new Properties();
            p.Present = Has.ReasonString;
            p.Buffer = Line.Ascii("why");
            p.ReasonStringLength = 3;
            return p;
        }

        /// <summary>The broker fills in one object for both versions: 3.1.1 gets its own form.</summary>
        [TestMethod]
        public void Version311LeavesOutWhatItDoesNotHave()
        {
            Ack ack = new Ack(Some());
            ack.Type = PacketType.Pubrec;
            ack.PacketId = 5;
            ack.Reason = ReasonCode.QuotaExceeded;
            w.Open(buffer, 0, ack.Size(4));
            ack.Encode(w, 4);
            Assert.AreEqual("50020005", Written());
            Disconnect disconnect = new Disconnect(Some());
            disconnect.Reason = ReasonCode.ServerBusy;
            w.Open(buffer, 0, disconnect.Size(4));
            disconnect.Encode(w, 4);
            Assert.AreEqual("E000", Written());
            Suback suback = new Suback(Some());
            suback.Type = PacketType.Unsuback;
            suback.PacketId = 5;
            suback.Buffer = new byte[] { 0, 0x11 };
            suback.Count = 2;
            w.Open(buffer, 0, suback.Size(4));
            suback.Encode(w, 4);
            Assert.AreEqual("B0020005", Written());
            suback.Type = PacketType.Suback;
            w.Open(buffer, 0, suback.Size(4));
            suback.Encode(w, 4);
            Assert.AreEqual("900400050011", Written());
            Connack connack = new Connack(Some());
            connack.Reason = 5;
            w.Open(buffer, 0, connack.Size(4));
            connack.Encode(w, 4);
            Assert.AreEqual("20020005", Written());
        }

        /// <summary>A head announces a payload that stands elsewhere: the sizes of the remaining length.</summary>
        [TestMethod]
        public void PublishHead()
        {
            Publish publish = new Publish(new Properties(), null);
            publish.Buffer = Line.Ascii("a/b");
            publish.TopicLength = 3;
            Head(publish, 0, "3005" + "0003612F62");
            Head(publish, 122, "307F" + "0003612F62");
            Head(publish, 123, "308001" + "0003612F62");
            Head(publish, 16378, "30FF7F" + "0003612F62");
            Head(publish, 16379, "30808001" + "0003612F62");
            Head(publish, 2097146, "30FFFF7F" + "0003612F62");
            Head(publish, 2097147, "3080808001" + "0003612F62");
            Head(publish, FixedHeader.RemainingLengthMax - 5, "30FFFFFF7F" + "0003612F62");
            publish.Qos = 2;
            publish.PacketId = 0xABCD;
            publish.Dup = true;
            publish.Retain = true;
            Head(publish, 1, "3D08" + "0003612F62" + "ABCD");
        }

        private static void Head(Publish publish, int payloadLength, string expected)
        {
            publish.PayloadLength = payloadLength;
            w.Open(buffer, 0, expected.Length / 2);
            publish.EncodeHead(w, 4);
            Assert.AreEqual(expected, Written());
            Assert.AreEqual(expected.Length / 2 + payloadLength, publish.Size(4));
        }

        /// <summary>Lengths above 255 in both directions.</summary>
        [TestMethod]
        public void LongTopicAndPayload()
        {
            byte[] text = new byte[560];
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (byte)(i % 100 == 99 ? '/' : 'a' + i % 26);
            }
            Publish publish = new Publish(new Properties(), null);
            publish.Buffer = text;
            publish.TopicOffset = 1;
            publish.TopicLength = 300;
            publish.PayloadOffset = 301;
            publish.PayloadLength = 259;
            int size = publish.Size(4);
            Assert.AreEqual(3 + 2 + 300 + 259, size);
            w.Open(buffer, 0, size);
            publish.Encode(w, 4);
            Assert.AreEqual(size, w.Offset);
            PacketCodec.Decode(buffer, 0, size, 4);
            publish = PacketCodec.Publish;
            Assert.AreEqual(300, publish.TopicLength);
            Assert.AreEqual(259, publish.PayloadLength);
            Assert.AreEqual(4, publish.Path.Levels);
            for (int i = 0; i < 559; i++)
            {
                Assert.AreEqual(text[1 + i], buffer[publish.TopicOffset + i]);
            }
        }

        /// <summary>The broker forwards a raw block without what changes: it must know where that stands.</summary>
        [TestMethod]
        public void PlacesOfWhatIsReplaced()
        {
            PropertiesIn("0300017802000000052300010100", PacketType.Publish);
            Assert.AreEqual(PropertyId.MessageExpiry, (int)buffer[p.MessageExpiryOffset]);
            Assert.AreEqual(5, p.MessageExpiryOffset);
            Assert.AreEqual(10, p.TopicAliasOffset);
            Assert.AreEqual(PropertyId.TopicAlias, (int)buffer[p.TopicAliasOffset]);
            Assert.AreEqual(1, p.BlockOffset);
            Assert.AreEqual(15 - 1, p.BlockLength);
            PropertiesIn("010118000000020200000001", PacketType.Will);
            Assert.AreEqual(3, p.WillDelayOffset);
            Assert.AreEqual(8, p.MessageExpiryOffset);
        }

        private static readonly Properties p = new Properties();

        private static void PropertiesIn(string block, int packet)
        {
            byte[] bytes = Line.Bytes("00" + block);
            bytes[0] = (byte)(bytes.Length - 1);
            Array.Copy(bytes, 0, buffer, 0, bytes.Length);
            PacketReader r = new PacketReader();
            r.Open(buffer, 0, bytes.Length, 5);
            p.Decode(r, packet);
            Assert.AreEqual((int)Fault.None, (int)r.Fault);
            Assert.AreEqual(bytes.Length, r.Offset);
        }

        /// <summary>A block without its length, to which the caller adds properties of its own.</summary>
        [TestMethod]
        public void PropertiesWithoutTheirLength()
        {
            Properties some = Some();
            Assert.AreEqual(6, some.ContentSize(PacketType.Puback));
            w.Open(buffer, 0, 6);
            some.EncodeContent(w, PacketType.Puback);
            Assert.AreEqual("1F0003776879", Written());
            Assert.AreEqual(0, some.ContentSize(PacketType.Publish));
            some.Clear();
            Assert.AreEqual(0, some.ContentSize(PacketType.Puback));
            w.Open(buffer, 0, 0);
            some.EncodeContent(w, PacketType.Puback);
            Assert.AreEqual(0, w.Offset);
        }

        [TestMethod]
        public void PingsAreWhole()
        {
            Assert.AreEqual(Ping.Size, Ping.Request.Length);
            Assert.AreEqual(0xC0, (int)Ping.Request[0]);
            Assert.AreEqual(0, (int)Ping.Request[1]);
            Assert.AreEqual(Ping.Size, Ping.Response.Length);
            Assert.AreEqual(0xD0, (int)Ping.Response[0]);
            Assert.AreEqual(0, (int)Ping.Response[1]);
        }
    }
}
