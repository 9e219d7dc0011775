using System.Threading;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The board's server: turns, fairness, ends of connections.</summary>
    [TestClass]
    public class ServerTest
    {
        [TestMethod]
        public void MessageGoesFromOneToTheOther()
        {
            Site s = new Site();
            s.Run();
            BoardSocket a = s.Connect("CONNECT 4 clean keep=0 id=a");
            BoardSocket b = s.Connect("CONNECT 4 clean keep=0 id=b");
            a.Say("SUBSCRIBE id=1 filter=t q1", 4);
            s.Pass(20);
            Assert.AreEqual("SUBACK id=1 01", a.Heard(4));
            b.Say("PUBLISH q1 topic=t id=7 payload=68", 4);
            s.Run();
            Assert.AreEqual("PUBACK id=7 reason=00", b.Heard(4));
            Assert.AreEqual("PUBLISH q1 topic=t id=1 payload=68", a.Heard(4));
            Assert.AreEqual(0, s.Net.Blocked, "a call that waits");
        }

        [TestMethod]
        public void PauseIsShortWhileSomethingGoesOn()
        {
            Site s = new Site();
            BoardSocket a = s.Connect("CONNECT 4 clean keep=0 id=a");
            s.Pass(500);
            Assert.AreEqual(10, s.WaitMs, "all is quiet");
            a.Say("PINGREQ", 4);
            s.Run();
            Assert.AreEqual(1, s.WaitMs, "somebody talks");
            Assert.AreEqual("PINGRESP", a.Heard(4));
            s.Pass(100);
            Assert.AreEqual(10, s.WaitMs, "quiet again");
            s.TurnWaitMs = 3;
            s.Run();
            Assert.AreEqual(3, s.WaitMs, "what shares the thread");
            Assert.IsTrue(s.Turns > 0, "it has its turn");
        }

        /// <summary>The peer of one connection takes nothing and sends all the time: the others do not notice.
        /// </summary>
        [TestMethod]
        public void StalledPeerStopsNobody()
        {
            Site s = new Site();
            BoardSocket stalled = s.Connect("CONNECT 4 clean keep=0 id=x");
            stalled.Say("SUBSCRIBE id=1 filter=# q0", 4);
            s.Pass(20);
            stalled.Reads = false;
            stalled.Free = 0;
            BoardSocket a = s.Connect("CONNECT 4 clean keep=0 id=a");
            for (int i = 0; i < 70; i++)
            {
                a.Say("PUBLISH q1 topic=t id=7 payload=6868686868686868686868686868686868", 4);
                s.Pass(2100); // what the broker holds it for, at most
                Assert.AreEqual("PUBACK id=7 reason=00", a.Heard(4));
            }
            Assert.AreEqual(0, s.Net.Blocked, "a call that waits");
            Assert.IsTrue(stalled.Closed, "who takes nothing for SendMs is let go; the broker looks once in SendMs");
            Assert.IsFalse(a.Closed, "the other");
        }

        [TestMethod]
        public void VanishedPeerIsLetGoWhenItsKeepAliveIsOver()
        {
            Site s = new Site();
            BoardSocket a = s.Connect("CONNECT 4 clean keep=2 id=a");
            s.Pass(2900);
            Assert.IsFalse(a.Closed, "within one and a half times the keep-alive [MQTT-3.1.2-22]");
            s.Pass(1300);
            Assert.IsTrue(a.Closed, "after it");
            Assert.AreEqual(1, s.Net.InUse, "the listener alone");
        }

        /// <summary>A Send that hangs although the socket was writable: that connection alone is lost.</summary>
        [TestMethod]
        public void SendThatTimesOutCostsItsConnection()
        {
            Site s = new Site();
            BoardSocket a = s.Connect("CONNECT 4 clean keep=0 id=a");
            BoardSocket b = s.Connect("CONNECT 4 clean keep=0 id=b");
            b.Hangs = true;
            int before = b.Sends;
            b.Say("PINGREQ / PINGREQ", 4);
            s.Pass(20);
            Assert.AreEqual(before + 1, b.Sends, "no second Send on a stream nobody knows the state of");
            b.Say("PUBLISH q0 topic=t payload=68", 4);
            b.Ended = true;
            a.Say("SUBSCRIBE id=1 filter=t q0", 4);
            s.Pass(200);
            Assert.IsTrue(b.Closed, "closed when the peer has");
            Assert.AreEqual("SUBACK id=1 00 / PUBLISH q0 topic=t payload=68", a.Heard(4), "what it sent is not lost");
        }

        [TestMethod]
        public void DeafPeerIsClosedWhenTheBrokerWants()
        {
            Site s = new Site();
            BoardSocket b = s.Connect("CONNECT 4 clean keep=1 id=b");
            b.Hangs = true;
            int before = b.Sends;
            b.Say("PINGREQ", 4);
            s.Pass(3000);
            Assert.IsTrue(b.Closed, "keep-alive is over");
            Assert.AreEqual(before + 1, b.Sends);
        }

        [TestMethod]
        public void ResetEndsOneConnection()
        {
            Site s = new Site();
            BoardSocket a = s.Connect("CONNECT 4 clean keep=0 id=a");
            BoardSocket b = s.Connect("CONNECT 4 clean keep=0 id=b");
            a.Broken = true;
            b.Say("PINGREQ", 4);
            s.Pass(20);
            Assert.IsTrue(a.Closed, "closed");
            Assert.AreEqual("PINGRESP", b.Heard(4));
            Assert.AreEqual(1, s.Broker.ClientsConnected);
        }

        /// <summary>Nobody is read twice before everybody was read once, however much one sends.</summary>
        [TestMethod]
        public void ReadsTakeTurns()
        {
            Site s = new Site();
            BoardSocket a = s.Connect("CONNECT 4 clean keep=0 id=a");
            BoardSocket b = s.Connect("CONNECT 4 clean keep=0 id=b");
            for (int i = 0; i < 100; i++) a.Say("PUBLISH q0 topic=t payload=6868686868686868686868686868686868", 4);
            for (int i = 0; i < 40; i++) b.Say("PINGREQ", 4);
            int aFirst = a.Receives;
            int bFirst = b.Receives;
            s.Server.Turn(s.NowMs);
            Assert.AreEqual(1, a.Receives - aFirst);
            Assert.AreEqual(1, b.Receives - bFirst);
            s.Run();
            Assert.AreEqual(0, a.InEnd - a.InStart, "all is read in the end");
        }

        [TestMethod]
        public void SendIsNeverLongerThanWhatAWritableSocketTakes()
        {
            Limits l = Site.Sizes();
            l.PacketBytes = 8192;
            l.SendBytes = 4096;
            l.Blocks = 400;
            l.QueueBlocks = 300;
            Site s = new Site(l);
            BoardSocket a = s.Connect("CONNECT 4 clean keep=0 id=a");
            a.Say("SUBSCRIBE id=1 filter=t q0", 4);
            s.Pass(10);
            string payload = "";
            for (int i = 0; i < 1000; i++) payload += "686868";
            a.Say("PUBLISH q0 topic=t payload=" + payload, 4);
            s.Run();
            Assert.IsTrue(a.LargestSend <= 1400, a.LargestSend.ToString());
            Assert.IsTrue(a.OutEnd > 3000, "it arrived");
            Assert.AreEqual(0, s.Net.Blocked);
        }

        /// <summary>What was sent before the end of the stream is handled, and only then is the connection over.
        /// </summary>
        [TestMethod]
        public void LastWordsAreHeard()
        {
            Site s = new Site();
            BoardSocket a = s.Connect("CONNECT 4 clean keep=0 id=a");
            a.Say("SUBSCRIBE id=1 filter=t q0", 4);
            s.Pass(10);
            a.Heard(4);
            BoardSocket b = s.Net.Connect("b");
            b.Say("CONNECT 4 clean keep=0 id=b / PUBLISH q0 topic=t payload=31 / PUBLISH q0 topic=t payload=32"
                + " / DISCONNECT", 4);
            b.Ended = true;
            s.Pass(300);
            Assert.IsTrue(b.Closed);
            Assert.AreEqual("PUBLISH q0 topic=t payload=31 / PUBLISH q0 topic=t payload=32", a.Heard(4));
            Assert.AreEqual(2, s.Net.InUse, "listener and a");
        }

        /// <summary>A DISCONNECT of the broker's reaches a peer that is still sending: the socket is not closed while
        /// bytes are unread, which on lwIP would reset the connection.</summary>
        [TestMethod]
        public void GoodbyeIsNotOvertakenByAReset()
        {
            Site s = new Site();
            BoardSocket a = s.Connect("CONNECT 5 clean keep=0 id=a");
            a.Say("HEX 30FFFFFF7F / PINGREQ / PINGREQ", 5); // larger than any packet may be
            s.Pass(20);
            string got = a.Heard(5);
            Assert.AreEqual("DISCONNECT reason=95", got.Substring(0, 20));
            Assert.IsFalse(a.Closed, "the peer may close first");
            a.Say("PINGREQ", 5);
            s.Pass(100);
            a.Ended = true;
            s.Pass(100);
            Assert.IsTrue(a.Closed);
            Assert.IsFalse(a.WasReset);
        }

        [TestMethod]
        public void PeerThatDoesNotCloseIsClosed()
        {
            Site s = new Site();
            BoardSocket a = s.Connect("CONNECT 5 clean keep=0 id=a");
            a.Say("HEX 30FFFFFF7F", 5);
            s.Pass(900);
            Assert.IsFalse(a.Closed);
            s.Pass(200);
            Assert.IsTrue(a.Closed, "after a second");
            // Nor does one that does not take its last bytes keep its place.
            BoardSocket b = s.Connect("CONNECT 5 clean keep=0 id=b");
            b.Reads = false;
            b.Free = 0;
            b.Say("HEX 30FFFFFF7F", 5);
            s.Pass(2900);
            Assert.IsFalse(b.Closed);
            s.Pass(200);
            Assert.IsTrue(b.Closed, "after three seconds");
            Assert.AreEqual(1, s.Net.InUse);
        }

        [TestMethod]
        public void SocketThatLingersMakesRoomForWhoComes()
        {
            Site s = new Site();
            int connections = Site.Sizes().Connections;
            BoardSocket[] all = new BoardSocket[connections];
            for (int i = 0; i < connections; i++) all[i] = s.Connect("CONNECT 5 clean keep=0 id=" + i.ToString());
            Assert.AreEqual(connections + 1, s.Net.InUse);
            // All places are taken: this one does not linger.
            all[0].Say("HEX 30FFFFFF7F", 5);
            s.Pass(20);
            Assert.IsTrue(all[0].Closed);
            all[1].Say("HEX 30FFFFFF7F", 5);
            s.Pass(20);
            Assert.IsFalse(all[1].Closed, "lingers");
            s.Connect("CONNECT 5 clean keep=0 id=x");
            Assert.IsFalse(all[1].Closed, "still one place left");
            s.Connect("CONNECT 5 clean keep=0 id=y");
            Assert.IsTrue(all[1].Closed);
            Assert.AreEqual(connections + 1, s.Net.InUse);
        }

        [TestMethod]
        public void StopSaysGoodbyeAndClosesEverything()
        {
            Site s = new Site();
            BoardSocket a = s.Connect("CONNECT 5 clean keep=0 id=a");
            BoardSocket b = s.Connect("CONNECT 5 clean keep=0 id=b");
            b.Reads = false;
            b.Free = 0;
            s.Server.Stop();
            s.Run();
            Assert.AreEqual("DISCONNECT reason=8B", a.Heard(5).Substring(0, 20));
            Assert.IsTrue(a.Closed);
            Assert.IsFalse(b.Closed, "it has a while to take its last bytes");
            s.Pass(3100);
            Assert.IsTrue(b.Closed);
            Assert.AreEqual(0, s.Net.InUse);
            Assert.AreEqual(-1, s.Server.Turn(s.NowMs), "stopped");
        }

        /// <summary>A thread of its own, as on the board; it ends when it is told to.</summary>
        [TestMethod]
        public void RunEndsWhenItIsStopped()
        {
            Site s = new Site();
            Thread thread = new Thread(new ThreadStart(s.Server.Run));
            thread.Start();
            s.Server.Wake();
            s.Server.Stop();
            Assert.IsTrue(thread.Join(20000), "Run has not returned");
            Assert.AreEqual(0, s.Net.InUse);
        }
    }
}
