using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Host.Test;

/// <summary>The transport from outside, over either kind of sockets.</summary>
public abstract class TransportTest
{
    private readonly string sockets;

    protected TransportTest(string sockets)
    {
        this.sockets = sockets;
    }

    [TestMethod]
    public void LinesOfConnectAndDisconnect()
    {
        using FemtoProcess femto = Start("--no-sensor");
        using (RawClient polite = new RawClient(femto.Port, 5).Connect("polite"))
        {
            femto.Line("connect", $"polite from 127.0.0.1:{polite.LocalPort}, MQTT 5.0");
            polite.Send(0xE0, []);
            Assert.IsNull(polite.Packet());
            femto.Line("disconnect", "polite", "by the client, normal disconnection (0x00)");
        }
        using (RawClient rude = new RawClient(femto.Port).Connect("rude"))
        {
            rude.Reset();
            femto.Line("disconnect", "rude", "connection lost");
        }
        using RawClient wrong = new RawClient(femto.Port, 5).Connect("wrong");
        wrong.SendRaw([0xF0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        byte[] last = wrong.Packet();
        Assert.AreEqual(0xE0, last[0]);
        Assert.AreEqual(0x81, last[2]);
        Assert.IsNull(wrong.Packet());
        femto.Line("disconnect", "wrong", "by the broker, malformed packet (0x81)");
    }

    [TestMethod]
    public void SensorPublishesOnTheTopicPrinted()
    {
        using FemtoProcess femto = Start();
        string topic = femto.Line("simulated sensor").Split(' ')[^1];
        using RawClient client = new RawClient(femto.Port).Connect("client");
        client.Subscribe(topic);
        for (int i = 0; i < 3; i++)
        {
            byte[] publish = client.Packet();
            Assert.AreEqual(0x30, publish[0] & 0xF0);
            StringAssert.Contains(Encoding.ASCII.GetString(publish), topic);
        }
    }

    [TestMethod]
    public void TerminateSaysGoodbyeToEverybody()
    {
        using FemtoProcess femto = Start("--no-sensor");
        using RawClient five = new RawClient(femto.Port, 5).Connect("five");
        using RawClient three = new RawClient(femto.Port).Connect("three");
        using RawClient silent = new RawClient(femto.Port);
        five.Ping();
        femto.Terminate();
        byte[] last = five.Packet();
        Assert.AreEqual(0xE0, last[0], "DISCONNECT");
        Assert.AreEqual(0x8B, last[2], "server shutting down");
        Assert.IsNull(five.Packet());
        Assert.IsNull(three.Packet());
        Assert.IsNull(silent.Packet());
        five.Dispose();
        three.Dispose();
        silent.Dispose();
        Assert.AreEqual(0, femto.Ended());
    }

    [TestMethod]
    public void TerminateDoesNotWaitForOneWhoNeverReads()
    {
        using FemtoProcess femto = Start("--no-sensor");
        using RawClient deaf = new RawClient(femto.Port, receiveBytes: 4096).Connect("deaf");
        deaf.Subscribe("flood");
        using RawClient flood = new RawClient(femto.Port).Connect("flood");
        byte[] publish = flood.Publish("flood", new byte[1000]);
        Task sending = Task.Run(() =>
        {
            try
            {
                for (int i = 0; i < 20000; i++)
                {
                    flood.SendRaw(publish);
                }
            }
            catch (System.Net.Sockets.SocketException)
            {
                // The broker has ended.
            }
        });
        Thread.Sleep(500);
        femto.Terminate();
        Assert.AreEqual(0, femto.Ended());
        Assert.IsTrue(sending.Wait(20000));
    }

    [TestMethod]
    public void ThousandIdleConnections()
    {
        using FemtoProcess femto = Start("--no-sensor");
        var clients = new List<RawClient>();
        try
        {
            for (int i = 0; i < 1000; i++)
            {
                clients.Add(new RawClient(femto.Port).Connect("idle-" + i));
            }
            clients.ForEach(c => c.Subscribe("all"));
            TimeSpan before = femto.Cpu();
            Thread.Sleep(1000);
            TimeSpan idle = femto.Cpu() - before;
            Assert.IsLessThan(200, idle.TotalMilliseconds, "processor time of a second without traffic");
            clients.ForEach(c => c.Ping());
            clients[500].SendRaw(clients[500].Publish("all", Encoding.ASCII.GetBytes("hello")));
            clients.ForEach(c => StringAssert.EndsWith(Encoding.ASCII.GetString(c.Packet()), "allhello"));
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }
        femto.Line("disconnect", "idle-999");
    }

    [TestMethod]
    public void PublisherIsHeldBackNotDropped()
    {
        const int Count = 60000;                    // more bytes than sockets take in (tcp_rmem: up to 32 MB)
        using FemtoProcess femto = Start("--no-sensor");
        using RawClient reader = new RawClient(femto.Port, receiveBytes: 16384).Connect("reader");
        reader.Subscribe("flood");
        using RawClient flood = new RawClient(femto.Port).Connect("flood");
        Task sending = Task.Run(() =>
        {
            byte[] payload = new byte[1000];
            for (int i = 0; i < Count; i++)
            {
                BitConverter.TryWriteBytes(payload, i);
                flood.SendRaw(flood.Publish("flood", payload));
            }
        });
        for (int i = 0; i < Count; i++)
        {
            byte[] packet = reader.Packet();
            Assert.AreEqual(i, BitConverter.ToInt32(packet, packet.Length - 1000), "messages in order, none missing");
            if (i < 2000 && i % 100 == 0)
            {
                Thread.Sleep(50);                   // slow, though never still for long
                Assert.IsFalse(sending.IsCompleted, "the publisher must be held back");
            }
        }
        Assert.IsTrue(sending.Wait(20000));
        flood.Ping();
    }

    [TestMethod]
    public void HeldBackPublisherMayLeave()
    {
        const int Count = 20000;
        using FemtoProcess femto = Start("--no-sensor");
        using RawClient reader = new RawClient(femto.Port, receiveBytes: 16384).Connect("reader");
        reader.Subscribe("flood");
        Task sending = Task.Run(() =>
        {
            using RawClient flood = new RawClient(femto.Port).Connect("flood");
            byte[] publish = flood.Publish("flood", new byte[1000]);
            for (int i = 0; i < Count; i++)
            {
                flood.SendRaw(publish);
            }
        });
        for (int i = 0; i < Count; i++)
        {
            Assert.AreEqual(0x30, reader.Packet()[0]);
            if (i % 20 == 0)
            {
                Thread.Sleep(5);
            }
        }
        Assert.IsTrue(sending.Wait(20000));
        femto.Line("disconnect", "flood", "connection lost");
    }

    [TestMethod]
    public void WhatCameBeforeTheEndOfTheStreamIsTaken()
    {
        const int Count = 5000;
        using FemtoProcess femto = Start("--no-sensor");
        using RawClient reader = new RawClient(femto.Port).Connect("reader");
        reader.Subscribe("burst");
        using (RawClient burst = new RawClient(femto.Port).Connect("burst"))
        {
            byte[] publish = burst.Publish("burst", new byte[100]);
            burst.SendRaw(Enumerable.Repeat(publish, Count).SelectMany(b => b).ToArray());
        }
        for (int i = 0; i < Count; i++)
        {
            Assert.AreEqual(0x30, reader.Packet()[0]);
        }
    }

    [TestMethod]
    public void FullTableRefusesOneMore()
    {
        using FemtoProcess femto = Start("--no-sensor", "--limits", "tiny");
        var clients = new List<RawClient>();
        try
        {
            int most = int.Parse(femto.Line("limits tiny").Split(' ')[2]);
            for (int i = 0; i < most; i++)
            {
                clients.Add(new RawClient(femto.Port));
            }
            using (var more = new RawClient(femto.Port))
            {
                Assert.IsNull(more.Packet());
                femto.Line("refuse", "127.0.0.1:" + more.LocalPort, $"all {most} connections are taken");
            }
            clients[0].Connect("first").Ping();
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }
    }

    [TestMethod]
    public void WithoutHandlesItKeepsServing()
    {
        using FemtoProcess femto = FemtoProcess.StartWithHandles(256, sockets, "--no-sensor");
        using RawClient early = new RawClient(femto.Port).Connect("early");
        var clients = new List<RawClient>();
        try
        {
            for (int i = 0; i < 300; i++)
            {
                clients.Add(new RawClient(femto.Port));
            }
            femto.Line("warning", "no file handles left");
            early.Ping();
            TimeSpan before = femto.Cpu();
            Thread.Sleep(1000);
            Assert.IsLessThan(300, (femto.Cpu() - before).TotalMilliseconds, "it must not spin");
            clients.ForEach(c => c.Dispose());
            clients.Clear();
            using RawClient late = new RawClient(femto.Port).Connect("late");
            late.Ping();
            early.Ping();
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
        }
    }

    private FemtoProcess Start(params string[] arguments) => FemtoProcess.StartOver(sockets, arguments);
}

[TestClass]
public sealed class EpollTest : TransportTest
{
    public EpollTest()
        : base("epoll")
    {
    }
}

[TestClass]
public sealed class PortableTest : TransportTest
{
    public PortableTest()
        : base("portable")
    {
    }
}
