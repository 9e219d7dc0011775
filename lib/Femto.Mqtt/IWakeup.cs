namespace Femto.Mqtt
{
    /// <summary>Wakes a thread that waits: the one that runs the broker, a client or a bridge.</summary>
    public interface IWakeup
    {
        /// <summary>There is something to do. From any thread; returns at once.</summary>
        void Wake();
    }
}
