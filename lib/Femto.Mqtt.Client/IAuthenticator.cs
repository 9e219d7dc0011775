namespace Femto.Mqtt
{
    /// <summary>The client's side of an AUTH exchange (section 4.12), of a method as
    /// <see cref="ClientOptions.AuthMethod"/> names it.</summary>
    public interface IAuthenticator
    {
        /// <summary>A step. On the client's thread.</summary>
        /// <param name="reason">0x18: the server goes on; 0: the server is content.</param>
        /// <param name="data">The server's data; valid until the call returns.</param>
        /// <param name="reply">Filled for 0x18: the data to answer with.</param>
        /// <returns>0 to go on; a reason code of 0x80 and above ends the connection.</returns>
        int Auth(MqttClient client, int reason, byte[] data, int offset, int length, AuthReply reply);
    }
}
