using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

namespace Femto.Mqtt;

/// <summary>From a name to a connected socket, and from an exception to words that say what to do.</summary>
internal sealed class Connector
{
    private readonly TransportOptions options;
    private string stage = "looking up the name";

    public Connector(TransportOptions options)
    {
        this.options = options;
    }

    /// <summary>Why the server's certificate was refused, when it was.</summary>
    public string CertificateFault;

    /// <summary>What is going on, for the message when time runs out.</summary>
    public string Stage
    {
        set => stage = value;
    }

    /// <summary>Tries the name's addresses in turn, each with its share of the time that is left.</summary>
    public async Task<Socket> Connect(CancellationToken limit)
    {
        var watch = Stopwatch.StartNew();
        IPAddress[] addresses = IPAddress.TryParse(options.Host, out IPAddress literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(options.Host, limit).ConfigureAwait(false);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }
        stage = "connecting";
        for (int i = 0; ; i++)
        {
            long left = Math.Max(1, options.ConnectMs - watch.ElapsedMilliseconds);
            using var share = CancellationTokenSource.CreateLinkedTokenSource(limit);
            share.CancelAfter(TimeSpan.FromMilliseconds(left / (addresses.Length - i)));
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(addresses[i], options.Port), share.Token)
                    .ConfigureAwait(false);
                return socket;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                socket.Dispose();
                if (i == addresses.Length - 1 || limit.IsCancellationRequested)
                {
                    throw;
                }
            }
        }
    }

    public string Explain(Exception e)
    {
        string where = $"{options.Host}:{options.Port}";
        return e switch
        {
            OperationCanceledException => $"{where}: no connection within {options.ConnectMs} ms ({stage})",
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData
                or SocketError.TryAgain } => $"cannot find the host {options.Host}",
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
                $"{where}: connection refused, nothing listens there",
            SocketException s => $"{where}: {Small(s.Message)}",
            CryptographicException or IOException or UnauthorizedAccessException when stage == Tls.Files =>
                Small(e.Message),
            AuthenticationException or IOException when CertificateFault != null => $"{where}: {CertificateFault}",
            AuthenticationException or IOException => $"{where}: {Tls.Explain(e)}",
            _ => $"{where}: {stage}: {Small(e.Message)}",
        };
    }

    internal static string Small(string text) =>
        text.Length > 1 && char.IsLower(text[1]) ? char.ToLowerInvariant(text[0]) + text[1..].TrimEnd('.') : text;
}
