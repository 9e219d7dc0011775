using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Femto.Host;

namespace Femto.Bench;

/// <summary>
/// One MQTT 3.1.1 connection of the load: a non-blocking socket, the bytes that came and were not looked
/// at yet, the bytes that wait to go out. Both buffers are pinned, so that no call has to.
/// </summary>
internal sealed unsafe class Link : IDisposable
{
    public const int BufferBytes = 512 * 1024;

    public readonly byte[] In = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    public readonly byte[] Out = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    public int InCount, OutStart, OutEnd;
    public bool WaitsForRoom;
    public readonly int Fd;
    private readonly Socket socket;

    public Link(int port, string clientId, bool clean = true)
    {
        socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        Fd = (int)socket.Handle;
        byte[] id = Encoding.ASCII.GetBytes(clientId);
        byte[] connect =
        [
            0x10, (byte)(12 + id.Length), 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4,
            (byte)(clean ? 2 : 0), 0, 0, 0, (byte)id.Length, .. id,
        ];
        Ask(connect, answerBytes: 4);
        if (In[0] != 0x20 || In[3] != 0)
        {
            throw new InvalidOperationException($"CONNECT of {clientId} was refused with code {In[3]}");
        }
    }

    public void Subscribe(string filter, int qos)
    {
        byte[] text = Encoding.ASCII.GetBytes(filter);
        Ask([0x82, (byte)(5 + text.Length), 0, 1, 0, (byte)text.Length, .. text, (byte)qos], answerBytes: 5);
        if (In[0] != 0x90 || In[4] != qos)
        {
            throw new InvalidOperationException($"SUBSCRIBE to {filter} at QoS {qos} was answered {In[4]}");
        }
    }

    private void Ask(byte[] packet, int answerBytes)
    {
        socket.Blocking = true;
        socket.ReceiveTimeout = 5000;
        socket.Send(packet);
        for (int have = 0; have < answerBytes;)
        {
            int n = socket.Receive(In, have, answerBytes - have, SocketFlags.None);
            have += n > 0 ? n : throw new InvalidOperationException("the broker closed the connection");
        }
        socket.Blocking = false;
    }

    /// <summary>Room for so many bytes at <see cref="OutEnd"/>, moving what waits to the front if need be.</summary>
    public bool HasRoom(int bytes)
    {
        if (OutStart == OutEnd)
        {
            OutStart = OutEnd = 0;
        }
        else if (BufferBytes - OutEnd < bytes && OutStart > 0)
        {
            Buffer.BlockCopy(Out, OutStart, Out, 0, OutEnd - OutStart);
            OutEnd -= OutStart;
            OutStart = 0;
        }
        return BufferBytes - OutEnd >= bytes;
    }

    /// <summary>Sends what waits; false when some of it still does.</summary>
    public bool Flush()
    {
        while (OutStart < OutEnd)
        {
            fixed (byte* p = Out)
            {
                nint n = Posix.Send(Fd, p + OutStart, OutEnd - OutStart, Posix.MsgNosignal);
                if (n < 0 && Posix.Errno == Posix.Eagain)
                {
                    return false;
                }
                if (n < 0)
                {
                    throw new InvalidOperationException($"the broker closed the connection (errno {Posix.Errno})");
                }
                OutStart += (int)n;
            }
        }
        return true;
    }

    /// <summary>Reads once behind what is left in <see cref="In"/>.</summary>
    public void Receive()
    {
        fixed (byte* p = In)
        {
            nint n = Posix.Receive(Fd, p + InCount, BufferBytes - InCount, 0);
            if (n > 0)
            {
                InCount += (int)n;
            }
            else if (n == 0 || Posix.Errno != Posix.Eagain)
            {
                throw new InvalidOperationException("the broker closed the connection");
            }
        }
    }

    public void Dispose() => socket.Dispose();
}
