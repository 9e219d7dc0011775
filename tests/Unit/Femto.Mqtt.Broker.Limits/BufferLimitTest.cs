using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Limits of packets and buffers reached: who is told, with which reason code, and what counts it.
    /// </summary>
    [TestClass]
    public class BufferLimitTest
    {
        [TestMethod]
        public void PacketBytes()
        {
            Rig r = Rig.Tiny();
            int a = r.Subscriber("5 clean id=a", "filter=t");
            // Header 3, topic 3, properties 1.
            byte[] fits = r.Bytes(a, "PUBLISH topic=t payload=" + Rig.Hexes(249));
            Assert.AreEqual(256, fits.Length);
            r.Arrive(a, fits);
            r.Got(a, "PUBLISH q0 topic=t payload=" + Rig.Hexes(249));
            r.Send(a, "PUBLISH topic=t payload=" + Rig.Hexes(250));
            r.Told(a, "DISCONNECT reason=95 / CLOSED");
            r.Counts(Counter.ProtocolErrors, 1);
            r.End();
        }

        // It is enough to see the length.
        [TestMethod]
        public void PacketBytesAnnounced()
        {
            Rig r = Rig.Tiny();
            int a = r.Connect("5 clean id=a");
            r.Send(a, "HEX 30FE01");
            r.Told(a, "DISCONNECT reason=95 / CLOSED");
            int b = r.Connect("4 clean id=b");
            r.Ask(b, "HEX 30FE01", "CLOSED");
            int c = r.Connect("4 clean id=c");
            r.Ask(c, "HEX 30FD01", "");
            r.Counts(Counter.ProtocolErrors, 2);
            int d = r.Open();
            r.Ask(d, "HEX 10FE01", "CLOSED");
            r.Counts(Counter.ConnectsRefused, 1);
            r.End();
        }

        // What a client takes at most: larger messages are dropped for it alone.
        [TestMethod]
        public void MaximumPacketSizeOfAClient()
        {
            Rig r = Rig.Tiny();
            int a = r.Subscriber("5 clean {max=40} id=a", "filter=t q1");
            int b = r.Subscriber("5 clean id=b", "filter=t q1");
            string fits = Rig.Hexes(34); // header 2, topic 3, properties 1
            string fits1 = Rig.Hexes(32); // and an identifier
            r.Send(b, "PUBLISH topic=t payload=" + fits);
            r.Got(a, "PUBLISH q0 topic=t payload=" + fits);
            r.Ask(b, "PUBLISH topic=t payload=" + fits + "31", "PUBLISH q0 topic=t payload=" + fits
                + " / PUBLISH q0 topic=t payload=" + fits + "31");
            r.Got(a, "");
            r.Counts(Counter.DroppedTooLarge, 1);
            r.Send(b, "PUBLISH q1 topic=t id=1 payload=" + fits1 + "31 / PUBLISH q1 topic=t id=2 payload=" + fits1);
            r.Got(a, "PUBLISH q1 topic=t id=1 payload=" + fits1);
            r.Counts(Counter.DroppedTooLarge, 2);
            Assert.AreEqual(2, r.Lost("a"));
            Assert.AreEqual(0, r.Lost("b"));
            r.Send(a, "PUBACK id=1");
            r.All(b);
            r.End();
        }

        // Two of four cut packets have a receive buffer, the others wait; whoever keeps one too long is closed.
        [TestMethod]
        public void ReceiveBuffersWithRoom()
        {
            ReceiveBuffers(true);
        }

        [TestMethod]
        public void ReceiveBuffersWithoutRoom()
        {
            ReceiveBuffers(false);
        }

        private static void ReceiveBuffers(bool rooms)
        {
            Rig r = Rig.Tiny();
            r.Rooms = rooms;
            for (int c = 0; c < 4; c++) r.Connect("5 clean id=" + c.ToString());
            byte[] packet = r.Bytes(0, "PUBLISH q1 topic=t id=1 payload=" + Rig.Hexes(60));
            for (int c = 0; c < 4; c++)
            {
                for (int i = 0; i + 20 < packet.Length; i++) r.Arrive(c, new byte[] { packet[i] });
                r.Pass(1000);
            }
            Assert.AreEqual(0, r.Rest[0] + r.Rest[1]);
            Assert.IsTrue(r.Rest[2] > 0 && r.Rest[3] > 0, "two wait");
            r.Pass(5900);
            r.Counts(Counter.StalledClosed, 0);
            r.Pass(200);
            r.Told(0, "DISCONNECT reason=80 / CLOSED");
            r.Counts(Counter.StalledClosed, 1);
            Assert.AreEqual(0, r.Rest[2]); // it has the buffer now
            Assert.IsTrue(r.Rest[3] > 0, "one waits");
            byte[] rest = new byte[20];
            System.Array.Copy(packet, packet.Length - 20, rest, 0, 20);
            r.Arrive(2, rest);
            r.Got(2, "PUBACK id=1 reason=10"); // and leaves it to the last one
            Assert.AreEqual(0, r.Rest[3]);
            r.Pass(60000); // nobody waits: a cut packet may take its time
            r.Arrive(1, rest);
            r.Arrive(3, rest);
            r.Got(1, "PUBACK id=1 reason=10");
            r.Got(3, "PUBACK id=1 reason=10");
            r.Counts(Counter.StalledClosed, 1);
            r.End();
        }

        // Who waited for a buffer and then does not need it must not get it, or it would be closed for keeping it.
        [TestMethod]
        public void ReceiveBufferNoLongerNeeded()
        {
            Limits limits = Limits.Tiny();
            limits.AckQueue = 1;
            limits.ReceiveBuffers = 1;
            Rig r = new Rig(limits);
            int a = r.Connect("5 clean id=a");
            int b = r.Connect("5 clean id=b");
            int c = r.Connect("5 clean id=c");
            r.Stall(a);
            r.Send(b, "HEX 303C0001"); // has the only buffer...
            r.Arrive(b, new byte[30]);
            for (int i = 0; i < 64; i++) r.Send(a, "PINGREQ"); // 128 bytes to send
            r.Send(a, "PINGREQ");
            r.Send(a, "PUBLISH q1 topic=t id=1 payload=3132333435363738 / PINGREQ"); // 16 bytes, held
            r.TakeAll(a);
            r.All(a);
            r.Lose(b);
            r.Pass(1000);
            r.Send(c, "HEX 303C0001");
            r.Arrive(c, new byte[30]);
            r.Pass(60000);
            r.Counts(Counter.StalledClosed, 0);
            Assert.AreEqual(0, r.Rest[c]);
            r.Ask(a, "PINGREQ", "PINGRESP");
            r.End();
        }

        // Messages twice as large as the send buffer, taken byte by byte, at every QoS.
        [TestMethod]
        public void SendBytes()
        {
            for (int step = 1; step < 140; step = step * 3 + 1)
            {
                Rig r = Rig.Tiny();
                int s = r.Subscriber("5 clean id=s", "{sub=300} filter=# q2");
                int p = r.Connect("5 clean id=p");
                string large = Rig.Hexes(200);
                string small = Rig.Hexes(7);
                r.Stall(s);
                r.Send(p, "PUBLISH topic=t {user=a:b} payload=" + large + " / PUBLISH q1 topic=u id=1 payload=" + small
                    + " / PUBLISH q2 topic=v id=2 {expiry=9} payload=" + large);
                for (int i = 0; i < 600; i++) r.Take(s, step);
                r.Got(s, "PUBLISH q0 topic=t {sub=300 user=a:b} payload=" + large
                    + " / PUBLISH q1 topic=u id=1 {sub=300} payload=" + small
                    + " / PUBLISH q2 topic=v id=2 {expiry=9 sub=300} payload=" + large);
                r.Got(p, "PUBACK id=1 reason=00 / PUBREC id=2 reason=00");
                r.Send(s, "PUBACK id=1 / PUBREC id=2 / PUBCOMP id=2");
                r.Send(p, "PUBREL id=2");
                r.All(p);
                r.End();
            }
        }

        // The smallest send buffer that is allowed holds the answer to the fullest SUBSCRIBE; to the fullest
        // UNSUBSCRIBE it does not.
        [TestMethod]
        public void SendBytesForTheLongestAnswer()
        {
            Limits limits = Limits.Tiny();
            limits.PacketBytes = 1024;
            limits.QueueBlocks = 64;
            limits.Blocks = 64;
            limits.SendBytes = 64;
            limits.SubscriptionsPerSession = 0;
            while (BrokerMemory.Check(limits) != null) limits.SendBytes++;
            Rig r = new Rig(limits);
            int a = r.Connect("5 clean id=a");
            byte[] filters = new byte[1023];
            int at = 0;
            filters[at++] = 0xA2;
            filters[at++] = (byte)(1020 & 127 | 128);
            filters[at++] = 1020 >> 7;
            filters[at++] = 0;
            filters[at++] = 7;
            filters[at++] = 0;
            while (at < 1023)
            {
                filters[at + 1] = 1;
                filters[at + 2] = (byte)'x';
                at += 3;
            }
            r.Arrive(a, filters);
            r.Told(a, "DISCONNECT reason=83 / CLOSED");
            r.Counts(Counter.ProtocolErrors, 1);
            a = r.Connect("5 clean id=a");
            byte[] more = new byte[1022];
            at = 0;
            more[at++] = 0x82;
            more[at++] = (byte)(1019 & 127 | 128);
            more[at++] = 1019 >> 7;
            more[at++] = 0;
            more[at++] = 7;
            more[at++] = 0;
            while (at < 1022)
            {
                more[at + 1] = 1;
                more[at + 2] = (byte)'x';
                at += 4;
            }
            r.Arrive(a, more);
            Assert.AreEqual("90810200070000", r.Hex(a).Substring(0, 14));
            r.End();
        }

        // So many subscription identifiers that the head of the message would never fit the send buffer.
        [TestMethod]
        public void SendBytesForManyIdentifiers()
        {
            Limits limits = Limits.Tiny();
            limits.SendBytes = 64;
            limits.SubscriptionsPerSession = 0;
            while (BrokerMemory.Check(limits) != null) limits.SendBytes++;
            Rig r = new Rig(limits);
            int a = r.Connect("5 clean id=a");
            string topic = "a/b/c/456789012345678901234567890123456789012345";
            string[] filters = { "a/b/c/+", "a/b/+/+", "a/+/+/+", "+/+/+/+", "a/#", "a/b/#", "#", "+/#" };
            for (int i = 0; i < filters.Length; i++)
            {
                r.Ask(a, "SUBSCRIBE id=1 {sub=" + (268435000 + i).ToString() + "} filter=" + filters[i] + " q1",
                    "SUBACK id=1 01");
            }
            r.Ask(a, "PUBLISH q1 topic=" + topic + " id=1 payload=31", "PUBACK id=1 reason=00");
            r.Counts(Counter.DroppedTooLarge, 1);
            r.Send(a, "UNSUBSCRIBE id=1 filter=a/b/+/+ filter=a/+/+/+ filter=+/+/+/+ filter=a/# filter=a/b/# filter=#");
            r.All(a);
            r.Ask(a, "PUBLISH q1 topic=" + topic + " id=1 payload=31", "PUBLISH q1 topic=" + topic
                + " id=1 {sub=268435000 sub=268435007} payload=31 / PUBACK id=1 reason=00");
            r.Counts(Counter.DroppedTooLarge, 1);
            r.End();
        }

        // A client subscribes alone and as a member of groups: it gets the message for each, and the send buffer has
        // room for one of them.
        [TestMethod]
        public void SendBytesForSeveralCopies()
        {
            Rig r = Rig.Tiny();
            int a = r.Connect("5 clean id=a");
            r.Ask(a, "SUBSCRIBE id=1 filter=t filter=$share/g/t filter=$share/h/t", "SUBACK id=1 00 00 00");
            int p = r.Connect("5 clean id=p");
            for (int size = 1; size < 240; size++)
            {
                string payload = " payload=" + Rig.Hexes(size);
                r.Send(p, "PUBLISH topic=t" + payload);
                string one = "PUBLISH q0 topic=t" + payload;
                r.Got(a, one + " / " + one + " / " + one);
            }
            r.End();
        }

        // Acknowledgements that cannot leave: the queue takes two, then the client is held, and nothing is lost.
        [TestMethod]
        public void AckQueue()
        {
            Rig r = Rig.Tiny();
            int a = r.Connect("4 clean id=a");
            r.Stall(a);
            for (int id = 1; id <= 40; id++) r.Send(a, "PUBLISH q1 topic=t id=" + id.ToString());
            Assert.AreEqual(34, r.Broker.Counters[Counter.PublishReceived]); // 128 / 4 + 2
            r.Counts(Counter.Held, 0);
            r.Pass(30000);
            Assert.IsTrue(r.IsOpen(a));
            r.TakeAll(a);
            for (int id = 1; id <= 40; id++) Assert.AreEqual("PUBACK id=" + id.ToString() + " reason=00", r.Next(a));
            r.Got(a, "");
            r.End();
        }

        // Who takes nothing at all is closed in the end.
        [TestMethod]
        public void SendMs()
        {
            Rig r = Rig.Tiny();
            int a = r.Connect("5 clean id=a");
            r.Stall(a);
            r.Send(a, "PINGREQ");
            r.Pass(59000);
            Assert.IsTrue(r.IsOpen(a));
            r.Take(a, 1);
            r.Pass(59000);
            Assert.IsTrue(r.IsOpen(a));
            r.Pass(66000);
            r.Counts(Counter.StalledClosed, 1);
            Assert.IsFalse(r.IsOpen(a));
            r.End();
        }

        [TestMethod]
        public void ConnectMs()
        {
            Rig r = Rig.Tiny();
            int a = r.Open();
            r.Send(a, "HEX 1020");
            r.Pass(9999);
            Assert.IsTrue(r.IsOpen(a));
            r.Pass(1);
            r.Got(a, "CLOSED");
            r.Counts(Counter.ConnectsRefused, 1);
            r.End();
        }

        [TestMethod]
        public void SendWindow()
        {
            Rig r = Rig.Tiny();
            int s = r.Subscriber("5 clean id=s", "filter=t q1");
            int one = r.Subscriber("5 clean {receive=1} id=one", "filter=t q2");
            int p = r.Connect("5 clean id=p");
            for (int i = 1; i <= 3; i++)
            {
                r.Send(p, "PUBLISH q2 topic=t id=" + i.ToString() + " payload=3" + i.ToString());
            }
            r.Got(s, "PUBLISH q1 topic=t id=1 payload=31 / PUBLISH q1 topic=t id=2 payload=32");
            r.Got(one, "PUBLISH q2 topic=t id=1 payload=31");
            r.Ask(s, "PUBACK id=2", "PUBLISH q1 topic=t id=3 payload=33");
            r.Ask(one, "PUBREC id=1", "PUBREL id=1 reason=00"); // still one on its way
            r.Ask(one, "PUBCOMP id=1", "PUBLISH q2 topic=t id=2 payload=32");
            r.Ask(one, "PUBREC id=2 reason=80", "PUBLISH q2 topic=t id=3 payload=33");
            r.Send(p, "PUBREL id=1 / PUBREL id=2 / PUBREL id=3");
            r.All(p);
            r.Counts(Counter.Downgraded, 3);
            r.End();
        }

        [TestMethod]
        public void ReceiveMaximum()
        {
            Rig r = Rig.Tiny();
            int a = r.Connect("5 clean id=a");
            r.Ask(a, "PUBLISH q2 topic=t id=1 / PUBLISH q2 topic=t id=2 / PUBLISH q2 topic=t id=3",
                "PUBREC id=1 reason=10 / PUBREC id=2 reason=10 / PUBREC id=3 reason=10");
            r.Ask(a, "PUBLISH dup q2 topic=t id=2", "PUBREC id=2 reason=00"); // known: not one more
            r.Ask(a, "PUBREL id=1", "PUBCOMP id=1 reason=00");
            r.Ask(a, "PUBLISH q2 topic=t id=4", "PUBREC id=4 reason=10");
            r.Send(a, "PUBLISH q1 topic=t id=5");
            r.Told(a, "DISCONNECT reason=93 / CLOSED");
            r.Counts(Counter.ProtocolErrors, 1);
            r.Counts(Counter.Held, 0);
            r.End();
        }

        // A 3.1.1 client does not know the maximum: it is held until it has released a message, or closed in the end.
        [TestMethod]
        public void ReceiveMaximumOf311()
        {
            Rig r = Rig.Tiny();
            int a = r.Connect("4 clean id=a");
            r.Ask(a, "PUBLISH q2 topic=t id=1 / PUBLISH q2 topic=t id=2 / PUBLISH q2 topic=t id=3",
                "PUBREC id=1 reason=00 / PUBREC id=2 reason=00 / PUBREC id=3 reason=00");
            r.Ask(a, "PUBLISH q2 topic=t id=4 / PUBLISH q1 topic=t id=5", "");
            r.Counts(Counter.Held, 1);
            r.Pass(1000);
            r.Ask(a, "PUBREL id=2", "PUBCOMP id=2 reason=00 / PUBREC id=4 reason=00");
            r.Pass(1999);
            Assert.IsTrue(r.IsOpen(a), "identifier 5 waits now, with a time of its own");
            r.Pass(1);
            r.Got(a, "CLOSED");
            r.Counts(Counter.ProtocolErrors, 1);
            r.End();
        }

        // PUBACKs that could not leave count as well; once they do, the client goes on at once.
        [TestMethod]
        public void ReceiveMaximumAtQos1()
        {
            Limits limits = Limits.Tiny();
            limits.AckQueue = 8;
            Rig r = new Rig(limits);
            int a = r.Connect("4 clean id=a");
            r.Stall(a);
            for (int id = 1; id <= 32; id++) r.Send(a, "PUBLISH q1 topic=t id=" + id.ToString());
            r.Send(a, "PUBLISH q1 topic=t id=33 / PUBLISH q1 topic=t id=34 / PUBLISH q1 topic=t id=35");
            r.Counts(Counter.PublishReceived, 35);
            r.Send(a, "PUBLISH q1 topic=t id=36");
            r.Counts(Counter.PublishReceived, 35);
            r.Pass(10000);
            Assert.IsTrue(r.IsOpen(a), "it is we who do not send");
            r.TakeAll(a);
            r.Counts(Counter.PublishReceived, 36);
            for (int id = 1; id <= 36; id++) Assert.AreEqual("PUBACK id=" + id.ToString() + " reason=00", r.Next(a));
            r.Counts(Counter.ProtocolErrors, 0);
            r.End();
        }

        // Three that always have half a packet on its way, and one large buffer: they take turns.
        [TestMethod]
        public void ReceiveBuffersInTurn()
        {
            for (int rooms = 0; rooms < 2; rooms++)
            {
                Limits limits = Limits.Tiny();
                limits.ReceiveBuffers = 1;
                Rig r = new Rig(limits);
                r.Rooms = rooms == 1;
                for (int c = 0; c < 3; c++) r.Connect("5 clean id=c" + c.ToString());
                byte[] packet = r.Bytes(0, "PUBLISH topic=t payload=" + Rig.Hexes(60));
                byte[] first = new byte[40];
                byte[] rest = new byte[packet.Length]; // the end of one and the first part of the next
                Array.Copy(packet, 0, first, 0, 40);
                Array.Copy(packet, 40, rest, 0, packet.Length - 40);
                Array.Copy(packet, 0, rest, packet.Length - 40, 40);
                for (int c = 0; c < 3; c++) r.Arrive(c, first);
                for (int i = 0; i < 30; i++)
                {
                    for (int c = 0; c < 3; c++)
                    {
                        if (r.Rest[c] == 0) r.Arrive(c, rest);
                    }
                }
                Assert.IsTrue(r.Broker.Counters[Counter.PublishReceived] >= 80, "nobody is left out");
                r.End();
            }
        }

        // While a connection waits for a receive buffer nobody reads from it: its keep-alive begins anew.
        [TestMethod]
        public void KeepAliveAfterWaiting()
        {
            Limits limits = Limits.Tiny();
            limits.ReceiveBuffers = 1;
            Rig r = new Rig(limits);
            int a = r.Connect("5 clean id=a");
            int b = r.Connect("5 clean keep=2 id=b");
            byte[] packet = r.Bytes(a, "PUBLISH q1 topic=t id=1 payload=" + Rig.Hexes(60));
            byte[] some = new byte[40];
            byte[] rest = new byte[packet.Length - 40];
            System.Array.Copy(packet, 0, some, 0, 40);
            System.Array.Copy(packet, 40, rest, 0, rest.Length);
            r.Arrive(a, some);
            r.Arrive(b, some);
            Assert.IsTrue(r.Rest[b] > 0, "waits");
            r.Pass(2900);
            r.Arrive(a, rest);
            Assert.AreEqual(0, r.Rest[b]);
            r.Pass(2900);
            Assert.IsTrue(r.IsOpen(b), "it was read again 2.9 s ago");
            r.Arrive(b, rest);
            r.Got(b, "PUBACK id=1 reason=10");
            r.Ignore(a);
            r.End();
        }
    }
}
