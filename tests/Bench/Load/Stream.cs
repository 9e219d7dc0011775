using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Femto.Bench;

/// <summary>
/// One topic of the load: one publisher, one or more subscribers. A message is outstanding until each
/// subscriber has it and, at QoS 1 and 2, its handshake with the publisher is complete. Each payload
/// opens with its number and the time it was made.
/// </summary>
internal sealed class Stream
{
    public const int PayloadBytes = 64;

    public readonly Link Publisher;
    public readonly Link[] Subscribers;
    public readonly long[] Expected;    // the number each subscriber must see next
    public readonly int FrameBytes;
    public long Published, Completed, Lost, Disordered;
    private readonly byte[] frame;
    private readonly int qos;

    public Stream(int port, string name, int subscribers, int qos, bool kept = false)
    {
        this.qos = qos;
        byte[] topic = Encoding.ASCII.GetBytes("bench/" + name + "/value");
        int idBytes = qos > 0 ? 2 : 0;
        FrameBytes = 2 + 2 + topic.Length + idBytes + PayloadBytes;
        frame = new byte[FrameBytes];
        frame[0] = (byte)(0x30 | qos << 1);
        frame[1] = (byte)(FrameBytes - 2);
        frame[3] = (byte)topic.Length;
        topic.CopyTo(frame, 4);
        Subscribers = new Link[subscribers];
        Expected = new long[subscribers];
        for (int i = 0; i < subscribers; i++)
        {
            Subscribers[i] = new Link(port, $"s{name}-{i}", !kept);
            Subscribers[i].Subscribe("bench/" + name + "/value", qos);
        }
        Publisher = new Link(port, "p" + name);
    }

    public long Outstanding
    {
        get
        {
            long least = qos > 0 ? Completed : Published;
            foreach (long next in Expected)
            {
                least = next < least ? next : least;
            }
            return Published - least;
        }
    }

    /// <summary>Writes as many packets as the window allows into the publisher's buffer.</summary>
    public void Fill(int window)
    {
        long count = window - Outstanding;
        if (count <= 0 || !Publisher.HasRoom((int)count * FrameBytes))
        {
            return;
        }
        long now = Stopwatch.GetTimestamp();
        Span<byte> to = Publisher.Out.AsSpan(Publisher.OutEnd);
        int payload = FrameBytes - PayloadBytes;
        for (long i = 0; i < count; i++)
        {
            frame.CopyTo(to);
            if (qos > 0)
            {
                BinaryPrimitives.WriteUInt16BigEndian(to[(payload - 2)..], (ushort)(Published % 65535 + 1));
            }
            BinaryPrimitives.WriteInt64LittleEndian(to[payload..], Published++);
            BinaryPrimitives.WriteInt64LittleEndian(to[(payload + 8)..], now);
            to = to[FrameBytes..];
        }
        Publisher.OutEnd += (int)count * FrameBytes;
    }

    /// <summary>A subscriber has this message: checks its number against what had to come.</summary>
    public void Received(int subscriber, long number)
    {
        long expected = Expected[subscriber];
        if (number == expected)
        {
            Expected[subscriber] = expected + 1;
        }
        else if (number > expected)
        {
            Lost += number - expected;
            Expected[subscriber] = number + 1;
        }
        else
        {
            Disordered++;
        }
    }

    /// <summary>Gives up on everything outstanding, so that the load goes on after the last message was lost.</summary>
    public void GiveUp()
    {
        for (int i = 0; i < Expected.Length; i++)
        {
            Lost += Published - Expected[i];
            Expected[i] = Published;
        }
        Completed = Published;
    }
}
