namespace Femto.Mqtt
{
    /// <summary>
    /// A transport that tells when it is worth asking again: after State said Connecting, after Receive said 0, and
    /// after Send took fewer bytes than offered. One that cannot has to be asked from time to time.
    /// </summary>
    public interface IWakingTransport : ITransport
    {
        /// <summary>Who is woken from now on; null: nobody. Called before Open.</summary>
        void Wakes(IWakeup wakeup);
    }
}
