using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace Femto.Client.Test;

/// <summary>Sends back what it gets, over TCP or TLS, on a free port.</summary>
internal sealed class Server : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 certificate;
    private readonly SslProtocols protocols;
    private readonly bool mutual;

    /// <param name="name">Of the certificate; null: no TLS.</param>
    public Server(string name = null, SslProtocols protocols = SslProtocols.None, bool mutual = false)
    {
        this.protocols = protocols;
        this.mutual = mutual;
        if (name != null)
        {
            certificate = X509Certificate2.CreateFromPemFile(
                Certificates.In(name + ".crt"), Certificates.In(name + ".key"));
        }
        listener.Start(1024);
        _ = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What the client's TLS said.</summary>
    public volatile string Sni;
    public volatile string ClientCertificate;
    public SslProtocols Protocol;
    public int Closed;

    /// <summary>Reads no more while this is held.</summary>
    public readonly ManualResetEventSlim Reading = new(true);

    public void Dispose() => listener.Dispose();

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Echo(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    private async Task Echo(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (certificate != null)
                {
                    stream = await Secure(stream);
                }
                byte[] buffer = new byte[100000];
                int got;
                while ((got = await stream.ReadAsync(buffer)) > 0)
                {
                    if (!Reading.IsSet)
                    {
                        await Task.Run(Reading.Wait);
                    }
                    await stream.WriteAsync(buffer.AsMemory(0, got));
                }
            }
            catch (Exception e) when (e is IOException or AuthenticationException or SocketException)
            {
                // The client's affair.
            }
        }
        Interlocked.Increment(ref Closed);
    }

    private async Task<Stream> Secure(Stream stream)
    {
        var ssl = new SslStream(stream);
        await ssl.AuthenticateAsServerAsync((_, hello, _, _) =>
        {
            Sni = hello.ServerName;
            return ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate,
                EnabledSslProtocols = protocols,
                ClientCertificateRequired = mutual,
                RemoteCertificateValidationCallback = (_, theirs, _, _) =>
                {
                    ClientCertificate = theirs?.Subject;
                    return !mutual || theirs != null;
                },
            });
        }, null);
        Protocol = ssl.SslProtocol;
        return ssl;
    }
}
