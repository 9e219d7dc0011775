using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Corners where two rules meet: a replay and a hold, a replay and routing, long silence and time.</summary>
    [TestClass]
    public class CornerTest
    {
        // A replay of $SYS that begins while a message is being routed makes messages of its own.
        [TestMethod]
        public void ReplayWithinRouting()
        {
            Rig r = Rig.Tiny();
            int s = r.Connect("5 clean id=s");
            r.Send(s, "SUBSCRIBE id=1 filter=$SYS/broker/version filter=t q1 / PUBLISH q1 topic=t id=1 payload=31");
            Assert.AreEqual("SUBACK id=1 00 01", r.Next(s));
            Assert.AreEqual("PUBLISH q1 topic=t id=1 payload=31", r.Next(s));
            Assert.AreEqual(0, r.Next(s).IndexOf("PUBLISH q0 retain topic=$SYS/broker/version"));
            r.Got(s, "PUBACK id=1 reason=00");
            r.Send(s, "PUBACK id=1");
            r.End();
        }
    }
}
