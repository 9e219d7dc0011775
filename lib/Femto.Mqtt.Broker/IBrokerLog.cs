namespace Femto.Mqtt
{
    /// <summary>
    /// What happens to connections, for a person to read. Called on the broker's thread; must not block and must
    /// not call the broker, but for <see cref="Broker.ClientIdOf"/> and <see cref="Broker.PeerOf"/>.
    /// </summary>
    public interface IBrokerLog
    {
        /// <summary>CONNACK with success was sent.</summary>
        void Connected(int connection);

        /// <summary>A connected client is gone.</summary>
        /// <param name="connection">Its index.</param>
        /// <param name="reason">MQTT 5 reason code: of the client's DISCONNECT or of the broker's.</param>
        /// <param name="cause">A constant of <see cref="DisconnectCause"/>.</param>
        void Disconnected(int connection, int reason, int cause);

        /// <summary>A connection was not accepted.</summary>
        /// <param name="connection">Its index; -1 when the table of connections was full.</param>
        /// <param name="reason">MQTT 5 reason code.</param>
        void Refused(int connection, int reason);
    }
}
