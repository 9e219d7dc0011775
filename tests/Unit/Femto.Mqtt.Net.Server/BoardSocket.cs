using System;

namespace Femto.Mqtt.Unit
{
    /// <summary>
    /// A socket of <see cref="BoardNet"/>, both ends: what the server calls, and what the peer does. It behaves as
    /// nanoFramework's does on lwIP: it is called writable when two segments are free, a Send that does not go waits
    /// and then throws with part of it sent, Receive and Accept wait for ever when nothing is there, a reset makes
    /// every call throw, what was not read when it is closed turns the close into a reset.
    /// </summary>
    public class BoardSocket : ISocket
    {
        /// <summary>Free bytes from which lwIP calls a socket writable.</summary>
        public const int LowWater = 2873;

        /// <summary>The next of those that wait to be accepted.</summary>
        public BoardSocket Next;
        /// <summary>What the peer sent, up to InEnd; read up to InStart.</summary>
        public byte[] In = new byte[65536];
        public int InStart, InEnd;
        /// <summary>What the peer got.</summary>
        public byte[] Out = new byte[65536];
        public int OutStart, OutEnd;
        /// <summary>Bytes of the send buffer that are free; the peer's reading frees them.</summary>
        public int Free = 5744;
        /// <summary>The peer takes what is sent at once.</summary>
        public bool Reads = true;
        /// <summary>The peer has closed its side.</summary>
        public bool Ended;
        /// <summary>The connection was reset, or the network is gone: every call throws.</summary>
        public bool Broken;
        /// <summary>A Send hangs and throws though the socket is writable: a fault of firmware that has been seen.
        /// </summary>
        public bool Hangs;
        /// <summary>The server closed it.</summary>
        public bool Closed;
        /// <summary>It was closed with bytes unread: the peer was reset.</summary>
        public bool WasReset;
        /// <summary>Calls of Receive and Send.</summary>
        public int Receives, Sends;
        /// <summary>The largest number of bytes given to one Send.</summary>
        public int LargestSend;

        private readonly BoardNet net;
        private readonly string peer; // null: it listens

        public BoardSocket(BoardNet net, string peer)
        {
            this.net = net;
            this.peer = peer;
        }

        // What the peer does.

        /// <summary>Packets as lines of text, with " / " between them.</summary>
        public void Say(string lines, int version)
        {
            while (lines != null)
            {
                int end = lines.IndexOf(" / ");
                byte[] packet = Wire.Packet(end < 0 ? lines : lines.Substring(0, end), version);
                lines = end < 0 ? null : lines.Substring(end + 3);
                Array.Copy(packet, 0, In, InEnd, packet.Length);
                InEnd += packet.Length;
            }
        }

        /// <summary>The peer reads again after it has stalled.</summary>
        public void ReadOn()
        {
            Reads = true;
            Free = 5744;
        }

        /// <summary>Packets that the peer got since the last call, as text; what is cut stays.</summary>
        public string Heard(int version)
        {
            string text = "";
            while (OutStart < OutEnd)
            {
                string line = PacketCodec.Decode(Out, OutStart, OutEnd - OutStart, version);
                if (line == PacketCodec.Incomplete) return text;
                OutStart += PacketCodec.Size;
                text = text.Length == 0 ? line : text + " / " + line;
            }
            return text;
        }

        // What the server does.

        public int Available()
        {
            Check();
            return InEnd - InStart;
        }

        public bool Readable()
        {
            Check();
            if (peer == null) return Next != null;
            return InEnd > InStart || Ended;
        }

        public bool Writable()
        {
            Check();
            return Free >= LowWater;
        }

        public int Receive(byte[] buffer, int offset, int count)
        {
            Check();
            Receives++;
            if (InEnd == InStart)
            {
                if (!Ended) net.Blocked++;
                return 0;
            }
            if (count > InEnd - InStart) count = InEnd - InStart;
            Array.Copy(In, InStart, buffer, offset, count);
            InStart += count;
            return count;
        }

        public int Send(byte[] buffer, int offset, int count)
        {
            Check();
            Sends++;
            if (count > LargestSend) LargestSend = count;
            bool goes = !Hangs && count <= Free;
            int sent = goes ? count : count < Free ? count : Free;
            Array.Copy(buffer, offset, Out, OutEnd, sent);
            OutEnd += sent;
            if (!Reads) Free -= sent;
            if (goes) return count;
            net.Blocked++;
            throw new ArgumentException("timed out");
        }

        public ISocket Accept()
        {
            Check();
            if (Next == null)
            {
                net.Blocked++;
                return null;
            }
            BoardSocket s = Next;
            Next = s.Next;
            s.Next = null;
            try
            {
                net.Take();
            }
            catch (ArgumentException)
            {
                s.WasReset = true;
                throw;
            }
            return s;
        }

        public int Peer(byte[] text)
        {
            int length = peer.Length < text.Length ? peer.Length : text.Length;
            for (int i = 0; i < length; i++) text[i] = (byte)peer[i];
            return length;
        }

        public void Close()
        {
            if (Closed) return;
            Closed = true;
            WasReset = InEnd > InStart;
            net.InUse--;
        }

        private void Check()
        {
            net.Calls++;
            if (Closed) throw new ArgumentException("the socket is closed");
            if (Broken) throw new ArgumentException("connection reset");
        }
    }
}
