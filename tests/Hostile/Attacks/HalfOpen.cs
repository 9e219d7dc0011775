using System;
using System.Net.Sockets;
using System.Threading;
using Femto.Fuzz;

namespace Femto.Hostile
{
    /// <summary>Connections with only one end left: clients that vanish without a packet, clients that say nothing
    /// more, clients that send no more but keep listening. The broker must find out by keep-alive, and close.</summary>
    public sealed class HalfOpen : Attack
    {
        private const int Peers = 200;
        private const int MostMs = 10000; // 1.5 s of keep-alive, and what a machine under attack may need
        private const int PauseMs = 50;

        public HalfOpen()
            : base("half-open", "connections left")
        {
        }

        protected override void Run()
        {
            Peer[] peers = new Peer[Peers];
            while (On)
            {
                for (int i = 0; i < Peers && On; i++)
                {
                    if (peers[i] == null) peers[i] = Begin(i);
                    else if (peers[i].Closed()) Over(ref peers[i]);
                    else if (Environment.TickCount64 - peers[i].Since > MostMs) Say("silence goes unnoticed");
                }
                Thread.Sleep(PauseMs);
            }
            foreach (Peer peer in peers) peer?.Dispose();
        }

        private void Over(ref Peer peer)
        {
            peer.Dispose();
            peer = null;
            Count++;
        }

        private Peer Begin(int i)
        {
            Peer peer = Open();
            byte[] none = new byte[0];
            bool sent = peer.Send(Packets.Connect(4 + i % 2, "half-" + i, true, 1, null, 0, none, null, none));
            byte[] answer = sent ? peer.Packet() : null;
            if (answer == null)
            {
                if (!Crowded) Say("closed instead of CONNACK");
                peer.Dispose();
                return null;
            }
            if (i % 4 == 0 && peer.Vanish())
            {
                Count++; // the identifier comes again: by then the broker must have found out, or takes it over
                return null;
            }
            if (i % 4 == 1)
            {
                peer.Send(0x30, 100, 0, 1, (byte)'x');
                peer.Socket.Shutdown(SocketShutdown.Send);
            }
            return peer;
        }
    }
}
