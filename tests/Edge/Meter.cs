using System;
using Femto.Mqtt;

namespace Femto.Edge;

/// <summary>A real connection to a real broker, whose bytes and packets are counted on their way.</summary>
internal sealed class Meter : ITransport, IDisposable
{
    private readonly PcTransport inner = new();
    private readonly Frames up, down;
    private readonly Publication publication;

    /// <param name="version">4 or 5.</param>
    public Meter(int version)
    {
        publication = new Publication(version);
        up = new Frames(Up);
        down = new Frames(Down);
    }

    /// <summary>A message goes up.</summary>
    public Action<Publication> Published;

    public long BytesUp, BytesDown;
    public int Messages;
    public ulong Sum;

    /// <summary>Packets that an answer is awaited for: SUBSCRIBE, UNSUBSCRIBE, PUBLISH at QoS 1, PINGREQ.</summary>
    public int Open;

    public string Error => inner.Error;

    void ITransport.Open(TransportOptions options) => inner.Open(options);

    public int State() => inner.State();

    public int Receive(byte[] buffer, int offset, int count)
    {
        int n = inner.Receive(buffer, offset, count);
        if (n > 0)
        {
            BytesDown += n;
            down.Add(buffer, offset, n);
        }
        return n;
    }

    public int Send(byte[] buffer, int offset, int count)
    {
        int n = inner.Send(buffer, offset, count);
        if (n > 0)
        {
            BytesUp += n;
            up.Add(buffer, offset, n);
        }
        return n;
    }

    public void Close() => inner.Close();

    public void Dispose() => inner.Dispose();

    private void Up(byte[] b, int at, int length)
    {
        switch (b[at] >> 4)
        {
            case PacketType.Publish:
                publication.Read(b, at, length);
                Messages++;
                Sum += publication.Hash();
                Open += publication.Qos == 0 ? 0 : 1;
                Published?.Invoke(publication);
                break;
            case PacketType.Subscribe:
            case PacketType.Unsubscribe:
            case PacketType.Pingreq:
                Open++;
                break;
        }
    }

    private void Down(byte[] b, int at, int length)
    {
        int type = b[at] >> 4;
        if (type is PacketType.Puback or PacketType.Suback or PacketType.Unsuback or PacketType.Pingresp)
        {
            Open--;
        }
    }
}
