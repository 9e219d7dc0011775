using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Host.Test;

/// <summary>Just enough of an MQTT client to see each byte of what the transport does.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket socket;
    private readonly byte[] input = new byte[1 << 20];
    private readonly int version;
    private int start, end;

    public RawClient(int port, int version = 4, int receiveBytes = 0)
        : this(IPAddress.Loopback, port, version, receiveBytes)
    {
    }

    public RawClient(IPAddress address, int port, int version = 4, int receiveBytes = 0)
    {
        this.version = version;
        socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        socket.ReceiveTimeout = socket.SendTimeout = 20000;
        if (receiveBytes > 0)
        {
            socket.ReceiveBufferSize = receiveBytes;
        }
        socket.Connect(address, port);
    }

    public int LocalPort => ((IPEndPoint)socket.LocalEndPoint).Port;

    public RawClient Connect(string clientId, int keepAliveSeconds = 0)
    {
        byte[] id = Encoding.ASCII.GetBytes(clientId);
        byte[] properties = version == 5 ? [0] : [];
        Send(0x10, [0, 4, .. "MQTT"u8, (byte)version, 2, (byte)(keepAliveSeconds >> 8), (byte)keepAliveSeconds,
            .. properties, 0, (byte)id.Length, .. id]);
        byte[] answer = Packet();
        Assert.AreEqual(0x20, answer[0], "CONNACK");
        Assert.AreEqual(0, answer[3], "CONNACK reason");
        return this;
    }

    public void Subscribe(string filter, int qos = 0)
    {
        byte[] text = Encoding.ASCII.GetBytes(filter);
        byte[] properties = version == 5 ? [0] : [];
        Send(0x82, [0, 1, .. properties, 0, (byte)text.Length, .. text, (byte)qos]);
        byte[] answer = Packet();
        Assert.AreEqual(0x90, answer[0], "SUBACK");
        Assert.AreEqual(qos, answer[^1], "SUBACK reason");
    }

    public void Ping()
    {
        Send(0xC0, []);
        CollectionAssert.AreEqual(new byte[] { 0xD0, 0 }, Packet(), "PINGRESP");
    }

    /// <summary>The bytes of a PUBLISH at QoS 0, to be sent with <see cref="SendRaw"/>.</summary>
    public byte[] Publish(string topic, byte[] payload)
    {
        byte[] text = Encoding.ASCII.GetBytes(topic);
        byte[] properties = version == 5 ? [0] : [];
        return Frame(0x30, [0, (byte)text.Length, .. text, .. properties, .. payload]);
    }

    public void Send(int first, byte[] body) => SendRaw(Frame(first, body));

    public void SendRaw(byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += socket.Send(bytes, sent, bytes.Length - sent, SocketFlags.None);
        }
    }

    /// <summary>Publishes at QoS 1 and waits for PUBACK.</summary>
    public void Deliver(string topic, string payload, bool retain = false)
    {
        byte[] text = Encoding.ASCII.GetBytes(topic);
        byte[] properties = version == 5 ? [0] : [];
        Send(retain ? 0x33 : 0x32, [0, (byte)text.Length, .. text, 0, 9, .. properties,
            .. Encoding.ASCII.GetBytes(payload)]);
        Assert.AreEqual(0x40, Packet()[0], "PUBACK");
    }

    /// <summary>The next message as "topic payload", with " retained" behind it if it is; sent at QoS 0.</summary>
    public string Message()
    {
        byte[] packet = Packet();
        Assert.IsNotNull(packet, "the connection ended");
        Assert.AreEqual(0x30, packet[0] & 0xFE, "PUBLISH at QoS 0");
        int at = packet[1] < 128 ? 2 : 3;
        int topic = packet[at] << 8 | packet[at + 1], payload = at + 2 + topic;
        payload += version == 5 ? 1 + packet[payload] : 0;
        return Encoding.ASCII.GetString(packet, at + 2, topic) + " " + Encoding.ASCII.GetString(packet[payload..])
            + ((packet[0] & 1) != 0 ? " retained" : "");
    }

    /// <summary>The next packet whole; null when the broker has closed the connection.</summary>
    public byte[] Packet()
    {
        while (true)
        {
            int length = Length(out int head);
            if (length >= 0 && end - start >= head + length)
            {
                byte[] packet = input[start..(start + head + length)];
                start += head + length;
                return packet;
            }
            if (!Fill())
            {
                return null;
            }
        }
    }

    /// <summary>Closes with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    private int Length(out int head)
    {
        int value = 0;
        for (head = 1; head <= 4 && start + head < end; head++)
        {
            value |= (input[start + head] & 0x7F) << 7 * (head - 1);
            if (input[start + head] < 0x80)
            {
                head++;
                return value;
            }
        }
        return -1;
    }

    private bool Fill()
    {
        if (start > 0)
        {
            Array.Copy(input, start, input, 0, end - start);
            end -= start;
            start = 0;
        }
        int room = Math.Min(16384, input.Length - end);
        int count = socket.Receive(input, end, room, SocketFlags.None, out SocketError error);
        if (error != SocketError.Success && error != SocketError.ConnectionReset)
        {
            throw new SocketException((int)error);
        }
        Assert.AreNotEqual(SocketError.ConnectionReset, error, "the broker reset the connection");
        end += count;
        return count > 0;
    }

    private static byte[] Frame(int first, byte[] body)
    {
        byte[] length = body.Length < 128
            ? [(byte)body.Length]
            : [(byte)(body.Length & 0x7F | 0x80), (byte)(body.Length >> 7)];
        return [(byte)first, .. length, .. body];
    }
}
