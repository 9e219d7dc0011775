namespace System
{
    public readonly struct SpanByte
    {
        internal readonly byte[] Array;
        internal readonly int Start;

        public SpanByte(byte[] array)
            : this(array, 0, array.Length)
        {
        }

        public SpanByte(byte[] array, int start, int length)
        {
            Array = array;
            Start = start;
            Length = length;
        }

        public int Length { get; }
    }
}
