namespace Femto.Mqtt
{
    /// <summary>What becomes of the network, for a person to read.</summary>
    public interface INetLog
    {
        /// <summary>There is a network.</summary>
        void NetUp(string address);
        /// <summary>The board is an access point itself.</summary>
        void NetServes(string name);
        /// <summary>It is gone.</summary>
        void NetDown();
        /// <summary>An attempt to join it failed.</summary>
        /// <param name="result">A constant of <see cref="NetResult"/>.</param>
        /// <param name="retryMs">Milliseconds until the next one.</param>
        void NetFailed(int result, int retryMs);
        /// <summary>The board was not told which network to join, and is no access point.</summary>
        void NetMissing();
    }
}
