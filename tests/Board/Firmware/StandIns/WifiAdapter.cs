namespace System.Device.Wifi
{
    public sealed class WifiAdapter
    {
        public static WifiAdapter[] FindAllAdapters() => new[] { new WifiAdapter() };

        public WifiConnectionResult Connect(string ssid, WifiReconnectionKind reconnectionKind, string password) =>
            new WifiConnectionResult();
    }
}
