using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Gates
{
    /// <summary>The sensor that sleeps, as a process over stand-ins: one cycle, and its failures.</summary>
    [TestClass]
    public class SleepSensorTest
    {
        private static string Run(string settings)
        {
            string folder = Directory.CreateTempSubdirectory("femto").FullName;
            if (settings != null)
            {
                File.WriteAllText(Path.Combine(folder, @"I:\sleep.conf"), settings);
            }

            var start = new ProcessStartInfo("dotnet",
                Repository.PathOf("artifacts/gates/bin/Femto.SleepSensor.Pc/release/Femto.SleepSensor.dll"))
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
            };
            start.Environment["FEMTO_WIFI"] = "home";
            start.Environment["FEMTO_CHIP"] = "bme280";
            using Process process = Process.Start(start);
            using var watchdog = new System.Threading.Timer(_ => process.Kill(), null, 40000, -1);
            string said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Directory.Delete(folder, recursive: true);
            return said.ReplaceLineEndings("\n");
        }

        [TestMethod]
        public void PublishesIsConfirmedAndSleeps()
        {
            using TcpListener server = new(IPAddress.Loopback, 0);
            server.Start();
            Task<string> heard = Task.Run(() => Serve(server));
            int port = ((IPEndPoint)server.LocalEndpoint).Port;
            string said = Run($"# a comment\nhost 127.0.0.1\nport {port}\n\ndevice hut\nseconds 60\n");
            const string Payload = "{\"t\":2508,\"h\":5657,\"p\":100653}";
            Assert.AreEqual($"woken: published and confirmed: {Payload}\nsleeps 60 s\n", said);
            Assert.AreEqual($"retained femto/hut/sensor/climate {Payload}, DISCONNECT", heard.Result);
        }

        [DataRow(null, "there is no such file")]
        [DataRow("port 1883\n", "there is no host line")]
        [DataRow("host a b\n", "'host a b' is wrong")]
        [DataRow("host a\nseconds 0\n", "'seconds 0' is wrong")]
        [DataRow("host a\nseconds 86401\n", "'seconds 86401' is wrong")]
        [DataRow("host a\nport x\n", "'port x' is wrong")]
        [DataRow("host a\nhosts b\n", "'hosts b' is wrong")]
        [TestMethod]
        public void WrongSettingsAreToldAndItSleeps(string settings, string fault) =>
            Assert.AreEqual($"woken: I:\\sleep.conf: {fault}\nsleeps 300 s\n", Run(settings));

        [TestMethod]
        public void WithoutAServerItSleeps()
        {
            using TcpListener nobody = new(IPAddress.Loopback, 0);
            nobody.Start();
            int port = ((IPEndPoint)nobody.LocalEndpoint).Port;
            nobody.Stop();
            string said = Run($"host 127.0.0.1\nport {port}\nseconds 5\n");
            StringAssert.StartsWith(said, "woken: not connected: ");
            StringAssert.EndsWith(said, "\nsleeps 5 s\n");
        }

        // CONNACK, then PUBACK for the one PUBLISH; what was said.
        private static string Serve(TcpListener server)
        {
            using NetworkStream stream = new(server.AcceptSocket(), ownsSocket: true);
            Read(stream);
            stream.Write(new byte[] { 0x20, 3, 0, 0, 0 });
            byte[] publish = Read(stream);
            int topic = publish[2] << 8 | publish[3];
            int at = 4 + topic;
            stream.Write(new byte[] { 0x40, 2, publish[at], publish[at + 1] });
            at += 3 + publish[at + 2];
            string said = ((publish[0] & 1) != 0 ? "retained " : "") + Encoding.UTF8.GetString(publish, 4, topic) + " "
                + Encoding.UTF8.GetString(publish, at, publish.Length - at);
            return Read(stream)[0] >> 4 == 14 ? said + ", DISCONNECT" : said;
        }

        // A packet of less than 128 bytes.
        private static byte[] Read(NetworkStream stream)
        {
            byte[] head = new byte[2];
            stream.ReadExactly(head);
            byte[] packet = new byte[2 + head[1]];
            head.CopyTo(packet, 0);
            stream.ReadExactly(packet, 2, head[1]);
            return packet;
        }
    }
}
