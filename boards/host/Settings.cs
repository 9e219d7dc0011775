using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Femto.Mqtt;

namespace Femto.Host;

/// <summary>The command line. Each wrong value is told in one line that says what would be right.</summary>
internal sealed class Settings
{
    private static readonly string[] PresetNames = ["tiny", "esp32", "esp32-psram", "host"];

    private readonly Option<int> port = new("--port", "-p")
    {
        Description = "TCP port to listen on; 0 picks a free one and prints it",
        DefaultValueFactory = _ => 1883,
        CustomParser = ParsePort,
        HelpName = "0-65535",
    };
    private readonly Option<IPAddress> bind = new("--bind", "-b")
    {
        Description = "IP address to listen on; 0.0.0.0 or :: for every network",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = ParseAddress,
        HelpName = "address",
    };
    private readonly Option<string> limits = new("--limits", "-l")
    {
        Description = "sizes of all tables: those of a board, or roomy ones for a PC",
        DefaultValueFactory = _ => "host",
        CustomParser = ParsePreset,
        HelpName = string.Join('|', PresetNames),
    };
    private readonly Option<bool> noSensor = new("--no-sensor")
    {
        Description = "do not publish the readings of the simulated sensor",
    };
    private readonly Option<bool> verbose = new("--verbose", "-v")
    {
        Description = "a line for each reading and each TCP connection too",
    };
    private readonly RootCommand command;

    public IPEndPoint Listen;
    public string LimitsName;
    public bool Sensor, Verbose;

    public Settings(Func<Settings, int> run)
    {
        command = new RootCommand("Femto, an MQTT broker for microcontrollers, on this PC.")
        {
            port, bind, limits, noSensor, verbose,
        };
        command.SetAction(parsed =>
        {
            Listen = new IPEndPoint(parsed.GetValue(bind), parsed.GetValue(port));
            LimitsName = parsed.GetValue(limits);
            Sensor = !parsed.GetValue(noSensor);
            Verbose = parsed.GetValue(verbose);
            return run(this);
        });
    }

    /// <summary>
    /// Parses and runs; what is wrong goes to <paramref name="wrong"/> in one line, and the exit code is 2.
    /// </summary>
    public int Invoke(string[] args, Action<string> wrong)
    {
        ParseResult parsed = command.Parse(args);
        string fault = null;
        if (parsed.UnmatchedTokens.Count > 0)
        {
            fault = $"unknown option '{parsed.UnmatchedTokens[0]}': --help lists those there are";
        }
        else if (parsed.Errors.Count > 0)
        {
            fault = parsed.Errors[0].Message;
            if (!fault.StartsWith("--", StringComparison.Ordinal))
            {
                fault = fault.TrimEnd('.') + ": --help shows how options are written";
            }
        }
        if (fault == null || parsed.Action is HelpAction)
        {
            return parsed.Invoke();
        }
        wrong(fault);
        return 2;
    }

    public Limits NewLimits() => LimitsName switch
    {
        "tiny" => Limits.Tiny(),
        "esp32" => Limits.Esp32(),
        "esp32-psram" => Limits.Esp32Psram(),
        _ => Limits.Host(),
    };

    private static int ParsePort(ArgumentResult result)
    {
        string text = Only(result);
        if (text != null && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            || value > 65535))
        {
            result.AddError($"--port {text} is no port: give a number from 0 to 65535 (0 picks a free port)");
            return 0;
        }
        return text == null ? 0 : int.Parse(text, CultureInfo.InvariantCulture);
    }

    private static IPAddress ParseAddress(ArgumentResult result)
    {
        string text = Only(result);
        if (text == "localhost")
        {
            return IPAddress.Loopback;
        }
        if (text != null && IPAddress.TryParse(text, out IPAddress address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.Split('.').Length == 4))
        {
            return address;
        }
        if (text != null)
        {
            result.AddError($"--bind {text} is no IP address: give one like 127.0.0.1, or 0.0.0.0 for every network");
        }
        return null;
    }

    private static string ParsePreset(ArgumentResult result)
    {
        string text = Only(result);
        if (text != null && Array.IndexOf(PresetNames, text) < 0)
        {
            result.AddError($"--limits {text} is unknown: choose one of {string.Join(", ", PresetNames)}");
        }
        return text;
    }

    /// <summary>The one value given; null with an error added when there is none or more.</summary>
    private static string Only(ArgumentResult result)
    {
        if (result.Tokens.Count == 1)
        {
            return result.Tokens[0].Value;
        }
        result.AddError("one value was expected");
        return null;
    }
}
