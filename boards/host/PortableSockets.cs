using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Femto.Host;

/// <summary>
/// Windows and macOS, for developers: <see cref="Socket.Select(System.Collections.IList,
/// System.Collections.IList, System.Collections.IList, int)"/> over all sockets. It allocates and its cost grows
/// with the number of connections; what it does is the same.
/// </summary>
internal sealed class PortableSockets : ISockets
{
    private readonly Socket[] listeners;
    private readonly Socket waker;
    private readonly Socket[] sockets;
    private readonly bool[] reads, writes;
    private readonly Dictionary<Socket, int> slots = new();
    private readonly List<Socket> readable = new(), writable = new();
    private readonly byte[] one = new byte[1];
    private bool accepting = true;
    private Socket accepted;

    public PortableSockets(Socket[] listeners, int slots)
    {
        this.listeners = listeners;
        sockets = new Socket[slots];
        reads = new bool[slots];
        writes = new bool[slots];
        waker = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        waker.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        waker.Connect(waker.LocalEndPoint);         // a datagram to itself ends a wait
        waker.Blocking = false;
        for (int i = 0; i < listeners.Length; i++)
        {
            listeners[i].Blocking = false;
            this.slots[listeners[i]] = ISockets.Listener - i;
        }
        this.slots[waker] = ISockets.Waker;
    }

    public int Wait(int timeoutMs)
    {
        readable.Clear();
        writable.Clear();
        readable.Add(waker);
        if (accepting)
        {
            readable.AddRange(listeners);
        }
        for (int i = 0; i < sockets.Length; i++)
        {
            if (sockets[i] != null && reads[i])
            {
                readable.Add(sockets[i]);
            }
            if (sockets[i] != null && writes[i])
            {
                writable.Add(sockets[i]);
            }
        }
        Socket.Select(readable, writable, null, timeoutMs * 1000);
        return readable.Count + writable.Count;
    }

    public int Event(int index, out bool canRead, out bool canWrite, out bool broken)
    {
        canRead = index < readable.Count;
        canWrite = !canRead;
        broken = false;                             // is found by reading
        Socket socket = canRead ? readable[index] : writable[index - readable.Count];
        int slot = slots.GetValueOrDefault(socket, int.MaxValue);
        if (slot == ISockets.Waker)
        {
            Result(socket.Receive(one, 0, 1, SocketFlags.None, out SocketError error), error);
        }
        return slot;
    }

    public int Accept(int listener, byte[] peer)
    {
        while (true)
        {
            try
            {
                accepted = listeners[listener].Accept();
                accepted.Blocking = false;
                accepted.NoDelay = true;
                return Encoding.ASCII.GetBytes(accepted.RemoteEndPoint.ToString(), peer);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                return ISockets.Again;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets
                or SocketError.NoBufferSpaceAvailable)
            {
                return ISockets.Exhausted;
            }
            catch (SocketException)
            {
                accepted?.Dispose();                // a fault of that one connection: the next one
            }
        }
    }

    public void Keep(int slot)
    {
        Put(accepted, slot);
        accepted = null;
    }

    public void Refuse()
    {
        accepted.Dispose();
        accepted = null;
    }

    public int Receive(int slot, byte[] buffer, int offset, int count) => Result(
        sockets[slot].Receive(buffer, offset, count, SocketFlags.None, out SocketError error), error);

    public int Send(int slot, byte[] buffer, int offset, int count) => Result(
        sockets[slot].Send(buffer, offset, count, SocketFlags.None, out SocketError error), error);

    public void Watch(int slot, bool read, bool write)
    {
        reads[slot] = read;
        writes[slot] = write;
    }

    public void Ignore(int slot) => Watch(slot, false, false);

    public void Move(int from, int to)
    {
        Put(sockets[from], to);
        sockets[from] = null;
    }

    public void EndSending(int slot)
    {
        try
        {
            sockets[slot].Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It is gone already; reading will tell.
        }
    }

    public void Close(int slot)
    {
        slots.Remove(sockets[slot]);
        sockets[slot].Dispose();
        sockets[slot] = null;
    }

    public void Accepting(bool on) => accepting = on;

    public void StopListening()
    {
        accepting = false;
        foreach (Socket listener in listeners)
        {
            slots.Remove(listener);
            listener.Dispose();
        }
    }

    public void Wake()
    {
        try
        {
            waker.Send(new byte[1], 0, 1, SocketFlags.None, out _);
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended.
        }
    }

    public void Dispose()
    {
        foreach (Socket socket in sockets)
        {
            socket?.Dispose();
        }
        foreach (Socket listener in listeners)
        {
            listener.Dispose();
        }
        waker.Dispose();
    }

    private void Put(Socket socket, int slot)
    {
        sockets[slot] = socket;
        slots[socket] = slot;
        Watch(slot, read: true, write: false);
    }

    private static int Result(int count, SocketError error) => error switch
    {
        SocketError.Success => count,
        SocketError.WouldBlock or SocketError.Interrupted => ISockets.Again,
        _ => ISockets.Gone,
    };
}
