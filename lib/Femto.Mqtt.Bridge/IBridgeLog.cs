namespace Femto.Mqtt
{
    /// <summary>What a bridge tells, on the broker's thread. A call may not call the bridge or the broker.</summary>
    public interface IBridgeLog
    {
        /// <summary>An attempt begins, to <see cref="Bridge.Address"/>.</summary>
        void Connecting(Bridge bridge);
        /// <summary>The upstream accepted the connection.</summary>
        /// <param name="sessionPresent">It still had the session.</param>
        void Connected(Bridge bridge, bool sessionPresent);
        /// <summary>The connection is over, or the attempt failed: <see cref="Bridge.Transport"/> may know why.
        /// </summary>
        /// <param name="reason">0: the bridge left by itself: it was told to, or lazy and idle, or its first address is
        /// there again. A reason code of 0x80 and above: the upstream's, or why it was left. Else
        /// <see cref="Fault.Closed"/>, when no connection came about too.</param>
        void Disconnected(Bridge bridge, int reason);
        /// <summary>So many messages that were on the way are published anew, for the upstream lost the session: they
        /// may arrive twice.</summary>
        void Renewed(Bridge bridge, int messages);
        /// <summary>The upstream refused a subscription.</summary>
        /// <param name="topic">Index in <see cref="BridgeOptions.Topics"/>.</param>
        void SubscriptionRefused(Bridge bridge, int topic, int reason);
        /// <summary>The upstream refused a message, or could not be given it.</summary>
        /// <param name="message">Its handle in the pool of <see cref="Bridge.Uplink"/>, valid until the call returns.
        /// </param>
        /// <param name="reason">A reason code of 0x80 and above, <see cref="Fault.Expired"/> or
        /// <see cref="Fault.TooLarge"/>.</param>
        void Refused(Bridge bridge, int message, int reason);
        /// <summary>A message of a 3.1.1 upstream was larger than the bridge takes: acknowledged there, so that it does
        /// not come again, and let go.</summary>
        /// <param name="topic">Where the upstream's topic name stands, unchecked and perhaps cut off; valid until the
        /// call returns.</param>
        /// <param name="bytes">Of the packet, without its first 2 to 5.</param>
        void Discarded(Bridge bridge, byte[] topic, int offset, int length, int bytes);
        /// <summary>Messages for the upstream were dropped since the last call: the spool was full, or QoS 0 while
        /// there was no connection. Comes at most every ten seconds.</summary>
        void Dropped(Bridge bridge, int messages);
    }
}
