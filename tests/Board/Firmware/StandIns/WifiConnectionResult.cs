namespace System.Device.Wifi
{
    public class WifiConnectionResult
    {
        public WifiConnectionStatus ConnectionStatus => WifiConnectionStatus.NetworkNotAvailable;
    }
}
