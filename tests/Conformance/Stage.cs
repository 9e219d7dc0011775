using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Femto.Mqtt;
using Femto.Mqtt.Unit;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Assert = Microsoft.VisualStudio.TestTools.UnitTesting.Assert;

namespace Femto.Conformance;

/// <summary>Where a case is played: the core in this process, or a program behind a socket.</summary>
internal abstract class Stage
{
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
        switch (step.Verb)
        {
            case ">": Send(step.Who, step.Text, c.Version, true); break;
            case ">>": Send(step.Who, step.Text, c.Version, false); break;
            case "<": Assert.AreEqual(step.Text, Got(step.Who, step.Text), "got"); break;
            case "first": Assert.AreEqual(step.Text, First(step.Who), "got first"); break;
            case "-": Assert.AreEqual("", Rest(step.Who), "got"); break;
            case "open": Assert.IsFalse(Rest(step.Who).EndsWith("CLOSED"), "it was closed"); break;
            case "x": Lose(step.Who); break;
            case "wait": Wait(int.Parse(step.Text)); break;
            default: throw new AssertFailedException("no such verb");
        }
    }

    /// <summary>Sends packets; opens a connection when there is none. Whole: it ends with a packet.</summary>
    protected abstract void Send(string who, string text, int version, bool whole);

    /// <summary>What came, to be compared with this.</summary>
    protected abstract string Got(string who, string expected);

    /// <summary>The first packet that came; the others stay.</summary>
    protected abstract string First(string who);

    /// <summary>What came and was not expected.</summary>
    protected abstract string Rest(string who);

    protected abstract void Lose(string who);

    protected abstract void Wait(int milliseconds);

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

    protected override void Send(string who, string text, int version, bool whole)
    {
        if (!connections.TryGetValue(who, out int c))
        {
            c = connections[who] = world.Open(version);
        }
        world.Send(c, text);
    }

    protected override string Got(string who, string expected) => Rest(who);

    protected override string First(string who) => Plain(world.First(connections[who]));

    protected override string Rest(string who)
    {
        if (!connections.TryGetValue(who, out int c))
        {
            return "";
        }
        var lines = new List<string>();
        while (world.Waits(c))
        {
            lines.Add(Plain(world.First(c)));
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

    protected override void End()
    {
        foreach (string who in connections.Keys.ToArray())
        {
            Assert.AreEqual("", Rest(who), "at the end " + who + " got");
        }
        world.End();
    }
}
