using Femto.StandIns;

namespace System.Net.NetworkInformation
{
    public class Wireless80211Configuration
    {
        public string Ssid => Desk.Wifi;

        public string Password => "";

        public static Wireless80211Configuration[] GetAllWireless80211Configurations() =>
            new[] { new Wireless80211Configuration() };
    }
}
