using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Listeners that fail, and the board's sixteen sockets.</summary>
    [TestClass]
    public class ListenerTest
    {
        [TestMethod]
        public void PortThatIsTakenIsTriedAgainLaterAndLater()
        {
            Site s = new Site();
            s.Net.FailListens = 7;
            s.Pass(1);
            Assert.AreEqual("-0:1000 ", s.Log);
            s.Pass(1000);
            Assert.AreEqual("-0:1000 -0:2000 ", s.Log);
            s.Pass(120000);
            Assert.AreEqual("-0:1000 -0:2000 -0:4000 -0:8000 -0:16000 -0:30000 -0:30000 +0", s.Log);
            s.Connect("CONNECT 4 clean keep=0 id=a");
        }

        [TestMethod]
        public void ListenerThatBreaksIsMadeAnew()
        {
            Site s = new Site();
            BoardSocket a = s.Connect("CONNECT 4 clean keep=0 id=a");
            s.Net.Listener.Broken = true;
            s.Pass(20);
            Assert.AreEqual("+0-0:1000 ", s.Log);
            a.Say("PINGREQ", 4);
            s.Pass(20);
            Assert.AreEqual("PINGRESP", a.Heard(4), "who is connected stays");
            s.Pass(1000);
            Assert.AreEqual("+0-0:1000 +0", s.Log);
            Assert.AreEqual(2, s.Net.Listens);
            s.Connect("CONNECT 4 clean keep=0 id=b");
            // After it has worked the next pause is short again.
            s.Net.Listener.Broken = true;
            s.Pass(20);
            Assert.AreEqual("+0-0:1000 +0-0:1000 ", s.Log);
        }

        [TestMethod]
        public void ConnectionsBeyondTheTableAreClosedAtOnce()
        {
            Site s = new Site();
            int connections = Site.Sizes().Connections;
            for (int i = 0; i < connections; i++) s.Connect("CONNECT 4 clean keep=0 id=" + i.ToString());
            BoardSocket more = s.Net.Connect("m");
            s.Pass(20);
            Assert.IsTrue(more.Closed);
            Assert.AreEqual(connections + 1, s.Net.InUse);
            Assert.AreEqual(1, s.Broker.Counters[Counter.ConnectsRefused]);
        }

        /// <summary>The network stack has no socket left for who comes: those who are there are served, and the
        /// listener comes back.</summary>
        [TestMethod]
        public void NoSocketLeftIsNoEnd()
        {
            Site s = new Site();
            s.Net.SocketsMax = 3;
            BoardSocket a = s.Connect("CONNECT 4 clean keep=0 id=a");
            BoardSocket b = s.Connect("CONNECT 4 clean keep=0 id=b");
            s.Net.Connect("c");
            s.Pass(20);
            Assert.AreEqual("+0-0:1000 ", s.Log);
            b.Ended = true;
            a.Say("PINGREQ", 4);
            s.Pass(1100);
            Assert.AreEqual("PINGRESP", a.Heard(4));
            Assert.AreEqual("+0-0:1000 +0", s.Log);
            s.Connect("CONNECT 4 clean keep=0 id=d");
            Assert.AreEqual(3, s.Net.InUse);
        }

        [TestMethod]
        public void OneConnectionIsAcceptedInATurn()
        {
            Site s = new Site();
            s.Run();
            BoardSocket a = s.Net.Connect("a");
            BoardSocket b = s.Net.Connect("b");
            int before = s.Net.InUse;
            s.Server.Turn(s.NowMs);
            Assert.AreEqual(before + 1, s.Net.InUse);
            s.Server.Turn(s.NowMs);
            Assert.AreEqual(before + 2, s.Net.InUse);
            Assert.AreEqual(0, s.Net.Blocked);
            // Who says nothing is let go after ConnectMs.
            s.Pass(11000);
            Assert.IsTrue(a.Closed && b.Closed);
        }

        /// <summary>An idle connection costs one call of the network stack, two in every eighth turn.</summary>
        [TestMethod]
        public void IdleConnectionsAreCheapToAsk()
        {
            Site s = new Site();
            s.Connect("CONNECT 4 clean keep=0 id=a");
            s.Connect("CONNECT 4 clean keep=0 id=b");
            s.Pass(500);
            int before = s.Net.Calls;
            for (int i = 0; i < 80; i++) s.Server.Turn(s.NowMs);
            Assert.AreEqual(80 + 2 * (70 + 2 * 10), s.Net.Calls - before);
        }
    }
}
