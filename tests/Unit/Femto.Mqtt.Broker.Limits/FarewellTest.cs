using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The last words of a connection that the broker ends: they come when there is room for them, behind what
    /// has begun.</summary>
    [TestClass]
    public class FarewellTest
    {
        private const string Large = "PUBLISH topic=t payload=";

        // A client whose send buffer holds the beginning of a packet larger than that buffer.
        private static int Begun(Rig r, string line)
        {
            int s = r.Subscriber(line, "filter=t");
            r.Stall(s);
            r.Send(r.Connect("5 clean id=p"), Large + Rig.Hexes(200));
            return s;
        }

        [TestMethod]
        public void BehindAPacketThatHasBegun()
        {
            for (int taken = 0; taken < 140; taken += 10)
            {
                Rig r = Rig.Tiny();
                int s = Begun(r, "5 clean id=s");
                r.Take(s, taken);
                r.Connect("5 clean id=s");
                Assert.IsTrue(r.IsOpen(s), "not before all is said");
                r.TakeAll(s);
                r.Got(s, "PUBLISH q0 topic=t payload=" + Rig.Hexes(200) + " / DISCONNECT reason=8E / CLOSED");
                r.End();
            }
        }

        // MQTT 3.1.1 has no DISCONNECT of the server's, but gets no half packet either.
        [TestMethod]
        public void WholePacketFor311()
        {
            Rig r = Rig.Tiny();
            int s = Begun(r, "4 clean id=s");
            r.Connect("4 clean id=s");
            r.TakeAll(s);
            r.Got(s, "PUBLISH q0 topic=t payload=" + Rig.Hexes(200) + " / CLOSED");
            r.End();
        }

        [TestMethod]
        public void WhenThereIsRoomAgain()
        {
            Rig r = Rig.Tiny();
            int s = r.Connect("5 clean id=s");
            r.Stall(s);
            for (int i = 0; i < 64; i++) r.Send(s, "PINGREQ"); // 128 bytes of answers: the whole buffer
            r.Connect("5 clean id=s");
            r.Take(s, 2);
            Assert.IsTrue(r.IsOpen(s), "two bytes are no room for three");
            r.Take(s, 126);
            Assert.IsTrue(r.IsOpen(s), "the last packet is on its way");
            for (int i = 0; i < 64; i++) Assert.AreEqual("PINGRESP", r.Next(s));
            r.TakeAll(s);
            r.Got(s, "DISCONNECT reason=8E / CLOSED");
            r.End();
        }

        // It is waited for two seconds, not longer; the message's blocks are free again.
        [TestMethod]
        public void NotForWhoReadsNoMore()
        {
            Rig r = Rig.Tiny();
            int s = Begun(r, "5 clean id=s");
            r.Connect("5 clean id=s");
            r.Pass(1999);
            Assert.IsTrue(r.IsOpen(s), "there is still time");
            r.Pass(1);
            Assert.IsFalse(r.IsOpen(s), "the time is over");
            r.End();
        }

        [TestMethod]
        public void LostMeanwhile()
        {
            Rig r = Rig.Tiny();
            int s = Begun(r, "5 clean id=s");
            r.Connect("5 clean id=s");
            r.Lose(s);
            int again = r.Open();
            Assert.AreEqual(s, again);
            r.Send(again, "CONNECT 5 clean id=u / PINGREQ");
            Assert.AreEqual(0, r.Next(again).IndexOf("CONNACK"));
            r.Got(again, "PINGRESP");
            r.End();
        }

        // A peer's fault is told behind the packet too, with its own reason.
        [TestMethod]
        public void ReasonOfAFault()
        {
            Rig r = Rig.Tiny();
            int s = Begun(r, "5 clean id=s");
            r.Arrive(s, new byte[] { 0x82, 0, 0 });
            r.TakeAll(s);
            r.Got(s, "PUBLISH q0 topic=t payload=" + Rig.Hexes(200) + " / DISCONNECT reason=81 / CLOSED");
            r.End();
        }
    }
}
