using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>A fault of the configuration is published.</summary>
    [TestClass]
    public class NoticeTest
    {
        private static void Run(World w, BootNotice notice)
        {
            for (int i = 0; i < 5; i++)
            {
                notice.Turn(w.NowMs);
                w.Run();
                w.Pass(200);
            }
        }

        [TestMethod]
        public void TheFaultIsKept()
        {
            World w = new World();
            BootNotice notice = new BootNotice(w.Broker, "hut", "line 7");
            Assert.AreEqual(0, notice.Wait(w.NowMs));
            Run(w, notice);
            Assert.AreEqual(int.MaxValue, notice.Wait(w.NowMs));
            int c = w.Connect("CONNECT 4 clean keep=0 id=a");
            w.Ask(c, "SUBSCRIBE id=1 filter=femto/hut/config q0",
                "SUBACK id=1 00 / PUBLISH q0 retain topic=femto/hut/config payload=6C696E652037");
            // The next boot, with a file that is right.
            Run(w, new BootNotice(w.Broker, "hut", null));
            w.Got(c, "PUBLISH q0 topic=femto/hut/config payload=");
            int d = w.Connect("CONNECT 4 clean keep=0 id=b");
            w.Ask(d, "SUBSCRIBE id=1 filter=femto/hut/config q0", "SUBACK id=1 00");
        }

        [TestMethod]
        public void ItsBeginningIsKeptWhenTheInboxIsSmall()
        {
            Limits limits = World.Sizes();
            limits.InboxBytes = 64;
            World w = new World(limits);
            // 11 bytes of head and 16 of topic leave 37: the character that would be cut, of two bytes, goes too.
            Run(w, new BootNotice(w.Broker, "hut", "012345678901234567890123456789012345\u00E4bcdefgh"));
            int c = w.Connect("CONNECT 4 clean keep=0 id=a");
            w.Ask(c, "SUBSCRIBE id=1 filter=femto/hut/config q0", "SUBACK id=1 00 / PUBLISH q0 retain "
                + "topic=femto/hut/config payload="
                + "303132333435363738393031323334353637383930313233343536373839303132333435");
        }

        [TestMethod]
        public void ItWaitsForRoom()
        {
            World w = new World();
            BootNotice notice = new BootNotice(w.Broker, "hut", "x");
            LocalClient other = new LocalClient(w.Broker, new byte[] { (byte)'o' }, notice);
            byte[] topic = new byte[] { (byte)'t' };
            byte[] payload = new byte[w.Broker.Limits.InboxBytes - 12];
            Assert.AreEqual(Fault.None, other.Publish(topic, 0, 1, payload, 0, payload.Length, 0, false));
            notice.Turn(w.NowMs);
            Assert.AreEqual(100, notice.Wait(w.NowMs));
            Run(w, notice);
            Assert.AreEqual(int.MaxValue, notice.Wait(w.NowMs));
        }
    }
}
