using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace Femto.Edge;

/// <summary>A consumer at the real broker: subscribes to all, and counts what comes.</summary>
internal sealed class Arrivals : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Thread reader;
    private readonly Publication publication = new(4);
    private readonly ManualResetEventSlim subscribed = new();
    private int count;
    private ulong sum;

    public Arrivals(int port)
    {
        socket.NoDelay = true;
        socket.ReceiveBufferSize = 4 << 20;
        socket.Connect(IPAddress.Loopback, port);
        // CONNECT 3.1.1, clean, no keep-alive, "consumer"; SUBSCRIBE 1 to femto/# at QoS 0.
        socket.Send([0x10, 20, 0, 4, .. "MQTT"u8, 4, 2, 0, 0, 0, 8, .. "consumer"u8]);
        socket.Send([0x82, 12, 0, 1, 0, 7, .. "femto/#"u8, 0]);
        reader = new Thread(Read) { IsBackground = true };
        reader.Start();
        if (!subscribed.Wait(10000))
        {
            throw new InvalidOperationException("the consumer cannot subscribe");
        }
    }

    public int Count => Volatile.Read(ref count);

    public ulong Sum => Volatile.Read(ref sum);

    public void Dispose()
    {
        socket.Dispose();
        reader.Join();
        subscribed.Dispose();
    }

    private void Read()
    {
        var frames = new Frames(Packet);
        byte[] buffer = new byte[1 << 18];
        try
        {
            for (int n; (n = socket.Receive(buffer)) > 0;)
            {
                frames.Add(buffer, 0, n);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private void Packet(byte[] b, int at, int length)
    {
        if (b[at] >> 4 == 9)
        {
            subscribed.Set();
        }
        if (b[at] >> 4 != 3)
        {
            return;
        }
        publication.Read(b, at, length);
        Volatile.Write(ref sum, sum + publication.Hash());
        Volatile.Write(ref count, count + 1);
    }
}
