using System;
using System.IO;
using System.Text;
using Femto.Mqtt;

namespace Femto.Firmware
{
    /// <summary>Certificates and keys of the bridges: PEM files that flash.ps1 leaves on the internal drive.</summary>
    public sealed class CertificateFiles : ICertificateFiles
    {
        private const string Drive = "I:\\";

        /// <inheritdoc/>
        public string Text(string name)
        {
            string path = PathOf(name);
            if (!File.Exists(path)) throw new ArgumentException("no file " + path);
            byte[] text = File.ReadAllBytes(path);
            return Encoding.UTF8.GetString(text, 0, text.Length);
        }

        // bridge_cafile names a file of the drive, with or without the drive's letter.
        private static string PathOf(string name)
        {
            return name.Length > 1 && name[1] == ':' ? name : Drive + name;
        }
    }
}
