using System;
using System.Collections.Generic;
using System.Diagnostics;
using Femto.Host;

namespace Femto.Bench;

/// <summary>
/// The load: all connections on one thread over epoll. Packets are made before they are needed, frames
/// are told apart by their first byte alone, acknowledgements go out in batches.
/// </summary>
internal sealed unsafe class LoadRun : IDisposable
{
    private const int StallMs = 5000;

    private readonly List<Stream> streams = new();
    private readonly List<(Stream Stream, int Subscriber, Link Link)> links = new();
    private readonly Histogram latency = new();
    private readonly int window;
    private readonly int epoll;
    private readonly byte[] events = GC.AllocateArray<byte>(256 * 16, pinned: true);
    private long received;

    /// <param name="kept">What the sessions of the subscribers, which then outlast their connections, are named after;
    /// null: they do not.</param>
    public LoadRun(int port, Scenario scenario, int qos, int window, string kept = null)
    {
        this.window = window;
        epoll = Posix.EpollCreate(Posix.EpollCloexec);
        for (int i = 0; i < scenario.Topics; i++)
        {
            var stream = new Stream(port, kept + i, scenario.Subscribers, qos, kept != null);
            streams.Add(stream);
            links.Add((stream, -1, stream.Publisher));
            Watch(Posix.EpollAdd, links.Count - 1, Posix.EpollIn);
            for (int s = 0; s < scenario.Subscribers; s++)
            {
                links.Add((stream, s, stream.Subscribers[s]));
                Watch(Posix.EpollAdd, links.Count - 1, Posix.EpollIn);
            }
        }
    }

    /// <summary>Loads the broker for the time to warm up, then for the time measured, then lets it run dry.</summary>
    public LoadResult Run(double warmSeconds, double seconds, BrokerProcess broker)
    {
        Load(warmSeconds, publish: true);
        latency.Clear();
        long receivedBefore = received;
        double cpuBefore = broker.CpuSeconds();
        double ownBefore = Environment.CpuUsage.TotalTime.TotalSeconds;
        long start = Stopwatch.GetTimestamp();
        Load(seconds, publish: true);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        long count = received - receivedBefore;
        var result = new LoadResult
        {
            PerSecond = count / elapsed,
            P50Us = latency.Quantile(0.50) / 1000,
            P99Us = latency.Quantile(0.99) / 1000,
            CpuUs = count == 0 ? 0 : (broker.CpuSeconds() - cpuBefore) * 1e6 / count,
            OwnCpuShare = (Environment.CpuUsage.TotalTime.TotalSeconds - ownBefore) / elapsed,
            MemoryMb = broker.MemoryMb(),
        };
        Load(0, publish: false);
        foreach (Stream stream in streams)
        {
            result.Lost += stream.Lost;
            result.Disordered += stream.Disordered;
        }
        return result;
    }

    private void Load(double seconds, bool publish)
    {
        long end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        long progress = received, progressAt = Stopwatch.GetTimestamp();
        for (long now = progressAt; publish ? now < end : Outstanding(); now = Stopwatch.GetTimestamp())
        {
            foreach (Stream stream in streams)
            {
                if (publish)
                {
                    stream.Fill(window);
                }
            }
            FlushAll();
            WaitAndRead();
            if (received != progress || !Outstanding())
            {
                progress = received;
                progressAt = now;
            }
            else if (Stopwatch.GetElapsedTime(progressAt, now).TotalMilliseconds > StallMs)
            {
                streams.ForEach(s => s.GiveUp());
                progressAt = now;
            }
        }
    }

    private bool Outstanding()
    {
        foreach (Stream stream in streams)
        {
            if (stream.Outstanding > 0)
            {
                return true;
            }
        }
        return false;
    }

    private void FlushAll()
    {
        for (int i = 0; i < links.Count; i++)
        {
            Link link = links[i].Link;
            if (link.WaitsForRoom || link.OutStart == link.OutEnd || link.Flush())
            {
                continue;
            }
            link.WaitsForRoom = true;
            Watch(Posix.EpollMod, i, Posix.EpollIn | Posix.EpollOut);
        }
    }

    private void WaitAndRead()
    {
        fixed (byte* p = events)
        {
            int count = Posix.EpollWait(epoll, p, 256, 10);
            for (int e = 0; e < count; e++)
            {
                uint kind = *(uint*)(p + e * Posix.EventBytes);
                int i = *(int*)(p + e * Posix.EventBytes + Posix.EventData);
                if ((kind & Posix.EpollOut) != 0)
                {
                    links[i].Link.WaitsForRoom = false;
                    Watch(Posix.EpollMod, i, Posix.EpollIn);
                }
                if ((kind & ~Posix.EpollOut) != 0)
                {
                    Read(i);
                }
            }
        }
    }

    private void Read(int i)
    {
        (Stream stream, int subscriber, Link link) = links[i];
        if (!link.HasRoom(Link.BufferBytes / 2))
        {
            return;                                 // no room for its acknowledgements: read it after the next flush
        }
        link.Receive();
        long now = Stopwatch.GetTimestamp();
        int at = 0, end = link.InCount;
        fixed (byte* input = link.In, output = link.Out)
        {
            byte* to = output + link.OutEnd;
            while (end - at >= 4)
            {
                byte* frame = input + at;
                int type = *frame & 0xF0;
                if (type != 0x30)
                {
                    at += 4;
                    to = Answer(stream, frame, type, to);
                    continue;
                }
                if (end - at < stream.FrameBytes)
                {
                    break;
                }
                at += stream.FrameBytes;
                byte* payload = frame + stream.FrameBytes - Stream.PayloadBytes;
                stream.Received(subscriber, *(long*)payload);
                latency.Add(now - *(long*)(payload + 8));
                received++;
                int qos = *frame >> 1 & 3;
                if (qos > 0)
                {
                    to = Put(to, qos == 1 ? 0x40 : 0x50, payload - 2);
                }
            }
            link.OutEnd = (int)(to - output);
        }
        link.InCount = end - at;
        if (at > 0 && link.InCount > 0)
        {
            Buffer.BlockCopy(link.In, at, link.In, 0, link.InCount);
        }
    }

    private static byte* Answer(Stream stream, byte* frame, int type, byte* to)
    {
        switch (type)
        {
            case 0x40:                              // PUBACK
            case 0x70:                              // PUBCOMP
                stream.Completed++;
                return to;
            case 0x50:                              // PUBREC
                return Put(to, 0x62, frame + 2);
            case 0x60:                              // PUBREL
                return Put(to, 0x70, frame + 2);
            default:
                throw new InvalidOperationException($"the broker sent a packet that begins with 0x{*frame:X2}");
        }
    }

    private static byte* Put(byte* to, int first, byte* packetId)
    {
        to[0] = (byte)first;
        to[1] = 2;
        to[2] = packetId[0];
        to[3] = packetId[1];
        return to + 4;
    }

    private void Watch(int operation, int index, uint what)
    {
        byte* change = stackalloc byte[16];
        *(uint*)change = what;
        *(long*)(change + Posix.EventData) = index;
        if (Posix.EpollControl(epoll, operation, links[index].Link.Fd, change) < 0)
        {
            throw new InvalidOperationException($"epoll_ctl failed with errno {Posix.Errno}");
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, link) in links)
        {
            link.Dispose();
        }
        _ = Posix.Close(epoll);
    }
}
