using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Threading;
using Femto.Mqtt;
using Femto.Mqtt.Unit;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Assert = Microsoft.VisualStudio.TestTools.UnitTesting.Assert;

namespace Femto.Conformance;

/// <summary>
/// A program behind a socket. Behind everything that is sent stands a PINGREQ, so that the broker has dealt with it
/// when the next step begins, and "nothing came" is a fact. Afterwards all sessions and retained messages are gone.
/// </summary>
internal sealed class SocketStage : Stage
{
    // Against another broker many cases wait in vain.
    private static readonly int PatienceMs =
        Environment.GetEnvironmentVariable("FEMTO_CONFORMANCE_PORT") == null ? 10000 : 1500;

    private readonly int port;
    private readonly Dictionary<string, Peer> peers = new();
    private readonly HashSet<string> identifiers = new();

    public SocketStage(int port)
    {
        this.port = port;
    }

    protected override void Send(string who, string text, int version, bool whole)
    {
        foreach (Match m in Regex.Matches(text, "CONNECT .*? id=([^ ]*)"))
        {
            identifiers.Add(m.Groups[1].Value);
        }
        if (!peers.TryGetValue(who, out Peer peer))
        {
            peer = peers[who] = new Peer(port, version) { Maximum = MaximumOf(text) };
        }
        peer.Send(Bytes(text, ref peer.Version));
        if (whole)
        {
            peer.Fence(Regex.Matches(text, "PINGREQ").Count);
        }
    }

    protected override string Got(string who, string expected)
    {
        Peer peer = peers[who];
        int count = expected == "" ? 0 : expected.Split(" / ").Length;
        while (peer.Packets.Count < count && peer.Read(PatienceMs))
        {
        }
        return Take(who);
    }

    protected override Packet First(string who)
    {
        Peer peer = peers[who];
        if (peer.Packets.Count == 0)
        {
            peer.Read(PatienceMs);
        }
        Assert.IsNotEmpty(peer.Packets, "nothing came");
        Packet first = peer.Packets[0];
        if (first == Packet.Closed)
        {
            Take(who);
            return first;
        }
        peer.Packets.RemoveAt(0);
        peer.Fence();
        return first;
    }

    protected override string Rest(string who)
    {
        foreach (Peer other in peers.Values)
        {
            other.Fence();
        }
        if (!peers.TryGetValue(who, out Peer peer))
        {
            return "";
        }
        peer.Fence();
        return Take(who);
    }

    private string Take(string who)
    {
        Peer peer = peers[who];
        string got = string.Join(" / ", peer.Packets.Select(p => Plain(p.Line)));
        peer.Packets.Clear();
        if (peer.Closed)
        {
            peer.Dispose();
            peers.Remove(who);
        }
        return got;
    }

    protected override void Lose(string who)
    {
        peers[who].Reset();
        peers.Remove(who);
        // The reset is in the broker's hands before a later connection gets an answer.
        using var probe = new Peer(port, 4);
        probe.Connect("probe");
    }

    protected override void Wait(int milliseconds) => Thread.Sleep(milliseconds);

    // Whoever expects something waits for it.
    protected override void Later(int milliseconds)
    {
    }

    protected override void End()
    {
        try
        {
            foreach (string who in peers.Keys.ToArray())
            {
                Assert.AreEqual("", Rest(who), "at the end " + who + " got");
            }
        }
        finally
        {
            Clean();
        }
    }

    /// <summary>Ends every session that the case made, and clears what is retained.</summary>
    public void Clean()
    {
        foreach (Peer peer in peers.Values)
        {
            peer.Reset();
        }
        peers.Clear();
        foreach (string id in identifiers.Where(id => id != "" && id.Length < 100 && id.All(c => c > ' ' && c < 127)))
        {
            using var one = new Peer(port, 4);
            one.Connect(id);
        }
        using var cleaner = new Peer(port, 4);
        cleaner.Connect("cleaner");
        cleaner.Send(Wire.Packet("SUBSCRIBE id=1 filter=#", 4));
        cleaner.Fence();
        foreach (Packet packet in cleaner.Packets.ToArray())
        {
            Match m = Regex.Match(packet.Line, "^PUBLISH .*topic=(.*) payload=");
            if (m.Success)
            {
                string topic = Regex.Replace(m.Groups[1].Value, "\\\\(..)",
                    x => ((char)Convert.ToInt32(x.Groups[1].Value, 16)).ToString());
                cleaner.Send(Wire.Packet("PUBLISH retain topic=" + topic, 4));
            }
        }
        cleaner.Fence();
    }

    private sealed class Peer : IDisposable
    {
        public readonly List<Packet> Packets = new();
        public int Version;
        public int Maximum = int.MaxValue;
        public bool Closed;

        private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly byte[] input = new byte[65536];
        private int count;
        private bool accepted;

        public Peer(int port, int version)
        {
            Version = version;
            socket.NoDelay = true;
            socket.Connect(IPAddress.Loopback, port);
        }

        public void Connect(string id)
        {
            Send(Wire.Packet("CONNECT 4 clean keep=0 id=" + id, 4));
            Assert.IsTrue(Read(PatienceMs) && accepted, "CONNECT of " + id);
            Fence();
        }

        public void Send(byte[] bytes)
        {
            try
            {
                socket.Send(bytes);
            }
            catch (SocketException)
            {
                // Closed meanwhile: Read will tell.
            }
        }

        /// <summary>PINGREQ, and all that comes before its answer.</summary>
        /// <param name="pings">So many others are not answered yet.</param>
        public void Fence(int pings = 0)
        {
            if (!accepted || Closed)
            {
                return;
            }
            Send(Wire.Packet("PINGREQ", Version));
            while (true)
            {
                Assert.IsTrue(Read(PatienceMs), "no PINGRESP");
                if (Closed)
                {
                    return;
                }
                if (Packets[^1].Line == "PINGRESP" && --pings < 0)
                {
                    Packets.RemoveAt(Packets.Count - 1);
                    return;
                }
            }
        }

        /// <summary>One more packet, or the end. False: nothing came in time.</summary>
        public bool Read(int milliseconds)
        {
            var watch = Stopwatch.StartNew();
            while (!Closed)
            {
                if (count > 0)
                {
                    string line = PacketCodec.Decode(input, 0, count, Version);
                    if (line != PacketCodec.Incomplete)
                    {
                        var packet = new Packet(line, input[..PacketCodec.Size]);
                        count -= PacketCodec.Size;
                        Array.Copy(input, PacketCodec.Size, input, 0, count);
                        accepted |= line.StartsWith("CONNACK") && Plain(line).EndsWith("reason=00");
                        Packets.Add(packet);
                        Fits(packet, Maximum);
                        return true;
                    }
                }
                int left = milliseconds - (int)watch.ElapsedMilliseconds;
                if (left <= 0 || !socket.Poll(left * 1000, SelectMode.SelectRead))
                {
                    return false;
                }
                int n = socket.Receive(input, count, input.Length - count, SocketFlags.None, out SocketError error);
                if (n == 0 || error != SocketError.Success)
                {
                    Closed = true;
                    Packets.Add(Packet.Closed);
                    return true;
                }
                count += n;
            }
            return false;
        }

        public void Reset()
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }

        public void Dispose() => socket.Dispose();
    }
}
