namespace Femto.Mqtt
{
    // What of the session is to survive a loss of power.
    public sealed partial class ClientSession
    {
        /// <summary>What this session must not forget is marked from now on, and answers wait until it is durable.
        /// Before the first connection.</summary>
        /// <param name="changes">Of whose tables it sends.</param>
        /// <param name="known">Identifiers that were received before, in the row of <see cref="Session"/>.</param>
        /// <returns>Those received from now on, in row 1.</returns>
        public ReceivedIds Keep(Changes changes, ReceivedIds known)
        {
            byte[] ids = new byte[known.Count[Session] * 2];
            known.Copy(Session, ids, 0);
            for (int i = 0; i < ids.Length; i += 2) input.Received.Add(1, ids[i] << 8 | ids[i + 1]);
            input.Received.ChangesFrom = Session - 1;
            input.Received.Changes = changes;
            output.Changes = changes;
            return input.Received;
        }
    }
}
