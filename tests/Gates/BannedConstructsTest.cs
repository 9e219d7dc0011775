using System.IO;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Femto.Gates
{
    /// <summary>Gate 3: no construct that nanoFramework lacks or pays for.</summary>
    [TestClass]
    public class BannedConstructsTest
    {
        [TestMethod]
        public void LibrariesHoldNone()
        {
            Gate.Clean(Repository.Libraries().SelectMany(m => BannedConstructs.Check(Uses.Types(m))).ToList());
        }

        [TestMethod]
        public void LibrarySourcesHoldNone()
        {
            Gate.Clean(Repository.Sources("lib").Concat(Repository.Sources("firmware/Femto.App"))
                .SelectMany(f => BannedConstructs.CheckSource(f, File.ReadLines(Repository.PathOf(f)))).ToList());
        }

        [DataRow("GenericType", "generic type")]
        [DataRow("GenericMethod", "generic method")]
        [DataRow("UsesGeneric", "generic type")]
        [DataRow("UsesNullable", "Nullable")]
        [DataRow("Lambda", "lambda or closure")]
        [DataRow("MethodGroup", "delegate created")]
        [DataRow("ForeachList", "foreach over something that is no array")]
        [DataRow("Yield", "yield")]
        [DataRow("Async", "async")]
        [DataRow("Stackalloc", "stackalloc")]
        [DataRow("Fixed", "fixed")]
        [DataRow("Pointer", "pointer")]
        [DataRow("TwoDimensions", "multidimensional array")]
        [DataRow("Struct", "struct")]
        [DataRow("Tuple", "tuple")]
        [DataRow("Record", "record")]
        [DataRow("Decimal", "decimal")]
        [DataRow("Checked", "checked arithmetic")]
        [DataRow("CheckedConversion", "checked arithmetic")]
        [DataRow("Volatile", "volatile")]
        [DataRow("IDefault", "default interface method")]
        [DataRow("Linq", "System.Linq")]
        [DataRow("StringReplace", "string.Replace")]
        [DataRow("StringJoin", "string.Join")]
        [DataRow("BlockCopy", "Buffer.BlockCopy")]
        [DataRow("Params", "params")]
        [TestMethod]
        public void BadSampleIsRefused(string sample, string reason)
        {
            Gate.Refused(BannedConstructs.Check(Gate.Sample("Samples.Banned." + sample)), reason);
        }

        [TestMethod]
        public void GoodSamplePasses()
        {
            Gate.Clean(BannedConstructs.Check(Gate.Sample("Samples.Banned.Good")));
        }

        [DataRow("  #if BOARD", "#if")]
        [DataRow("#elif X", "#if")]
        [DataRow("    case \"on\":", "string switch")]
        [TestMethod]
        public void BadLineIsRefused(string line, string reason)
        {
            Gate.Refused(BannedConstructs.CheckSource("x.cs", new[] { "", line }), "x.cs:2: " + reason);
        }
    }
}
