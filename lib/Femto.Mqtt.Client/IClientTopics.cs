namespace Femto.Mqtt
{
    /// <summary>Rewrites the topic names of messages on their way out.</summary>
    public interface IClientTopics
    {
        /// <summary>Rewrites in place.</summary>
        /// <param name="topic">A buffer of <see cref="ClientLimits.TopicLength"/> bytes with the topic name at its
        /// beginning.</param>
        /// <returns>The new length; 0: it does not fit, the message is dropped and counted.</returns>
        int Rewrite(byte[] topic, int length);
    }
}
