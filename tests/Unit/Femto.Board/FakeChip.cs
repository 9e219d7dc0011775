namespace Femto.Mqtt.Unit
{
    /// <summary>A BME280 with the calibration of Bosch's own example (BMP280 data sheet, 3.12).</summary>
    public class FakeChip : IRegisters
    {
        public byte[] Registers = new byte[256];
        public bool Gone, WritesFail;

        public FakeChip()
        {
            Registers[0xD0] = 0x60;
            int[] words = new int[] { 27504, 26435, -1000, 36477, -10685, 3024, 2855, 140, -7, 15500, -14600, 6000 };
            for (int i = 0; i < words.Length; i++)
            {
                Registers[0x88 + 2 * i] = (byte)words[i];
                Registers[0x89 + 2 * i] = (byte)(words[i] >> 8);
            }
            Registers[0xA1] = 75;
            Registers[0xE1] = 362 & 255;
            Registers[0xE2] = 362 >> 8;
            Registers[0xE4] = 313 >> 4;
            Registers[0xE5] = 313 & 15 | (50 & 15) << 4;
            Registers[0xE6] = 50 >> 4;
            Registers[0xE7] = 30;
            Set(0xF7, 415148);
            Set(0xFA, 519888);
            Registers[0xFD] = 30281 >> 8;
            Registers[0xFE] = 30281 & 255;
        }

        public void Set(int register, int raw)
        {
            Registers[register] = (byte)(raw >> 12);
            Registers[register + 1] = (byte)(raw >> 4);
            Registers[register + 2] = (byte)(raw << 4);
        }

        public bool Write(int register, int value)
        {
            if (Gone || WritesFail) return false;
            Registers[register] = (byte)value;
            return true;
        }

        public bool Read(int register, byte[] buffer, int count)
        {
            if (Gone) return false;
            for (int i = 0; i < count; i++) buffer[i] = Registers[register + i];
            return true;
        }
    }
}
