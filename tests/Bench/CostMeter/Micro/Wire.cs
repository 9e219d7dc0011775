using System;
using Femto.Mqtt;

namespace Femto.Micro
{
    /// <summary>A socket without a network: its calls cost what a call costs, and the little they do here.</summary>
    public sealed class Wire : ISocket, ISocketMaker
    {
        public byte[] In = new byte[256];
        public int Count;
        public byte[] Out = new byte[4096];
        public int Sent;
        public Wire Next;

        public ISocket Listen()
        {
            return this;
        }

        public int Available()
        {
            return Count;
        }

        public bool Readable()
        {
            return Next != null;
        }

        public bool Writable()
        {
            return true;
        }

        public int Receive(byte[] buffer, int offset, int count)
        {
            Array.Copy(In, 0, buffer, offset, count);
            Count = 0;
            return count;
        }

        public int Send(byte[] buffer, int offset, int count)
        {
            Array.Copy(buffer, offset, Out, 0, count);
            Sent = count;
            return count;
        }

        public ISocket Accept()
        {
            Wire next = Next;
            Next = null;
            return next;
        }

        public int Peer(byte[] text)
        {
            return 0;
        }

        public void Close()
        {
        }
    }
}
