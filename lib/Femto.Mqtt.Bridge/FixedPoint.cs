namespace Femto.Mqtt
{
    /// <summary>
    /// Numbers as text, read and written without allocation: an int counts units of the last digit behind the point,
    /// 0 to 9 digits of them. Two decimals reach to 21,474,836.47 in steps of 0.01.
    /// </summary>
    public static class FixedPoint
    {
        /// <summary>Bytes that <see cref="Write"/> takes at most.</summary>
        public const int TextBytes = 21;

        /// <summary>Reads a decimal number: sign, digits, point, exponent; blanks around it. Digits that are too many
        /// are rounded, half away from zero.</summary>
        /// <param name="text">Holds it.</param>
        /// <param name="offset">Where it begins.</param>
        /// <param name="length">Its bytes.</param>
        /// <param name="decimals">Digits behind the point, 0 to 9.</param>
        /// <param name="value">The number.</param>
        /// <returns>False: no number, or beyond the range of an int.</returns>
        public static bool Parse(byte[] text, int offset, int length, int decimals, out int value)
        {
            value = 0;
            int at = offset;
            int end = offset + length;
            while (at < end && IsBlank(text[at])) at++;
            while (end > at && IsBlank(text[end - 1])) end--;
            if (at == end) return false;
            bool minus = text[at] == '-';
            if (minus || text[at] == '+') at++;
            long digits = 0;        // at most 18 of them; further ones only shift
            int scale = decimals;   // powers of ten that are to be multiplied in
            bool point = false, some = false;
            for (; at < end; at++)
            {
                int c = text[at];
                if (c == '.')
                {
                    if (point) return false;
                    point = true;
                    continue;
                }
                if (c < '0' || c > '9') break;
                some = true;
                bool fits = digits < 10000000000000000;
                if (fits) digits = digits * 10 + (c - '0');
                if (point && fits) scale--;
                if (!point && !fits) scale++;
            }
            if (!some) return false;
            if (at < end)
            {
                int exponent;
                if (!Exponent(text, at, end, out exponent)) return false;
                scale += exponent;
            }
            return Scale(digits, scale, minus, out value);
        }

        private static bool Exponent(byte[] text, int at, int end, out int exponent)
        {
            exponent = 0;
            if ((text[at] | 32) != 'e' || ++at == end) return false;
            bool minus = text[at] == '-';
            if ((minus || text[at] == '+') && ++at == end) return false;
            for (; at < end; at++)
            {
                int c = text[at];
                if (c < '0' || c > '9') return false;
                if (exponent < 10000) exponent = exponent * 10 + (c - '0');
            }
            if (minus) exponent = -exponent;
            return true;
        }

        private static bool Scale(long digits, int scale, bool minus, out int value)
        {
            value = 0;
            if (digits == 0) return true;
            for (; scale > 0; scale--)
            {
                if (digits > int.MaxValue) return false;
                digits *= 10;
            }
            int last = 0;           // the digit that falls away: the others behind it do not matter for half and above
            for (; scale < 0 && (digits != 0 || last != 0); scale++)
            {
                last = (int)(digits % 10);
                digits /= 10;
            }
            if (scale < 0) last = 0;
            if (last >= 5) digits++;
            if (digits > int.MaxValue) return false;
            value = minus ? -(int)digits : (int)digits;
            return true;
        }

        private static bool IsBlank(int c)
        {
            return c == ' ' || c == '\t' || c == '\r' || c == '\n';
        }

        /// <summary>Writes a number, with all its decimals, or without the zeros at their end.</summary>
        /// <param name="value">In units of the last digit.</param>
        /// <param name="decimals">0 to 9.</param>
        /// <param name="brief">Without zeros at the end, and without a point that nothing follows.</param>
        /// <param name="buffer">Has room for <see cref="TextBytes"/> from there.</param>
        /// <param name="offset">Where it is written.</param>
        /// <returns>Bytes written.</returns>
        public static int Write(long value, int decimals, bool brief, byte[] buffer, int offset)
        {
            int at = offset;
            bool minus = value < 0;
            if (minus) value = -value;
            while (brief && decimals > 0 && value % 10 == 0)
            {
                value /= 10;
                decimals--;
            }
            if (minus && value != 0) buffer[at++] = (byte)'-';
            int digits = decimals + 1;
            long rest = value;
            for (int i = 0; i < decimals; i++) rest /= 10;
            while ((rest /= 10) != 0) digits++;
            int bytes = decimals == 0 ? digits : digits + 1;
            int end = at + bytes;
            int last = end;
            for (int i = 0; i < digits; i++)
            {
                if (i == decimals && i != 0) buffer[--last] = (byte)'.';
                buffer[--last] = (byte)('0' + (int)(value % 10));
                value /= 10;
            }
            return end - offset;
        }
    }
}
