namespace System.Security.Cryptography.X509Certificates
{
    /// <summary>nanoFramework's takes the text of a PEM file, .NET's the name of one.</summary>
    public class X509Certificate
    {
        internal readonly string Text;

        public X509Certificate(string certificate)
        {
            Text = certificate;
        }
    }
}
