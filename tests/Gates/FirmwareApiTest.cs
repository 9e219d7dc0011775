using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>Gate: the board's program uses nothing that the board lacks.</summary>
    [TestClass]
    public class FirmwareApiTest
    {
        private static readonly ModuleDefinition s_program = ModuleDefinition.ReadModule(
            Repository.PathOf("artifacts/gates/bin/Femto.Firmware.Pc/release/Femto.Firmware.dll"));

        private static IEnumerable<string> Lines => File.ReadAllLines(Repository.PathOf("tests/Gates/firmware-api.txt"))
            .Where(l => l.Length > 0 && !l.StartsWith('#'));

        private static FirmwareApi Api(IEnumerable<string> lines) => new(lines, ApiList.Read());

        private static readonly ModuleDefinition s_sleeper = ModuleDefinition.ReadModule(
            Repository.PathOf("artifacts/gates/bin/Femto.SleepSensor.Pc/release/Femto.SleepSensor.dll"));

        [TestMethod]
        public void ProgramsUseOnlyWhatTheBoardHas() =>
            Gate.Clean(Api(Lines).Missing(s_program).Concat(Api(Lines).Missing(s_sleeper)).ToList());

        [TestMethod]
        public void StandInsSayWhatTheBoardSays() =>
            Gate.Clean(Api(Lines).Differing(s_program).Concat(Api(Lines).Differing(s_sleeper)).ToList());

        /// <summary>Who only publishes does not pay for a broker.</summary>
        [TestMethod]
        public void SleeperLoadsNoBroker() =>
            CollectionAssert.IsSubsetOf(
                s_sleeper.AssemblyReferences.Select(a => a.Name).Where(n => n.StartsWith("Femto.")).ToArray(),
                new[] { "Femto.Mqtt", "Femto.Mqtt.Client", "Femto.Mqtt.Net", "Femto.Mqtt.Tcp" });

        [TestMethod]
        public void ListStandsInNanoFrameworksOwnListing()
        {
            string folder = Repository.PathOf("../shared/nanoframework-api");
            if (!Directory.Exists(folder))
            {
                Gate.Note("firmware-api.txt not compared: ../shared/nanoframework-api is not beside the project");
                return;
            }

            HashSet<string> listing = Directory.EnumerateFiles(folder, "*.txt").SelectMany(File.ReadLines)
                .Select(l => l.TrimEnd()).ToHashSet();
            FirmwareApi api = Api(Lines);
            Gate.Note($"firmware-api.txt: {api.Count} members compared with nanoFramework's listing");
            Gate.Clean(api.Unknown(listing));
        }

        [TestMethod]
        public void MemberThatTheBoardLacksIsRefused()
        {
            const string Absent = "M:System.Device.Wifi.WifiAdapter.FindAllAdapters";
            Gate.Refused(Api(Lines.Where(l => !l.StartsWith(Absent))).Missing(s_program), Absent + "  used by ");
        }

        [DataRow("Timeout  = 4", "Timeout  = 5", "and not 'F:System.Device.Wifi.WifiConnectionStatus.Timeout  = 5")]
        [DataRow("ReadValue  : System.Int32", "ReadValue  : System.UInt16", "ReadValue  : System.UInt16")]
        [DataRow("Available  : System.Boolean  static", "Available  : System.Boolean", "GetIsNetworkAvailable")]
        [DataRow("T:System.SpanByte  struct", "T:System.SpanByte  class", "T:System.SpanByte  class")]
        [DataRow("GpioPulseCounter.Start", "GpioPulseCounter.Begin", "Start stands in for nothing")]
        [TestMethod]
        public void StandInThatDiffersIsRefused(string said, string instead, string reason)
        {
            IEnumerable<string> changed = Lines.Select(l => l.Replace(said, instead));
            Gate.Refused(Api(changed).Differing(s_program), reason);
        }

        [TestMethod]
        public void LineThatTheListingLacksIsRefused()
        {
            FirmwareApi api = Api(new[] { "T:A  class", "[from the sources]", "T:B  class" });
            Assert.AreEqual("T:A  class", api.Unknown(new[] { "T:C  class" }).Single());
        }
    }
}
