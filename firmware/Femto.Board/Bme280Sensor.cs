namespace Femto.Mqtt
{
    /// <summary>One quantity of a BME280, scaled to the decimals that are published.</summary>
    public sealed class Bme280Sensor : ISensor
    {
        private readonly Bme280Chip chip;
        private readonly int quantity;
        private readonly int multiply, divide;

        /// <param name="chip">Shared by the quantities.</param>
        /// <param name="quantity">A constant of <see cref="Bme280Chip"/>.</param>
        /// <param name="decimals">Digits behind the point; the pressure counts in hectopascals.</param>
        public Bme280Sensor(Bme280Chip chip, int quantity, int decimals)
        {
            this.chip = chip;
            this.quantity = quantity;
            multiply = divide = 1;
            for (int i = decimals; i < 2; i++) divide *= 10;
            for (int i = 2; i < decimals; i++) multiply *= 10;
        }

        /// <inheritdoc/>
        public int Read(int nowMs, out int value)
        {
            int fault = chip.Read(quantity, nowMs, out value);
            value = value * multiply / divide;
            return fault;
        }
    }
}
