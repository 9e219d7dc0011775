namespace Femto.Mqtt
{
    /// <summary>
    /// CRC-32 (IEEE 802.3, reflected) by half bytes: 16 numbers of table where the usual one has 256, which would be a
    /// kilobyte of a board's heap.
    /// </summary>
    public sealed class Crc32
    {
        private readonly uint[] table = new uint[16];

        /// <summary>Builds the table.</summary>
        public Crc32()
        {
            for (int i = 0; i < 16; i++)
            {
                uint value = (uint)i;
                for (int bit = 0; bit < 4; bit++) value = (value & 1) != 0 ? value >> 1 ^ 0xEDB88320 : value >> 1;
                table[i] = value;
            }
        }

        /// <summary>Bytes of nanoFramework's heap.</summary>
        public static int Bytes()
        {
            return Heap.Object(1) + Heap.Array(16, 4);
        }

        /// <summary>Goes on with a checksum; the first call is given 0.</summary>
        public uint Add(uint crc, byte[] buffer, int offset, int count)
        {
            uint[] t = table;
            crc = ~crc;
            for (int end = offset + count; offset < end; offset++)
            {
                crc ^= buffer[offset];
                crc = crc >> 4 ^ t[crc & 15];
                crc = crc >> 4 ^ t[crc & 15];
            }
            return ~crc;
        }
    }
}
