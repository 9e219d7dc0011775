namespace Femto.Mqtt
{
    /// <summary>
    /// What a client session tells its owner, on the thread that called the session. A call may publish,
    /// subscribe, unsubscribe and disconnect; it may not feed, close or tick the session.
    /// </summary>
    public interface IClientSink
    {
        /// <summary>CONNACK came and was good. When <paramref name="sessionPresent"/> is false the server knows no
        /// subscription any more, and what was on the way is published anew (<see cref="ClientSession.Renewed"/>).
        /// </summary>
        void Connected(ClientSession c, bool sessionPresent);

        /// <summary>The connection is gone: once for each <see cref="ClientSession.Opened"/>, from
        /// <see cref="ClientSession.Closed"/>.</summary>
        /// <param name="reason">Of 0x80 and above: the server's reason code, from CONNACK or DISCONNECT (3.1.1's
        /// return codes are given as their MQTT 5 likeness), or the <see cref="Fault"/> with which the client ended
        /// it. 0: the client's own Disconnect. <see cref="Fault.Closed"/>: the connection broke.</param>
        void Disconnected(ClientSession c, int reason);

        /// <summary>A message. <paramref name="m"/> and its buffers are valid until the call returns.</summary>
        /// <returns>The reason code for PUBACK or PUBREC, 0 for well; at QoS 0 of no effect. Or
        /// <see cref="ClientSession.Hold"/>: the session keeps the message and offers it again at
        /// <see cref="ClientSession.Resume"/>; until then only acknowledgements are taken.</returns>
        int Message(ClientSession c, ClientMessage m);

        /// <summary>A message of a 3.1.1 server was larger than <see cref="ClientLimits.PacketBytes"/>. Its content is
        /// gone, and it is acknowledged, so that it does not come again. (An MQTT 5 server is told what is taken.)
        /// </summary>
        /// <param name="topic">Where its topic name stands, unchecked, cut off at the size of the receive buffer; valid
        /// until the call returns.</param>
        /// <param name="bytes">Of the packet, without its first 2 to 5.</param>
        void Discarded(ClientSession c, byte[] topic, int offset, int length, int qos, int bytes);

        /// <summary>A SUBSCRIBE or UNSUBSCRIBE is answered.</summary>
        /// <param name="request">What Subscribe or Unsubscribe returned.</param>
        /// <param name="reason">Of SUBACK or UNSUBACK (0 where 3.1.1 says nothing), or
        /// <see cref="Fault.Closed"/>: the connection went before the answer.</param>
        void Answer(ClientSession c, int request, int reason);

        /// <summary>An own message is done: acknowledged (QoS 1 and 2) or written to the connection (QoS 0, unless it
        /// was written within Publish).</summary>
        /// <param name="message">Its handle in the pool, valid until the call returns.</param>
        /// <param name="reason">Of PUBACK or PUBREC; of 0x80 and above: the server refused the message. Or
        /// <see cref="Fault.Expired"/>, <see cref="Fault.TooLarge"/>: it was never sent.</param>
        void Acknowledged(ClientSession c, int message, int reason);

        /// <summary>A step of the AUTH exchange (section 4.12).</summary>
        /// <param name="reason">0x18: the server goes on; 0: the server is content, with CONNACK or AUTH.</param>
        /// <param name="data">Where the server's data stands; valid until the call returns.</param>
        /// <param name="length">0: no data.</param>
        /// <param name="reply">Filled for 0x18: the data to answer with.</param>
        /// <returns>0 to go on; a reason code of 0x80 and above ends the connection.</returns>
        int Auth(ClientSession c, int reason, byte[] data, int offset, int length, AuthReply reply);
    }
}
