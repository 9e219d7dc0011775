using System;
using System.Diagnostics;
using System.IO;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Client.Test;

/// <summary>A certification authority of the tests' own and what it signed, made by openssl once a run.</summary>
internal static class Certificates
{
    private static readonly Lazy<string> folder = new(Make);

    /// <summary>The authority, and another that signed nothing here.</summary>
    public static string Ca => In("ca.crt");
    public static string OtherCa => In("other.crt");

    public static string In(string file) => Path.Combine(folder.Value, file);

    private static string Make()
    {
        string path = Directory.CreateTempSubdirectory("femto-client-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(path, true);
        foreach (string authority in new[] { "ca", "other" })
        {
            Run(path, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                "2", "-subj", "/CN=Femto test " + authority, "-keyout", authority + ".key", "-out", authority + ".crt");
        }
        Sign(path, "server", "ca", "DNS:localhost,IP:127.0.0.1", 2);
        Sign(path, "elsewhere", "ca", "DNS:elsewhere.example", 2);
        Sign(path, "expired", "ca", "DNS:localhost,IP:127.0.0.1", -1);
        Sign(path, "client", "ca", "DNS:client", 2);
        Sign(path, "stranger", "other", "DNS:client", 2);
        return path;
    }

    private static void Sign(string path, string name, string authority, string names, int days)
    {
        File.WriteAllText(Path.Combine(path, name + ".ext"), "subjectAltName=" + names);
        Run(path, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=" + name,
            "-keyout", name + ".key", "-out", name + ".csr");
        Run(path, "x509", "-req", "-in", name + ".csr", "-CA", authority + ".crt", "-CAkey", authority + ".key",
            "-CAcreateserial", "-days", days.ToString(), "-extfile", name + ".ext", "-out", name + ".crt");
    }

    private static void Run(string path, params string[] arguments)
    {
        using Process openssl = Process.Start(new ProcessStartInfo("openssl", arguments)
        {
            WorkingDirectory = path,
            RedirectStandardError = true,
        });
        string said = openssl.StandardError.ReadToEnd();
        openssl.WaitForExit();
        Assert.AreEqual(0, openssl.ExitCode, $"openssl {string.Join(' ', arguments)}: {said}");
    }
}
