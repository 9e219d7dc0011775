using Femto.StandIns;

namespace System.Device.I2c
{
    /// <summary>A BME280 at the higher of its addresses, when there is one, calibrated as Bosch's example.</summary>
    public class I2cDevice
    {
        private static readonly byte[] s_registers = Registers();
        private readonly bool there;

        private I2cDevice(I2cConnectionSettings settings) => there = Desk.Chip && settings.DeviceAddress == 0x77;

        public static I2cDevice Create(I2cConnectionSettings settings) => new(settings);

        public I2cTransferResult Write(SpanByte buffer) => new(there);

        public I2cTransferResult WriteRead(SpanByte writeBuffer, SpanByte readBuffer)
        {
            int register = writeBuffer.Array[writeBuffer.Start];
            if (there) Array.Copy(s_registers, register, readBuffer.Array, readBuffer.Start, readBuffer.Length);
            return new I2cTransferResult(there);
        }

        private static byte[] Registers()
        {
            var all = new byte[256];
            short[] words =
            {
                27504, 26435, -1000, unchecked((short)36477), -10685, 3024, 2855, 140, -7, 15500, -14600, 6000,
            };
            for (int i = 0; i < words.Length; i++) BitConverter.TryWriteBytes(all.AsSpan(0x88 + 2 * i), words[i]);
            new byte[] { 75 }.CopyTo(all, 0xA1);
            all[0xD0] = 0x60;
            new byte[] { 362 & 255, 362 >> 8, 0, 313 >> 4, 313 & 15 | (50 & 15) << 4, 50 >> 4, 30 }.CopyTo(all, 0xE1);
            new byte[] { 0x65, 0x5A, 0xC0, 0x7E, 0xED, 0x00, 0x76, 0x49 }.CopyTo(all, 0xF7);
            return all;
        }
    }
}
