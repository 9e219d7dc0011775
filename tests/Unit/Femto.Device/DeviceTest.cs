using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// What the promises are worth on the device at hand: the heap that the broker takes at boot, the heap that ten
    /// thousand messages take, which is none, and how many of them go through in a second. tests/README.md has a place
    /// for the figures. On a PC the heap is the PC's, and the rate says nothing about a board.
    /// </summary>
    [TestClass]
    public class DeviceTest
    {
        private const int Messages = 10000;

        /// <summary>What the broker takes is what RamBytes says; a PC counts fields and heads otherwise.</summary>
        [TestMethod]
        public void BootTakesWhatRamBytesSays()
        {
            // What the types themselves need at their first use is not the broker's: one that is small comes first.
            LoopBack first = new LoopBack(Limits.Tiny());
            first.Publish(1, 1);
            Limits limits = Limits.Esp32();
            int bound = BrokerMemory.RamBytes(limits);
            uint before = nanoFramework.Runtime.Native.GC.Run(true);
            Broker broker = new Broker(limits, 1);
            uint after = nanoFramework.Runtime.Native.GC.Run(true);
            int used = (int)(before - after);
            OutputHelper.WriteLine("heap after boot: " + used.ToString() + " bytes, RamBytes " + bound.ToString()
                + ", free " + after.ToString());
            Assert.AreEqual(bound, broker.RamBytes);
            Assert.IsTrue(used <= bound + bound / 10, "more than RamBytes");
            Assert.IsTrue(used >= bound - bound / 5, "RamBytes says too much");
            Assert.AreEqual(1, first.Received);
        }

        /// <summary>Nothing is allocated after boot.</summary>
        [DataRow(0)]
        [DataRow(1)]
        [TestMethod]
        public void TenThousandMessagesTakeNoHeap(int qos)
        {
            LoopBack loop = new LoopBack(Limits.Esp32());
            loop.Publish(100, qos);
            uint before = nanoFramework.Runtime.Native.GC.Run(true);
            long startMs = Environment.TickCount64;
            loop.Publish(Messages, qos);
            long tookMs = Environment.TickCount64 - startMs;
            uint after = nanoFramework.Runtime.Native.GC.Run(true);
            if (tookMs == 0) tookMs = 1;
            OutputHelper.WriteLine("QoS " + qos.ToString() + ": " + (Messages * 1000L / tookMs).ToString()
                + " messages per second through the broker, heap change " + ((int)(before - after)).ToString());
            Assert.AreEqual(0, (int)(before - after), "bytes of heap");
            Assert.AreEqual(100 + Messages, loop.Received);
            Assert.AreEqual(0, loop.Refused);
        }
    }
}
