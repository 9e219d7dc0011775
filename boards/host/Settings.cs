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
    private readonly Option<string> config = new("--config", "-c")
    {
        Description = "listeners, limits and bridges from a file in the language of mosquitto.conf",
        HelpName = "file",
    };
    private readonly Option<string> checkConfig = new("--check-config")
    {
        Description = "only check such a file",
        HelpName = "file",
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
    private bool limitsGiven, placeGiven;

    /// <summary>Where to listen, when no file says it.</summary>
    public ConfigListener Listener;
    public string LimitsName;
    /// <summary>The file to read; null: none.</summary>
    public string ConfigName;
    public bool CheckOnly, Sensor, Verbose;

    public Settings(Func<Settings, int> run)
    {
        command = new RootCommand("Femto, an MQTT broker for microcontrollers, on this PC.")
        {
            port, bind, limits, config, checkConfig, noSensor, verbose,
        };
        command.SetAction(parsed =>
        {
            Listener = new ConfigListener { Port = parsed.GetValue(port), Bind = parsed.GetValue(bind).ToString() };
            LimitsName = parsed.GetValue(limits);
            limitsGiven = Given(parsed, limits);
            placeGiven = Given(parsed, port) || Given(parsed, bind);
            CheckOnly = Given(parsed, checkConfig);
            ConfigName = CheckOnly ? parsed.GetValue(checkConfig) : parsed.GetValue(config);
            Sensor = ConfigName == null && !parsed.GetValue(noSensor);
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

    /// <summary>What the command line and the file both say; null when they go together.</summary>
    public string Conflict(Configuration file)
    {
        if (placeGiven)
        {
            return $"--port and --bind do not go with {file.File}: a listener line in it says where to listen";
        }
        return limitsGiven && file.Preset != null
            ? $"--limits does not go with {file.File}: it has a limits line already" : null;
    }

    /// <summary>The preset, which the file may name.</summary>
    public Limits NewLimits(Configuration file)
    {
        LimitsName = file?.Preset ?? LimitsName;
        return LimitsName switch
        {
            "tiny" => Limits.Tiny(),
            "esp32" => Limits.Esp32(),
            "esp32-psram" => Limits.Esp32Psram(),
            _ => Limits.Host(),
        };
    }

    private static bool Given(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

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
