using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Femto.Mqtt;

/// <summary>
/// TLS 1.2 and 1.3 as a client: certificate files, what the server's certificate must be, and why it is not.
/// </summary>
internal static class Tls
{
    public const string Files = "reading certificates";

    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";

    /// <exception cref="CryptographicException">A file is not what it should be; the message names it.</exception>
    public static SslClientAuthenticationOptions Options(TransportOptions options, Connector connector)
    {
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = string.IsNullOrEmpty(options.ServerName) ? options.Host : options.ServerName,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (!string.IsNullOrEmpty(options.CaFile))
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.ApplicationPolicy.Add(new Oid(ServerPurpose));
            Read(options.CaFile, () => policy.CustomTrustStore.ImportFromPemFile(options.CaFile));
            if (policy.CustomTrustStore.Count == 0)
            {
                throw new CryptographicException($"{options.CaFile}: no certificate in it");
            }
            tls.CertificateChainPolicy = policy;
        }
        if (!string.IsNullOrEmpty(options.CertFile))
        {
            tls.ClientCertificateContext = Own(options);
        }
        tls.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            if (options.Insecure)
            {
                errors &= ~SslPolicyErrors.RemoteCertificateNameMismatch;
            }
            connector.CertificateFault = Fault(options, tls.TargetHost, certificate, chain, errors);
            return connector.CertificateFault == null;
        };
        return tls;
    }

    /// <summary>What went wrong in a handshake or a read, as the peer's alert or the system tells it.</summary>
    public static string Explain(Exception e)
    {
        while (e.InnerException != null)
        {
            e = e.InnerException;
        }
        string text = e.Message;
        if (text.Contains("certificate required") || text.Contains("handshake failure")
            || text.Contains("bad certificate") || text.Contains("unknown ca") || text.Contains("certificate expired")
            || text.Contains("certificate unknown"))
        {
            return $"the server does not accept this client's certificate, or misses one ({text})";
        }
        return text.Contains("EOF") ? "the server closed the connection during the TLS handshake"
            : "TLS: " + Connector.Small(text);
    }

    private static SslStreamCertificateContext Own(TransportOptions options)
    {
        var all = new X509Certificate2Collection();
        Read(options.CertFile, () => all.ImportFromPemFile(options.CertFile));
        string keyFile = string.IsNullOrEmpty(options.KeyFile) ? options.CertFile : options.KeyFile;
        X509Certificate2 own = null;
        Read(keyFile, () => own = X509Certificate2.CreateFromPemFile(options.CertFile, keyFile));
        if (OperatingSystem.IsWindows())
        {
            // Schannel takes no key that is in memory only.
            using X509Certificate2 memory = own;
            own = X509CertificateLoader.LoadPkcs12(memory.Export(X509ContentType.Pkcs12), null);
        }
        return SslStreamCertificateContext.Create(own, all, offline: true);
    }

    private static void Read(string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException
            or ArgumentException)
        {
            string why = e is FileNotFoundException or DirectoryNotFoundException ? "not there"
                : Connector.Small(e.Message);
            throw new CryptographicException($"{file}: {why}");
        }
    }

    private static string Fault(
        TransportOptions options, string name, X509Certificate certificate, X509Chain chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return null;
        }
        if (certificate is not X509Certificate2 theirs)
        {
            return "the server showed no certificate";
        }
        if ((errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            X509ChainStatusFlags status = chain.ChainStatus.Aggregate(
                X509ChainStatusFlags.NoError, (flags, s) => flags | s.Status);
            // An unknown issuer first: the dates of a stranger's certificate do not matter.
            if ((status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
            {
                string whose = string.IsNullOrEmpty(options.CaFile) ? "those this system trusts" : options.CaFile;
                return $"the server's certificate does not descend from {whose} (issuer: {theirs.Issuer})";
            }
            if ((status & X509ChainStatusFlags.NotTimeValid) != 0)
            {
                return theirs.NotAfter < DateTime.Now
                    ? $"the server's certificate expired on {theirs.NotAfter:yyyy-MM-dd}"
                    : $"the server's certificate is not valid now ({theirs.NotBefore:yyyy-MM-dd} to "
                        + $"{theirs.NotAfter:yyyy-MM-dd}, or one above it)";
            }
            return "the server's certificate is not accepted: "
                + string.Join(", ", chain.ChainStatus.Select(s => Connector.Small(s.StatusInformation.Trim())));
        }
        return $"the server's certificate is for {string.Join(", ", Names(theirs))}, not for {name}";
    }

    private static IEnumerable<string> Names(X509Certificate2 certificate)
    {
        var found = new List<string>();
        foreach (X509SubjectAlternativeNameExtension names in
            certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            found.AddRange(names.EnumerateDnsNames());
            found.AddRange(names.EnumerateIPAddresses().Select((IPAddress a) => a.ToString()));
        }
        return found.Count > 0 ? found : [certificate.GetNameInfo(X509NameType.DnsName, false)];
    }
}
