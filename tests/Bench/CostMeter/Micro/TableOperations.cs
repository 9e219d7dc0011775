namespace Femto.Micro
{
    /// <summary>
    /// The operations of the cost table, each in a loop. What they cost over the empty loop is compared with what was
    /// measured on the board's interpreter.
    /// </summary>
    public sealed class TableOperations
    {
        private static int StaticValue;

        private int _value;
        private readonly byte[] _bytes = new byte[16];
        private readonly TableOperations _other;
        private readonly IStep _step;
        private readonly object _lock = new object();

        public TableOperations(TableOperations other, IStep step)
        {
            _other = other;
            _step = step;
        }

        public int Value
        {
            get { return _value; }
        }

        public void Loop(int n)
        {
            for (int i = 0; i < n; i++)
            {
            }
        }

        public int Add(int n, int y)
        {
            int x = 0;
            for (int i = 0; i < n; i++)
            {
                x = x + y;
            }

            return x;
        }

        public int ByteRead(int n, int at)
        {
            byte[] bytes = _bytes;
            int x = 0;
            for (int i = 0; i < n; i++)
            {
                x = bytes[at];
            }

            return x;
        }

        public void ByteWrite(int n, int at, byte x)
        {
            byte[] bytes = _bytes;
            for (int i = 0; i < n; i++)
            {
                bytes[at] = x;
            }
        }

        public int FieldRead(int n)
        {
            int x = 0;
            for (int i = 0; i < n; i++)
            {
                x = _value;
            }

            return x;
        }

        public void FieldWrite(int n, int x)
        {
            for (int i = 0; i < n; i++)
            {
                _value = x;
            }
        }

        public int StaticRead(int n)
        {
            int x = 0;
            for (int i = 0; i < n; i++)
            {
                x = StaticValue;
            }

            return x;
        }

        public void StaticWrite(int n, int x)
        {
            for (int i = 0; i < n; i++)
            {
                StaticValue = x;
            }
        }

        public void StaticCall(int n)
        {
            for (int i = 0; i < n; i++)
            {
                Nothing();
            }
        }

        public int StaticCallOf1(int n)
        {
            int x = 0;
            for (int i = 0; i < n; i++)
            {
                x = Same(x);
            }

            return x;
        }

        public int StaticCallOf4(int n)
        {
            int x = 0;
            for (int i = 0; i < n; i++)
            {
                x = First(x, i, n, x);
            }

            return x;
        }

        public int InstanceCall(int n)
        {
            TableOperations other = _other;
            int x = 0;
            for (int i = 0; i < n; i++)
            {
                x = other.Own(x);
            }

            return x;
        }

        public int PropertyGet(int n)
        {
            TableOperations other = _other;
            int x = 0;
            for (int i = 0; i < n; i++)
            {
                x = other.Value;
            }

            return x;
        }

        public int InterfaceCall(int n)
        {
            IStep step = _step;
            int x = 0;
            for (int i = 0; i < n; i++)
            {
                x = step.Step(x);
            }

            return x;
        }

        public void TryFinally(int n)
        {
            int x = 0;
            for (int i = 0; i < n; i++)
            {
                try
                {
                    x = i;
                }
                finally
                {
                    _value = x;
                }
            }
        }

        public void Lock(int n)
        {
            for (int i = 0; i < n; i++)
            {
                lock (_lock)
                {
                }
            }
        }

        public void ArrayCopy(int n, byte[] from, byte[] to, int count)
        {
            for (int i = 0; i < n; i++)
            {
                System.Array.Copy(from, 0, to, 0, count);
            }
        }

        public void CopyLoop(int n, byte[] from, byte[] to, int count)
        {
            for (int i = 0; i < n; i++)
            {
                CopyBytes(from, to, count);
            }
        }

        /// <summary>Allocates, for the check that the meter sees it.</summary>
        public object Allocate(int n)
        {
            object x = null;
            for (int i = 0; i < n; i++)
            {
                x = new byte[n];
            }

            return x;
        }

        /// <summary>Calls a member without a price, for the check that the meter sees it.</summary>
        public int Unpriced(int n)
        {
            return System.Math.Abs(n);
        }

        /// <summary>
        /// Every kind of control flow: loop to the first instruction, switch, nested handlers. The same result
        /// before and after rewriting.
        /// </summary>
        public static int Control(int n)
        {
            int sum = 0;
            do
            {
                switch (n & 3)
                {
                    case 0: sum += 3; break;
                    case 1: sum += n > 8 ? 5 : 7; break;
                    case 2: sum ^= 11; break;
                    default:
                        try
                        {
                            sum += 100 / (n - 3);
                        }
                        catch (System.Exception)
                        {
                            sum += 1000;
                        }
                        finally
                        {
                            sum += 1;
                        }

                        break;
                }

                n--;
            }
            while (n >= 0);
            return sum;
        }

        private static void Nothing()
        {
        }

        private static int Same(int a)
        {
            return a;
        }

        private static int First(int a, int b, int c, int d)
        {
            return a;
        }

        private static void CopyBytes(byte[] from, byte[] to, int count)
        {
            for (int i = 0; i < count; i++)
            {
                to[i] = from[i];
            }
        }

        private int Own(int a)
        {
            return a;
        }
    }

    /// <summary>For the price of a call through an interface.</summary>
    public interface IStep
    {
        int Step(int a);
    }

    /// <summary>The only implementation.</summary>
    public sealed class Step : IStep
    {
        int IStep.Step(int a)
        {
            return a;
        }
    }
}
