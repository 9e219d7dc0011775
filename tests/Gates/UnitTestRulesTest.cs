using System;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Board = nanoFramework.TestFramework;

namespace Femto.Gates
{
    /// <summary>Unit tests behave on the PC as on the board.</summary>
    [TestClass]
    public class UnitTestRulesTest
    {
        [TestMethod]
        public void UnitTestsKeepTheRules()
        {
            Gate.Clean(Repository.UnitTests().SelectMany(m => UnitTestRules.Check(Uses.Types(m))).ToList());
        }

        [DataRow("InstanceField", "instance field _n")]
        [DataRow("StaticMethod", "static test method")]
        [DataRow("RowAlone", "DataRow without TestMethod")]
        [DataRow("RowOfBytes", "DataRow with an array")]
        [DataRow("RowConverted", "DataRow gives Int32 for Byte a")]
        [DataRow("RowTooShort", "DataRow of 1 for 2 parameters")]
        [DataRow("NoRow", "parameters without DataRow")]
        [DataRow("UsesThis", "use of this")]
        [DataRow("Returns", "no public void method")]
        [DataRow("NotPublic", "no plain public class")]
        [DataRow("Derived", "base class")]
        [DataRow("NoTestClass", "no TestClass")]
        [TestMethod]
        public void BadSampleIsRefused(string sample, string reason)
        {
            Gate.Refused(UnitTestRules.Check(Gate.Sample("Samples.Unit." + sample)), reason);
        }

        [TestMethod]
        public void GoodSamplePasses()
        {
            Gate.Clean(UnitTestRules.Check(Gate.Sample("Samples.Unit.Good")));
        }

        [TestMethod]
        public void SetupAndCleanupRunOncePerClass()
        {
            First.Log = "";
            Board.ClassFixture.Enter(typeof(First));
            Board.ClassFixture.Enter(typeof(First));
            Assert.AreEqual("setup ", First.Log);
            Board.ClassFixture.Enter(typeof(Second));
            Assert.AreEqual("setup cleanup ", First.Log);
            Board.ClassFixture.Leave();
            Board.ClassFixture.Leave();
            Assert.AreEqual("setup cleanup ", First.Log);
        }

        [TestMethod]
        public void FailedSetupFailsEveryTestOfTheClass()
        {
            Assert.ThrowsExactly<InvalidOperationException>(() => Board.ClassFixture.Enter(typeof(FailingSetup)));
            Assert.ThrowsExactly<InvalidOperationException>(() => Board.ClassFixture.Enter(typeof(FailingSetup)));
            Board.ClassFixture.Leave();
        }

        /// <summary>Driven by the test above, not by the runner.</summary>
        public class First
        {
            public static string Log = "";

            [Board.Setup]
            public void Begin() => Log += "setup ";

            [Board.Cleanup]
            public void End() => Log += "cleanup ";
        }

        /// <summary>Has neither Setup nor Cleanup.</summary>
        public class Second
        {
        }

        /// <summary>Its Setup throws.</summary>
        public class FailingSetup
        {
            [Board.Setup]
            public void Begin() => throw new NotSupportedException();
        }
    }
}
