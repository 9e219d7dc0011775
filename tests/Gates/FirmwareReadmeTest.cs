using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Gates
{
    /// <summary>
    /// firmware/README.md shows what the board says: the program runs over stand-ins as the comment before each block
    /// has it, and says each of its lines, figures apart. What it lists as faults stands in the sources.
    /// </summary>
    [TestClass]
    public class FirmwareReadmeTest
    {
        private static readonly string s_readme = File.ReadAllText(Repository.PathOf("firmware/README.md"));

        private static string Block(string comment) =>
            Regex.Match(s_readme, $@"<!-- {comment} -->\n```\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

        private static string Masked(string line) => Regex.Replace(line, @"[0-9]+", "#");

        [TestMethod]
        public void BoardSaysWhatTheReadmeShows()
        {
            MatchCollection runs = Regex.Matches(s_readme, @"(?s)<!-- run:(.*?)-->\n```\n(.*?)```");
            Assert.HasCount(4, runs);
            foreach (Match run in runs)
            {
                string[] shown = run.Groups[2].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
                Assert.AreNotEqual(0, shown.Length);
                List<string> missing = Run(run.Groups[1].Value.Trim().Split(' '), shown.Select(Masked).ToArray());
                Gate.Clean(missing);
            }
        }

        // Runs the program until it has said all lines, half a minute at most; returns those that it has not.
        private static List<string> Run(string[] words, string[] wanted)
        {
            string folder = Directory.CreateTempSubdirectory("femto").FullName;
            using TcpListener cloud = new(IPAddress.Loopback, 0);
            cloud.Start();
            if (words.Contains("configured"))
            {
                string text = Block("configuration").Replace("listener 1883", $"listener {FreePort()} 127.0.0.1");
                if (words.Contains("bridged"))
                {
                    text += Regex.Replace(Block("bridge"), @"address \S+", "address " + cloud.LocalEndpoint);
                }

                File.WriteAllText(Path.Combine(folder, BootPlan.File), text);
            }

            var start = new ProcessStartInfo("dotnet",
                Repository.PathOf("artifacts/gates/bin/Femto.Firmware.Pc/release/Femto.Firmware.dll"))
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
            };
            foreach (string[] pair in words.Where(w => w.Contains('=')).Select(w => w.Split('=')))
            {
                start.Environment[pair[0]] = pair[1];
            }

            var left = wanted.ToList();
            using Process process = Process.Start(start);
            using var watchdog = new System.Threading.Timer(_ => process.Kill(), null, 30000, -1);
            cloud.AcceptSocketAsync().ContinueWith(s => Welcome(s.Result));
            string line;
            while (left.Count > 0 && (line = process.StandardOutput.ReadLine()) != null)
            {
                left.Remove(Masked(line));
            }

            process.Kill();
            process.WaitForExit();
            Directory.Delete(folder, recursive: true);
            return left;
        }

        // The cloud, as far as its CONNACK.
        private static void Welcome(Socket socket)
        {
            byte[] buffer = new byte[1024];
            int count = socket.Receive(buffer);
            int at = Array.IndexOf(buffer, (byte)'M') + 4;
            bool five = count > 0 && buffer[at] == 5;
            socket.Send(five ? new byte[] { 0x20, 3, 0, 0, 0 } : new byte[] { 0x20, 2, 0, 0 });
        }

        private static int FreePort()
        {
            using TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        /// <summary>The words of each fault that the reader may meet are the program's own.</summary>
        [TestMethod]
        public void FaultsAreTheProgramsWords()
        {
            string sources = string.Concat(Repository.Sources("firmware").Concat(Repository.Sources("boards"))
                .Select(f => File.ReadAllText(Repository.PathOf(f))));
            sources = Regex.Replace(sources, @"""\s*\+\s*""", "").Replace("\\\\", "\\");
            sources += File.ReadAllText(Repository.PathOf("boards/flash.json"));
            string[] cells = Regex.Matches(s_readme, @"(?m)^\| `([^`]+)`").Select(m => m.Groups[1].Value).ToArray();
            Assert.IsGreaterThan(12, cells.Length);
            var findings = new List<string>();
            foreach (string cell in cells)
            {
                const string Apart =
                    @"\.\.\.|I:\\femto\.conf:\d+: |cloud|NAME|FAILED: |0x87|fault: |, reason|joined: ";
                IEnumerable<string> parts = Regex.Split(cell, Apart).Select(p => p.Trim(':', ' ', '\''))
                    .Where(p => p.Length > 4);
                findings.AddRange(parts.Where(p => !sources.Contains(p)).Select(p => $"'{p}' of '{cell}'"));
            }

            Gate.Clean(findings);
        }
    }
}
