namespace Femto.Mqtt
{
    /// <summary>
    /// What a program on the same board gets from the broker. Called only inside <see cref="Broker.Tick"/>, on the
    /// broker's thread; may call any method of its <see cref="LocalClient"/>.
    /// </summary>
    public interface ILocalSink
    {
        /// <summary>A message arrived. When the call returns it counts as acknowledged.</summary>
        /// <param name="client">The client it is for.</param>
        /// <param name="message">Reused: copy what is needed later.</param>
        void Message(LocalClient client, LocalMessage message);

        /// <summary>What became of a call, in the order of the calls: of each Subscribe, Unsubscribe and Close, of
        /// each Publish at QoS 1 or 2, and of a Publish at QoS 0 that failed.</summary>
        /// <param name="client">The client that called.</param>
        /// <param name="call">A constant of <see cref="LocalCall"/>.</param>
        /// <param name="reason">Reason code as in PUBACK, SUBACK or UNSUBACK.</param>
        void Answer(LocalClient client, int call, int reason);
    }
}
