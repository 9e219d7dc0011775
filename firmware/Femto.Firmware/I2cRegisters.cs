using System;
using System.Device.I2c;
using Femto.Mqtt;

namespace Femto.Firmware
{
    /// <summary>
    /// A chip on the I2C bus that may have one of two addresses, as its board wires it. Each transfer makes objects:
    /// that is how the bus is called on nanoFramework.
    /// </summary>
    public sealed class I2cRegisters : IRegisters
    {
        private readonly I2cDevice low, high;
        private readonly byte[] one, two;
        private I2cDevice answers;

        /// <param name="low">At the one address.</param>
        /// <param name="high">At the other one.</param>
        public I2cRegisters(I2cDevice low, I2cDevice high)
        {
            this.low = low;
            this.high = high;
            answers = low;
            one = new byte[1];
            two = new byte[2];
        }

        /// <inheritdoc/>
        public bool Write(int register, int value)
        {
            two[0] = (byte)register;
            two[1] = (byte)value;
            try
            {
                return answers.Write(new SpanByte(two)).Status == I2cTransferStatus.FullTransfer;
            }
            catch (Exception)
            {
                return false;
            }
        }

        /// <inheritdoc/>
        public bool Read(int register, byte[] buffer, int count)
        {
            one[0] = (byte)register;
            if (Read(answers, buffer, count)) return true;
            I2cDevice other = answers == low ? high : low;
            if (!Read(other, buffer, count)) return false;
            answers = other;
            return true;
        }

        private bool Read(I2cDevice device, byte[] buffer, int count)
        {
            try
            {
                return device.WriteRead(new SpanByte(one), new SpanByte(buffer, 0, count)).Status
                    == I2cTransferStatus.FullTransfer;
            }
            catch (Exception)
            {
                return false;
            }
        }
    }
}
