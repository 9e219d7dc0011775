namespace System.Device.I2c
{
    public struct I2cTransferResult
    {
        internal I2cTransferResult(bool answered) =>
            Status = answered ? I2cTransferStatus.FullTransfer : I2cTransferStatus.SlaveAddressNotAcknowledged;

        public I2cTransferStatus Status { get; }
    }
}
