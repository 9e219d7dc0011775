using System.Diagnostics;
using System.Threading;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Client.Test;

/// <summary>A loop's thread that sleeps until it is woken, as the broker's does.</summary>
internal sealed class Woken : IWakeup
{
    private const int PatienceMs = 20000;

    private readonly AutoResetEvent wake = new(false);

    public int Wakes;

    public void Wake()
    {
        Interlocked.Increment(ref Wakes);
        wake.Set();
    }

    /// <summary>Waits for a wake; a lost one fails the test.</summary>
    public void Sleep() => Assert.IsTrue(wake.WaitOne(PatienceMs), "nobody woke the loop");

    /// <summary>Waits until the attempt has ended, and returns the state.</summary>
    public int Connected(ITransport transport)
    {
        var watch = Stopwatch.StartNew();
        while (transport.State() == TransportState.Connecting)
        {
            Sleep();
            Assert.IsTrue(watch.ElapsedMilliseconds < PatienceMs);
        }
        return transport.State();
    }

    /// <summary>Sends and receives at once, sleeping only when neither goes on. Returns what came.</summary>
    public byte[] Exchange(ITransport transport, byte[] bytes, int piece = 1 << 20)
    {
        byte[] back = new byte[bytes.Length];
        int sent = 0, got = 0;
        while (got < back.Length)
        {
            int room = System.Math.Min(piece, bytes.Length - sent);
            int s = room == 0 ? 0 : transport.Send(bytes, sent, room);
            int g = transport.Receive(back, got, System.Math.Min(piece, back.Length - got));
            Assert.IsTrue(s >= 0 && g >= 0, transport.Error);
            sent += s;
            got += g;
            if (g == 0 && s < System.Math.Max(1, room))
            {
                Sleep();
            }
        }
        return back;
    }
}
