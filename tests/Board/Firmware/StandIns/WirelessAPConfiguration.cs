using Femto.StandIns;

namespace System.Net.NetworkInformation
{
    public class WirelessAPConfiguration
    {
        public enum ConfigurationOptions : byte
        {
            None = 0,
            Enable = 2,
        }

        public string Ssid => Desk.AccessPoint;

        public ConfigurationOptions Options =>
            Desk.AccessPoint.Length > 0 ? ConfigurationOptions.Enable : ConfigurationOptions.None;

        public static WirelessAPConfiguration[] GetAllWirelessAPConfigurations() =>
            new[] { new WirelessAPConfiguration() };
    }
}
