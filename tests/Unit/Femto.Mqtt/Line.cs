namespace Femto.Mqtt.Unit
{
    /// <summary>Builds one line of text without a string for each piece.</summary>
    public static class Line
    {
        private static readonly char[] buffer = new char[2048];
        private static int count;

        public static void Clear()
        {
            count = 0;
        }

        public static string Text()
        {
            return new string(buffer, 0, count);
        }

        public static void Add(string text)
        {
            char[] characters = text.ToCharArray();
            for (int i = 0; i < characters.Length; i++)
            {
                buffer[count++] = characters[i];
            }
        }

        public static void Number(uint value)
        {
            Add(value.ToString());
        }

        public static void Byte(int value)
        {
            Digit(value >> 4 & 15);
            Digit(value & 15);
        }

        private static void Digit(int value)
        {
            buffer[count++] = (char)(value < 10 ? '0' + value : 'A' + value - 10);
        }

        public static void Hex(byte[] bytes, int offset, int length)
        {
            for (int i = 0; i < length; i++)
            {
                Byte(bytes[offset + i]);
            }
        }

        /// <summary>Printable ASCII as it is, every other byte as \XX.</summary>
        public static void Show(byte[] bytes, int offset, int length)
        {
            for (int i = 0; i < length; i++)
            {
                int b = bytes[offset + i];
                if (b >= 0x20 && b < 0x7F && b != '\\')
                {
                    buffer[count++] = (char)b;
                }
                else
                {
                    buffer[count++] = '\\';
                    Byte(b);
                }
            }
        }

        /// <summary>The columns of a row of a table.</summary>
        public static string[] Columns(string row)
        {
            return Split(row, '|');
        }

        public static string[] Split(string text, char separator)
        {
            return text.Split(new char[] { separator }); // the board knows no other Split
        }

        /// <summary>The bytes of a text of hexadecimal digits.</summary>
        public static byte[] Bytes(string hex)
        {
            char[] digits = hex.ToCharArray();
            byte[] bytes = new byte[digits.Length / 2];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(Value(digits[2 * i]) << 4 | Value(digits[2 * i + 1]));
            }
            return bytes;
        }

        private static int Value(char digit)
        {
            return digit <= '9' ? digit - '0' : digit - 'A' + 10;
        }

        /// <summary>The bytes of an ASCII text.</summary>
        public static byte[] Ascii(string text)
        {
            char[] characters = text.ToCharArray();
            byte[] bytes = new byte[characters.Length];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)characters[i];
            }
            return bytes;
        }
    }
}
