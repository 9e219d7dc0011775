using System.Collections.Generic;
using System.Linq;
using Femto.Fuzz;

namespace Femto.Hostile
{
    /// <summary>Sessions that are right in every byte, and come byte by byte, fifty at a time, their bytes taking
    /// turns. Each must be answered as any other.</summary>
    public sealed class OneByteWrites : Attack
    {
        private const int Peers = 50;

        public OneByteWrites()
            : base("1-byte writes", "sessions")
        {
        }

        protected override void Run()
        {
            while (On)
            {
                Peer[] peers = Enumerable.Range(0, Peers).Select(_ => Open()).ToArray();
                byte[][] streams = peers.Select((_, i) => Session(4 + i % 2, "byte-" + i)).ToArray();
                for (int at = 0; at < streams.Max(s => s.Length); at++)
                {
                    for (int i = 0; i < Peers; i++)
                    {
                        if (at < streams[i].Length) peers[i].Send(streams[i][at]);
                    }
                }
                foreach (Peer peer in peers)
                {
                    if (Answered(peer)) Count++;
                    peer.Dispose();
                }
            }
        }

        private static byte[] Session(int version, string id)
        {
            byte[] none = new byte[0];
            List<byte> all = new();
            all.AddRange(Packets.Connect(version, id, true, null, null));
            all.AddRange(Packets.Subscribe(version, 1, 0, none, "own/" + id));
            all.AddRange(Packets.Publish(version, "own/" + id, 2, 7, new byte[20]));
            all.AddRange(new byte[] { 0xC0, 0 });
            return all.ToArray();
        }

        // CONNACK, SUBACK, PINGRESP in their order; PUBACK and the message where they come.
        private bool Answered(Peer peer)
        {
            if (!Expect(peer, 0x20, "CONNACK") || !Expect(peer, 0x90, "SUBACK")) return false;
            HashSet<int> kinds = new() { 0x40, 0x30, 0xD0 };
            while (kinds.Count > 0)
            {
                byte[] packet = peer.Packet();
                if (packet != null && kinds.Remove(packet[0])) continue;
                Say("PUBACK, PUBLISH and PINGRESP expected, got " + Hex(packet));
                return false;
            }
            return true;
        }
    }
}
