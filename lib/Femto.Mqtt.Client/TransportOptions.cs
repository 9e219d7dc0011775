namespace Femto.Mqtt
{
    /// <summary>Where a transport connects to, and how.</summary>
    public sealed class TransportOptions
    {
        /// <summary>Name or address.</summary>
        public string Host;
        public int Port = 1883;
        /// <summary>TLS 1.2 or 1.3.</summary>
        public bool Tls;
        /// <summary>Certificates (PEM) that the server's must descend from; null: those the system trusts.</summary>
        public string CaFile;
        /// <summary>The client's own certificate (PEM) for mutual TLS; null: none.</summary>
        public string CertFile;
        /// <summary>Its key (PEM).</summary>
        public string KeyFile;
        /// <summary>The name the server's certificate must have; null: <see cref="Host"/>.</summary>
        public string ServerName;
        /// <summary>The name in the server's certificate is not compared. For tests.</summary>
        public bool Insecure;
        /// <summary>Milliseconds an attempt may take, name, TCP and TLS together.</summary>
        public int ConnectMs = 10000;
    }
}
