namespace System.Net.Sockets
{
    /// <summary>nanoFramework's: its code is a SocketError, where .NET's is the operating system's.</summary>
    internal class SocketException : Exception
    {
        private readonly SocketError error;

        public SocketException(SocketError error)
        {
            this.error = error;
        }

        public int ErrorCode => (int)error;
    }
}
