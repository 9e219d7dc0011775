using System;
using System.Device.I2c;
using Femto.Mqtt;
using nanoFramework.Hardware.Esp32;
using Pins = nanoFramework.Hardware.Esp32.Configuration;

namespace Femto.Firmware
{
    /// <summary>Makes the sensors that the configuration names, on this board's pins. At boot.</summary>
    public sealed class BoardSensors
    {
        private const int ChipAddress = 0x76, ChipAddressHigh = 0x77;

        private readonly BoardProfile board;
        private readonly SerialLog log;
        private Bme280Chip chip;

        /// <param name="board">Gives the pins.</param>
        /// <param name="log">Told of sensors that are not there.</param>
        public BoardSensors(BoardProfile board, SerialLog log)
        {
            this.board = board;
            this.log = log;
        }

        /// <summary>One for each of the options' sensors, in their order.</summary>
        public ISensor[] Make(AppOptions options)
        {
            ISensor[] all = new ISensor[options.Sensors.Length];
            for (int i = 0; i < all.Length; i++) all[i] = Make(options.Sensors[i]);
            return all;
        }

        private ISensor Make(SensorOptions options)
        {
            SensorSource source = new SensorSource(options.Source, board);
            string fault = source.Fault;
            if (fault == null)
            {
                try
                {
                    switch (source.Kind)
                    {
                        case SensorSource.Bme280:
                            return new Bme280Sensor(Chip(), source.Argument, options.Decimals);
                        case SensorSource.Adc:
                            return new AdcSensor(board.ChannelOf(source.Argument), options.Decimals);
                        case SensorSource.Count:
                            return new PulseSensor(source.Argument);
                        default:
                            return new UptimeSensor(options.Decimals);
                    }
                }
                catch (Exception e)
                {
                    fault = e.Message;
                }
            }
            log.Tell(LogLevel.Error, "sensor " + options.Name + ": " + fault);
            return new BrokenSensor();
        }

        private Bme280Chip Chip()
        {
            if (chip != null) return chip;
            Pins.SetPinFunction(board.DataPin, DeviceFunction.I2C1_DATA);
            Pins.SetPinFunction(board.ClockPin, DeviceFunction.I2C1_CLOCK);
            I2cRegisters registers = new I2cRegisters(
                I2cDevice.Create(new I2cConnectionSettings(1, ChipAddress, I2cBusSpeed.StandardMode)),
                I2cDevice.Create(new I2cConnectionSettings(1, ChipAddressHigh, I2cBusSpeed.StandardMode)));
            chip = new Bme280Chip(registers);
            return chip;
        }
    }
}
