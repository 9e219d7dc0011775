namespace Femto.Mqtt
{
    /// <summary>What a client tells beside messages, on its thread. No call may throw or block.</summary>
    public interface IClientEvents
    {
        /// <summary>The connection's state has changed.</summary>
        /// <param name="state">A constant of <see cref="ClientState"/>: Connecting, Connected, Offline.</param>
        /// <param name="reason">Offline: the server's reason code, a <see cref="Fault"/>, or 0 after Close;
        /// <see cref="MqttClient.Error"/> may say more. Connected: 1 when the server has kept the session.</param>
        void Changed(MqttClient client, int state, int reason);

        /// <summary>A subscription was answered.</summary>
        /// <param name="subscription">What Subscribe returned.</param>
        /// <param name="reason">The QoS granted, or a reason code of 0x80 and above.</param>
        void Subscribed(MqttClient client, int subscription, int reason);

        /// <summary>A message of a 3.1.1 server was larger than <see cref="ClientLimits.PacketBytes"/>: acknowledged,
        /// its content let go.</summary>
        /// <param name="topic">Where its topic name stands, as in <see cref="IClientSink.Discarded"/>.</param>
        /// <param name="bytes">Of the packet, without its first 2 to 5.</param>
        void Discarded(MqttClient client, byte[] topic, int offset, int length, int bytes);

        /// <summary>An own message is done.</summary>
        /// <param name="message"><see cref="MqttClient.LastMessage"/> as it was after Publish.</param>
        /// <param name="reason">0, or why the server or the client refused it.</param>
        void Published(MqttClient client, int message, int reason);
    }
}
