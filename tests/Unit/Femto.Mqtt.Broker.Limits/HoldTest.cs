using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Publishers held back for room: what still moves, in which order, and how it ends.</summary>
    [TestClass]
    public class HoldTest
    {
        // A subscriber whose queue of four is full, and a publisher that is held with the fifth message.
        private static Rig Held(int version)
        {
            Rig r = Rig.Tiny();
            r.Subscriber("5 clean id=s", "filter=t q1");                                 // connection 0
            r.Subscriber(version.ToString() + " clean keep=2 id=p", "filter=u q2");      // connection 1
            for (int i = 1; i <= 5; i++)
            {
                r.Send(1, "PUBLISH q1 topic=t id=" + i.ToString() + " payload=3" + i.ToString());
            }
            r.Got(1, "PUBACK id=1 reason=00 / PUBACK id=2 reason=00 / PUBACK id=3 reason=00 / PUBACK id=4 reason=00");
            r.Got(0, "PUBLISH q1 topic=t id=1 payload=31 / PUBLISH q1 topic=t id=2 payload=32");
            r.Counts(Counter.Held, 1);
            return r;
        }

        [TestMethod]
        public void GoesOnWhenThereIsRoom()
        {
            Rig r = Held(5);
            r.Ask(0, "PUBACK id=1", "PUBLISH q1 topic=t id=3 payload=33");
            r.Got(1, "PUBACK id=5 reason=00");
            r.Ask(0, "PUBACK id=2 / PUBACK id=3 / PUBACK id=4",
                "PUBLISH q1 topic=t id=4 payload=34 / PUBLISH q1 topic=t id=5 payload=35");
            r.Counts(Counter.Held, 1);
            r.Counts(Counter.DroppedQueueFull, 0);
            r.End();
        }

        // A subscriber that stands still is no longer waited for; from then on it loses what does not fit.
        [TestMethod]
        public void NotForASubscriberThatStandsStill()
        {
            Rig r = Held(5);
            r.Pass(1999);
            r.Got(1, "");
            r.Pass(1);
            r.Got(1, "PUBACK id=5 reason=00");
            r.Counts(Counter.DroppedQueueFull, 1);
            Assert.AreEqual(1, r.Lost("s"));
            r.Ask(1, "PUBLISH q1 topic=t id=6 payload=36", "PUBACK id=6 reason=00");
            r.Counts(Counter.DroppedQueueFull, 2);
            // Once half of its queue is through it is waited for again.
            r.Ask(0, "PUBACK id=1 / PUBACK id=2",
                "PUBLISH q1 topic=t id=3 payload=33 / PUBLISH q1 topic=t id=4 payload=34");
            r.Send(1, "PUBLISH q1 topic=t id=7 payload=37 / PUBLISH q1 topic=t id=8 payload=38");
            r.Got(1, "PUBACK id=7 reason=00 / PUBACK id=8 reason=00");
            r.Ask(1, "PUBLISH q1 topic=t id=9 payload=39", "");
            r.Ask(0, "PUBACK id=3", "PUBLISH q1 topic=t id=5 payload=37");
            r.Got(1, "PUBACK id=9 reason=00");
            r.Counts(Counter.DroppedQueueFull, 2);
            r.End();
        }

        // Acknowledgements and PINGREQ overtake the held PUBLISH, everything else keeps its order.
        [TestMethod]
        public void WhatOvertakes()
        {
            Rig r = Held(5);
            int q = r.Connect("5 clean id=q");
            r.Send(q, "PUBLISH q1 topic=u id=1 payload=41 / PUBLISH q2 topic=u id=2 payload=42");
            r.Got(1, "PUBLISH q1 topic=u id=1 payload=41 / PUBLISH q2 topic=u id=2 payload=42");
            r.Got(q, "PUBACK id=1 reason=00 / PUBREC id=2 reason=00");
            r.Send(1, "SUBSCRIBE id=7 filter=x / PUBLISH q1 topic=y id=6 payload=36 / PUBACK id=1 / PUBREC id=2"
                + " / UNSUBSCRIBE id=8 filter=x / PINGREQ / PUBCOMP id=2 / PUBREL id=77");
            r.Got(1, "PUBREL id=2 reason=00 / PINGRESP / PUBCOMP id=77 reason=92");
            r.Send(q, "PUBLISH q1 topic=u id=3 payload=43 / PUBREL id=2"); // both windows are free again
            r.Got(1, "PUBLISH q1 topic=u id=3 payload=43");
            r.Ask(1, "PUBACK id=3", "");
            r.Ask(0, "PUBACK id=1", "PUBLISH q1 topic=t id=3 payload=33");
            r.Got(1, "PUBACK id=5 reason=00 / SUBACK id=7 00 / PUBACK id=6 reason=10 / UNSUBACK id=8 00");
            r.All(q);
            r.End();
        }

        // Acknowledgements are taken even when our own cannot leave, and those that wait are taken once they can.
        [TestMethod]
        public void AcknowledgementsBehindAFullQueue()
        {
            Limits limits = Limits.Tiny();
            limits.AckQueue = 1;
            limits.HoldMs = 30000;
            limits.StallMs = 60000;
            Rig r = new Rig(limits);
            int s = r.Subscriber("5 clean id=s", "filter=t q1");
            int p = r.Subscriber("5 clean id=p", "filter=u q2");
            int q = r.Connect("5 clean id=q");
            for (int i = 1; i <= 2; i++) r.Send(q, "PUBLISH q" + i.ToString() + " topic=u id=" + i.ToString());
            r.All(p);
            for (int i = 1; i <= 4; i++) r.Send(q, "PUBLISH q1 topic=t id=5");
            r.Stall(p);
            for (int i = 1; i <= 65; i++) r.Send(p, "PINGREQ"); // 128 bytes, and one in the queue
            r.Send(p, "PUBLISH topic=t payload=31 / PUBREC id=2 / PUBACK id=1 / PINGREQ");
            r.Counts(Counter.Held, 1);
            r.TakeAll(p); // the subscriber's queue is as full as before
            string got = r.All(p);
            Assert.AreEqual("PINGRESP / PINGRESP / PUBREL id=2 reason=00 / PINGRESP", got.Substring(64 * 11 - 11), got);
            r.Counts(Counter.PublishReceived, 6); // still held
            r.Counts(Counter.Held, 1);
            r.All(s);
            r.All(q);
            r.End();
        }

        [TestMethod]
        public void KeepAliveDoesNotRunOut()
        {
            Limits limits = Limits.Tiny();
            limits.HoldMs = 60000;
            limits.StallMs = 120000;
            Rig r = new Rig(limits);
            int s = r.Subscriber("5 clean id=s", "filter=t q1");
            int p = r.Connect("5 clean keep=2 id=p");
            for (int i = 1; i <= 5; i++) r.Send(p, "PUBLISH q1 topic=t id=" + i.ToString());
            r.All(p);
            r.Pass(50000);
            Assert.IsTrue(r.IsOpen(p));
            r.Send(s, "PUBACK id=1");
            r.Got(p, "PUBACK id=5 reason=00");
            r.Pass(2999);
            Assert.IsTrue(r.IsOpen(p));
            r.Pass(2);
            r.Told(p, "DISCONNECT reason=8D / CLOSED");
            r.Counts(Counter.KeepAliveTimeouts, 1);
            r.End();
        }

        // DISCONNECT waits behind the PUBLISH: what was sent before it counts.
        [TestMethod]
        public void DisconnectBehind()
        {
            Rig r = Held(5);
            r.Send(1, "DISCONNECT");
            Assert.IsTrue(r.IsOpen(1));
            r.Ask(0, "PUBACK id=1", "PUBLISH q1 topic=t id=3 payload=33");
            r.Got(1, "PUBACK id=5 reason=00 / CLOSED");
            r.Counts(Counter.PublishReceived, 5);
            r.End();
        }

        [TestMethod]
        public void ClosedWhileHeld()
        {
            Rig r = Held(5);
            r.Send(1, "PUBLISH q1 topic=t id=6 payload=36");
            r.Lose(1);
            r.Ask(0, "PUBACK id=1 / PUBACK id=2",
                "PUBLISH q1 topic=t id=3 payload=33 / PUBLISH q1 topic=t id=4 payload=34");
            r.Ask(0, "PUBACK id=3 / PUBACK id=4", "");
            r.Counts(Counter.PublishReceived, 4);
            r.End();
        }

        [TestMethod]
        public void TakenOverWhileHeld()
        {
            Rig r = Held(5);
            int other = r.Connect("5 clean id=p");
            r.Told(1, "DISCONNECT reason=8E / CLOSED");
            r.Ask(0, "PUBACK id=1", "PUBLISH q1 topic=t id=3 payload=33");
            r.Ask(other, "PUBLISH q1 topic=t id=5 payload=35", "PUBACK id=5 reason=00");
            r.Counts(Counter.PublishReceived, 5);
            r.End();
        }

        // A broken packet behind a held one is seen at once.
        [TestMethod]
        public void GarbageBehind()
        {
            Rig r = Held(5);
            r.Send(1, "HEX C0FFFFFFFF");
            r.Told(1, "DISCONNECT reason=81 / CLOSED");
            r.End();
        }

        // A slow subscriber that reads holds the publisher back, and nothing is lost even at QoS 0.
        [TestMethod]
        public void SlowReaderLosesNothing()
        {
            for (int step = 7; step < 200; step += 50)
            {
                Rig r = Rig.Tiny();
                int s = r.Subscriber("5 clean id=s", "filter=t q1");
                int p = r.Connect("5 clean id=p");
                r.Stall(s);
                string last = "";
                for (int i = 0; i < 60; i++)
                {
                    last = " payload=" + (1000 + i).ToString() + Rig.Hexes(i * 3);
                    r.Send(p, "PUBLISH topic=t" + last);
                }
                Assert.IsTrue(r.Rest[p] > 0, "held");
                for (int turn = 0; turn < 6000 / step; turn++)
                {
                    r.Take(s, step);
                    r.Pass(50);
                }
                Assert.AreEqual(0, r.Rest[p]);
                r.TakeAll(s);
                for (int i = 0; i < 60; i++)
                {
                    string payload = (1000 + i).ToString() + Rig.Hexes(i * 3);
                    Assert.AreEqual("PUBLISH q0 topic=t payload=" + payload, r.Next(s));
                }
                r.Got(s, "");
                r.Counts(Counter.DroppedQueueFull, 0);
                r.Counts(Counter.DroppedPoolFull, 0);
                r.End();
            }
        }

        // One client that never reads costs the others nothing but its share of the pool.
        [TestMethod]
        public void OneThatNeverReads()
        {
            for (int policy = QueuePolicy.DropNewest; policy <= QueuePolicy.DropOldest; policy++)
            {
                Limits limits = Limits.Tiny();
                limits.QueueFull = policy;
                Rig r = new Rig(limits);
                int dead = r.Subscriber("5 clean id=dead", "filter=# q1");
                int s = r.Subscriber("5 clean id=s", "filter=t q1");
                int p = r.Connect("5 clean id=p");
                r.Stall(dead);
                int held = 0;
                for (int i = 0; i < 300; i++)
                {
                    int id = 1 + i % 65535;
                    string payload = " payload=" + (1000 + i).ToString() + Rig.Hexes(i % 40);
                    r.Send(p, "PUBLISH q1 topic=t id=" + id.ToString() + payload);
                    if (!r.Has(p))
                    {
                        held++;
                        r.Pass(2000);
                    }
                    r.Got(p, "PUBACK id=" + id.ToString() + " reason=00");
                    r.Got(s, "PUBLISH q1 topic=t id=" + id.ToString() + payload);
                    r.Send(s, "PUBACK id=" + id.ToString());
                }
                Assert.AreEqual(1, held); // waited for once
                Assert.AreEqual(0, r.Lost("s"));
                Assert.AreEqual(r.Broker.Counters[Counter.DroppedQueueFull], r.Lost("dead"));
                Assert.IsTrue(r.Lost("dead") > 280 && r.Lost("dead") < 300);
                r.Counts(Counter.DroppedPoolFull, 0);
                r.Counts(Counter.RefusedPoolFull, 0);
                Assert.IsTrue(r.IsOpen(dead), "not for long");
                r.Pass(61000);
                r.Pass(61000);
                r.Counts(Counter.StalledClosed, 1);
                r.End();
            }
        }

        // Two clients publish QoS 1 to each other, faster than their windows; all pools are full. They never stall.
        [TestMethod]
        public void TwoThatPublishToEachOther()
        {
            int[] modes = { 0, 1, 2, 3, 7, -5, -40 };
            for (int mode = 0; mode < modes.Length; mode++)
            {
                Exchange(modes[mode], 4, 4, 1);
                Exchange(modes[mode], 5, 5, 1);
                Exchange(modes[mode], 5, 4, 2);
            }
        }

        // Publishes a number of messages both ways; what is received is acknowledged in random order and later.
        private static void Exchange(int chunk, int version, int otherVersion, int qos)
        {
            const int Messages = 60;
            Limits limits = Limits.Tiny();
            limits.AckQueue = 1;
            limits.ReceiveMaximum = 20;
            limits.ReceiveIds = 20;
            limits.Messages = 6;
            limits.Deliveries = 6;
            limits.Blocks = 12;
            Rig r = new Rig(limits);
            r.Chunk = chunk;
            r.Rooms = (chunk & 1) != 0;
            r.Subscriber(version.ToString() + " clean id=a", "filter=to/a q" + qos.ToString());
            r.Subscriber(otherVersion.ToString() + " clean id=b", "filter=to/b q" + qos.ToString());
            int[] next = new int[2];      // to publish
            int[] acknowledged = new int[2];
            int[] received = new int[2];
            string[] replies = { "", "" };
            int turns = 0;
            while (received[0] < Messages || received[1] < Messages || acknowledged[0] < Messages
                || acknowledged[1] < Messages)
            {
                Assert.IsTrue(++turns < 3000, "stalled: " + received[0].ToString() + " and " + received[1].ToString());
                for (int c = 0; c < 2; c++)
                {
                    // A greedy client: up to ten on their way.
                    while (next[c] < Messages && next[c] - acknowledged[c] < 10 && r.Dice.Next(3) != 0)
                    {
                        next[c]++;
                        r.Send(c, "PUBLISH q" + qos.ToString() + " topic=to/" + (c == 0 ? "b" : "a") + " id="
                            + next[c].ToString() + " payload=" + (1000 + next[c]).ToString());
                    }
                    while (r.Has(c)) Take(r, c, r.Next(c), replies, received, acknowledged);
                    if (replies[c] != "" && r.Dice.Next(2) == 0)
                    {
                        r.Send(c, replies[c]);
                        replies[c] = "";
                    }
                }
                r.Pass(r.Dice.Next(200));
            }
            r.Counts(Counter.RefusedPoolFull, 0);
            r.Counts(Counter.DroppedQueueFull, 0);
            r.Counts(Counter.ProtocolErrors, 0);
            for (int c = 0; c < 2; c++)
            {
                if (replies[c] != "") r.Send(c, replies[c]);
            }
            r.End();
        }

        // What a client does with a packet.
        private static void Take(Rig r, int c, string line, string[] replies, int[] received, int[] acknowledged)
        {
            int at = line.IndexOf(" id=") + 4;
            int end = line.IndexOf(" ", at);
            string id = end < 0 ? line.Substring(at) : line.Substring(at, end - at);
            string reply = "";
            if (line.IndexOf("PUBLISH") == 0)
            {
                received[c]++;
                Assert.IsTrue(line.IndexOf("payload=" + (1000 + received[c]).ToString()) > 0, "order: " + line);
                reply = (line.IndexOf(" q2 ") > 0 ? "PUBREC id=" : "PUBACK id=") + id;
            }
            else if (line.IndexOf("PUBACK") == 0 || line.IndexOf("PUBCOMP") == 0)
            {
                acknowledged[c]++;
            }
            else if (line.IndexOf("PUBREC") == 0)
            {
                reply = "PUBREL id=" + id;
            }
            else
            {
                Assert.AreEqual(0, line.IndexOf("PUBREL"), line);
                reply = "PUBCOMP id=" + id;
            }
            if (reply != "") replies[c] = replies[c] == "" ? reply : replies[c] + " / " + reply;
        }

        // A client that gets large messages without end still gets its own packets handled, however it reads.
        [TestMethod]
        public void OwnPacketsBetweenLargeMessages()
        {
            for (int step = 20; step < 300; step += 54)
            {
                Limits limits = Limits.Tiny();
                limits.AckQueue = 1;
                limits.QueueBlocks = 24; // so that there is always one more queued
                limits.Blocks = 48;
                Rig r = new Rig(limits);
                int s = r.Subscriber("5 clean id=s", "filter=t");
                int p = r.Connect("5 clean id=p");
                r.Stall(s);
                for (int i = 0; i < 200; i++) r.Send(p, "PUBLISH topic=t payload=" + Rig.Hexes(150));
                r.Send(s, "PUBLISH q1 topic=u id=1 / PUBLISH q1 topic=u id=2 / SUBSCRIBE id=3 filter=v / PINGREQ");
                for (int taken = 0; taken < 4000; taken += step) r.Take(s, step);
                Assert.IsTrue(r.Rest[p] > 10000, "there are more");
                string got = "";
                while (r.Has(s))
                {
                    string line = r.Next(s);
                    if (line.IndexOf("PUBLISH") != 0 && line != "PINGRESP") got += line + " / ";
                }
                Assert.AreEqual("PUBACK id=1 reason=10 / PUBACK id=2 reason=10 / SUBACK id=3 00 / ", got);
                r.End();
            }
        }

        // A client whose own output is stuck: it has 64 PINGRESP to take and one more waits in a queue of one.
        private static void Stuck(Rig r, int c)
        {
            r.Stall(c);
            for (int i = 1; i <= 65; i++) r.Send(c, "PINGREQ");
        }

        private static Limits Patient()
        {
            Limits limits = Limits.Tiny();
            limits.AckQueue = 1;
            limits.StallMs = 100000;
            return limits;
        }

        // Held for its own output first and then for room: it has the whole time for that, and gets its messages.
        [TestMethod]
        public void HeldForOutputThenForRoom()
        {
            Rig r = new Rig(Patient());
            int s = r.Subscriber("5 clean id=s", "filter=t q1");
            int p = r.Subscriber("5 clean id=p", "filter=u");
            int q = r.Connect("5 clean id=q");
            for (int i = 1; i <= 4; i++) r.Send(q, "PUBLISH q1 topic=t id=1 payload=31");
            Stuck(r, p);
            r.Send(p, "PUBLISH q1 topic=t id=9 payload=39");
            r.Send(q, "PUBLISH topic=u payload=31 / PUBLISH topic=u payload=32");
            r.Counts(Counter.Held, 0);
            r.Pass(10000);
            r.TakeAll(p);
            r.Connect("5 clean keep=1 id=x"); // its timer is looked at before the hold ends, and the hold's with it
            r.Counts(Counter.Held, 1);
            string got = r.All(p);
            Assert.AreEqual("PUBLISH q0 topic=u payload=31 / PUBLISH q0 topic=u payload=32", got.Substring(65 * 11));
            r.Pass(1900);
            r.Got(p, "");
            r.Counts(Counter.DroppedQueueFull, 0);
            r.Send(s, "PUBACK id=1");
            r.Got(p, "PUBACK id=9 reason=00");
            r.All(s);
            r.All(q);
            r.End();
        }

        // The receive buffer is full of what waits, and what the transport still has is read as room comes.
        [TestMethod]
        public void AcknowledgementsBeyondTheBuffer()
        {
            Limits limits = Patient();
            limits.HoldMs = 100000;
            Rig r = new Rig(limits);
            int s = r.Subscriber("5 clean id=s", "filter=t q1");
            int p = r.Subscriber("5 clean id=p", "filter=u q1");
            int q = r.Connect("5 clean id=q");
            for (int i = 1; i <= 4; i++) r.Send(q, "PUBLISH q1 topic=t id=1");
            for (int i = 1; i <= 3; i++) r.Send(q, "PUBLISH q1 topic=u id=1");
            r.Got(p, "PUBLISH q1 topic=u id=1 payload= / PUBLISH q1 topic=u id=2 payload=");
            string lines = "PUBLISH topic=t payload=" + Rig.Hexes(90);
            for (int i = 0; i < 2; i++) lines += " / PUBLISH topic=t payload=" + Rig.Hexes(90);
            r.Send(p, lines + " / PUBACK id=1");
            Assert.IsTrue(r.Rest[p] > 0, "more than the buffer takes");
            r.Got(p, "");
            r.Send(s, "PUBACK id=1"); // the first goes on, the second waits
            r.Got(p, "PUBLISH q1 topic=u id=3 payload=");
            r.All(s);
            r.All(q);
            r.End();
        }

        // Acknowledgements that need no answer pass even when none could be queued.
        [TestMethod]
        public void AcknowledgementsThatNeedNoAnswer()
        {
            Limits limits = Patient();
            limits.HoldMs = 100000;
            Rig r = new Rig(limits);
            int p = r.Subscriber("5 clean id=p", "filter=u q1");
            int q = r.Connect("5 clean id=q");
            for (int i = 1; i <= 5; i++) r.Send(q, "PUBLISH q1 topic=u id=" + i.ToString());
            r.Got(q, "PUBACK id=1 reason=00 / PUBACK id=2 reason=00 / PUBACK id=3 reason=00 / PUBACK id=4 reason=00");
            r.All(p);
            Stuck(r, p);
            r.Send(p, "PUBLISH q1 topic=x id=1 / PINGREQ / PUBACK id=1");
            r.Got(q, "PUBACK id=5 reason=00"); // the queue has room for its message
            r.End();
        }

        // PINGREQs fill the buffer behind a held packet; they go as their answers leave, and what is behind is read.
        [TestMethod]
        public void RoomIsMadeByWhatOvertakes()
        {
            Limits limits = Patient();
            limits.HoldMs = 100000;
            Rig r = new Rig(limits);
            int s = r.Subscriber("5 clean id=s", "filter=t q1");
            int p = r.Subscriber("5 clean id=p", "filter=u q1");
            int q = r.Connect("5 clean id=q");
            for (int i = 1; i <= 4; i++) r.Send(q, "PUBLISH q1 topic=t id=1");
            for (int i = 1; i <= 3; i++) r.Send(q, "PUBLISH q1 topic=u id=1");
            r.All(p);
            Stuck(r, p);
            r.Send(p, "PUBLISH topic=t payload=31");
            string lines = "PINGREQ";
            for (int i = 0; i < 140; i++) lines += " / PINGREQ";
            r.Send(p, lines + " / PUBACK id=1");
            Assert.IsTrue(r.Rest[p] > 0, "more than the buffer takes");
            r.TakeAll(p);
            Assert.AreEqual(0, r.Rest[p]);
            string got = r.All(p);
            Assert.IsTrue(got.IndexOf("PUBLISH q1 topic=u id=3") > 0, got);
            r.Counts(Counter.Held, 1);
            r.Counts(Counter.PublishReceived, 7);
            r.All(s);
            r.All(q);
            r.End();
        }

        // A cut packet behind a held one kept the receive buffer because we did not read: its time begins afterwards.
        [TestMethod]
        public void CutPacketBehindAHeldOne()
        {
            Limits limits = Patient();
            limits.ReceiveBuffers = 1;
            Rig r = new Rig(limits);
            int a = r.Connect("5 clean id=a");
            int b = r.Connect("5 clean id=b");
            Stuck(r, a);
            byte[] cut = r.Bytes(a, "PUBLISH q1 topic=x id=1 / PUBLISH q1 topic=x id=2 payload=" + Rig.Hexes(30));
            byte[] head = new byte[cut.Length - 5];
            byte[] rest = new byte[5];
            System.Array.Copy(cut, 0, head, 0, head.Length);
            System.Array.Copy(cut, head.Length, rest, 0, 5);
            r.Arrive(a, head);
            r.Arrive(b, head);
            Assert.IsTrue(r.Rest[b] > 0, "waits for the buffer");
            r.Pass(20000);
            r.TakeAll(a);
            r.Connect("5 clean keep=1 id=x"); // all timers are looked at when its keep-alive ends
            r.Pass(9000);
            Assert.IsTrue(r.IsOpen(a));
            r.Arrive(a, rest);
            Assert.AreEqual(0, r.Rest[b]);
            r.Arrive(b, rest);
            r.Got(b, "PUBACK id=1 reason=10 / PUBACK id=2 reason=10");
            r.Counts(Counter.StalledClosed, 0);
            r.End();
        }

        // Wait knows of what happened after Tick: work that was put off, and earlier deadlines.
        [TestMethod]
        public void WaitAfterTick()
        {
            Rig r = Rig.Tiny();
            int s = r.Subscriber("5 clean id=s", "filter=t q1");
            int p = r.Connect("5 clean id=p will topic=t payload=39");
            int w = r.Connect("5 {session=100} id=w will {delay=7} topic=t payload=38");
            r.Pass(1);
            Assert.IsTrue(r.Broker.Wait(r.NowMs) > 7000);
            r.Lose(w);
            Assert.AreEqual(7000, r.Broker.Wait(r.NowMs));
            byte[] packet = r.Bytes(p, "PUBLISH q1 topic=t id=1 payload=31");
            for (int i = 0; i < 5; i++) r.Fed += r.Broker.Feed(p, packet, 0, packet.Length, r.NowMs);
            Assert.AreEqual(2000, r.Broker.Wait(r.NowMs)); // held
            r.All(s);
            r.Run();
            r.Broker.Tick(r.NowMs);
            Assert.AreEqual(2000, r.Broker.Wait(r.NowMs));
            r.Lose(s);
            int x = r.Connect("5 clean id=x will topic=t payload=37");
            r.Broker.Tick(r.NowMs);
            r.Broker.Closed(x, r.NowMs);
            Assert.AreEqual(0, r.Broker.Wait(r.NowMs)); // a will to publish
            r.Broker.Tick(r.NowMs);
            Assert.IsTrue(r.Broker.Wait(r.NowMs) > 0);
            r.End();
        }

        // A packet that was held is counted once.
        [TestMethod]
        public void HeldPacketsAreCountedOnce()
        {
            Rig r = Held(5);
            r.Counts(Counter.PacketsReceived, 8);
            r.Ask(0, "PUBACK id=1", "PUBLISH q1 topic=t id=3 payload=33");
            r.Got(1, "PUBACK id=5 reason=00");
            r.Counts(Counter.PacketsReceived, 10);
            r.End();
        }
    }
}
