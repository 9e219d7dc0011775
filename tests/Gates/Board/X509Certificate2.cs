namespace System.Security.Cryptography.X509Certificates
{
    /// <summary>A certificate with its key.</summary>
    public class X509Certificate2 : X509Certificate
    {
        public X509Certificate2(string rawData, string key, string password)
            : base(rawData + "+" + key + (password == null ? "" : "+" + password))
        {
        }
    }
}
