namespace Femto.Mqtt
{
    /// <summary>
    /// Who may connect, publish, receive and subscribe. Called by the broker on its own thread, never
    /// concurrently; a call must not block and must not call back into the broker's surface.
    /// </summary>
    public interface IAccess
    {
        /// <summary>A CONNECT that is complete and valid. Its texts lie in <c>packet.Buffer</c> until the call
        /// returns.</summary>
        /// <returns><see cref="ReasonCode.Success"/>; a reason code of 0x80 and above that a CONNACK may carry
        /// (3.1.1 clients get its nearest return code); <see cref="ReasonCode.ContinueAuthentication"/> with the
        /// data to send in <see cref="Broker.AuthReply"/>; or <see cref="AccessAnswer.Later"/>: the answer comes by
        /// <see cref="Broker.Complete"/>, and what the client sends meanwhile waits.</returns>
        int Connect(Broker broker, int connection, Connect packet);

        /// <summary>An AUTH of the exchange that <see cref="Connect"/> continued, or, from a connected client, of a
        /// re-authentication (reason 0x19 and, after a continuation, 0x18). MQTT 5.0 section 4.12.</summary>
        /// <returns>As <see cref="Connect"/>, without Later.</returns>
        int Authenticate(Broker broker, int connection, Auth packet);

        /// <summary>A connection is gone whose CONNECT was asked about and not answered yet, or its AUTH exchange
        /// cannot go on, since the next AUTH is larger than the client takes. From now on its index may be another
        /// client's: no <see cref="Broker.Complete"/> for it any more.</summary>
        void Gone(Broker broker, int connection);

        /// <summary>Whether a session may publish to a topic.</summary>
        bool Publish(Broker broker, int session, byte[] buffer, int offset, int length, int qos, bool retain);

        /// <summary>Whether a message on a topic may be delivered to a session.</summary>
        bool Deliver(Broker broker, int session, byte[] buffer, int offset, int length);

        /// <summary>Whether a session may subscribe to a filter (<c>$share</c> prefix included).</summary>
        /// <returns><see cref="ReasonCode.Success"/>, or the code of 0x80 and above for SUBACK.</returns>
        int Subscribe(Broker broker, int session, byte[] buffer, int offset, int length, int options);
    }
}
