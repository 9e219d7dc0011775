using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Threading;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Client.Test;

/// <summary>The PC's transport by itself, against a server that sends everything back.</summary>
[TestClass]
public sealed class PcTransportTest
{
    private readonly Woken loop = new();

    [TestMethod]
    [DataRow(null, SslProtocols.None, 1 << 20)]
    [DataRow(null, SslProtocols.None, 777)]
    [DataRow("server", SslProtocols.Tls12, 1 << 20)]
    [DataRow("server", SslProtocols.Tls13, 1 << 20)]
    [DataRow("server", SslProtocols.Tls13, 777)]
    public void MegabytesComeBackAsTheyWent(string certificate, SslProtocols protocol, int piece)
    {
        using var server = new Server(certificate, protocol);
        using PcTransport transport = Opened(Options(server.Port, certificate != null));
        Assert.AreEqual(TransportState.Open, loop.Connected(transport), transport.Error);
        byte[] bytes = new byte[piece < 1000 ? 2_000_000 : 40_000_000];
        new Random(1).NextBytes(bytes);
        var watch = Stopwatch.StartNew();
        CollectionAssert.AreEqual(bytes, loop.Exchange(transport, bytes, piece));
        Console.WriteLine($"note: {bytes.Length / 1e6 / watch.Elapsed.TotalSeconds:F0} MB/s each way, "
            + $"{loop.Wakes} wakes");
        if (certificate != null)
        {
            Assert.AreEqual(protocol, server.Protocol);
            Assert.AreEqual("localhost", server.Sni);
        }
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("server")]
    public void AServerThatReadsNotStopsTheSenderAtABound(string certificate)
    {
        using var server = new Server(certificate);
        using PcTransport transport = Opened(Options(server.Port, certificate != null));
        loop.Connected(transport);
        server.Reading.Reset();
        byte[] bytes = new byte[1 << 16];
        long taken = 0;
        int idle = 0;
        while (idle < 20)
        {
            int sent = transport.Send(bytes, 0, bytes.Length);
            Assert.IsTrue(sent >= 0);
            taken += sent;
            idle = sent == 0 ? idle + 1 : 0;
            if (sent == 0)
            {
                Thread.Sleep(10);
            }
        }
        Assert.IsTrue(taken < 20_000_000, $"{taken} bytes taken for a server that does not read");
        server.Reading.Set();
        byte[] back = new byte[1 << 16];
        while (taken > 0)
        {
            int got = transport.Receive(back, 0, back.Length);
            Assert.IsTrue(got >= 0, transport.Error);
            taken -= got;
            if (got == 0)
            {
                loop.Sleep();
            }
        }
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("server")]
    public void WhatWasSentBeforeCloseArrives(string certificate)
    {
        using var server = new Server(certificate);
        using PcTransport transport = Opened(Options(server.Port, certificate != null));
        loop.Connected(transport);
        byte[] bytes = new byte[50000];
        Assert.AreEqual(bytes.Length, transport.Send(bytes, 0, bytes.Length));
        transport.Close();                          // what comes back is unread
        Assert.AreEqual(TransportState.Closed, transport.State());
        Assert.AreEqual(-1, transport.Receive(bytes, 0, 1));
        Assert.AreEqual(-1, transport.Send(bytes, 0, 1));
        Assert.IsNull(transport.Error);
        Assert.IsTrue(SpinWait.SpinUntil(() => server.Closed == 1, 10000), "the server saw no end of the stream");
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow("server")]
    public void TheServersEndIsSeenAndSaid(string certificate)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using PcTransport transport = Opened(
            Options(((IPEndPoint)server.LocalEndpoint).Port, certificate != null));
        using (server.AcceptTcpClient())
        {
            if (certificate == null)
            {
                Assert.AreEqual(TransportState.Open, loop.Connected(transport));
                Assert.AreEqual(0, transport.Receive(new byte[1], 0, 1));
            }
        }
        if (certificate == null)
        {
            int got;
            while ((got = transport.Receive(new byte[1], 0, 1)) == 0)
            {
                loop.Sleep();
            }
            Assert.AreEqual(-1, got);
        }
        Assert.AreEqual(TransportState.Closed, loop.Connected(transport));
        StringAssert.Contains(transport.Error, "the server");
    }

    [TestMethod]
    public void EachAddressOfANameIsTried()
    {
        // localhost is ::1 and 127.0.0.1 where there is IPv6; the server listens on the second alone.
        using var server = new Server();
        using PcTransport transport = Opened(Options(server.Port, false));
        Assert.AreEqual(TransportState.Open, loop.Connected(transport), transport.Error);
    }

    [TestMethod]
    public void AnIPv6AddressIsTaken()
    {
        TcpListener listener = null;
        try
        {
            listener = new TcpListener(IPAddress.IPv6Loopback, 0);
            listener.Start();
        }
        catch (SocketException)
        {
            Console.WriteLine("note: no IPv6 on this machine");
            return;
        }
        using (listener)
        {
            using PcTransport transport = Opened(
                new TransportOptions { Host = "::1", Port = ((IPEndPoint)listener.LocalEndpoint).Port });
            Assert.AreEqual(TransportState.Open, loop.Connected(transport), transport.Error);
        }
    }

    [TestMethod]
    public void FailuresAreSaidInWords()
    {
        int port;
        using (var server = new Server())
        {
            port = server.Port;
        }
        StringAssert.Contains(Failure(Options(port, false)), "nothing listens there");
        TransportOptions nowhere = Options(1883, false);
        nowhere.Host = "no-such-host.invalid";
        StringAssert.Contains(Failure(nowhere), "cannot find the host no-such-host.invalid");
        using var tls = new Server("server");
        TransportOptions files = Options(tls.Port, true);
        files.CaFile = "/nowhere/ca.crt";
        StringAssert.Contains(Failure(files), "/nowhere/ca.crt: not there");
        files = Options(tls.Port, true);
        files.CertFile = Certificates.In("client.crt");
        files.KeyFile = Certificates.In("server.key");
        StringAssert.Contains(Failure(files), "server.key: ");
    }

    [TestMethod]
    public void TimeRunsOutForNameTcpAndTls()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(16);
        TransportOptions options = Options(((IPEndPoint)silent.LocalEndpoint).Port, true);
        options.ConnectMs = 300;
        var watch = Stopwatch.StartNew();
        StringAssert.Contains(Failure(options), "no connection within 300 ms (TLS handshake)");
        Assert.IsTrue(watch.ElapsedMilliseconds < 5000);
    }

    [TestMethod]
    public void NoCallBlocks()
    {
        TransportOptions options = new() { Host = "10.255.255.1", Port = 1883, ConnectMs = 60000 };
        using var transport = new PcTransport();
        var watch = Stopwatch.StartNew();
        transport.Open(options);
        transport.State();
        transport.Receive(new byte[1], 0, 1);
        transport.Close();
        options.Host = "no-such-host.invalid";
        transport.Open(options);
        transport.Close();
        Assert.IsTrue(watch.ElapsedMilliseconds < 500, $"{watch.ElapsedMilliseconds} ms");
    }

    [TestMethod]
    [DataRow("elsewhere", "is for elsewhere.example, not for localhost")]
    [DataRow("expired", "certificate expired on ")]
    [DataRow("stranger", "does not descend from ")]
    public void AWrongCertificateIsRefused(string certificate, string why)
    {
        using var server = new Server(certificate);
        StringAssert.Contains(Failure(Options(server.Port, true)), why);
        TransportOptions insecure = Options(server.Port, true);
        insecure.Insecure = true;
        if (certificate == "elsewhere")
        {
            using PcTransport transport = Opened(insecure);
            Assert.AreEqual(TransportState.Open, loop.Connected(transport), transport.Error);
        }
        else
        {
            StringAssert.Contains(Failure(insecure), why, "insecure leaves out the name alone");
        }
    }

    [TestMethod]
    public void ServerNameTakesTheHostsPlace()
    {
        using var server = new Server("elsewhere");
        TransportOptions options = Options(server.Port, true);
        options.ServerName = "elsewhere.example";
        using PcTransport transport = Opened(options);
        Assert.AreEqual(TransportState.Open, loop.Connected(transport), transport.Error);
        Assert.AreEqual("elsewhere.example", server.Sni);
    }

    [TestMethod]
    public void WithoutCaFileTheSystemDecides()
    {
        using var server = new Server("server");
        TransportOptions options = Options(server.Port, true);
        options.CaFile = null;
        StringAssert.Contains(Failure(options), "does not descend from those this system trusts");
    }

    [TestMethod]
    [DataRow(SslProtocols.Tls12)]
    [DataRow(SslProtocols.Tls13)]
    public void TheClientShowsItsCertificate(SslProtocols protocol)
    {
        using var server = new Server("server", protocol, mutual: true);
        TransportOptions options = Options(server.Port, true);
        options.CertFile = Certificates.In("client.crt");
        options.KeyFile = Certificates.In("client.key");
        using PcTransport transport = Opened(options);
        Assert.AreEqual(TransportState.Open, loop.Connected(transport), transport.Error);
        byte[] bytes = Encoding.ASCII.GetBytes("hello");
        CollectionAssert.AreEqual(bytes, loop.Exchange(transport, bytes));
        Assert.AreEqual("CN=client", server.ClientCertificate);
    }

    [TestMethod]
    [DataRow(null, 1000)]
    [DataRow("server", 300)]
    public void ManyConnectionsInARowLeakNothing(string certificate, int connections)
    {
        using var server = new Server(certificate);
        TransportOptions options = Options(server.Port, certificate != null);
        using var transport = new PcTransport();
        transport.Wakes(loop);
        Run(100);
        Usage before = Usage.Now();
        Run(connections);
        Usage after = Usage.Now();
        Console.WriteLine($"note: {connections} connections: {before} before, {after} after");
        Assert.IsTrue(after.Handles <= before.Handles + 10, "handles");
        Assert.IsTrue(after.Threads <= before.Threads + 6, "threads");
        Assert.IsTrue(after.Bytes <= before.Bytes + 1_000_000, "memory");

        void Run(int count)
        {
            int closed = server.Closed;
            for (int i = 0; i < count; i++)
            {
                transport.Open(options);
                Assert.AreEqual(TransportState.Open, loop.Connected(transport), transport.Error);
                Assert.AreEqual(1, transport.Send(new byte[1], 0, 1));
                transport.Close();
            }
            Assert.IsTrue(SpinWait.SpinUntil(() => server.Closed == closed + count, 20000));
        }
    }

    [TestMethod]
    public void AttemptsGivenUpLeakNothing()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(512);
        TransportOptions options = Options(((IPEndPoint)silent.LocalEndpoint).Port, true);
        using var transport = new PcTransport();
        Usage before = Usage.Now();
        for (int i = 0; i < 200; i++)
        {
            transport.Open(options);
            Thread.Sleep(i % 4);
            transport.Close();
        }
        silent.Stop();
        Assert.IsTrue(SpinWait.SpinUntil(() => Usage.Now().Handles <= before.Handles + 10, 10000), "handles");
    }

    private PcTransport Opened(TransportOptions options)
    {
        var transport = new PcTransport();
        transport.Wakes(loop);
        transport.Open(options);
        return transport;
    }

    private string Failure(TransportOptions options)
    {
        using PcTransport transport = Opened(options);
        Assert.AreEqual(TransportState.Closed, loop.Connected(transport));
        Assert.IsNotNull(transport.Error);
        return transport.Error;
    }

    private static TransportOptions Options(int port, bool tls) => new()
    {
        Host = "localhost",
        Port = port,
        Tls = tls,
        CaFile = tls ? Certificates.Ca : null,
        ConnectMs = 10000,
    };
}
