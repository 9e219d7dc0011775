namespace Femto.Mqtt
{
    /// <summary>
    /// Makes connections: the place where TLS comes in. On the board SslStream differs from .NET's, so its opener is
    /// one class that only the board compiles.
    /// </summary>
    public interface IStreamOpener
    {
        /// <summary>Connects, and blocks while it does. Called on a thread of its own.</summary>
        /// <exception cref="System.Exception">It failed; the message says why.</exception>
        IByteStream Open(TransportOptions options);
        /// <summary>Ends an Open that is under way, from another thread. No effect when there is none.</summary>
        void Abort();
    }
}
