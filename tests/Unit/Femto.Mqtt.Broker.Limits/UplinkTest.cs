using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The broker's end of a bridge: its spool, its policies, messages that come round.</summary>
    [TestClass]
    public class UplinkTest
    {
        private static Uplink Make(Rig r, int messages, int blocks, int policy)
        {
            Uplink u = new Uplink(r.Broker, Text("bridge"), messages, blocks, policy, 4);
            byte[] filter = Text("up/#");
            Assert.AreEqual(Fault.None, u.Subscribe(filter, 0, filter.Length, 2 | 8));
            return u;
        }

        private static byte[] Text(string text)
        {
            byte[] bytes = new byte[text.Length];
            for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)text[i];
            return bytes;
        }

        // The first payload bytes of what waits in the spool.
        private static string Spool(Uplink u)
        {
            string all = "";
            byte[] buffer = new byte[64];
            for (int row = u.Deliveries.First[u.Session]; row != 0; row = u.Deliveries.Next[row])
            {
                int message = u.Deliveries.Message[row];
                u.Pool.Seek(message);
                u.Pool.Read(buffer, 0, u.Pool.Length[message]);
                int b = buffer[u.Pool.TopicLength[message] + u.Pool.PropertiesLength[message]];
                all += Digits.Substring(b >> 4, 1) + Digits.Substring(b & 15, 1) + " ";
            }
            return all;
        }

        private const string Digits = "0123456789ABCDEF";

        // As the client session does: the first message was sent and acknowledged.
        private static void Acknowledge(Uplink u)
        {
            int row = u.Deliveries.NextToSend(u.Session);
            u.Deliveries.Sent(u.Session, row);
            u.Deliveries.InFlight[u.Session]--;
            u.Deliveries.Remove(u.Session, 0, row);
            u.Progress();
        }

        // CONNECT of a bridge as Mosquitto's: level 0x84.
        private static int Bridge(Rig r, string id)
        {
            int c = r.Open();
            byte[] connect = r.Bytes(c, "CONNECT 4 clean id=" + id);
            Assert.AreEqual(4, (int)connect[8]);
            connect[8] = 0x84;
            r.Arrive(c, connect);
            Assert.AreEqual("CONNACK reason=00", r.Next(c));
            return c;
        }

        private static Fault FromAbove(Uplink u, string topic, int payload, int qos)
        {
            byte[] name = Text(topic);
            byte[] bytes = { (byte)payload };
            return u.Publish(name, 0, name.Length, bytes, 0, 1, qos, false, null, true);
        }

        [TestMethod]
        public void SpooledBeforeItIsAcknowledged()
        {
            Rig r = Rig.Tiny();
            Uplink u = Make(r, 4, 8, SpoolPolicy.Hold);
            int p = r.Connect("5 clean id=p");
            r.Ask(p, "PUBLISH q1 topic=up/a id=1 payload=A1", "PUBACK id=1 reason=00");
            r.Ask(p, "PUBLISH q2 topic=up/b id=2 payload=A2", "PUBREC id=2 reason=00");
            r.Ask(p, "PUBLISH q1 topic=other id=3 payload=A3", "PUBACK id=3 reason=10");
            Assert.AreEqual("A1 A2 ", Spool(u));
            Assert.IsTrue(u.Arrived);
            Assert.AreEqual(1, u.Deliveries.Flags[u.Deliveries.First[u.Session]] & 3);
        }

        [TestMethod]
        public void Qos0OnlyOnlineAndOnlyInHalf()
        {
            Rig r = Rig.Tiny();
            Uplink u = Make(r, 4, 8, SpoolPolicy.DropOldest);
            int p = r.Connect("5 clean id=p");
            r.Send(p, "PUBLISH q0 topic=up/a payload=01");
            Assert.AreEqual("", Spool(u));
            r.Counts(Counter.DroppedOffline, 1);
            u.Online = true;
            r.Send(p, "PUBLISH q0 topic=up/a payload=02");
            r.Ask(p, "PUBLISH q1 topic=up/a id=1 payload=A1", "PUBACK id=1 reason=00");
            r.Send(p, "PUBLISH q0 topic=up/a payload=03");
            r.Counts(Counter.DroppedQueueFull, 1);
            Assert.AreEqual("02 A1 ", Spool(u));
            u.Offline();
            Assert.AreEqual("A1 ", Spool(u));
            r.Counts(Counter.DroppedOffline, 2);
        }

        [TestMethod]
        public void HoldThenRefuse()
        {
            Rig r = Rig.Tiny();
            Uplink u = Make(r, 2, 8, SpoolPolicy.Hold);
            int p = r.Connect("5 clean id=p");
            r.Ask(p, "PUBLISH q1 topic=up/a id=1 payload=A1", "PUBACK id=1 reason=00");
            r.Ask(p, "PUBLISH q1 topic=up/a id=2 payload=A2", "PUBACK id=2 reason=00");
            r.Send(p, "PUBLISH q1 topic=up/a id=3 payload=A3");
            Assert.IsFalse(r.Has(p), "held");
            Acknowledge(u);
            r.Run();
            Assert.AreEqual("PUBACK id=3 reason=00", r.Next(p));
            Assert.AreEqual("A2 A3 ", Spool(u));
            r.Send(p, "PUBLISH q1 topic=up/a id=4 payload=A4");
            Assert.IsFalse(r.Has(p), "held again");
            r.Pass(r.Broker.Limits.HoldMs);
            Assert.AreEqual("PUBACK id=4 reason=97", r.Next(p).Substring(0, 21));
            r.Counts(Counter.RefusedSpoolFull, 1);
            // No second wait until the spool has emptied to half.
            r.Send(p, "PUBLISH q1 topic=up/a id=5 payload=A5");
            Assert.AreEqual("PUBACK id=5 reason=97", r.Next(p).Substring(0, 21));
            Acknowledge(u);
            r.Run();
            r.Ask(p, "PUBLISH q1 topic=up/a id=6 payload=A6", "PUBACK id=6 reason=00");
            Assert.AreEqual("A3 A6 ", Spool(u));
        }

        [TestMethod]
        public void DropOldest()
        {
            Rig r = Rig.Tiny();
            Uplink u = Make(r, 3, 8, SpoolPolicy.DropOldest);
            int p = r.Connect("5 clean id=p");
            for (int i = 1; i <= 5; i++)
            {
                r.Ask(p, "PUBLISH q1 topic=up/a id=1 payload=A" + i, "PUBACK id=1 reason=00");
            }
            Assert.AreEqual("A3 A4 A5 ", Spool(u));
            r.Counts(Counter.DroppedQueueFull, 2);
            // What is on its way stays.
            u.Deliveries.Sent(u.Session, u.Deliveries.NextToSend(u.Session));
            r.Ask(p, "PUBLISH q1 topic=up/a id=1 payload=A6", "PUBACK id=1 reason=00");
            Assert.AreEqual("A3 A5 A6 ", Spool(u));
        }

        [TestMethod]
        public void KeepTheLatestOfEachTopic()
        {
            Rig r = Rig.Tiny();
            Uplink u = Make(r, 3, 8, SpoolPolicy.KeepLatest);
            int p = r.Connect("5 clean id=p");
            r.Ask(p, "PUBLISH q1 topic=up/a id=1 payload=A1", "PUBACK id=1 reason=00");
            r.Ask(p, "PUBLISH q1 topic=up/b id=1 payload=B1", "PUBACK id=1 reason=00");
            r.Ask(p, "PUBLISH q1 topic=up/c id=1 payload=C1", "PUBACK id=1 reason=00");
            r.Ask(p, "PUBLISH q1 topic=up/b id=1 payload=B2", "PUBACK id=1 reason=00");
            Assert.AreEqual("A1 C1 B2 ", Spool(u));
            r.Ask(p, "PUBLISH q1 topic=up/d id=1 payload=D1", "PUBACK id=1 reason=00");
            Assert.AreEqual("C1 B2 D1 ", Spool(u), "no message of the topic: the oldest goes");
            r.Counts(Counter.DroppedQueueFull, 2);
        }

        [TestMethod]
        public void NobodyTakesItsSession()
        {
            Rig r = Rig.Tiny();
            Uplink u = Make(r, 3, 8, SpoolPolicy.Hold);
            int c = r.Open();
            r.Send(c, "CONNECT 5 clean id=bridge");
            Assert.AreEqual("CONNACK reason=85", r.Next(c).Substring(0, 17));
            // Sessions enough to fill the table: the uplink's is not the one that makes room.
            for (int i = 0; i < r.Broker.Limits.Sessions + 2; i++)
            {
                int s = r.Connect("5 {session=3600} id=s" + i);
                r.Lose(s);
            }
            int p = r.Connect("5 clean id=p");
            r.Ask(p, "PUBLISH q1 topic=up/a id=1 payload=A1", "PUBACK id=1 reason=00");
            Assert.AreEqual("A1 ", Spool(u));
        }

        [TestMethod]
        public void FromAboveToSubscribersAndNotBackUp()
        {
            Rig r = Rig.Tiny();
            Uplink u = Make(r, 3, 8, SpoolPolicy.Hold);
            int s = r.Subscriber("5 clean id=s", "filter=up/+ q1");
            Assert.AreEqual(Fault.None, FromAbove(u, "up/a", 0x77, 1));
            r.Run();
            Assert.AreEqual("PUBLISH q1 topic=up/a id=1 payload=77", r.Next(s));
            Assert.AreEqual("", Spool(u), "no local");
            Assert.AreEqual(Fault.TopicNameInvalid, FromAbove(u, "up/#", 1, 1));
        }

        [TestMethod]
        public void RetainedOnesWhenAskedFor()
        {
            Rig r = Rig.Tiny();
            Uplink u = Make(r, 3, 8, SpoolPolicy.Hold);
            int p = r.Connect("5 clean id=p");
            r.Ask(p, "PUBLISH q1 retain topic=up/a id=1 payload=A1", "PUBACK id=1 reason=00");
            Acknowledge(u);
            Assert.AreEqual("", Spool(u));
            u.ReplayRetained();
            Assert.IsTrue(u.Pull());
            Assert.AreEqual("A1 ", Spool(u));
            Assert.AreEqual(4, u.Deliveries.Flags[u.Deliveries.First[u.Session]] & 4, "RETAIN");
            Acknowledge(u);
            Assert.IsFalse(u.Pull());
        }

        // What a bridge does while it sends: tells the uplink, then sends.
        private static void Up(Uplink u, string topic)
        {
            int row = u.Deliveries.NextToSend(u.Session);
            int message = u.Deliveries.Message[row];
            byte[] name = Text(topic);
            u.Pool.Seek(message);
            u.Pool.Skip(name.Length);
            int block = u.Pool.ReadBlock;
            int offset = u.Pool.ReadOffset;
            u.GoesUp(name, name.Length);
            Assert.AreEqual(block, u.Pool.ReadBlock, "the reader is moved");
            Assert.AreEqual(offset, u.Pool.ReadOffset, "the reader is moved");
            Acknowledge(u);
        }

        [TestMethod]
        public void ComesRoundThroughAnotherBridge()
        {
            Rig r = Rig.Tiny();
            Uplink u = Make(r, 4, 8, SpoolPolicy.Hold);
            int s = r.Subscriber("5 clean id=s", "filter=up/+");
            int b = Bridge(r, "b");
            int p = r.Connect("5 clean id=p");
            r.Ask(p, "PUBLISH q1 topic=up/a id=1 payload=A1", "PUBACK id=1 reason=00");
            Assert.AreEqual("PUBLISH q0 topic=up/a payload=A1", r.Next(s));
            Up(u, "up/a");
            r.Ask(b, "PUBLISH q1 topic=up/a id=1 payload=A1", "PUBACK id=1 reason=00");
            Assert.IsFalse(r.Has(s), "it came round");
            Assert.AreEqual("", Spool(u));
            r.Counts(Counter.LoopsStopped, 1);
            // Once for each that went up; another payload, and the publisher's own repetition, are no loop.
            r.Ask(b, "PUBLISH q1 topic=up/a id=2 payload=A1", "PUBACK id=2 reason=00");
            Assert.AreEqual("A1 ", Spool(u));
            r.Counts(Counter.LoopsStopped, 1);
            Up(u, "up/a");
            r.Ask(b, "PUBLISH q1 topic=up/a id=3 payload=A1", "PUBACK id=3 reason=00");
            Assert.AreEqual("A1 ", Spool(u), "the same origin");
            r.Ask(p, "PUBLISH q1 topic=up/a id=1 payload=A1", "PUBACK id=1 reason=00");
            Assert.AreEqual("A1 A1 ", Spool(u), "no bridge");
            r.Counts(Counter.LoopsStopped, 1);
        }

        [TestMethod]
        public void TooLateIsNoLoop()
        {
            Rig r = Rig.Tiny();
            Uplink u = Make(r, 4, 8, SpoolPolicy.Hold);
            int b = Bridge(r, "b");
            int p = r.Connect("5 clean id=p");
            r.Ask(p, "PUBLISH q1 topic=up/a id=1 payload=A1", "PUBACK id=1 reason=00");
            Up(u, "up/a");
            r.Pass(Uplink.LoopMs + 1);
            r.Ask(b, "PUBLISH q1 topic=up/a id=1 payload=A1", "PUBACK id=1 reason=00");
            Assert.AreEqual("A1 ", Spool(u));
            r.Counts(Counter.LoopsStopped, 0);
        }

        [TestMethod]
        public void ComesBackFromAbove()
        {
            Rig r = Rig.Tiny();
            Uplink u = Make(r, 4, 8, SpoolPolicy.Hold);
            u.Echo = true;
            int s = r.Subscriber("5 clean id=s", "filter=up/+");
            int p = r.Connect("5 clean id=p");
            r.Ask(p, "PUBLISH q1 topic=up/a id=1 payload=A1", "PUBACK id=1 reason=00");
            Assert.AreEqual("PUBLISH q0 topic=up/a payload=A1", r.Next(s));
            Up(u, "up/a");
            Assert.AreEqual(Fault.None, FromAbove(u, "up/a", 0xA1, 1));
            r.Run();
            Assert.IsFalse(r.Has(s), "its own echo");
            Assert.AreEqual(Fault.None, FromAbove(u, "up/a", 0xA1, 1));
            r.Run();
            Assert.AreEqual("PUBLISH q0 topic=up/a payload=A1", r.Next(s));
            r.Counts(Counter.LoopsStopped, 1);
        }

        [TestMethod]
        public void BridgesGetNothingOfTheirOwn()
        {
            Rig r = Rig.Tiny();
            int b = Bridge(r, "b");
            int five = r.Connect("5 clean {user=femto-bridge:1} id=five");
            int other = r.Connect("4 clean id=other");
            int[] all = { b, five, other };
            for (int i = 0; i < 3; i++) r.Send(all[i], "SUBSCRIBE id=1 filter=t");
            for (int i = 0; i < 3; i++) r.Next(all[i]);
            r.Send(b, "PUBLISH q0 retain topic=t payload=01");
            Assert.IsFalse(r.Has(b), "3.1.1: no local");
            Assert.AreEqual("PUBLISH q0 retain topic=t payload=01", r.Next(five), "RETAIN as published");
            Assert.AreEqual("PUBLISH q0 topic=t payload=01", r.Next(other));
            r.Send(five, "PUBLISH q0 topic=t payload=02");
            Assert.IsFalse(r.Has(five), "5.0: no local");
            Assert.AreEqual("PUBLISH q0 topic=t payload=02", r.Next(b));
        }

        [TestMethod]
        public void BridgesPublishTheirState()
        {
            Limits limits = Limits.Tiny();
            limits.TopicLevels = 5;
            Rig r = new Rig(limits);
            int b = Bridge(r, "b");
            r.Ask(b, "PUBLISH q1 topic=$SYS/broker/connection/b/state id=1 payload=31", "PUBACK id=1 reason=00");
            r.Counts(Counter.RefusedDenied, 0);
            r.Ask(b, "PUBLISH q1 topic=$SYS/broker/uptime id=2 payload=31", "PUBACK id=2 reason=00");
            r.Counts(Counter.RefusedDenied, 1);
            int p = r.Connect("5 clean id=p");
            r.Send(p, "PUBLISH q1 topic=$SYS/broker/connection/b/state id=1 payload=31");
            Assert.AreEqual("PUBACK id=1 reason=87", r.Next(p).Substring(0, 21));
        }
    }
}
