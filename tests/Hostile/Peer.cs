using System;
using System.Net;
using System.Net.Sockets;

namespace Femto.Hostile
{
    /// <summary>One connection to the broker: plain calls that give up after twenty seconds.</summary>
    public sealed class Peer : IDisposable
    {
        public const int PatienceMs = 20000;

        private const SocketOptionLevel Tcp = SocketOptionLevel.Tcp;
        private const int Repair = 19; // TCP_REPAIR of Linux

        public readonly Socket Socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        /// <summary>For who uses it: when it was opened, how much is sent.</summary>
        public long Since;
        public int Sent;

        private readonly byte[] input = new byte[4096];
        private int start, end;

        /// <param name="receiveBytes">Of the socket's buffer; 0: as large as the system likes.</param>
        public Peer(int port, int receiveBytes = 0)
        {
            Socket.NoDelay = true;
            Socket.ReceiveTimeout = Socket.SendTimeout = PatienceMs;
            if (receiveBytes > 0) Socket.ReceiveBufferSize = receiveBytes;
            Socket.Connect(IPAddress.Loopback, port);
            Since = Environment.TickCount64;
        }

        /// <summary>Sends all; false when the broker has closed the connection.</summary>
        public bool Send(params byte[] bytes)
        {
            for (int at = 0; at < bytes.Length;)
            {
                int n = Socket.Send(bytes, at, bytes.Length - at, SocketFlags.None, out SocketError error);
                if (error is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
                {
                    return false;
                }
                if (error != SocketError.Success) throw new SocketException((int)error);
                at += n;
            }
            return true;
        }

        /// <summary>The next packet, at most 4,096 bytes; null when the broker has closed.</summary>
        public byte[] Packet()
        {
            while (true)
            {
                int size = Size();
                if (size > 0 && end - start >= size)
                {
                    start += size;
                    return input[(start - size)..start];
                }
                Array.Copy(input, start, input, 0, end - start);
                end -= start;
                start = 0;
                int n = Socket.Receive(input, end, input.Length - end, SocketFlags.None, out SocketError error);
                if (error == SocketError.ConnectionReset) return null;
                if (error != SocketError.Success) throw new SocketException((int)error);
                if (n == 0) return null;
                end += n;
            }
        }

        /// <summary>Waits until <see cref="Packet"/> need not wait, at most so long.</summary>
        public bool Comes(int waitMs)
        {
            int size = Size();
            return size > 0 && end - start >= size || Socket.Poll(Math.Max(0, waitMs) * 1000, SelectMode.SelectRead);
        }

        // Of the packet at the start; 0 when that cannot be told yet.
        private int Size()
        {
            int value = 0;
            for (int i = 1; i <= 4 && start + i < end; i++)
            {
                int b = input[start + i];
                value |= (b & 127) << 7 * (i - 1);
                if (b < 128) return 1 + i + value;
            }
            return 0;
        }

        /// <summary>Without waiting: throws away what has come; true when the broker has closed.</summary>
        public bool Closed()
        {
            while (Socket.Poll(0, SelectMode.SelectRead))
            {
                int n = Socket.Receive(input, 0, input.Length, SocketFlags.None, out SocketError error);
                if (n == 0 || error != SocketError.Success) return true;
            }
            return false;
        }

        /// <summary>Reads to the end: true when the broker has closed within the patience.</summary>
        public bool Ends()
        {
            while (true)
            {
                int n = Socket.Receive(input, 0, input.Length, SocketFlags.None, out SocketError error);
                if (error == SocketError.TimedOut) return false;
                if (n == 0 || error != SocketError.Success) return true;
            }
        }

        /// <summary>Closes with a reset.</summary>
        public void Reset()
        {
            Socket.LingerState = new LingerOption(true, 0);
            Socket.Dispose();
        }

        /// <summary>Is gone without a packet, as one whose cable was pulled; false where that is not allowed.</summary>
        public bool Vanish()
        {
            try
            {
                Socket.SetRawSocketOption((int)Tcp, Repair, BitConverter.GetBytes(1));
            }
            catch (SocketException)
            {
                return false;
            }
            Socket.Dispose();
            return true;
        }

        public void Dispose()
        {
            Socket.Dispose();
        }
    }
}
