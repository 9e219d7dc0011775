using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Femto.Mqtt;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>Gate: each folder of boards/ is complete, says what its class says, and its sums are right.</summary>
    [TestClass]
    public class BoardsTest
    {
        private static readonly string[] s_libraries =
        {
            "Femto.Mqtt", "Femto.Mqtt.Server", "Femto.Mqtt.Broker", "Femto.Mqtt.Client", "Femto.Mqtt.Bridge",
            "Femto.Mqtt.Config", "Femto.Mqtt.Net", "Femto.Mqtt.Net.Server", "Femto.Mqtt.Tcp", "Femto.App",
            "Femto.Board", "Femto.Mqtt.Store", "Femto.Mqtt.Persistence",
        };

        private static string[] Folders => Directory.GetDirectories(Repository.PathOf("boards"))
            .Where(d => File.Exists(Path.Combine(d, "board.json")) || !Directory.EnumerateFiles(d, "*.csproj").Any())
            .Select(Path.GetFileName).OrderBy(n => n, StringComparer.Ordinal).ToArray();

        public static IEnumerable<object[]> Boards => Folders.Where(f => f != "host").Select(f => new object[] { f });

        private static BoardProfile[] Profiles() => (BoardProfile[])Assembly.LoadFrom(
            Repository.PathOf("artifacts/gates/bin/Femto.Firmware.Pc/release/Femto.Firmware.dll"))
            .GetType("Femto.Boards.BoardList").GetMethod("All").Invoke(null, null);

        private static BoardProfile Profile(string name) => Profiles().Single(p => p.Name == name);

        private static JsonElement Data(string board) =>
            JsonDocument.Parse(File.ReadAllText(Repository.PathOf($"boards/{board}/board.json"))).RootElement;

        private static string Readme(string board) =>
            File.ReadAllText(Repository.PathOf($"boards/{board}/README.md"));

        [TestMethod]
        public void EveryFolderIsABoardAndEveryBoardHasAFolder()
        {
            CollectionAssert.AreEqual(Folders, Profiles().Select(p => p.Name).Append("host")
                .OrderBy(n => n, StringComparer.Ordinal).ToArray());
            string overview = File.ReadAllText(Repository.PathOf("boards/README.md"));
            foreach (string folder in Folders)
            {
                Assert.AreEqual(folder, Data(folder).GetProperty("name").GetString());
                Assert.AreNotEqual("", Data(folder).GetProperty("title").GetString());
                Assert.IsTrue(File.Exists(Repository.PathOf($"boards/{folder}/README.md")), folder);
                StringAssert.Contains(overview, $"({folder})");
            }
        }

        [DynamicData(nameof(Boards))]
        [TestMethod]
        public void DataAndClassSayTheSame(string board)
        {
            BoardProfile profile = Profile(board);
            JsonElement data = Data(board);
            Assert.AreEqual(profile.Target, data.GetProperty("target").GetString());
            CollectionAssert.AreEqual(profile.OtherTarget == null ? [] : new[] { profile.OtherTarget },
                data.GetProperty("otherTargets").EnumerateArray().Select(t => t.GetString()).ToArray());
            Assert.AreEqual(profile.Ethernet ? "ethernet" : "wifi", data.GetProperty("network").GetString());
            Assert.AreEqual(profile.Sockets, data.GetProperty("sockets").GetInt32());
            JsonElement pins = data.GetProperty("pins");
            Assert.AreEqual(profile.DataPin, pins.GetProperty("i2cData").GetInt32());
            Assert.AreEqual(profile.ClockPin, pins.GetProperty("i2cClock").GetInt32());
            CollectionAssert.AreEqual(profile.AdcPins,
                pins.GetProperty("adc").EnumerateArray().SelectMany(p => p.EnumerateArray()).Select(n => n.GetInt32())
                    .ToArray());
            CollectionAssert.AreEqual(profile.CountPins,
                pins.GetProperty("count").EnumerateArray().Select(n => n.GetInt32()).ToArray());
            int[] used = profile.AdcPins.Where((p, i) => i % 2 == 0).Concat(profile.CountPins)
                .Append(profile.DataPin).Append(profile.ClockPin).ToArray();
            Assert.HasCount(used.Length, used.Distinct(), "a pin twice");
        }

        [DynamicData(nameof(Boards))]
        [TestMethod]
        public void FlashHoldsItsParts(string board)
        {
            JsonElement flash = Data(board).GetProperty("flash");
            long at = 0x10000;
            foreach (string part in new[] { "firmware", "app", "files" })
            {
                JsonElement p = flash.GetProperty(part);
                long begin = Convert.ToInt64(p.GetProperty("at").GetString(), 16);
                Assert.IsGreaterThanOrEqualTo(at, begin, part);
                at = begin + p.GetProperty("kB").GetInt32() * 1024L;
            }
            Assert.IsLessThanOrEqualTo(flash.GetProperty("kB").GetInt32() * 1024L, at);
            int code = Code();
            Assert.IsLessThan(flash.GetProperty("app").GetProperty("kB").GetInt32() * 1024L, 2L * code);
        }

        /// <summary>One listener, one bridge, the default app.</summary>
        [DynamicData(nameof(Boards))]
        [TestMethod]
        public void RamFitsAsItSays(string board)
        {
            BoardProfile profile = Profile(board);
            Limits limits = profile.NewLimits();
            Assert.IsNull(BrokerMemory.Check(limits));
            Assert.IsNull(BootMemory.SocketFault(profile, limits, 1, 1));
            JsonElement ram = Data(board).GetProperty("ram");
            int Of(string part) => ram.GetProperty(part).GetInt32();
            var memory = new BootMemory(limits, 1, profile.ReadBytes, Bridge(limits), Of("app"), 0);
            // A field more in a library is no news for every board's page.
            Assert.AreEqual(memory.Broker, Of("broker"), memory.Broker / 50.0, "broker");
            Assert.AreEqual(memory.Server, Of("server"), memory.Server / 50.0, "server");
            Assert.AreEqual(memory.Bridges, Of("bridge"), memory.Bridges / 50.0, "bridge");
            Assert.AreEqual(BootMemory.FirmwareBytes, Of("firmware"), "firmware");
            Assert.IsGreaterThanOrEqualTo(Code() * 90 / 1024, Of("code"), "code");
            string[] parts = { "classes", "code", "broker", "server", "bridge", "app", "firmware" };
            Assert.AreEqual(Of("heap") - parts.Sum(Of), Of("left"), "left");
            Assert.IsGreaterThan(0, Of("left"));
            string readme = Readme(board);
            foreach (string part in parts.Append("heap").Append("left"))
            {
                StringAssert.Contains(readme, Of(part).ToString("N0", CultureInfo.InvariantCulture));
            }
        }

        [DynamicData(nameof(Boards))]
        [TestMethod]
        public void ReadmeSaysWhatAReaderNeeds(string board)
        {
            string readme = Readme(board);
            JsonElement data = Data(board);
            foreach (string heading in new[] { "## Wiring", "## Flash", "## RAM", "## Tried" })
            {
                StringAssert.Contains(readme, heading);
            }
            StringAssert.Contains(readme, data.GetProperty("target").GetString());
            StringAssert.Contains(readme, $"-Board {board}");
            BoardProfile profile = Profile(board);
            foreach (int pin in profile.CountPins.Append(profile.DataPin).Append(profile.ClockPin)
                .Concat(profile.AdcPins.Where((p, i) => i % 2 == 0)))
            {
                Assert.IsTrue(Regex.IsMatch(readme, $@"\b{pin}\b"), "pin " + pin);
            }
            string tried = string.Join(", ", data.GetProperty("tried").EnumerateArray().Select(t => t.GetString()));
            StringAssert.Contains(readme, tried.Length == 0 ? "Nothing yet" : tried);
        }

        // A bridge as most sites have one.
        private static int Bridge(Limits limits)
        {
            byte[] text = "connection up\naddress 10.0.0.1\ntopic # out 1\ntopic cmd/# in 1\n"u8.ToArray();
            Configuration config = Configuration.Parse(text, text.Length, "f", new ConfigError());
            return new Bridge(new Broker(limits, 1), config.Bridges[0], new BoardTransport(), null, 1).RamBytes;
        }

        private static int Code()
        {
            ModuleDefinition program = ModuleDefinition.ReadModule(
                Repository.PathOf("artifacts/gates/bin/Femto.Firmware.Pc/release/Femto.Firmware.dll"));
            return s_libraries.Sum(l => PeSize.Estimate(Repository.Library(l))) + PeSize.Estimate(program);
        }
    }
}
