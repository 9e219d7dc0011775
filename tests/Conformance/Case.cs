using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Femto.Conformance;

/// <summary>One step: a verb, who it is about, and the packets as text.</summary>
internal sealed record Step(int Line, string Who, string Verb, string Text);

/// <summary>One case of <c>cases.txt</c> for one version of MQTT, its short forms written out.</summary>
internal sealed class Case
{
    public string Name { get; private init; }
    public int Version { get; private init; }

    /// <summary>Needs a clock that does as it is told: not over sockets.</summary>
    public bool CoreOnly { get; private init; }

    public List<Step> Steps { get; } = new();

    public override string ToString() => $"{Name} {Version}";

    /// <summary>All cases of the table, each once for each version.</summary>
    public static IReadOnlyList<Case> Read(string path)
    {
        var cases = new List<Case>();
        var current = new List<Case>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.StartsWith('='))
            {
                string[] words = line[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                bool both = !words.Contains("4") && !words.Contains("5");
                current = new[] { 4, 5 }.Where(v => both || words.Contains(v.ToString()))
                    .Select(v => new Case { Name = words[0], Version = v, CoreOnly = words.Contains("core") })
                    .ToList();
                cases.AddRange(current);
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                foreach (Case c in current)
                {
                    c.Add(number, line);
                }
            }
        }
        return cases;
    }

    private void Add(int number, string line)
    {
        if (line.StartsWith("4 ") || line.StartsWith("5 "))
        {
            if (line[0] - '0' != Version)
            {
                return;
            }
            line = line[2..];
        }
        string[] words = line.Split(' ', 3);
        string rest = words.Length > 2 ? words[2] : "";
        void Do(string who, string verb, string text = "") => Steps.Add(new Step(number, who, verb, Expand(text)));
        switch (words[0])
        {
            case "ok": // a connected client sends this and stays
                Connect("z", "CONNECT $v clean keep=0 id=z", "CONNACK reason=00");
                Do("z", ">", line[3..]);
                Do("z", "open");
                Do("z", "x");
                return;
            case "bad": // a connected client sends this and is closed with the code
                Connect("z", "CONNECT $v clean keep=0 id=z", "CONNACK reason=00");
                Do("z", ">", rest);
                Do("z", "<", Closing(words[1]));
                return;
            case "take": // a CONNECT that is accepted
                Connect("z", line[5..], "CONNACK reason=00");
                Do("z", "x");
                return;
            case "refuse": // a CONNECT that is refused, with the code of 5.0, and that of 3.1.1 if it has one
                Do("z", ">", rest);
                string[] codes = words[1].Split(',');
                Do("z", "<", Version == 5 ? "CONNACK reason=" + codes[0] + " / CLOSED"
                    : codes.Length > 1 ? "CONNACK reason=" + codes[1] + " / CLOSED" : "CLOSED");
                return;
            case "shut": // sent instead of CONNECT: closed without a word
                Do("z", ">", line[5..]);
                Do("z", "<", "CLOSED");
                return;
            case "wait":
            case "later":
                Do("", words[0], words[1]);
                return;
        }
        if (words[1].StartsWith('!'))
        {
            Do(words[0], "<", Closing(words[1][1..]));
        }
        else if (words[1] == "+")
        {
            Connect(words[0], "CONNECT $v clean keep=0 " + rest, "CONNACK reason=00");
        }
        else if (words[1] == "++")
        {
            Connect(words[0], "CONNECT $v keep=0 $s " + rest, "CONNACK reason=00");
        }
        else if (words[1] == "+++")
        {
            Connect(words[0], "CONNECT $v keep=0 $s " + rest, "CONNACK present reason=00");
        }
        else
        {
            Do(words[0], words[1], rest);
        }

        void Connect(string who, string packet, string answer)
        {
            Do(who, ">", packet);
            Do(who, "first", answer);
        }
    }

    // What a client sees when it is closed with this code: 3.1.1 has no word for it.
    private string Closing(string code) => Version == 5 ? $"DISCONNECT reason={code} / CLOSED" : "CLOSED";

    // $v version, $s a session that lasts, $p empty properties in hexadecimal, %XX a byte, P a packet without length,
    // CONNECTX a CONNECT by its flags and payload.
    private string Expand(string text)
    {
        text = text.Replace("$v", Version.ToString()).Replace("$p", Version == 5 ? "00" : "")
            .Replace("$s ", Version == 5 ? "{session=60} " : "");
        text = Regex.Replace(text, " +", " ").Trim();
        text = Regex.Replace(text, "CONNECTX ([45]) (..) ?([0-9A-F]*)", m => "P 10 00044D5154540" + m.Groups[1].Value
            + m.Groups[2].Value + "0000" + (Version == 5 ? "00" : "") + m.Groups[3].Value);
        text = Regex.Replace(text, "\\bP (..) ?([0-9A-F]*)",
            m => $"HEX {m.Groups[1].Value}{m.Groups[2].Length / 2:X2}{m.Groups[2].Value}");
        return Regex.Replace(text, "%([0-9A-F]{2})", m => ((char)Convert.ToInt32(m.Groups[1].Value, 16)).ToString());
    }
}
