using nanoFramework.TestFramework;

namespace Femto.Mqtt.Unit
{
    /// <summary>The RAM and the sockets that are asked for before anything is built.</summary>
    [TestClass]
    public class MemoryTest
    {
        [TestMethod]
        public void PartsAreSummedAndTold()
        {
            Limits limits = Limits.Esp32();
            BootMemory memory = new BootMemory(limits, 1, 256, 5000, 1500, 0);
            Assert.AreEqual(BrokerMemory.RamBytes(limits), memory.Broker);
            Assert.AreEqual(BoardServer.Bytes(limits, 1, 256) + 7 * BootMemory.SocketBytes, memory.Server);
            Assert.AreEqual(memory.Broker + memory.Server + 6500 + BootMemory.FirmwareBytes, memory.Sum);
            string text = memory.Text(60000);
            Assert.StartsWith("RAM: broker " + memory.Broker.ToString() + ", server ", text);
            Assert.EndsWith(": " + memory.Sum.ToString() + " of 60000 bytes free", text);
            Assert.StartsWith("does not fit: " + memory.Sum.ToString() + " bytes needed, 9 free; ", memory.Refusal(9));
        }

        [TestMethod]
        public void TheJournalCounts()
        {
            Limits limits = Limits.Esp32();
            int journal = BootJournal.Bytes(limits, 24);
            Assert.IsTrue(journal > Persistence.Bytes(limits, 24) + 2 * DriveDevice.OpenBytes());
            Assert.AreEqual(0, BootJournal.Bytes(limits, 0));
            BootMemory memory = new BootMemory(limits, 1, 256, 5000, 1500, journal);
            Assert.AreEqual(new BootMemory(limits, 1, 256, 5000, 1500, 0).Sum + journal, memory.Sum);
            Assert.Contains(", journal " + journal.ToString() + ", firmware ", memory.Text(60000));
            Assert.Contains("leave out persistence", memory.Refusal(9));
        }

        [TestMethod]
        public void SocketsAreCounted()
        {
            TestBoard board = new TestBoard();
            Limits limits = Limits.Esp32Psram();
            Assert.IsNull(BootMemory.SocketFault(board, limits, 1, 1));
            Assert.StartsWith("does not fit: 17 sockets needed", BootMemory.SocketFault(board, limits, 2, 1));
            board.Sockets = 8;
            Assert.IsNull(BootMemory.SocketFault(board, Limits.Esp32(), 1, 1));
            Assert.Contains(", 8 there; lower global_max_connections",
                BootMemory.SocketFault(board, Limits.Esp32(), 1, 2));
        }
    }
}
