namespace Femto.Mqtt
{
    // What of the session is to survive a loss of power.
    public sealed partial class ClientSession
    {
        /// <summary>What this session must not forget is marked from now on, and answers wait until it is durable.
        /// Before the first connection.</summary>
        /// <param name="changes">Of whose tables it sends; what was received before stands there.</param>
        /// <returns>Identifiers received at QoS 2 and not yet released.</returns>
        public ReceivedRuns Keep(Changes changes)
        {
            input.Received.Keep(changes, Session);
            output.Changes = changes;
            return input.Received;
        }
    }
}
