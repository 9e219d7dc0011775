namespace Femto.Mqtt
{
    /// <summary>Takes the replies to requests.</summary>
    public interface IReplySink
    {
        /// <summary>The reply has come, or its time is up. On the client's thread; must not throw.</summary>
        /// <param name="request">What <see cref="MqttRequests.Send"/> returned.</param>
        /// <param name="reply">Valid until the call returns. Null: none came in time.</param>
        void Reply(int request, ClientMessage reply);
    }
}
