using System;
using System.Collections.Generic;
using System.Text;

namespace Femto.Edge;

/// <summary>Reads PUBLISH packets of one connection: topics, behind an alias too, and payloads.</summary>
internal sealed class Publication
{
    private readonly int version;
    private readonly Dictionary<int, string> aliases = new();
    private readonly Dictionary<int, string> names = new(); // by hash: most topics are old acquaintances
    private byte[] buffer;
    private int payloadAt, payloadLength;

    public Publication(int version) => this.version = version;

    public string Topic { get; private set; }

    public int Qos { get; private set; }

    public int PacketId { get; private set; }

    public ReadOnlySpan<byte> Payload => buffer.AsSpan(payloadAt, payloadLength);

    public string Text => Encoding.UTF8.GetString(Payload);

    public void Read(byte[] b, int at, int length)
    {
        int end = at + length;
        int first = b[at];
        at = Frames.Body(b, at);
        int topicLength = b[at] << 8 | b[at + 1];
        int topicAt = at + 2;
        at = topicAt + topicLength;
        Qos = first >> 1 & 3;
        PacketId = 0;
        if (Qos != 0)
        {
            PacketId = b[at] << 8 | b[at + 1];
            at += 2;
        }
        int alias = 0;
        if (version == 5)
        {
            int properties = b[at++];
            if (properties >= 128)
            {
                throw new InvalidOperationException("long properties");
            }
            for (int p = at; p + 2 < at + properties && b[p] == 0x23; p += 3)
            {
                alias = b[p + 1] << 8 | b[p + 2];
            }
            at += properties;
        }
        Topic = topicLength == 0 ? aliases[alias] : Name(b, topicAt, topicLength);
        if (alias != 0)
        {
            aliases[alias] = Topic;
        }
        buffer = b;
        payloadAt = at;
        payloadLength = end - at;
    }

    /// <summary>Of topic and payload.</summary>
    public ulong Hash()
    {
        ulong h = 14695981039346656037;
        foreach (char c in Topic)
        {
            h = (h ^ c) * 1099511628211;
        }
        foreach (byte x in Payload)
        {
            h = (h ^ x) * 1099511628211;
        }
        return h;
    }

    private string Name(byte[] b, int at, int length)
    {
        int hash = 0;
        for (int i = 0; i < length; i++)
        {
            hash = hash * 31 + b[at + i];
        }
        if (names.TryGetValue(hash, out string name) && Same(name, b, at, length))
        {
            return name;
        }
        return names[hash] = Encoding.UTF8.GetString(b, at, length);
    }

    private static bool Same(string name, byte[] b, int at, int length)
    {
        if (name.Length != length)
        {
            return false;
        }
        for (int i = 0; i < length; i++)
        {
            if (name[i] != b[at + i])
            {
                return false;
            }
        }
        return true;
    }
}
