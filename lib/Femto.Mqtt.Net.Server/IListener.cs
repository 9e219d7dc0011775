namespace Femto.Mqtt
{
    /// <summary>A place where connections are accepted. Open and Accept throw when they fail.</summary>
    public interface IListener
    {
        /// <summary>Begins to listen. Called again after a failure, once it is closed.</summary>
        void Open();
        /// <summary>The next connection, without waiting for one.</summary>
        /// <param name="peer">Gets the peer's address as text.</param>
        /// <param name="peerLength">Its bytes; 0: not known.</param>
        /// <returns>Null: nobody waits.</returns>
        IByteStream Accept(byte[] peer, out int peerLength);
        /// <summary>Listens no more. Does not throw; no effect when it is closed.</summary>
        void Close();
    }
}
