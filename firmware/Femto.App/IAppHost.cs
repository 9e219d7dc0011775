namespace Femto.Mqtt
{
    /// <summary>What the app asks of the board, or of the PC, that it runs on. Called from the broker's thread.
    /// </summary>
    public interface IAppHost
    {
        /// <summary>Starts the board again. The app has said goodbye and what it published has left, or it has waited
        /// long enough.</summary>
        /// <param name="reason">A constant of <see cref="BootReason"/>, to be told to the next app.</param>
        void Restart(int reason);

        /// <summary>Keeps the black box for the next boot. Seldom: an event, and then at most once a minute.</summary>
        /// <param name="data">Not to be held.</param>
        /// <param name="length">Bytes of it.</param>
        void Keep(byte[] data, int length);

        /// <summary>Reads what was kept last. Called once, from the constructor.</summary>
        /// <returns>Bytes; 0: none. What is longer than the buffer is cut.</returns>
        int Kept(byte[] buffer);
    }
}
