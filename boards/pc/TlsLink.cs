using System;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Femto.Mqtt;

/// <summary>
/// TLS over TCP. One read is under way in the background and fills a buffer; of the two buffers out, one is
/// written while the other fills.
/// </summary>
internal sealed class TlsLink : Link
{
    private const int BufferBytes = 64 * 1024;

    private readonly SslStream stream;
    private readonly Socket socket;
    private readonly IWakeup wakeup;
    private readonly byte[] input = new byte[BufferBytes];
    private readonly object gate = new();
    private byte[] filling = new byte[BufferBytes], leaving = new byte[BufferBytes];
    private int inputStart, inputEnd, fillingCount;
    private bool writing, wanted;                   // guarded by the gate
    private volatile bool reading;
    private Task lastRead = Task.CompletedTask, lastWrite = Task.CompletedTask;

    private TlsLink(SslStream stream, Socket socket, IWakeup wakeup)
    {
        this.stream = stream;
        this.socket = socket;
        this.wakeup = wakeup;
    }

    public static async Task<TlsLink> Open(
        Socket socket, TransportOptions options, Connector connector, IWakeup wakeup, CancellationToken limit)
    {
        connector.Stage = Tls.Files;
        SslClientAuthenticationOptions tls = Tls.Options(options, connector);
        connector.Stage = "TLS handshake";
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsClientAsync(tls, limit).ConfigureAwait(false);
            return new TlsLink(stream, socket, wakeup);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public override int Receive(byte[] buffer, int offset, int count)
    {
        if (reading)
        {
            return 0;
        }
        if (inputStart == inputEnd && !Gone)
        {
            Read();
        }
        if (reading)
        {
            return 0;
        }
        int got = Math.Min(count, inputEnd - inputStart);
        Array.Copy(input, inputStart, buffer, offset, got);
        inputStart += got;
        return got == 0 && Gone ? -1 : got;
    }

    public override int Send(byte[] buffer, int offset, int count)
    {
        int taken;
        lock (gate)
        {
            if (Gone)
            {
                return -1;
            }
            taken = Math.Min(count, BufferBytes - fillingCount);
            Array.Copy(buffer, offset, filling, fillingCount, taken);
            fillingCount += taken;
            wanted = taken < count;
            if (writing || fillingCount == 0)
            {
                return taken;
            }
            writing = true;
        }
        lastWrite = Write();
        return taken;
    }

    public override void End() => _ = Linger();

    // Done at once, or goes on in the background and wakes at its end.
    private void Read()
    {
        reading = true;
        lastRead = ReadOne();
    }

    private async Task ReadOne()
    {
        ValueTask<int> read = default;
        bool later = false;
        int got = 0;
        try
        {
            read = stream.ReadAsync(input);
            later = !read.IsCompleted;
            got = await read.ConfigureAwait(false);
            if (got == 0)
            {
                Lose(Words(SocketError.Success));
            }
        }
        catch (Exception e)
        {
            Lose(Why(e));
        }
        inputStart = 0;
        inputEnd = got;
        reading = false;
        if (later)
        {
            wakeup?.Wake();
        }
    }

    private async Task Write()
    {
        bool wake;
        while (true)
        {
            int count;
            lock (gate)
            {
                (filling, leaving) = (leaving, filling);
                count = fillingCount;
                fillingCount = 0;
                wake = wanted;
                wanted = false;
            }
            if (wake)
            {
                wakeup?.Wake();
            }
            try
            {
                await stream.WriteAsync(leaving.AsMemory(0, count)).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Lose(Why(e));
            }
            lock (gate)
            {
                if (Gone || fillingCount == 0)
                {
                    writing = false;
                    break;
                }
            }
        }
        if (Gone)
        {
            wakeup?.Wake();
        }
    }

    private async Task Linger()
    {
        using var limit = new CancellationTokenSource(LingerMs);
        try
        {
            if (!Gone)
            {
                await lastWrite.WaitAsync(limit.Token).ConfigureAwait(false);
                await stream.ShutdownAsync().WaitAsync(limit.Token).ConfigureAwait(false);
                socket.Shutdown(SocketShutdown.Send);
                while (!Gone)
                {
                    await lastRead.WaitAsync(limit.Token).ConfigureAwait(false);
                    if (!Gone)
                    {
                        Read();
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException
            or ObjectDisposedException or InvalidOperationException)
        {
            // It is gone, or was given time enough.
        }
        Lose(null);
        await stream.DisposeAsync().ConfigureAwait(false);
    }

    private static string Why(Exception e)
    {
        for (Exception inner = e; inner != null; inner = inner.InnerException)
        {
            if (inner is SocketException s)
            {
                return Words(s.SocketErrorCode);
            }
        }
        return Tls.Explain(e);
    }
}
