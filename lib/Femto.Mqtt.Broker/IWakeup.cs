namespace Femto.Mqtt
{
    /// <summary>Wakes the thread that runs the broker, so that it calls <see cref="Broker.Tick"/>.</summary>
    public interface IWakeup
    {
        /// <summary>Called from any thread when a local client has left something in the inbox.</summary>
        void Wake();
    }
}
