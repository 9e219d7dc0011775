using System.Net.Sockets;

namespace Femto.Mqtt;

/// <summary>A connection that stands. Receive and Send belong to the caller's thread, one at a time.</summary>
internal abstract class Link
{
    /// <summary>For the last bytes to leave, and for the peer to close after it has read them.</summary>
    public const int LingerMs = 2000;

    private volatile string error;
    private volatile bool gone;

    public string Error => error;

    public bool Gone => gone;

    public abstract int Receive(byte[] buffer, int offset, int count);

    public abstract int Send(byte[] buffer, int offset, int count);

    /// <summary>Closes in the background.</summary>
    public abstract void End();

    /// <summary>The connection is no more; the first reason stands.</summary>
    protected int Lose(string why)
    {
        error ??= why;
        gone = true;
        return -1;
    }

    protected static string Words(SocketError e) => e switch
    {
        SocketError.Success => "the server closed the connection",
        SocketError.ConnectionReset => "the server reset the connection",
        SocketError.TimedOut => "the connection timed out",
        _ => "the connection broke: " + Connector.Small(new SocketException((int)e).Message),
    };
}
