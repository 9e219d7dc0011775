namespace System.Net.Security
{
    /// <summary>nanoFramework's own numbers.</summary>
    [Flags]
    public enum SslProtocols
    {
        Tls12 = 3072,
        Tls13 = 12288,
    }
}
