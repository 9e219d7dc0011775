using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The access hook: who may connect, publish, receive and subscribe; and AUTH, section 4.12.</summary>
    [TestClass]
    public class AccessTest
    {
        private static World Guarded(out Hook hook)
        {
            World w = new World();
            hook = new Hook();
            w.Broker.Access = hook;
            return w;
        }

        // The code as it is for MQTT 5; its nearest, or none, for 3.1.1.
        [TestMethod]
        public void ConnectRefused()
        {
            int[] codes = new int[]
            {
                0x80, 0, 0x86, 4, 0x87, 5, 0x88, 3, 0x89, 3, 0x8A, 5, 0x8C, 5, 0x95, 0, 0x97, 3, 0x9C, 0, 0x9F, 3,
            };
            World w = Guarded(out Hook hook);
            for (int i = 0; i < codes.Length; i += 2)
            {
                hook.Then(new int[] { codes[i] }, new string[] { "00" });
                w.Ask(w.Open(), "CONNECT 5 clean keep=0 id=a", "CONNACK reason=" + Hex(codes[i]) + " / CLOSED");
                string old = codes[i + 1] == 0 ? World.Closed : "CONNACK reason=" + Hex(codes[i + 1]) + " / CLOSED";
                w.Ask(w.Open(), "CONNECT 4 clean keep=0 id=a will topic=t payload=", old);
                w.Counts(Counter.ConnectsRefused, i + 2);
            }
            Assert.AreEqual(0, w.Broker.SessionCount());
            w.End();
        }

        private static string Hex(int value)
        {
            Line.Clear();
            Line.Byte(value);
            return Line.Text();
        }

        // Nobody is asked about a CONNECT that is wrong, and nothing is taken over before the answer.
        [TestMethod]
        public void AskedOnce()
        {
            World w = Guarded(out Hook hook);
            int a = w.Connect("CONNECT 5 clean keep=0 id=a");
            Assert.AreEqual("connect 7 a;", hook.Asked);
            hook.Asked = "";
            w.Ask(w.Open(5), "HEX 100E00044D51545405030000000001" + "61", "CONNACK reason=81 / CLOSED");
            Assert.AreEqual("", hook.Asked);
            hook.Then(new int[] { AccessAnswer.Later }, new string[] { null });
            int b = w.Raw("CONNECT 5 clean keep=0 id=a");
            w.Pass(5000);
            w.Ask(a, "PINGREQ", "PINGRESP");
            Assert.AreEqual("connect 7 a;", hook.Asked);
            w.Broker.Complete(b, ReasonCode.NotAuthorized, w.NowMs);
            w.Run();
            w.Got(b, "CONNACK reason=87 / CLOSED");
            w.Ask(a, "PINGREQ", "PINGRESP");
            w.End();
        }

        // The answer comes later; what the client sends meanwhile waits its turn.
        [TestMethod]
        public void Later()
        {
            for (int version = 4; version <= 5; version++)
            {
                World w = Guarded(out Hook hook);
                hook.Then(new int[] { AccessAnswer.Later }, new string[] { null });
                int c = w.Open();
                w.Trickle(c, "CONNECT " + version.ToString() + " clean keep=0 id=a");
                w.Trickle(c, "SUBSCRIBE id=1 filter=a q1 / PUBLISH q1 topic=a id=2 payload=31");
                w.Send(c, "PINGREQ");
                w.Silent(c);
                Assert.AreEqual("connect 7 a;", hook.Asked);
                w.Pass(2000);
                w.Broker.Complete(c, 0, w.NowMs);
                w.Run();
                string hello = version == 4 ? "CONNACK reason=00" : "CONNACK reason=00 {receive=8 aliases=4"
                    + " max=1024}";
                w.Got(c, hello + " / SUBACK id=1 01 / PUBLISH q1 topic=a id=1 payload=31 / PUBACK id=2 reason=00"
                    + " / PINGRESP");
                w.Broker.Complete(c, 0, w.NowMs); // once too often
                w.Run();
                w.Silent(c);
                Assert.AreEqual("connect 7 a;", hook.Asked);
                w.End();
            }
        }

        // More than the broker can keep waits with the transport. Nobody waits longer than CONNECT may take.
        [TestMethod]
        public void LaterWithMoreThanFits()
        {
            World w = Guarded(out Hook hook);
            hook.Then(new int[] { AccessAnswer.Later }, new string[] { null });
            int c = w.Raw("CONNECT 5 clean keep=0 id=a");
            string zeros = "00000000000000000000000000000000000000000000000000000000000000000000000000000000";
            string payload = "";
            for (int i = 0; i < 20; i++) payload += zeros;
            w.Send(c, "SUBSCRIBE id=1 filter=a / PUBLISH topic=b payload=" + payload + " / PUBLISH topic=a"
                + " payload=01");
            w.Send(c, "PUBLISH topic=b payload=" + payload + " / PUBLISH topic=a payload=02 / PINGREQ");
            Assert.IsTrue(w.Held(c));
            w.Silent(c);
            w.Broker.Complete(c, 0, w.NowMs);
            w.Run();
            Assert.IsFalse(w.Held(c));
            w.Got(c, "CONNACK reason=00 {receive=8 aliases=4 max=1024} / SUBACK id=1 00"
                + " / PUBLISH q0 topic=a payload=01 / PUBLISH q0 topic=a payload=02 / PINGRESP");
            int d = w.Raw("CONNECT 5 clean keep=0 id=d");
            w.Pass(9999);
            Assert.IsTrue(w.IsOpen(d));
            w.Pass(1);
            w.Got(d, World.Closed);
            // Gone before the answer.
            int e = w.Raw("CONNECT 5 clean keep=0 id=e");
            w.Lose(e);
            w.Broker.Complete(e, 0, w.NowMs);
            w.Run();
            Assert.AreEqual(1, w.Broker.SessionCount());
            w.End();
        }

        // [MQTT-3.3.5-2] and table 3-4: each QoS, each version.
        [TestMethod]
        public void PublishDenied()
        {
            World w = Guarded(out Hook hook);
            hook.Publishes = "ok/";
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Subscribe(s, "filter=#");
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            int old = w.Connect("CONNECT 4 clean keep=0 id=old");
            w.Ask(p, "PUBLISH topic=no payload=31", "");
            w.Ask(p, "PUBLISH q1 topic=no id=1 payload=31", "PUBACK id=1 reason=87");
            w.Ask(p, "PUBLISH q2 topic=no id=2 payload=31", "PUBREC id=2 reason=87");
            w.Ask(p, "PUBREL id=2", "PUBCOMP id=2 reason=92"); // the identifier was free again
            w.Ask(p, "PUBLISH q2 topic=ok/ id=2 payload=32", "PUBREC id=2 reason=00");
            w.Got(s, "PUBLISH q0 topic=ok/ payload=32");
            w.Ask(old, "PUBLISH topic=no payload=31", "");
            w.Ask(old, "PUBLISH q1 topic=no id=1 payload=31", "PUBACK id=1 reason=00");
            w.Ask(old, "PUBLISH q2 topic=no id=2 payload=31 / PUBLISH dup q2 topic=no id=2 payload=31",
                "PUBREC id=2 reason=00 / PUBREC id=2 reason=00");
            w.Ask(old, "PUBREL id=2", "PUBCOMP id=2 reason=00");
            w.Counts(Counter.RefusedDenied, 6);
            w.Counts(Counter.DroppedDenied, 2);
            // Nothing is retained either.
            w.Ask(p, "PUBLISH retain topic=no payload=31", "");
            hook.Publishes = "";
            w.Ask(p, "SUBSCRIBE id=1 filter=no", "SUBACK id=1 00");
            w.Silent(s);
            w.End();
        }

        // The broker's own topics are not the clients' to publish to.
        [TestMethod]
        public void SysIsDenied()
        {
            World w = new World();
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Ask(p, "PUBLISH q1 topic=$SYS/broker/uptime id=1", "PUBACK id=1 reason=87");
            w.Ask(p, "PUBLISH q2 topic=$SYS id=2", "PUBREC id=2 reason=87");
            w.Ask(p, "PUBLISH topic=$SYS/x", "");
            w.Ask(p, "PUBLISH q1 topic=$SYSTEM id=1", "PUBACK id=1 reason=10");
            w.Ask(p, "PUBLISH q1 topic=$SY id=1", "PUBACK id=1 reason=10");
            w.Ask(p, "PUBLISH q1 topic=a/$SYS id=1", "PUBACK id=1 reason=10");
            w.Counts(Counter.RefusedDenied, 3);
            w.Counts(Counter.DroppedDenied, 1);
            w.End();
        }

        [TestMethod]
        public void DeliverDenied()
        {
            World w = Guarded(out Hook hook);
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Subscribe(s, "filter=# q1");
            int p = w.Connect("CONNECT 5 clean keep=0 id=p");
            w.Send(p, "PUBLISH retain topic=no payload=30 / PUBLISH retain topic=ok payload=31");
            w.Got(s, "PUBLISH q0 topic=no payload=30 / PUBLISH q0 topic=ok payload=31");
            hook.Delivers = "ok";
            w.Ask(p, "PUBLISH topic=no / PUBLISH q1 topic=no id=1 / PUBLISH topic=ok", "PUBACK id=1 reason=00");
            w.Got(s, "PUBLISH q0 topic=ok payload=");
            w.Counts(Counter.DroppedDenied, 2);
            Assert.AreEqual(2, w.Broker.DroppedOf(w.Session("s")));
            // Nor what is retained.
            w.Ask(s, "SUBSCRIBE id=1 filter=+", "SUBACK id=1 00 / PUBLISH q0 retain topic=ok payload=31");
            w.Ask(s, "SUBSCRIBE id=1 filter=no", "SUBACK id=1 00");
            w.Counts(Counter.DroppedDenied, 4);
            w.End();
        }

        [TestMethod]
        public void SubscribeDenied()
        {
            World w = Guarded(out Hook hook);
            hook.Subscribes = "ok";
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Ask(s, "SUBSCRIBE id=1 filter=no q2 filter=ok q1 filter=#", "SUBACK id=1 87 01 87");
            hook.Refusal = ReasonCode.ImplementationSpecificError;
            w.Ask(s, "SUBSCRIBE id=1 filter=ok/# filter=$share/g/ok", "SUBACK id=1 00 83");
            int old = w.Connect("CONNECT 4 clean keep=0 id=old");
            w.Ask(old, "SUBSCRIBE id=1 filter=no q2 filter=ok q1", "SUBACK id=1 80 01"); // [MQTT-3.9.3-2] of 3.1.1
            w.Counts(Counter.RefusedFilters, 4);
            w.Ask(s, "PUBLISH topic=no / PUBLISH topic=ok", "PUBLISH q0 topic=ok payload=");
            w.Got(old, "PUBLISH q0 topic=ok payload=");
            w.End();
        }

        // ---- AUTH

        // [MQTT-4.12.0-1]
        [TestMethod]
        public void NoMethodsHere()
        {
            World w = new World();
            w.Ask(w.Open(), "CONNECT 5 clean keep=0 {method=M data=00} id=a", "CONNACK reason=8C / CLOSED");
            int c = w.Connect("CONNECT 5 clean keep=0 id=a");
            w.Ask(c, "AUTH reason=19 {method=M}", "DISCONNECT reason=82 / CLOSED"); // [MQTT-4.12.0-7]
            w.End();
        }

        // [MQTT-4.12.0-2] to [MQTT-4.12.0-5]
        [TestMethod]
        public void Exchange()
        {
            World w = Guarded(out Hook hook);
            hook.Then(new int[] { 0x18, 0x18, 0 }, new string[] { "01", "02", "03" });
            int c = w.Open();
            w.Trickle(c, "CONNECT 5 clean keep=0 {method=M data=AA} id=a");
            w.Got(c, "AUTH reason=18 {method=M data=01}");
            w.Trickle(c, "AUTH reason=18 {method=M data=BB}");
            w.Got(c, "AUTH reason=18 {method=M data=02}");
            w.Ask(c, "AUTH reason=18 {method=M data=CC}",
                "CONNACK reason=00 {method=M data=03 receive=8 aliases=4 max=1024}");
            Assert.AreEqual("connect 7 a;auth 18 M BB;auth 18 M CC;", hook.Asked);
            w.Ask(c, "PINGREQ", "PINGRESP");
            w.End();
        }

        [TestMethod]
        public void OneStepIsEnough()
        {
            World w = Guarded(out Hook hook);
            hook.Then(new int[] { 0 }, new string[] { "03" });
            w.Ask(w.Open(), "CONNECT 5 clean keep=0 {method=M} id=a",
                "CONNACK reason=00 {method=M data=03 receive=8 aliases=4 max=1024}");
            hook.Then(new int[] { 0 }, new string[] { null });
            w.Ask(w.Open(), "CONNECT 5 clean keep=0 {method=Method} id=b",
                "CONNACK reason=00 {method=Method receive=8 aliases=4 max=1024}");
            // Who names no method hears of none [MQTT-4.12.0-6].
            hook.Then(new int[] { 0 }, new string[] { "03" });
            w.Ask(w.Open(), "CONNECT 5 clean keep=0 id=c", "CONNACK reason=00 {receive=8 aliases=4 max=1024}");
            hook.Then(new int[] { 0x18 }, new string[] { "03" });
            w.Ask(w.Open(), "CONNECT 5 clean keep=0 id=d", "CONNACK reason=8C / CLOSED");
            w.Ask(w.Open(), "CONNECT 4 clean keep=0 id=d", "CONNACK reason=05 / CLOSED");
            w.End();
        }

        [TestMethod]
        public void ExchangeFails()
        {
            World w = Guarded(out Hook hook);
            hook.Then(new int[] { 0x18, 0x87 }, new string[] { "01", "02" });
            int c = w.Raw("CONNECT 5 clean keep=0 {method=M data=AA} id=a");
            w.Got(c, "AUTH reason=18 {method=M data=01}");
            w.Ask(c, "AUTH reason=18 {method=M data=BB}", "CONNACK reason=87 / CLOSED");
            // Another method, none, another reason, no AUTH at all; too late.
            string[] wrong = new string[]
            {
                "AUTH reason=18 {method=N}", "82", "AUTH reason=18 {method=}", "82", "HEX F000", "82",
                "AUTH reason=19 {method=M}", "82", "AUTH reason=00 {method=M}", "82", "HEX F10118", "81",
                "HEX F10618041500014D", "81",
            };
            for (int i = 0; i < wrong.Length; i += 2)
            {
                hook.Then(new int[] { 0x18, 0 }, new string[] { null, null });
                c = w.Raw("CONNECT 5 clean keep=0 {method=M} id=a");
                w.Got(c, "AUTH reason=18 {method=M}");
                w.Ask(c, wrong[i], "CONNACK reason=" + wrong[i + 1] + " / CLOSED");
            }
            hook.Then(new int[] { 0x18, 0 }, new string[] { null, null });
            c = w.Raw("CONNECT 5 clean keep=0 {method=M} id=a");
            w.Got(c, "AUTH reason=18 {method=M}");
            w.Pass(9999);
            w.Silent(c);
            w.Pass(1);
            w.Got(c, World.Closed);
            Assert.AreEqual(0, w.Broker.SessionCount());
            w.End();
        }

        // Two exchanges at one time do not get each other's data.
        [TestMethod]
        public void TwoExchanges()
        {
            World w = Guarded(out Hook hook);
            hook.Then(new int[] { 0x18, 0x18, 0, 0 }, new string[] { "0A", "0B", "1A", null });
            int a = w.Raw("CONNECT 5 clean keep=0 {method=M} id=a");
            int b = w.Raw("CONNECT 5 clean keep=0 {method=N} id=b");
            w.Got(a, "AUTH reason=18 {method=M data=0A}");
            w.Got(b, "AUTH reason=18 {method=N data=0B}");
            // Both answers arrive in one batch of the transport.
            byte[] fromA = Wire.Packet("AUTH reason=18 {method=M}", 5);
            byte[] fromB = Wire.Packet("AUTH reason=18 {method=N}", 5);
            w.Broker.Feed(a, fromA, 0, fromA.Length, w.NowMs);
            w.Broker.Feed(b, fromB, 0, fromB.Length, w.NowMs);
            w.Run();
            w.Got(a, "CONNACK reason=00 {method=M data=1A receive=8 aliases=4 max=1024}");
            w.Got(b, "CONNACK reason=00 {method=N receive=8 aliases=4 max=1024}");
            // Data left over from one client is none of another's.
            hook.Then(new int[] { AccessAnswer.Later }, new string[] { null });
            int c = w.Raw("CONNECT 5 clean keep=0 {method=M} id=c");
            hook.Then(new int[] { 0 }, new string[] { "0D" });
            int d = w.Raw("CONNECT 5 clean keep=0 {method=M} id=d");
            w.Got(d, "CONNACK reason=00 {method=M data=0D receive=8 aliases=4 max=1024}");
            w.Broker.Complete(c, 0, w.NowMs);
            w.Run();
            w.Got(c, "CONNACK reason=00 {method=M receive=8 aliases=4 max=1024}");
            w.End();
        }

        // What is sent right behind the last AUTH waits for CONNACK.
        [TestMethod]
        public void PacketsBehindTheExchange()
        {
            World w = Guarded(out Hook hook);
            hook.Then(new int[] { 0x18, 0 }, new string[] { null, null });
            int c = w.Raw("CONNECT 5 clean keep=0 {method=M} id=a / SUBSCRIBE id=1 filter=a");
            w.Got(c, "AUTH reason=18 {method=M}");
            w.Ask(c, "AUTH reason=18 {method=M data=BB} / PUBLISH topic=a payload=31 / PINGREQ",
                "CONNACK reason=00 {method=M receive=8 aliases=4 max=1024} / SUBACK id=1 00"
                + " / PUBLISH q0 topic=a payload=31 / PINGRESP");
            Assert.AreEqual("connect 7 a;auth 18 M BB;", hook.Asked);
            w.End();
        }

        // Section 4.12.1
        [TestMethod]
        public void Reauthentication()
        {
            World w = Guarded(out Hook hook);
            int c = w.Connect("CONNECT 5 clean keep=0 {method=M} id=a");
            hook.Then(new int[] { 0x18, 0 }, new string[] { "01", "02" });
            w.Ask(c, "AUTH reason=19 {method=M data=AA}", "AUTH reason=18 {method=M data=01}");
            w.Ask(c, "PINGREQ", "PINGRESP"); // the connection goes on meanwhile
            w.Ask(c, "AUTH reason=18 {method=M data=BB}", "AUTH reason=00 {method=M data=02}");
            hook.Then(new int[] { 0x87 }, new string[] { null });
            w.Ask(c, "AUTH reason=19 {method=M}", "DISCONNECT reason=87 / CLOSED");
            hook.Then(new int[] { 0 }, new string[] { null });
            string[] wrong = new string[]
            {
                "AUTH reason=19 {method=N}", "AUTH reason=00 {method=M}", "HEX F000", "AUTH reason=18 {method=}",
            };
            for (int i = 0; i < wrong.Length; i++)
            {
                c = w.Connect("CONNECT 5 clean keep=0 {method=M} id=a");
                w.Ask(c, wrong[i], "DISCONNECT reason=82 / CLOSED");
            }
            // [MQTT-4.12.0-7]: only who named a method in CONNECT.
            c = w.Connect("CONNECT 5 clean keep=0 id=a");
            w.Ask(c, "AUTH reason=19 {method=M}", "DISCONNECT reason=82 / CLOSED");
            c = w.Connect("CONNECT 4 clean keep=0 id=a");
            w.Ask(c, "HEX F000", World.Closed);
            w.End();
        }

        // A will needs the right to publish like any other message.
        [TestMethod]
        public void WillDenied()
        {
            World w = Guarded(out Hook hook);
            hook.Publishes = "a";
            int s = w.Connect("CONNECT 5 clean keep=0 id=s");
            w.Subscribe(s, "filter=#");
            w.Lose(w.Connect("CONNECT 5 clean keep=0 id=p will topic=a/b payload=31"));
            w.Got(s, "PUBLISH q0 topic=a/b payload=31");
            w.Lose(w.Connect("CONNECT 5 clean keep=0 id=p will topic=b/a payload=31"));
            w.Silent(s);
            w.Counts(Counter.RefusedDenied, 1);
            w.Counts(Counter.DroppedWill, 1);
            w.Lose(w.Connect("CONNECT 4 keep=0 id=q will topic=b/a payload=31"));
            w.Silent(s);
            w.Counts(Counter.DroppedWill, 2);
            w.Lose(w.Connect("CONNECT 4 clean keep=0 id=q"));
            w.End();
        }

        // Who leaves before the answer is told of: its index may soon be another's.
        [TestMethod]
        public void GoneBeforeTheAnswer()
        {
            World w = Guarded(out Hook hook);
            hook.Then(new int[] { AccessAnswer.Later }, new string[] { null });
            int c = w.Raw("CONNECT 5 clean keep=0 id=a");
            w.Lose(c);
            Assert.AreEqual("connect 7 a;gone 0;", hook.Asked);
            w.Raw("CONNECT 5 clean keep=0 id=b");
            w.Pass(10000); // the time to connect is over
            Assert.AreEqual("connect 7 a;gone 0;connect 7 b;gone 0;", hook.Asked);
            c = w.Raw("CONNECT 5 clean keep=0 id=c");
            w.Broker.Complete(c, 0, w.NowMs);
            w.Run();
            Assert.AreEqual(0, w.First(c).IndexOf("CONNACK reason=00"));
            w.Lose(c);
            w.Lose(w.Open());
            // Nor of one that was answered at once.
            hook.Then(new int[] { ReasonCode.NotAuthorized, 0 }, new string[] { null });
            w.Ask(w.Open(), "CONNECT 5 clean keep=0 id=d", "CONNACK reason=87 / CLOSED");
            w.Lose(w.Connect("CONNECT 5 clean keep=0 id=e"));
            Assert.AreEqual("connect 7 a;gone 0;connect 7 b;gone 0;connect 7 c;connect 7 d;connect 7 e;", hook.Asked);
            w.End();
        }

        // [MQTT-3.1.2-24]: neither AUTH nor CONNACK with its method and data is larger than the client takes.
        [TestMethod]
        public void AuthenticationWithinMaximumPacket()
        {
            string long1 = "3031323334353637383930313233343536373839";
            World w = Guarded(out Hook hook);
            hook.Then(new int[] { ReasonCode.ContinueAuthentication }, new string[] { long1 });
            w.Ask(w.Open(5), "CONNECT 5 clean keep=0 {max=28 method=m} id=a", "CONNACK reason=97 / CLOSED");
            Assert.AreEqual("connect 7 a;gone 0;", hook.Asked); // the exchange that it began is over
            hook.Asked = "";
            hook.Then(new int[] { ReasonCode.ContinueAuthentication, ReasonCode.ContinueAuthentication },
                new string[] { "30", long1 });
            int late = w.Raw("CONNECT 5 clean keep=0 {max=28 method=m} id=a");
            // [MQTT-3.15.2-2], [MQTT-3.15.2-3]: method and data, nothing else.
            Assert.AreEqual("F00A1808" + "1500016D" + "16000130", w.FirstHex(late));
            w.Ask(late, "AUTH reason=18 {method=m data=AA}", "CONNACK reason=97 / CLOSED");
            Assert.AreEqual("connect 7 a;auth 18 m AA;gone 0;", hook.Asked);
            hook.Then(new int[] { ReasonCode.Success }, new string[] { long1 });
            int a = w.Raw("CONNECT 5 clean keep=0 {max=28 method=m} id=a");
            w.Got(a, "CONNACK reason=00 {method=m receive=8 aliases=4 max=1024}");
            hook.Then(new int[] { ReasonCode.Success }, new string[] { long1 });
            w.Ask(w.Open(5), "CONNECT 5 clean keep=0 {max=18 method=m} id=b", "CONNACK reason=95 / CLOSED");
            w.End();
        }
    }
}
