using System;
using System.Collections.Generic;
using Femto.Mqtt;

namespace Femto.Edge;

/// <summary>A server in memory, at the other end of a bridge's connection: takes what comes, answers at once.</summary>
internal sealed class Upstream : ITransport
{
    private readonly Action<string, string> message;
    private readonly Publication publication = new(4);
    private readonly Frames frames;
    private readonly Queue<byte> answers = new();
    private bool open, known;

    /// <param name="message">Gets topic and payload.</param>
    public Upstream(Action<string, string> message)
    {
        this.message = message;
        frames = new Frames(Packet);
    }

    /// <summary>Nobody connects.</summary>
    public bool Away;

    public string Error => null;

    public void Open(TransportOptions options)
    {
        open = !Away;
        frames.Clear();
        answers.Clear();
    }

    public int State() => open ? TransportState.Open : TransportState.Closed;

    public int Receive(byte[] buffer, int offset, int count)
    {
        int n = 0;
        for (; n < count && answers.Count != 0; n++)
        {
            buffer[offset + n] = answers.Dequeue();
        }
        return n == 0 && !open ? -1 : n;
    }

    public int Send(byte[] buffer, int offset, int count)
    {
        if (!open)
        {
            return -1;
        }
        frames.Add(buffer, offset, count);
        return count;
    }

    public void Close() => open = false;

    /// <summary>The connection breaks.</summary>
    public void Cut()
    {
        open = false;
        answers.Clear();
    }

    private void Answer(params byte[] bytes)
    {
        foreach (byte b in bytes)
        {
            answers.Enqueue(b);
        }
    }

    private void Packet(byte[] b, int at, int length)
    {
        int body = Frames.Body(b, at);
        switch (b[at] >> 4)
        {
            case PacketType.Connect:
                Answer(0x20, 2, (byte)(known ? 1 : 0), 0);
                known = true;
                break;
            case PacketType.Publish:
                publication.Read(b, at, length);
                if (publication.Qos == 1)
                {
                    Answer(0x40, 2, (byte)(publication.PacketId >> 8), (byte)publication.PacketId);
                }
                message(publication.Topic, publication.Text);
                break;
            case PacketType.Subscribe:
                Answer(0x90, 3, b[body], b[body + 1], 1);
                break;
            case PacketType.Unsubscribe:
                Answer(0xB0, 2, b[body], b[body + 1]);
                break;
            case PacketType.Pingreq:
                Answer(0xD0, 0);
                break;
        }
    }
}
