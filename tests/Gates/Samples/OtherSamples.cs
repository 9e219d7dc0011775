using System;
using System.Text;
using Femto.Mqtt;
using nanoFramework.TestFramework;

namespace Samples.Api
{
    public class Good { public int Run(byte[] a) { Array.Clear(a, 0, a.Length); return a.Length; } }

    public class Lock
    {
        private readonly object _gate = new object();
        private int _n;

        public void Run() { lock (_gate) { _n++; } }
    }

    public class MethodAbsent { public int Run(int a, int b) => Math.Max(a, b); }

    public class OverloadAbsent { public void Run(byte[] a) => Array.Clear(a); }

    public class PropertyAbsent { public bool Run(string s) => Environment.HasShutdownStarted; }

    public class TypeAbsent { private Version _version; }

    public class BaseAbsent : MarshalByRefObject { }

    public class CaughtAbsent { public void Run() { try { GC.KeepAlive(this); } catch (OverflowException) { } } }

    public class AttributeAbsent { [ThreadStatic] private static int s_n; }
}

namespace Femto.Mqtt.Inner
{
    /// <summary>Public in a namespace of its own.</summary>
    public class Nested { }
}

namespace Femto.Mqtt
{
    public class UpwardReference { public Limits Limits; }

    /// <summary>Stands for a codec type that knows a session.</summary>
    public class SomeCodec { public int Run() => SomeSession.Count; }

    /// <summary>Stands for a session type that knows the codec, as it may.</summary>
    public class SomeSession { public static int Count; public SomeCodec Codec; }

    /// <summary>Reads a clock.</summary>
    public class ReadsClock { public int Run() => Environment.TickCount; }

    /// <summary>Makes a thread.</summary>
    public class MakesThread { public object Run() => System.Threading.Thread.CurrentThread; }
}

namespace Samples.Unit
{
    [TestClass]
    public class Good
    {
        private static int s_n;

        [Setup] public void Begin() { s_n = 1; }
        [TestMethod] public void Plain() { Assert.AreEqual(1, s_n); }
        [DataRow(1, "a")] [DataRow(2, "b")] [TestMethod] public void Rows(int a, string b) { Assert.IsTrue(a > 0); }
        [Cleanup] public void End() { s_n = 0; }
    }

    [TestClass] public class InstanceField { private int _n; [TestMethod] public void Run() { } }

    [TestClass] public class StaticMethod { [TestMethod] public static void Run() { } }

    [TestClass] public class RowAlone { [DataRow(1)] public void Run(int a) { } }

    [TestClass] public class RowOfBytes { [DataRow(new byte[] { 1 })] [TestMethod] public void Run(byte[] a) { } }

    [TestClass] public class RowConverted { [DataRow(1)] [TestMethod] public void Run(byte a) { } }

    [TestClass] public class RowTooShort { [DataRow(1)] [TestMethod] public void Run(int a, int b) { } }

    [TestClass] public class NoRow { [TestMethod] public void Run(int a) { } }

    [TestClass] public class UsesThis { [TestMethod] public void Run() { Help(); } private void Help() { } }

    [TestClass] public class Returns { [TestMethod] public int Run() => 1; }

    [TestClass] internal class NotPublic { [TestMethod] public void Run() { } }

    [TestClass] public class Derived : Exception { [TestMethod] public void Run() { } }

    public class NoTestClass { [TestMethod] public void Run() { } }
}
