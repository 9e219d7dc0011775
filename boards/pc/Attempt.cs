using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Femto.Mqtt;

/// <summary>
/// One connection from its beginning: name, address by address, TLS, and then the link. What was given up answers
/// nobody any more, so a late result cannot be taken for that of the next attempt.
/// </summary>
internal sealed class Attempt
{
    private readonly TransportOptions options;
    private readonly IWakeup wakeup;
    private readonly CancellationTokenSource limit;
    private readonly object gate = new();
    private volatile Link link;
    private volatile string error;
    private volatile bool failed;
    private bool ended, finished;

    public Attempt(TransportOptions options, IWakeup wakeup)
    {
        // A copy: the caller may go on to the next host with the same object.
        this.options = new TransportOptions
        {
            Host = options.Host,
            Port = options.Port,
            Tls = options.Tls,
            CaFile = options.CaFile,
            CertFile = options.CertFile,
            KeyFile = options.KeyFile,
            ServerName = options.ServerName,
            Insecure = options.Insecure,
            ConnectMs = options.ConnectMs,
        };
        this.wakeup = wakeup;
        limit = new CancellationTokenSource(Math.Max(1, options.ConnectMs));
    }

    public Link Link => link;

    public string Error => error ?? link?.Error;

    public int State()
    {
        Link l = link;
        if (l != null)
        {
            return l.Gone ? TransportState.Closed : TransportState.Open;
        }
        return failed ? TransportState.Closed : TransportState.Connecting;
    }

    public void Begin() => _ = Task.Run(Run);

    /// <summary>Nobody is interested any more.</summary>
    public void End()
    {
        Link l;
        lock (gate)
        {
            ended = true;
            l = link;
            if (!finished)
            {
                _ = limit.CancelAsync();
            }
        }
        l?.End();
    }

    private async Task Run()
    {
        Socket socket = null;
        Link made = null;
        var connector = new Connector(options);
        try
        {
            socket = await connector.Connect(limit.Token).ConfigureAwait(false);
            made = options.Tls
                ? await TlsLink.Open(socket, options, connector, wakeup, limit.Token).ConfigureAwait(false)
                : new PlainLink(socket, wakeup);
        }
        catch (Exception e)
        {
            socket?.Dispose();
            error = connector.Explain(e);
            failed = true;
        }
        bool unwanted;
        lock (gate)
        {
            finished = true;
            unwanted = ended;
            link = unwanted ? null : made;
        }
        limit.Dispose();
        if (unwanted)
        {
            made?.End();
        }
        else
        {
            wakeup?.Wake();
        }
    }
}
