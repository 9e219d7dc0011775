using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Client.Test;

/// <summary>The board's transport: its attempts and their ends, with an opener that does as it is told, and with its
/// own over loopback.</summary>
[TestClass]
public class BoardTransportTest
{
    // Blocks in Open until the test lets it go on, as name look-up and connect do.
    private sealed class Opener : IStreamOpener
    {
        public readonly SemaphoreSlim Go = new(0);
        public readonly Stream Made = new();
        public Exception Fault;
        public int Opens;
        public int Aborts;

        public IByteStream Open(TransportOptions options)
        {
            Interlocked.Increment(ref Opens);
            Go.Wait();
            return Fault == null ? Made : throw Fault;
        }

        public void Abort() => Interlocked.Increment(ref Aborts);
    }

    private sealed class Stream : IByteStream
    {
        public int Result;
        public Exception Fault;
        public int Closes;

        public bool Quiet() => false;

        public int Read(byte[] buffer, int offset, int count) => Fault == null ? Result : throw Fault;

        public int Write(byte[] buffer, int offset, int count) => Fault == null ? Result : throw Fault;

        public void Close() => Interlocked.Increment(ref Closes);
    }

    private static void Wait(Func<bool> until) => Assert.IsTrue(SpinWait.SpinUntil(until, 10000));

    private static BoardTransport Opened(Opener opener)
    {
        var transport = new BoardTransport(opener);
        transport.Open(new TransportOptions { ConnectMs = 60000 });
        opener.Go.Release();
        Wait(() => transport.State() == TransportState.Open);
        return transport;
    }

    [TestMethod]
    public void FromOpenToClosed()
    {
        var opener = new Opener();
        var transport = new BoardTransport(opener);
        Assert.AreEqual(TransportState.Closed, transport.State());
        Assert.IsNull(transport.Error);
        Assert.AreEqual(-1, transport.Receive(new byte[1], 0, 1));
        Assert.AreEqual(-1, transport.Send(new byte[1], 0, 1));
        transport.Close();

        transport.Open(new TransportOptions { ConnectMs = 60000 });
        Assert.AreEqual(TransportState.Connecting, transport.State());
        opener.Go.Release();
        Wait(() => transport.State() == TransportState.Open);
        opener.Made.Result = 7;
        Assert.AreEqual(7, transport.Receive(new byte[9], 0, 9));
        Assert.AreEqual(7, transport.Send(new byte[9], 0, 9));
        transport.Close();
        transport.Close();
        Assert.AreEqual(TransportState.Closed, transport.State());
        Assert.AreEqual(1, opener.Made.Closes);
        Assert.AreEqual(0, opener.Aborts);
        Assert.IsNull(transport.Error);
    }

