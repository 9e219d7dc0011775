using System;

namespace Femto.Mqtt
{
    /// <summary>What happens to listeners, for a person to read. Called on the broker's thread.</summary>
    public interface IServerLog
    {
        /// <summary>A listener is open, for the first time or again.</summary>
        void Listening(int listener);
        /// <summary>A listener could not be opened, or was lost. It is tried again by itself.</summary>
        /// <param name="listener">Its index.</param>
        /// <param name="why">What the network stack said.</param>
        /// <param name="retryMs">Milliseconds until the next try.</param>
        void NotListening(int listener, Exception why, int retryMs);
    }
}
