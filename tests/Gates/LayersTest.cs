using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>Gate 4: layers.</summary>
    [TestClass]
    public class LayersTest
    {
        [TestMethod]
        public void LibrariesReferenceDownward()
        {
            Gate.Clean(Repository.LibraryNames
                .SelectMany(n => Layers.Check(n, Uses.Types(Repository.Library(n)))).ToList());
        }

        [TestMethod]
        public void ProjectsReferenceDownward()
        {
            Gate.Clean(Repository.LibraryNames
                .SelectMany(n => Layers.CheckProject(n,
                    File.ReadAllText(Repository.PathOf($"{Repository.FolderOf(n)}/{n}.csproj"))))
                .ToList());
        }

        [TestMethod]
        public void AFileIsAType()
        {
            foreach (string name in Repository.LibraryNames)
            {
                Dictionary<string, string> folders = Layers.FoldersOf(name);
                Gate.Clean(Uses.Types(Repository.Library(name)).Where(t => !t.IsNested && !folders.ContainsKey(t.Name))
                    .Select(t => t.FullName + " is in no file of its name").ToList());
            }
        }

        [TestMethod]
        public void CodecKnowsNoSession()
        {
            Dictionary<string, string> folders = Layers.FoldersOf("Femto.Mqtt");
            TypeDefinition[] types = Uses.Types(Repository.Library("Femto.Mqtt")).ToArray();
            Gate.Clean(Layers.CheckFolders(types, folders, "Codec", "Session"));
        }

        [DataRow("Femto.Mqtt", "Femto.Mqtt.UpwardReference", "Femto.Mqtt uses Femto.Mqtt.Server: Femto.Mqtt.Limits")]
        [DataRow("Femto.Mqtt.Broker", "Femto.Mqtt.ReadsClock", "Femto.Mqtt.Broker uses System.Environment")]
        [DataRow("Femto.Mqtt.Broker", "Femto.Mqtt.MakesThread", "Femto.Mqtt.Broker uses System.Threading.Thread")]
        [DataRow("Femto.Mqtt", "Femto.Mqtt.Inner.Nested", "namespace Femto.Mqtt.Inner")]
        [DataRow("Femto.Mqtt.Other", "Femto.Mqtt.Inner.Nested", "Femto.Mqtt.Other has no place")]
        [TestMethod]
        public void BadSampleIsRefused(string library, string sample, string reason)
        {
            Gate.Refused(Layers.Check(library, Gate.Sample(sample)), reason);
        }

        [TestMethod]
        public void LowerLibraryMayBeUsed()
        {
            Gate.Clean(Layers.Check("Femto.Mqtt.Broker", Gate.Sample("Femto.Mqtt.UpwardReference")));
        }

        [TestMethod]
        public void UpwardProjectReferenceIsRefused()
        {
            const string text = "<ProjectReference Include=\"../Femto.Mqtt.Broker/Femto.Mqtt.Broker.csproj\" />";
            Gate.Refused(Layers.CheckProject("Femto.Mqtt", text), "references the project Femto.Mqtt.Broker");
            Gate.Clean(Layers.CheckProject("Femto.Mqtt.Bridge", text));
        }

        [TestMethod]
        public void FolderIsHeldApart()
        {
            var folders = new Dictionary<string, string> { ["SomeCodec"] = "Codec", ["SomeSession"] = "Session" };
            TypeDefinition[] types = Gate.Sample("Femto.Mqtt.SomeCodec")
                .Concat(Gate.Sample("Femto.Mqtt.SomeSession")).ToArray();
            Gate.Refused(Layers.CheckFolders(types, folders, "Codec", "Session"), "Codec uses Session: Femto.Mqtt.");
            Assert.AreEqual(1, Layers.CheckFolders(types, folders, "Codec", "Session").Count);
            Gate.Refused(Layers.CheckFolders(types, folders, "Session", "Codec"), "Femto.Mqtt.SomeCodec");
        }
    }
}