    [TestMethod]
    public void TheServersEnd()
    {
        var opener = new Opener();
        BoardTransport transport = Opened(opener);
        opener.Made.Result = -1;
        Assert.AreEqual(-1, transport.Receive(new byte[1], 0, 1));
        Assert.AreEqual("the server closed the connection", transport.Error);
        Assert.AreEqual(TransportState.Closed, transport.State());
        Assert.AreEqual(1, opener.Made.Closes);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void AFaultEndsIt(bool reading)
    {
        var opener = new Opener();
        BoardTransport transport = Opened(opener);
        opener.Made.Fault = new InvalidOperationException("no route");
        Assert.AreEqual(-1, reading ? transport.Receive(new byte[1], 0, 1) : transport.Send(new byte[1], 0, 1));
        Assert.AreEqual("no route", transport.Error);
        Assert.AreEqual(TransportState.Closed, transport.State());
        Assert.AreEqual(1, opener.Made.Closes);
        // The next attempt has its own error.
        transport.Open(new TransportOptions { ConnectMs = 60000 });
        Assert.IsNull(transport.Error);
        opener.Fault = new SilentException();
        opener.Go.Release();
        Wait(() => transport.State() == TransportState.Closed);
        Assert.AreEqual("no connection", transport.Error);
    }

    // On the board an exception may have no message.
    private sealed class SilentException : Exception
    {
        public override string Message => null;
    }

    // Time is over while the thread hangs: none is started beside it, and what it gets after all is closed.
    [TestMethod]
    public void TimeIsOver()
    {
        var opener = new Opener();
        var transport = new BoardTransport(opener);
        transport.Open(new TransportOptions { ConnectMs = 0 });
        Assert.AreEqual(TransportState.Closed, transport.State());
        Assert.AreEqual("no connection in time", transport.Error);
        Assert.AreEqual(1, opener.Aborts);
        transport.Open(new TransportOptions { ConnectMs = 60000 });
        Assert.AreEqual(TransportState.Closed, transport.State());
        Assert.AreEqual("the attempt before has not ended yet", transport.Error);
        Wait(() => opener.Opens == 1);
        opener.Go.Release();
        Wait(() => opener.Made.Closes == 1);
        transport.Open(new TransportOptions { ConnectMs = 60000 });
        Assert.AreEqual(TransportState.Connecting, transport.State());
        opener.Go.Release();
        Wait(() => transport.State() == TransportState.Open);
        Assert.AreEqual(2, opener.Opens);
        Assert.AreEqual(1, opener.Made.Closes);
    }

    // ---- Its own opener

    private static string Failure(string host, int port, bool tls = false)
    {
        var transport = new BoardTransport();
        transport.Open(new TransportOptions { Host = host, Port = port, Tls = tls, ConnectMs = 60000 });
        Wait(() => transport.State() == TransportState.Closed);
        return transport.Error;
    }

    [TestMethod]
    public void FailuresAreSaid()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Assert.Contains("refused", Failure("127.0.0.1", port));
        Assert.Contains("no TLS", Failure("127.0.0.1", port, true));
        Assert.IsNotEmpty(Failure("1.2.3.4.5", port));
        Assert.IsNotEmpty(Failure("no-such-host.invalid", port));
    }

    // Not every address of a name has somebody who listens: the next one is tried.
    [TestMethod]
    [DataRow("127.0.0.1")]
    [DataRow("localhost")]
    public void AddressesInTurn(string host)
    {
        using var server = new Server();
        var transport = new BoardTransport();
        transport.Open(new TransportOptions { Host = host, Port = server.Port, ConnectMs = 60000 });
        Wait(() => transport.State() == TransportState.Open);
        Assert.AreEqual(2, transport.Send([1, 2], 0, 2));
        byte[] back = new byte[2];
        int got = 0;
        Wait(() => (got += transport.Receive(back, got, 2 - got)) == 2);
        CollectionAssert.AreEqual(new byte[] { 1, 2 }, back);
        transport.Close();
        Wait(() => server.Closed == 1);
    }

    // Abort takes the socket from under an attempt that nobody answers; without one it does nothing.
    [TestMethod]
    public void AbortEndsAnAttempt()
    {
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(0);
        var waiting = new Socket[16]; // its queue is full: further ones are left without an answer
        for (int i = 0; i < waiting.Length; i++)
        {
            waiting[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _ = waiting[i].ConnectAsync(deaf.LocalEndPoint).ContinueWith(t => t.Exception);
        }
        var opener = new TcpOpener();
        opener.Abort();
        Exception ended = null;
        var thread = new Thread(() =>
        {
            try
            {
                opener.Open(new TransportOptions { Host = "127.0.0.1", Port = ((IPEndPoint)deaf.LocalEndPoint).Port });
            }
            catch (Exception e)
            {
                ended = e;
            }
        });
        thread.Start();
        Wait(() =>
        {
            opener.Abort();
            return !thread.IsAlive;
        });
        Assert.IsNotNull(ended);
        foreach (Socket socket in waiting)
        {
            socket.Dispose();
        }
    }
}
