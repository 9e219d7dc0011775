using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Femto.Mqtt;
using Femto.Mqtt.Unit;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Assert = Microsoft.VisualStudio.TestTools.UnitTesting.Assert;

namespace Femto.Conformance;

/// <summary>A packet that came: as text, and its bytes.</summary>
internal sealed record Packet(string Line, byte[] Bytes)
{
    public static readonly Packet Closed = new("CLOSED", []);
}

/// <summary>Where a case is played: the core in this process, or a program behind a socket.</summary>
internal abstract class Stage
{
    // What a case has found in a packet and given a name.
    private readonly Dictionary<string, string> found = new();

    public void Play(Case c)
    {
        foreach (Step step in c.Steps)
        {
            try
            {
                Do(c, step);
            }
            catch (Exception e)
            {
                throw new AssertFailedException($"{c}, cases.txt:{step.Line}: {step.Who} {step.Verb} {step.Text}\n"
                    + e.Message, e);
            }
        }
        End();
    }

    private void Do(Case c, Step step)
    {
        string text = Regex.Replace(step.Text, "@([a-z]+)", m => found[m.Groups[1].Value]);
        switch (step.Verb)
        {
            case ">": Send(step.Who, text, c.Version, true); break;
            case ">>": Send(step.Who, text, c.Version, false); break;
            case "<": Assert.AreEqual(text, Got(step.Who, text), "got"); break;
            case "first": Assert.AreEqual(text, Plain(First(step.Who).Line), "got first"); break;
            case "?": Find(First(step.Who).Line, text); break;
            case "hex": Find(Convert.ToHexString(First(step.Who).Bytes), text); break;
            case "*": Repeat(c, step.Who, text); break;
            case "-": Assert.AreEqual("", Rest(step.Who), "got"); break;
            case "open": Assert.IsFalse(Rest(step.Who).EndsWith("CLOSED"), "it was closed"); break;
            case "x": Lose(step.Who); break;
            case "wait": Wait(int.Parse(text)); break;
            case "later": Later(int.Parse(text)); break;
            default: throw new AssertFailedException("no such verb");
        }
    }

    // The whole of it, with what CONNACK tells and a reason string says.
    private void Find(string got, string pattern)
    {
        Match match = Regex.Match(got, "^(?:" + pattern + ")$");
        Assert.IsTrue(match.Success, "got: " + got);
        foreach (Group group in match.Groups.Values.Where(g => !char.IsDigit(g.Name[0])))
        {
            found[group.Name] = group.Value;
        }
    }

    // "3 packet => answer": so often, # is the number.
    private void Repeat(Case c, string who, string text)
    {
        string[] words = text.Split(' ', 2);
        string[] sides = words[1].Split(" => ");
        for (int i = 1; i <= int.Parse(words[0]); i++)
        {
            string answer = sides[1].Replace("#", i.ToString());
            Send(who, sides[0].Replace("#", i.ToString()), c.Version, true);
            Assert.AreEqual(answer, Got(who, answer), "got");
        }
    }

    // What a client said in CONNECT that it takes at most.
    protected static int MaximumOf(string text)
    {
        Match match = Regex.Match(text, @"^CONNECT 5 [^{]*\{[^}]*\bmax=(\d+)");
        return match.Success && match.Groups[1].Value != "0" ? int.Parse(match.Groups[1].Value) : int.MaxValue;
    }

    // [MQTT-3.1.2-24] and all that says "beyond the maximum packet size".
    protected static void Fits(Packet packet, int maximum) =>
        Assert.IsLessThanOrEqualTo(maximum, packet.Bytes.Length, packet.Line);

    /// <summary>Sends packets; opens a connection when there is none. Whole: it ends with a packet.</summary>
    protected abstract void Send(string who, string text, int version, bool whole);

    /// <summary>What came, to be compared with this.</summary>
    protected abstract string Got(string who, string expected);

    /// <summary>The first packet that came; the others stay.</summary>
    protected abstract Packet First(string who);

    /// <summary>What came and was not expected.</summary>
    protected abstract string Rest(string who);

    protected abstract void Lose(string who);

    protected abstract void Wait(int milliseconds);

    /// <summary>What is due by then may come.</summary>
    protected abstract void Later(int milliseconds);

    /// <summary>Nobody may have got anything that the case did not look at.</summary>
    protected abstract void End();

    protected static byte[] Bytes(string text, ref int version)
    {
        var bytes = new List<byte>();
        foreach (string line in text.Split(" / "))
        {
            bytes.AddRange(Wire.Packet(line, version));
            if (line.StartsWith("CONNECT "))
            {
                version = Wire.ConnectVersion;
            }
        }
        return bytes.ToArray();
    }

    // What differs between a board and a PC: the limits that CONNACK tells, the words of a reason string.
    protected static string Plain(string line)
    {
        if (line.StartsWith("CONNACK"))
        {
            line = Regex.Replace(line, "(?<=[ {])(receive|aliases|max|keep|client)=[^ }]*[ ]?", "");
            line = Regex.Replace(line, " ?\\{ *\\}$", "");
        }
        return Regex.Replace(line, " \\{reason=.*\\}$", "");
    }
}

/// <summary>The core, fed with bytes.</summary>
internal sealed class CoreStage : Stage
{
    private readonly World world = new();
    private readonly Dictionary<string, int> connections = new();
    private readonly Dictionary<string, int> maxima = new();

    protected override void Send(string who, string text, int version, bool whole)
    {
        if (!connections.TryGetValue(who, out int c))
        {
            c = connections[who] = world.Open(version);
            maxima[who] = MaximumOf(text);
        }
        world.Send(c, text);
    }

    protected override string Got(string who, string expected) => Rest(who);

    protected override Packet First(string who)
    {
        string line = world.First(connections[who]);
        var packet = new Packet(line + (world.Why == "" ? "" : " {reason=" + world.Why + "}"), world.LastPacket);
        Fits(packet, maxima[who]);
        return packet;
    }

    protected override string Rest(string who)
    {
        if (!connections.TryGetValue(who, out int c))
        {
            return "";
        }
        var lines = new List<string>();
        while (world.Waits(c))
        {
            lines.Add(Plain(First(who).Line));
        }
        if (!world.IsOpen(c))
        {
            lines.Add("CLOSED");
            connections.Remove(who);
        }
        world.Forget(c);
        return string.Join(" / ", lines);
    }

    protected override void Lose(string who)
    {
        world.Lose(connections[who]);
        connections.Remove(who);
    }

    protected override void Wait(int milliseconds) => world.Pass(milliseconds);

    protected override void Later(int milliseconds) => world.Pass(milliseconds);

    protected override void End()
    {
        foreach (string who in connections.Keys.ToArray())
        {
            Assert.AreEqual("", Rest(who), "at the end " + who + " got");
        }
        world.End();
    }
}
