using System.Text;

namespace Femto.Mqtt
{
    /// <summary>
    /// Writes a result's payload, twice: first to learn its length, then into the message pool. So no buffer of the
    /// largest payload is needed.
    /// </summary>
    internal sealed class ResultWriter
    {
        // Names of JSON members in `names`: offset * 16 + length.
        public const int Min = 3, Max = 3 * 16 + 3, Mean = 6 * 16 + 4, Count = 10 * 16 + 5, First = 15 * 16 + 5,
            Last = 20 * 16 + 4, Other = 24 * 16 + 5, Time = 29 * 16 + 1, Up = 30 * 16 + 2, Ms = 32 * 16 + 2,
            Steps = 34 * 16 + 1, Values = 35 * 16 + 1;

        /// <summary>Bytes so far.</summary>
        public int Length;
        /// <summary>Bytes go to the pool's message last allocated.</summary>
        public bool Real;

        private readonly MessagePool pool;
        private readonly byte[] names = Encoding.UTF8.GetBytes("minmaxmeancountfirstlastothertupmsdvnull");
        private readonly byte[] text = new byte[FixedPoint.TextBytes];

        public ResultWriter(MessagePool pool)
        {
            this.pool = pool;
        }

        public static int Bytes()
        {
            return Heap.Object(5) + Heap.Array(40, 1) + Heap.Array(FixedPoint.TextBytes, 1);
        }

        public void Copy(byte[] data, int offset, int length)
        {
            Length += length;
            if (Real) pool.Append(data, offset, length);
        }

        public void Char(char c)
        {
            Length++;
            if (!Real) return;
            text[0] = (byte)c;
            pool.Append(text, 0, 1);
        }

        public void Number(long value, int decimals)
        {
            int length = FixedPoint.Write(value, decimals, true, text, 0);
            Length += length;
            if (Real) pool.Append(text, 0, length);
        }

        /// <summary>Begins a member: comma, name and colon.</summary>
        public void Member(int name)
        {
            if (Length > 1) Char(',');
            Char('"');
            Copy(names, name >> 4, name & 15);
            Char('"');
            Char(':');
        }

        public void Member(int name, long value, int decimals)
        {
            Member(name);
            Number(value, decimals);
        }

        /// <summary>When something was, in milliseconds since 1970; as long as that is not known, null and the
        /// milliseconds of uptime.</summary>
        public void When(WallClock clock, int ms)
        {
            if (clock.Known)
            {
                Member(Time, clock.TimeMs(ms), 0);
                return;
            }
            Member(Time);
            Copy(names, 36, 4);
            Member(Up, clock.UptimeMs(ms), 0);
        }
    }
}
