using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

// Each class holds one banned construct.
namespace Samples.Banned
{
    public class Good
    {
        private readonly int[] _table = { 1, 2, 3, 4, 5, 6 };

        public int Sum()
        {
            int sum = 0;
            foreach (int value in _table)
            {
                sum += value;
            }

            return sum;
        }
    }

    public class GenericType<T> { public T Value; }

    public class GenericMethod { public void Run<T>(T value) { } }

    public class UsesGeneric { public List<int> Values; }

    public class UsesNullable { public int? Value; }

    public class Lambda { public void Run() => Call(() => { }); private static void Call(Action action) => action(); }

    public class MethodGroup { public Action Run() => Other; private static void Other() { } }

    public class ForeachList
    {
        public int Run(System.Collections.ArrayList list)
        {
            int n = 0;
            foreach (object o in list)
            {
                n++;
            }

            return n;
        }
    }

    public class Yield { public System.Collections.IEnumerable Run() { yield return 1; } }

    public class Async { public async Task Run() => await Task.Delay(1); }

    public class Stackalloc { public unsafe int Run() { byte* p = stackalloc byte[8]; return p[0]; } }

    public class Fixed { public unsafe int Run(byte[] b) { fixed (byte* p = b) { return p[0]; } } }

    public class Pointer { public unsafe int Run(int* p) => *p; }

    public class TwoDimensions { public int[,] Table = new int[2, 2]; }

    public struct Struct { public int A; }

    public class Tuple { public int Run() => Make().Item1; private static (int, int) Make() => (1, 2); }

    public record Record(int A);

    public class Decimal { public decimal Value; }

    public class Checked { public int Run(int a, int b) => checked(a + b); }

    public class CheckedConversion { public byte Run(int a) => checked((byte)a); }

    public class Volatile { private volatile int _a; public int Run() => _a; }

    public interface IDefault { int Run() => 1; }

    public class Linq { public int Run(int[] a) => a.Sum(); }

    public class StringReplace { public string Run(string s) => s.Replace('a', 'b'); }

    public class StringJoin { public string Run(string[] s) => string.Join(",", s); }

    public class BlockCopy { public void Run(byte[] a, byte[] b) => Buffer.BlockCopy(a, 0, b, 0, 1); }

    public class Params { public void Run(params int[] values) { } }
}
