namespace Femto.Mqtt
{
    // What of a session is to survive a loss of power.
    internal sealed partial class Lifecycle
    {
        private void MarkSession(int session)
        {
            if (broker.Changes != null) broker.Changes.Of(session, Changes.Session, session);
        }

        private void MarkSubscriptions(int session)
        {
            TopicTable topics = broker.Topics;
            for (int row = topics.SessionFirst(session); row != 0; row = topics.SessionNext(row))
            {
                broker.Changes.Of(session, Changes.Subscription, row);
            }
        }

        /// <summary>A connection has the session, which from now on is kept over a loss of power or not.</summary>
        public void Keep(int session, bool kept)
        {
            Changes changes = broker.Changes;
            MarkSession(session); // it was kept
            if (!kept && changes.Kept[session] != 0)
            {
                MarkSubscriptions(session);
                changes.Mark(Changes.Received, session);
                for (int row = deliveries.First[session]; row != 0; row = deliveries.Next[row])
                {
                    changes.Mark(Changes.Delivery, row);
                }
            }
            changes.Kept[session] = (byte)(kept && !changes.Off ? 1 : 0);
            MarkSession(session);
            changes.Pending += limits.ClientIdLength;
        }

        /// <summary>The last thing a connection was to be told cannot be kept to.</summary>
        public void Fail(int c)
        {
            broker.Sender.Detach(c);
            Disconnect(c, ReasonCode.ImplementationSpecificError);
        }

        /// <summary>No will waits to be published.</summary>
        public bool NoWills()
        {
            return willCount == 0;
        }
    }
}
