namespace System.Net.NetworkInformation
{
    public static class NetworkChange
    {
        public static event NetworkAddressChangedEventHandler NetworkAddressChanged
        {
            add => value(null, EventArgs.Empty);
            remove { }
        }
    }
}
