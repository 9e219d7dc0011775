using System;
using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>Invariants say so when a table contradicts itself: what all other tests lean on.</summary>
    [TestClass]
    public class InvariantsTest
    {
        private static string Say(MessagePool pool)
        {
            try
            {
                pool.Invariants();
            }
            catch (InvalidOperationException e)
            {
                return e.Message;
            }
            return "";
        }

        private static string Say(Deliveries deliveries)
        {
            try
            {
                deliveries.Invariants();
            }
            catch (InvalidOperationException e)
            {
                return e.Message;
            }
            return "";
        }

        [TestMethod]
        public void OfThePool()
        {
            MessagePool pool = new MessagePool(4, 10, 16);
            int a = pool.Allocate(0, 0, 40);
            Assert.AreEqual("", Say(pool));
            pool.FreeMessages++;
            Assert.AreEqual("free message count", Say(pool));
            pool.FreeMessages--;
            pool.FreeBlocks--;
            Assert.AreEqual("free block count", Say(pool));
            pool.FreeBlocks++;
            pool.Length[a] = 60;
            Assert.AreEqual("block chain length", Say(pool));
            pool.Length[a] = 40;
            Assert.AreEqual("", Say(pool));
        }

        // Each list, count and link of the deliveries is broken, and mended.
        [TestMethod]
        public void OfTheDeliveries()
        {
            MessagePool pool = new MessagePool(4, 10, 16);
            Deliveries d = new Deliveries(2, 5, pool);
            int message = pool.Allocate(0, 0, 40);
            int first = d.Add(1, message, 1, 0);
            int second = d.Add(1, message, 1, 0);
            Assert.AreEqual("", Say(d));
            d.Free++;
            Assert.AreEqual("free delivery count", Say(d));
            d.Free--;
            d.Next[second] = (ushort)first;
            Assert.AreEqual("delivery in two lists", Say(d));
            d.Next[second] = 0;
            d.Last[1] = (ushort)first;
            Assert.AreEqual("last delivery", Say(d));
            d.Last[1] = (ushort)second;
            d.Count[1]++;
            Assert.AreEqual("delivery count", Say(d));
            d.Count[1]--;
            d.Blocks[1]++;
            Assert.AreEqual("session blocks", Say(d));
            d.Blocks[1]--;
            d.InFlight[1] = 3;
            Assert.AreEqual("in flight", Say(d));
            d.InFlight[1] = 0;
            d.Message[second] = (ushort)(message + 1);
            Assert.AreEqual("message freed", Say(d));
            d.Message[second] = (ushort)message;
            Assert.AreEqual("", Say(d));
        }

        // A row that stands in no list, and one that the free list reaches again and again.
        [TestMethod]
        public void OfTheDeliveriesRows()
        {
            MessagePool pool = new MessagePool(4, 10, 16);
            Deliveries d = new Deliveries(2, 5, pool);
            int message = pool.Allocate(0, 0, 40);
            int first = d.Add(1, message, 1, 0);
            int second = d.Add(1, message, 1, 0);
            d.Next[first] = 0;
            d.Last[1] = (ushort)first;
            d.Count[1] = 1;
            d.Blocks[1] = 3;
            Assert.AreEqual("deliveries lost", Say(d));
            d.Next[first] = (ushort)second;
            d.Remove(1, 0, first);
            d.Next[first] = (ushort)first;
            Assert.AreEqual("free delivery list has a loop", Say(d));
        }
    }
}
