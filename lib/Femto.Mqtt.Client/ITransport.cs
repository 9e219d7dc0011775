namespace Femto.Mqtt
{
    /// <summary>One outgoing byte stream at a time. No call blocks.</summary>
    public interface ITransport
    {
        /// <summary>Begins to connect; a failure shows in <see cref="State"/>.</summary>
        void Open(TransportOptions options);
        /// <summary>A constant of <see cref="TransportState"/>.</summary>
        int State();
        /// <summary>Reads what is there.</summary>
        /// <returns>Bytes; 0: none now; -1: the connection is gone.</returns>
        int Receive(byte[] buffer, int offset, int count);
        /// <summary>Writes what goes.</summary>
        /// <returns>Bytes taken; 0: none now; -1: the connection is gone.</returns>
        int Send(byte[] buffer, int offset, int count);
        /// <summary>Ends the connection, or the attempt. No effect when there is none.</summary>
        void Close();
        /// <summary>Why the last attempt or connection failed; null when it did not.</summary>
        string Error { get; }
    }
}
