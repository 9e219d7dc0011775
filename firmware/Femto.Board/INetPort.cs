namespace Femto.Mqtt
{
    /// <summary>The board's network, Wi-Fi or cable. No call blocks, none throws.</summary>
    public interface INetPort
    {
        /// <summary>Whether the board was told which network to join. A cable needs nothing.</summary>
        bool Configured();
        /// <summary>Whether there is a network with an address now.</summary>
        bool Up();
        /// <summary>The board's address as text, and where it comes from: DHCP, or fixed.</summary>
        string Address();
        /// <summary>Name and address of the access point that the board is itself; null: it is none.</summary>
        string AccessPoint();
        /// <summary>Begins to connect anew; <see cref="Result"/> says how it ends.</summary>
        void Connect();
        /// <summary>A constant of <see cref="NetResult"/> about the last Connect.</summary>
        int Result();
    }
}
