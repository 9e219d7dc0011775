using System;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// The network of a board, with its limits: 16 sockets and not one more, a listener that can fail, peers that
    /// connect, stall, vanish and reset. Every socket is a <see cref="BoardSocket"/>.
    /// </summary>
    public class BoardNet : ISocketMaker
    {
        /// <summary>Sockets that lwIP has on an ESP32.</summary>
        public int SocketsMax = 16;
        /// <summary>Sockets in use, listeners included.</summary>
        public int InUse;
        /// <summary>Calls that would have blocked the one thread that serves everybody.</summary>
        public int Blocked;
        /// <summary>So many calls of Listen fail.</summary>
        public int FailListens;
        /// <summary>Times that a listener was made.</summary>
        public int Listens;
        /// <summary>Calls of any socket, native ones on the board.</summary>
        public int Calls;
        /// <summary>The listener of the moment.</summary>
        public BoardSocket Listener;

        /// <inheritdoc/>
        public ISocket Listen()
        {
            Listens++;
            if (FailListens > 0)
            {
                FailListens--;
                throw new ArgumentException("address in use");
            }
            Take();
            Listener = new BoardSocket(this, null);
            return Listener;
        }

        /// <summary>A peer connects: it waits to be accepted.</summary>
        public BoardSocket Connect(string peer)
        {
            BoardSocket s = new BoardSocket(this, peer);
            BoardSocket last = Listener;
            while (last.Next != null) last = last.Next;
            last.Next = s;
            return s;
        }

        internal void Take()
        {
            if (InUse == SocketsMax) throw new ArgumentException("too many open sockets");
            InUse++;
        }
    }
}
