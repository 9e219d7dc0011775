using System;
using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Femto.Host;

/// <summary>
/// Linux: level-triggered epoll and the plain socket calls. Level-triggered, because one large read for
/// each event is then enough: no second call to learn that nothing is left.
/// </summary>
internal sealed unsafe class EpollSockets : ISockets
{
    private const int EventsMax = 512;
    private const int UnsentBytes = 128 * 1024;
    private const int Free = -1;

    private readonly Socket[] listeners;
    private readonly int epoll, waker;
    private readonly int[] fds;
    private readonly byte[] events = GC.AllocateArray<byte>(EventsMax * 16, pinned: true);
    private readonly byte* eventBase;
    private readonly int eventBytes = Posix.EventBytes, eventData = Posix.EventData;
    private int accepted = Free;

    public EpollSockets(Socket[] listeners, int slots)
    {
        this.listeners = listeners;
        fds = new int[slots];
        Array.Fill(fds, Free);
        fixed (byte* p = events)
        {
            eventBase = p;                          // pinned for good
        }
        // Accepted sockets inherit both. The second: the kernel takes no more than this beyond what it can put on the
        // way. Else it would swallow megabytes for a slow reader, then say nothing for seconds, and the core could not
        // tell a subscriber that reads slowly from one that stands still.
        foreach (Socket listener in listeners)
        {
            Set(listener, Posix.TcpNodelay, 1);
            Set(listener, Posix.TcpNotsentLowat, UnsentBytes);
        }
        epoll = Must(Posix.EpollCreate(Posix.EpollCloexec));
        waker = Must(Posix.EventFd(0, Posix.EfdNonblock | Posix.EfdCloexec));
        Control(Posix.EpollAdd, waker, ISockets.Waker, Posix.EpollIn);
        for (int i = 0; i < listeners.Length; i++)
        {
            Control(Posix.EpollAdd, (int)listeners[i].Handle, ISockets.Listener - i, Posix.EpollIn);
        }
    }

    public int Wait(int timeoutMs)
    {
        int count = Posix.EpollWait(epoll, eventBase, EventsMax, timeoutMs);
        return count >= 0 || Posix.Errno == Posix.Eintr ? Math.Max(0, count) : Must(count);
    }

    public int Event(int index, out bool readable, out bool writable, out bool broken)
    {
        byte* e = eventBase + index * eventBytes;
        uint what = *(uint*)e;
        int slot = *(int*)(e + eventData);
        readable = (what & Posix.EpollIn) != 0;
        writable = (what & Posix.EpollOut) != 0;
        broken = (what & (Posix.EpollErr | Posix.EpollHup)) != 0;
        if (slot == ISockets.Waker)
        {
            ulong count;
            _ = Posix.Read(waker, (byte*)&count, sizeof(ulong));
        }
        return slot;
    }

    public int Accept(int listener, byte[] peer)
    {
        byte* address = stackalloc byte[128];
        int listenerFd = (int)listeners[listener].Handle;
        while (true)
        {
            int length = 128;
            int fd = Posix.Accept(listenerFd, address, &length, Posix.SockNonblock | Posix.SockCloexec);
            if (fd >= 0)
            {
                accepted = fd;
                return AddressText(address, peer);
            }
            switch (Posix.Errno)
            {
                case Posix.Eagain:
                    return ISockets.Again;
                case Posix.Emfile or Posix.Enfile or Posix.Enomem or Posix.Enobufs:
                    return ISockets.Exhausted;
            }
            // Anything else is a fault of that one connection, which is gone from the queue: the next one.
        }
    }

    public void Keep(int slot)
    {
        fds[slot] = accepted;
        Control(Posix.EpollAdd, accepted, slot, Posix.EpollIn);
        accepted = Free;
    }

    public void Refuse()
    {
        _ = Posix.Close(accepted);
        accepted = Free;
    }

