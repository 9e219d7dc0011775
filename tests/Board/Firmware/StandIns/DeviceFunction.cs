namespace nanoFramework.Hardware.Esp32
{
    public enum DeviceFunction
    {
        I2C1_DATA = 131328,
        I2C1_CLOCK = 131329,
    }
}
