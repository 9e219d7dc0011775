using System;
using System.Threading;

// Each class breaks one rule of the hot path, in a method that its public one reaches.
namespace Samples.HotPath
{
    public class Good : IWorker
    {
        private readonly byte[] _buffer = new byte[8];
        private readonly object _gate = new object();
        private int _sum;

        public int Run(byte[] data, int offset, int count)
        {
            lock (_gate)
            {
                Array.Copy(data, offset, _buffer, 0, count);
                for (int i = 0; i < count; i++)
                {
                    _sum += _buffer[i];
                }
            }

            return _sum;
        }

        public int Work(DayOfWeek day) => (int)day;
    }

    public interface IWorker
    {
        int Work(DayOfWeek day);
    }

    public class NewObject { public object Run() => Deep(); private static object Deep() => new object(); }

    public class NewArray { public int Run() => Deep(3).Length; private static byte[] Deep(int n) => new byte[n]; }

    public class Box { public object Run(int value) => value; }

    public class StringLiteral { public string Run() => "text"; }

    public class ThrowHelper
    {
        public void Run(int value)
        {
            if (value < 0)
            {
                Fail();
            }
        }

        private static void Fail() => throw new ArgumentException();
    }

    public struct Pair
    {
        public int A;
        public int B;
    }

    public class StructLocal
    {
        public int Run(int value)
        {
            var pair = default(Pair);
            pair.A = value;
            Touch(ref pair);
            return pair.A + pair.B;
        }

        private static void Touch(ref Pair pair) => pair.B = pair.A;
    }

    public class StructParameter { public int Run(Pair pair) => pair.A; }

    public class External { public int Run(byte[] data) => BitConverter.ToInt32(data, 0); }

    public class Closure { public void Run(int value) => Call(() => value); private static int Call(Func<int> f) => 0; }

    public class ThroughInterface
    {
        private readonly IStep _step;

        public ThroughInterface(IStep step) => _step = step;

        public void Run() => _step.Step();
    }

    public interface IStep
    {
        void Step();
    }

    public class BadStep : IStep
    {
        private object _made;

        void IStep.Step() => _made = new object();
    }

    public abstract class Base
    {
        public void Run() => Step();

        protected abstract void Step();
    }

    public class ThroughVirtual : Base
    {
        private object _made;

        protected override void Step() => _made = new int[4];
    }

    public class InheritedStep : StepBase, IStep2
    {
    }

    public class StepBase
    {
        private object _made;

        public virtual void Step2() => _made = new long[1];
    }

    public interface IStep2
    {
        void Step2();
    }

    public class ThroughInheritedInterface
    {
        public void Run(IStep2 step) => step.Step2();
    }
}