    public int Receive(int slot, byte[] buffer, int offset, int count)
    {
        fixed (byte* p = &buffer[offset])
        {
            while (true)
            {
                nint n = Posix.Receive(fds[slot], p, count, Posix.MsgDontwait);
                if (n >= 0)
                {
                    return (int)n;
                }
                int errno = Posix.Errno;
                if (errno != Posix.Eintr)
                {
                    return errno == Posix.Eagain ? ISockets.Again : ISockets.Gone;
                }
            }
        }
    }

    public int Send(int slot, byte[] buffer, int offset, int count)
    {
        fixed (byte* p = &buffer[offset])
        {
            while (true)
            {
                nint n = Posix.Send(fds[slot], p, count, Posix.MsgDontwait | Posix.MsgNosignal);
                if (n >= 0)
                {
                    return (int)n;
                }
                int errno = Posix.Errno;
                if (errno != Posix.Eintr)
                {
                    return errno == Posix.Eagain ? ISockets.Again : ISockets.Gone;
                }
            }
        }
    }

    public void Watch(int slot, bool read, bool write) => Control(Posix.EpollMod, fds[slot], slot,
        (read ? Posix.EpollIn : 0) | (write ? Posix.EpollOut : 0));

    public void Ignore(int slot) => Control(Posix.EpollDel, fds[slot], slot, 0);

    public void Move(int from, int to)
    {
        fds[to] = fds[from];
        fds[from] = Free;
        Control(Posix.EpollMod, fds[to], to, Posix.EpollIn);
    }

    public void EndSending(int slot) => _ = Posix.Shutdown(fds[slot], Posix.ShutWrite);

    public void Close(int slot)
    {
        _ = Posix.Close(fds[slot]);                 // takes it out of epoll as well
        fds[slot] = Free;
    }

    public void Accepting(bool on)
    {
        for (int i = 0; i < listeners.Length; i++)
        {
            Control(Posix.EpollMod, (int)listeners[i].Handle, ISockets.Listener - i, on ? Posix.EpollIn : 0);
        }
    }

    public void StopListening()
    {
        foreach (Socket listener in listeners)
        {
            Control(Posix.EpollDel, (int)listener.Handle, ISockets.Listener, 0);
            listener.Dispose();
        }
    }

    public void Wake()
    {
        ulong one = 1;
        _ = Posix.Write(waker, (byte*)&one, sizeof(ulong));
    }

    public void Dispose()
    {
        foreach (int fd in fds)
        {
            if (fd != Free)
            {
                _ = Posix.Close(fd);
            }
        }
        foreach (Socket listener in listeners)
        {
            listener.Dispose();
        }
        _ = Posix.Close(epoll);                     // the waker stays: another thread may yet call Wake
    }

    /// <summary>Address and port of a <c>sockaddr_in</c> or <c>sockaddr_in6</c>.</summary>
    private static int AddressText(byte* address, byte[] text)
    {
        int family = *(ushort*)address;
        IPAddress ip = family switch
        {
            Posix.FamilyInet => new IPAddress(new ReadOnlySpan<byte>(address + 4, 4)),
            Posix.FamilyInet6 => new IPAddress(new ReadOnlySpan<byte>(address + 8, 16)),
            _ => IPAddress.None,
        };
        var end = new IPEndPoint(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, address[2] << 8 | address[3]);
        return Encoding.ASCII.GetBytes(end.ToString(), text);
    }

    private static void Set(Socket socket, int option, int value) =>
        Must(Posix.SetOption((int)socket.Handle, Posix.IpprotoTcp, option, &value, sizeof(int)));

    private void Control(int operation, int fd, int slot, uint what)
    {
        byte* change = stackalloc byte[16];
        *(uint*)change = what;
        *(long*)(change + eventData) = slot;
        Must(Posix.EpollControl(epoll, operation, fd, change));
    }

    private static int Must(int result) => result >= 0 ? result : throw new Win32Exception(Posix.Errno);
}
