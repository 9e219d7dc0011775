using System;

namespace Femto.Mqtt;

/// <summary>
/// TCP and TLS on a PC. No call blocks: names are looked up, connections made and closed in the background. It has
/// no thread of its own. One thread at a time may call it; who waits is woken, see <see cref="Wakes"/>.
/// </summary>
public sealed class PcTransport : IWakingTransport, IDisposable
{
    private IWakeup wakeup;
    private Attempt attempt;
    private string error;

    /// <summary>Why the last attempt or connection failed, in words for people; null when it did not.</summary>
    public string Error => attempt == null ? error : attempt.Error;

    public void Wakes(IWakeup wakeup) => this.wakeup = wakeup;

    public void Open(TransportOptions options)
    {
        Close();
        error = null;
        attempt = new Attempt(options, wakeup);
        attempt.Begin();
    }

    public int State() => attempt == null ? TransportState.Closed : attempt.State();

    public int Receive(byte[] buffer, int offset, int count)
    {
        Link link = attempt?.Link;
        return link == null ? -1 : link.Receive(buffer, offset, count);
    }

    public int Send(byte[] buffer, int offset, int count)
    {
        Link link = attempt?.Link;
        return link == null ? -1 : link.Send(buffer, offset, count);
    }

    /// <summary>
    /// Ends the connection. What <see cref="Send"/> took still goes out, in the background, for at most
    /// <see cref="Link.LingerMs"/>.
    /// </summary>
    public void Close()
    {
        if (attempt != null)
        {
            error = attempt.Error;
            attempt.End();
            attempt = null;
        }
    }

    public void Dispose() => Close();
}
