using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;

/// <summary>
/// Runs inside the broker's process (DOTNET_STARTUP_HOOKS) and tells over a Unix socket what its heap holds: the broker
/// itself has no code for that. The runtime demands this name, without a namespace.
/// </summary>
internal static class StartupHook
{
    private static Socket listener;

    public static void Initialize()
    {
        listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Environment.GetEnvironmentVariable("FEMTO_HOSTILE_HEAP")));
        listener.Listen();
        new Thread(Answer) { IsBackground = true }.Start();
    }

    // To each who connects: bytes that live, after a collection, and bytes allocated since the process began.
    private static void Answer()
    {
        while (true)
        {
            using Socket asked = listener.Accept();
            string text = $"{GC.GetTotalMemory(true)} {GC.GetTotalAllocatedBytes()}";
            try
            {
                asked.Send(Encoding.ASCII.GetBytes(text));
            }
            catch (IOException)
            {
                // Who asked has left.
            }
        }
    }
}
