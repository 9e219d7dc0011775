using System.Threading;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Programs in the same process as clients.</summary>
    [TestClass]
    public class LocalClientTest
    {
        private static byte[] threadTopic;
        private static LocalClient threadClient;
        private static int threadFaults;

        [TestMethod]
        public void PublishesAndSubscribes()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            int a = r.Subscriber("5 clean id=a", "filter=# q2");
            sink.Subscribe("in/+", 1);
            sink.Publish("out", "31", 2, false);
            Assert.AreEqual("", sink.Log); // nothing before Tick
            r.Run();
            Assert.AreEqual("subscribe 01 / publish 00 / ", sink.Log);
            r.Got(a, "PUBLISH q2 topic=out id=1 payload=31");
            sink.Log = "";
            r.Ask(a, "PUBLISH q2 topic=in/x id=9 {user=k:v} payload=3233",
                "PUBLISH q2 topic=in/x id=2 {user=k:v} payload=3233 / PUBREC id=9 reason=00");
            Assert.AreEqual("in/x 3233 q1 properties 26.. / ", sink.Log);
            sink.Log = "";
            sink.Unsubscribe("in/+");
            sink.Unsubscribe("none");
            sink.Publish("$nobody", "", 1, false);
            sink.Publish("$nobody", "", 0, false); // not answered
            r.Run();
            Assert.AreEqual("unsubscribe 00 / unsubscribe 11 / publish 10 / ", sink.Log);
            Assert.AreEqual((int)Fault.None, (int)sink.Client.Close());
            Assert.AreEqual((int)Fault.Closed, (int)sink.Publish("t", "31", 0, false));
            Assert.AreEqual((int)Fault.Closed, (int)sink.Client.Close());
            sink.Log = "";
            r.Run();
            Assert.AreEqual("close 00 / ", sink.Log);
            r.Send(a, "PUBREC id=1 / PUBREC id=2 / PUBCOMP id=1 / PUBCOMP id=2 / PUBREL id=9");
            r.All(a);
            r.End();
        }

        // What is wrong is answered, or said at once; and counted.
        [TestMethod]
        public void Refusals()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            Assert.AreEqual((int)Fault.TopicNameInvalid, (int)sink.Publish("a/+", "31", 0, false));
            Assert.AreEqual((int)Fault.TopicNameInvalid, (int)sink.Publish("", "31", 0, false));
            Assert.AreEqual((int)Fault.TooLarge,
                (int)sink.Publish("1234567890123456789012345678901234567890123456789", "31", 0, false));
            Assert.AreEqual((int)Fault.TooLarge, (int)sink.Publish("t", Rig.Hexes(245), 0, false));
            sink.Publish("a/b/c/d/e", "31", 0, false);
            sink.Subscribe("a/#/b", 1);
            sink.Subscribe("a", 3);
            sink.Unsubscribe("a/#/b");
            r.Run();
            Assert.AreEqual("publish 90 / subscribe 8F / subscribe 8F / unsubscribe 8F / ", sink.Log);
            r.Counts(Counter.DroppedLocal, 4);
            for (int i = 0; i < 9; i++) sink.Subscribe("s/" + i.ToString(), 0);
            r.Run();
            r.Counts(Counter.RefusedSubscriptions, 1);
            r.Counts(Counter.DroppedLocal, 5);
            sink.Client.Close();
            r.End();
        }

        [TestMethod]
        public void OneTooMany()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            bool thrown = false;
            try
            {
                new LocalClient(r.Broker, Line.Ascii("m"), null);
            }
            catch (System.ArgumentException)
            {
                thrown = true;
            }
            Assert.IsTrue(thrown);
            int c = r.Open();
            r.Send(c, "CONNECT 5 clean id=l"); // its identifier is taken
            r.Told(c, "CONNACK reason=85 / CLOSED");
            sink.Client.Close();
            r.Run();
            c = r.Connect("5 clean id=l");
            r.End();
        }

        [TestMethod]
        public void InboxFull()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            int s = r.Subscriber("5 clean id=s", "filter=t");
            // A call takes 11 bytes and its texts; there are 256.
            for (int i = 0; i < 16; i++)
            {
                Assert.AreEqual((int)Fault.None, (int)sink.Publish("t", "303" + (i % 10).ToString() + "30", 0, false));
            }
            Assert.AreEqual((int)Fault.InboxFull, (int)sink.Publish("t", "303030303030", 0, false));
            Assert.AreEqual((int)Fault.None, (int)sink.Publish("t", "3131", 0, false)); // 240 + 14
            Assert.AreEqual((int)Fault.InboxFull, (int)sink.Publish("t", "", 0, false));
            Assert.AreEqual((int)Fault.InboxFull, (int)sink.Client.Close());
            r.Run();
            for (int i = 0; i < 16; i++)
            {
                Assert.AreEqual("PUBLISH q0 topic=t payload=303" + (i % 10).ToString() + "30", r.Next(s));
            }
            r.Got(s, "PUBLISH q0 topic=t payload=3131");
            sink.Client.Close();
            r.End();
        }

        // A sink may call its client: the calls are carried out later, never inside.
        [TestMethod]
        public void SinkThatPublishes()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            sink.Subscribe("ping", 1);
            sink.Subscribe("pong", 1);
            r.Run();
            sink.Log = "";
            sink.OnMessage = Sink.Echo;
            sink.Left = 100;
            sink.Publish("ping", "31", 1, false);
            r.Run();
            Assert.AreEqual(0, sink.Left);
            Assert.AreEqual(0, sink.Depth);
            string start = "publish 00 / ping 31 q1 / publish 00 / pong 31 q1 / publish 00 / ping";
            Assert.AreEqual(0, sink.Log.IndexOf(start), sink.Log);
            sink.Client.Close();
            r.End();
        }

        // To itself, faster than its queue: it is held, loses what does not fit, and never stalls.
        [TestMethod]
        public void SinkThatFloodsItself()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            sink.Subscribe("ping", 1);
            sink.Subscribe("pong", 1);
            sink.OnMessage = Sink.Twice;
            sink.Left = 60;
            sink.Publish("ping", "31", 1, false);
            r.Run();
            for (int i = 0; i < 60; i++) r.Pass(2100);
            Assert.AreEqual(0, sink.Left);
            sink.Client.Close();
            r.Run();
            Assert.IsTrue(sink.Log.IndexOf("close 00") > 0);
            r.End();
        }

        [TestMethod]
        public void SinkThatUnsubscribesAndCloses()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            int p = r.Connect("5 clean id=p");
            sink.Subscribe("t", 1);
            r.Run();
            sink.Log = "";
            sink.OnMessage = Sink.Leave;
            r.Send(p, "PUBLISH q1 topic=t id=1 payload=31 / PUBLISH q1 topic=t id=2 payload=32");
            r.Got(p, "PUBACK id=1 reason=00 / PUBACK id=2 reason=00");
            Assert.AreEqual("t 31 q1 / t 32 q1 / unsubscribe 00 / close 00 / ", sink.Log);
            r.Ask(p, "PUBLISH q1 topic=t id=3 payload=33", "PUBACK id=3 reason=10");
            r.End();
        }

        [TestMethod]
        public void CallsFromAnotherThread()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            int s = r.Subscriber("5 clean id=s", "filter=t q1");
            threadClient = sink.Client;
            threadTopic = Line.Ascii("t");
            threadFaults = 0;
            Thread thread = new Thread(PublishMany);
            thread.Start();
            int next = 0;
            for (int turn = 0; turn < 100000 && next < 200; turn++)
            {
                r.Run();
                while (r.Has(s))
                {
                    string line = r.Next(s);
                    int id = line.IndexOf(" id=") + 4;
                    int end = line.IndexOf(" ", id);
                    Line.Clear();
                    Line.Byte(next++);
                    Assert.IsTrue(line.IndexOf("payload=" + Line.Text()) > 0, line);
                    r.Send(s, "PUBACK id=" + line.Substring(id, end - id));
                }
                Thread.Sleep(0);
            }
            thread.Join();
            Assert.AreEqual(200, next);
            Assert.AreEqual(0, threadFaults);
            sink.Client.Close();
            r.End();
        }

        private static void PublishMany()
        {
            byte[] payload = new byte[1];
            for (int i = 0; i < 200; i++)
            {
                payload[0] = (byte)i;
                Fault fault;
                int tries = 0;
                do
                {
                    fault = threadClient.Publish(threadTopic, 0, 1, payload, 0, 1, 1, false);
                    if (fault == Fault.InboxFull) Thread.Sleep(1);
                }
                while (fault == Fault.InboxFull && tries++ < 20000);
                if (fault != Fault.None) threadFaults++;
            }
        }

        // Publications from outside wait for a local subscriber as for any other, and its queue has the same limits.
        [TestMethod]
        public void QueueOfALocalClient()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            sink.Subscribe("t", 1);
            r.Run();
            sink.Log = "";
            int p = r.Connect("5 clean id=p");
            // Ten arrive before Tick delivers: four are queued, the fifth is held and what is behind it waits.
            r.Send(p, "PUBLISH topic=t payload=30 / PUBLISH topic=t payload=31 / PUBLISH topic=t payload=32"
                + " / PUBLISH topic=t payload=33 / PUBLISH topic=t payload=34 / PUBLISH topic=t payload=35"
                + " / PUBLISH topic=t payload=36 / PUBLISH q1 topic=t id=1 payload=37");
            r.Got(p, "PUBACK id=1 reason=00");
            Assert.AreEqual("t 30 q0 / t 31 q0 / t 32 q0 / t 33 q0 / t 34 q0 / t 35 q0 / t 36 q0 / t 37 q1 / ",
                sink.Log);
            r.Counts(Counter.DroppedQueueFull, 0);
            Assert.IsTrue(r.Broker.Counters[Counter.Held] > 0);
            sink.Client.Close();
            r.End();
        }

        // Its session is ended for a full queue, while the transport asks who is ready: the sink hears of it in Tick.
        [TestMethod]
        public void EndedForAFullQueue()
        {
            Limits limits = Limits.Tiny();
            limits.QueueFull = QueuePolicy.EndSession;
            Rig r = new Rig(limits);
            Sink sink = new Sink(r, "l");
            sink.Subscribe("t", 1);
            r.Run();
            sink.Log = "";
            int p = r.Connect("5 clean id=p");
            int w = r.Connect("5 clean id=w will topic=t payload=39");
            byte[] bytes = r.Bytes(p, "PUBLISH topic=t payload=31");
            for (int i = 0; i < 4; i++) r.Fed += r.Broker.Feed(p, bytes, 0, bytes.Length, r.NowMs);
            r.Broker.Closed(w, r.NowMs); // a will does not wait
            while (r.Broker.NextReady() >= 0) Assert.AreEqual("", sink.Log);
            Assert.AreEqual("", sink.Log);
            r.Counts(Counter.EndedQueueFull, 1);
            r.Counts(Counter.DroppedSessionEnd, 4);
            Assert.AreEqual(0, r.Broker.Wait(r.NowMs));
            r.Run();
            Assert.AreEqual("close 97 / ", sink.Log);
            Assert.AreEqual((int)Fault.Closed, (int)sink.Publish("t", "31", 0, false));
            r.End();
        }

        [TestMethod]
        public void RetainedMessages()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            int p = r.Connect("5 clean id=p");
            r.Send(p, "PUBLISH retain topic=a payload=31 / PUBLISH q1 retain topic=b id=1 payload=32");
            r.All(p);
            sink.Subscribe("#", 1);
            r.Run();
            Assert.AreEqual("subscribe 01 / a 31 q0 retained / b 32 q1 retained / ", sink.Log);
            sink.Log = "";
            sink.Subscribe("+", 1 | 0x20); // do not send them
            sink.Subscribe("b", 0 | 0x10); // only if it is new
            sink.Subscribe("b", 1 | 0x10);
            r.Run();
            Assert.AreEqual("subscribe 01 / subscribe 00 / b 32 q0 retained / subscribe 01 / ", sink.Log);
            sink.Client.Close();
            r.End("a b");
        }

        // More slots to look at than one step takes.
        [TestMethod]
        public void RetainedMessagesAmongMany()
        {
            Limits limits = Limits.Tiny();
            limits.Retained = 200;
            limits.RetainedBlocks = 200;
            limits.TopicNodes = 300;
            limits.Texts = 300;
            limits.TextBytes = 2000;
            limits.Messages = 300;
            limits.Blocks = 300;
            Rig r = new Rig(limits);
            Sink sink = new Sink(r, "l");
            int p = r.Connect("5 clean id=p");
            string all = "";
            for (int i = 0; i < 199; i++)
            {
                r.Send(p, "PUBLISH retain topic=x/" + i.ToString() + " payload=31");
                all += "x/" + i.ToString() + " ";
            }
            r.Send(p, "PUBLISH retain topic=y/0 payload=32");
            sink.Subscribe("y/+", 1);
            r.Run();
            Assert.AreEqual("subscribe 01 / y/0 32 q0 retained / ", sink.Log);
            r.Ask(p, "SUBSCRIBE id=1 filter=y/+ / SUBSCRIBE id=2 filter=y/#",
                "SUBACK id=1 00 / PUBLISH q0 retain topic=y/0 payload=32"
                + " / SUBACK id=2 00 / PUBLISH q0 retain topic=y/0 payload=32");
            sink.Client.Close();
            r.End(all + "y/0");
        }

        // Unsubscribed before the retained messages were sent, and a message retained between two subscriptions.
        [TestMethod]
        public void CallsDuringAReplay()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            int p = r.Connect("5 clean id=p");
            r.Send(p, "PUBLISH retain topic=a payload=31 / PUBLISH retain topic=b payload=32");
            sink.Subscribe("a", 0);
            sink.Unsubscribe("a");
            sink.Subscribe("c", 0);
            sink.Publish("b", "33", 0, true);
            sink.Subscribe("b", 0);
            r.Run();
            Assert.AreEqual("subscribe 00 / a 31 q0 retained / unsubscribe 00 / subscribe 00 / subscribe 00"
                + " / b 33 q0 retained / ", sink.Log);
            sink.Client.Close();
            r.End("a b");
        }

        // Held for room: nothing is lost and the order stays; the broker asks to be woken when there is room.
        [TestMethod]
        public void HeldForRoom()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            int s = r.Subscriber("5 clean id=s", "filter=t q1");
            for (int i = 1; i <= 7; i++) sink.Publish("t", "3" + i.ToString(), 1, false);
            r.Run();
            Assert.AreEqual("publish 00 / publish 00 / publish 00 / publish 00 / ", sink.Log);
            r.Got(s, "PUBLISH q1 topic=t id=1 payload=31 / PUBLISH q1 topic=t id=2 payload=32");
            r.Pass(500);
            r.Ask(s, "PUBACK id=1", "PUBLISH q1 topic=t id=3 payload=33");
            r.Ask(s, "PUBACK id=2 / PUBACK id=3",
                "PUBLISH q1 topic=t id=4 payload=34 / PUBLISH q1 topic=t id=5 payload=35");
            Assert.AreEqual(7 * 13, sink.Log.Length); // seven answers
            r.Ask(s, "PUBACK id=4 / PUBACK id=5",
                "PUBLISH q1 topic=t id=6 payload=36 / PUBLISH q1 topic=t id=7 payload=37");
            r.Counts(Counter.DroppedQueueFull, 0);
            sink.Client.Close();
            r.End();
        }

        // Held, and the subscriber stands still: in the end its queue's policy decides.
        [TestMethod]
        public void HeldInVain()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            int s = r.Subscriber("5 clean id=s", "filter=t q1");
            for (int i = 1; i <= 5; i++) sink.Publish("t", "3" + i.ToString(), 1, false);
            r.Run();
            r.Got(s, "PUBLISH q1 topic=t id=1 payload=31 / PUBLISH q1 topic=t id=2 payload=32");
            sink.Log = "";
            r.Pass(1999);
            Assert.AreEqual("", sink.Log);
            r.Pass(1);
            Assert.AreEqual("publish 00 / ", sink.Log);
            r.Counts(Counter.DroppedQueueFull, 1);
            sink.Client.Close();
            r.End();
        }

        // The same when the call is found by the very Tick that looks at all timers.
        [TestMethod]
        public void HeldInVainWhenTimersAreDue()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            r.Subscriber("5 clean id=s", "filter=t q1");
            r.Pass(1);
            for (int i = 1; i <= 5; i++) sink.Publish("t", "3" + i.ToString(), 1, false);
            while (sink.Log == "") r.Pass(1000); // nobody wakes the broker but its own timers
            Assert.AreEqual("publish 00 / publish 00 / publish 00 / publish 00 / ", sink.Log);
            r.Pass(3000);
            Assert.AreEqual(5 * 13, sink.Log.Length);
            sink.Client.Close();
            r.End();
        }

        // A message larger than the local client's own buffer borrows a receive buffer, as soon as one is free.
        [TestMethod]
        public void LargeMessages()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            sink.Subscribe("t", 0);
            r.Run();
            sink.Log = "";
            int p = r.Connect("5 clean id=p");
            int a = r.Connect("5 clean id=a");
            int b = r.Connect("5 clean id=b");
            r.Send(p, "PUBLISH topic=t payload=" + Rig.Hexes(240));
            Assert.AreEqual("t " + Rig.Hexes(240) + " q0 / ", sink.Log);
            sink.Log = "";
            byte[] packet = r.Bytes(a, "PUBLISH topic=x payload=" + Rig.Hexes(50));
            byte[] half = new byte[30];
            System.Array.Copy(packet, 0, half, 0, 30);
            r.Arrive(a, half); // both receive buffers are taken
            r.Arrive(b, half);
            r.Send(p, "PUBLISH topic=t payload=" + Rig.Hexes(239));
            Assert.AreEqual("", sink.Log);
            r.Pass(9999);
            Assert.AreEqual("", sink.Log);
            r.Pass(1);
            Assert.AreEqual("t " + Rig.Hexes(239) + " q0 / ", sink.Log);
            r.Counts(Counter.StalledClosed, 2);
            sink.Client.Close();
            r.End();
        }

        // With an alias for its topic a message may be larger than any packet.
        [TestMethod]
        public void LargerThanAnyPacket()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            int p = r.Connect("5 clean id=p");
            int a = r.Connect("5 clean id=a");
            string topic = "123456789012345678901234567890123456789012345678";
            sink.Subscribe("#", 0);
            r.Run();
            r.Send(p, "PUBLISH topic=" + topic + " {alias=1}");
            // A cut packet lies in the second receive buffer, right behind the one that is borrowed.
            byte[] packet = r.Bytes(a, "PUBLISH topic=x payload=" + Rig.Hexes(200));
            byte[] half = new byte[packet.Length - 20];
            byte[] rest = new byte[20];
            System.Array.Copy(packet, 0, half, 0, half.Length);
            System.Array.Copy(packet, half.Length, rest, 0, 20);
            r.Arrive(a, half);
            sink.Log = "";
            r.Send(p, "PUBLISH topic= {alias=1} payload=" + Rig.Hexes(247));
            Assert.AreEqual("", sink.Log);
            r.Counts(Counter.DroppedTooLarge, 1);
            Assert.AreEqual(1, r.Lost("l"));
            r.Arrive(a, rest);
            Assert.AreEqual("x " + Rig.Hexes(200) + " q0 / ", sink.Log);
            sink.Client.Close();
            r.End();
        }

        [TestMethod]
        public void ExpiredMessages()
        {
            Rig r = Rig.Tiny();
            Sink sink = new Sink(r, "l");
            int p = r.Connect("5 clean id=p");
            r.Send(p, "PUBLISH retain topic=a {expiry=5} payload=31");
            r.Pass(5000);
            sink.Subscribe("a", 0);
            r.Run();
            Assert.AreEqual("subscribe 00 / ", sink.Log);
            r.Counts(Counter.DroppedExpired, 1);
            sink.Client.Close();
            r.End();
        }

        // Properties have two bytes for their length in the inbox.
        [TestMethod]
        public void PropertiesTooLarge()
        {
            Limits limits = Limits.Tiny();
            limits.PacketBytes = 70000;
            limits.BlockBytes = 8192;
            limits.SendBytes = 20000;
            limits.InboxBytes = 80000;
            Rig r = new Rig(limits);
            Sink sink = new Sink(r, "local");
            byte[] t = Line.Ascii("t");
            byte[] many = new byte[65536];
            Fault fault = sink.Client.Publish(t, 0, 1, many, 0, 65536, many, 0, 0, 0, false);
            Assert.AreEqual((int)Fault.TooLarge, (int)fault);
            fault = sink.Client.Publish(t, 0, 1, many, 0, 65535, many, 0, 0, 0, false);
            Assert.AreEqual((int)Fault.None, (int)fault);
            r.Run();
        }

        // Its session ends while a call of it is held for room: nothing is held any more.
        [TestMethod]
        public void EndedWhileHeld()
        {
            Limits limits = Limits.Tiny();
            limits.QueueFull = QueuePolicy.EndSession;
            limits.QueueMessages = 1;
            Rig r = new Rig(limits);
            Sink sink = new Sink(r, "l");
            sink.Subscribe("in", 1);
            int a = r.Subscriber("5 clean id=a", "filter=t q1");
            int b = r.Connect("5 clean id=b will topic=in payload=31");
            int c = r.Connect("5 clean id=c will topic=in payload=32");
            sink.Publish("t", "31", 1, false);
            sink.Publish("t", "32", 1, false); // waits for a's queue
            r.Run();
            Assert.AreEqual("subscribe 01 / publish 00 / ", sink.Log);
            sink.Log = "";
            r.Broker.Closed(b, r.NowMs); // both wills are published before the next Tick
            r.Lose(c);
            Assert.AreEqual("publish 80 / close 97 / ", sink.Log);
            r.Pass(100);
            Assert.IsTrue(r.Broker.Wait(r.NowMs) > 0, "nothing to do");
            r.Ignore(a);
            r.Lose(a);
            r.Pass(4000000);
            r.Broker.Invariants();
        }

        // A call waits for a replay, which waits for a receive buffer: there is nothing to do until one is free.
        [TestMethod]
        public void ReplayWaitsForBuffer()
        {
            Limits limits = Limits.Tiny();
            limits.ReceiveBuffers = 1;
            limits.RetainedBlocks = 10;
            Rig r = new Rig(limits);
            Sink sink = new Sink(r, "l");
            int p = r.Connect("5 clean id=p");
            r.Send(p, "PUBLISH retain topic=big payload=" + Rig.Hexes(200));
            int x = r.Connect("5 clean id=x");
            byte[] packet = r.Bytes(x, "PUBLISH q1 topic=none id=1 payload=" + Rig.Hexes(60));
            byte[] some = new byte[40];
            byte[] rest = new byte[packet.Length - 40];
            System.Array.Copy(packet, 0, some, 0, 40);
            System.Array.Copy(packet, 40, rest, 0, rest.Length);
            r.Arrive(x, some); // it has the only buffer
            sink.Subscribe("big", 1);
            sink.Subscribe("other", 1);
            r.Run(); // would not end
            Assert.IsTrue(r.Broker.Wait(r.NowMs) > 0, "nothing to do");
            Assert.AreEqual("subscribe 01 / ", sink.Log);
            sink.Log = "";
            r.Arrive(x, rest);
            r.Got(x, "PUBACK id=1 reason=10");
            Assert.AreEqual("big " + Rig.Hexes(200) + " q0 retained / subscribe 01 / ", sink.Log);
            sink.Client.Close();
            r.Run();
            r.End("big");
        }
    }
}
