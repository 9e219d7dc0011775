namespace System.Net.Security
{
    /// <summary>nanoFramework's own; there is none in .NET.</summary>
    public enum SslVerification
    {
        NoVerification = 1,
        CertificateRequired = 4,
    }
}
