using System.Runtime.InteropServices;

namespace Femto.Host;

/// <summary>
/// The Linux calls that the transport lives on, and the constants they take. Values are those of
/// x86-64 and arm64, which agree in all but the layout of <c>epoll_event</c>.
/// </summary>
internal static unsafe partial class Posix
{
    public const int Eintr = 4, Eagain = 11, Enomem = 12, Enfile = 23, Emfile = 24, Enobufs = 105;

    public const int EpollCloexec = 0x80000, EpollAdd = 1, EpollDel = 2, EpollMod = 3;
    public const uint EpollIn = 1, EpollOut = 4, EpollErr = 8, EpollHup = 16;

    public const int SockNonblock = 0x800, SockCloexec = 0x80000;
    public const int EfdNonblock = 0x800, EfdCloexec = 0x80000;
    public const int MsgDontwait = 0x40, MsgNosignal = 0x4000;
    public const int IpprotoTcp = 6, TcpNodelay = 1, TcpNotsentLowat = 25, ShutWrite = 1;
    public const int FamilyInet = 2, FamilyInet6 = 10;

    /// <summary>Bytes of an <c>epoll_event</c>: packed on x86-64 only.</summary>
    public static readonly int EventBytes =
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    /// <summary>Where the caller's 64 bits stand in it, after the 32 bits of events.</summary>
    public static readonly int EventData = EventBytes - 8;

    public static int Errno => Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int fd, byte* change);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int epoll, byte* events, int eventsMax, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventFd(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int fd, byte* address, int* addressLength, int flags);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int fd, int level, int option, int* value, int valueLength);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int fd, byte* buffer, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int fd, byte* buffer, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int fd, int how);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);
}
