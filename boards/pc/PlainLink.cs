using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Femto.Mqtt;

/// <summary>
/// TCP. Bytes go straight between the socket and the caller's buffers; a receive of no bytes, under way in the
/// background, tells when there are some. What the socket does not take at once goes into one buffer that is
/// sent in the background, and until it is gone nothing more is taken.
/// </summary>
internal sealed class PlainLink : Link
{
    private const int RestBytes = 64 * 1024;

    private readonly Socket socket;
    private readonly IWakeup wakeup;
    private readonly SocketAsyncEventArgs arrival = new(), departure = new();
    private byte[] rest;
    private volatile bool waiting, sending;

    public PlainLink(Socket socket, IWakeup wakeup)
    {
        this.socket = socket;
        this.wakeup = wakeup;
        socket.Blocking = false;
        arrival.SetBuffer(Array.Empty<byte>(), 0, 0);
        arrival.Completed += (_, _) => Arrived();
        departure.Completed += (_, _) => Departed();
    }

    public override int Receive(byte[] buffer, int offset, int count)
    {
        while (!waiting)
        {
            int got = socket.Receive(buffer, offset, count, SocketFlags.None, out SocketError e);
            if (e == SocketError.Success)
            {
                return got > 0 || count == 0 ? got : Lose(Words(e));
            }
            if (e is not (SocketError.WouldBlock or SocketError.Interrupted))
            {
                return Lose(Words(e));
            }
            waiting = true;
            if (!socket.ReceiveAsync(arrival))
            {
                waiting = false;                    // something came meanwhile
            }
        }
        return Gone ? -1 : 0;
    }

    public override int Send(byte[] buffer, int offset, int count)
    {
        if (Gone)
        {
            return -1;
        }
        if (sending)
        {
            return 0;
        }
        int sent = socket.Send(buffer, offset, count, SocketFlags.None, out SocketError e);
        if (e is not (SocketError.Success or SocketError.WouldBlock or SocketError.Interrupted))
        {
            return Lose(Words(e));
        }
        sent = e == SocketError.Success ? sent : 0;
        int left = Math.Min(count - sent, RestBytes);
        if (left > 0)
        {
            rest ??= new byte[RestBytes];
            Array.Copy(buffer, offset + sent, rest, 0, left);
            departure.SetBuffer(rest, 0, left);
            sending = true;
            if (!socket.SendAsync(departure))
            {
                Sent();
            }
        }
        return Gone ? -1 : sent + left;
    }

    public override void End()
    {
        if (Gone)
        {
            Free();
        }
        else
        {
            _ = Linger();
        }
    }

    private void Arrived()
    {
        waiting = false;                            // an error is found by the next Receive
        wakeup?.Wake();
    }

    private void Departed()
    {
        Sent();
        wakeup?.Wake();
    }

    private void Sent()
    {
        if (departure.SocketError != SocketError.Success)
        {
            Lose(Words(departure.SocketError));
        }
        sending = false;
    }

    /// <summary>
    /// Closing at once would send a reset when something unread is here, and a reset may overtake the last bytes: so
    /// the server reads the end of the stream, and closes from its side.
    /// </summary>
    private async Task Linger()
    {
        using var limit = new CancellationTokenSource(LingerMs);
        try
        {
            while (sending)
            {
                await Task.Delay(5, limit.Token).ConfigureAwait(false);
            }
            socket.Shutdown(SocketShutdown.Send);
            byte[] unread = new byte[4096];
            while (await socket.ReceiveAsync(unread, SocketFlags.None, limit.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It is gone, or was given time enough.
        }
        Free();
    }

    private void Free()
    {
        socket.Dispose();
        arrival.Dispose();
        departure.Dispose();
    }
}
