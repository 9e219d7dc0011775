using System;
using System.Device.Wifi;
using System.Net.NetworkInformation;
using System.Threading;
using Femto.Mqtt;

namespace Femto.Firmware
{
    /// <summary>
    /// The board's network. What to join, with which password, DHCP or a fixed address, and the board's own access
    /// point stand in the firmware's configuration block, where flash.ps1 puts them: not in a file that can be read.
    /// </summary>
    public sealed class NetPort : INetPort
    {
        private const string NoAddress = "0.0.0.0";

        private readonly bool cable;
        private readonly object gate;
        private readonly ThreadStart attempt;
        private string address;
        private int result;         // guarded by the gate
        private bool running;       // guarded by the gate
        private bool changed, up;

        /// <param name="cable">Ethernet, else Wi-Fi.</param>
        public NetPort(bool cable)
        {
            this.cable = cable;
            gate = new object();
            attempt = new ThreadStart(Attempt);
            address = NoAddress;
            changed = true;
            NetworkChange.NetworkAddressChanged += new NetworkAddressChangedEventHandler(Changed);
        }

        /// <inheritdoc/>
        public bool Configured()
        {
            if (cable) return true;
            try
            {
                Wireless80211Configuration client = Client();
                return client != null && client.Ssid != null && client.Ssid.Length > 0;
            }
            catch (Exception)
            {
                return false;
            }
        }

        /// <inheritdoc/>
        public bool Up()
        {
            try
            {
                // Native, and allocates nothing: what is asked every second while all is well.
                if (!NetworkInterface.GetIsNetworkAvailable()) up = false;
                else if (!up || changed) Look();
            }
            catch (Exception)
            {
                up = false;
            }
            return up;
        }

        /// <inheritdoc/>
        public string Address()
        {
            return address;
        }

        /// <inheritdoc/>
        public string AccessPoint()
        {
            if (cable) return null;
            try
            {
                WirelessAPConfiguration[] all = WirelessAPConfiguration.GetAllWirelessAPConfigurations();
                if (all.Length == 0) return null;
                WirelessAPConfiguration own = all[0];
                bool enabled = (own.Options & WirelessAPConfiguration.ConfigurationOptions.Enable) != 0;
                NetworkInterface there = Interface(NetworkInterfaceType.WirelessAP);
                if (!enabled || there == null || own.Ssid == null || own.Ssid.Length == 0) return null;
                return own.Ssid + ", " + there.IPv4Address;
            }
            catch (Exception)
            {
                return null;
            }
        }

        /// <inheritdoc/>
        public void Connect()
        {
            lock (gate)
            {
                result = NetResult.Pending;
                // The firmware below joins a cable by itself. An attempt that still hangs is not begun twice.
                if (running || cable) return;
                running = true;
            }
            new Thread(attempt).Start();
        }

        /// <inheritdoc/>
        public int Result()
        {
            lock (gate) return result;
        }

        private void Changed(object sender, EventArgs e)
        {
            changed = true;
        }

        private void Look()
        {
            changed = false;
            NetworkInterface there = Interface(cable ? NetworkInterfaceType.Ethernet
                : NetworkInterfaceType.Wireless80211);
            string now = there == null ? null : there.IPv4Address;
            up = now != null && now.Length > 0 && now != NoAddress;
            if (up) address = now + (there.IsDhcpEnabled ? " (DHCP)" : " (fixed)");
        }

        // On a thread of its own: Connect waits up to 20 s for the access point.
        private void Attempt()
        {
            int ended = NetResult.Failed;
            try
            {
                Wireless80211Configuration client = Client();
                WifiAdapter[] adapters = WifiAdapter.FindAllAdapters();
                if (client != null && adapters.Length > 0)
                {
                    WifiConnectionResult answer = adapters[0].Connect(client.Ssid, WifiReconnectionKind.Automatic,
                        client.Password);
                    ended = Meaning(answer.ConnectionStatus);
                }
            }
            catch (Exception)
            {
                // Failed.
            }
            lock (gate)
            {
                result = ended;
                running = false;
            }
        }

        private static int Meaning(WifiConnectionStatus status)
        {
            switch (status)
            {
                case WifiConnectionStatus.Success: return NetResult.Connected;
                case WifiConnectionStatus.NetworkNotAvailable: return NetResult.NotFound;
                case WifiConnectionStatus.AccessRevoked:
                case WifiConnectionStatus.InvalidCredential:
                case WifiConnectionStatus.UnsupportedAuthenticationProtocol: return NetResult.Refused;
                case WifiConnectionStatus.Timeout: return NetResult.TimedOut;
                default: return NetResult.Failed;
            }
        }

        private static Wireless80211Configuration Client()
        {
            Wireless80211Configuration[] all = Wireless80211Configuration.GetAllWireless80211Configurations();
            return all.Length == 0 ? null : all[0];
        }

        private static NetworkInterface Interface(NetworkInterfaceType type)
        {
            NetworkInterface[] all = NetworkInterface.GetAllNetworkInterfaces();
            for (int i = 0; i < all.Length; i++)
            {
                if (all[i].NetworkInterfaceType == type) return all[i];
            }
            return null;
        }
    }
}
