using System;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using Femto.Fuzz;

namespace Femto.Hostile
{
    /// <summary>Twenty subscribers that never read a byte, and a publisher that floods what they subscribe
    /// to.</summary>
    public sealed class DeafSubscribers : Attack
    {
        private const int Peers = 20;
        private static readonly byte[] none = new byte[0];

        public DeafSubscribers()
            : base("subscribers that never read", "messages for them")
        {
        }

        protected override void Run()
        {
            Peer[] deaf = Enumerable.Range(0, Peers).Select(Deaf).ToArray();
            using Peer publisher = Connected(5, "deaf-publisher");
            byte[] message = Packets.Publish(5, "deaf/flood", 0, 0, new byte[1000]);
            byte[] batch = Enumerable.Repeat(message, 16).SelectMany(m => m).ToArray();
            if (publisher != null) publisher.Socket.Blocking = false;
            int at = 0;
            while (On && publisher != null)
            {
                int n = publisher.Socket.Send(batch, at, batch.Length - at, SocketFlags.None, out SocketError error);
                if (error == SocketError.WouldBlock)
                {
                    Thread.Sleep(1); // held back, as it should be
                    continue;
                }
                if (error != SocketError.Success)
                {
                    Say("the publisher was closed: " + error);
                    break;
                }
                at += n;
                if (at < batch.Length) continue;
                at = 0;
                Count += 16;
            }
            foreach (Peer peer in deaf) peer.Dispose();
        }

        // At QoS 1 every second one, so that queues fill too.
        private Peer Deaf(int i)
        {
            Peer peer = Open(4096);
            peer.Send(Packets.Connect(4 + i % 2, "deaf-" + i, true, null, null));
            peer.Send(Packets.Subscribe(4 + i % 2, 1, i / 2 % 2, none, "deaf/#"));
            return peer;
        }
    }
}
