using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Host.Test;

/// <summary>An upstream that the test plays itself, packet by packet: one connection at a time.</summary>
internal sealed class Upstream : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private Socket socket;

    public Upstream()
    {
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public int Port { get; }

    /// <summary>The bridge's next connection; returns its CONNECT.</summary>
    public Connect Accept()
    {
        socket?.Dispose();
        var accepting = listener.AcceptSocketAsync();
        Assert.IsTrue(accepting.Wait(20000), "the bridge did not connect");
        socket = accepting.Result;
        socket.NoDelay = true;
        socket.ReceiveTimeout = 20000;
        byte[] packet = Packet();
        Assert.AreEqual(0x10, packet[0], "CONNECT");
        return new Connect(packet);
    }

    /// <summary>Takes it, without a session.</summary>
    public void Welcome(int version) => Send(0x20, version == 5 ? [0, 0, 0] : [0, 0]);

    public void Send(int first, byte[] body)
    {
        Assert.IsTrue(body.Length < 128);
        socket.Send([(byte)first, (byte)body.Length, .. body]);
    }

    /// <summary>The next packet; null when the bridge has closed.</summary>
    public byte[] Packet()
    {
        byte[] head = Take(2);
        if (head == null)
        {
            return null;
        }
        int length = head[1];
        if (length > 127)
        {
            byte[] more = Take(1);
            head = [.. head, .. more];
            length = length & 127 | more[0] << 7;
        }
        return [.. head, .. Take(length)];
    }

    /// <summary>The next packet of this type; answers what the bridge asks for meanwhile.</summary>
    public byte[] Packet(int type, int version)
    {
        while (true)
        {
            byte[] packet = Packet();
            Assert.IsNotNull(packet, "the bridge closed");
            if (packet[0] >> 4 == type)
            {
                return packet;
            }
            byte[] properties = version == 5 ? [0] : [];
            switch (packet[0] >> 4)
            {
                case 8: Send(0x90, [packet[2], packet[3], .. properties, 1]); break;
                case 10: Send(0xB0, version == 5 ? [packet[2], packet[3], 0, 0] : [packet[2], packet[3]]); break;
                case 12: Send(0xD0, []); break;
            }
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Close() => socket.Dispose();

    public void Dispose()
    {
        socket?.Dispose();
        listener.Stop();
    }

    private byte[] Take(int count)
    {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            int n = socket.Receive(bytes, done, count - done, SocketFlags.None);
            if (n == 0)
            {
                return null;
            }
            done += n;
        }
        return bytes;
    }

    /// <summary>What a CONNECT says.</summary>
    public sealed class Connect
    {
        public readonly int Level;
        public readonly string ClientId;
        /// <summary>Of MQTT 5; -1: not said.</summary>
        public readonly int ReceiveMaximum = -1, TopicAliasMaximum = -1;
        /// <summary>It says that it is a bridge, in the way of MQTT 5.</summary>
        public readonly bool Marked;

        public Connect(byte[] packet)
        {
            int at = packet[1] < 128 ? 2 : 3;
            Level = packet[at + 6];
            at += 10;
            if (Level == 5)
            {
                int end = at + 1 + packet[at];
                Assert.IsTrue(packet[at++] < 128);
                while (at < end)
                {
                    int id = packet[at++];
                    switch (id)
                    {
                        case 0x11: at += 4; break;                                  // session expiry
                        case 0x27: at += 4; break;                                  // maximum packet size
                        case 0x17 or 0x19: at++; break;
                        case 0x21: ReceiveMaximum = packet[at] << 8 | packet[at + 1]; at += 2; break;
                        case 0x22: TopicAliasMaximum = packet[at] << 8 | packet[at + 1]; at += 2; break;
                        case 0x26:
                            int length = packet[at] << 8 | packet[at + 1];
                            Marked |= Encoding.ASCII.GetString(packet, at + 2, length) == "femto-bridge";
                            at += 2 + length;
                            at += 2 + (packet[at] << 8 | packet[at + 1]);
                            break;
                        default: Assert.Fail($"property 0x{id:X2}"); break;
                    }
                }
            }
            ClientId = Encoding.ASCII.GetString(packet, at + 2, packet[at] << 8 | packet[at + 1]);
        }
    }
}
