namespace Femto.Mqtt
{
    /// <summary>Authentication data to send to the peer: set by the hook that was asked, before it returns.</summary>
    public sealed class AuthReply
    {
        /// <summary>The hook's buffer; null for no data. Read before the hook is called again.</summary>
        public byte[] Buffer;
        /// <summary>Where the data begins.</summary>
        public int Offset;
        /// <summary>Bytes of data, 0 to 65,535.</summary>
        public int Length;
    }
}
