using Femto.StandIns;

namespace System.Net.NetworkInformation
{
    public class NetworkInterface
    {
        private NetworkInterface(NetworkInterfaceType type, string address)
        {
            NetworkInterfaceType = type;
            IPv4Address = address;
        }

        public string IPv4Address { get; }

        public bool IsDhcpEnabled => NetworkInterfaceType != NetworkInterfaceType.WirelessAP;

        public NetworkInterfaceType NetworkInterfaceType { get; }

        public static bool GetIsNetworkAvailable() => Desk.Joined || Desk.AccessPoint.Length > 0;

        public static NetworkInterface[] GetAllNetworkInterfaces() => new[]
        {
            new NetworkInterface(NetworkInterfaceType.Wireless80211, Desk.Joined ? "127.0.0.1" : "0.0.0.0"),
            new NetworkInterface(NetworkInterfaceType.WirelessAP, "192.168.4.1"),
            new NetworkInterface(NetworkInterfaceType.Ethernet, "127.0.0.1"),
        };
    }
}
