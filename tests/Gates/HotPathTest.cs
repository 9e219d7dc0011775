using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;

namespace Femto.Gates
{
    /// <summary>Gate 2: nothing on a message's path allocates.</summary>
    [TestClass]
    public class HotPathTest
    {
        private static readonly string[] s_harmless = Repository.List("hot-path-api.txt");
        private static readonly string[] s_boot = Repository.List("boot.txt");
        private static readonly string[] s_once = Repository.List("connection.txt");

        [TestMethod]
        public void NoPublicMethodReachesAnAllocation()
        {
            TypeDefinition[] types = Repository.Libraries().SelectMany(m => m.GetTypes()).ToArray();
            var path = new HotPath(types, s_harmless, ApiList.Read(), s_once);
            List<MethodDefinition> roots = HotPath.Roots(types, s_boot).ToList();
            List<string> findings = path.Check(roots);
            Gate.Note($"hot path: {roots.Count} public methods reach {path.Reached} methods");
            Gate.Clean(findings);
        }

        [TestMethod]
        public void BootListNamesWhatIsThere()
        {
            HashSet<string> there = Repository.Libraries().SelectMany(m => m.GetTypes())
                .SelectMany(t => t.Methods.Select(m => DocId.Of((MethodReference)m)).Append(DocId.Of(t))).ToHashSet();
            Gate.Clean(s_boot.Concat(s_once).Where(id => !there.Contains(id))
                .Select(id => "boot.txt or connection.txt names " + id).ToList());
        }

        [TestMethod]
        public void HarmlessMembersStandInTheApiList()
        {
            ApiList api = ApiList.Read();
            Gate.Clean(s_harmless.Where(id => !api.Library.Contains(id)).ToList());
        }

        [DataRow("NewObject", "newobj System.Object  in Samples.HotPath.NewObject.Run\n        -> Samples.HotPath.N")]
        [DataRow("NewArray", "newarr System.Byte")]
        [DataRow("Box", "box System.Int32")]
        [DataRow("StringLiteral", "ldstr text")]
        [DataRow("ThrowHelper", "newobj System.ArgumentException")]
        [DataRow("ThrowHelper", "throw")]
        [DataRow("StructLocal", "struct local of type Samples.HotPath.Pair")]
        [DataRow("StructLocal", "struct parameter pair")]
        [DataRow("StructParameter", "struct parameter pair")]
        [DataRow("External", "calls M:System.BitConverter.ToInt32(System.Byte[],System.Int32)")]
        [DataRow("Closure", "newobj Samples.HotPath.Closure/<>c__DisplayClass")]
        [DataRow("ThroughInterface", "newobj System.Object  in Samples.HotPath.ThroughInterface.Run")]
        [DataRow("Base", "newarr System.Int32  in Samples.HotPath.Base.Run")]
        [DataRow("ThroughInheritedInterface", "newarr System.Int64")]
        [TestMethod]
        public void BadSampleIsRefused(string sample, string reason)
        {
            Gate.Refused(CheckSample(sample), reason);
        }

        [TestMethod]
        public void GoodSamplePasses()
        {
            Gate.Clean(CheckSample("Good"));
        }

        [TestMethod]
        public void BootMethodIsNoRoot()
        {
            TypeDefinition[] types = Gate.Sample("Samples.HotPath.NewObject");
            Assert.AreEqual(1, HotPath.Roots(types, new string[0]).Count());
            Assert.AreEqual(0, HotPath.Roots(types, new[] { "M:Samples.HotPath.NewObject.Run" }).Count());
            Assert.AreEqual(0, HotPath.Roots(types, new[] { "T:Samples.HotPath.NewObject" }).Count());
        }

        private static List<string> CheckSample(string sample)
        {
            var path = new HotPath(Repository.Samples().GetTypes(), s_harmless, ApiList.Read());
            return path.Check(HotPath.Roots(Gate.Sample("Samples.HotPath." + sample), new string[0]));
        }
    }
}
