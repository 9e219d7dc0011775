using System;
using System.IO;
using Femto.Mqtt;

namespace Femto.Host;

/// <summary>Reads a configuration from a file; what is wrong comes as one line that names the file.</summary>
internal static class ConfigFile
{
    private const int MostBytes = 1 << 20;

    public static Configuration Read(string file, out string wrong)
    {
        byte[] text;
        try
        {
            if (Directory.Exists(file))
            {
                wrong = $"{file} is a directory: name the file within it";
                return null;
            }
            using FileStream stream = File.OpenRead(file);
            text = new byte[MostBytes + 1];
            int length = stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
            if (length > MostBytes)
            {
                wrong = $"{file} is larger than 1 MB: this is no configuration";
                return null;
            }
            Array.Resize(ref text, length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            wrong = $"there is no file {file}";
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            wrong = $"{file} cannot be read: {e.Message}";
            return null;
        }
        var error = new ConfigError();
        Configuration config = Configuration.Parse(text, text.Length, file, error);
        wrong = config == null ? error.Text() : Missing(config);
        return wrong == null ? config : null;
    }

    /// <summary>Certificates that are not there would be found out only when the bridge connects.</summary>
    private static string Missing(Configuration config)
    {
        for (int i = 0; i < config.Bridges.Length; i++)
        {
            BridgeOptions o = config.Bridges[i];
            foreach ((string keyword, string file) in
                new[] { ("bridge_cafile", o.CaFile), ("bridge_certfile", o.CertFile), ("bridge_keyfile", o.KeyFile) })
            {
                if (file != null && !File.Exists(file))
                {
                    return $"{config.File}:{config.BridgeLines[i]}: connection: {keyword}: there is no file {file}";
                }
            }
        }
        return null;
    }
}
