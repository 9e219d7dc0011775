using System;
using Femto.Mqtt;
using Femto.Mqtt.Unit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Gates
{
    /// <summary>What the gate of the hot path says of the instructions, at run time: 100,000 packets decoded and
    /// encoded, and 0 bytes allocated.</summary>
    [TestClass]
    public class CodecAllocationTest
    {
        private const int Packets = 100_000;

        private static byte[][] packets;
        private static int[] versions;

        [TestMethod]
        public void AHundredThousandPacketsAllocateNothing()
        {
            Load();
            byte[] output = new byte[1024];
            Run(packets.Length, output); // everything that is built at first use
            long before = GC.GetAllocatedBytesForCurrentThread();
            int encoded = Run(Packets, output);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.AreEqual(0L, allocated);
            Assert.IsTrue(encoded > Packets / 3, "encoded: " + encoded);
        }

        // All vectors, the refused ones too.
        private static void Load()
        {
            string[][] tables =
            {
                ConnectVectors.Rows, ConnackVectors.Rows, PublishVectors.Rows, AckVectors.Rows,
                SubscribeVectors.Rows, SessionVectors.Rows,
            };
            int count = 0;
            foreach (string[] table in tables)
            {
                count += table.Length;
            }
            packets = new byte[count][];
            versions = new int[count];
            count = 0;
            foreach (string[] table in tables)
            {
                foreach (string row in table)
                {
                    string[] columns = Line.Columns(row);
                    versions[count] = columns[1] == "5" ? 5 : 4;
                    packets[count++] = Line.Bytes(columns[2]);
                }
            }
        }

        private static int Run(int count, byte[] output)
        {
            int encoded = 0;
            for (int i = 0; i < count; i++)
            {
                byte[] packet = packets[i % packets.Length];
                Fault fault = PacketCodec.Take(packet, 0, packet.Length, versions[i % packets.Length]);
                if (fault == Fault.None)
                {
                    PacketCodec.Encode(output, 0, PacketCodec.EncodedSize());
                    encoded++;
                }
            }
            return encoded;
        }
    }
}
