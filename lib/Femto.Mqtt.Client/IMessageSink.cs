namespace Femto.Mqtt
{
    /// <summary>Takes the messages of a subscription.</summary>
    public interface IMessageSink
    {
        /// <summary>
        /// A message. Called on the client's thread, one at a time; it may publish, subscribe and close, and must not
        /// throw. While it runs, other threads that call the client wait.
        /// </summary>
        /// <param name="m">Valid until the call returns: copy what is to be kept.</param>
        /// <returns>The reason code for the acknowledgement, 0 for well; or
        /// <see cref="ClientSession.Hold"/>: the message is offered again soon, and none that follows it is taken
        /// meanwhile.</returns>
        int Message(MqttClient client, ClientMessage m);
    }
}
