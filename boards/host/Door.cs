using System.Net;
using System.Net.Sockets;
using Femto.Mqtt;

namespace Femto.Host;

/// <summary>A listening socket. A listener has several when its name stands for several addresses.</summary>
internal sealed class Door
{
    public Socket Socket;
    public ConfigListener Listener;
    /// <summary>Which listener this is, and the first door of it, which counts for all.</summary>
    public int Number, First;
    /// <summary>Connections of the listener.</summary>
    public int Open;

    public EndPoint Where => Socket.LocalEndPoint;
}
