using System;
using System.Text;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// A topic published again and again is compared with the last one instead of taken apart and searched for: the
    /// message must reach the same sessions as the first time, whatever happened in between.
    /// </summary>
    [TestClass]
    public class TopicMemoryTest
    {
        private const string Topic = "building/floor-07/tempsensor";

        private static Broker broker;
        private static byte[] packet = new byte[256];
        private static int nowMs;

        [TestMethod]
        public void ANewSubscriptionIsFound()
        {
            int publisher = Start();
            int one = Connect("one");
            Subscribe(one, Topic);
            for (int i = 0; i < 4; i++)
            {
                Publish(publisher, Topic, 0);
                Assert.AreEqual(1, Received(one));
            }

            int two = Connect("two");
            Subscribe(two, "building/+/tempsensor");
            Publish(publisher, Topic, 0);
            Assert.AreEqual(1, Received(one));
            Assert.AreEqual(1, Received(two));
            Unsubscribe(one, Topic);
            Publish(publisher, Topic, 0);
            Assert.AreEqual(0, Received(one));
            Assert.AreEqual(1, Received(two));
            broker.Invariants();
        }

        [TestMethod]
        public void ASessionThatEndsIsLeftOut()
        {
            int publisher = Start();
            int one = Connect("one");
            Subscribe(one, Topic);
            for (int i = 0; i < 3; i++) Publish(publisher, Topic, 0);
            Assert.AreEqual(3, Received(one));
            broker.Closed(one, nowMs);
            int two = Connect("two");
            Assert.AreEqual(one, two);
            Publish(publisher, Topic, 0);
            Assert.AreEqual(0, Received(two));
            Subscribe(two, "other");
            Publish(publisher, Topic, 0);
            Assert.AreEqual(0, Received(two));
            broker.Invariants();
        }

        [TestMethod]
        public void ATopicThatDiffersInOneByteIsAnother()
        {
            int publisher = Start();
            int one = Connect("one");
            Subscribe(one, Topic);
            byte[] name = Encoding.UTF8.GetBytes(Topic);
            for (int i = 0; i < 3; i++) Publish(publisher, Topic, 0);
            Assert.AreEqual(3, Received(one));
            for (int i = 0; i < name.Length; i++)
            {
                byte was = name[i];
                name[i] = (byte)'x';
                Publish(publisher, name, 0);
                Assert.AreEqual(0, Received(one), "byte " + i.ToString());
                name[i] = was;
                Publish(publisher, name, 0);
                Assert.AreEqual(1, Received(one), "byte " + i.ToString());
            }
        }

        [TestMethod]
        public void ARetainedMessageOnTheSameTopicIsKept()
        {
            int publisher = Start();
            for (int i = 0; i < 4; i++) Publish(publisher, Topic, 0);
            Publish(publisher, "other/topic", 0);
            Publish(publisher, Topic, 1);
            int one = Connect("one");
            Assert.AreEqual(1, Subscribe(one, "building/#"));
            Publish(publisher, "other/topic", 1);
            Publish(publisher, Topic, 0);
            Assert.AreEqual(1, Received(one));
            int two = Connect("two");
            Assert.AreEqual(2, Subscribe(two, "#"));
            broker.Invariants();
        }

        [TestMethod]
        public void TopicsInTurnAndLongOnesAndThoseOfTheSystem()
        {
            int publisher = Start();
            int one = Connect("one");
            string longTopic = Topic + "/" + Topic;
            Subscribe(one, Topic);
            Subscribe(one, longTopic);
            Subscribe(one, "$own/topic");
            string[] topics = { Topic, Topic, longTopic, longTopic, Topic, "$own/topic", "$own/topic", Topic, Topic };
            for (int i = 0; i < 5; i++)
            {
                for (int k = 0; k < topics.Length; k++)
                {
                    Publish(publisher, topics[k], 0);
                    Assert.AreEqual(1, Received(one), topics[k]);
                    Publish(publisher, "nobody", 0);
                }
            }

            Subscribe(one, "#");
            for (int i = 0; i < 3; i++)
            {
                Publish(publisher, Topic, 0);
                Assert.AreEqual(1, Received(one)); // once for each message, whatever matched
                Publish(publisher, "$own/other", 0);
                Assert.AreEqual(0, Received(one)); // [MQTT-4.7.2-1]
            }
        }

        [TestMethod]
        public void MembersOfAGroupStillTakeTurns()
        {
            int publisher = Start();
            int one = Connect("one");
            int two = Connect("two");
            Subscribe(one, "$share/g/" + Topic);
            Subscribe(two, "$share/g/" + Topic);
            for (int i = 0; i < 8; i++) Publish(publisher, Topic, 0);
            Assert.AreEqual(4, Received(one));
            Assert.AreEqual(4, Received(two));
        }

        [TestMethod]
        public void EachConnectionHasItsOwn()
        {
            int publisher = Start();
            int other = Connect("other");
            int one = Connect("one");
            Subscribe(one, "a/b");
            for (int i = 0; i < 4; i++)
            {
                Publish(publisher, "a/b", 0);
                Publish(other, "a/c", 0);
                Assert.AreEqual(1, Received(one));
            }
        }

        private static int Start()
        {
            nowMs = 1000;
            broker = new Broker(Limits.Esp32(), 7);
            return Connect("publisher");
        }

        private static int Connect(string id)
        {
            int c = broker.Open(nowMs, 0, null, 0, 0);
            byte[] head = { 0x10, 0, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 0 };
            Array.Copy(head, 0, packet, 0, head.Length);
            Feed(c, Text(head.Length, Encoding.UTF8.GetBytes(id)));
            Received(c);
            return c;
        }

        // Returns the retained messages that came.
        private static int Subscribe(int c, string filter)
        {
            packet[0] = 0x82;
            packet[2] = 0;
            packet[3] = 1;
            int end = Text(4, Encoding.UTF8.GetBytes(filter));
            packet[end] = 0;
            Feed(c, end + 1);
            return Received(c);
        }

        private static void Unsubscribe(int c, string filter)
        {
            packet[0] = 0xA2;
            packet[2] = 0;
            packet[3] = 2;
            Feed(c, Text(4, Encoding.UTF8.GetBytes(filter)));
            Received(c);
        }

        private static void Publish(int c, string topic, int retain)
        {
            Publish(c, Encoding.UTF8.GetBytes(topic), retain);
        }

        private static void Publish(int c, byte[] topic, int retain)
        {
            packet[0] = (byte)(0x30 | retain);
            int end = Text(2, topic);
            packet[end] = (byte)'1';
            Feed(c, end + 1);
        }

        private static int Text(int at, byte[] text)
        {
            packet[at] = 0;
            packet[at + 1] = (byte)text.Length;
            Array.Copy(text, 0, packet, at + 2, text.Length);
            return at + 2 + text.Length;
        }

        private static void Feed(int c, int length)
        {
            packet[1] = (byte)(length - 2);
            nowMs++;
            Assert.AreEqual(length, broker.Feed(c, packet, 0, length, nowMs));
        }

        // Takes all that waits for a connection and counts the PUBLISH packets.
        private static int Received(int c)
        {
            int count = 0;
            for (int round = 0; round < 4; round++)
            {
                while (broker.NextReady() >= 0)
                {
                }

                byte[] buffer;
                int offset;
                bool close;
                int length = broker.Pending(c, out buffer, out offset, out close);
                int end = offset + length;
                for (int at = offset; at < end; at += 2 + buffer[at + 1])
                {
                    if (buffer[at] >> 4 == 3) count++;
                }

                broker.Sent(c, length, nowMs);
            }

            return count;
        }
    }
}
