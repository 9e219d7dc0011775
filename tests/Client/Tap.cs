using System;
using System.Collections.Generic;
using System.Text;
using Femto.Mqtt;

namespace Femto.Client.Test;

/// <summary>A transport that keeps what went each way, packet by packet, over all its connections.</summary>
internal sealed class Tap(ITransport inner, int version) : ITransport
{
    private readonly List<byte> up = new(), down = new();
    private readonly List<string> packets = new();

    public string Error => inner.Error;

    /// <summary>A line for each packet: direction, type, identifier, QoS, DUP, payload of a PUBLISH.</summary>
    public string[] Packets
    {
        get
        {
            lock (packets)
            {
                return packets.ToArray();
            }
        }
    }

    public void Open(TransportOptions options)
    {
        lock (packets)
        {
            packets.Add("open");
            up.Clear();
            down.Clear();
        }
        inner.Open(options);
    }

    public int State() => inner.State();

    public int Receive(byte[] buffer, int offset, int count)
    {
        int got = inner.Receive(buffer, offset, count);
        Note(down, "<", buffer, offset, got);
        return got;
    }

    public int Send(byte[] buffer, int offset, int count)
    {
        int sent = inner.Send(buffer, offset, count);
        Note(up, ">", buffer, offset, sent);
        return sent;
    }

    public void Close() => inner.Close();

    private void Note(List<byte> stream, string direction, byte[] buffer, int offset, int count)
    {
        if (count <= 0)
        {
            return;
        }
        lock (packets)
        {
            stream.AddRange(buffer.AsSpan(offset, count).ToArray());
            while (true)
            {
                byte[] all = stream.ToArray();
                int head = FixedHeader.Decode(all, 0, all.Length, out int remaining);
                if (head <= 0 || head + remaining > all.Length)
                {
                    return;
                }
                packets.Add(direction + " " + Line(all, head, head + remaining));
                stream.RemoveRange(0, head + remaining);
            }
        }
    }

    private string Line(byte[] p, int at, int end)
    {
        int type = p[0] >> 4;
        if (type != PacketType.Publish)
        {
            string name = type switch { 4 => "PUBACK", 5 => "PUBREC", 6 => "PUBREL", _ => "PUBCOMP" };
            return type is >= PacketType.Puback and <= PacketType.Pubcomp
                ? $"{name} {p[at] << 8 | p[at + 1]}"
                : $"type {type} {Convert.ToHexString(p, at, Math.Min(end - at, 20))}";
        }
        int qos = p[0] >> 1 & 3;
        at += 2 + (p[at] << 8 | p[at + 1]);
        int id = qos == 0 ? 0 : p[at] << 8 | p[at + 1];
        at += qos == 0 ? 0 : 2;
        at += version == 5 ? 1 + p[at] : 0;
        string payload = Encoding.UTF8.GetString(p, at, end - at);
        return $"PUBLISH {id} q{qos}{((p[0] & 8) == 0 ? "" : " dup")} {payload}";
    }
}
