namespace Femto.Mqtt
{
    /// <summary>UTF-8 as MQTT wants it (section 1.5.4).</summary>
    public static class Utf8
    {
        /// <summary>
        /// Whether the bytes are well-formed UTF-8 (RFC 3629: shortest forms only, no surrogates, nothing
        /// above U+10FFFF) without U+0000. Control characters and non-characters pass: a receiver may refuse
        /// them, and Femto does not.
        /// </summary>
        public static bool IsValid(byte[] buffer, int offset, int length)
        {
            int end = offset + length;
            while (offset < end)
            {
                int b = buffer[offset];
                if (b < 0x80)
                {
                    if (b == 0)
                    {
                        return false; // [MQTT-1.5.4-2]
                    }
                    offset++;
                }
                else
                {
                    int size = Sequence(buffer, offset, end, b);
                    if (size == 0)
                    {
                        return false; // [MQTT-1.5.4-1]
                    }
                    offset += size;
                }
            }
            return true;
        }

        // Bytes of the sequence that begins with b, 2 to 4; 0 when it is ill-formed or cut off. Only the
        // second byte's range depends on the first: that is where overlong forms, surrogates and U+110000
        // fall out.
        private static int Sequence(byte[] buffer, int offset, int end, int b)
        {
            int size;
            int low = 0x80;
            int high = 0xBF;
            if (b < 0xE0)
            {
                if (b < 0xC2)
                {
                    return 0;
                }
                size = 2;
            }
            else if (b < 0xF0)
            {
                size = 3;
                if (b == 0xE0)
                {
                    low = 0xA0;
                }
                else if (b == 0xED)
                {
                    high = 0x9F;
                }
            }
            else
            {
                if (b > 0xF4)
                {
                    return 0;
                }
                size = 4;
                if (b == 0xF0)
                {
                    low = 0x90;
                }
                else if (b == 0xF4)
                {
                    high = 0x8F;
                }
            }
            if (end - offset < size)
            {
                return 0;
            }
            int second = buffer[offset + 1];
            if (second < low || second > high)
            {
                return 0;
            }
            for (int i = 2; i < size; i++)
            {
                if ((buffer[offset + i] & 0xC0) != 0x80)
                {
                    return 0;
                }
            }
            return size;
        }
    }
}
