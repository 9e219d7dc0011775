using System;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Client.Test;

/// <summary>The board's sockets over loopback: what lies between ISocket and System.Net.</summary>
[TestClass]
public class TcpSocketTest
{
    private static TcpSocket Connect(int port, int sendMs = 5000)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect("127.0.0.1", port);
        return new TcpSocket(socket, sendMs);
    }

    private static void Wait(Func<bool> until) => Assert.IsTrue(SpinWait.SpinUntil(until, 10000));

    [TestMethod]
    [DataRow("127.0.0.1")]
    [DataRow(null)]
    public void BytesGoBothWays(string address)
    {
        TcpSocket listener = TcpSocket.Listen(address, 0, 4, 5000);
        Assert.IsFalse(listener.Readable(), "nobody waits");
        TcpSocket client = Connect(listener.Port());
        Wait(listener.Readable);
        ISocket accepted = listener.Accept();
        Assert.IsFalse(listener.Readable(), "the only one was accepted");

        Assert.AreEqual(0, accepted.Available());
        Assert.IsFalse(accepted.Readable());
        Assert.IsTrue(accepted.Writable());
        Assert.AreEqual(3, client.Send([9, 1, 2, 3, 9], 1, 3));
        Wait(() => accepted.Available() == 3);
        Assert.IsTrue(accepted.Readable());
        byte[] got = new byte[5];
        Assert.AreEqual(2, accepted.Receive(got, 1, 2));
        Assert.AreEqual(1, accepted.Receive(got, 3, 2));
        CollectionAssert.AreEqual(new byte[] { 0, 1, 2, 3, 0 }, got);
        Assert.AreEqual(1, accepted.Send([7], 0, 1));
        Wait(() => client.Available() == 1);

        // The end of the stream: readable, with nothing there.
        client.Close();
        client.Close();
        Wait(accepted.Readable);
        Assert.AreEqual(0, accepted.Available());
        accepted.Close();
        listener.Close();
        Assert.Throws<Exception>(() => accepted.Receive(got, 0, 1));
        Assert.Throws<Exception>(() => listener.Accept());
    }

    [TestMethod]
    public void PeerAsText()
    {
        TcpSocket listener = TcpSocket.Listen("127.0.0.1", 0, 4, 5000);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect("127.0.0.1", listener.Port());
        ISocket accepted = listener.Accept();
        string expected = client.LocalEndPoint.ToString();
        byte[] text = new byte[40];
        Assert.AreEqual(expected.Length, accepted.Peer(text));
        Assert.AreEqual(expected, Encoding.ASCII.GetString(text, 0, expected.Length));
        Assert.AreEqual(5, accepted.Peer(new byte[5]));
        accepted.Close();
        Assert.AreEqual(0, accepted.Peer(text), "it is gone");
        listener.Close();
    }

    [TestMethod]
    public void AWrongAddressThrows()
    {
        Assert.Throws<FormatException>(() => TcpSocket.Listen("not an address", 0, 4, 5000));
        Assert.Throws<SocketException>(() => TcpSocket.Listen("203.0.113.1", 0, 4, 5000));
    }

    // A listener that is made again has the same port, and at once: connections of the old one may linger.
    [TestMethod]
    public void TheMakerKeepsItsPort()
    {
        var maker = new TcpSocketMaker("127.0.0.1", 0);
        var first = (TcpSocket)maker.Listen();
        int port = maker.Port;
        Assert.AreEqual(first.Port(), port);
        TcpSocket client = Connect(port);
        ISocket accepted = first.Accept();
        accepted.Close();
        client.Close();
        first.Close();
        var second = (TcpSocket)maker.Listen();
        Assert.AreEqual(port, second.Port());
        second.Close();
        var third = (TcpSocket)new TcpSocketMaker("127.0.0.1", port).Listen();
        Assert.AreEqual(port, third.Port());
        third.Close();
    }

    // Whoever does not read: a Send that waits is given up.
    [TestMethod]
    public void SendIsGivenUp()
    {
        TcpSocket listener = TcpSocket.Listen("127.0.0.1", 0, 4, 50);
        TcpSocket client = Connect(listener.Port());
        ISocket accepted = listener.Accept();
        byte[] bytes = new byte[1 << 16];
        Assert.Throws<SocketException>(() =>
        {
            for (int i = 0; i < 1024; i++)
            {
                accepted.Send(bytes, 0, bytes.Length);
            }
        });
        accepted.Close();
        client.Close();
        listener.Close();
    }
}
