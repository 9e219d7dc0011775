using System;
using System.Threading;
using Femto.Fuzz;

namespace Femto.Hostile
{
    /// <summary>Slowloris: a thousand CONNECTs of which a byte comes now and then. Each must be closed after ten
    /// seconds, the broker's limit.</summary>
    public sealed class SlowConnects : Attack
    {
        private const int Peers = 1000;
        private const int MostMs = 16000; // 10 s, and what a machine under attack may need
        private const int PauseMs = 200;

        public SlowConnects()
            : base("slowloris", "CONNECTs closed unfinished")
        {
        }

        protected override void Run()
        {
            byte[] connect = Packets.Connect(5, new string('s', 200), true, null, null);
            Peer[] peers = new Peer[Peers];
            while (On)
            {
                for (int i = 0; i < Peers && On; i++)
                {
                    Peer peer = peers[i] ??= Open();
                    bool over = peer.Sent == connect.Length - 1 || peer.Closed() || !peer.Send(connect[peer.Sent++]);
                    long age = Environment.TickCount64 - peer.Since;
                    if (!over && age > MostMs) Say($"a CONNECT may take {age} ms");
                    if (!over) continue;
                    peer.Dispose();
                    peers[i] = null;
                    Count++;
                }
                Thread.Sleep(PauseMs);
            }
            foreach (Peer peer in peers) peer?.Dispose();
        }
    }
}
